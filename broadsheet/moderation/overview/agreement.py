"""The blind sample: how alike moderators decide, told with how sure one can be of it, and never as a ranking.

Every day a few decided comments are drawn by lot. Others say what they would have done without seeing what was done,
who wrote it, or what was found. The comment, not the opinion, is the unit: two opinions about one comment are no two
independent proofs.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.core.text import readable
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import rules
from broadsheet.moderation.models import AUTOMATIC, COMPLAINTS, LONGEST_NOTE, Decision, Opinion, Source
from broadsheet.moderation.overview.figures import ABOUT_STATUS, span_of, today
from broadsheet.moderation.overview.models import Sampled

JUDGED_FOR = timedelta(days=14)  # so long a drawn comment waits for others' opinions
LOOKED_BACK = timedelta(days=90)  # what the overview counts
FEW = 10  # comments; fewer say nothing about anybody
SURE = 1.96  # standard errors to either side: 95 of 100 such ranges hold the true value
EITHER = (Status.PUBLISHED, Status.REJECTED)
NOT_THEIRS = gettext_lazy("You have judged this comment already, or it is not in the sample any more.")


# --- Drawing ----------------------------------------------------------------------------------------------------------


def draw() -> int:
    """Draw yesterday's sample; how many comments came in (a job of the setting JOBS). Drawn twice, it is the same."""
    return draw_for(today() - timedelta(days=1))


@transaction.atomic
def draw_for(day: date) -> int:
    """Draw from what people decided on that day. The lot is seeded by the day and by what nobody outside knows."""
    if not settings.BLIND_SAMPLE_PER_DAY:
        return 0
    begins, ends = span_of(day)
    made = Decision.objects.filter(ABOUT_STATUS, created_at__gte=begins, created_at__lt=ends, after__in=EITHER)
    judged = made.exclude(source__in=[*AUTOMATIC, Source.UNDO])
    last = judged.values("comment").annotate(last=Max("pk")).order_by("comment")
    eligible = list(last.filter(comment__sampled=None).exclude(comment__body="").values_list("last", flat=True))
    wanted = settings.BLIND_SAMPLE_PER_DAY - Sampled.objects.filter(day=day).count()
    lot = random.Random(salted_hmac("broadsheet.moderation.sample", day.isoformat()).digest())
    drawn = lot.sample(eligible, max(0, min(wanted, len(eligible))))
    found = Decision.objects.in_bulk(drawn)
    Sampled.objects.bulk_create(
        (Sampled(comment_id=found[pk].comment_id, decision_id=pk, day=day) for pk in drawn), ignore_conflicts=True
    )
    return len(drawn)


# --- Judging ----------------------------------------------------------------------------------------------------------


def open_to(moderator: Reader) -> QuerySet[Sampled]:
    """What this moderator may judge blind: drawn lately, not their own words, and nothing they have decided or said."""
    mine = Decision.objects.filter(comment=OuterRef("comment"), moderator=moderator)
    said = Opinion.objects.filter(comment=OuterRef("comment"), moderator=moderator)
    lately = Sampled.objects.filter(day__gte=today() - JUDGED_FOR).exclude(comment__author=moderator)
    if (sections := rules.sections_of(moderator)) is not None:
        lately = lately.filter(comment__thread__story__section__in=sections)
    readable_still = lately.exclude(comment__body="").exclude(comment__status=Status.WITHDRAWN)
    return readable_still.filter(~Exists(mine), ~Exists(said)).order_by("pk")


def next_for(moderator: Reader, after: int = 0) -> Sampled | None:
    """The next comment for this moderator behind the one numbered `after`."""
    rows = open_to(moderator).filter(pk__gt=after).select_related("comment__parent", "comment__thread__story__section")
    return next((each for each in rows[:50] if rules.why_not_decide(moderator, _as_if_new(each.comment)) is None), None)


def judge(*, moderator: Reader, sampled: Sampled, after: str, reason: str = "", note: str = "") -> Opinion:
    """Keep what a moderator would have done with a drawn comment. It changes nothing, and is not taken back.

    Raises Refused, Unacceptable; Stale when it is not theirs to judge any more.
    """
    if why := rules.why_not_decide(moderator, _as_if_new(sampled.comment)):
        raise Refused(why)
    if after not in EITHER:
        raise Unacceptable(_("Please say whether you would publish or reject it."))
    if after == Status.REJECTED and reason not in COMPLAINTS:
        raise Unacceptable(_("Please choose the reason for which you reject the comment."))
    note = readable(note, most=LONGEST_NOTE, what=_("Note"))
    with transaction.atomic():
        if not open_to(moderator).filter(pk=sampled.pk).exists():
            raise Stale(str(NOT_THEIRS))
        made, is_new = Opinion.objects.get_or_create(
            comment=sampled.comment,
            moderator=moderator,
            defaults={
                "after": after,
                "reason": reason if after == Status.REJECTED else "",
                "note": note,
                "is_blind": True,
                "created_at": clock.now(),
            },
        )
        if not is_new:
            raise Stale(str(NOT_THEIRS))
    return made


def _as_if_new(comment: Comment) -> Comment:
    """The comment as the rules are asked about it: what became of it since must not show in the answer."""
    shown = Comment(pk=comment.pk, author_id=comment.author_id, thread_id=comment.thread_id, body=comment.body)
    shown.thread, shown.status = comment.thread, Status.PENDING
    return shown


