"""Whatever is kept of a change has words in the audit log: those of the form where it is set.

The walk goes through every call of `changes.record`: a new one, or a new part of an old one, cannot be forgotten.
"""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.functional import Promise

import broadsheet
from broadsheet.core import clock
from broadsheet.intake import actions as intake
from broadsheet.intake.facts import facts_of as rule_facts
from broadsheet.intake.kinds import KINDS
from broadsheet.intake.listings import read_lines
from broadsheet.intake.models import Listing, Rule
from broadsheet.legal import desk_views, holds
from broadsheet.legal.models import Hold, Order
from broadsheet.moderation import canned, changes, hours, narrowing, saved
from broadsheet.moderation.models import Canned
from broadsheet.moderation.overview import audit, parts
from broadsheet.scores import actions as scores
from broadsheet.scores.backends import actions as backends
from broadsheet.scores.backends.models import Backend
from broadsheet.scores.models import Use
from broadsheet.stories.models import Section
from broadsheet.webhooks import actions as webhooks
from broadsheet.webhooks.models import Endpoint

pytestmark = pytest.mark.django_db

# What is kept as one value has no parts; settings are named as they stand in the file.
WHOLE = {"settings", "order of rules", "dry run", "held in hindsight", "scope", "learned", "misread"}
# What the record has of the others, as the function that makes it gives it.
FACTS = {
    "rule": lambda: rule_facts(Rule(kind="links")),
    "list": lambda: intake._listing_facts(Listing()) | intake._difference(["a"], ["b"]),
    "scores": lambda: scores.facts_of(Use()),
    "scorer": lambda: backends.facts_of(Backend()),
    "webhook": lambda: webhooks._facts(Endpoint()),
    "schedule": lambda: hours._facts(hours.Hours()),
    "canned text": lambda: canned._facts(Canned()),
    "saved view": lambda: dict.fromkeys({*narrowing.NAMES} - {"mine"}),
    "legal hold": lambda: holds.facts(Hold(expires_at=clock.now())),
    "order": lambda: desk_views._order_facts(Order()),
    "seal opened": dict,
    "trusted flagger": dict,
    "reader page": dict,
}


