"""Every string can be said in every language, and is: catalogues, marks in the code, moments, numbers, directions."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel import Locale
from django.apps import apps
from django.conf import settings as django_settings
from django.db import models
from django.template.base import Lexer, TokenType
from django.utils import translation

from broadsheet.core import clock, language
from broadsheet.core.text import plain
from broadsheet.core.words import spoken
from scripts import translations
from tests.pseudo import CODE, speaking_pseudo, untranslated
from tests.test_leaks import newsroom, values_for  # noqa: F401
from tests.walking import NO_ROW, own_patterns, patterns, visit

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "broadsheet"
LANGUAGES = [code for code, _ in django_settings.LANGUAGES]
TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file() and "demo" not in path.parts)
SCRIPTS = sorted(PACKAGE.rglob("static/**/*.js"))
SOURCES = [
    path for path in PACKAGE.rglob("*.py") if not {"migrations", "tests", "demo"} & set(path.relative_to(PACKAGE).parts)
]


def name_of(path):
    return str(path.relative_to(ROOT))


# --- Catalogues -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strings():
    return translations.gather()


@pytest.mark.parametrize("code", translations.LANGUAGES)
def test_a_catalogue_is_complete_true_and_compiled(code, strings):
    assert list(translations._check_one(code, strings))[:20] == []


def test_every_place_in_a_string_has_a_name(strings):
    assert list(translations.nameless(strings)) == []


def test_there_is_a_catalogue_for_each_language_a_newsroom_may_choose():
    assert set(translations.LANGUAGES) == {code.partition("-")[0] for code in LANGUAGES} - {"en"}


@pytest.mark.parametrize(
    ("msgid", "answers", "fault"),
    [
        ("By %(names)s", ["Von %(names)s"], None),
        ("By %(names)s", [""], "is not translated"),
        ("By %(names)s", ["Von %(name)s"], "places"),
        ("By %(names)s", ["Von"], "places"),
        ("By %(names)s", ["Von %s %(names)s"], "places"),
        ("100 % of it", ["100 % davon"], None),
        ("<b>Keep</b> it", ["<b>Behalten</b>"], None),
        ("<b>Keep</b> it", ["<i>Behalten</i>"], "tags"),
        ('<a href="%(to)s">Go</a>', ['<a href="%(to)s" onclick="x">Los</a>'], "tags"),
        (("%(n)s comment", "%(n)s comments"), ["%(n)s Kommentar", "%(n)s Kommentare"], None),
        (("%(n)s comment", "%(n)s comments"), ["تعليق واحد", "%(n)s تعليقات"], None),
        (("%(n)s of %(all)s", "%(n)s of %(all)s"), ["eins", "%(n)s von %(all)s"], "places"),
        (", ", [","], None),
        ("Show ", ["Zeige"], "white space"),
    ],
)
def test_a_translation_with_a_fault_is_found(msgid, answers, fault):
    said = translations.faults(msgid, answers)
    assert (fault is None and not said) or (fault and fault in said[0])


def test_strings_are_gathered_from_code_templates_and_scripts_words(strings):
    assert ("", "Comment policy") in strings  # {% translate %}
    assert ("", "By %(names)s") in strings  # {% blocktranslate %}
    assert ("", "No story by this name has been published yet.") in strings  # none=_("...") in a tag
    assert ("between credits", "; ") in strings
    assert (
        strings["", '%(shown)s comment<span class="unseen"> on %(headline)s</span>'].msgid[1].startswith("%(shown)s c")
    )
    assert not isinstance(strings["", "%(n)s character left"].msgid, str), "a pair in words.py is a plural"


def test_a_translator_s_answers_come_back_into_the_catalogue(tmp_path, monkeypatch, strings):
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    wanted = translations.todo("pl", strings)
    assert len(wanted) == len(strings)
    marks = {entry["msgid"]: name for name, entry in wanted.items()}
    answers = {
        marks["Comment policy"]: "Zasady komentowania",
        marks["%(number)s day"]: ["%(number)s dzień", "%(number)s dni", "%(number)s dni"],
        marks["By %(names)s"]: "Bez miejsca",
        marks["%(number)s hour"]: ["only one"],
        "nonsense": "x",
    }
    said = translations.fill("pl", answers, strings)
    assert len(said) == 3
    left = translations.todo("pl", strings)
    assert len(left) == len(strings) - 2
    assert wanted[marks["%(number)s day"]]["forms"] == ["1", "2, 3, 4, 22, 23, 24, 32, 33", "0, 5, 6, 7, 8, 9, 10, 11"]
    assert translations.po_path("pl").with_suffix(".mo").exists()
    assert translations.po_bytes(translations.merged("pl", strings)) == translations.po_path("pl").read_bytes()


# --- Marks in the code ------------------------------------------------------------------------------------------------

# What stands in templates as it is, the same in every language.
AS_THEY_ARE = {"https", "example", "org"}  # an address to show what one looks like
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def bare_words(source):
    """Text of a template that no translation tag holds."""
    source = re.sub(r"{% block body_class %}.*?{% endblock %}", "", source, flags=re.DOTALL)
    text, holding, remark = "", False, False
    for token in Lexer(source).tokenize():
        word = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type == TokenType.BLOCK:
            remark = word == "comment" or (remark and word != "endcomment")
            holding = word in {"blocktranslate", "blocktrans"} or (
                holding and word not in {"endblocktranslate", "endblocktrans"}
            )
            text += "⸱"
        elif token.token_type == TokenType.TEXT and not holding and not remark:
            text += token.contents
        elif token.token_type == TokenType.VAR:
            text += "⸱"
    text = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    spoken = re.findall(r"""\b(?:aria-label|title|placeholder|alt)="([^"]*)\"""", text)
    return [found for part in [re.sub(r"<[^>]*>|&\w+;", " ", text), *spoken] for found in _LETTERS.findall(part)]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_says_nothing_outside_its_translation_tags(path):
    found = [word for word in bare_words(path.read_text()) if word not in AS_THEY_ARE]
    assert found == [], "mark it: {% translate %} or {% blocktranslate trimmed %}"


CALLS = {name for name in translations.KEYWORDS if name != "gettext_noop"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_whole_literal_sentences_are_marked(path):
    """What is put together before it is translated is in no catalogue."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in CALLS:
            texts = (
                node.args[:2]
                if "ngettext" in ast.unparse(node.func) or "pgettext" in ast.unparse(node.func)
                else node.args[:1]
            )
            if path.name == "words.py" and path.parent.name == "core":
                continue  # says what others' words.py list
            for text in texts:
                assert isinstance(text, ast.Constant) and isinstance(text.value, str), f"{name_of(path)}:{node.lineno}"


