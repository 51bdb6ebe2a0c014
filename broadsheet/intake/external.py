"""A check by another server: what is asked, what may be answered, and what happens when nothing is.

The question is signed as Standard Webhooks has it, asked before any lock is taken, and given up in time. A server
that fails again and again is left alone for a while (core.breaker).
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from broadsheet.core import breaker, clock, outbound, standard_webhooks
from broadsheet.core.breaker import Health
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable
from broadsheet.discussion.models import Comment, Status
from broadsheet.intake.subjects import Subject
from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from broadsheet.intake.rulesets import Ready

VERDICTS = ("pass", "note", "hold", "reject")
LONGEST_REASON = 200
MOST_SPANS = 20


@dataclass(frozen=True)
class Answer:
    """What a server said, or what its silence counts as."""

    verdict: str
    reason: str
    score: float | None = None
    spans: tuple[tuple[int, int], ...] = ()


class Unreadable(ValueError):
    """The answer is not what docs/rules.md says it must be."""


def health(rule: int) -> Health:
    """What is known of a rule's server; nothing after an hour without a call."""
    return breaker.health(_key(rule))


def ask(rule: Ready, subject: Subject) -> Answer | None:
    """The server's answer; where there is none, what the rule says of that: None lets the comment pass."""
    wait = min(float(rule.params["seconds"]), subject.patience)
    if health(rule.pk).rests or wait < 0.05:
        return _silence(rule)
    began = time.monotonic()
    try:
        answer = _asked(rule, subject, wait)
    except (outbound.Unreachable, Unreadable) as why:
        breaker.failed(_key(rule.pk), str(why))
        return _silence(rule)
    finally:
        subject.patience -= time.monotonic() - began
    breaker.answered(_key(rule.pk))
    return answer


def _asked(rule: Ready, subject: Subject, wait: float) -> Answer:
    body = json.dumps(question(subject, tells_author=rule.params["tells_author"]), ensure_ascii=False).encode()
    number = f"msg_{secrets.token_urlsafe(16)}"
    headers = standard_webhooks.headers(rule.secret, number=number, timestamp=int(time.time()), body=body)
    said = outbound.fetch(
        rule.params["url"],
        method="POST",
        headers={**headers, "Content-Type": "application/json", "Accept": "application/json"},
        body=body,
        within=wait,
    )
    if said.status != 200:
        raise Unreadable(f"It answered with the status {said.status}.")
    return read_answer(said.body, subject.body)


def _silence(rule: Ready) -> Answer | None:
    if rule.params["on_failure"] == "pass":
        return None
    return Answer("hold", _("The check by another server did not answer, so somebody has to look."))


def _key(rule: int) -> str:
    return f"intake.outside.{rule}"


def question(subject: Subject, *, tells_author: bool) -> dict[str, Any]:
    """What is sent: the words, where they are to stand, and what everybody may know of who wrote them."""
    story = subject.thread.story if subject.thread else None
    return {
        "type": "comment.check",
        "timestamp": clock.now().isoformat(timespec="seconds"),
        "data": {
            "comment": {
                "id": subject.number or None,
                "text": subject.body,
                "links": subject.links,
                "language": subject.language,
            },
            "parent": _parent(subject.parent) if subject.parent else None,
            "story": _story(story) if story else None,
            "author": _author(subject) if tells_author and subject.author else None,
        },
    }


def _parent(parent: Comment) -> dict[str, Any]:
    """What is answered; of what readers do not see (any more, while its answer is edited) nothing but its number."""
    return {"id": parent.pk, "text": parent.body if parent.is_public else ""}


def _story(story: Story) -> dict[str, Any]:
    return {"id": story.pk, "headline": story.headline, "section": story.section.slug if story.section else None}


def _author(subject: Subject) -> dict[str, Any]:
    author = subject.author
    assert author is not None  # asked by `question`
    return {
        "id": author.pk,
        "name": author.name,
        "since": author.date_joined.isoformat(timespec="seconds"),
        "published": author.comments.filter(status=Status.PUBLISHED).order_by()[:1000].count(),
    }


def read_answer(body: bytes, text: str) -> Answer:
    """The answer in another server's words. Raises Unreadable for what is no verdict; the rest is left out or cut."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("It did not answer in JSON.") from None
    verdict = said.get("verdict") if isinstance(said, dict) else None
    if verdict not in VERDICTS:
        raise Unreadable("Its answer has no verdict that we know.")
    return Answer(
        str(verdict), _reason(said.get("reason")), _score(said.get("score")), _spans(said.get("spans"), len(text))
    )


def _reason(said: Any) -> str:
    fallback = _("The check by another server gave no reason.")
    if not isinstance(said, str) or not said.strip():
        return fallback
    try:
        return readable(said[:LONGEST_REASON], most=LONGEST_REASON, what="reason", lines=False) or fallback
    except Unacceptable:
        return fallback


def _score(said: Any) -> float | None:
    known = isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said <= 1
    return float(said) if known else None


def _spans(said: Any, length: int) -> tuple[tuple[int, int], ...]:
    if not isinstance(said, list):
        return ()
    pairs = [pair for pair in said[:MOST_SPANS] if isinstance(pair, list) and len(pair) == 2]
    whole = [(a, b) for a, b in pairs if type(a) is int and type(b) is int]
    return tuple(sorted((a, b) for a, b in whole if 0 <= a < b <= length))
