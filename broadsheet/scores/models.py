"""What a scorer said of comments, how the newsroom uses that, and where its thresholds are."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from broadsheet.core import clock
from broadsheet.discussion.models import Comment
from broadsheet.moderation.models import Decision
from broadsheet.stories.models import Story


class Kind(models.TextChoices):
    """The answers that a threshold is set for."""

    INAPPROPRIATE = "inappropriate", pgettext_lazy("what a comment may be", "Inappropriate")
    SPAM = "spam", pgettext_lazy("what a comment may be", "Spam")


class State(models.TextChoices):
    """What a score above its threshold does."""

    OFF = "off", pgettext_lazy("a score's use", "Off")
    TRIAL = "trial", pgettext_lazy("a score's use", "On trial")
    ON = "on", pgettext_lazy("a score's use", "On")


class Lateness(models.TextChoices):
    """What becomes of a comment that the scorer has not answered about in time."""

    PASS = "pass", pgettext_lazy("a comment without a score", "It passes")
    HOLD = "hold", pgettext_lazy("a comment without a score", "It waits for the score")


class Score(models.Model):
    """What the scorer said of a comment's words as they are now; another answer takes its place."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="score")
    model = models.CharField(max_length=160)  # name and version of what answered
    language = models.CharField(max_length=8, blank=True)
    # The answers that rows are looked for by, 0 to 1; None is "unknown".
    inappropriate = models.FloatField(null=True, blank=True)
    spam = models.FloatField(null=True, blank=True)
    relevance = models.FloatField(null=True, blank=True)
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)  # {kind or advance: 0 to 1, or null}
    reasons: models.JSONField[Any, Any] = models.JSONField(default=dict)  # {answer: code}, where it has one
    # {answer: [[start, end, weight, why], ...]}, in code points of the body.
    marks: models.JSONField[Any, Any] = models.JSONField(default=dict)
    parts: models.JSONField[Any, Any] = models.JSONField(default=dict)  # what was blended, as logits
    milliseconds = models.FloatField(default=0)
    late = models.BooleanField(default=False)  # the post had waited for it, in vain
    honeypot = models.BooleanField(default=False)  # the field that people do not see was filled
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="score_made_at")]

    def __str__(self) -> str:
        return f"{self.comment_id} by {self.model}"


class Waiting(models.Model):
    """A comment that has no score for its words as they are now; the row goes when it has."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="+")
    is_new = models.BooleanField(default=True)  # just written: it may yet be held. What is old is only measured
    late = models.BooleanField(default=False)  # the post had waited for the score, in vain
    honeypot = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)  # by a worker, which may have died since
    since = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["-is_new", "id"], name="score_waiting")]

    def __str__(self) -> str:
        return f"{self.comment_id} since {self.since}"


class Linked(models.Model):
    """A server that a comment links to, so that what became of such comments is found by an index."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "host"], name="linked_once")]
        indexes = [models.Index(fields=["host", "-comment"], name="linked_host")]

    def __str__(self) -> str:
        return f"{self.comment_id} to {self.host}"


