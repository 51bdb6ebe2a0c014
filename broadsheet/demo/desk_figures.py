"""The demo's desk in numbers: its last weeks, a blind sample with opinions, and a webhook that is switched off.

What the town's moderators did before the demo was loaded has no rows, only its days' numbers, invented like the town.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from broadsheet.accounts.models import Reader
from broadsheet.demo.cast import ACCOUNTS, Cast
from broadsheet.discussion.models import Status
from broadsheet.moderation.models import Decision, Opinion, Reason, Source
from broadsheet.moderation.overview import agreement, figures
from broadsheet.moderation.overview.models import Day, DayIn, DayOf, Sampled
from broadsheet.stories.models import Section
from broadsheet.webhooks.actions import save_endpoint

DAYS = 60
TO_JUDGE = 4  # of the sample, left for whoever looks at the demo
WEIGHTS = {
    Reason.SPAM: 5,
    Reason.ABUSIVE: 4,
    Reason.IRRELEVANT: 3,
    Reason.FALSE: 2,
    Reason.HATEFUL: 1,
    Reason.PRIVATE: 1,
}


def show(cast: Cast, dice: random.Random) -> None:
    """Fill what the overview shows."""
    moderator, editor = cast.moderator, cast.reader(ACCOUNTS[0][1])
    last = figures.today()
    for back in range(DAYS, 0, -1):
        _one_day(last - timedelta(days=back), moderator, editor, dice)
    _sample(editor, last, dice)
    save_endpoint(
        by=editor,
        endpoint=None,
        name="Town archive",
        address="https://archive.pennoway.example/webhooks",
        kinds=["comment.published", "comment.rejected", "decision.made"],
        with_words=False,
        is_on=False,
    )


def _one_day(day: date, moderator: Reader, editor: Reader, dice: random.Random) -> None:
    """The sections' numbers, and the paper's, which are those together."""
    by_section = {section: _made(day, dice) for section in Section.objects.values_list("pk", flat=True)}
    DayIn.objects.bulk_create(DayIn(section_id=pk, day=day, figures=made) for pk, made in by_section.items())
    whole = {
        name: _sum(made[name] for made in by_section.values()) for name in ("acts", "sources", "reasons", "reports")
    }
    times = _sum(made["waited"][Source.PERSON] for made in by_section.values())
    counted_at = figures.span_of(day)[1] + figures.LATE
    Day.objects.create(day=day, figures={**whole, "waited": {Source.PERSON: times}}, counted_at=counted_at)
    acts, rejected = whole["sources"][Source.PERSON], whole["acts"]["rejected"] - whole["sources"][Source.RULE]
    DayOf.objects.create(moderator=editor, day=day, acts=acts // 4, rejected=rejected // 4)
    DayOf.objects.create(moderator=moderator, day=day, acts=acts - acts // 4, rejected=rejected - rejected // 4)


def _made(day: date, dice: random.Random) -> dict[str, Any]:
    """A section's: busier on weekdays; slower at the weekend, when nobody sits at the desk."""
    weekend = day.weekday() >= 5
    rejected = dice.randrange(0, 3)
    approved = dice.randrange(2, 8) // (2 if weekend else 1)
    by_rule, made = dice.randrange(0, 2), dice.randrange(1, 4)
    agreed = dice.randrange(0, made)
    hours = [dice.lognormvariate(0.3 if weekend else -0.9, 1.1) for _ in range(approved + rejected)]
    return {
        "acts": {"approved": approved, "rejected": rejected + by_rule, "kept": made - agreed},
        "sources": {Source.PERSON: approved + rejected + made - agreed, Source.RULE: by_rule},
        "reasons": Counter(dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=rejected + by_rule)),
        "waited": {Source.PERSON: Counter(str(figures.bucket_of(3600 * each)) for each in hours)},
        "reports": {"made": made, "agreed": agreed, "kept": made - agreed},
    }


def _sum(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    return sum(map(Counter, parts), Counter())


def _sample(editor: Reader, day: date, dice: random.Random) -> None:
    """What the moderator decided, judged by the editor blind; some of it is left."""
    made = Decision.objects.filter(source=Source.PERSON, after__in=agreement.EITHER, picked=None, locked=None)
    newest = {each.comment_id: each for each in made.exclude(comment__body="").order_by("pk")}
    rows = [Sampled(comment_id=comment, decision=each, day=day) for comment, each in newest.items()]
    for place, row in enumerate(Sampled.objects.bulk_create(rows)):
        if place < len(rows) - TO_JUDGE:
            agrees = dice.random() < 0.85
            other = Status.REJECTED if row.decision.after == Status.PUBLISHED else Status.PUBLISHED
            after = row.decision.after if agrees else other
            reason = row.decision.reason if agrees else Reason.IRRELEVANT
            rejects = after == Status.REJECTED
            Opinion.objects.create(
                comment_id=row.comment_id,
                moderator=editor,
                after=after,
                reason=reason if rejects else "",
                is_blind=True,
            )
