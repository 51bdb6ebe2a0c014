"""What counts as a contribution: in several languages and scripts, and never its length."""

from __future__ import annotations

import time
from html import escape
from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core import text
from broadsheet.discussion import marks, merit, quotations
from broadsheet.discussion.actions import edit_comment, post_comment
from broadsheet.discussion.counts import weigh_anew
from broadsheet.discussion.merit import Part
from broadsheet.discussion.models import Comment

SOURCES = [
    "The report is at https://council.example/report.pdf, page 61.",
    "[The report](https://council.example/report) says otherwise.",
]
NO_SOURCES = [
    "Write to me@example.org.",
    "See [our own page](http://testserver/stories/1/x/).",
    "> See https://council.example/report\n\nI agree.",
    "> > https://a.example\n>\n> https://b.example\n\nHm.",
    "http://[broken",
]
FIGURES = [
    "It rose by 12 percent.",
    "It rose by 12,5 %.",
    "Um 12,5 Prozent.",
    "Es waren 1.250 Euro.",
    "Cela fait 12 500 euros.",
    "It cost $11,500.",
    "It cost EUR 40.",
    "It cost 3 million.",
    "I counted 9 of 61.",
    "He was here in 1987.",
    "На 12 процентов.",
    "Это 5 000 рублей.",
    "Це 40 грн за тонну.",
    "費用は300円です。",
    "500メートルの橋です。",
    "２０２４年に建った。",
    "人口は3万人です。",
    "ارتفع بنسبة ١٢٪",
    "كلف ٥٠٠ دولار.",
    "The pipe is 40 cm wide.",
    "Es sind 5 km bis dorthin.",
    "It was -3°C.",
    "There are 12,500 of them.",
]
NO_FIGURES = [
    "I was there and it is not quite how it went.",
    "We waited 20 minutes.",
    "I have lived here for 30 years.",
    "Page 61, if anybody is looking.",
    "Both of the 2 are wrong.",
    "See https://council.example/2024/05/report-12%25.pdf",
    "> It rose by 12 percent.\n\nDid it?",
    "The number 3 bus is late.",
    "5 months ago.",
    "",
]


EXPERIENCE = [
    "When I worked at the waterworks, that gauge was read by hand.",
    "As a nurse, I see it every day.",
    "My daughter waited nine hours at that clinic last winter.",
]
NO_EXPERIENCE = [
    "> When I worked at the waterworks, that gauge was read by hand.\n\nReally?",
    "She wrote “When I worked at the waterworks, that gauge was read by hand”.",
    "I think it is a shame.",
    "I went. " * 30,
]
REASONS = [
    "I think the toll is wrong, because those who drive to work at night have no bus. They would pay the most. "
    "The rest of us would pay nothing, since the line ends at eight.",
]
NO_REASONS = [
    "Because.",
    "It is wrong because it is wrong. " * 20,
    "> " + REASONS[0] + "\n\nNo.",
    "This is a long comment about nothing in particular. It goes on for a while. It says that the day was fine and "
    "that the river was high. There were boats on it and ducks beside them. It was a Tuesday with some wind.",
]


def said(body, language="en"):
    return merit.said(text.comment_html(body), language)


@pytest.mark.parametrize("body", SOURCES)
def test_a_link_to_somewhere_else_is_a_source_in_any_language(body):
    assert Part.SOURCE in said(body, "ja")


def test_a_source_named_with_what_it_says_is_one_too_and_a_turn_of_phrase_is_none():
    assert Part.SOURCE in said("According to the auditor, the bridge cost 12,500 dollars more than planned.")
    assert Part.SOURCE not in said("According to the sign, dogs are welcome.")


@pytest.mark.parametrize("body", EXPERIENCE)
def test_who_tells_what_they_lived_through_speaks_from_experience(body):
    assert said(body) == Part.EXPERIENCE


@pytest.mark.parametrize("body", NO_EXPERIENCE)
def test_what_somebody_else_lived_through_and_what_is_only_thought_is_no_experience(body):
    assert Part.EXPERIENCE not in said(body)


@pytest.mark.parametrize("body", REASONS)
def test_who_argues_gives_reasons(body):
    assert said(body) == Part.REASONS


@pytest.mark.parametrize("body", NO_REASONS)
def test_a_small_word_a_quotation_and_length_are_no_reasons(body):
    assert Part.REASONS not in said(body)


@pytest.mark.parametrize(
    "body", [*SOURCES, *FIGURES, *EXPERIENCE, *REASONS, "I went there.", "It is so because it is."]
)
def test_saying_it_twenty_times_is_worth_no_more(body):
    assert said(f"{body}\n\n" * 20) == said(body)


def test_english_phrases_are_looked_for_in_english_and_in_what_is_too_short_to_tell():
    assert said(EXPERIENCE[0], "") == Part.EXPERIENCE
    assert said(EXPERIENCE[0], "de") == Part(0)


@pytest.mark.parametrize("body", NO_SOURCES)
def test_an_address_of_a_person_our_own_page_and_what_others_cited_are_no_source(body):
    assert Part.SOURCE not in said(body)


@pytest.mark.parametrize("body", FIGURES)
def test_amounts_shares_measures_and_years_are_figures_in_any_script(body):
    assert Part.FIGURES in said(body, "ja")


