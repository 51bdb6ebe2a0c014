"""What moderation knows of a reader: for their export, and to be undone when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sections import section
from broadsheet.discussion.models import Status
from broadsheet.moderation.models import (
    Bulk,
    Change,
    Decision,
    Entry,
    Opinion,
    Preference,
    Report,
    ThreadAct,
    ThreadDecision,
    View,
)

Row = dict[str, Any]


@section("decisions_on_comments", _("What editors decided about your comments"))
def decisions_on_comments(reader: Reader) -> Iterator[Row]:
    """Each decision with its reason. Who made it, and what they noted for colleagues, are not the author's."""
    rows = Decision.objects.filter(comment__author=reader).order_by("pk")
    for each in rows.iterator():
        yield {
            "comment": each.comment_id,
            "decided_at": each.created_at,
            "outcome": Status(each.after),
            "picked": each.picked,
            "reason": each.get_reason_display(),
            "told": each.told,
        }


@section("reports", _("Comments you reported"), "moderation.Report.reporter")
def reports(reader: Reader) -> Iterator[Row]:
    """What they reported, why, and what came of it."""
    for each in reader.reports.select_related("comment", "decision").order_by("pk").iterator():
        yield {
            "comment": each.comment_id,
            "created_at": each.created_at,
            "reason": each.get_reason_display(),
            "note": each.note,
            "outcome": str(each.result.label),
            "answered_at": each.decision.created_at if each.decision else None,
            "receipt": settings.SITE_URL + reverse("report_receipt", args=[each.token]),
        }


@section(
    "decisions_made",
    _("What you decided as a moderator"),
    "moderation.Decision.moderator",
    "moderation.ThreadDecision.moderator",
    "moderation.Bulk.moderator",
    "moderation.Opinion.moderator",
    "moderation.Entry.asked_by",
    "moderation.View.owner",
    "moderation.Change.by",
    "moderation.Preference.moderator",
)
def decisions_made(reader: Reader) -> Iterator[Row]:
    """For those who work or worked here: their own acts, and the notes they wrote."""
    for each in Decision.objects.filter(moderator=reader).order_by("pk").iterator():
        yield {
            "comment": each.comment_id,
            "decided_at": each.created_at,
            "outcome": Status(each.after),
            "picked": each.picked,
            "reason": each.get_reason_display(),
            "note": each.note,
        }
    for bulk in Bulk.objects.filter(moderator=reader).order_by("pk").iterator():
        yield {"decided_at": bulk.created_at, "many": bulk.done, "outcome": Status(bulk.after), "note": bulk.note}
    for opinion in Opinion.objects.filter(moderator=reader).order_by("pk").iterator():
        yield {"comment": opinion.comment_id, "opinion": Status(opinion.after), "note": opinion.note}
    for asked in Entry.objects.filter(asked_by=reader).order_by("pk").iterator():
        yield {"comment": asked.comment_id, "asked": asked.asked_note}
    for view in View.objects.filter(owner=reader).order_by("pk").iterator():
        yield {"view": view.name, "queue": view.queue, "narrowed": view.narrowed}
    for change in Change.objects.filter(by=reader).order_by("pk").iterator():
        yield {"changed": change.what, "about": change.about, "decided_at": change.at}
    for liked in Preference.objects.filter(moderator=reader):
        yield {"keys": liked.keys, "keys_on": liked.keys_on, "calm": liked.calm}
    for act in ThreadDecision.objects.filter(moderator=reader).order_by("pk").iterator():
        yield {"story": act.thread_id, "decided_at": act.created_at, "kind": ThreadAct(act.act)}


def erase(reader: Reader, choice: str) -> None:
    """Keep their reports, which others wait for, without them. Decisions stay: an account that made some is emptied."""
    Report.objects.filter(reporter=reader).update(reporter=None)
    View.objects.filter(owner=reader).delete()