REFUSALS = {"Refused", "Unacceptable", "Stale", "NotFound", "TooSoon", "ValidationError"}
LABELS = {"label", "help_text", "heading", "verbose_name", "verbose_name_plural", "menu_label", "page_title"}
ENGINEERS = {"config", "wire", "management"}  # settings, imports and commands speak English


@pytest.mark.parametrize("path", [path for path in SOURCES if not ENGINEERS & set(path.parts)], ids=name_of)
def test_no_refusal_and_no_label_is_said_in_english_only(path):
    bare = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        said = [pair.value for pair in node.keywords if pair.arg in LABELS]
        if getattr(node.func, "id", getattr(node.func, "attr", "")) in REFUSALS:
            said += node.args[:1]
        bare += [text.lineno for text in said if isinstance(text, ast.JoinedStr)]
        bare += [text.lineno for text in said if isinstance(text, ast.Constant) and " " in str(text.value)]
    assert bare == [], f"{name_of(path)}: mark these lines"


_SAID_BARE = re.compile(
    r"""(?:textContent\s*=|\.title\s*=|\.placeholder\s*=|append\(|alert\(|confirm\(|"""
    r"""setAttribute\(\s*["'](?:aria-label|title|placeholder)["']\s*,)\s*["'`][^"'`]*[A-Za-z]{2,}"""
)


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_scripts_hold_no_words_of_their_own(path):
    assert not _SAID_BARE.search(path.read_text()), "say(...) it, and list it in the app's words.py"


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_says_only_what_its_page_brings_along(path):
    from django.utils.module_loading import import_string

    said = set(re.findall(r"(?<![#.\w])say\(\s*\"([^\"]+)\"", path.read_text()))
    app = path.relative_to(PACKAGE).parts[0]
    if said:
        assert said <= set(import_string(f"broadsheet.{app}.words.WORDS"))


