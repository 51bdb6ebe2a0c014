"""What other apps show on a card of the desk (setting CARD_PARTS): a legal hold, a lead, an appeal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment


@dataclass(frozen=True)
class Part:
    """A piece of a card: a partial template, what it shows, and where: "top", "side" or "acts"."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)
    place: str = "side"


def parts_of(comments: list[Comment], moderator: Reader | None) -> dict[int, list[Part]]:
    """The parts of each comment's card, by the comment's number.

    Each path of the setting is a function (comments, moderator) -> iterable of (comment number, Part); it costs the
    same number of queries however many comments there are.
    """
    found: dict[int, list[Part]] = defaultdict(list)
    for path in settings.CARD_PARTS:
        for number, part in import_string(path)(comments, moderator):
            found[number].append(part)
    return found
