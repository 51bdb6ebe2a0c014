"""A nudge before posting (setting DISCUSSION_NUDGES): do you mean it so? Off at first, never for spam or to staff.

What came of it is kept without words and without a name, so that a newsroom sees whether it helps anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.discussion.checks import Submission
from broadsheet.discussion.happenings import Happening
from broadsheet.discussion.happenings import Kind as Happened
from broadsheet.discussion.nudges import Nudge
from broadsheet.scores import about, asking, findings, posts
from broadsheet.scores.asking import Asked, Said
from broadsheet.scores.models import Kind, Nudged, Outcome, Use
from broadsheet.scores.thresholds import Limited
from broadsheet.scoring.answers import Answer

LATELY = timedelta(days=90)  # what the desk is shown; nothing older is kept
STRONG = 3  # shown is what weighs at least a third of the heaviest word
WAITED_FOR = timedelta(hours=1)  # as long as the answer to the question is taken for one


def inappropriate(submission: Submission) -> Nudge | None:
    """Asks about words that the newsroom would hold for them; silent where the scorer is late, off or does not know."""
    said, use = _said(submission)
    if said is None or not use.nudges:
        return None
    answer = said.scores.inappropriate
    threshold = Limited(said.scores.model, use).of(Kind.INAPPROPRIATE, said.scores.language).hold
    if answer.value is None or answer.value < threshold:
        return None
    _note(submission, answer.value, threshold)
    sentence = _("Some readers may take these words as an attack. You can change them, or post the comment as it is.")
    return Nudge(sentence, _spans(answer))


def _spans(answer: Answer) -> tuple[tuple[int, int], ...]:
    """The words that say most for it; a reader is not shown those that say a little, which are anybody's."""
    most = max((mark.weight for mark in answer.marks), default=0.0)
    strong = tuple(mark for mark in answer.marks if mark.weight * STRONG >= most)
    return findings.spans(replace(answer, marks=strong))


def _said(submission: Submission) -> tuple[Said | None, Use]:
    """What the check has been told already; a guest who has no row yet has passed no check, and is asked for here."""
    if not asking.is_on():
        return None, Use()
    if not submission.author.pk:
        use = Use.now()
        story = about.story_of(submission.thread, submission.parent, 0) if use.nudges else None
        return (asking.ask_within(Asked(submission.body, story)) if story else None), use
    post = posts.of_text(submission.body)
    return (post.said, post.use) if post and post.submission is submission else (None, Use())


def _note(submission: Submission, score: float, threshold: float) -> None:
    if submission.key is None:  # nothing to know the posting by
        return
    facts = {"before": score, "threshold": threshold, "words": _digest(submission.body)}
    story, intent = submission.thread.story, _digest(submission.key)
    # Sent twice at the same moment it may stand there twice: both rows hear of the posting, and nothing breaks.
    if not Nudged.objects.filter(story=story, intent=intent, outcome=Outcome.WAITING).update(**facts):
        Nudged.objects.create(story=story, intent=intent, **facts)


def _digest(words: str) -> str:
    return salted_hmac("broadsheet.scores.nudges", words).hexdigest()[:32]


def heard(happening: Happening) -> None:
    """A listener (setting DISCUSSION_LISTENERS): what was posted after all, changed or as it was."""
    comment = happening.comment
    if not asking.is_on() or happening.kind != Happened.POSTED or comment.key is None:
        return
    post = posts.of_text(comment.body)
    if post is None or not post.use.nudges:
        return
    asked = Nudged.objects.filter(story=comment.thread_id, intent=_digest(comment.key), outcome=Outcome.WAITING)
    for row in asked.filter(at__gt=clock.now() - WAITED_FOR):
        is_changed = row.words != _digest(comment.body)
        row.outcome = Outcome.CHANGED if is_changed else Outcome.AS_IT_WAS
        row.after = post.said.scores.inappropriate.value if is_changed and post.said else None
        row.intent = row.words = ""
        row.save(update_fields=["outcome", "after", "intent", "words"])


def close() -> None:
    """A regular job (setting JOBS): who has not posted within the hour has let it be; nothing ties it to them now."""
    late = Nudged.objects.filter(outcome=Outcome.WAITING, at__lte=clock.now() - WAITED_FOR)
    late.update(outcome=Outcome.LEFT, intent="", words="")


@dataclass(frozen=True)
class Summary:
    """What came of nudges since a moment."""

    asked: int
    changed: int
    calmer: int  # of those changed, below the threshold afterwards
    as_it_was: int
    left: int
    before: float | None  # the mean score of those changed, where both are known ...
    after: float | None  # ... and that of their new words

    @property
    def known(self) -> int:
        """How many are not waited for any more."""
        return self.changed + self.as_it_was + self.left


def summary(since: datetime) -> Summary:
    """How often writers were asked, and what they did; one query."""
    measured = Q(outcome=Outcome.CHANGED, after__isnull=False)
    found = Nudged.objects.filter(at__gte=since).aggregate(
        asked=Count("pk"),
        changed=Count("pk", filter=Q(outcome=Outcome.CHANGED)),
        calmer=Count("pk", filter=measured & Q(after__lt=F("threshold"))),
        as_it_was=Count("pk", filter=Q(outcome=Outcome.AS_IT_WAS)),
        left=Count("pk", filter=Q(outcome=Outcome.LEFT)),
        before=Avg("before", filter=measured),
        after=Avg("after", filter=measured),
    )
    return Summary(**found)
