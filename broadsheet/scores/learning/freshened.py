"""Once another version is in force: what it says of the approved comments, and the thresholds that follow from that.

Only the learned part is asked again; the base model's answers are kept beside every score.
"""

from __future__ import annotations

from broadsheet.core import clock
from broadsheet.discussion.models import Comment
from broadsheet.scores import approved
from broadsheet.scores.learning.applied import Applied, in_force
from broadsheet.scores.learning.lessons import as_scores, parted
from broadsheet.scores.models import Score, Threshold
from broadsheet.scores.thresholds import keep_shipped
from broadsheet.scoring.learning import bare, base_name

MOST = 2_000  # comments, the latest: two of a hundred of them are forty


def freshen(base: str) -> bool:
    """Read the thresholds of what answers now, unless that was done."""
    version = in_force()
    version = version if version and version.learned.base == base else None
    model = f"{base}+{version.name}" if version else base
    if Threshold.objects.filter(model=model, comments__gt=0).exists():
        return False
    rows = list(Score.objects.filter(comment__in=approved.approved()).order_by("-comment")[:MOST])
    for some in parted([row for row in rows if base_name(row.model) == base and row.model != model]):
        texts = dict(Comment.objects.filter(pk__in=[row.comment_id for row in some]).values_list("pk", "body"))
        for row in some:
            _say_anew(row, version, texts[row.comment_id])
        Score.objects.bulk_update(some, ["model", "inappropriate", "spam", "reasons", "parts", "made_at"], 100)
    keep_shipped(model)
    approved.read(model)
    return True


def _say_anew(row: Score, version: Applied | None, text: str) -> None:
    """The row as this version has it. Its marks stay: they are for the card, and these comments are decided."""
    scores = bare(as_scores(row))
    if version:
        scores = version.apply(scores, text)
    row.model, row.parts, row.made_at = scores.model, dict(scores.parts), clock.now()
    row.inappropriate, row.spam = scores.inappropriate.value, scores.spam.value
    told = {"inappropriate": scores.inappropriate.reason, "spam": scores.spam.reason}
    row.reasons = {name: code for name, code in {**row.reasons, **told}.items() if code}
