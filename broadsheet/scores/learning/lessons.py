"""Which decisions are learned from, and what each says.

The last word of a person about a comment counts, as long as its words are still those that were decided about. What was
undone, what a setting decided and rejections for what words do not show (off topic, false, private) are left out. A
reader's report counts once a moderator has agreed: as the moderator's decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Q, QuerySet

from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.models import AUTOMATIC, Decision, Opinion, Reason, Source
from broadsheet.moderation.overview.figures import ABOUT_STATUS
from broadsheet.scores import late
from broadsheet.scores.learning.models import Misread, Recipe
from broadsheet.scores.models import Score, Waiting
from broadsheet.scoring.answers import Answer, Scores
from broadsheet.scoring.learning import INAPPROPRIATE, SPAM, Example, Look, is_kept_aside, look

MOST = 20_000  # comments, the latest decided: half a minute of work, and what a newsroom thought years ago fades
SHOWN, IN_BULK, MISREAD = 0.5, 0.5, 3.0  # what an example weighs: an echo, one of many at once, a mark made on purpose
AT_A_TIME = 500
SCORED_AT_ONCE = 600  # comments without a score, in one run
SAID = {
    "fine": {INAPPROPRIATE: False, SPAM: False},
    "abuse": {INAPPROPRIATE: True, SPAM: False},
    "spam": {SPAM: True},
    "misread": {INAPPROPRIATE: False},
}
ABUSE = (Reason.ABUSIVE, Reason.HATEFUL, Reason.ILLEGAL)


def recipe(since: datetime | None = None) -> Recipe:
    """What is to be learned from by now, in the order in which it was said."""
    said = [*_decided(since), *_blind(since)]
    abuse = {comment for _, comment, code, _ in said if code == "abuse"}
    said += [each for each in _misread(since) if each[1] not in abuse]
    return [(comment, code, weight) for _, comment, code, weight in sorted(said)]


Said = tuple[datetime, int, str, float]


def readable() -> QuerySet[Comment]:
    """Comments whose words are there and were not taken back."""
    return Comment.objects.exclude(body="").exclude(status=Status.WITHDRAWN)


def _unedited(moment: str) -> Q:
    """Whose words are those that were read at that moment."""
    return Q(comment__edited_at=None) | Q(comment__edited_at__lte=F(moment))


def _decided(since: datetime | None) -> Iterator[Said]:
    people = Decision.objects.filter(ABOUT_STATUS, undone_by=None).exclude(source__in=[*AUTOMATIC, Source.UNDO])
    last = people.filter(_later(since, "created_at")).order_by().values("comment").annotate(last=Max("pk"))
    rows = Decision.objects.filter(_unedited("created_at"), pk__in=last.order_by("-last").values("last")[:MOST])
    found = rows.filter(comment__in=readable()).values_list(
        "created_at", "comment", "after", "reason", "source", "score__shown"
    )
    for at, comment, after, reason, source, shown in found:
        if code := _code(after, reason):
            yield at, comment, code, (SHOWN if shown else 1.0) * (IN_BULK if source == Source.BULK else 1.0)


def _blind(since: datetime | None) -> Iterator[Said]:
    """Votes of the blind sample: cast without a word of what others or the scorer had said."""
    rows = Opinion.objects.filter(_unedited("created_at"), _later(since, "created_at"), is_blind=True)
    found = rows.filter(comment__in=readable()).order_by("-pk")
    for at, comment, after, reason in found.values_list("created_at", "comment", "after", "reason")[:MOST]:
        if code := _code(after, reason):
            yield at, comment, code, 1.0


def _misread(since: datetime | None) -> Iterator[Said]:
    rows = Misread.objects.filter(_unedited("at"), _later(since, "at"), comment__in=readable())
    for at, comment in rows.values_list("at", "comment"):
        yield at, comment, "misread", MISREAD


def _later(since: datetime | None, moment: str) -> Q:
    return Q(**{f"{moment}__gte": since}) if since else Q()


def _code(after: str, reason: str) -> str:
    if after == Status.PUBLISHED:
        return "fine"
    if after != Status.REJECTED:
        return ""
    return "abuse" if reason in ABUSE else "spam" if reason == Reason.SPAM else ""


def still_there(numbers: Iterable[int], at: datetime) -> set[int]:
    """Of these comments those whose words are there, and are still those of that moment."""
    found: set[int] = set()
    for some in parted(list(numbers)):
        rows = readable().filter(Q(edited_at=None) | Q(edited_at__lte=at), pk__in=some)
        found.update(rows.values_list("pk", flat=True))
    return found


# --- As the residual sees them ----------------------------------------------------------------------------------------


def scored(lessons: Recipe, base: str) -> Recipe:
    """The lessons about comments that the base model has answered about; of the others some are scored first, and
    those that are too many wait for the next time."""
    numbers = {comment for comment, _, _ in lessons}
    if missing := numbers - (known := _known(numbers, base)):
        rows = [Waiting(comment_id=number, is_new=False) for number in sorted(missing)[-SCORED_AT_ONCE:]]
        Waiting.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)
        late.work_off(late.MOST, SCORED_AT_ONCE)
        known |= _known(missing, base)
    return [lesson for lesson in lessons if lesson[0] in known]


def _known(numbers: set[int], base: str) -> set[int]:
    parts = parted(sorted(numbers))
    return {number for some in parts for number in _scored(some, base).values_list("comment", flat=True)}


def examples(lessons: Recipe, base: str, key: bytes) -> list[Example]:
    """The lessons as the residual sees them, with the base model's scores."""
    known: dict[int, tuple[Look, bool]] = {}
    for some in parted(sorted({comment for comment, _, _ in lessons})):
        for row in _scored(some, base).select_related("comment"):
            text = row.comment.body
            known[row.comment_id] = look(text, as_scores(row)), is_kept_aside(text, key)
    return [
        Example(known[comment][0], SAID[code], weight, known[comment][1])
        for comment, code, weight in lessons
        if comment in known
    ]


def _scored(numbers: list[int], base: str) -> QuerySet[Score]:
    """The scores of these comments that the base model gave, with or without what was learned on top."""
    return Score.objects.filter(Q(model=base) | Q(model__startswith=f"{base}+"), comment__in=numbers)


def as_scores(row: Score) -> Scores:
    """What a row says of the two answers that are learned on top of."""
    return Scores(
        row.model,
        row.language,
        Answer(row.inappropriate, reason=row.reasons.get(INAPPROPRIATE, "")),
        {},
        Answer(row.spam, reason=row.reasons.get(SPAM, "")),
        {},
        parts=row.parts,
    )


def parted(some: list[Any], size: int = AT_A_TIME) -> Iterator[list[Any]]:
    """A long list in parts that a statement can carry."""
    for at in range(0, len(some), size):
        yield some[at : at + size]
