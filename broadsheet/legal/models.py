"""Notices, statements of reasons, appeals, orders and legal holds: what the newsroom must answer for."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Thread
from broadsheet.legal.codes import Automation, Category, Ground, Restriction, SourceType
from broadsheet.moderation.models import (
    LONGEST_NOTE,
    Decision,
    Reason,
    Report,
    Unchanging,
    UnchangingQuerySet,
    receipt_token,
)

LONGEST_GROUND = 500  # characters, in this and the next two as the Commission's database has it
LONGEST_EXPLANATION = 2000
LONGEST_FACTS = 5000
LONGEST_APPEAL = 5000  # as much as a comment


def new_puid() -> str:
    """The statement's own number, for the author's address bar and the Commission's database; 96 bits to guess."""
    return f"S-{secrets.token_hex(12).upper()}"


class Flagger(models.Model):
    """A body that a Digital Services Coordinator has named a trusted flagger (article 22): its notices go first."""

    name = models.CharField(max_length=120, unique=True)
    email = models.EmailField(unique=True)  # counts for a signed-in account that has proved this address
    added_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class Answer(models.TextChoices):
    """What came of a notice."""

    WAITING = "waiting", _("An editor has not looked at it yet")
    REMOVED = "removed", _("An editor agreed and removed the content")
    KEPT = "kept", _("An editor looked at it and left the content as it is")
    GONE = "gone", _("The content’s author withdrew it")


class Notice(models.Model):
    """Somebody says that a comment, or what an account says of itself, is against the law (article 16)."""

    token = models.CharField(max_length=32, unique=True, default=receipt_token)
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    # Whose public page it is about, where it is about no comment. Goes with the account: then nothing is left of it.
    person = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.CASCADE, related_name="notices_about")
    report = models.OneToOneField(
        Report, null=True, blank=True, on_delete=models.CASCADE, related_name="notice"
    )  # its place in the queue of reports
    category = models.CharField(max_length=60, choices=Category.choices)
    legal_ground = models.CharField(max_length=LONGEST_GROUND, blank=True)
    explanation = models.CharField(max_length=LONGEST_EXPLANATION)
    is_danger = models.BooleanField(default=False)  # somebody's life or safety (article 18)
    # Who sent it. Names and addresses are for the desk, never for the author, an export or a log.
    reader = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    flagger = models.ForeignKey(Flagger, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices")
    address_key = models.CharField(max_length=64, blank=True)  # as a report's: for the rate limit, emptied after a day
    created_at = models.DateTimeField(default=clock.now)
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    words = models.CharField(max_length=LONGEST_NOTE, blank=True)  # of the desk, about what an account says of itself

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(category__in=Category.values), name="notice_category_is_known"),
            models.CheckConstraint(
                condition=Q(comment__isnull=False, person__isnull=True) | Q(comment__isnull=True, person__isnull=False),
                name="notice_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(answer=Answer.WAITING, answered_at__isnull=True)
                | (~Q(answer=Answer.WAITING) & Q(answered_at__isnull=False)),
                name="notice_answer_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(answer="waiting"), name="notice_waiting"),
            models.Index(fields=["created_at"], name="notice_at"),
            models.Index(fields=["reader", "created_at"], name="notice_reader"),
            models.Index(fields=["address_key", "created_at"], condition=~Q(address_key=""), name="notice_address"),
        ]

    def __str__(self) -> str:
        return f"{self.category} ({self.comment_id or self.person_id})"

    @property
    def is_waiting(self) -> bool:
        return self.answer == Answer.WAITING


