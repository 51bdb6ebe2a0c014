"""Questions about reports and decisions: a page asks them to explain, an action to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.moderation.models import ACTS, COMPLAINTS, NEW, Decision, Outcome, Queue, Reason, Report, Source
from broadsheet.moderation.people import rules as people
from broadsheet.moderation.people import scopes

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


def may_supervise(reader: Reader | None) -> bool:
    """Whether this person sets the moderators' rules and looks after their work."""
    return reader is not None and reader.is_supervisor


def sections_of(moderator: Reader) -> set[int] | None:
    """The numbers of the sections this moderator looks after; None: the whole paper."""
    return scopes.sections_of(moderator)


def why_not_see(moderator: Reader, comment: Comment) -> str | None:
    """Why the desk does not show this moderator that comment; None when it does: they look after its section."""
    mine = sections_of(moderator)
    if mine is None or comment.thread.story.section_id in mine:
        return None
    return _("You look after other sections of the paper, so a colleague has to decide about this comment.")


def why_not_report(reporter: Reader | None, comment: Comment) -> str | None:
    """Why this person cannot report that comment; None when they can. Nobody needs an account for it."""
    if reporter is not None and comment.author_id == reporter.pk:
        return _("This is your own comment. If you want it gone, you can withdraw it under “Your comments”.")
    return people.why_not_report(reporter) if reporter is not None else None


def why_not_decide(moderator: Reader | None, comment: Comment) -> str | None:
    """Why this person cannot decide about that comment; None when they can.

    Nobody judges their own words, except the administrator of a paper that may have nobody else.
    """
    if moderator is None or not moderator.is_moderator:
        return _("Only moderators decide about comments.")
    if comment.author_id == moderator.pk and not moderator.is_superuser:
        return _("You wrote this comment yourself, so a colleague has to decide about it.")
    if why := why_not_see(moderator, comment):
        return why
    if comment.status == Status.REJECTED and not comment.body:
        return _("The words of this comment have been deleted since it was rejected, so there is nothing to put back.")
    return None


def why_not_act(seen: str, after: str, reason: str, source: Source = Source.PERSON) -> str | None:
    """Why there is no such act; None when there is."""
    if Status.WITHDRAWN in {seen, after}:
        return _("Its author has withdrawn this comment, so there is nothing to decide.")
    if (seen, after) not in ACTS or seen == NEW:
        return _("That cannot be done with a comment.")
    if seen == after == Status.REJECTED and source != Source.APPEAL:  # confirmed, which nobody asks for otherwise
        return _("That cannot be done with a comment.")
    if after == Status.REJECTED and reason not in COMPLAINTS:
        return _("Please choose the reason for which you reject the comment.")
    if reason and reason not in Reason.values:
        return _("Please choose one of the reasons.")
    return None


def why_not_arrange(moderator: Reader | None, thread: Thread | None = None) -> str | None:
    """Why this person cannot close, time or otherwise arrange discussions, or that one; None when they can."""
    if moderator is None or not may_decide(moderator):
        return _("Only moderators arrange discussions.")
    if thread is not None and not scopes.looks_after(moderator, thread.story.section_id):
        return _("You look after other sections of the paper, so a colleague has to arrange this discussion.")
    return None


def is_same_act(last: Decision, moderator: Reader, seen: str, after: str, reason: str, screen: Screen) -> bool:
    """Whether the latest decision was made by this same form: one intent, one decision."""
    return (
        last.moderator_id == moderator.pk
        and (last.seen, last.after, last.reason, last.picked) == (seen, after, reason, None)
        and last.number == screen.last_decision + 1
    )


def is_same_passing(last: Decision, moderator: Reader, screen: Screen) -> bool:
    """Whether the latest decision was this same form's "not a pick"."""
    return last.considered and is_same_pick(last, moderator, False, screen)


def is_same_pick(last: Decision, moderator: Reader, picked: bool, screen: Screen) -> bool:
    """Whether the latest decision was this very pick (or its taking back), sent before."""
    return last.moderator_id == moderator.pk and last.picked == picked and last.number == screen.last_decision + 1


