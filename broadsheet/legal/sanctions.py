"""The sanctions that statements of reasons are about: moderation.people's, by their number."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

from broadsheet.accounts.models import Reader
from broadsheet.legal.models import Statement


def sanction_of(statement: Statement) -> Any | None:
    """The sanction a statement is about; None where it is about a comment."""
    if statement.sanction is None:
        return None
    return apps.get_model("moderation", "Sanction").objects.filter(pk=statement.sanction).first()


def lift(moderator: Reader, sanction: Any, why: str) -> None:
    """End it before its time, and tell the reader."""
    import_string("broadsheet.moderation.people.actions.lift")(moderator=moderator, sanction=sanction, why=why)
