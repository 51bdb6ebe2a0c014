"""Reports by readers, decisions by moderators, what waits at their desk, and how each has it laid out."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"], condition=Q(reporter__isnull=False), name="one_report_a_reader"
            ),
            models.UniqueConstraint(
                fields=["comment", "address_key"], condition=~Q(address_key=""), name="one_report_an_address"
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
            models.Index(fields=["reporter", "created_at"], name="report_reporter"),
            models.Index(fields=["address_key", "created_at"], condition=~Q(address_key=""), name="report_address"),
            models.Index(fields=["created_at"], condition=~Q(address_key=""), name="report_forget"),
            models.Index(fields=["created_at"], name="report_at"),
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


NEW = ""  # what a comment was before it came in: `seen` of a decision that a rule or an import made
ACTS: dict[tuple[str, str], str] = {
    (Status.PENDING, Status.PUBLISHED): "approved",
    (Status.PENDING, Status.REJECTED): "rejected",
    (Status.PUBLISHED, Status.REJECTED): "rejected",
    (Status.PUBLISHED, Status.PUBLISHED): "kept",  # reported or unreviewed, and left where it is
    (Status.PUBLISHED, Status.PENDING): "held",
    (Status.REJECTED, Status.PUBLISHED): "restored",
    (Status.REJECTED, Status.REJECTED): "confirmed",  # looked at again on appeal, and nowhere else
    (Status.REJECTED, Status.PENDING): "reopened",
    (NEW, Status.PENDING): "held",
    (NEW, Status.REJECTED): "rejected",
    (NEW, Status.PUBLISHED): "imported",
}


ACT_LABELS = {
    "approved": pgettext_lazy("what a moderator has done with a comment", "Approved"),
    "rejected": pgettext_lazy("what a moderator has done with a comment", "Rejected"),
    "kept": pgettext_lazy("what a moderator has done with a comment", "Kept"),
    "restored": pgettext_lazy("what a moderator has done with a comment", "Restored"),
    "confirmed": pgettext_lazy("what a moderator has done with a comment", "Confirmed"),
    "held": pgettext_lazy("what a moderator has done with a comment", "Held"),
    "reopened": pgettext_lazy("what a moderator has done with a comment", "Reopened"),
    "imported": pgettext_lazy("what a moderator has done with a comment", "Imported"),
    "locked": pgettext_lazy("what a moderator has done with a comment", "Replies closed"),
    "unlocked": pgettext_lazy("what a moderator has done with a comment", "Replies opened"),
    "picked": pgettext_lazy("what a moderator has done with a comment", "Picked"),
    "unpicked": pgettext_lazy("what a moderator has done with a comment", "No longer picked"),
    "passed over": pgettext_lazy("what a moderator has done with a comment", "Not a pick"),
    "undone": pgettext_lazy("what a moderator has done with a comment", "Undone"),
}


class Source(models.TextChoices):
    """What a decision was made by or through."""

    PERSON = "person", pgettext_lazy("how a decision was made", "At the desk")
    BULK = "bulk", pgettext_lazy("how a decision was made", "With many others")
    MAIL = "mail", pgettext_lazy("how a decision was made", "By a link in a mail")
    UNDO = "undo", pgettext_lazy("how a decision was made", "Undoing another")
    APPEAL = "appeal", pgettext_lazy("how a decision was made", "On appeal")
    RULE = "rule", pgettext_lazy("how a decision was made", "By a rule")
    REPORTS = "reports", pgettext_lazy("how a decision was made", "By the number of reports")
    IMPORT = "import", pgettext_lazy("how a decision was made", "By an import")


AUTOMATIC = (Source.RULE, Source.REPORTS, Source.IMPORT)  # nobody decided: the newsroom's settings did


class Bulk(models.Model):
    """One act of a moderator on many comments, as they saw it in the preview; its decisions name it."""

    moderator = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="bulks")
    after = models.CharField(max_length=10, choices=Status.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    told = models.CharField(max_length=LONGEST_NOTE, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    # What the preview showed of each: [number, status, when edited, last decision, last report] (moderation.bulks).
    comments: models.JSONField[Any, Any] = models.JSONField(default=list)
    left: models.JSONField[Any, Any] = models.JSONField(default=dict)  # {why left alone: how many}, before and while
    done = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)  # left alone: a colleague or the author was first
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)  # None: only looked at so far
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)  # when its moderator asked to have all of it undone

    def __str__(self) -> str:
        return f"{self.pk}: {self.done} of {len(self.comments)}"


class Decision(Unchanging):
    """An act on a comment, by a moderator or by the newsroom's settings. Never edited, never deleted: a later one
    follows it.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    number = (
        models.PositiveIntegerField()
    )  # 1 for the first about this comment, then in order: none is made beside another
    moderator = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.PERSON)
    seen = models.CharField(max_length=10, choices=Status.choices, blank=True)  # on the moderator's screen; see NEW
    after = models.CharField(max_length=10, choices=Status.choices)
    picked = models.BooleanField(null=True, blank=True)  # an editor's pick made or taken back; None: about the status
    considered = models.BooleanField(default=False)  # looked at for a pick, and left without one
    locked = models.BooleanField(null=True, blank=True)  # replies closed or opened again; None: about something else
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)  # told to the reporters
    told = models.CharField(max_length=LONGEST_NOTE, blank=True)  # what the comment's author is told besides the reason
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)  # for colleagues; readers never see it
    undoes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")
    bulk = models.ForeignKey(Bulk, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    waited = models.DurationField(null=True, blank=True)  # how long it lay in a queue; None: it lay in none
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Decision]] = UnchangingQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        permissions = [
            ("decide", "May decide about comments"),
            ("supervise", "May set moderators' rules, look after their work and decide appeals"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="one_decision_follows_another"),
            models.CheckConstraint(
                condition=Q(seen__in=[NEW, *Status.values])
                & Q(after__in=[Status.PENDING, Status.PUBLISHED, Status.REJECTED]),
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
            models.CheckConstraint(
                condition=Q(considered=False) | Q(picked=False), name="what_was_only_considered_is_not_picked"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="decision_source_is_known"),
            models.CheckConstraint(
                condition=Q(moderator__isnull=False) | Q(source__in=AUTOMATIC), name="somebody_or_something_decided"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="decision_at"),
            models.Index(fields=["moderator", "created_at"], name="decision_moderator"),
        ]

    def __str__(self) -> str:
        return f"{self.act} ({self.comment_id})"

    @property
    def act(self) -> str:
        """What was done, in one word: approved, kept, rejected, restored, held, picked, undone ... (ACT_LABELS)."""
        return "undone" if self.undoes_id else self.change

    @property
    def change(self) -> str:
        """The same with what an undoing came to: one that puts a comment back is "restored"."""
        if self.locked is not None:
            return "locked" if self.locked else "unlocked"
        if self.considered:
            return "passed over"
        if self.picked is not None:
            return "picked" if self.picked else "unpicked"
        return ACTS.get((self.seen, self.after), f"{self.seen} to {self.after}")

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
    OPENING = "opening", _("Its opening was changed")
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
        indexes = [
            models.Index(fields=["thread", "-id"], name="thread_decisions"),
            models.Index(fields=["created_at"], name="thread_decision_at"),
        ]

    def __str__(self) -> str:
        return f"{self.act} ({self.thread_id})"

    @property
    def decided_by(self) -> str:
        """The moderator's name; a program decides for the newsroom."""
        return self.moderator.name if self.moderator else gettext("The newsroom")


class Queue(models.TextChoices):
    """What waits at the desk, and why."""

    REPORTED = "reported", pgettext_lazy("a queue of the desk", "Reported")
    PENDING = "pending", pgettext_lazy("a queue of the desk", "Pending")
    APPEALS = "appeals", pgettext_lazy("a queue of the desk", "Appeals")
    UNREVIEWED = "unreviewed", pgettext_lazy("a queue of the desk", "Unreviewed")
    PICKS = "picks", pgettext_lazy("a queue of the desk", "Picks to consider")


class Entry(models.Model):
    """A comment's place in a queue: one row while it waits there, gone when that is decided.

    The order is risk and age in one: a comment stands where it would if it had come in so many minutes earlier, and
    `why` says for which reasons. So the order never changes by itself, and a page of it is one range of an index.
    What a view is narrowed by is copied here from the comment, its story and its author.
    """

    queue = models.CharField(max_length=10, choices=Queue.choices)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="entries")
    since = models.DateTimeField()  # when it began to wait
    due = models.DateTimeField()  # since, less the minutes that its risk is worth: the order
    why: models.JSONField[Any, Any] = models.JSONField(default=list)  # [[code, minutes, facts], ...], heaviest first
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey("stories.Section", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author_state = models.CharField(
        max_length=12, blank=True
    )  # as urgency said when it began to wait: guest, watched, new, known ...
    language = models.CharField(max_length=3, blank=True)
    score = models.FloatField(null=True, blank=True)  # the highest that any check gave it, 0 to 1
    asked_by = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_note = models.CharField(max_length=LONGEST_NOTE, blank=True)  # ... for a second opinion, and what about
    holder = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="held_entries")
    held_until = models.DateTimeField(null=True, blank=True)  # the holder's lease; after it anybody may take it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "queue"], name="one_entry_a_queue"),
            models.CheckConstraint(condition=Q(queue__in=Queue.values), name="entry_queue_is_known"),
        ]
        indexes = [
            models.Index(fields=["queue", "due", "id"], name="entry_order"),
            models.Index(fields=["queue", "section", "due", "id"], name="entry_section"),
            models.Index(fields=["queue", "thread", "due", "id"], name="entry_thread"),
            models.Index(fields=["queue", "author_state", "due", "id"], name="entry_state"),
            models.Index(fields=["queue", "language", "due", "id"], name="entry_language"),
            models.Index(fields=["holder"], condition=Q(holder__isnull=False), name="entry_holder"),
            models.Index(fields=["due", "id"], condition=Q(asked_by__isnull=False), name="entry_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} in {self.queue}"


class Likeness(models.Model):
    """One of a few numbers made of a comment's words, so that texts like it are found by an index (likeness.py)."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="likenesses")
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["key", "comment"], name="likeness_key")]

    def __str__(self) -> str:
        return f"{self.key} of {self.comment_id}"


class Opinion(models.Model):
    """What a moderator would do with a comment, asked by a colleague or for the blind sample; it changes nothing."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="opinions")
    moderator = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="opinions")
    after = models.CharField(max_length=10, choices=Status.choices)  # published or rejected
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    is_blind = models.BooleanField(default=False)  # given without seeing what anybody else decided
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "moderator"], name="one_opinion_a_moderator")]

    def __str__(self) -> str:
        return f"{self.moderator_id} on {self.comment_id}: {self.after}"


