from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.wire.pages.credits_text import Credited
from broadsheet.wire.pages.discussion_text import PageComment
from broadsheet.wire.pages.moments import ZONE_HOURS
from broadsheet.wire.pages.page_text import MOST_BYTES, PageText, Part, UnreadablePage, read
from broadsheet.wire.tests.write_page import ROLES, write

FERRY = (Path(__file__).parent / "pages" / "ferry.txt").read_bytes()


@pytest.fixture(scope="module")
def ferry():
    return read(FERRY)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_the_top_of_the_page_gives_headline_place_and_exact_moment(ferry):
    assert ferry.headline == "Portmere's night ferry to sail again after three winters"
    assert (ferry.place, ferry.moment) == ("PORTMERE, Maine", utc(2012, 3, 7, 23, 40))
    assert ferry.agency == "Coastal Press"


def test_the_pictures_facts_are_kept_without_the_picture(ferry):
    assert ferry.caption.endswith("in Portmere March 6, 2012.")
    assert (ferry.creator, ferry.picture_credit) == ("Dana Whitlock", "Coastal Press/Dana Whitlock")
    assert ferry.topics == ("Ferries", "Island schools")


def test_the_body_keeps_paragraphs_quotations_and_subheads(ferry):
    assert [part.kind for part in ferry.body] == ["paragraph"] * 3 + ["subhead"] + ["paragraph"] * 3
    assert ferry.body[0].text.startswith("The night ferry between")
    assert ferry.body[2].text.endswith('"I have counted."')
    assert ferry.body[6].text.endswith("($1 = 0.76 euros).")


def test_everybody_is_credited_in_their_role(ferry):
    assert ferry.credits == (
        Credited("reporting", "Lena Aldous"),
        Credited("reporting", "Tom Birk"),
        Credited("additional", "Sue Ray"),
        Credited("writing", "Lena Aldous"),
        Credited("editing", "Per Nash"),
    )


def test_comments_keep_their_names_and_their_moments_across_the_change_of_the_clock(ferry):
    assert [(comment.author_name, comment.written_at) for comment in ferry.comments] == [
        ("islander_9", utc(2012, 3, 8, 0, 2)),
        ("Harbour Watch", utc(2012, 3, 8, 4, 58)),
        ("P. Nielsen", utc(2012, 3, 11, 6, 30)),
        ("quiet1", utc(2012, 3, 12, 13, 0)),
    ]
    assert (ferry.claimed, ferry.closed) == (5, True)


def test_a_comment_may_say_wrote_and_may_quote_another_with_its_moment(ferry):
    assert "My mother wrote:\nthat on the wall" in ferry.comments[0].words
    assert ferry.comments[2].words.startswith("> Two boats")
    assert ferry.comments[2].words.endswith("mail boat in 1961.")
    assert ferry.comments[3].words == ""


def test_every_line_that_has_no_place_is_told_with_its_number(ferry):
    told = [(remark.line, remark.text) for remark in ferry.unplaced]
    assert told[-1] == (len(FERRY.decode().splitlines()), "The wharf at dawn")
    assert any("in Portmere" in remark.why for remark in ferry.unplaced)
    assert {"Comments (5)", "Related Topics", "Full focus"} <= {remark.text for remark in ferry.furniture}


def test_line_endings_and_marks_of_other_systems_change_nothing(ferry):
    assert read(FERRY.replace(b"\n", b"\r\n")) == ferry
    assert read(b"\xef\xbb\xbf" + FERRY) == ferry
    assert read(FERRY.decode().encode("utf-16")) == ferry
    older = read(FERRY.decode().encode("cp1252"))
    assert older == ferry
    assert "CP1252" in older.encoding


def test_something_foreign_between_two_comments_joins_neither():
    page = read(FERRY.replace(b"Harbour Watch wrote:", b"Advertisement\nHarbour Watch wrote:"))
    assert [comment.author_name for comment in page.comments] == ["islander_9", "Harbour Watch", "P. Nielsen", "quiet1"]
    assert "Advertisement" in [remark.text for remark in page.unplaced]


def test_a_page_without_a_discussion_is_still_a_story():
    page = read(FERRY[: FERRY.index(b"We welcome")])
    assert (page.comments, page.claimed, page.closed) == ((), None, False)
    assert len(page.body) == 7


def test_a_page_without_agency_picture_or_topics_is_still_a_story():
    page = read(b"A headline\n\nOSLO Sat Feb 8, 2014 1:05pm GMT\n\nThe first paragraph.\n\nThe second.\n")
    assert [part.text for part in page.body] == ["The first paragraph.", "The second."]
    assert page.moment == utc(2014, 2, 8, 13, 5)


def test_an_open_discussion_and_none_at_all():
    text = FERRY[: FERRY.index(b"Comments (5)")] + b"Comments (0)\n"
    page = read(text)
    assert (page.claimed, page.comments, page.closed) == (0, (), False)


@pytest.mark.parametrize(
    ("letters", "hour"), [("EST", 18), ("EDT", 17), ("PST", 21), ("GMT", 13), ("BST", 12), ("UTC+5:30", 7), ("CET", 12)]
)
def test_zone_letters_are_exact(letters, hour):
    page = read(f"A headline\nOSLO Sat Feb 8, 2014 1:05pm {letters}\n\nWords follow here.\n".encode())
    assert page.moment.hour == hour


def test_letters_of_several_countries_are_taken_only_where_the_newsroom_uses_them():
    text = b"A headline\nPUNE Sat Feb 8, 2014 1:05pm IST\n\nWords follow here.\n"
    with pytest.raises(UnreadablePage, match="IST"):
        read(text)
    assert read(text, ZoneInfo("Asia/Kolkata")).moment == utc(2014, 2, 8, 7, 35)


