"""Opening a queue in which 50 comments wait, and one in which 50,000 do: the same work.

    python -m benchmarks.queue [--comments 50000] [--database-url postgresql://.../name_benchmark]

Each page is rendered by Django from the database for a signed-in moderator: the front, a page in the middle, views
narrowed by what an index knows, and a text search, whose cost for words that stand nowhere is the one that grows. With
SQLite, which works in this process, its processor time is counted, so that a busy machine does not blur it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

from benchmarks.measuring import machine
from benchmarks.newsroom import temporary_newsroom, words

SMALL = 50
TIMES = 25
PAGES = {
    "the front": "",
    "of one section": "?section={section}",
    "of new authors": "?state=new",
    "in one language": "?language=en",
    "scores from 0.9": "?least=.9",
    "words, found": "?words=bridge",
    "words, nowhere": "?words=zeppelin",
}


def main() -> None:
    """Measure and print both, and the ratio; then what a take of ten costs."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.queue", description=__doc__.split("\n")[0])
    arguments.add_argument("--comments", type=int, default=50_000)
    arguments.add_argument("--database-url", default="", help="a PostgreSQL database, emptied before; else SQLite")
    given = arguments.parse_args()
    with temporary_newsroom(given.database_url) as newsroom:
        from django.db import connection

        from broadsheet.delivery.storage import collect_if_changed

        collect_if_changed()
        story = newsroom.fill(100)
        client = signed_in()
        fill(story, "reported", SMALL)
        fill(story, "pending", given.comments)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{machine()}; {connection.vendor}; median of {TIMES} renderings each, in turns.")
        print(f"{'':20} {SMALL:>9,} {given.comments:>11,}   ratio  queries")
        for name, query in PAGES.items():
            query = query.format(section=story.section_id)
            compare(client, name, f"/moderation/reported/{query}", f"/moderation/pending/{query}")
        compare(
            client,
            "in the middle",
            f"/moderation/reported/{middle('reported')}",
            f"/moderation/pending/{middle('pending')}",
        )
        take()


def signed_in() -> Any:
    """A client at the desk."""
    from django.contrib.auth.models import Permission
    from django.test import Client

    from broadsheet.accounts.models import Reader

    moderator = Reader.objects.create_user("bench@example.org", "Bench Mark", None, is_staff=True)
    moderator.user_permissions.add(Permission.objects.get(codename="decide"))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(moderator)
    return client


def fill(story: Any, queue: str, number: int) -> None:
    """So many comments in a queue, as bad weeks leave them: many authors, findings, a reason for each place."""
    import random
    from datetime import timedelta

    from broadsheet.accounts.models import Reader
    from broadsheet.core import clock
    from broadsheet.core.text import search_words
    from broadsheet.discussion.models import Comment, Flag
    from broadsheet.moderation.likeness import keys_of
    from broadsheet.moderation.models import Entry, Likeness

    dice, now = random.Random(7), clock.now()
    start = Comment.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    people = list(Reader.objects.values_list("pk", "name")[:200])
    states = ["new", "known", "watched", "staff"]
    thread = story.thread
    top = Comment.objects.filter(thread=thread).order_by("-number").values_list("number", flat=True)[0]
    for begin in range(0, number, 2000):
        comments, places, flags, keys = [], [], [], []
        for place in range(begin, min(begin + 2000, number)):
            body, pk = words(dice, 40), start + place
            author, name = dice.choice(people)
            since = now - timedelta(seconds=dice.randrange(14 * 86400))
            minutes = dice.choice([0, 30, 120, 360, 1440])
            comments.append(
                Comment(
                    pk=pk, thread=thread, author_id=author, author_name=name, number=top + place + 1, body=body,
                    html=f"<p>{body}</p>", words=search_words(body), created_at=since, revision=pk,
                    status="pending" if queue == "pending" else "published",
                    published_at=None if queue == "pending" else since, language="en",
                )
            )  # fmt: skip
            places.append(
                Entry(
                    queue=queue, comment_id=pk, thread=thread, section_id=story.section_id, author_id=author,
                    author_state=dice.choice(states), language="en" if place % 3 else "de", score=dice.random(),
                    since=since, due=since - timedelta(minutes=minutes), why=[["new", minutes, {}]] if minutes else [],
                )
            )  # fmt: skip
            flags.append(Flag(comment_id=pk, check_name="links", reason="It has 3 links.", asks_for="pending"))
            keys += [Likeness(comment_id=pk, key=key) for key in keys_of(search_words(body))]
        for model, rows in ((Comment, comments), (Entry, places), (Flag, flags), (Likeness, keys)):
            model.objects.bulk_create(rows, batch_size=2000)


def middle(queue: str) -> str:
    """The query of the page in the middle of a queue."""
    from broadsheet.moderation.models import Entry
    from broadsheet.moderation.narrowing import Cursor

    rows = Entry.objects.filter(queue=queue).order_by("due", "pk")
    place = rows[rows.count() // 2 - 10 if rows.count() > 60 else 0]
    return f"?after={Cursor(place.due, place.pk)}"


def compare(client: Any, name: str, small: str, large: str) -> None:
    """Render both in turns and print what each took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    took: dict[str, list[float]] = {small: [], large: []}
    queries = {}
    for address in took:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        queries[address] = len(asked)
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    for _ in range(TIMES):
        for address, times in took.items():
            began = clock()
            client.get(address)
            times.append(clock() - began)
    one, other = (statistics.median(times) * 1000 for times in took.values())
    counts = "/".join(str(queries[address]) for address in took)
    print(f"{name:20} {one:6.1f} ms {other:8.1f} ms   {other / one:5.2f}  {counts}")


def take() -> None:
    """What taking ten cards of the long queue costs, and putting them back."""
    from broadsheet.accounts.models import Reader
    from broadsheet.moderation import claims
    from broadsheet.moderation.models import Entry

    moderator, times = Reader.objects.get(email="bench@example.org"), []
    for _ in range(TIMES):
        began = time.perf_counter()
        claims.take(moderator=moderator, waiting=Entry.objects.filter(queue="pending"))
        times.append(time.perf_counter() - began)
        claims.put_back(moderator=moderator)
    print(f"{'taking ten':20} {'':>9} {statistics.median(times) * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