class Statement(Unchanging):
    """Why a comment or an account was restricted (article 17): the record that the author gets and the EU counts.

    It names nobody and repeats nobody's words, so that it can stay for ever and go into a public database as it is. For
    whom it was is in Recipient, which goes with their account. Never edited, never deleted: a later one follows it.
    """

    puid = models.CharField(max_length=60, unique=True, default=new_puid)
    decision = models.OneToOneField(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="statement")
    sanction = models.BigIntegerField(null=True, blank=True, unique=True)  # the number of a sanction, where it is one
    restriction = models.CharField(max_length=40, choices=Restriction.choices)
    ground = models.CharField(max_length=30, choices=Ground.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices)  # in our own words, with its line of the policy
    legal_ground = models.CharField(max_length=LONGEST_GROUND)  # the law or the rule
    explanation = models.CharField(max_length=LONGEST_EXPLANATION)  # why the words break it
    category = models.CharField(max_length=60, choices=Category.choices)
    facts = models.CharField(max_length=LONGEST_FACTS)
    source = models.CharField(max_length=40, choices=SourceType.choices)
    is_detected = models.BooleanField(default=False)  # by a check, and not by a person
    automation = models.CharField(max_length=30, choices=Automation.choices)
    content_at = models.DateTimeField(null=True, blank=True)  # when the comment was written; None: it is an account
    applied_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)  # None: nothing but another decision ends it
    language = models.CharField(max_length=3, blank=True)  # of the comment, ISO 639-1
    appeal_until = models.DateTimeField(null=True, blank=True)  # None: this newsroom takes no appeals
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Statement]] = UnchangingQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__isnull=False, sanction__isnull=True)
                | Q(decision__isnull=True, sanction__isnull=False),
                name="statement_is_about_one_act",
            ),
            models.CheckConstraint(condition=Q(restriction__in=Restriction.values), name="restriction_is_known"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="statement_category_is_known"),
        ]
        indexes = [models.Index(fields=["created_at"], name="statement_at")]

    def __str__(self) -> str:
        return self.puid

    @property
    def is_about_account(self) -> bool:
        return Restriction(self.restriction).is_about_account


class Recipient(models.Model):
    """Whom a statement of reasons was made for, and when they first read it."""

    statement = models.OneToOneField(Statement, primary_key=True, on_delete=models.CASCADE, related_name="recipient")
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="statements")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["reader", "-statement"], name="recipient_list")]

    def __str__(self) -> str:
        return f"{self.statement_id} for {self.reader_id}"


class Result(models.TextChoices):
    """How an appeal ended."""

    WAITING = "waiting", pgettext_lazy("an appeal", "Waiting: somebody else than the first decides")
    UPHELD = "upheld", pgettext_lazy("an appeal", "Upheld: the first decision was changed")
    CONFIRMED = "confirmed", pgettext_lazy("an appeal", "The first decision was confirmed")
    GONE = "gone", pgettext_lazy("an appeal", "Over: there is nothing left to decide")


class Appeal(models.Model):
    """Somebody asks that another person looks at a decision again (article 20)."""

    token = models.CharField(max_length=32, unique=True, default=receipt_token)
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals"
    )  # by whom it restricts; else by whose notice or report was turned down:
    notice = models.ForeignKey(Notice, null=True, blank=True, on_delete=models.CASCADE, related_name="appeals")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="appeals")
    first = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="appeals")
    appellant = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="appeals")
    words = models.CharField(max_length=LONGEST_APPEAL)
    created_at = models.DateTimeField(default=clock.now)
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.WAITING)
    decided_by = models.ForeignKey(
        Reader, null=True, blank=True, on_delete=models.PROTECT, related_name="decided_appeals"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=LONGEST_NOTE, blank=True)  # told to the appellant
    second = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Who decided first gave in, or gave an answer where the newsroom has nobody else (why_not_decide_appeal).
    by_same_person = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first"], condition=Q(result="waiting", first__isnull=False), name="one_open_appeal_a_decision"
            ),
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(result="waiting", statement__isnull=False),
                name="one_open_appeal_a_statement",
            ),
            models.CheckConstraint(
                condition=Q(statement__isnull=False) | Q(notice__isnull=False) | Q(report__isnull=False),
                name="appeal_is_about_something",
            ),
            models.CheckConstraint(
                condition=~Q(result__in=["upheld", "confirmed"]) | Q(decided_by__isnull=False),
                name="somebody_decided_the_appeal",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(result="waiting"), name="appeal_waiting"),
            models.Index(fields=["created_at"], name="appeal_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.result}"

    @property
    def is_waiting(self) -> bool:
        return self.result == Result.WAITING

    @property
    def is_by_author(self) -> bool:
        """By whom the decision restricts, and not by whose report it turned down."""
        return self.statement_id is not None


class Order(models.Model):
    """An authority orders to act against content or to tell who somebody is (articles 9 and 10): the case on file."""

    class Kind(models.TextChoices):
        ACT = "act", pgettext_lazy("an order by an authority", "To act against content (article 9)")
        TELL = "tell", pgettext_lazy("an order by an authority", "To give information about a person (article 10)")
        TERROR = "terror", pgettext_lazy("an order by an authority", "To remove terrorist content within an hour")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    authority = models.CharField(max_length=200)
    reference = models.CharField(max_length=120)
    language = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    scope = models.CharField(max_length=LONGEST_NOTE)  # which content or person, and where it is to hold
    given = models.TextField(max_length=LONGEST_FACTS, blank=True)  # what was done and answered, to whom
    answered_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="orders")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["act", "tell", "terror"]), name="order_kind_is_known")
        ]
        indexes = [models.Index(fields=["received_at"], name="order_at")]

    def __str__(self) -> str:
        return f"{self.authority}: {self.reference}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def on(self, now: datetime) -> HoldQuerySet:
        """Holds that are in force at that moment."""
        return self.filter(ended_at__isnull=True, expires_at__gt=now)