# --- Counting ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Estimate:
    """A value, and the range in which the true one lies in 95 of 100 such samples."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    """How alike decisions and blind opinions are; without figures where there are too few to say."""

    comments: int  # in the sample, with at least one opinion
    opinions: int
    share: Estimate | None = None  # of pairs of judgements about one comment that are the same
    kappa: Estimate | None = None  # the same less what chance would bring: 0 chance, 1 always


@dataclass(frozen=True)
class Drift:
    """How one moderator's blind opinions differ from what colleagues had decided: in which direction, not how well."""

    moderator: Reader
    opinions: int
    stricter: int  # would have rejected what was published
    milder: int  # would have published what was rejected
    lean: Estimate | None = None  # stricter less milder, as a share of all

    @property
    def same(self) -> int:
        return self.opinions - self.stricter - self.milder


@dataclass(frozen=True)
class Judged:
    """One comment's judgements: how many there are, and how many of them reject it."""

    ratings: int
    rejecting: int


def measured() -> Agreement:
    """The agreement over the last 90 days; one query."""
    rejecting, ratings = defaultdict[int, int](int), defaultdict[int, int](int)
    for comment, first, after, _who in _opinions():
        if comment not in ratings:
            ratings[comment], rejecting[comment] = 1, int(first == Status.REJECTED)
        ratings[comment] += 1
        rejecting[comment] += int(after == Status.REJECTED)
    return agreement([Judged(number, rejecting[comment]) for comment, number in ratings.items()])


def agreement(judged: list[Judged]) -> Agreement:
    """Share and kappa of judgements that are either one thing or the other.

    Kappa is Fleiss' for two kinds and any number of judgements a comment (Fleiss, Levin, Paik: Statistical Methods for
    Rates and Proportions, 3rd ed., 18.3); with two of each it is Scott's pi. Its range is the jackknife's.
    """
    opinions = sum(each.ratings for each in judged) - len(judged)
    if len(judged) < FEW:
        return Agreement(len(judged), opinions)
    value = sum(map(_pairs_alike, judged)) / len(judged)
    return Agreement(len(judged), opinions, _wilson(value, len(judged)), _kappa_with_range(judged))


def _pairs_alike(each: Judged) -> float:
    """The share of pairs of judgements about one comment that are the same."""
    r, m = each.rejecting, each.ratings
    return (r * (r - 1) + (m - r) * (m - r - 1)) / (m * (m - 1))


def _sums(each: Judged) -> tuple[float, int, int]:
    return each.rejecting * (each.ratings - each.rejecting) / each.ratings, each.ratings, each.rejecting


def _kappa(count: int, mixed: float, ratings: int, rejecting: int) -> float | None:
    """None where everybody said the same of everything: chance would have brought that too."""
    p = rejecting / ratings
    chance = (ratings - count) * p * (1 - p)
    return 1 - mixed / chance if chance else None


def _kappa_with_range(judged: list[Judged]) -> Estimate | None:
    count, parts = len(judged), [_sums(each) for each in judged]
    mixed, ratings, rejecting = (sum(part[place] for part in parts) for place in range(3))
    value = _kappa(count, mixed, int(ratings), int(rejecting))
    without = [_kappa(count - 1, mixed - a, int(ratings - b), int(rejecting - c)) for a, b, c in parts]
    left = [each for each in without if each is not None]
    if value is None or len(left) < count:
        return None  # it hangs on a single comment: no range could be told
    mean = sum(left) / count
    error = math.sqrt((count - 1) / count * sum((each - mean) ** 2 for each in left))
    return Estimate(value, max(-1.0, value - SURE * error), min(1.0, value + SURE * error))


def _wilson(share: float, count: int) -> Estimate:
    """Wilson's range of a share, which stays between 0 and 1 and is honest for few."""
    square = SURE**2 / count
    centre = (share + square / 2) / (1 + square)
    half = SURE / (1 + square) * math.sqrt(share * (1 - share) / count + square / (4 * count))
    return Estimate(share, max(0.0, centre - half), min(1.0, centre + half))


def drifts(only: Reader | None = None) -> list[Drift]:
    """Each moderator's drift over the last 90 days, in the order of their names; of one alone where that is asked."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _comment, first, after, who in _opinions():
        if only is None or who == only.pk:
            counts[who][0] += 1
            counts[who][1] += int((first, after) == (Status.PUBLISHED, Status.REJECTED))
            counts[who][2] += int((first, after) == (Status.REJECTED, Status.PUBLISHED))
    people = sorted(Reader.objects.filter(pk__in=counts), key=lambda each: each.name_key)
    return [_drift(person, *counts[person.pk]) for person in people]


def _drift(moderator: Reader, opinions: int, stricter: int, milder: int) -> Drift:
    if opinions < FEW:
        return Drift(moderator, opinions, stricter, milder)
    lean = (stricter - milder) / opinions
    spread = math.sqrt(max(0.0, (stricter + milder) / opinions - lean**2) / opinions)
    # With nobody differing the usual formula knows no doubt; "the rule of three" does.
    half = max(SURE * spread, 3 / opinions)
    return Drift(moderator, opinions, stricter, milder, Estimate(lean, max(-1.0, lean - half), min(1.0, lean + half)))


def _opinions() -> Iterable[tuple[int, str, str, int]]:
    """(comment, what was decided, what was said blind, by whom) of the sample of the last 90 days; one query."""
    said = Opinion.objects.filter(is_blind=True, comment__sampled__day__gte=today() - LOOKED_BACK).order_by("pk")
    return said.values_list("comment", "comment__sampled__decision__after", "after", "moderator")
