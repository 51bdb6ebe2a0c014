"""What counts as a contribution: in several languages and scripts, and never its length."""

from __future__ import annotations

import time

import pytest

from broadsheet.core import text
from broadsheet.discussion import merit
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


@pytest.mark.parametrize("body", SOURCES)
def test_a_link_to_somewhere_else_is_a_source(body):
    assert merit.cites_source(merit.own_words(text.comment_html(body)))


@pytest.mark.parametrize("body", NO_SOURCES)
def test_an_address_of_a_person_our_own_page_and_what_others_cited_are_no_source(body):
    assert not merit.cites_source(merit.own_words(text.comment_html(body)))


@pytest.mark.parametrize("body", FIGURES)
def test_amounts_shares_measures_and_years_are_figures_in_any_script(body):
    assert merit.gives_figures(merit.own_words(text.comment_html(body)))


@pytest.mark.parametrize("body", NO_FIGURES)
def test_a_time_a_page_an_address_and_a_quoted_number_are_no_figures(body):
    assert not merit.gives_figures(merit.own_words(text.comment_html(body)))


@pytest.mark.parametrize(
    "body", ["1" * 50_000, "1 " * 25_000, "1," * 25_000, "$" * 50_000, "1 111 " * 8000, "9 of " * 9000]
)
def test_no_words_make_the_detectors_slow(body):
    import time

    began = time.perf_counter()
    merit.gives_figures(body)
    merit.cites_source(merit.own_words("<blockquote>" * 5000 + body))
    assert time.perf_counter() - began < 0.5


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
        hidden = row(status=status, picked_at="now", badge="author", merit=24)
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
    assert merit.reasons(row(merit=merit.Part.FIGURES)) == ["gives figures"]
    assert merit.reasons(row(merit=merit.Part.VOICE, badge="staff")) == ["by the newsroom"]


def test_a_page_of_figures_costs_what_a_page_of_words_does():
    """Twice the words took four times as long: fifteen seconds for the longest comment that is imported."""
    began = time.thread_time()
    assert not merit.gives_figures("1 " + "000 " * 12_000)
    assert time.thread_time() - began < 3