def test_scripts_words_have_a_form_for_each_plural_category():
    for code in LANGUAGES:
        with translation.override(code):
            forms = spoken({"left": ("%(n)s character left", "%(n)s characters left"), "x": "y"})
        rule = Locale.parse(translation.to_locale(code)).plural_form
        assert {rule(number) for number in (0, 1, 2, 3, 5, 11, 21, 100, 1_000_000)} <= set(forms["left"])
        assert forms["x"] == "y"


# --- Every page in a language that shows what was forgotten -----------------------------------------------------------


def typed():
    """What people typed: every text of our own tables that is no choice out of a list."""
    found = {"The Test Courier"}
    for model in apps.get_models():
        if model.__module__.startswith(("broadsheet.", "django.contrib.auth")):
            fields = [
                field.name
                for field in model._meta.concrete_fields
                if isinstance(field, (models.CharField, models.TextField)) and not field.choices
            ]
            for row in model._default_manager.values_list(*fields) if fields else ():
                found |= {plain(part) if "<" in part else part for part in row if isinstance(part, str)}
    return {text for text in found if not re.fullmatch(r"[a-z_]{0,12}", text)}  # no status, no kind


def account_addresses():
    """The account pages that can be asked for without knowing a secret."""
    for route, entry in patterns():
        if route.startswith("accounts/") and not entry.pattern.converters and "(" not in route:
            yield "/" + route


def unsaid_by(answers, direction="ltr"):
    known, unsaid, read, met = typed(), {}, 0, 0
    for address, answer in answers:
        met += 1
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            read += 1
            page = answer.content.decode()
            faults = untranslated(page, known)
            if not says(page, CODE, direction):
                faults.append("its language or its direction")
            for fault in faults:
                unsaid.setdefault(fault, address)
    assert read >= met // 3, "the walk would prove nothing if it never arrived anywhere"
    return unsaid


def says(page, code, direction):
    """Whether a whole page names its language and its direction; a part of one has no place for them."""
    return "<html" not in page or f'<html lang="{code}" dir="{direction}"' in page


def own_pages(client, found):
    """What each address of ours answers, with a few rows of each kind: public and withdrawn stories, comments in every
    state. Then the account pages.
    """
    said, stories = found["said"], found["stories"]
    rows = [
        stories[0],
        stories[-1],
        *(said[name] for name in ("published", "rejected", "pending", "withdrawn comment")),
    ]
    few = {
        "pk and slug": [(stories[0].pk, stories[0].slug), (stories[-1].pk, stories[-1].slug), (NO_ROW, "x")],
        "slug": ["bridges", "una-umber", "town"],
    }
    for route, entry in own_patterns():
        yield from visit(client.get, route, entry, values_for(route, found, rows) | few)
    yield from asked(client, account_addresses())


def asked(client, paths):
    for address in paths:
        yield address, client.get(address)


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "direction"), [(None, "rtl"), ("reader", "ltr"), ("moderator", "rtl"), ("administrator", "ltr")]
)
def test_every_word_on_every_page_comes_from_the_catalogue_or_from_people(
    who,
    direction,
    client,
    newsroom,  # noqa: F811
    request,
    settings,
):
    """And every page says which way it reads: to two of them from right to left."""
    if direction == "rtl":
        settings.LANGUAGES_BIDI = [CODE.partition("-")[0]]
    if who:
        client.force_login(request.getfixturevalue(who))
    with speaking_pseudo():
        unsaid = unsaid_by(own_pages(client, newsroom), direction)
        others = ["/search/?q=The+bridge+stays", "/search/?q=1234", "/no/such/page/"]
        unsaid |= unsaid_by(asked(client, others), direction)
    assert unsaid == {}


# What Wagtail itself says in English whatever the language: its name, and the label of its rows of buttons.
WAGTAIL_S_OWN = ("Wagtail", "aria-label: Actions", "text: True", "text: Home")