class View(models.Model):
    """A queue narrowed by what somebody looks for, kept under a name: one's own, or everybody's."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.CASCADE, related_name="desk_views")
    queue = models.CharField(max_length=10, choices=Queue.choices)
    narrowed: models.JSONField[Any, Any] = models.JSONField(default=dict)  # as the address of the page says it
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class Canned(models.Model):
    """Words to an author that moderators send often."""

    name = models.CharField(max_length=60, unique=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)  # offered with it; empty: with any
    text = models.CharField(max_length=LONGEST_NOTE)

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    """How one moderator likes their desk."""

    moderator = models.OneToOneField(Reader, on_delete=models.CASCADE, related_name="desk_preference")
    keys: models.JSONField[Any, Any] = models.JSONField(default=dict)  # {act: key}, where it is not the usual one
    keys_on = models.BooleanField(default=True)
    calm = models.BooleanField(default=False)  # blur abuse and dim pictures until asked

    def __str__(self) -> str:
        return f"{self.moderator_id}"


class Change(Unchanging):
    """What somebody changed in how the newsroom moderates: a rule, a list, a schedule, a right. For supervisors."""

    by = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.PROTECT, related_name="desk_changes")
    what = models.CharField(max_length=40)  # a code of moderation.changes
    about = models.CharField(max_length=200, blank=True)  # the name of the rule, list, schedule or person
    before: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    after: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Change]] = UnchangingQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["what", "-id"], name="change_what"),
            models.Index(fields=["at"], name="change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.about}"


# Django looks for an app's tables in this module alone. As a module and not its names: either may be imported first.
import broadsheet.moderation.people.models  # noqa: E402, F401
