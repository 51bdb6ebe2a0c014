from __future__ import annotations

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from broadsheet.core import clock
from broadsheet.stories.actions import add_notice, publish_story, withdraw_story
from broadsheet.wire import hubs
from broadsheet.wire.models import Ping

pytestmark = pytest.mark.django_db

PAPER = [f"http://testserver{path}" for path in ("/feed/", "/feed/rss/", "/feed/json/", "/wire/ninjs.json")]


def test_a_hub_is_told_of_a_new_story_of_its_update_and_of_its_withdrawal(hub, ferry):
    assert DBTaskResult.objects.ready().filter(task_path="broadsheet.wire.hubs.send_soon").exists()
    for change in (
        lambda: None,
        lambda: add_notice(story=ferry, kind="update", text="It runs again."),
        lambda: withdraw_story(story=ferry, text="It never stopped."),
    ):
        change()
        hub.told.clear()
        assert hubs.send_due() == 1
        (told,) = hub.told
        assert told["hub.mode"] == ["publish"]
        assert set(told["hub.url"]) >= {
            *PAPER, "http://testserver/sections/town/feed/", "http://testserver/topics/ferries/feed/rss/",
            "http://testserver/authors/una-umber/feed/json/",
        }  # fmt: skip
        assert hubs.send_due() == 0


def test_a_hub_that_fails_is_told_later_and_at_last_let_alone(hub, ferry):
    hub.answers = [500]
    assert hubs.send_due() == 0
    assert hubs.send_due() == 0
    assert len(hub.told) == 1  # the second time it was not due yet
    for _ in range(len(hubs.PAUSES)):
        Ping.objects.update(next_try_at=clock.now())
        hubs.send_due()
    assert len(hub.told) == 1 + len(hubs.PAUSES)
    assert not Ping.objects.exists()


def test_a_hub_that_comes_back_is_told(hub, ferry):
    hub.answers = [503, 202]
    hubs.send_due()
    Ping.objects.update(next_try_at=clock.now())
    assert hubs.send_due() == 1
    assert not Ping.objects.exists()


def test_a_hub_hears_of_an_embargoed_story_when_its_embargo_ends_and_no_earlier(hub, ferry, make_story, monkeypatch):
    hubs.send_due()
    hub.told.clear()
    end = clock.now() + timedelta(hours=1)
    make_story("Secret", published_at=end)
    assert hubs.send_due() == 0 and hub.told == []
    monkeypatch.setattr(clock, "now", lambda: end + timedelta(seconds=1))
    assert hubs.send_due() == 1
    assert set(hub.told[0]["hub.url"]) >= set(PAPER)


def test_what_changes_while_a_hub_is_told_is_told_again(hub, ferry, monkeypatch):
    told = hubs._post

    def meanwhile(address, feeds):
        publish_story(story=ferry)
        monkeypatch.setattr(hubs, "_post", told)
        return told(address, feeds)

    monkeypatch.setattr(hubs, "_post", meanwhile)
    assert hubs.send_due() == 2


def test_feeds_name_their_hubs_in_their_heads_and_in_themselves(client, hub, ferry):
    for address in ("/feed/", "/feed/rss/", "/feed/json/", "/wire/ninjs.json", "/topics/ferries/feed/rss/"):
        answer = client.get(address)
        assert answer["Link"] == f'<{hub.address}>; rel="hub", <http://testserver{address}>; rel="self"'
        assert address == "/wire/ninjs.json" or hub.address in answer.content.decode()


def test_without_hubs_nothing_is_written_down(client, ferry):
    assert not Ping.objects.exists()
    assert "Link" not in client.get("/feed/rss/").headers
