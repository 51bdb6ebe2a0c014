"""Search in one discussion: what is found, how it is shown, and what it gives nobody."""

from __future__ import annotations

import importlib
import re

import pytest
from django.apps import apps
from django.core.cache import cache

from broadsheet.discussion import views
from broadsheet.discussion.actions import import_comment
from broadsheet.discussion.models import Comment
from broadsheet.discussion.modes import set_mode
from broadsheet.discussion.search import find, marked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_pace():
    cache.clear()


def say(thread, body, parent=None):
    from broadsheet.core import clock

    return import_comment(thread=thread, author_name="Ada", body=body, created_at=clock.now(), parent=parent)


def ask(client, story, **query):
    return client.get(f"/stories/{story.pk}/comments/search/", query)


def found(thread, words, after=""):
    return [one.comment.body for one in find(thread, words, after).found]


def test_all_words_must_be_there_whatever_their_case_or_accents(thread):
    both = say(thread, "The Café on the Bridge")
    say(thread, "The bridge alone")
    assert found(thread, "BRIDGE cafe") == [both.body]
    assert found(thread, "Bridge") == ["The bridge alone", "The Café on the Bridge"]


@pytest.mark.parametrize("wild", ["%", "_", "%%", "a%b", "\\", "__"])
def test_wildcards_are_letters(thread, wild):
    say(thread, "aXb nothing of the kind")
    assert found(thread, f"{wild}{wild}") == []
    kept = say(thread, f"It says {wild}{wild} here")
    assert found(thread, f"{wild}{wild}") == [kept.body]


def test_only_what_is_public_and_of_this_discussion_is_found(thread, make_story, make_comment):
    from broadsheet.discussion.actions import thread_for

    say(thread_for(make_story()), "A bridge elsewhere")
    make_comment("A bridge held", status="pending")
    make_comment("A bridge removed", status="rejected")
    assert found(thread, "bridge") == []


def test_it_goes_on_by_twenty_each_once(thread):
    first = say(thread, "bridge root")
    for number in range(30):
        say(thread, f"bridge {number}", parent=first if number % 2 else None)
    asked = find(thread, "bridge", "")
    seen = [one.comment.pk for one in asked.found]
    assert len(seen) == 20
    rest = find(thread, "bridge", asked.further)
    seen += [one.comment.pk for one in rest.found]
    assert len(seen) == len(set(seen)) == 31 and not rest.further


def test_the_words_are_marked_and_nothing_else_becomes_markup(client, thread, story):
    say(thread, "Was that <b>the Bridge</b> & the “brïdge”? `<script>bridge</script>`")
    words = ask(client, story, q="bridge").content.decode()
    assert "<mark>Bridge</mark>" in words and "<mark>brïdge</mark>" in words
    assert "<script>bridge" not in words and "<b>the" not in words


def test_marks_keep_the_text_as_it_is():
    text = "Straße ﬁnds Ⅷ Ångström — " + "x" * 500
    for wanted in (["strasse"], ["fin"], ["viii"], ["angstrom"], ["nothing"], ["x"]):
        pieces = marked(text, wanted)
        assert "".join(piece for piece, _ in pieces if piece not in {"… ", " …"}) in text
    assert ("Straße", True) in marked(text, ["strasse"])


@pytest.mark.parametrize("question", ["", "a", " ", "é", "\u200b", "\x00\x01", "x" * 101, "\ud800", "%" * 300])
def test_odd_questions_get_a_page_and_no_fault(client, thread, story, question):
    say(thread, "Anything")
    try:
        status = ask(client, story, q=question).status_code
    except UnicodeEncodeError:
        return  # no browser could send it
    assert status in {200, 422}


@pytest.mark.parametrize("after", ["x", "1", "-1n2", "9999999999n1", "1n", "99n99n99", "٣n1"])
def test_an_odd_cursor_is_the_beginning(client, thread, story, after):
    say(thread, "A bridge")
    assert "<mark>bridge</mark>" in ask(client, story, q="bridge", after=after).content.decode()


def test_nobody_keeps_the_answer_and_no_engine_lists_it(client, thread, story):
    answer = ask(client, story, q="bridge")
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["X-Robots-Tag"] == "noindex"


def test_so_many_searches_a_minute(client, thread, story, monkeypatch):
    monkeypatch.setattr(views, "SEARCHES_PER_MINUTE", 2)
    assert [ask(client, story, q="bridge").status_code for _ in range(3)] == [200, 200, 429]
    assert ask(client, story).status_code == 200, "the empty form costs nothing"


def test_a_story_that_is_not_public_is_not_searched(client, story):
    type(story).objects.filter(pk=story.pk).update(live=False)
    assert ask(client, story, q="bridge").status_code == 404


def test_old_comments_get_their_words(thread):
    first, second = say(thread, "Old WORDS"), say(thread, "More")
    Comment.objects.filter(pk=first.pk).update(words="")
    importlib.import_module("broadsheet.discussion.migrations.0006_fill_words").fill(apps, None)
    first.refresh_from_db()
    assert first.words == "old words"
    second.refresh_from_db()
    assert second.words == "more"


@pytest.mark.parametrize("mode", ["comments", "questions", "reviews"])
def test_the_box_and_the_page_of_what_is_found_say_what_is_searched(mode, client, thread, story):
    say(thread, "A bridge")
    set_mode(thread=thread, mode=mode)
    answers = client.get(story.get_absolute_url()), ask(client, story, q="bridge"), ask(client, story, q="ferry")
    for answer in answers:
        html = answer.content.decode()
        assert f'placeholder="Search these {mode}"' in html
        assert [word for word in ("comments", "questions", "reviews") if f"Search these {word}" in html] == [mode]
    for answer in answers[1:]:
        main = answer.content.decode().split("<main")[1].split("</main>")[0]
        assert mode == "comments" or "comment" not in re.sub(r"<[^>]*>", "", main).lower()
