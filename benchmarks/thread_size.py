"""Opening a story page whose discussion has 100 comments, and one whose discussion has 100,000: the same work.

    python -m benchmarks.thread_size [--comments 100000] [--database-url postgresql://.../name_benchmark]

Each page is rendered by Django from the database, with nothing kept: every order and view, a page in the middle, and
search, whose cost for words that stand nowhere is the one that grows.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

from benchmarks.measuring import machine
from benchmarks.newsroom import temporary_newsroom, words

SMALL = 100
TIMES = 40
PAGES = {
    "oldest first": "?order=oldest",
    "newest first": "?order=newest",
    "most respected": "?order=respected",
    "most discussed": "?order=discussed",
    "picks first": "?order=picks",
    "view of picks": "?view=picks",
    "view of answers": "?view=answers",
}


def main() -> None:
    """Measure and print both, and the ratio."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.thread_size", description=__doc__.split("\n")[0])
    arguments.add_argument("--comments", type=int, default=100_000)
    arguments.add_argument("--database-url", default="", help="a PostgreSQL database, emptied before; else SQLite")
    given = arguments.parse_args()
    with temporary_newsroom(given.database_url) as newsroom:
        from django.db import connection

        from broadsheet.delivery.storage import collect_if_changed

        collect_if_changed()
        story = newsroom.fill(SMALL)
        lively(story)
        large = copy_of(story, given.comments)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{machine()}; {connection.vendor}; median of {TIMES} renderings each, in turns.")
        for name, query in PAGES.items():
            compare(name, story.get_absolute_url() + query, large.get_absolute_url() + query)
        middle = given.comments // 2 // 50 // 2
        oldest = "?order=oldest"
        compare(
            f"page {middle}", story.get_absolute_url() + oldest, f"{large.get_absolute_url()}{oldest}&page={middle}"
        )
        for name, word in (("search, found", "bridge"), ("search, nowhere", "zeppelin")):
            compare(name, *(f"/stories/{each.pk}/comments/search/?q={word}" for each in (story, large)))


def lively(story: Any) -> None:
    """Respects for every conversation, and each picked by an editor: a full page in every order and view."""
    from django.db.models import F

    roots = story.thread.comments.filter(parent=None)
    roots.update(respects=F("number") % 10, picked_at=F("published_at"), merit=F("number") % 5 + 1, notable=True)
    many = roots.count()
    type(story.thread).objects.filter(pk=story.pk).update(picks=many, notable=many, started=many)


def copy_of(story: Any, comments: int) -> Any:
    """A second story whose first fifty conversations are those of the first, and then so many more."""
    import random

    from broadsheet.core.text import search_words
    from broadsheet.discussion.models import Comment, Thread
    from broadsheet.stories.models import Story

    dice = random.Random(7)
    pattern = list(story.thread.comments.order_by("number", "reply_number"))
    large = Story.objects.get(pk=story.pk)
    large.pk, large.slug = None, "bridge-again"
    large._state.adding = True
    large.save()
    many = comments // 2
    thread = Thread.objects.create(
        story=large, revision=comments, conversations=many, published=comments, picks=many, notable=many, started=many
    )
    texts = [words(dice, 45) for _ in range(500)]
    first_pk = Comment.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    rows = []
    for number in range(comments):
        like = pattern[number % len(pattern)]
        parent = first_pk + number - 1 if like.parent_id else None
        rows.append(
            Comment(
                pk=first_pk + number,
                thread=thread,
                author_id=like.author_id,
                author_name=like.author_name,
                parent_id=parent,
                root_id=parent,
                number=number // 2 + 1,
                place=number // 2 + 1,
                reply_number=like.reply_number,
                depth=like.depth,
                reply_count=like.reply_count,
                replies_given=like.replies_given,
                body="",
                status="published",
                revision=number + 1,
                html=like.html if number < SMALL else f"<p>{texts[number % 500]}</p>",
                words=like.words if number < SMALL else search_words(texts[number % 500]),
                respects=like.respects,
                picked_at=like.picked_at,
                merit=like.merit,
                notable=like.notable,
                created_at=like.created_at,
                published_at=like.published_at,
            )
        )
        if len(rows) == 5000:
            Comment.objects.bulk_create(rows)
            rows = []
    Comment.objects.bulk_create(rows)
    return large


def compare(name: str, small: str, large: str) -> None:
    """Render both in turns and print what each took."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    took: dict[str, list[float]] = {small: [], large: []}
    queries = {}
    for address in took:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        queries[address] = len(asked)
    for _ in range(TIMES):
        for address, times in took.items():
            forget_everything()
            began = time.perf_counter()
            client.get(address)
            times.append(time.perf_counter() - began)
    one, other = (statistics.median(times) * 1000 for times in took.values())
    print(
        f"{name:<16} {one:6.1f} ms ({queries[small]} queries)   large: {other:6.1f} ms ({queries[large]} queries)"
        f"   RATIO {other / one:.2f}"
    )


def forget_everything() -> None:
    """Nothing rendered or read before may help, and nobody has searched yet."""
    from django.core.cache import cache

    from broadsheet.delivery import memory
    from broadsheet.discussion import fragments

    cache.clear()
    fragments._kept.clear()
    memory._kept.clear()


if __name__ == "__main__":
    main()
