"""How an export's rows read on its page: a word for each name of data.json, and values in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.core import clock

LONG = {"about", "body", "explanation", "facts", "note", "words"}  # shown as they were typed, line by line

WORDS: dict[str, Promise] = {
    "about": gettext_lazy("About yourself"),
    "added_at": gettext_lazy("Added"),
    "address": gettext_lazy("Address"),
    "answer": gettext_lazy("Answer"),
    "answered_at": gettext_lazy("Answered"),
    "answers": gettext_lazy("Further answers"),
    "appeal_until": gettext_lazy("Can be appealed until"),
    "asked_at": gettext_lazy("Asked for"),
    "automation": gettext_lazy("Decided automatically"),
    "badge": gettext_lazy("Badge"),
    "badge_label": gettext_lazy("Expert in"),
    "began_at": gettext_lazy("Since"),
    "body": gettext_lazy("Words"),
    "browser": gettext_lazy("Browser"),
    "category": gettext_lazy("Category"),
    "comment": gettext_lazy("Comment"),
    "created_at": gettext_lazy("Written"),
    "decided_at": gettext_lazy("Decided"),
    "due_at": gettext_lazy("Due"),
    "edited_at": gettext_lazy("Edited"),
    "email": gettext_lazy("E-mail address"),
    "expertise": gettext_lazy("Expert in"),
    "explanation": gettext_lazy("Explanation"),
    "facts": gettext_lazy("What happened"),
    "finished_at": gettext_lazy("Finished"),
    "ground": gettext_lazy("It stands on"),
    "groups": gettext_lazy("Groups"),
    "has_public_page": gettext_lazy("Has a public page"),
    "how": gettext_lazy("How"),
    "inappropriate": gettext_lazy("Inappropriate"),
    "is_detected": gettext_lazy("Found automatically"),
    "is_guest": gettext_lazy("Is a guest"),
    "issuer": gettext_lazy("Publisher"),
    "joined_at": gettext_lazy("Joined"),
    "kind": gettext_lazy("Kind"),
    "last_seen_at": gettext_lazy("Last seen"),
    "last_signed_in_at": gettext_lazy("Last signed in"),
    "last_used_at": gettext_lazy("Last used"),
    "legal_ground": gettext_lazy("Law or rule"),
    "made_at": gettext_lazy("Made"),
    "model": gettext_lazy("Model"),
    "name": gettext_lazy("Name"),
    "name_changed_at": gettext_lazy("Name last changed"),
    "note": gettext_lazy("Note"),
    "number": gettext_lazy("Number"),
    "outcome": gettext_lazy("Outcome"),
    "permissions": gettext_lazy("Permissions"),
    "picked": gettext_lazy("Picked by an editor"),
    "picked_at": gettext_lazy("Picked by an editor"),
    "primary": gettext_lazy("Main address"),
    "published_at": gettext_lazy("Published"),
    "rating": gettext_lazy("Stars"),
    "reason": gettext_lazy("Reason"),
    "receipt": gettext_lazy("Receipt"),
    "relevance": gettext_lazy("Near to the story"),
    "reply_to": gettext_lazy("In reply to"),
    "respects": gettext_lazy("Respect"),
    "seen_at": gettext_lazy("Seen"),
    "sent_at": gettext_lazy("Sent"),
    "since": gettext_lazy("Since"),
    "source": gettext_lazy("What led to it"),
    "spam": gettext_lazy("Spam"),
    "state": gettext_lazy("State"),
    "status": gettext_lazy("Status"),
    "story": gettext_lazy("Story"),
    "subject": gettext_lazy("Known there as"),
    "told": gettext_lazy("What they told us"),
    "until": gettext_lazy("Until"),
    "verified": gettext_lazy("Verified"),
    "versions": gettext_lazy("Earlier words"),
    "visited_at": gettext_lazy("Last read"),
    "withdrawn_at": gettext_lazy("Withdrawn"),
}


@dataclass(frozen=True)
class Fact:
    """One value of a row, ready for the page."""

    label: str
    text: str = ""
    is_long: bool = False
    parts: list[list[Fact]] = field(default_factory=list)  # rows within the row


def row_words(row: dict[str, Any]) -> list[Fact]:
    """The row for the page, without what is empty."""
    return [_fact(name, value) for name, value in row.items() if value not in (None, "", [], {})]


def _fact(name: str, value: Any) -> Fact:
    label = str(WORDS.get(name, name.replace("_", " ")))
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return Fact(label, parts=[row_words(each) for each in value])
    if isinstance(value, dict):
        return Fact(label, parts=[row_words(value)])
    return Fact(label, _text(value), name in LONG)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Choices):
        return str(value.label)
    if isinstance(value, datetime):
        return clock.comment_moment(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
