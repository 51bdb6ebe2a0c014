"""What the desk's hours and its queue make of discussions: closed or held to the moment, told, and beaten by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.delivery.freshness import Freshness, versions
from broadsheet.delivery.tags import HOURS
from broadsheet.discussion import desk_hours
from broadsheet.discussion.actions import (
    close_thread,
    edit_comment,
    leave_hours,
    post_comment,
    reopen_thread,
    withdraw_comment,
)
from broadsheet.discussion.changes import since
from broadsheet.discussion.desk_hours import drop_hours, measure
from broadsheet.discussion.models import Hours, Thread
from broadsheet.discussion.reading import public_thread
from broadsheet.discussion.templatetags.discussion import depend_on_clock
from broadsheet.discussion.tests.desk import GONE, HERE, hours
from broadsheet.stories.models import Section

pytestmark = pytest.mark.django_db


def fresh(thread):
    return Thread.objects.with_story().get(pk=thread.pk)


def page(client, story):
    return client.get(story.get_absolute_url()).content.decode()


def say(reader, thread, body="Said at night."):
    return post_comment(author=reader, thread=fresh(thread), body=body)


def test_without_hours_nothing_is_different(thread, reader, client, story):
    assert say(reader, thread).is_public
    assert "our desk" not in page(client, story)


def test_outside_the_hours_a_closed_discussion_takes_nothing_and_can_be_read(client, thread, reader, make_comment):
    said = make_comment("The lamps are out.")
    hours(GONE, away="close")
    with pytest.raises(Refused, match="closed while our desk is away, until"):
        say(reader, thread)
    with pytest.raises(Refused, match="closed while our desk is away"):
        edit_comment(author=reader, comment=fresh_comment(said), body="Edited at night.")
    html = page(client, thread.story)
    assert "The lamps are out." in html and "Comments are closed while our desk is away, until" in html
    assert 'aria-labelledby="comments-title" data-closed' in html
    assert withdraw_comment(author=reader, comment=fresh_comment(said)).status == "withdrawn"


def fresh_comment(comment):
    return type(comment).objects.with_story().get(pk=comment.pk)


def test_a_form_opened_before_and_sent_after_is_refused_with_its_words_kept(client, thread, reader):
    hours(HERE, away="close")
    client.force_login(reader)
    address = reverse("comment_new", args=[thread.pk])
    assert "Post comment" in client.get(address).content.decode()
    hours((-120, -1), away="close")
    answer = client.post(address, {"body": "Typed before six, sent after."})
    assert answer.status_code == 403
    assert "Typed before six, sent after." in answer.content.decode()
    assert not thread.comments.exists()


def test_the_moment_counts_to_the_second(thread):
    held = hours(HERE, away="close")
    until = held.duty(clock.now()).until
    thread = fresh(thread)
    assert thread.is_open(until - timedelta(microseconds=1)) and not thread.is_open(until)
    assert thread.desk(clock.now()).until == until
    back = held.duty(until).until
    assert not thread.is_open(back - timedelta(microseconds=1)) and thread.is_open(back)


def test_outside_the_hours_every_comment_waits_where_the_newsroom_says_so(client, thread, reader, make_comment):
    before = make_comment("Said by day.")
    hours(GONE, away="hold")
    held = say(reader, thread)
    assert held.status == "pending"
    assert [flag.check_name for flag in held.flags.all()] == ["desk_hours"]
    assert "every comment waits until an editor has read it" in page(client, thread.story)
    assert edit_comment(author=reader, comment=fresh_comment(before), body="Edited at night.").status == "pending"
    hours(HERE, away="hold")
    assert say(reader, thread, "Said by day again.").is_public


def test_a_kept_page_ends_where_the_hours_do_and_goes_stale_when_they_are_changed(client, thread, story):
    before = versions((HOURS,))
    held = hours(HERE, away="close")
    assert versions((HOURS,)) != before
    freshness, now = Freshness(), clock.now()
    freshness.look(HOURS)
    depend_on_clock(freshness, fresh(thread), now)
    assert freshness.ends == held.duty(now).until
    answer = client.get(story.get_absolute_url())
    assert answer.freshness.ends == held.duty(now).until and HOURS in answer["Cache-Tag"]
    assert clock.comment_moment(held.duty(now).until) in answer.content.decode(), "open until then, it says"
    drop_hours(section=None)
    assert client.get(story.get_absolute_url()).freshness.ends == fresh(thread).closing


def test_whoever_reads_live_is_told(thread, reader):
    hours(GONE, away="close")
    news = since(thread.pk, 0)
    assert news["closed"] and "Comments are closed while our desk is away" in news["state"]
    hours(GONE, away="hold")
    news = since(thread.pk, 0)
    assert (news["closed"], news["usual"]) == (False, False) and "comments-hours" in news["state"]
    hours(HERE, away="close")
    news = since(thread.pk, 0)
    assert (news["closed"], news["usual"]) == (False, True) and "comments-hours" not in news["state"]


def test_opening_by_hand_wins_until_the_desk_is_back_and_is_shown(client, thread, reader):
    held = hours((-300, -200), GONE, away="close")
    reopen_thread(thread=thread)
    assert say(reader, thread).is_public
    assert "An editor has opened this discussion outside the desk" in page(client, thread.story)
    thread, back = fresh(thread), held.duty(clock.now()).until
    away_again = held.duty(back).until
    assert thread.is_open(back) and not thread.is_open(away_again), "the next evening it goes by the hours"


def test_closing_by_hand_wins_over_the_hours(client, thread, reader):
    hours(HERE, away="close")
    say(reader, thread)
    close_thread(thread=thread)
    with pytest.raises(Refused, match="An editor has ended it"):
        say(reader, thread, "And again.")
    assert "An editor has ended it" in page(client, thread.story)


def test_a_story_may_go_by_no_hours(thread, reader):
    hours(GONE, away="close")
    leave_hours(thread=thread, leaves=True)
    assert say(reader, thread).is_public
    leave_hours(thread=thread, leaves=False)
    with pytest.raises(Refused):
        say(reader, thread, "And again.")


def test_a_section_has_hours_of_its_own_and_the_newsroom_s_holidays(thread, section, reader):
    hours(GONE, away="close")
    hours(HERE, section=section, away="close")
    assert say(reader, thread).is_public
    today = clock.in_newsroom(clock.now()).date()
    days = [(today + timedelta(days=number), "A feast", ()) for number in (-1, 0, 1)]
    hours(GONE, away="close", holidays=days)
    with pytest.raises(Refused):
        say(reader, thread, "On a holiday.")
    other = Section.objects.create(name="Sport", slug="sport")
    drop_hours(section=section)
    hours(HERE, away="close")
    hours(GONE, section=other, away="close")
    assert say(reader, thread, "A day later.").is_public


def test_a_long_queue_holds_or_closes_until_it_is_short_again(thread, reader, make_comment, settings):
    hours(full_at=3, free_at=2, full="close")
    settings.PRE_MODERATION = True
    waiting = [make_comment(f"Number {n}", status="pending") for n in range(3)]
    settings.PRE_MODERATION = False
    assert [row.section for row in measure()] == [None] and not measure()
    with pytest.raises(Refused, match="until they have caught up"):
        say(reader, thread)
    withdraw_comment(author=reader, comment=fresh_comment(waiting[0]))
    assert not measure(), "two still wait, which is not fewer than two"
    withdraw_comment(author=reader, comment=fresh_comment(waiting[1]))
    assert measure() and say(reader, thread).is_public
    hours(full_at=1, free_at=1, full="hold")
    assert measure() and say(reader, thread, "Held for the queue.").status == "pending"
    reopen_thread(thread=thread)
    assert say(reader, thread, "Opening a discussion publishes nothing unread.").status == "pending"


def test_opening_by_hand_wins_over_a_queue_that_was_full_before(thread, reader, make_comment, settings):
    settings.PRE_MODERATION = True
    make_comment(status="pending")
    settings.PRE_MODERATION = False
    hours(full_at=1, full="close")
    measure()
    reopen_thread(thread=thread)
    assert say(reader, thread, "Opened by hand.").is_public


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"away": "close"}, "never be back"),
        ({"full": "close"}, "how many waiting comments"),
        ({"full": "close", "full_at": 3, "free_at": 4}, "lower number"),
        ({"away": "sometimes"}, "choose what becomes"),
    ],
)
def test_hours_that_mean_nothing_are_refused(db, facts, sentence):
    with pytest.raises(Unacceptable, match=sentence):
        hours(**facts)
    assert not Hours.objects.exists()


def test_times_of_a_day_that_overlap_are_refused(db):
    with pytest.raises(Unacceptable, match="overlap"):
        desk_hours.set_hours(
            section=None, week=[[(0, 600), (500, 700)]] + [[]] * 6, holidays=[], away="open", full_at=None,
            free_at=None, full="open",
        )  # fmt: skip


def test_there_are_one_newsroom_s_hours(db):
    hours(HERE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hours.objects.create(section=None)


def test_a_kept_page_costs_no_query_for_hours_nobody_has_changed(client, thread, story, django_assert_max_num_queries):
    hours(HERE, away="close")
    client.get(story.get_absolute_url())
    with django_assert_max_num_queries(6):
        client.get(story.get_absolute_url())
    assert public_thread(story.pk, clock.now())
