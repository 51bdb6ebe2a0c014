"""What the news desk shows on the moderators' cards (setting CARD_PARTS): how far it is, and the ways to bring more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from broadsheet.accounts.models import Reader
from broadsheet.discussion.models import Comment
from broadsheet.moderation.parts import Part
from broadsheet.newsdesk import rules
from broadsheet.newsdesk.models import Correction, Lead


def on_card(comments: list[Comment], moderator: Reader | None) -> Iterator[tuple[int, Part]]:
    """For each card what is known of it at the news desk, and the acts. Two queries for all of them."""
    numbers = [comment.pk for comment in comments]
    brought: dict[int, list[Correction]] = defaultdict(list)
    for row in Correction.objects.filter(comment__in=numbers).order_by("pk"):
        brought[row.comment_id].append(row)
    led = {row.comment_id: row for row in Lead.objects.filter(comment__in=numbers)}
    for comment in comments:
        corrections, lead = brought[comment.pk], led.get(comment.pk)
        if corrections or lead:
            yield comment.pk, Part("newsdesk/_state.html", {"corrections": corrections, "lead": lead})
        if rules.why_not_send(moderator, comment) is None:
            waits = any(row.is_waiting for row in corrections)
            facts = {"comment": comment, "may_correct": not waits, "may_lead": lead is None}
            yield comment.pk, Part("newsdesk/_acts.html", facts, "acts")
