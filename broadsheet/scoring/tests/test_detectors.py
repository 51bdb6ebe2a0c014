from __future__ import annotations

import time

import pytest

from broadsheet.scoring.answers import Facts, Story
from broadsheet.scoring.detectors import advances

CUT = 0.4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The report is at https://records.example/2024.pdf for all to read.", {"link", "data"}),
        ("According to the auditor, the bridge cost 12,500 dollars more than planned.", {"data"}),
        ("When I worked in that office we were told to keep quiet about it.", {"anecdote"}),
        ("My daughter waited nine hours at that clinic last winter.", {"anecdote"}),
        ("As a nurse, I see it every day.", {"anecdote"}),
        (
            "I think the toll is wrong, because those who drive to work at night have no bus. They would pay the most.",
            {"opinion"},
        ),
        ("Does anyone know who paid for the new lamps?", {"question"}),
        ("What a goal!", set()),
        ("Great article, thanks.", set()),
    ],
)
def test_what_advances_the_story_is_found(text, found):
    answers = advances(text)
    assert {name for name, answer in answers.items() if (answer.value or 0) >= CUT} == found


def test_every_answer_above_zero_names_a_passage_of_the_comment():
    text = (
        "According to the census, 45% rent. When I lived there I paid 300 euros. Why is that? I think it must change."
    )
    for name, answer in advances(text).items():
        if answer.value:
            assert answer.marks, name
            assert all(text[mark.start : mark.end].strip() for mark in answer.marks)


def test_length_by_itself_counts_for_nothing():
    short = advances("Lovely day on the river with boats.")
    long = advances("Lovely day on the river with boats. " * 40)
    assert {name: answer.value for name, answer in short.items()} == {
        name: answer.value for name, answer in long.items()
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "I went there.",
        "I think it is wrong because they pay the most.",
        "I think it is wrong because they pay the most",
        "My brother was there, and it cost 40% more.",
        "According to the audit we saw a lot",
    ],
)
def test_saying_it_twenty_times_says_no_more(sentence):
    once, often = advances(sentence), advances(f"{sentence} " * 20)
    assert all((often[name].value or 0) <= (answer.value or 0) for name, answer in once.items())


def test_a_tale_between_quotation_marks_is_somebody_else_s():
    assert advances('He said "when I worked in that office we were told to keep quiet".')["anecdote"].value == 0
    assert advances("He said “I grew up there, because my mother was a nurse in that town”.")["anecdote"].value == 0
    assert (advances('When I worked in that "office" we were told to keep "quiet".')["anecdote"].value or 0) >= CUT


def test_only_what_is_asked_for_is_looked_for():
    assert set(advances("As a nurse, I see it every day.", names=["anecdote"])) == {"anecdote"}


def test_what_is_quoted_is_nobody_s_own():
    assert advances("> According to the census, 45% rent.\nNo.")["data"].value == 0


def test_a_link_seen_before_counts_for_half():
    text = "See www.records.example/a"
    assert advances(text)["link"].value == 1
    assert advances(text, Story(hosts=("records.example",)))["link"].value == 0.5
    assert advances(text, None, Facts(own_hosts=("records.example",)))["link"].value == 0


def test_an_answer_needs_something_that_was_asked():
    reply = "Yes, the county did: 40,000 euros, according to the minutes."
    assert advances(reply)["answer"].value is None
    assert (advances(reply, Story(parent="Who paid for the lamps?"))["answer"].value or 0) >= CUT
    assert (advances(reply, Story(parent="Nice lamps."))["answer"].value or 0) < CUT


@pytest.mark.parametrize(
    "piece",
    [
        "1,111",
        "I was ",
        "if ",
        "www.",
        "> ",
        "a.b",
        "according to ",
        "my my ",
        "? ",
        "9 ",
        "when I ",
        "not a; ",
        '"a ',
        "“a ",
    ],
)
def test_a_page_of_cues_takes_no_longer_than_a_page_of_prose(piece):
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    advances(text)
    assert time.process_time() - began < 2


def test_capital_letters_change_neither_what_is_found_nor_where():
    text = "İSTANBUL: ACCORDING TO THE REPORT 45% OF US RENT, AND I LIVED THERE FOR TEN YEARS."
    found = advances(text)
    assert found["data"].value > 0.5 and found["anecdote"].value > 0.4
    assert "ACCORDING TO" in {text[mark.start : mark.end].strip() for mark in found["data"].marks}