class Hold(models.Model):
    """A discussion, or one comment, about which a lawyer says: take care, and let nothing be lost."""

    class Why(models.TextChoices):
        COURT = "court", pgettext_lazy("why something is under legal hold", "A court is dealing with it")
        MINORS = "minors", pgettext_lazy("why something is under legal hold", "It is about children or young people")
        DEATH = "death", pgettext_lazy("why something is under legal hold", "It is about somebody’s death")
        ORDER = "order", pgettext_lazy("why something is under legal hold", "Removed by order as terrorist content")
        OTHER = "other", pgettext_lazy("why something is under legal hold", "Another legal reason")

    class Effect(models.TextChoices):
        KEEP = "keep", pgettext_lazy("what a legal hold does", "Nothing to readers; the words are kept")
        READ_FIRST = "first", pgettext_lazy("what a legal hold does", "New comments are read first")
        CLOSE = "close", pgettext_lazy("what a legal hold does", "The discussion is closed")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="holds")
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="holds"
    )  # None: the whole discussion
    why = models.CharField(max_length=6, choices=Why.choices)
    effect = models.CharField(max_length=5, choices=Effect.choices, default=Effect.KEEP)
    owner = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="legal_holds")  # who is reminded
    by = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)  # for the desk
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # before it would have expired
    ended_by = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_it = models.BooleanField(default=False)  # the discussion was open when this hold closed it

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="hold_lasts"),
            models.CheckConstraint(
                condition=Q(comment__isnull=True) | Q(effect="keep"), name="hold_of_a_comment_only_keeps"
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "expires_at"], condition=Q(ended_at__isnull=True), name="hold_thread"),
            models.Index(fields=["expires_at"], condition=Q(ended_at__isnull=True), name="hold_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.why} on {self.comment_id or self.thread_id}"

    def is_on(self, now: datetime) -> bool:
        return self.ended_at is None and self.expires_at > now

    @property
    def is_sealed(self) -> bool:
        """Whether a copy of the words is put away at once, and not only when they would be lost."""
        return self.why == Hold.Why.ORDER


class Sealed(models.Model):
    """What a held comment said and whose it was, put away when it would have been lost. Each opening is on record.

    No page, search, export or feed reads this table; a supervisor opens one row, with a reason (holds.open_sealed).
    """

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="sealed")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="sealed")
    # Words, earlier words, name, address: not in columns of their own, so that nothing finds them by looking for them.
    contents = models.TextField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hold", "comment"], name="sealed_once")]

    def __str__(self) -> str:
        return f"{self.comment_id} under {self.hold_id}"


def takes_appeals() -> bool:
    """Whether this newsroom is held to the duties of a platform, or has chosen to take them on (setting legal_tier)."""
    tier: Any = settings.LEGAL_TIER
    return bool(tier == "platform")
