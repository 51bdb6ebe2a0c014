"""What readers' comments bring to the news desk: corrections of stories, and leads for their reporters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment
from broadsheet.stories.models import Story

LONGEST = 2000  # characters of a claim or a note: a paragraph of the story, and what is wrong with it


class State(models.TextChoices):
    """How far a correction is; published once its notice stands on the story."""

    OPEN = "open", pgettext_lazy("a correction", "Open")
    ACCEPTED = "accepted", pgettext_lazy("a correction", "Accepted")
    PUBLISHED = "published", pgettext_lazy("a correction", "Published")
    DECLINED = "declined", pgettext_lazy("a correction", "Declined")


WAITING = (State.OPEN, State.ACCEPTED)


class Correction(models.Model):
    """That a comment says a story is wrong, from the moment a moderator sends it on until the desk is done with it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="corrections")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="corrections")
    claim = models.TextField(max_length=LONGEST)  # which passage is wrong, and what is said to be right
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    told = models.TextField(max_length=LONGEST, blank=True)  # to the comment's author, with a refusal; empty: nothing
    notice = models.BigIntegerField(null=True, blank=True)  # the number of the story's notice, once it is published
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)  # published or declined

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="correction_state_is_known"),
            models.UniqueConstraint(
                fields=["comment"], condition=Q(state__in=WAITING), name="one_waiting_correction_a_comment"
            ),
            models.CheckConstraint(
                condition=Q(state=State.PUBLISHED, notice__isnull=False) | ~Q(state=State.PUBLISHED),
                name="published_correction_has_its_notice",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="correction_state")]

    def __str__(self) -> str:
        return f"{self.state} ({self.comment_id})"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


class Step(models.Model):
    """What somebody did about a correction or noted beside it; for colleagues."""

    class Act(models.TextChoices):
        SENT = "sent", pgettext_lazy("a correction", "Sent to the desk")
        TAKEN = "taken", pgettext_lazy("a correction", "Taken on")
        ACCEPTED = "accepted", pgettext_lazy("a correction", "Accepted")
        PUBLISHED = "published", pgettext_lazy("a correction", "Published")
        DECLINED = "declined", pgettext_lazy("a correction", "Declined")
        NOTED = "noted", pgettext_lazy("a correction", "Noted")

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=9, choices=Act.choices)
    by = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(max_length=LONGEST, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["sent", "taken", "accepted", "published", "declined", "noted"]),
                name="step_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} ({self.correction_id})"


class Thanks(models.Model):
    """Whether a reader wants to be thanked by name where a comment of theirs put a story right; without a row: no."""

    reader = models.OneToOneField(Reader, on_delete=models.CASCADE, related_name="thanks")
    by_name = models.BooleanField()
    chosen_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.by_name}"


class Lead(models.Model):
    """A comment that the story's reporters should know of, and nobody else outside the newsroom's desks."""

    class Answer(models.TextChoices):
        NONE = "", pgettext_lazy("a lead", "Not answered yet")
        TAKEN = "taken", pgettext_lazy("a lead", "Taken")
        USELESS = "useless", pgettext_lazy("a lead", "Not of use")

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="lead")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="leads")
    note = models.TextField(max_length=LONGEST, blank=True)
    marked_by = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(null=True, blank=True)  # when the reporters were written to
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.NONE, blank=True)
    answered_by = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=["", "taken", "useless"]), name="lead_answer_is_known")
        ]
        indexes = [
            models.Index(fields=["story", "-id"], name="lead_story"),
            models.Index(fields=["created_at"], condition=Q(told_at=None), name="lead_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.get_answer_display()}"