@pytest.mark.parametrize("body", NO_FIGURES)
def test_a_time_a_page_an_address_and_a_quoted_number_are_no_figures(body):
    assert Part.FIGURES not in said(body)


PIECES = [
    "1,111",
    "I was",
    "if",
    "www.a",
    "a@",
    "@",
    "according to",
    "my family",
    "9",
    "when I",
    "not a;",
    "“a",
    '"a',
    "> q\n",
]


@pytest.mark.parametrize(
    "body", ["1" * 50_000, "1 " * 25_000, "1," * 25_000, "$" * 50_000, "1 111 " * 8000, "9 of " * 9000]
)
def test_no_words_make_the_detectors_slow(body):
    began = time.thread_time()
    marks.gives_figures(marks.without_addresses(body))
    marks.cites_source(quotations.own_words("<blockquote>" * 5000 + body))
    assert time.thread_time() - began < 0.5


@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=4))
@settings(max_examples=12)
def test_a_hundred_kilobytes_of_anything_take_no_longer_than_a_hundred_kilobytes(pieces):
    piece = " ".join(pieces)
    html = f"<p>{escape(piece * (100_000 // len(piece)))}</p>"
    began = time.thread_time()
    merit.said.__wrapped__(html, "en")
    assert time.thread_time() - began < 2


def test_a_comment_of_seventy_words_is_read_in_about_half_a_millisecond():
    html = text.comment_html(" ".join((REASONS[0] + EXPERIENCE[0] + FIGURES[0] + SOURCES[0]).split() * 2)[:420])
    merit.said.__wrapped__(html, "en")
    took = []
    for _ in range(20):
        began = time.thread_time()
        merit.said.__wrapped__(html, "en")
        took.append(time.thread_time() - began)
    assert min(took) < 0.003  # on a machine that does other things too


def row(**facts):
    return Comment(**{"status": "published", "html": "<p>Hello.</p>", **facts})


def test_each_part_outweighs_all_below_it_and_length_counts_for_nothing():
    picked, voice = (
        row(picked_at="now"),
        row(badge="expert", answered=True, html=text.comment_html(FIGURES[0] + " " + SOURCES[0])),
    )
    assert merit.merit_of(picked) > merit.merit_of(voice)
    assert merit.merit_of(row(badge="staff")) > merit.merit_of(row(answered=True, html=voice.html))
    assert merit.merit_of(row(html="<p>" + "Well. " * 800 + "</p>")) == merit.merit_of(row()) == 0
    assert merit.merit_of(row(badge="new")) == merit.merit_of(row(badge="guest")) == 0


def test_what_readers_cannot_see_has_no_merit_and_no_reasons():
    for status in ("pending", "rejected", "withdrawn"):
        hidden = row(status=status, picked_at="now", badge="author", merit=96)
        assert merit.merit_of(hidden) == 0
        assert merit.reasons(hidden) == []


def test_readers_are_told_what_made_the_order():
    comment = row(badge="author", picked_at="now", answered=True, html=text.comment_html(FIGURES[0] + " " + SOURCES[0]))
    comment.merit = merit.merit_of(comment)
    assert merit.reasons(comment) == [
        "picked by an editor",
        "by the story's author",
        "answered by an expert or the author",
        "cites a source",
        "gives figures",
    ]
    comment.html = text.comment_html(REASONS[0] + " " + EXPERIENCE[0])
    comment.merit = merit.merit_of(comment)
    assert merit.reasons(comment)[3:] == ["speaks from experience", "gives reasons"]
    assert merit.reasons(row(merit=merit.Part.FIGURES)) == ["gives figures"]
    assert merit.reasons(row(merit=merit.Part.VOICE, badge="staff")) == ["by the newsroom"]


def test_a_page_of_figures_costs_what_a_page_of_words_does():
    """Twice the words took four times as long: fifteen seconds for the longest comment that is imported."""
    began = time.thread_time()
    assert not marks.gives_figures("1 " + "000 " * 12_000)
    assert time.thread_time() - began < 3


@pytest.mark.django_db
def test_what_was_stored_keeps_its_order_when_there_is_room_for_more_parts(thread, make_comment):
    """The five parts of before stood two places lower."""
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).update(merit=0b10011)  # picked, source, figures
    make_room = import_module("broadsheet.discussion.migrations.0011_more_merit")
    make_room.make_room(apps, None)
    comment.refresh_from_db()
    assert Part(comment.merit) == Part.PICKED | Part.SOURCE | Part.FIGURES
    make_room.take_room(apps, None)
    comment.refresh_from_db()
    assert comment.merit == 0b10011
    assert weigh_anew(thread.pk) == 1
    comment.refresh_from_db()
    assert comment.merit == merit.merit_of(comment)


@pytest.mark.django_db
def test_a_comment_is_weighed_anew_by_its_words_when_they_change(thread, reader):
    comment = post_comment(author=reader, thread=thread, body=EXPERIENCE[0])
    assert Part(comment.merit) == Part.EXPERIENCE
    comment = edit_comment(author=reader, comment=comment, body="Never mind.")
    assert comment.merit == 0
