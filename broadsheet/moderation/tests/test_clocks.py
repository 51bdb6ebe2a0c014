"""Closing, opening and timing a discussion by hand, at the moderators' desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.discussion.models import Thread
from broadsheet.discussion.rules import why_not_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def page_of(story):
    return f"/moderation/discussions/{story.pk}/"


def is_open(story):
    return why_not_open(Thread.objects.get(story=story), clock.now()) is None


def test_a_moderator_closes_a_discussion_nobody_has_written_in_and_opens_it_again(desk, story, client):
    assert desk.post(page_of(story), {"act": "close"}).url == page_of(story)
    assert not is_open(story)
    assert "This story takes no comments." in client.get(story.get_absolute_url()).content.decode()
    page = desk.get(page_of(story)).content.decode()
    assert "Open it again" in page and "Close it now" not in page
    desk.post(page_of(story), {"act": "open"})
    assert is_open(story)


def test_a_story_s_own_period_is_counted_from_publication(desk, story):
    desk.post(page_of(story), {"act": "period", "days": "3"})
    thread = Thread.objects.get(story=story)
    assert thread.closing == story.published_at + timedelta(days=3)
    assert 'value="3"' in desk.get(page_of(story)).content.decode()
    desk.post(page_of(story), {"act": "period", "days": ""})
    assert Thread.objects.get(story=story).open_for is None


@pytest.mark.parametrize("days", ["0", "-1", "three", "99999", "1\x00", "\u0663", "<b>"])
def test_a_period_that_is_none_is_refused_and_kept_in_its_box(desk, story, days):
    answer = desk.post(page_of(story), {"act": "period", "days": days})
    assert answer.status_code == 422
    assert "whole number of days" in answer.content.decode()
    assert not Thread.objects.filter(story=story, open_for__isnull=False).exists()


def test_what_was_opened_by_hand_goes_by_a_new_period_again(desk, story):
    desk.post(page_of(story), {"act": "period", "days": "1"})
    type(story).objects.filter(pk=story.pk).update(published_at=clock.now() - timedelta(days=2))
    desk.post(page_of(story), {"act": "open"})
    assert is_open(story)
    desk.post(page_of(story), {"act": "period", "days": "1"})
    assert not is_open(story)


def test_a_form_without_an_act_changes_nothing(desk, story):
    assert desk.post(page_of(story), {}).status_code == 422
    assert not Thread.objects.filter(story=story).exists()


def test_the_list_tells_every_discussion_s_state(desk, story, make_story):
    other = make_story("Another")
    desk.post(page_of(other), {"act": "close"})
    page = desk.get("/moderation/discussions/").content.decode()
    assert "Open until" in page and "Closed" in page and page_of(story) in page


def test_readers_are_turned_away_and_a_moderator_learns_nothing_of_an_embargoed_story(client, desk, reader, make_story):
    later = make_story("Xsecret", published_at=clock.now() + timedelta(days=1))
    assert desk.get(page_of(later)).status_code == 404
    assert "Xsecret" not in desk.get("/moderation/discussions/").content.decode()
    client.force_login(reader)
    for act in ("close", "open", "period"):
        assert client.post(page_of(later), {"act": act}).status_code == 403


def test_an_editor_times_the_discussion_of_a_story_to_come(client, editor, make_story):
    later = make_story("Tomorrow", published_at=clock.now() + timedelta(days=1))
    client.force_login(editor)
    client.post(page_of(later), {"act": "period", "days": "2"})
    assert Thread.objects.get(story=later).closing == later.published_at + timedelta(days=2)


def tomorrow(hour):
    moment = clock.in_newsroom(clock.now() + timedelta(days=1)).replace(hour=hour, minute=30, second=0, microsecond=0)
    return moment, f"{moment:%Y-%m-%dT%H:%M}"


def test_a_discussion_opens_at_a_moment_that_was_set(desk, story, client):
    moment, written = tomorrow(9)
    assert desk.post(page_of(story), {"act": "opening", "opening": written}).url == page_of(story)
    assert Thread.objects.get(story=story).opening == moment
    assert why_not_open(Thread.objects.get(story=story), moment - timedelta(seconds=1))
    assert why_not_open(Thread.objects.get(story=story), moment) is None
    assert "This discussion opens on" in client.get(story.get_absolute_url()).content.decode()
    page = desk.get(page_of(story)).content.decode()
    assert f'value="{written}"' in page and "Open it now" in page and "It was set to open on" in page
    desk.post(page_of(story), {"act": "opening", "opening": ""})
    assert is_open(story)
    assert "It opens with the story&#x27;s publication again" in desk.get(page_of(story)).content.decode()


def test_a_discussion_that_is_to_open_later_is_opened_by_hand(desk, story):
    desk.post(page_of(story), {"act": "opening", "opening": tomorrow(9)[1]})
    desk.post(page_of(story), {"act": "open"})
    assert is_open(story) and Thread.objects.get(story=story).opens_at is None


@pytest.mark.parametrize(
    ("written", "why"), [("soon", "as a date and a time"), ("2999-01-01T10:00", "over before it opens")]
)
def test_an_opening_that_cannot_be_is_refused_and_kept_in_its_box(desk, story, written, why):
    answer = desk.post(page_of(story), {"act": "opening", "opening": written})
    assert answer.status_code == 422
    assert why in answer.content.decode() and f'value="{written}"' in answer.content.decode()
    assert not Thread.objects.filter(story=story, opens_at__isnull=False).exists()
