"""Who holds which card: a moderator takes some for a few minutes, and nobody else decides about them meanwhile.

A lease is on a comment's places in all queues at once, so that nobody takes from one queue what a colleague holds from
another. It ends with its time, when the card is put back, and with the decision.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale
from broadsheet.discussion.models import Comment
from broadsheet.moderation import rules
from broadsheet.moderation.models import Entry

AT_ONCE = 10  # cards to a take: a quarter of an hour's work
MOST_HELD = 30  # by one moderator: who takes more than that keeps colleagues from working
_ROUNDS = 3


def take(*, moderator: Reader, waiting: QuerySet[Entry], number: int = AT_ONCE) -> list[int]:
    """Lease the first free cards of a queue, as the page orders and narrows it; the comments' numbers, in its order.

    Left out is what a colleague holds or is about to take, what the moderator has asked colleagues about, and what they
    wrote themselves. Raises Refused for whoever holds many cards already, and where nothing is free.
    """
    _require_moderator(moderator)
    taken: list[int] = []
    with transaction.atomic():
        now = clock.database_now()
        free_hands = MOST_HELD - len(held_by(moderator, now))
        if free_hands <= 0:
            raise Refused(_("You hold many cards already. Please decide about those, or put them back."))
        wanted = min(number, free_hands)
        tried: list[int] = []
        for _round in range(_ROUNDS):
            found = _free(moderator, waiting, now).exclude(comment__in=tried)[: wanted - len(taken)]
            chosen = list(dict.fromkeys(place.comment_id for place in _cards(found)))
            got = _hold_whole(moderator, chosen, now)
            taken += [comment for comment in chosen if comment in got]
            tried += chosen
            if not chosen or len(taken) >= wanted:
                break
    if not taken:
        raise Refused(_("Nothing here is free at the moment: colleagues hold what waits."))
    return taken


def take_over(*, moderator: Reader, comment: Comment) -> None:
    """Hold this card oneself: one that is free, or, for a supervisor, a colleague's. Raises Refused, Stale."""
    _require_moderator(moderator)
    if why := rules.why_not_decide(moderator, comment):
        raise Refused(why)
    with transaction.atomic():
        now = clock.database_now()
        places = list(_rows(Entry.objects.filter(comment=comment), skip=False).order_by("pk"))
        if not places:
            raise Stale(_("This comment waits in no queue any more."))
        if (why := _why_held(places, moderator, now)) and not moderator.is_supervisor:
            raise Stale(why)
        Entry.objects.filter(comment=comment).update(holder=moderator, held_until=now + settings.DESK_LEASE)


def put_back(*, moderator: Reader, comments: list[int] | None = None) -> int:
    """Give back the cards one holds, or some of them; how many comments that were."""
    mine = Entry.objects.filter(holder=moderator)
    if comments is not None:
        mine = mine.filter(comment__in=comments)
    number = mine.values("comment").distinct().count()
    mine.update(holder=None, held_until=None)
    return number


def end(comment: Comment) -> None:
    """A decision has been made: whatever else the comment waits for is anybody's again."""
    Entry.objects.filter(comment=comment, holder__isnull=False).update(holder=None, held_until=None)


def held_by(moderator: Reader, now: datetime) -> list[int]:
    """The numbers of the comments that this moderator holds, in the order of the desk."""
    mine = Entry.objects.filter(holder=moderator, held_until__gt=now).order_by("due", "pk")
    return list(dict.fromkeys(mine.values_list("comment_id", flat=True)))


def why_not_held(comment: Comment, moderator: Reader) -> str | None:
    """Why this moderator cannot decide now: a colleague holds the card, and until when. None when nobody else does."""
    held = list(Entry.objects.filter(comment=comment, holder__isnull=False).select_related("holder"))
    return _why_held(held, moderator, clock.database_now()) if held else None


def said_of(place: Entry) -> str:
    """Who holds a card and until when, in a sentence."""
    name = place.holder.name if place.holder else ""
    until = clock.clock_time(place.held_until) if place.held_until else ""
    return _("%(name)s holds this card until %(moment)s.") % {"name": name, "moment": until}


def is_held(place: Entry, now: datetime) -> bool:
    """Whether somebody's lease of this place still runs."""
    return place.holder_id is not None and place.held_until is not None and place.held_until > now


def _why_held(places: list[Entry], moderator: Reader, now: datetime) -> str | None:
    for place in places:
        if place.holder_id != moderator.pk and is_held(place, now):
            return said_of(place)
    return None


def _require_moderator(moderator: Reader) -> None:
    if not rules.may_decide(moderator):
        raise Refused(_("Only moderators decide about comments."))


def _free(moderator: Reader, waiting: QuerySet[Entry], now: datetime) -> QuerySet[Entry]:
    open_to_me = Q(held_until=None) | Q(held_until__lte=now)
    elsewhere = Entry.objects.filter(comment=OuterRef("comment"), held_until__gt=now)
    rows = waiting.filter(open_to_me).exclude(asked_by=moderator).exclude(author=moderator)
    return rows.filter(~Exists(elsewhere)).order_by("due", "pk")


def _cards(places: QuerySet[Entry]) -> QuerySet[Entry]:
    """These places, their comments locked; on PostgreSQL without those that a colleague is taking now from any queue.

    Were it places that are locked, two who take the same cards from two queues would each find the other's in the way,
    and with many at it nobody would get any. Rows that point to the comment may be written meanwhile.
    """
    if connection.vendor != "postgresql":
        return places
    return places.select_related("comment").select_for_update(of=("comment",), skip_locked=True, no_key=True)


def _rows(places: QuerySet[Entry], *, skip: bool = True) -> QuerySet[Entry]:
    """These places, locked; on PostgreSQL without those that a colleague is taking now. SQLite has one writer."""
    if connection.vendor != "postgresql":
        return places
    return places.select_for_update(of=("self",), skip_locked=skip)


def _hold_whole(moderator: Reader, comments: list[int], now: datetime) -> set[int]:
    """Lease all places of these comments; of one that has a place which somebody else has locked or leased, none."""
    all_places = Entry.objects.filter(comment__in=comments)
    free = [place for place in _rows(all_places).order_by("pk") if not is_held(place, now)]
    wanted: dict[int, int] = {}
    for comment in all_places.values_list("comment_id", flat=True):
        wanted[comment] = wanted.get(comment, 0) + 1
    for place in free:
        wanted[place.comment_id] -= 1
    whole = {comment for comment, missing in wanted.items() if missing == 0}
    Entry.objects.filter(comment__in=whole).update(holder=moderator, held_until=now + settings.DESK_LEASE)
    return whole