def calls():
    """(where, code, names written out in the call) of every change that is recorded."""
    root = Path(broadsheet.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("changes.record"):
                given = {each.arg: each.value for each in node.keywords}
                sides = [given.get(side) for side in ("before", "after")]
                names = {key.value for side in sides if isinstance(side, ast.Dict) for key in side.keys if key}
                yield f"{path.relative_to(root)}:{node.lineno}", ast.literal_eval(given["what"]), names


@pytest.mark.any_database
def test_every_part_of_every_change_that_is_kept_has_words():
    found = list(calls())
    assert len(found) >= 30 and not FACTS.keys() & WHOLE
    assert {code for _, code, _ in found} == FACTS.keys() | WHOLE == set(audit.WHAT)
    for where, code, written in found:
        facts = FACTS[code]() if code in FACTS else {}
        known = parts.parts_of(code, facts)
        for name in {*facts, *written}:
            assert name in known, f"{where}: give “{name}” of “{code}” words, by the setting AUDIT_PARTS"
            part = known[name]
            assert part.parts is not None or (part.label and part.label != name), (where, name)


def test_every_setting_of_every_kind_of_rule_has_words():
    for kind in KINDS.values():
        known = parts.parts_of("rule", {"kind": kind.key})["settings"].parts
        assert known.keys() == kind.form.base_fields.keys()
        assert all(isinstance(part.label, Promise) for part in known.values())


def told():
    act = audit.page(audit.Asked(kind="changes"))[0][0]
    return {each.name: (each.before, each.after) for each in act.told}


def test_a_rule_is_told_as_its_form_and_its_page_have_it(editor, story):
    listed = intake.save_listing(
        by=editor, listing=None, kind="hosts", name="Shops", read=read_lines("hosts", "a.example")
    )
    assert told()["New entries"] == ("", "1 (a.example)") and told()["What is listed"] == ("", "Servers of links")
    facts = {"kind": "links", "name": "Links", "asks_for": "hold"}
    rule = intake.save_rule(by=editor, rule=None, params={"most": 2, "denied": [listed.pk]}, **facts)
    made = told()
    assert made["Links that are nothing unusual"] == ("", "2") and made["Kind"] == ("", "Links")
    assert made["Servers to which no link is wanted"] == ("", "Shops") and made["State"] == ("", "Off")
    intake.save_rule(by=editor, rule=rule, params={"most": 3}, spares_staff=False, **facts)
    assert told() == {
        "Links that are nothing unusual": ("2", "3"),
        "Servers to which no link is wanted": ("Shops", ""),
        "Lists": ("Shops", ""),
        "Staff and the story's author are left out": ("yes", "no"),
    }
    section = Section.objects.create(name="Harbour", slug="harbour")
    intake.set_switch(by=editor, rule=rule, section=section, is_on=False)
    assert told() == {"Otherwise in places": ("", "Harbour: Off")}
    act = audit.page(audit.Asked(kind="changes"))[0][0]
    ((name, _, after),) = act.changed
    assert name == "switches" and after.startswith('[{"') and '"on": false' in after, "as programs read it"


def test_the_others_are_told_so_too(editor, moderator, thread, client):
    scores.change_use(by=editor, false_alarms=15, spam="on", nudges=True, fixed_spam=0.0004)
    assert told() == {
        "False alarms, in percent of approved comments": ("2", "1.5"),
        "Comments that may be spam": ("On trial", "On"),
        "Ask readers once before they post what has a high score": ("no", "yes"),
        "A threshold of your own for spam, from 0 to 1": ("", "0.0004"),
    }
    facts = {"name": "Desk", "address": "https://a.example/", "with_words": False}
    hook = webhooks.save_endpoint(by=editor, endpoint=None, kinds=["comment.held", "comment.edited"], **facts)
    assert told()["What it is told"] == ("", "A comment is held, A comment is edited by its author")
    webhooks.renew_secret(by=editor, endpoint=hook)
    assert told() == {"A new secret": ("", "yes")}
    sheet = hours.Sheet(holidays=[hours.HolidayRow("2026-12-25", "Christmas", "9:00", "12:00")], away="close")
    sheet.week[0] = [("9:00", "17:30"), ("22:00", "2:00")]
    hours.change_hours(by=editor, section=None, sheet=sheet)
    assert told()["The week"] == ("", "Monday 09:00–17:30 22:00–02:00")
    assert told()["Holidays"] == ("", "2026-12-25 Christmas 09:00–12:00")
    assert told()["While nobody is there"] == ("", "Closed until the desk is back")
    saved.save(moderator=editor, name="Mine", queue="pending", for_everybody=True,
               narrowed=narrowing.Narrowed(section=thread.story.section_id, state="new", asked=True))  # fmt: skip
    assert told() == {"Section": ("", str(thread.story.section)), "Author": ("", "New here"),
                      "Second opinion asked": ("", "yes")}  # fmt: skip
    end = clock.in_newsroom(clock.now() + timedelta(days=9)).replace(hour=0, minute=0, second=0, microsecond=0)
    holds.set_hold(moderator=moderator, thread=thread, why="court", effect="close", expires_at=end)
    last = clock.edition_date(end - timedelta(minutes=1))
    assert told()["Last day"] == ("", last) and told()["Owner, who is reminded"] == ("", "Mona Marsh")
    client.force_login(editor)
    page = client.get("/moderation/audit/").text
    assert "<span>While nobody is there</span>" in page and "[[" not in page and "when_late" not in page


def test_a_setting_and_what_nobody_knows_keep_their_names(client, editor):
    changes.record(by=None, what="settings", before={"legal_tier": "small"}, after={"legal_tier": "large"})
    changes.record(by=editor, what="rule", about="Old", before={"fell_away": [1, True]}, after={"fell_away": []})
    client.force_login(editor)
    page = client.get("/moderation/audit/").text
    assert "<code>legal_tier</code>" in page and "<code>fell_away</code>" in page and "<bdi>1, yes</bdi>" in page
    assert '"changed"' not in client.get("/moderation/audit/sheet/").text
    assert "fell_away: [1, true] → []" in client.get("/moderation/audit/sheet/").text


@pytest.mark.parametrize("value", ["", "once so", 7, 0.5, True, [], ["a", 1], [[[1]]], {"a": [1]}, [{"a": 1}]])
def test_what_was_kept_in_another_shape_once_is_told_as_it_is(value):
    for code in FACTS.keys() - WHOLE:
        facts = {name: value for name in parts.parts_of(code, {"kind": "links"})} | {"kind": "links"}
        for before, after in ((None, facts), (facts, {**dict.fromkeys(facts), "kind": "links"}), (value, facts)):
            assert all(isinstance(words, str) for told in parts.told(code, before, after) for words in told[2:])


def test_words_are_the_newsroom_s_language(editor):
    scores.change_use(by=editor, nudges=True)
    with translation.override("de"):
        ((name, values),) = told().items()
    assert values == ("nein", "ja") and name != "Ask readers once before they post what has a high score"
