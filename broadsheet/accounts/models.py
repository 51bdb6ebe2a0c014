"""Readers and staff: one account table, signed in by e-mail, known to others by a durable display name."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.names import LONGEST_NAME, name_key
from broadsheet.accounts.passwords import normalised

LONGEST_ABOUT = 300  # characters: a paragraph on a phone


class ReaderManager(BaseUserManager["Reader"]):
    """Makes accounts."""

    def create_user(
        self, email: str, name: str, password: str | None = None, *, verified: bool = True, **facts: Any
    ) -> Reader:
        """One account; the name is taken as given (forms check it).

        Its address needs no proof unless that is said: who makes an account by a command has the machine. Strangers
        sign up through allauth, which does not come here.
        """
        from allauth.account.models import EmailAddress  # its tables refer to ours, so it is loaded after them

        reader = self.model(email=self.normalize_email(email).lower(), name=name, **facts)
        reader.set_password(password)
        reader.save(using=self._db)
        EmailAddress.objects.using(self._db).create(user=reader, email=reader.email, verified=verified, primary=True)
        return reader

    def create_superuser(self, email: str, name: str, password: str | None = None, **facts: Any) -> Reader:
        """An administrator."""
        return self.create_user(email, name, password, is_staff=True, is_superuser=True, **facts)


class Reader(AbstractBaseUser, PermissionsMixin):
    """A person with an account: a reader, and with groups a reporter, an editor or a moderator."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    name_key = models.CharField(max_length=LONGEST_NAME * 4, unique=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    is_guest = models.BooleanField(default=False)  # named for a visit, without an address or a way to sign in again
    name_changed_at = models.DateTimeField(null=True, blank=True)
    about = models.CharField(max_length=LONGEST_ABOUT, blank=True)  # in their own words, on their public page
    expertise = models.CharField(max_length=80, blank=True)  # what the newsroom has verified them as an expert in
    has_public_page = models.BooleanField(default=True)  # their published comments are listed under their name

    objects: ClassVar[ReaderManager] = ReaderManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")

    def __str__(self) -> str:
        return self.name

    @property
    def mail_address(self) -> str:
        """Where mail reaches them; "" for a guest, and for whom a publisher signs in without telling their address."""
        return "" if self.email.endswith(".invalid") else self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not (self.is_guest and self.name_key):  # a guest's key was made with the guest: accounts.actions.make_guest
            self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(normalised(raw_password))

    def check_password(self, raw_password: str) -> bool:
        return super().check_password(normalised(raw_password) or "")

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What the desk's menu calls this person; it would show the e-mail address otherwise."""
        return self.name

    def get_username(self) -> str:
        return self.email

    @property
    def is_moderator(self) -> bool:
        """True for those who may decide about comments."""
        return self.is_active and self.has_perm("moderation.decide")

    @property
    def is_supervisor(self) -> bool:
        """True for those who set the moderators' rules, look after their work and decide appeals."""
        return self.is_active and self.has_perm("moderation.supervise")


class NameChange(models.Model):
    """A name somebody had before; moderators see it, and nobody else may take it while it is fresh."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="name_changes")
    before = models.CharField(max_length=LONGEST_NAME)
    before_key = models.CharField(max_length=LONGEST_NAME * 4)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["before_key", "at"], name="name_change_key")]

    def __str__(self) -> str:
        return f"{self.before} until {self.at}"


class HeldName(models.Model):
    """A name that somebody has asked for in signing up; it is kept for them until their code is no longer good.

    It is held whether or not the address had an account already, so that asking for the name again tells nobody.
    """

    key = models.CharField(max_length=LONGEST_NAME * 4, primary_key=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key} until {self.until}"


class Mute(models.Model):
    """A person whose comments one reader does not want to see; nobody else is told."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="muted_by")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "muted"], name="one_mute_a_person")]

    def __str__(self) -> str:
        return f"{self.reader_id} mutes {self.muted_id}"


class Follow(models.Model):
    """A person whose published comments one reader wants to hear of."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="follows")
    followed = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="followed_by")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "followed"], name="one_follow_a_person")]

    def __str__(self) -> str:
        return f"{self.reader_id} follows {self.followed_id}"


class PublisherIdentity(models.Model):
    """Who somebody is at the publisher that signs them in: keyed by issuer and subject, never by e-mail alone."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="publisher_identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    told_at = models.DateTimeField()  # the newest token's own moment: an older token changes nothing
    name = models.CharField(max_length=200, blank=True)  # what the publisher called them last, taken or not
    groups: models.JSONField[Any, Any] = models.JSONField(default=list)  # what this publisher gave, so what it takes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_a_subject")]

    def __str__(self) -> str:
        return f"{self.subject} of {self.issuer}"


class UsedToken(models.Model):
    """A sign-in token that has been used: it is good once (its issuer's and its own name, hashed)."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest


class Export(models.Model):
    """A copy of everything about one reader, made for them in the background and kept for a few days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    file_name = models.CharField(max_length=64, blank=True)  # in settings.EXPORTS_DIR; nobody can guess it
    size = models.PositiveBigIntegerField(default=0)  # bytes

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.state}"


class Deletion(models.Model):
    """An account that its owner has asked us to delete, and what is to become of their comments."""

    class Choice(models.TextChoices):
        ANONYMISE = "anonymise", _("My comments stay, without my name")
        WITHDRAW = "withdraw", _("My comments are withdrawn too")

    reader = models.OneToOneField(Reader, on_delete=models.CASCADE, related_name="deletion")
    choice = models.CharField(max_length=9, choices=Choice.choices)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)  # until then its owner may change their mind

    def __str__(self) -> str:
        return f"{self.reader_id} by {self.due_at}"
