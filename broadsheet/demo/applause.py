"""Who respects what in the demo's discussions, and who follows them. Every number has its readers behind it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db.models import Count, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from broadsheet.demo.cast import ACCOUNTS, Cast
from broadsheet.demo.thread_file import Remark
from broadsheet.discussion.following import follow_person, follow_thread
from broadsheet.discussion.models import Comment, Reaction, Thread, ThreadFollow, Visit

USUAL = 1.6  # readers who respect a comment, where nobody has counted
FOLLOWERS = 14  # of the long discussion
UNREAD = 12  # comments since the demo's reader was last there: the page marks them as new


def respect(said: list[tuple[Comment, Remark]], cast: Cast, dice: random.Random) -> None:
    """Respect for what readers can see, each reader once a comment; stored all at once, for a demo is loaded often."""
    people = cast.townspeople
    given: list[Reaction] = []
    shown = Comment.objects.in_bulk([comment.pk for comment, _ in said])
    for before, remark in said:
        comment = shown[before.pk]
        if not comment.is_public:
            continue
        count = remark.respects if remark.respects is not None else int(dice.expovariate(1 / USUAL))
        for reader in dice.sample(people, min(count, len(people))):
            if reader.pk != comment.author_id:
                given.append(Reaction(comment=comment, reader=reader, created_at=comment.created_at + _later(dice)))
    given.sort(key=lambda each: each.created_at)  # in the order of their numbers, as respect really comes
    Reaction.objects.bulk_create(given, batch_size=500)
    counted = Reaction.objects.filter(comment=OuterRef("pk")).values("comment").annotate(n=Count("pk")).values("n")
    Comment.objects.update(respects=Coalesce(Subquery(counted), 0))


def follow(long: Thread, cast: Cast, now: datetime) -> None:
    """The reader one can sign in as follows the long discussion and two people, and has not read its latest comments."""
    reader = cast.reader(ACCOUNTS[2][1])
    follow_thread(reader=reader, thread=long)
    for name in ("Dee Okoro", "Dr. Raman"):
        follow_person(reader=reader, person=cast.reader(name))
    others = [person for person in cast.townspeople if person != reader][:FOLLOWERS]
    ThreadFollow.objects.bulk_create(ThreadFollow(reader=person, thread=long, created_at=now) for person in others)
    last = long.comments.order_by("-created_at", "-pk").values_list("created_at", flat=True)[UNREAD]
    unread = long.comments.filter(created_at__gt=last).aggregate(first=Min("revision"))["first"]
    Visit.objects.create(reader=reader, thread=long, revision=unread - 1, at=last)


def _later(dice: random.Random) -> timedelta:
    return timedelta(minutes=dice.randrange(1, 12))
