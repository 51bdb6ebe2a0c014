"""The overview's figures made ready for its page: charts, shares, and sentences about how sure they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, Sum

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Status
from broadsheet.moderation import rules
from broadsheet.moderation.models import ACT_LABELS, Decision, Reason
from broadsheet.moderation.overview import agreement, charts, figures
from broadsheet.moderation.overview.figures import ABOUT_STATUS, Figures, Period, percentile
from broadsheet.moderation.overview.models import DayOf

HARD = (Reason.ABUSIVE, Reason.HATEFUL)  # what wears down who reads much of it
MUCH = 40  # of such comments in a day, from which on the page says something


def whole(period: Period) -> dict[str, Any]:
    """What everybody at the desk may see."""
    total = period.whole
    return {
        "total": total,
        "half": charts.how_long(percentile(total.buckets(), 0.5)),
        "most": charts.how_long(percentile(total.buckets(), 0.9)),
        "most_wrong": charts.percent(figures.MOST_WRONG),
        "times": charts.times_by_day(period),
        "acts": charts.acts_by_day(period),
        "sources": [_of_source(total, source) for source in figures.sources_in(total)],
        "reasons": charts.shares([(str(Reason(code).label), count) for code, count in total.reasons.items()]),
        "kinds": charts.shares(
            [(str(ACT_LABELS.get(act, act)), count) for act, count in total.acts.items() if act != "imported"]
        ),
        "by_rules": charts.percent(total.rules / both) if (both := total.people + total.rules) else "–",
        "agreed": charts.percent(total.reports["agreed"] / total.answered) if total.answered else "–",
        "agreement": _in_words(agreement.measured()),
        "sample": settings.BLIND_SAMPLE_PER_DAY,
        "few": agreement.FEW,
    }


def people(moderator: Reader, length: int) -> dict[str, Any]:
    """What concerns single people: one's own, and for supervisors everybody's, in the order of their names."""
    supervises = rules.may_supervise(moderator)
    return {
        "mine": _work(length, moderator),
        "team": _work(length) if supervises else [],
        "drifts": [_drift(each) for each in agreement.drifts(None if supervises else moderator)],
        "hard": (count := _hard_today(moderator)),
        "is_much": count >= MUCH,
    }


def _of_source(total: Figures, source: Any) -> dict[str, Any]:
    buckets = total.buckets(source)
    half, most = (charts.how_long(percentile(buckets, share)) for share in (0.5, 0.9))
    return {"label": source.label, "count": sum(buckets.values()), "half": half, "most": most}


def _work(length: int, only: Reader | None = None) -> list[dict[str, Any]]:
    """How much was done in the period, a row a moderator: three queries, however much it was."""
    last = figures.today()
    rows = DayOf.objects.filter(day__gt=last - timedelta(days=length), day__lt=last)
    if only:
        rows = rows.filter(moderator=only)
    summed = {
        row["moderator"]: [row["acts"], row["rejected"]]
        for row in rows.values("moderator").annotate(acts=Sum("acts"), rejected=Sum("rejected")).order_by()
    }
    for row in figures.by_moderator(last, only):
        counts = summed.setdefault(row["moderator"], [0, 0])
        counts[0] += row["acts"]
        counts[1] += row["rejected"]
    names = sorted(Reader.objects.filter(pk__in=summed), key=lambda each: each.name_key)
    return [{"name": each.name, "acts": summed[each.pk][0], "rejected": summed[each.pk][1]} for each in names]


def _hard_today(moderator: Reader) -> int:
    """How many comments somebody rejected today for abuse or hatred: they have read all of them."""
    begins, _ = figures.span_of(figures.today())
    made = Decision.objects.filter(ABOUT_STATUS, moderator=moderator, created_at__gte=begins)
    return made.filter(Q(after=Status.REJECTED, reason__in=HARD)).count()


def _in_words(found: agreement.Agreement) -> dict[str, Any]:
    return {
        "comments": found.comments,
        "opinions": found.opinions,
        "share": _range(found.share, charts.percent),
        "kappa": _range(found.kappa, charts.decimals),
    }


def _drift(found: agreement.Drift) -> dict[str, Any]:
    return {
        "name": found.moderator.name,
        "opinions": found.opinions,
        "stricter": found.stricter,
        "milder": found.milder,
        "same": found.same,
        "lean": _range(found.lean, charts.points),
    }


def _range(estimate: agreement.Estimate | None, written: Any) -> dict[str, str] | None:
    if estimate is None:
        return None
    return {"value": written(estimate.value), "low": written(estimate.low), "high": written(estimate.high)}
