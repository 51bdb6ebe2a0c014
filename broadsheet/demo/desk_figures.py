"""The demo's desk in numbers: its last weeks, a blind sample with opinions, and a webhook that is switched off.

What the town's moderators did before the demo was loaded has no rows, only its days' numbers, invented like the town.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from broadsheet.accounts.models import Reader
from broadsheet.demo.cast import ACCOUNTS, Cast
from broadsheet.discussion.models import Status
from broadsheet.moderation.models import Decision, Opinion, Reason, Source
from broadsheet.moderation.overview import agreement, figures
from broadsheet.moderation.overview.models import Day, DayOf, Sampled
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
    """Busier on weekdays; slower at the weekend, when nobody sits at the desk."""
    weekend = day.weekday() >= 5
    rejected = dice.randrange(2, 8)
    approved = dice.randrange(8, 26) // (2 if weekend else 1)
    by_rule, made = dice.randrange(0, 4), dice.randrange(2, 9)
    agreed = dice.randrange(0, made)
    by_person = approved + rejected + made - agreed + 1
    hours = [dice.lognormvariate(0.3 if weekend else -0.9, 1.1) for _ in range(approved + rejected)]
    times = Counter(str(figures.bucket_of(3600 * each)) for each in hours)
    Day.objects.create(
        day=day,
        figures={
            "acts": {"approved": approved, "rejected": rejected + by_rule, "kept": made - agreed, "picked": 1},
            "sources": {Source.PERSON: by_person, Source.RULE: by_rule},
            "reasons": Counter(dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=rejected + by_rule)),
            "waited": {Source.PERSON: times},
            "reports": {"made": made, "agreed": agreed, "kept": made - agreed},
        },
        counted_at=figures.span_of(day)[1] + figures.LATE,
    )
    own = by_person // 4
    DayOf.objects.create(moderator=editor, day=day, acts=own, rejected=rejected // 4)
    DayOf.objects.create(moderator=moderator, day=day, acts=by_person - own, rejected=rejected - rejected // 4)


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
