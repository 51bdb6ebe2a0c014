"""Sanctions, notes about people, moderators' sections, and the traces that tell two accounts of one household."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.moderation.models import COMPLAINTS, LONGEST_NOTE, Reason, receipt_token
from broadsheet.stories.models import Section


class SanctionQuerySet(models.QuerySet["Sanction"]):
    """Rows that are added, lifted and acknowledged, and never deleted."""

    def delete(self) -> NoReturn:
        refuse_deletion()

    def in_force(self) -> SanctionQuerySet:
        """Those that hold in this moment by the database's own clock: an end is exact and needs no job."""
        begun = self.filter(Q(until=None) | Q(until__gt=Now()), lifted_at=None)
        return begun.exclude(kind=Kind.WARNING, acknowledged_at__isnull=False)

    def where(self, section: int | None) -> SanctionQuerySet:
        """Those that hold in that section; with None, those that hold everywhere."""
        return self.filter(Q(section=None) | Q(section=section)) if section else self.filter(section=None)


class Kind(models.TextChoices):
    """What a sanction does, the mildest first."""

    WARNING = "warning", pgettext_lazy("a sanction", "Warning")
    NO_REPORTS = "no_reports", pgettext_lazy("a sanction", "Reports switched off")
    PREMODERATION = "premod", pgettext_lazy("a sanction", "Comments read first")
    SUSPENSION = "suspension", pgettext_lazy("a sanction", "Suspension")
    BAN = "ban", pgettext_lazy("a sanction", "Ban")


SILENCES = (Kind.BAN, Kind.SUSPENSION, Kind.WARNING)  # what keeps somebody from speaking, the gravest first


def refuse_deletion() -> NoReturn:
    """Say no to the deletion of a sanction. The database says it too (moderation.guard)."""
    raise TypeError("A sanction is never deleted; lift it.")


class Sanction(models.Model):
    """What was done about a reader, by whom, why, where and until when; and, where it was lifted, that too.

    What it says is never changed; the account's end alone takes the person and the words from it.
    """

    reader = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="sanctions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # None: all
    reason = models.CharField(max_length=12, choices=Reason.choices)  # the policy's line, told to the reader
    told = models.CharField(max_length=LONGEST_NOTE, blank=True)  # what the reader is told besides
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)  # for colleagues; the reader never sees it
    by = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="sanctions_given")
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)  # None: until it is lifted (a warning: until it is read)
    lifted_by = models.ForeignKey(
        Reader, null=True, blank=True, on_delete=models.PROTECT, related_name="sanctions_lifted"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_why = models.CharField(max_length=LONGEST_NOTE, blank=True)  # told to the reader
    acknowledged_at = models.DateTimeField(null=True, blank=True)  # the reader said that they have read it
    token = models.CharField(max_length=32, unique=True, default=receipt_token)  # of the form: sent twice, it acts once
    # A keyed hash of the e-mail address of an account that was deleted while this held: see people.traces.
    mark = models.CharField(max_length=64, blank=True)

    objects: ClassVar[SanctionQuerySet] = SanctionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        app_label = "moderation"
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="sanction_kind_is_known"),
            models.CheckConstraint(condition=Q(reason__in=COMPLAINTS), name="sanction_has_a_reason"),
            models.CheckConstraint(condition=Q(reader=None) | ~Q(reader=F("by")), name="nobody_sanctions_themselves"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("at")), name="sanction_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.SUSPENSION, until__isnull=False)
                | Q(kind__in=[Kind.WARNING, Kind.BAN], until__isnull=True)
                | Q(kind__in=[Kind.PREMODERATION, Kind.NO_REPORTS]),
                name="sanction_ends_as_its_kind_does",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="sanction_is_lifted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["reader", "-id"], name="sanction_reader"),
            models.Index(fields=["mark"], condition=~Q(mark=""), name="sanction_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.reader_id}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_deletion()

    def holds(self, now: datetime) -> bool:
        """Whether it is in force at that moment."""
        over = self.until is not None and now >= self.until
        return self.lifted_at is None and not over and not (self.kind == Kind.WARNING and self.acknowledged_at)

    @property
    def where(self) -> str:
        """Where it holds, in words."""
        return str(self.section) if self.section else gettext("everywhere")


class PersonNote(models.Model):
    """What a moderator wants colleagues to know about a reader. Whoever wrote it may take it away again."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="desk_notes")
    by = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="desk_notes_written")
    text = models.CharField(max_length=LONGEST_NOTE)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "moderation"
        indexes = [models.Index(fields=["reader", "-id"], name="note_reader")]

    def __str__(self) -> str:
        return f"about {self.reader_id}"


class ModeratorScope(models.Model):
    """A section that a moderator looks after. Who has none of these rows looks after the whole paper."""

    moderator = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="moderated_sections")
    # PROTECT: a section that went would leave its moderator without a row, and so with the whole paper.
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "moderation"
        constraints = [models.UniqueConstraint(fields=["moderator", "section"], name="one_scope_a_section")]

    def __str__(self) -> str:
        return f"{self.moderator_id} in {self.section_id}"


class Trace(models.Model):
    """That a reader came from a network address on a day; never the address itself. Forgotten after 30 days.

    The address is hashed with a key of its period, twice, the periods half overlapping: any two days that are kept
    share one of the keys, and what is older can be compared with nothing.
    """

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="traces")
    key = models.CharField(max_length=64)
    other_key = models.CharField(max_length=64)
    day = models.DateField()  # UTC

    class Meta:
        app_label = "moderation"
        constraints = [models.UniqueConstraint(fields=["reader", "key", "day"], name="one_trace_a_day")]
        indexes = [
            models.Index(fields=["key"], name="trace_key"),
            models.Index(fields=["other_key"], name="trace_other_key"),
            models.Index(fields=["day"], name="trace_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on {self.day}"
