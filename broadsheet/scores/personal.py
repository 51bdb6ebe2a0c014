"""What scores know of a reader: for their export, and to be undone when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Deletion, Reader
from broadsheet.accounts.sections import section
from broadsheet.core.tidying import delete_all
from broadsheet.discussion.models import Status
from broadsheet.scores.backends.models import OtherScore
from broadsheet.scores.models import Linked, Score, Waiting


@section("scores", _("What scorers said of your comments"))
def scores(reader: Reader) -> Iterator[dict[str, Any]]:
    """Each answer as a number from 0 to 1, empty where the scorer cannot tell, and which model said so."""
    ours = Score.objects.filter(comment__author=reader).order_by("comment")
    others = OtherScore.objects.filter(comment__author=reader, made_at__isnull=False).order_by("comment", "pk")
    yield from map(_told, ours.iterator())
    yield from map(_told, others.iterator())


def _told(each: Score | OtherScore) -> dict[str, Any]:
    return {
        "comment": each.comment_id,
        "model": each.model,
        "made_at": each.made_at,
        "inappropriate": each.inappropriate,
        "spam": each.spam,
        "relevance": each.relevance,
        "answers": each.values,
    }


def erase(reader: Reader, choice: str) -> None:
    """Forget what was said of words that go with the account; of those that stay, nothing says whose they were."""
    goes = Q(comment__author=reader)
    if choice != Deletion.Choice.WITHDRAW:
        goes &= Q(comment__status=Status.PENDING)
    for model in (Score, Linked, Waiting, OtherScore):
        delete_all(model._base_manager.filter(goes))
