"""What readers hear of, and how. No words of anybody are kept here: they are looked up when they are shown."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Thread

LONGEST_ENDPOINT = 600  # characters; browsers' push services use two to three hundred


class Kind(models.TextChoices):
    """What a notification is about, in the order of the preferences page."""

    REPLY = "reply", _("Replies to your comments")
    MENTION = "mention", _("Comments that name you")
    DECISION = "decision", _("Editors’ decisions on your comments, with the reason")
    PICK = "pick", _("Comments of yours that an editor picks")
    CORRECTION = "correction", _("Corrections that a comment of yours led to")
    OUTCOME = "outcome", _("What came of your reports")
    THREAD = "thread", _("New comments in discussions you follow")
    PERSON = "person", _("New comments by people you follow")
    STANDING = "standing", _("Editors’ decisions about your account")


class How(models.TextChoices):
    """When something is sent by e-mail. On the site everything is listed at once."""

    NOW = "now", pgettext_lazy("e-mail", "At once")
    DAILY = "daily", pgettext_lazy("e-mail", "Once a day")
    NEVER = "never", pgettext_lazy("e-mail", "Never")


# Without a choice of the reader's: at once where somebody speaks to them or decides about them, else once a day.
USUAL = {
    Kind.REPLY: How.NOW,
    Kind.MENTION: How.NOW,
    Kind.DECISION: How.NOW,
    Kind.PICK: How.NOW,
    Kind.CORRECTION: How.DAILY,
    Kind.OUTCOME: How.DAILY,
    Kind.THREAD: How.DAILY,
    Kind.PERSON: How.DAILY,
    Kind.STANDING: How.NOW,
}
ALWAYS = {Kind.STANDING}  # nobody chooses not to hear of it: what stands against them they must be able to answer
GATHERED = {Kind.REPLY, Kind.THREAD, Kind.PERSON}  # one notification for whatever comes until it has been seen or sent


class Preference(models.Model):
    """How one reader wants to hear of one kind of thing; without a row it is as usual."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    how = models.CharField(max_length=5, choices=How.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "kind"], name="one_preference_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="preference_kind_is_known"),
            models.CheckConstraint(condition=Q(how__in=How.values), name="preference_how_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.kind} {self.how}"


class Mail(models.Model):
    """One e-mail to one reader, from when it is due until it is sent or given up. Its words are made when it goes.

    `next_try_at` is also the claim of whoever is sending it: until then nobody else will.
    """

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="notification_mails")
    made_at = models.DateTimeField(default=clock.now)
    next_try_at = models.DateTimeField(null=True, blank=True)  # None: it is over
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)  # None with nothing to come: given up, or nothing was left
    fault = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="mail_due"),
            models.Index(fields=["reader", "made_at"], name="mail_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} to {self.reader_id}"


class Notification(models.Model):
    """That something happened which one reader may want to know: who, where and what, never the words."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # The reader's own comment (answered, picked, decided on) or somebody else's (that names them, that they reported).
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    # None where it is about the reader's account and no discussion.
    thread = models.ForeignKey(Thread, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.CASCADE, related_name="+")  # followed
    number = models.BigIntegerField(
        null=True, blank=True
    )  # of the decision, report, notice, sanction: who made it knows
    revision = models.BigIntegerField(default=0)  # what is gathered has at least this one
    begins_at = models.DateTimeField()  # of what is gathered: the first comment's publication
    ends_at = models.DateTimeField(null=True, blank=True)  # ... and what is later belongs to the next notification
    created_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    is_urgent = models.BooleanField(default=False)  # to be sent at once: by e-mail, and to browsers that ask for it
    mail_after = models.DateTimeField(null=True, blank=True)  # None: not, or not any more, to be sent by e-mail
    mail = models.ForeignKey(Mail, null=True, blank=True, on_delete=models.SET_NULL, related_name="notifications")
    # One thing is told once. What is gathered gives its key up when it has been seen or sent.
    key = models.CharField(max_length=80, null=True, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notification_kind_is_known")]
        indexes = [
            models.Index(fields=["reader", "-id"], name="notification_list"),
            models.Index(fields=["reader"], condition=Q(seen_at__isnull=True), name="notification_unseen"),
            models.Index(fields=["mail_after"], condition=Q(mail_after__isnull=False), name="notification_due"),
            models.Index(fields=["created_at"], name="notification_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.reader_id}"

    @property
    def is_seen(self) -> bool:
        return self.seen_at is not None

    @property
    def headline(self) -> str:
        """That of the story it is about; empty where it is about the reader's account."""
        return self.thread.story.headline if self.thread else ""


class PushSubscription(models.Model):
    """A browser of a reader's that wants to be woken when there is something. It is told nothing but that."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=LONGEST_ENDPOINT, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    pushed_at = models.DateTimeField(null=True, blank=True)
    faults = models.PositiveSmallIntegerField(default=0)  # in a row

    def __str__(self) -> str:
        return f"{self.pk} of {self.reader_id}"
