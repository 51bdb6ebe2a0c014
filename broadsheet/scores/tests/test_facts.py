"""What the scorer is told beside the words: the story, links and their record here, repeats, the account, the trap."""

from __future__ import annotations

import pytest
from django.urls import reverse

from broadsheet.discussion.actions import edit_comment, post_comment
from broadsheet.discussion.models import Comment
from broadsheet.moderation.actions import decide
from broadsheet.moderation.rules import Screen
from broadsheet.scores import about
from broadsheet.scores.models import Score, Use
from broadsheet.scoring.answers import Link

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_story_left_over():
    """Rows of another test have the same numbers."""
    about._stories.clear()


@pytest.fixture
def say(thread, newcomer, django_capture_on_commit_callbacks):
    def say(body, author=newcomer, parent=None, **facts):
        with django_capture_on_commit_callbacks(execute=True):
            return post_comment(author=author, thread=thread, body=body, parent=parent, **facts)

    return say


def test_links_come_with_what_became_of_them_here(say, told, reader, moderator):
    bad = say("Look at https://pills.example/one now")
    decide(moderator=moderator, comment=bad, seen="published", after="rejected", reason="spam", screen=Screen())
    say("A source: https://paper.example/two", author=reader)
    say("Both: https://pills.example/x and https://paper.example/y")
    facts = told.asked[-1][2]
    assert facts.links == (Link("pills.example", 0, 1), Link("paper.example", 1, 0))


def test_the_account_s_age_and_what_it_has_done_are_known(say, told, newcomer):
    say("The first of mine here.")
    say("The second of mine here.")
    facts = told.asked[-1][2]
    assert (facts.account_minutes, facts.approved_before, facts.posts_last_hour) == (4.0, 1, 1)


def test_nearly_the_same_words_are_counted(say, told, reader):
    words = "Buy your garden furniture at the best prices in town, this week only, at our shop by the old bridge"
    say(words, author=reader)
    say(words + " today")
    assert told.asked[-1][2].near_duplicates == 1


def test_the_story_and_what_was_said_under_it_are_known(say, told, thread, reader):
    parent = say("I walked across it this morning and it was fine.", author=reader)
    say("So did I.", parent=parent)
    story = told.asked[-1][1]
    assert story.headline == thread.story.headline
    assert story.opening == "The council voted on Tuesday to keep the bridge."
    assert story.accepted == (parent.body,)
    assert story.parent == parent.body


def test_words_that_were_removed_are_told_no_scorer_when_an_answer_to_them_is_edited(
    say, told, newcomer, reader, moderator, django_capture_on_commit_callbacks
):
    parent = say("Xremoved words.", author=reader)
    answer = say("So did I.", parent=parent)
    decide(moderator=moderator, comment=parent, seen="published", after="rejected", reason="abusive", screen=Screen())
    now_so = Comment.objects.with_story().get(pk=answer.pk)
    with django_capture_on_commit_callbacks(execute=True):
        edit_comment(author=newcomer, comment=now_so, body="So did I, on Monday.")
    assert told.asked[-1][0] == "So did I, on Monday."
    assert told.asked[-1][1].parent == "" and "Xremoved" not in str(told.asked[-1][1])


def test_a_filled_trap_is_scored_and_refuses_nobody(client, told, thread, reader, django_capture_on_commit_callbacks):
    client.force_login(reader)
    address = reverse("comment_new", args=[thread.pk])
    assert 'name="website"' in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"body": "A friendly word.", "website": "https://x.example"})
    assert Comment.objects.get().status == "published"
    assert told.asked[-1][2].honeypot
    assert Score.objects.get().honeypot


def test_the_trap_is_known_to_the_check_too(told, thread, reader):
    Use.objects.create(pk=1, inappropriate="on")
    post_comment(author=reader, thread=thread, body="A friendly word.", honeypot=True)
    assert told.asked[-1][2].honeypot
    assert Score.objects.get().honeypot


def test_a_post_is_scored_once_for_check_rule_and_listener(told, thread, reader):
    from broadsheet.intake.rulesets import current
    from broadsheet.scores.scorers import named

    Use.objects.create(pk=1, inappropriate="on")
    post_comment(author=reader, thread=thread, body="A friendly word.")
    assert current() is not None
    assert len(told.asked) == 1
    assert named("A friendly word.")["inappropriate"] == 0.02  # of any other text it is asked anew
    assert len(told.asked) == 2