@pytest.mark.any_database
@pytest.mark.django_db
def test_the_newsroom_s_own_screens_at_the_desk_speak_its_language(client, newsroom, administrator):  # noqa: F811
    client.force_login(administrator)
    story = newsroom["stories"][0]
    paths = ["/desk/", "/desk/stories/", "/desk/stories/add/", f"/desk/stories/edit/{story.pk}/", "/desk/users/"]
    paths += [f"/desk/{kind}/" for kind in ("topics", "people", "sections", "images")]
    with speaking_pseudo():
        unsaid = unsaid_by(asked(client, paths))
    assert {fault for fault in unsaid if not fault.endswith(WAGTAIL_S_OWN)} == set()


# --- Moments, numbers, lists ------------------------------------------------------------------------------------------

MOMENT = datetime(2014, 2, 8, 18, 5, tzinfo=UTC)
STORY_MOMENTS = {
    "en": "Sat Feb 8, 2014 1:05pm EST",
    "ar": "السبت، 8 فبراير 2014، 1:05 م EST",
    "de": "Sa., 8. Feb. 2014, 13:05 EST",
    "es": "sáb, 8 feb 2014, 13:05 EST",
    "fr": "sam. 8 févr. 2014, 13:05 HNE",
    "it": "sab 8 feb 2014, 13:05 EST",
    "ja": "2014年2月8日(土) 13:05 EST",
    "nl": "za 8 feb 2014, 13:05 EST",
    "pl": "sob., 8 lut 2014, 13:05 EST",
    "pt-pt": "sábado, 8/02/2014, 13:05 EST",
    "ru": "сб, 8 февр. 2014 г., 13:05 EST",
    "uk": "сб, 8 лют. 2014 р., 13:05 EST",
}


@pytest.mark.parametrize(("code", "words"), STORY_MOMENTS.items())
def test_a_dateline_s_moment_is_written_as_the_language_writes_it(code, words):
    with translation.override(code):
        assert clock.story_moment(MOMENT).replace("\u202f", " ").replace("\xa0", " ") == words


def test_a_zone_has_the_letters_its_own_readers_know(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    with translation.override("de"):
        assert clock.comment_moment(MOMENT) == "8. Feb. 2014, 19:05 MEZ"
        assert clock.edition_date(MOMENT) == "Samstag, 8. Februar 2014"
    with translation.override("en"):
        assert clock.comment_moment(MOMENT) == "Feb 08, 2014 7:05pm CET"
        assert clock.edition_date(MOMENT) == "Saturday, February 8, 2014"


@pytest.mark.parametrize(("code", "words"), [("en", "1,234"), ("de", "1.234"), ("fr", "1 234"), ("ar", "1,234")])
def test_numbers_are_grouped_as_the_language_does_with_latin_digits(code, words):
    with translation.override(code):
        assert language.number(1234).replace("\u202f", " ").replace("\xa0", " ") == words


@pytest.mark.parametrize(("code", "words"), [("en", "37%"), ("de", "37 %"), ("fr", "37 %")])
def test_shares_are_written_as_the_language_does(code, words):
    with translation.override(code):
        assert language.percent(37).replace("\u202f", " ").replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("code", "words"), [("en", "A, B and C"), ("de", "A, B und C"), ("ja", "A、B、C"), ("ar", "A وB وC")]
)
def test_names_are_joined_as_the_language_joins_them(code, words):
    with translation.override(code):
        assert language.and_list(["A", "B", "C"]) == words
        assert language.and_list([]) == ""
        assert language.and_list(["A"]) == "A"


def test_what_stands_in_a_list_or_a_sentence_is_escaped_and_braces_do_no_harm():
    assert language.and_list(["<b>", "{0}"]) == "&lt;b&gt; and {0}"
    assert language.with_html("By %(names)s & co", names="<x>") == "By &lt;x&gt; &amp; co"


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (timedelta(days=14), "14 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=5), "5 minutes"),
        (timedelta(minutes=1, seconds=59), "1 minute"),
    ],
)
def test_a_length_of_time_is_told_in_the_largest_unit_that_loses_nothing(period, words):
    assert language.duration(period) == words


# --- Direction --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("static/**/*.css")), ids=name_of)
def test_style_sheets_know_no_left_and_right(path):
    sides = r"(?<![-\w])(?:(?:margin|padding|border)-)?(?:left|right)\s*:"
    physical = sides + r"|(?:text-align|float|clear):\s*(?:left|right)"
    assert re.findall(physical, path.read_text()) == []
