"""Events of which no list of listeners tells: that a row was made is the event. Called inside its transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from broadsheet.moderation.models import Report, ThreadAct, ThreadDecision
from broadsheet.webhooks import events, offers
from broadsheet.webhooks.models import Kind


def reported(sender: Any, instance: Report, created: bool, raw: bool = False, **signal: Any) -> None:
    """A report: its reason, and neither its note nor who made it."""
    if created and not raw:
        report = {"report": {"id": instance.pk, "reason": instance.reason}}
        events.record(Kind.REPORTED, lambda: {**events.about_comment(instance.comment), **report}, instance.comment)
        offers.offer(instance.comment)


def arranged(sender: Any, instance: ThreadDecision, created: bool, raw: bool = False, **signal: Any) -> None:
    """A discussion that a moderator closed."""
    if created and not raw and instance.act == ThreadAct.CLOSED:
        events.record(Kind.CLOSED, partial(events.about_story, instance.thread))


def sanctioned(sender: Any, instance: Any, created: bool, raw: bool = False, **signal: Any) -> None:
    """What was done about a reader, by their number; neither who did it nor what they wrote."""
    if created and not raw:
        until = getattr(instance, "until", None)
        data = {
            "sanction": {
                "id": instance.pk,
                "kind": str(instance.kind),
                "reader": instance.reader_id,
                "section": getattr(instance, "section_id", None),
                "reason": str(getattr(instance, "reason", "")) or None,
                "until": until.isoformat() if until else None,
            }
        }
        events.record(Kind.SANCTION, lambda: data)


def appealed(sender: Any, instance: Any, created: bool, raw: bool = False, **signal: Any) -> None:
    """An appeal, without what it says and by whom."""
    if created and not raw:
        comment = getattr(instance, "comment", None)
        appeal = {"appeal": {"id": instance.pk}}
        about = partial(events.about_comment, comment) if comment else dict
        events.record(Kind.APPEAL, lambda: {**about(), **appeal}, comment)


TOLD: dict[str, Callable[..., None]] = {
    "moderation.Report": reported,
    "moderation.ThreadDecision": arranged,
    "moderation.Sanction": sanctioned,
    "legal.Appeal": appealed,
}
