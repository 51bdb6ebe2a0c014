"""A lively discussion and readers whose connections break: everybody ends with the same page, and hears in order."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from django.db import connection, connections
from django.utils.module_loading import import_string

from broadsheet.core.bell import bell
from broadsheet.discussion.actions import edit_comment, post_comment, withdraw_comment
from broadsheet.discussion.models import Comment, Thread
from broadsheet.live import follow
from broadsheet.live.tests.conftest import Follower, Serving
from broadsheet.moderation.actions import decide

READERS, COMMENTS = 6, 30
CANARY, LAST = "xheldword", "The last word."


class Tab:
    """A reader's page: each comment as the last event about it left it. The connection breaks now and then."""

    def __init__(self, port, thread, dice):
        self._port, self._thread, self._dice = port, thread, dice
        self.shown, self.cursor, self.connections, self.within = {}, 0, 0, []

    def read(self):
        """Until the last word, which every page knows by itself."""
        while not self._has_ended:
            self._connect()

    @property
    def _has_ended(self):
        return any(LAST in comment["html"] for comment in self.shown.values())

    def _connect(self):
        head = f"Host: x\r\nLast-Event-ID: {self.cursor}\r\n" if self.cursor else "Host: x\r\n"
        follower = Follower(self._port, f"/live/threads/{self._thread}?since=0", head=head)
        try:
            self._listen(follower)
        finally:
            follower.close()

    def _listen(self, follower):
        assert follower.head()[0] == 200
        self.connections += 1
        self.within.append([])
        for _ in range(self._dice.randint(1, 4)):
            if self._has_ended:
                return
            event = follower.event()
            assert event.data["since"] <= self.cursor, "a hole between what was heard and what comes"
            self.within[-1].append(event.data["revision"])
            self.cursor = max(self.cursor, event.data["revision"])
            self.shown |= {comment["id"]: comment for comment in event.data["comments"]}


@pytest.fixture
def served(monkeypatch, settings):
    """The stream over the real discussion, ten times as quick; gives its port and what a writer is to hold."""
    monkeypatch.setattr(follow, "PACE", 0.03)
    source = import_string(settings.LIVE_SOURCE)
    # The tests' SQLite lives in memory, where who reads while another writes is turned away.
    alone = threading.RLock() if connection.vendor == "sqlite" else nullcontext()

    def looked(pk, since):
        with alone:
            try:
                return source(pk, since)
            finally:
                connections.close_all()  # the test's database can be dropped only when nobody is connected

    serving = Serving(looked, bell())
    yield serving.port, alone
    serving.stop()


def something(dice, thread, authors, moderator, settings):
    """One thing that happens in a discussion."""
    living = list(Comment.objects.filter(thread=thread, status="published").order_by("pk"))
    chosen = dice.choice(living) if living else None
    deed = dice.choice(["post", "post", "post", "reply", "hold", "reject", "withdraw", "edit"])
    author, words = dice.choice(authors), f"Number {dice.getrandbits(40)}."
    if deed in {"post", "reply"} or chosen is None:
        return post_comment(author=author, thread=thread, body=words, parent=chosen if deed == "reply" else None)
    if deed == "hold":
        settings.PRE_MODERATION = True
        held = post_comment(author=author, thread=thread, body=f"{CANARY} {words}")
        settings.PRE_MODERATION = False
        return held
    if deed == "reject":
        return decide(moderator=moderator, comment=chosen, seen="published", after="rejected", reason="abusive").comment
    if deed == "withdraw":
        return withdraw_comment(author=chosen.author, comment=chosen)
    return edit_comment(author=chosen.author, comment=chosen, body=f"{words} Again.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [3, 14])
def test_every_reader_ends_with_the_same_page_however_often_the_line_breaks(
    served, seed, thread, reader, newcomer, moderator, settings
):
    settings.COMMENTS_PER_MINUTE = 10_000
    port, alone = served
    dice = random.Random(seed)
    tabs = [Tab(port, thread.pk, random.Random(seed * 100 + number)) for number in range(READERS)]
    with ThreadPoolExecutor(READERS) as pool:
        reading = [pool.submit(tab.read) for tab in tabs]
        pause = threading.Event()
        for _ in range(COMMENTS):
            with alone:
                something(dice, Thread.objects.get(pk=thread.pk), [reader, newcomer], moderator, settings)
            pause.wait(dice.random() * 0.04)
        with alone:
            post_comment(author=reader, thread=Thread.objects.get(pk=thread.pk), body=LAST)
            true = import_string(settings.LIVE_SOURCE)(thread.pk, 0)
        for done in reading:
            done.result(60)
    expected = {comment["id"]: comment for comment in true["comments"]}
    assert any(comment["gone"] for comment in expected.values())
    for tab in tabs:
        assert tab.connections > 1
        assert {pk: (c["gone"], c["html"]) for pk, c in tab.shown.items()} == {
            pk: (c["gone"], c["html"]) for pk, c in expected.items()
        }
        assert all(heard == sorted(heard) for heard in tab.within), "one connection heard something out of turn"
        assert CANARY not in str(tab.shown)


@pytest.mark.django_db(transaction=True)
def test_a_rejected_comment_leaves_every_open_page_within_two_seconds(served, thread, reader, moderator):
    port, alone = served
    with alone:
        comment = post_comment(author=reader, thread=thread, body="Words that will go.")
    followers = [Follower(port, f"/live/threads/{thread.pk}?since=0") for _ in range(20)]
    for follower in followers:
        assert follower.head()[0] == 200
        assert "Words that will go" in follower.event().data["comments"][0]["html"]
    with alone:
        decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="abusive")
    for follower in followers:
        follower.socket.settimeout(2)
        (told,) = follower.event().data["comments"]
        assert (told["id"], told["gone"]) == (comment.pk, True)
        assert "Words that will go" not in told["html"]
        follower.close()
