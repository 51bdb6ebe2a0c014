"""What this app shows on a card of the desk: holds, notices and appeals on top, the way to set a hold (CARD_PARTS)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment
from broadsheet.legal.appeals import is_first, why_not_decide_appeal
from broadsheet.legal.models import Answer, Appeal, Hold, Notice, Result, Statement
from broadsheet.moderation.parts import Part

NOTICES_SHOWN = 5


def parts(comments: list[Comment], moderator: Reader | None) -> Iterator[tuple[int, Part]]:
    """Four queries, however many comments."""
    numbers = [comment.pk for comment in comments]
    yield from _holds(comments)
    yield from _notices(numbers)
    yield from _appeals(numbers, moderator)
    for statement in Statement.objects.filter(decision__comment__in=numbers).select_related("decision").order_by("-pk"):
        assert statement.decision is not None  # asked for by its comment
        yield statement.decision.comment_id, Part("legal/_statement_link.html", {"statement": statement}, "side")
    for number in numbers:
        yield number, Part("legal/_hold_link.html", {"comment": number}, "acts")


def _holds(comments: list[Comment]) -> Iterator[tuple[int, Part]]:
    on = Hold.objects.on(clock.now()).filter(thread__in={comment.thread_id for comment in comments})
    rows = list(on.select_related("owner").order_by("pk"))
    for comment in comments:
        found = [row for row in rows if row.thread_id == comment.thread_id and row.comment_id in {None, comment.pk}]
        if found:
            yield comment.pk, Part("legal/_holds.html", {"holds": found}, "top")


def _notices(numbers: list[int]) -> Iterator[tuple[int, Part]]:
    found: dict[int, list[Notice]] = defaultdict(list)
    waiting = Notice.objects.filter(comment__in=numbers, answer=Answer.WAITING).select_related("flagger")
    for notice in waiting.order_by("-is_danger", "pk"):
        found[notice.comment_id or 0].append(notice)
    for number, notices in found.items():
        facts = {"notices": notices[:NOTICES_SHOWN], "more": max(0, len(notices) - NOTICES_SHOWN)}
        yield number, Part("legal/_notices.html", facts, "top")


def _appeals(numbers: list[int], moderator: Reader | None) -> Iterator[tuple[int, Part]]:
    waiting = Appeal.objects.filter(comment__in=numbers, result=Result.WAITING).select_related("first__moderator")
    for appeal in waiting.order_by("pk"):
        facts = {
            "appeal": appeal,
            "why_not": why_not_decide_appeal(moderator, appeal) if moderator else None,
            "is_first": moderator and is_first(moderator, appeal),
        }
        yield appeal.comment_id or 0, Part("legal/_appeal.html", facts, "top")
