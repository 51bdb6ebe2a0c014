"""What the news desk knows of a reader: for their export, and to be undone when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sections import section
from broadsheet.newsdesk.models import Correction, Lead, State, Step, Thanks
from broadsheet.newsdesk.own_views import told_to

Row = dict[str, Any]


@section("corrections", _("Corrections that your comments led to"))
def corrections(reader: Reader) -> Iterator[Row]:
    """What was published, and what they were answered. What colleagues noted meanwhile is the newsroom's."""
    for each in told_to(reader):
        row, notice = each["correction"], each["notice"]
        yield {
            "comment": row.comment_id,
            "story": row.story.headline,
            "state": State(row.state),
            "settled_at": row.settled_at,
            "notice": notice.text if notice else "",
            "answer": row.told,
        }


@section("thanks", _("Whether we thank you by name"), "newsdesk.Thanks.reader")
def thanks(reader: Reader) -> Iterator[Row]:
    """Their choice, if they made one."""
    for each in Thanks.objects.filter(reader=reader):
        yield {"by_name": each.by_name, "chosen_at": each.chosen_at}


@section(
    "news_desk_work",
    _("What you did at the news desk"),
    "newsdesk.Correction.owner",
    "newsdesk.Step.by",
    "newsdesk.Lead.marked_by",
    "newsdesk.Lead.answered_by",
)
def news_desk_work(reader: Reader) -> Iterator[Row]:
    """For those who work or worked here: their own acts, and the notes they wrote."""
    for step in Step.objects.filter(by=reader).order_by("pk").iterator():
        yield {"correction": step.correction_id, "kind": Step.Act(step.act), "note": step.note, "at": step.at}
    for number in Correction.objects.filter(owner=reader).order_by("pk").values_list("pk", flat=True):
        yield {"correction": number, "is_mine": True}
    for lead in Lead.objects.filter(marked_by=reader).order_by("pk").iterator():
        yield {"lead": lead.pk, "note": lead.note, "at": lead.created_at}
    for lead in Lead.objects.filter(answered_by=reader).order_by("pk").iterator():
        yield {"lead": lead.pk, "answer": Lead.Answer(lead.answer), "at": lead.answered_at}


def erase(reader: Reader, choice: str) -> None:
    """Thank them by name no longer, and follow up no lead of theirs; what they did here stays without them."""
    Thanks.objects.filter(reader=reader).delete()
    Lead.objects.filter(comment__author=reader).delete()
    Correction.objects.filter(owner=reader).update(owner=None)
    Step.objects.filter(by=reader).update(by=None)
    Lead.objects.filter(marked_by=reader).update(marked_by=None)
    Lead.objects.filter(answered_by=reader).update(answered_by=None)
