"""Questions about reports and decisions: a page asks them to explain, an action to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.models import ACTS, COMPLAINTS, Decision, Outcome, Reason, Report

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Screen:
    """What a moderator's page showed of a comment, so that nobody decides about something else than they read."""

    edited_at: datetime | None = None
    last_decision: int = 0  # its number; 0 when there was none
    last_report: int = 0  # the row id of the newest report; 0 when there was none


def may_decide(reader: Reader | None) -> bool:
    """Whether this person works at the moderators' desk."""
    return reader is not None and reader.is_moderator


def why_not_report(reporter: Reader | None, comment: Comment) -> str | None:
    """Why this person cannot report that comment; None when they can. Nobody needs an account for it."""
    if reporter is not None and comment.author_id == reporter.pk:
        return "This is your own comment. If you want it gone, you can withdraw it under “My comments”."
    return None


def why_not_decide(moderator: Reader | None, comment: Comment) -> str | None:
    """Why this person cannot decide about that comment; None when they can.

    Nobody judges their own words, except the administrator of a paper that may have nobody else.
    """
    if moderator is None or not moderator.is_moderator:
        return "Only moderators decide about comments."
    if comment.author_id == moderator.pk and not moderator.is_superuser:
        return "You wrote this comment yourself, so a colleague has to decide about it."
    return None


def why_not_act(seen: str, after: str, reason: str) -> str | None:
    """Why there is no such act; None when there is."""
    if Status.WITHDRAWN in {seen, after}:
        return "Its author has withdrawn this comment, so there is nothing to decide."
    if (seen, after) not in ACTS:
        return "That cannot be done with a comment."
    if after == Status.REJECTED and reason not in COMPLAINTS:
        return "Please choose the reason for which you reject the comment."
    if reason and reason not in Reason.values:
        return "Please choose one of the reasons."
    return None


def is_same_act(last: Decision, moderator: Reader, seen: str, after: str, reason: str, screen: Screen) -> bool:
    """Whether the latest decision was made by this same form: one intent, one decision."""
    return (
        last.moderator_id == moderator.pk
        and (last.seen, last.after, last.reason) == (seen, after, reason)
        and last.number == screen.last_decision + 1
    )


def what_changed(comment: Comment, last: Decision | None, seen: str, after: str, screen: Screen | None) -> str | None:
    """What has happened to the comment since a moderator's page was made; None when nothing has."""
    newer = last and screen and last.number > screen.last_decision
    if last and (newer or (comment.status != seen and comment.status == last.after)):
        return f"{_who(last)} {last.act} this comment on {clock.comment_moment(last.created_at)}{_why(last)}."
    if comment.status == Status.WITHDRAWN:
        return "Its author has withdrawn this comment in the meantime."
    if comment.status != seen:
        return f"This comment is {Status(comment.status).label.lower()} by now."
    if screen and comment.edited_at != screen.edited_at:
        return "Its author has changed this comment since you opened the page."
    if after == seen and not comment.reports.filter(outcome=Outcome.WAITING).exists():
        return f"No report about this comment is waiting{_kept_by(last)}."
    return None


def _who(decision: Decision) -> str:
    return decision.moderator.name if decision.moderator else "The newsroom"


def _why(decision: Decision) -> str:
    return f" ({decision.get_reason_display().lower()})" if decision.after == Status.REJECTED else ""


def _kept_by(last: Decision | None) -> str:
    if last and last.after == Status.PUBLISHED:
        return f": {_who(last)} {last.act} it on {clock.comment_moment(last.created_at)}"
    return ""


def wait_before_report(moments: list[datetime], now: datetime) -> int:
    """Seconds until the next report is taken from somebody who made one at each of `moments`; 0: at once."""
    recent = sorted(moment for moment in moments if moment > now - HOUR)
    if len(recent) < settings.REPORTS_PER_HOUR:
        return 0
    return max(1, round((recent[-settings.REPORTS_PER_HOUR] + HOUR - now).total_seconds()))


def since_then(report: Report) -> str:
    """What became of the comment after the report's own outcome; empty when nothing did."""
    status = report.comment.status
    if report.outcome == Outcome.REMOVED and status == Status.PUBLISHED:
        return "An editor has looked at it again since, and the comment is shown once more."
    if report.outcome == Outcome.KEPT and status == Status.REJECTED:
        return "An editor has looked at it again since, and has removed the comment."
    if report.outcome == Outcome.KEPT and status == Status.WITHDRAWN:
        return "Its author has withdrawn the comment since."
    return ""
