"""A supervisor, and rules and lists made in a line."""

from __future__ import annotations

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.intake import actions
from broadsheet.intake.listings import read_lines
from broadsheet.intake.models import State


@pytest.fixture
def supervisor(db) -> Reader:
    """Sue sets the moderators' rules."""
    from django.contrib.auth.models import Permission

    sue = Reader.objects.create_user("sue@example.org", "Sue Seward", "a long enough pass phrase", is_staff=True)
    for code in ("decide", "supervise"):
        sue.user_permissions.add(Permission.objects.get(content_type__app_label="moderation", codename=code))
    return sue


@pytest.fixture
def make_list(supervisor):
    """A list of those lines."""

    def make(*lines, kind="phrases", name="Insults", **facts):
        read = read_lines(kind, "\n".join(lines))
        assert not read.faults
        return actions.save_listing(by=supervisor, listing=None, kind=kind, name=name, read=read, **facts)

    return make


@pytest.fixture
def make_rule(supervisor):
    """A rule of that kind which is on, unless told otherwise; `params` are its kind's settings."""

    def make(kind, *, state=State.ON, name="", params=None, asks_for="hold", **facts):
        rule = actions.save_rule(
            by=supervisor, rule=None, kind=kind, name=name or f"About {kind}", params=params or {}, asks_for=asks_for,
            **facts,
        )  # fmt: skip
        return actions.set_state(by=supervisor, rule=rule, state=state)

    return make


@pytest.fixture
def insults(make_list, make_rule):
    """A rule that holds whatever is on the list "Insults"."""
    listing = make_list("blorpet", "cheap pills", "a$$hat")
    return make_rule("phrases", name="No insults", params={"listings": [listing.pk], "disguises": True})
