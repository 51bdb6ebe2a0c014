"""How long it will take is counted from decisions, in time at the desk, and never said of what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.discussion import promises
from broadsheet.discussion.models import Comment, Promise, Thread
from broadsheet.discussion.tests.desk import GONE, HERE, hours
from broadsheet.moderation.models import Decision, Source
from broadsheet.moderation.promise import ENOUGH, compute

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(make_comment, moderator):
    """So many comments that a moderator approved lately, each after so long."""

    def make(count, waited, *, ago=timedelta(days=7), source=Source.PERSON):
        comment = make_comment("Waited.")
        last = Decision.objects.filter(comment=comment).count()
        for number in range(count):
            Decision.objects.create(
                comment=comment, number=last + number + 1, moderator=moderator, source=source, seen="pending",
                after="published", reason="fine", waited=waited, created_at=clock.now() - ago,
            )  # fmt: skip

    return make


def said(thread):
    compute()
    return promises.words(Thread.objects.with_story().get(pk=thread.pk), clock.now())


def test_nothing_is_said_without_evidence(thread, decided):
    assert said(thread) == ""
    decided(ENOUGH - 1, timedelta(minutes=10))
    assert said(thread) == ""


def test_eight_of_ten_waited_no_longer_and_it_is_rounded_up(thread, decided):
    decided(8, timedelta(minutes=70))
    decided(2, timedelta(hours=40))
    assert said(thread) == "Usual wait: up to 2 hours."
    assert Promise.objects.get().evidence >= ENOUGH


def test_what_rules_and_imports_decided_is_no_evidence(thread, decided):
    decided(20, timedelta(minutes=10), source=Source.RULE)
    assert said(thread) == ""


def test_a_night_without_anybody_is_not_counted_and_the_desk_s_return_is_told(thread, decided):
    held = hours(GONE, (-180, -120), away="hold")
    decided(10, timedelta(hours=24), ago=timedelta(days=7) - timedelta(minutes=170))  # an hour or two at the desk
    sentence = said(thread)
    back = clock.comment_moment(held.duty(clock.now()).until)
    assert sentence.startswith(f"The desk is back on {back}.") and "Usual wait from then on" in sentence


def test_what_does_not_fit_into_today_is_told_from_the_desk_s_return(thread, decided):
    held = hours((-120, 15), (120, 400), away="hold")
    decided(10, timedelta(minutes=90), ago=timedelta(days=7))
    until = held.duty(clock.now()).until
    back = held.duty(until).until
    assert said(thread).startswith(f"The desk is back on {clock.comment_moment(back)}.")


def test_a_long_queue_makes_it_longer(thread, decided, make_comment, settings):
    decided(10, timedelta(minutes=4), ago=timedelta(days=1))
    assert said(thread) == "Usual wait: up to 5 minutes."
    settings.PRE_MODERATION = True
    for _ in range(3):
        make_comment(status="pending")
    assert said(thread) == "Usual wait: up to 3 days.", "ten a week, and three wait"


def test_a_count_that_is_old_promises_nothing(thread, decided):
    decided(10, timedelta(minutes=4))
    compute()
    Promise.objects.update(counted_at=clock.now() - promises.STALE - timedelta(minutes=1))
    assert promises.words(Thread.objects.with_story().get(pk=thread.pk), clock.now()) == ""


def test_who_waits_is_told_everywhere_and_no_request_counts(client, thread, reader, decided, settings):
    hours(HERE, away="hold")
    decided(10, timedelta(minutes=20))
    compute()
    settings.PRE_MODERATION = True
    client.force_login(reader)
    words = "Usual wait: up to 30 minutes."
    assert words in client.get(f"/stories/{thread.pk}/comments/new/").content.decode()
    answer = client.post(
        f"/stories/{thread.pk}/comments/new/", {"body": "Please read me."}, headers={"accept": "application/json"}
    )
    assert answer.json()["own"]["promise"] == words and words in answer.json()["own"]["html"]
    assert words in client.get("/me/comments/").content.decode()
    assert words in client.get(f"/threads/{thread.pk}/me/").json()["box"]
    Comment.objects.filter(body="Please read me.").update(created_at=clock.now() - timedelta(hours=1))
    assert "It has waited longer than usual" in client.get("/me/comments/").content.decode()


def test_a_section_with_hours_of_its_own_has_a_count_of_its_own(thread, section, decided):
    decided(10, timedelta(minutes=9))
    hours(HERE, section=section)
    compute()
    assert {row.section: row.minutes for row in Promise.objects.all()} == {None: 9, section: 9}
    section.desk_hours.delete()
    compute()
    assert [row.section for row in Promise.objects.all()] == [None]


def test_a_wait_is_never_said_shorter_than_it_is():
    for minutes in range(1, 30 * 24 * 60, 7):
        words = promises.honest(timedelta(minutes=minutes))
        if words:
            number, unit = words.split()
            length = {"minute": 1, "hour": 60, "day": 1440}[unit.rstrip("s")] * int(number)
            assert length >= minutes
    assert promises.honest(timedelta(days=20)) == ""
