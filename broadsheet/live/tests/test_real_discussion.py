"""The stream over the real discussion: several readers write at once, and whoever follows misses nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils.module_loading import import_string

from broadsheet.accounts.models import Reader
from broadsheet.core.bell import bell
from broadsheet.discussion.actions import post_comment
from broadsheet.discussion.models import Thread
from broadsheet.live.tests.conftest import PATIENCE, Follower, Serving

NAMES = ("Anna Birch", "Bert Cole", "Cora Dunn", "Dora Elm")
WRITERS, EACH = len(NAMES), 6


@pytest.mark.django_db(transaction=True)
def test_every_comment_of_several_writers_reaches_the_reader_in_order_of_revision(settings, thread):
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lives in memory and cannot be written by several threads")
    settings.COMMENTS_PER_MINUTE = 1000
    authors = [Reader.objects.create_user(f"{n}@example.org", NAMES[n]) for n in range(WRITERS)]
    source = import_string(settings.LIVE_SOURCE)

    def looked(pk, since):
        try:
            return source(pk, since)
        finally:
            connections.close_all()  # the test's database can be dropped only when nobody is connected

    serving = Serving(looked, bell())
    follower = Follower(serving.port, f"/live/threads/{thread.pk}?since=0")
    assert follower.head()[0] == 200
    started = threading.Barrier(WRITERS)

    def write(author):
        started.wait(PATIENCE)
        for number in range(EACH):
            post_comment(author=author, thread=Thread.objects.get(pk=thread.pk), body=f"Point {number} of {author}.")
        connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, authors))
    heard, cursors = set(), []
    while len(heard) < WRITERS * EACH:
        event = follower.event()
        cursors.append(event.data["revision"])
        heard |= {comment["id"] for comment in event.data["comments"]}
    assert heard == set(thread.comments.values_list("pk", flat=True))
    assert cursors == sorted(cursors)
    follower.close()
    serving.stop()