class Use(models.Model):
    """One row: how the newsroom uses scores. Changed by `actions.change_use` alone, which keeps who did it."""

    inappropriate = models.CharField(max_length=5, choices=State.choices, default=State.TRIAL)
    spam = models.CharField(max_length=5, choices=State.choices, default=State.TRIAL)
    false_alarms = models.PositiveSmallIntegerField(default=20)  # of a thousand approved comments, above the threshold
    # A threshold that somebody has set, 0 to 1; None is the computed one.
    fixed_inappropriate = models.FloatField(null=True, blank=True)
    fixed_spam = models.FloatField(null=True, blank=True)
    when_late = models.CharField(max_length=4, choices=Lateness.choices, default=Lateness.PASS)
    nudges = models.BooleanField(default=False)  # ask a reader once, before posting, whether they mean it so
    learns = models.BooleanField(default=True)  # from this newsroom's decisions
    trickle = models.PositiveSmallIntegerField(default=20)  # of a thousand low scores, read by somebody all the same
    learned: models.JSONField[Any, Any] = models.JSONField(default=dict)  # what was learned here and is in force
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(inappropriate__in=State.values, spam__in=State.values), name="score_use_is_known"
            ),
            models.CheckConstraint(condition=Q(false_alarms__range=(1, 500)), name="score_false_alarms_are_some"),
            models.CheckConstraint(condition=Q(trickle__range=(0, 1000)), name="score_trickle_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"inappropriate {self.inappropriate}, spam {self.spam}"

    @classmethod
    def now(cls) -> Use:
        """How scores are used; as they are before anybody has changed anything, where there is no row."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def state_of(self, kind: str) -> State:
        """What a score of that kind does."""
        return State(getattr(self, kind))

    def fixed(self, kind: str) -> float | None:
        """The threshold that somebody has set; None where it is the computed one."""
        return getattr(self, f"fixed_{kind}")  # type: ignore[no-any-return]

    @property
    def holds(self) -> bool:
        """Whether any score holds comments."""
        return State.ON in {self.inappropriate, self.spam}

    @property
    def is_awaited(self) -> bool:
        """Whether a post has to know its score before it is published."""
        return self.holds or self.nudges


class Threshold(models.Model):
    """Where this newsroom's approved comments stood with one model, one day: what thresholds are read from.

    `scale[p]` is the value that at most p of a thousand of them reach. Where there are too few of them, `scale` is
    (hold, top) as the scorer brings them.
    """

    kind = models.CharField(max_length=13, choices=Kind.choices)
    model = models.CharField(max_length=160)
    language = models.CharField(max_length=8, blank=True)  # empty: all together
    comments = models.PositiveIntegerField()  # how many it was read from
    scale: models.JSONField[Any, Any] = models.JSONField(default=list)  # see thresholds
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["model", "kind", "language", "-made_at"], name="threshold_latest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.model}, {self.comments} comments"


class Hour(models.Model):
    """How the scorer did in one hour."""

    at = models.DateTimeField(unique=True)  # its beginning
    scored = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    given_up = models.PositiveIntegerField(default=0)  # threads that did not come back from a text, in any process
    milliseconds = models.FloatField(default=0)  # of all that were scored
    slowest = models.FloatField(default=0)  # milliseconds

    def __str__(self) -> str:
        return f"{self.at}: {self.scored}"

    @classmethod
    def count(cls, failed: int = 0, given_up: int = 0) -> None:
        """Keep that so many could not be scored, and so many threads were given up."""
        if not (failed or given_up):
            return
        at = clock.now().replace(minute=0, second=0, microsecond=0)
        cls.objects.get_or_create(at=at)
        cls.objects.filter(at=at).update(failed=F("failed") + failed, given_up=F("given_up") + given_up)


class Outcome(models.TextChoices):
    """What came of asking a writer whether they mean it so."""

    WAITING = "waiting", pgettext_lazy("what came of a nudge", "Not yet known")
    CHANGED = "changed", pgettext_lazy("what came of a nudge", "Posted in other words")
    AS_IT_WAS = "as it was", pgettext_lazy("what came of a nudge", "Posted as it was")
    LEFT = "left", pgettext_lazy("what came of a nudge", "Not posted within an hour")


class Nudged(models.Model):
    """A writer was asked, before a comment was stored, whether they mean it so; no words, and nobody's name."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")  # it may have no discussion's row yet
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    threshold = models.FloatField()  # from where on it was asked
    before = models.FloatField()  # the score of the words it was asked about
    after = models.FloatField(null=True, blank=True)  # of the other words that were posted; None: was not known then
    # By which the posting is known again, while it is waited for: digests of the form's key and of the words.
    intent = models.CharField(max_length=32, blank=True)
    words = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="nudged_at"),
            models.Index(fields=["intent"], condition=Q(outcome="waiting"), name="nudged_waiting"),
        ]
        constraints = [models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="nudge_outcome_is_known")]

    def __str__(self) -> str:
        return f"{self.story_id} at {self.at}: {self.outcome}"


class DecisionScore(models.Model):
    """What the scorer had said of a comment when somebody decided about it, and whether they saw that."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="score")
    model = models.CharField(max_length=160)
    inappropriate = models.FloatField(null=True, blank=True)
    spam = models.FloatField(null=True, blank=True)
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)  # as Score.values
    # {kind: the threshold in force}, so that what was held then is known whatever thresholds are now.
    thresholds: models.JSONField[Any, Any] = models.JSONField(default=dict)
    shown = models.BooleanField(default=False)  # on the card that the decision was made on
    asked = models.CharField(max_length=13, blank=True)  # which kind had spoken about it; empty: none had
    above = models.BooleanField(default=False)  # that one's score was above the threshold, and not only near the top

    def __str__(self) -> str:
        return f"{self.decision_id} by {self.model}"


import broadsheet.scores.backends.models  # noqa: E402

# Django looks for an app's tables in this module alone.
import broadsheet.scores.learning.models  # noqa: E402, F401