def what_changed(
    comment: Comment,
    last: Decision | None,
    seen: str,
    after: str,
    screen: Screen | None,
    source: Source = Source.PERSON,
) -> str | None:
    """What has happened to the comment since a moderator's page was made; None when nothing has."""
    newer = last and screen and last.number > screen.last_decision
    if last and (newer or (comment.status != seen and comment.status == last.after and last.picked is None)):
        return _told(last)
    if comment.status == Status.WITHDRAWN:
        return _("Its author has withdrawn this comment in the meantime.")
    if comment.status != seen:
        return _("This comment is not as you saw it. By now it is: %(status)s.") % {
            "status": Status(comment.status).label
        }
    if screen and comment.edited_at != screen.edited_at:
        return _("Its author has changed this comment since you opened the page.")
    waits = comment.entries.filter(queue__in=[Queue.REPORTED, Queue.UNREVIEWED])
    if after == seen and source != Source.APPEAL and not waits.exists():
        return _settled(last)
    return None


TOLD = {
    "approved": gettext_lazy("%(who)s approved this comment on %(moment)s."),
    "rejected": gettext_lazy("%(who)s rejected this comment on %(moment)s (%(reason)s)."),
    "kept": gettext_lazy("%(who)s kept this comment on %(moment)s."),
    "restored": gettext_lazy("%(who)s restored this comment on %(moment)s."),
    "confirmed": gettext_lazy("%(who)s confirmed on %(moment)s that this comment stays removed."),
    "held": gettext_lazy("%(who)s held this comment on %(moment)s."),
    "reopened": gettext_lazy("%(who)s opened the decision about this comment again on %(moment)s."),
    "picked": gettext_lazy("%(who)s picked this comment on %(moment)s."),
    "unpicked": gettext_lazy("%(who)s took back the pick of this comment on %(moment)s."),
    "passed over": gettext_lazy("%(who)s decided on %(moment)s that this comment is no pick."),
    "locked": gettext_lazy("%(who)s closed the replies to this comment on %(moment)s."),
    "unlocked": gettext_lazy("%(who)s opened the replies to this comment again on %(moment)s."),
    "undone": gettext_lazy("%(who)s undid a decision about this comment on %(moment)s."),
}
SETTLED = {
    "approved": gettext_lazy("No report about this comment is waiting: %(who)s approved it on %(moment)s."),
    "kept": gettext_lazy("No report about this comment is waiting: %(who)s kept it on %(moment)s."),
    "restored": gettext_lazy("No report about this comment is waiting: %(who)s restored it on %(moment)s."),
}


def what_changed_before_pick(
    comment: Comment, last: Decision | None, picked: bool, screen: Screen | None
) -> str | None:
    """What has happened to a comment since the page was made on which it was to be picked (or a pick taken back)."""
    if not comment.is_public or (screen and comment.edited_at != screen.edited_at):
        return what_changed(comment, last, Status.PUBLISHED, Status.REJECTED, screen)
    if (comment.picked_at is not None) == picked:
        if last and last.picked == picked:
            return _told(last)
        return _("This comment is picked already.") if picked else _("This comment is not picked.")
    return None


def what_changed_before_passing(comment: Comment, last: Decision | None, screen: Screen | None) -> str | None:
    """What has happened to a comment since the page was made on which it was proposed for a pick."""
    if last and screen and last.number > screen.last_decision:
        return _told(last)
    if why := what_changed_before_pick(comment, last, True, screen):
        return why
    if not comment.entries.filter(queue=Queue.PICKS).exists():
        return _("This comment is not proposed for a pick any more.")
    return None


def why_not_lock(comment: Comment, locked: bool) -> str | None:
    """Why the replies to a comment cannot be closed (or opened again): they are already."""
    if comment.is_locked != locked:
        return None
    return _("The replies to this comment are closed already.") if locked else _("Replies to this comment are open.")


def _told(decision: Decision) -> str:
    """Who did what, when and why, in a sentence for the colleague who came second."""
    return str(TOLD.get(decision.act, TOLD["kept"])) % _facts(decision)


def _settled(last: Decision | None) -> str:
    """Why there is nothing left to keep."""
    if last and last.act in SETTLED:
        return str(SETTLED[last.act]) % _facts(last)
    return _("No report about this comment is waiting.")


def _facts(decision: Decision) -> dict[str, str]:
    return {
        "who": decision.decided_by,
        "moment": clock.comment_moment(decision.created_at),
        "reason": decision.get_reason_display(),
    }


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
        return _("An editor has looked at it again since, and the comment is shown once more.")
    if report.outcome == Outcome.KEPT and status == Status.REJECTED:
        return _("An editor has looked at it again since, and has removed the comment.")
    if report.outcome == Outcome.KEPT and status == Status.WITHDRAWN:
        return _("Its author has withdrawn the comment since.")
    return ""
