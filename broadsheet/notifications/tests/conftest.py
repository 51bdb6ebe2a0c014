"""People who hear of each other."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from broadsheet.core import clock
from broadsheet.notifications.models import Notification
from broadsheet.notifications.sight import standing


@pytest.fixture(autouse=True)
def fresh_cache():
    """Nobody has asked yet for a discussion's followers to be told."""
    cache.clear()


@pytest.fixture
def proved():
    """Shows that a reader's address is theirs."""

    def prove(reader):
        EmailAddress.objects.update_or_create(
            user=reader, email=reader.email, defaults={"verified": True, "primary": True}
        )
        return reader

    return prove


@pytest.fixture
def told():
    """The kinds of what stands for a reader, unseen, the latest last."""

    def ask(reader):
        return list(standing(reader).filter(seen_at=None).order_by("pk").values_list("kind", flat=True))

    return ask


@pytest.fixture
def due():
    """Lets all waiting e-mail be due now."""

    def make():
        Notification.objects.exclude(mail_after=None).update(mail_after=clock.now())

    return make
