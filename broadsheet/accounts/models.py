"""Readers and staff: one account table, signed in by e-mail, known to others by a durable display name."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from broadsheet.accounts.names import LONGEST_NAME, name_key


class ReaderManager(BaseUserManager["Reader"]):
    """Makes accounts."""

    def create_user(self, email: str, name: str, password: str | None = None, **facts: Any) -> Reader:
        """One account; the name is taken as given (forms check it)."""
        reader = self.model(email=self.normalize_email(email).lower(), name=name, **facts)
        reader.set_password(password)
        reader.save(using=self._db)
        return reader

    def create_superuser(self, email: str, name: str, password: str | None = None, **facts: Any) -> Reader:
        """An administrator, whose e-mail address needs no proof: who makes one has the machine."""
        from allauth.account.models import EmailAddress  # its tables refer to ours, so it is loaded after them

        person = self.create_user(email, name, password, is_staff=True, is_superuser=True, **facts)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person


class Reader(AbstractBaseUser, PermissionsMixin):
    """A person with an account: a reader, and with groups a reporter, an editor or a moderator."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    name_key = models.CharField(max_length=LONGEST_NAME * 4, unique=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ReaderManager] = ReaderManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

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
