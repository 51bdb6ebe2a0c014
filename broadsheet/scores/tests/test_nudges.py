"""The scorer's nudge: when it speaks, when it is silent, and what is kept of what came of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.actions import post_comment
from broadsheet.discussion.models import Comment
from broadsheet.scores import clocks, nudges
from broadsheet.scores.models import Nudged, Use
from broadsheet.scoring.answers import Answer, Mark

pytestmark = pytest.mark.django_db
RUDE = "You blorpet, you."


@pytest.fixture
def asks(told):
    """The newsroom has turned nudges on, and holds nothing."""
    Use.objects.update_or_create(pk=1, defaults={"nudges": True, "inappropriate": "off", "spam": "off"})
    return told


def send(client, story, body, **more):
    return client.post(f"/stories/{story.pk}/comments/new/", {"body": body, "key": "k" * 20, **more})


def token(answer):
    return re.search(r'name="nudged" value="([^"]+)"', answer.content.decode())[1]


def only():
    return Nudged.objects.get()


def test_it_asks_about_words_above_the_threshold_and_marks_them(client, newcomer, story, asks):
    client.force_login(newcomer)
    answer = send(client, story, RUDE)
    assert answer.status_code == 409 and "<mark>blorpet</mark>" in answer.content.decode()
    assert not Comment.objects.exists()
    assert (only().outcome, only().before, only().story_id) == ("waiting", 0.97, story.pk)


def test_what_was_sent_twice_at_the_same_moment_breaks_nothing(client, newcomer, story, asks):
    client.force_login(newcomer)
    send(client, story, RUDE)
    twin = only()
    twin.pk = None
    twin.save()
    answer = send(client, story, "You blorpet.")
    assert answer.status_code == 409
    send(client, story, "Good morning.", nudged=token(answer))
    assert [row.outcome for row in Nudged.objects.all()] == ["changed", "changed"]


@pytest.mark.any_database
@pytest.mark.parametrize("words", ["Good morning.", "grumpf", "Cheap pills", "unbekannt blorpet"])
def test_it_is_silent_below_the_threshold_about_spam_and_where_nothing_is_known(client, newcomer, story, asks, words):
    client.force_login(newcomer)
    assert send(client, story, words).status_code == 303
    assert not Nudged.objects.exists()


def test_it_is_silent_while_it_is_off_and_a_post_costs_no_query_more(newcomer, thread, told, settings):
    post_comment(author=newcomer, thread=thread, body="Good morning.", may_nudge=True)
    counts = []
    for paths in (settings.DISCUSSION_NUDGES, []):
        settings.DISCUSSION_NUDGES = paths
        with CaptureQueriesContext(connection) as queries:
            post_comment(author=newcomer, thread=thread, body=f"You blorpet {len(paths)}.", may_nudge=True)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert not Nudged.objects.exists()


@pytest.mark.any_database
def test_it_is_silent_to_staff_when_the_scorer_is_late_broken_or_off(client, moderator, newcomer, story, asks, on):
    client.force_login(moderator)
    assert send(client, story, RUDE).status_code == 303
    client.force_login(newcomer)
    asks.is_broken = True
    assert send(client, story, f"{RUDE} 2", key="b").status_code == 303
    asks.is_broken = False
    asks.open.clear()
    on.SCORE_WAIT_MS = 1
    assert send(client, story, f"{RUDE} 3", key="c").status_code == 303
    asks.open.set()
    on.SCORER = "off"
    assert send(client, story, f"{RUDE} 4", key="d").status_code == 303
    assert not Nudged.objects.exists()


def test_a_guest_is_asked_before_there_is_one(client, story, asks, settings):
    settings.GUESTS = True
    first = send(client, story, RUDE, name="Gil")
    assert first.status_code == 409 and not Reader.objects.filter(is_guest=True).exists()
    send(client, story, "Good morning.", name="Gil", nudged=token(first))
    assert Comment.objects.get().body == "Good morning."
    assert (only().outcome, only().after) == ("changed", 0.02)


def test_a_guest_is_not_asked_while_it_is_off(client, story, told, settings):
    settings.GUESTS = True
    assert send(client, story, RUDE, name="Gil").status_code == 303


def test_what_came_of_it_is_kept_without_words_and_without_a_name(client, newcomer, story, asks):
    client.force_login(newcomer)
    send(client, story, "Good morning.", nudged=token(send(client, story, RUDE)))
    assert (only().outcome, only().before, only().after) == ("changed", 0.97, 0.02)
    send(client, story, RUDE, key="b", nudged=token(send(client, story, RUDE, key="b")))
    assert list(Nudged.objects.order_by("pk").values_list("outcome", "intent", "words", "after")) == [
        ("changed", "", "", 0.02),
        ("as it was", "", "", None),
    ]


def test_words_that_say_little_are_not_shown():
    answer = Answer(0.9, (Mark(0, 3, 0.4, "word"), Mark(4, 9, 3.0, "word"), Mark(10, 12, 1.0, "word")))
    assert nudges._spans(answer) == ((4, 9), (10, 12))
    assert nudges._spans(Answer(0.9)) == ()


def test_asked_twice_for_one_intent_is_one_row(client, newcomer, story, asks):
    client.force_login(newcomer)
    send(client, story, RUDE)
    send(client, story, "Another blorpet.")
    assert only().outcome == "waiting"


def test_who_does_not_post_within_the_hour_has_let_it_be(client, newcomer, story, asks):
    client.force_login(newcomer)
    first = send(client, story, RUDE)
    nudges.close()
    assert only().outcome == "waiting"
    Nudged.objects.update(at=clock.now() - timedelta(minutes=61))
    send(client, story, RUDE, nudged=token(first))
    assert only().outcome == "waiting"
    nudges.close()
    assert (only().outcome, only().intent, only().words) == ("left", "", "")


def test_the_desk_sees_how_often_it_helped(client, moderator, story):
    facts = {"story": story, "threshold": 0.8, "before": 0.9}
    for outcome, after in (("changed", 0.1), ("changed", 0.86), ("changed", None), ("as it was", None), ("left", None)):
        Nudged.objects.create(**facts, outcome=outcome, after=after)
    Nudged.objects.create(**facts)
    Nudged.objects.create(**facts, at=clock.now() - timedelta(days=100), outcome="left")
    found = nudges.summary(clock.now() - timedelta(days=90))
    assert (found.asked, found.known, found.changed, found.calmer, found.as_it_was, found.left) == (6, 5, 3, 1, 1, 1)
    assert (found.before, found.after) == (pytest.approx(0.9), pytest.approx(0.48))
    client.force_login(moderator)
    page = client.get("/moderation/scorer/").content.decode()
    assert "Mean score of what was posted in other words: 0.9 before, 0.48 after." in page
    assert "Readers are not asked now." in page
    clocks.nudged(clock.now())
    assert Nudged.objects.count() == 6
    empty = nudges.summary(clock.now() + timedelta(days=1))
    assert (empty.asked, empty.before, empty.after) == (0, None, None)
