"""What this app knows of a reader: for their export, and to be undone when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sections import section
from broadsheet.legal import holds
from broadsheet.legal.appeals import withdraw
from broadsheet.legal.codes import Automation, Category, Ground, Restriction, SourceType
from broadsheet.legal.models import Answer, Appeal, Hold, Notice, Order, Recipient, Result
from broadsheet.legal.statements import address_of

Row = dict[str, Any]


@section("statements_of_reasons", _("Statements of reasons"), "legal.Recipient.reader")
def statements(reader: Reader) -> Iterator[Row]:
    """Why a comment or the account was restricted, with all that the law wants said."""
    rows = Recipient.objects.filter(reader=reader).select_related("statement__decision").order_by("pk")
    for each in rows.iterator():
        found = each.statement
        yield {
            "number": found.puid,
            "comment": found.decision.comment_id if found.decision else None,
            "outcome": Restriction(found.restriction),
            "ground": Ground(found.ground),
            "reason": found.get_reason_display(),
            "legal_ground": found.legal_ground,
            "explanation": found.explanation,
            "category": Category(found.category),
            "facts": found.facts,
            "source": SourceType(found.source),
            "is_detected": found.is_detected,
            "automation": Automation(found.automation),
            "note": found.decision.told if found.decision else "",
            "decided_at": found.applied_at,
            "until": found.ends_at,
            "appeal_until": found.appeal_until,
            "seen_at": each.read_at,
            "address": settings.SITE_URL + address_of(found),
        }


@section("appeals", _("Appeals"), "legal.Appeal.appellant")
def appeals(reader: Reader) -> Iterator[Row]:
    """What they appealed, in their words, and what came of it."""
    for each in Appeal.objects.filter(appellant=reader).order_by("pk").iterator():
        yield {
            "comment": each.comment_id,
            "created_at": each.created_at,
            "body": each.words,
            "outcome": Result(each.result),
            "answered_at": each.decided_at,
            "answer": each.answer,
            "receipt": settings.SITE_URL + reverse("appeal", args=[each.token]),
        }


@section("notices", _("Notices of illegal content"), "legal.Notice.reader")
def notices(reader: Reader) -> Iterator[Row]:
    """What they gave notice of, and what came of it."""
    for each in Notice.objects.filter(reader=reader).order_by("pk").iterator():
        yield {
            "comment": each.comment_id,
            "created_at": each.created_at,
            "category": Category(each.category),
            "legal_ground": each.legal_ground,
            "explanation": each.explanation,
            "name": each.name,
            "email": each.email,
            "outcome": Answer(each.answer),
            "answered_at": each.answered_at,
            "receipt": settings.SITE_URL + reverse("notice", args=[each.token]),
        }


@section(
    "legal_work",
    _("What you did about legal matters at the desk"),
    "legal.Appeal.decided_by",
    "legal.Order.by",
    "legal.Hold.owner",
    "legal.Hold.by",
    "legal.Hold.ended_by",
)
def legal_work(reader: Reader) -> Iterator[Row]:
    """For those who work or worked here: appeals they decided, orders they filed, holds they set or looked after."""
    for appeal in Appeal.objects.filter(decided_by=reader).order_by("pk").iterator():
        yield {"comment": appeal.comment_id, "decided_at": appeal.decided_at, "answer": appeal.answer}
    for order in Order.objects.filter(by=reader).order_by("pk").iterator():
        yield {"kind": Order.Kind(order.kind), "created_at": order.created_at}
    for hold in (
        reader.legal_holds.all() | Hold.objects.filter(by=reader) | Hold.objects.filter(ended_by=reader)
    ).distinct():
        yield {"story": hold.thread_id, "comment": hold.comment_id, "since": hold.created_at, "note": hold.note}


def seal(reader: Reader, choice: str) -> None:
    """Before the words of held comments go with their author, put them away (holds.seal_of)."""
    holds.seal_of(reader)


def erase(reader: Reader, choice: str) -> None:
    """Forget who they were in notices and appeals. A statement of reasons names nobody: it stays, and is nobody's."""
    with transaction.atomic():
        Notice.objects.filter(reader=reader).update(reader=None, name="", email="")
        withdraw(reader)
        Recipient.objects.filter(reader=reader).delete()
