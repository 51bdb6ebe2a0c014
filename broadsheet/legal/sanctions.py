"""The sanctions that statements of reasons are about: moderation.people's, by their number."""

from __future__ import annotations

from broadsheet.legal.models import Statement
from broadsheet.moderation.people.models import Sanction


def sanction_of(statement: Statement) -> Sanction | None:
    """The sanction a statement is about; None where it is about a comment."""
    return Sanction.objects.select_related("reader", "by", "section").filter(pk=statement.sanction or 0).first()


def statement_of(sanction: int) -> Statement | None:
    """The statement of reasons of the sanction with that number; None for what restricts nothing."""
    return Statement.objects.filter(sanction=sanction).first()


def told_with(statement: Statement) -> str:
    """What the moderator wrote to the reader besides; "" where nothing."""
    sanction = sanction_of(statement)
    return sanction.told if sanction else ""
