"""Search: what is found, what is never found, and questions that are meant to break it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.stories.models import Story
from broadsheet.stories.search import FOUND_PER_PAGE

pytestmark = pytest.mark.django_db


def ask(client, question, **more):
    answer = client.get("/search/", {"q": question, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_story_is_found_by_headline_standfirst_and_body(make_story, client):
    make_story("Heron returns", standfirst="After a dry decade.", body_html="<p>It stood in the <em>millrace</em>.</p>")
    make_story("Something else")
    for question in ("heron", "HERON", "dry decade", "millrace", "heron millrace"):
        html = ask(client, question)
        assert "Heron returns" in html, question
        assert "Something else" not in html


def test_what_readers_may_not_see_is_not_found(make_story, client):
    make_story("Zebra draft", live=False)
    make_story("Zebra embargoed", published_at=clock.now() + timedelta(minutes=5))
    make_story("Zebra withdrawn", withdrawn_at=clock.now())
    gone = make_story("Zebra taken back a moment ago")
    Story.objects.filter(pk=gone.pk).update(withdrawn_at=clock.now())  # the index has not heard of it
    assert 'href="/stories/' not in ask(client, "zebra")


def test_nothing_found_says_so_and_keeps_the_question(story, client):
    html = ask(client, 'no "such" thing')
    assert "No story has all of these words" in html
    assert 'value="no &quot;such&quot; thing"' in html


def test_an_empty_question_is_no_fault(story, client):
    for question in ("", " ", "\u200b", "?!", "\u3000"):
        ask(client, question)
    assert client.get("/search/").status_code == 200


HOSTILE = [
    '"', "'", '") OR 1=1 --', "NEAR(a b)", "a AND", "OR", "NOT x", "title:x", "a*", "*", "^a", "-", "--", "{a b}:c",
    "a:b", "% _ \\", "';drop table x", "\\'); DROP", "()", "((((", "&|!", ":*", "<->", "a <-> b", "\x00", "a\x00b",
    "\u202efed", "<script>alert(1)</script>", "é", "日本", "🏳️‍🌈", "a" * 200, "word " * 39, "|".join("ab" * 30),
    "1=1", "NULL", "undefined",
]  # fmt: skip


@pytest.mark.parametrize("question", HOSTILE)
def test_hostile_questions_find_nothing_and_break_nothing(question, story, client):
    html = ask(client, question)
    assert "<script>alert" not in html


def test_a_question_too_long_or_unreadable_is_refused_in_a_sentence(story, client):
    answer = client.get("/search/", {"q": "a" * 201})
    assert answer.status_code == 422
    assert "201 characters" in answer.content.decode()
    assert client.get("/search/?q=%ed%b3%bf").status_code in {200, 422}


def test_results_go_on_over_pages_and_end(make_story, client):
    for number in range(FOUND_PER_PAGE + 3):
        make_story(f"Otter {number:02}")
    first, second = ask(client, "otter"), ask(client, "otter", page=2)
    assert first.count("teaser-row") == FOUND_PER_PAGE
    assert "?q=otter&amp;page=2" in first
    assert second.count("teaser-row") == 3 and 'rel="next"' not in second
    for page in ("0", "-1", "x", "999999999", "٣"):
        ask(client, "otter", page=page)


def test_answers_to_questions_are_kept_by_nobody(story, client, reader):
    client.force_login(reader)
    answer = client.get("/search/", {"q": "council"})
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
