"""How far readers' reports can be relied on: whom editors agreed with before, and who is known well enough to count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q

from broadsheet.accounts.models import PublisherIdentity, Reader
from broadsheet.moderation.models import Outcome, Report
from broadsheet.moderation.people.models import Kind, Sanction

# Before anything is known a reporter is taken to be right about as often as not; four answers weigh as much as that.
PRIOR, PRIOR_WEIGHT = 0.5, 4
SETTLED_IN = timedelta(days=7)  # an account younger than this counts for no threshold: it may be made for the purpose
UNRELIABLE = 0.25  # below this share, smoothed, reports count for no threshold
MISUSE_WINDOW = timedelta(days=180)
MISUSE_ANSWERED = 10  # answered reports within that time, from which on misuse is looked for ...
MISUSE_SHARE = 0.2  # ... and the share editors agreed with, below which it is hinted at


@dataclass(frozen=True)
class Reliability:
    """Of somebody's answered reports, those after which the comment was removed."""

    agreed: int = 0
    answered: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1, drawn to the middle where little is known."""
        return (self.agreed + PRIOR * PRIOR_WEIGHT) / (self.answered + PRIOR_WEIGHT)

    @property
    def weight(self) -> float:
        """What one report of theirs weighs in a queue: 1 where nothing is known, 2 at the most."""
        return 2 * self.share

    @property
    def percent(self) -> int:
        return round(100 * self.agreed / self.answered) if self.answered else 0


UNKNOWN = Reliability()


def reliability_of(readers: Iterable[int]) -> dict[int, Reliability]:
    """How often editors agreed with each of these readers' reports; one query for all of them.

    Who has no answered report is `UNKNOWN`. What an author withdrew before anybody looked counts neither way.
    """
    wanted = set(readers)
    return {**dict.fromkeys(wanted, UNKNOWN), **_tallied(wanted, None)} if wanted else {}


def misuses(reader: Reader, now: datetime) -> Reliability | None:
    """The tally of the last half year where it looks like misuse of reporting; None where it does not.

    A hint for a moderator, who looks at the reports themselves: nothing follows by itself.
    """
    found = _tallied({reader.pk}, now - MISUSE_WINDOW).get(reader.pk, UNKNOWN)
    is_misuse = found.answered >= MISUSE_ANSWERED and found.agreed < MISUSE_SHARE * found.answered
    return found if is_misuse else None


def _tallied(readers: set[int], since: datetime | None) -> dict[int, Reliability]:
    rows = Report.objects.filter(reporter__in=readers, outcome__in=[Outcome.REMOVED, Outcome.KEPT])
    if since:
        rows = rows.filter(created_at__gt=since)
    sums = rows.values("reporter").annotate(agreed=Count("pk", filter=Q(outcome=Outcome.REMOVED)), answered=Count("pk"))
    return {row["reporter"]: Reliability(row["agreed"], row["answered"]) for row in sums.order_by()}


def credible(readers: Iterable[int], now: datetime) -> set[int]:
    """Those whose reports count for a threshold: proved, not new, in good standing, and not wrong time after time."""
    proved = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    known_elsewhere = PublisherIdentity.objects.filter(reader=OuterRef("pk"))
    off = Sanction.objects.in_force().filter(
        reader=OuterRef("pk"), kind__in=[Kind.NO_REPORTS, Kind.BAN, Kind.SUSPENSION]
    )
    rows = Reader.objects.filter(
        Q(Exists(proved)) | Q(Exists(known_elsewhere)),
        ~Exists(off),
        pk__in=set(readers),
        is_active=True,
        is_guest=False,
        date_joined__lt=now - SETTLED_IN,
    )
    found = set(rows.values_list("pk", flat=True))
    known = reliability_of(found)
    return {pk for pk in found if known[pk].share >= UNRELIABLE}
