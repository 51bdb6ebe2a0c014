"""Reports by readers and decisions by moderators."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status, Thread

LONGEST_NOTE = 1000  # characters: room for a quotation and what is wrong with it


def receipt_token() -> str:
    """128 random bits in a link: whoever holds it may read the receipt (OWASP ASVS 5.0, 11.5.1)."""
    return secrets.token_urlsafe(16)


class Reason(models.TextChoices):
    """Why a comment is reported or rejected; the last one is only for leaving a comment where it is."""

    IRRELEVANT = "irrelevant", _("It has nothing to do with the story")
    ABUSIVE = "abusive", _("It insults, threatens or harasses somebody")
    HATEFUL = "hateful", _("It attacks people for who they are")
    FALSE = "false", _("It states as fact what is not so")
    PRIVATE = "private", _("It gives away private matters")
    SPAM = "spam", _("It is advertising or repeats itself")
    ILLEGAL = "illegal", _("It is against the law")
    OTHER = "other", _("Something else")
    FINE = "fine", _("It keeps to the comment policy")

    @property
    def short(self) -> str:
        """One or two words, for a button on the desk."""
        return str(_SHORT[self])


_SHORT = {
    Reason.IRRELEVANT: pgettext_lazy("a reason in a word or two", "Off topic"),
    Reason.ABUSIVE: pgettext_lazy("a reason in a word or two", "Abuse"),
    Reason.HATEFUL: pgettext_lazy("a reason in a word or two", "Hate"),
    Reason.FALSE: pgettext_lazy("a reason in a word or two", "False"),
    Reason.PRIVATE: pgettext_lazy("a reason in a word or two", "Private matter"),
    Reason.SPAM: pgettext_lazy("a reason in a word or two", "Spam"),
    Reason.ILLEGAL: pgettext_lazy("a reason in a word or two", "Illegal"),
    Reason.OTHER: pgettext_lazy("a reason in a word or two", "Other"),
    Reason.FINE: pgettext_lazy("a reason in a word or two", "Fine"),
}
COMPLAINTS = [reason for reason in Reason if reason != Reason.FINE]  # what may be said against a comment


class Outcome(models.TextChoices):
    WAITING = "waiting", _("An editor has not looked at it yet")
    REMOVED = "removed", _("An editor agreed and removed the comment")
    KEPT = "kept", _("An editor looked at it and left the comment as it is")
    GONE = "gone", _("The comment's author withdrew it")


class Report(models.Model):
    """A reader's complaint about a comment, with an account or without."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    # A keyed hash of the address of somebody without an account, for the rate limit; emptied after a day.
    address_key = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    token = models.CharField(max_length=32, unique=True, default=receipt_token)
    created_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    decision = models.ForeignKey("Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    # True on one waiting report of a comment, the oldest: the queue walks these, so its length costs nothing.
    queued = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"], condition=Q(reporter__isnull=False), name="one_report_a_reader"
            ),
            models.UniqueConstraint(
                fields=["comment", "address_key"], condition=~Q(address_key=""), name="one_report_an_address"
            ),
            models.UniqueConstraint(fields=["comment"], condition=Q(queued=True), name="one_place_in_the_queue"),
            models.CheckConstraint(
                condition=Q(queued=False) | Q(outcome=Outcome.WAITING), name="only_waiting_reports_are_queued"
            ),
            models.CheckConstraint(condition=Q(reason__in=COMPLAINTS), name="report_reason_is_known"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="report_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.WAITING, Outcome.GONE], decision__isnull=True)
                | Q(outcome__in=[Outcome.REMOVED, Outcome.KEPT], decision__isnull=False),
                name="report_outcome_has_its_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(queued=True), name="report_queue"),
            models.Index(fields=["reporter", "created_at"], name="report_reporter"),
            models.Index(fields=["address_key", "created_at"], condition=~Q(address_key=""), name="report_address"),
            models.Index(fields=["created_at"], condition=~Q(address_key=""), name="report_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.comment_id})"

    @property
    def result(self) -> Outcome:
        """The outcome as it is now: an author who withdraws a comment settles what waits about it."""
        outcome = Outcome(self.outcome)
        if outcome == Outcome.WAITING and self.comment.status == Status.WITHDRAWN:
            return Outcome.GONE
        return outcome


Row = TypeVar("Row", bound=models.Model)


class UnchangingQuerySet(models.QuerySet[Row]):
    """Rows that can be read and added; whatever would change or remove one is refused."""

    def update(self, **kwargs: Any) -> NoReturn:
        refuse_change()

    def delete(self) -> NoReturn:
        refuse_change()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_change()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Row]:
        if kwargs.get("update_conflicts"):
            refuse_change()
        return super().bulk_create(*args, **kwargs)


def refuse_change() -> NoReturn:
    """Say no to a change of a decision. The database says it too, to whoever comes another way (see guard.py)."""
    raise TypeError("A decision is never changed; make another that follows it.")


class Unchanging(models.Model):
    """A row that says what somebody did. Never edited and never deleted: a later one follows it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse_change()
        # Without force_insert Django would first try to update a row of that number.
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_change()


ACTS = {
    (Status.PENDING, Status.PUBLISHED): "approved",
    (Status.PENDING, Status.REJECTED): "rejected",
    (Status.PUBLISHED, Status.REJECTED): "rejected",
    (Status.PUBLISHED, Status.PUBLISHED): "kept",  # reported, and left where it is
    (Status.REJECTED, Status.PUBLISHED): "restored",
}


ACT_LABELS = {
    "approved": pgettext_lazy("what a moderator has done with a comment", "Approved"),
    "rejected": pgettext_lazy("what a moderator has done with a comment", "Rejected"),
    "kept": pgettext_lazy("what a moderator has done with a comment", "Kept"),
    "restored": pgettext_lazy("what a moderator has done with a comment", "Restored"),
    "picked": pgettext_lazy("what a moderator has done with a comment", "Picked"),
    "unpicked": pgettext_lazy("what a moderator has done with a comment", "No longer picked"),
}


class Decision(Unchanging):
    """A moderator's act on a comment. Never edited and never deleted: a later one follows it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    number = (
        models.PositiveIntegerField()
    )  # 1 for the first about this comment, then in order: none is made beside another
    moderator = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    seen = models.CharField(max_length=10, choices=Status.choices)  # the status on the moderator's screen
    after = models.CharField(max_length=10, choices=Status.choices)
    picked = models.BooleanField(null=True, blank=True)  # an editor's pick made or taken back; None: about the status
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)  # told to the reporters
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)  # for colleagues; readers never see it
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Decision]] = UnchangingQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        permissions = [("decide", "May decide about comments")]
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="one_decision_follows_another"),
            models.CheckConstraint(
                condition=Q(seen__in=Status.values, after__in=[Status.PUBLISHED, Status.REJECTED]),
                name="decision_statuses_are_known",
            ),
            models.CheckConstraint(
                condition=~Q(after=Status.REJECTED) | Q(reason__in=COMPLAINTS), name="rejection_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(reason__in=["", *Reason.values]), name="decision_reason_is_known"),
            models.CheckConstraint(
                condition=Q(picked__isnull=True) | Q(seen=Status.PUBLISHED, after=Status.PUBLISHED),
                name="only_public_comments_are_picked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} ({self.comment_id})"

    @property
    def act(self) -> str:
        """What was done, in one word: approved, kept, rejected, restored, picked, unpicked."""
        if self.picked is not None:
            return "picked" if self.picked else "unpicked"
        return ACTS.get((Status(self.seen), Status(self.after)), f"{self.seen} to {self.after}")

    @property
    def act_label(self) -> str:
        """The same for people to read."""
        return str(ACT_LABELS.get(self.act, self.act))

    @property
    def decided_by(self) -> str:
        """The moderator's name; an import or a program decides for the newsroom."""
        return self.moderator.name if self.moderator else gettext("The newsroom")


class ThreadAct(models.TextChoices):
    """What a moderator does with a discussion as a whole."""

    CLOSED = "closed", _("The discussion was closed")
    OPENED = "opened", _("The discussion was opened again")
    TIMED = "timed", _("Its period was changed")
    MODE = "mode", _("What it takes was changed")
    SLOWED = "slowed", _("Its slow mode was changed")
    EXPERT = "expert", _("An expert was named")
    NO_EXPERT = "no expert", _("An expert was taken off")


class ThreadDecision(Unchanging):
    """A moderator's act on a discussion as a whole; kept like a decision, even when a draft is deleted with its own."""

    thread = models.ForeignKey(Thread, on_delete=models.DO_NOTHING, db_constraint=False, related_name="decisions")
    moderator = models.ForeignKey(
        Reader, null=True, blank=True, on_delete=models.PROTECT, related_name="thread_decisions"
    )
    act = models.CharField(max_length=10, choices=ThreadAct.choices)
    # As the tables have it: a mode, seconds, days, an account's number. Words are made of it when somebody looks.
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[ThreadDecision]] = UnchangingQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.CheckConstraint(condition=Q(act__in=ThreadAct.values), name="thread_act_is_known")]
        indexes = [models.Index(fields=["thread", "-id"], name="thread_decisions")]

    def __str__(self) -> str:
        return f"{self.act} ({self.thread_id})"

    @property
    def decided_by(self) -> str:
        """The moderator's name; a program decides for the newsroom."""
        return self.moderator.name if self.moderator else gettext("The newsroom")
