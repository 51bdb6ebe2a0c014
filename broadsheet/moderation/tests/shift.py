"""Many moderators at one queue, at the same time: what the race tests run, also as a program of its own.

    python -m broadsheet.moderation.tests.shift PROCESS MODERATORS

works as the moderators with these places (PROCESS of 2 takes every second) until nothing waits, and prints as JSON what
each of them did. The database is that of the environment.
"""

from __future__ import annotations

import json
import sys
import threading
import time

MOST_IDLE = 600  # seconds: longer than any shift takes, so that a fault ends the test and not the whole run


def work(moderator):
    """Take ten, decide about each, and again until nothing is left: (comments decided, losses, longest wait)."""
    from broadsheet.core.refusals import Refused, Stale
    from broadsheet.moderation import claims
    from broadsheet.moderation.actions import decide
    from broadsheet.moderation.models import Entry, Queue

    decided, lost, longest, idle_since = [], 0, 0.0, None
    waiting = Entry.objects.filter(queue=Queue.PENDING)
    while True:
        began = time.monotonic()
        try:
            taken = claims.take(moderator=moderator, waiting=waiting)
        except Refused:
            if not waiting.exists():
                return decided, lost, longest
            idle_since = idle_since or began
            if began - idle_since > MOST_IDLE:
                raise
            threading.Event().wait(0.05)  # colleagues hold the last ones
            continue
        idle_since = None
        longest = max(longest, time.monotonic() - began)
        for comment in comments_of(taken):
            after, reason = ("published", "") if comment.pk % 3 else ("rejected", "spam")
            try:
                decide(moderator=moderator, comment=comment, seen="pending", after=after, reason=reason)
            except Stale:
                lost += 1
            else:
                decided.append(comment.pk)


def comments_of(keys):
    from broadsheet.discussion.models import Comment

    return Comment.objects.with_story().filter(pk__in=keys)


def together(moderators):
    """All of them at once, each in a thread and with a connection of their own; what each did, or the fault."""
    from django.db import connection

    start, answers = threading.Barrier(len(moderators)), [None] * len(moderators)

    def run(place, moderator):
        start.wait(30)
        try:
            answers[place] = work(moderator)
        except Exception as fault:
            answers[place] = f"{type(fault).__name__}: {fault}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(moderators)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def main():
    import django

    django.setup()
    from broadsheet.accounts.models import Reader

    process, number = int(sys.argv[1]), int(sys.argv[2])
    moderators = list(Reader.objects.filter(email__startswith="shift").order_by("pk")[:number])[process::2]
    print("ready", flush=True)
    sys.stdin.readline()  # until everybody is: who starts late finds nothing left
    print(json.dumps(together(moderators)))


if __name__ == "__main__":
    main()
