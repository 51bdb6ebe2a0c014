"""Readers against whom something is done, and the moderators who do it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from broadsheet.accounts.models import Reader
from broadsheet.moderation.people import actions, scopes
from broadsheet.stories.models import Section


@pytest.fixture
def supervisor(db):
    """Sue looks after the moderators."""
    made = Reader.objects.create_user("sue@example.org", "Sue Sand", "a long enough pass phrase", is_staff=True)
    for code in ("decide", "supervise"):
        made.user_permissions.add(Permission.objects.get(content_type__app_label="moderation", codename=code))
    return Reader.objects.get(pk=made.pk)


@pytest.fixture
def sport(db):
    return Section.objects.create(name="Sport", slug="sport", position=2)


@pytest.fixture
def of_sport(moderator, supervisor, sport):
    """Mona, who looks after the sport section alone."""
    scopes.set_scopes(supervisor=supervisor, moderator=moderator, sections=[sport.pk])
    return Reader.objects.get(pk=moderator.pk)


@pytest.fixture
def do(moderator, newcomer):
    """Does something about Ned, or about somebody else."""

    def make(kind, reader=newcomer, by=moderator, reason="abusive", **facts):
        return actions.sanction(moderator=by, reader=reader, kind=kind, reason=reason, **facts)

    return make
