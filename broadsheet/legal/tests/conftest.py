"""Who is needed besides the fixed cast: somebody who supervises, and what readers send in."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from broadsheet.accounts.models import Reader
from broadsheet.legal.notices import Content, Sender, send_notice
from broadsheet.moderation.actions import decide


@pytest.fixture
def supervisor(db):
    """Sue looks after the moderators."""
    sue = Reader.objects.create_user("sue@example.org", "Sue Stone", "a long enough pass phrase", is_staff=True)
    sue.user_permissions.add(*Permission.objects.filter(codename__in=["decide", "supervise"]))
    return sue


@pytest.fixture
def give_notice():
    def give(comment, **facts):
        number = facts.pop("number", 7)
        given = {
            "content": Content(comment=comment),
            "sender": Sender(None, f"192.0.2.{number}", "Nora Notice", "nora@example.com"),
            "category": "ILLEGAL_OR_HARMFUL_SPEECH",
            "explanation": "It calls for violence.",
            "good_faith": True,
        }
        return send_notice(**{**given, **facts})

    return give


@pytest.fixture
def removed(make_comment, moderator):
    """A comment of Ruth's that Mona removed."""
    comment = make_comment("Xremovedwords")
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="abusive", told="Mind it.")
    comment.refresh_from_db()
    return comment