def test_a_comment_of_an_unknown_zone_is_told_and_not_guessed():
    page = read(FERRY.replace(b"11:58pm EST", b"11:58pm QZT"))
    assert len(page.comments) == 3
    assert any("QZT" in remark.why for remark in page.unplaced)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\r\n\t",
        b"\x00" * 400,
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n" + bytes(range(200, 256)) * 9,
        b"<!DOCTYPE html><title>x</title><p>SOCHI Sat Feb 8, 2014 1:05pm EST</p>",
        b"It was a dark and stormy night; the rain fell in torrents.\n\nExcept at occasional intervals.\n",
        b"A headline\n\nOSLO Sat Feb 31, 2014 1:05pm GMT\n\nWords.\n",
        b"A headline\n\nOSLO Sat Feb 8, 2014 13:05pm GMT\n\nWords.\n",
        b"A headline\n\nOSLO Sat Feb 8, 0000 1:05pm GMT\n\nWords.\n",
        b"A headline\n\nOSLO Sat Feb 8, 2014 1:05pm GMT\n",
        b"A headline\n\nSat Feb 8, 2014 1:05pm GMT\n\nWords without a place.\n",
        b"x" * 300 + b"\n\nOSLO Sat Feb 8, 2014 1:05pm GMT\n\nWords.\n",
        b"%PDF-1.7\n" + FERRY,
        b"\xff\xfe\x00",
        b"x" * (MOST_BYTES + 1),
        b"a, " * 1_500_000,
    ],
)
def test_what_is_no_page_is_refused_with_a_sentence(data):
    with pytest.raises(UnreadablePage) as refusal:
        read(data)
    assert str(refusal.value).endswith(".")


@settings(max_examples=200)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_at_all_break_the_reader(data):
    try:
        read(data)
    except UnreadablePage as refusal:
        assert str(refusal)


@settings(max_examples=100)
@given(st.lists(st.sampled_from(FERRY.decode().splitlines()), max_size=60))
def test_the_lines_of_a_page_in_any_order_break_nothing_and_none_is_lost(lines):
    try:
        page = read("\n".join(lines).encode())
    except UnreadablePage:
        return
    assert len(page.comments) <= sum(line.endswith("Report as abuse") for line in lines)


# --- read(write(page)) == page ---------------------------------------------------------------------------------------

LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyzßéøåñ0123456789_.-'’абвгд日本語نسيم")
WORD = st.text(LETTERS, min_size=1, max_size=9)
PROSE = st.lists(WORD, min_size=1, max_size=12).map(lambda words: f"the {' '.join(words)}.")
NAME = st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=3).map(" ".join)
PERSON = st.from_regex(r"[A-Z][a-z]{1,8} [A-Z][a-z]{1,8}", fullmatch=True)
PLACE = st.from_regex(r"[A-Z]{3,12}(, [A-Z][a-z]{2,9})?", fullmatch=True)
MOMENT = st.integers(0, 60 * 24 * 366 * 110).map(
    lambda minutes: datetime(1971, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
LINE = PROSE | NAME.map(lambda name: f"{name} wrote:") | st.just("") | st.text(LETTERS, max_size=20)
WORDS = st.lists(LINE, max_size=6).map(lambda lines: "\n".join(line.strip() for line in lines).strip())
PICTURE = st.tuples(PROSE, PERSON).map(
    lambda facts: {"caption": facts[0], "creator": facts[1], "picture_credit": f"Coastal Press/{facts[1]}"}
)


@st.composite
def pages(draw):
    picture = draw(PICTURE | st.just({}))
    agency = draw(st.just("Coastal Press") | PERSON) if picture else draw(st.sampled_from(["", "Coastal Press"]))
    body = [Part("paragraph", text) for text in draw(st.lists(PROSE, min_size=1, max_size=5))]
    if len(body) > 2:
        body[1] = Part("subhead", draw(st.from_regex(r"[A-Z]{2,9}( [A-Z]{2,9}){0,3}", fullmatch=True)))
    return PageText(
        headline=draw(PROSE).removesuffix("."),
        place=draw(PLACE),
        moment=draw(MOMENT),
        agency=agency,
        topics=tuple(draw(st.lists(PERSON, max_size=3, unique=True))),
        body=tuple(body),
        credits=tuple(
            draw(st.lists(st.builds(Credited, st.sampled_from(list(ROLES)), PERSON), max_size=4, unique=True))
        ),
        comments=tuple(draw(st.lists(st.builds(PageComment, NAME, WORDS, MOMENT), max_size=5))),
        claimed=draw(st.none() | st.integers(0, 10**6)),
        closed=draw(st.booleans()),
        **picture,
    )


@settings(max_examples=300)
@given(pages(), st.sampled_from(sorted(ZONE_HOURS)))
def test_what_is_written_as_a_page_is_read_as_it_was(page, zone):
    assert read(write(page, zone)) == page


def test_a_long_page_is_read_in_a_moment():
    comment = PageComment("somebody", "words\n\nBob wrote:\nmore words", utc(2014, 2, 8, 1, 5))
    page = PageText("A headline", "OSLO", utc(2014, 2, 8, 1, 0), body=(Part("paragraph", "One."),))
    page = replace(
        page,
        claimed=5000,
        comments=tuple(replace(comment, written_at=comment.written_at + timedelta(minutes=n)) for n in range(5000)),
    )
    assert read(write(page)) == page
