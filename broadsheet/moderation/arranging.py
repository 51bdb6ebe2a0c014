"""What moderators do with a discussion as a whole: close and open it, time it, say what it takes and who answers.

Each act is one transaction with a row that is never changed (ThreadDecision); what changes nothing leaves none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import name_key
from broadsheet.core import clock
from broadsheet.core.language import duration, number
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion import actions, modes
from broadsheet.discussion.models import Mode, Thread
from broadsheet.moderation import rules
from broadsheet.moderation.models import ThreadAct, ThreadDecision

WITHOUT_HOURS, BY_HOURS = "without hours", "by hours"
SHOWN = 100  # of the acts on one discussion, the latest


def close_discussion(*, moderator: Reader, thread: Thread) -> Thread:
    """Take no comment from this moment on; the page says that an editor closed it."""
    return _do(moderator, thread, ThreadAct.CLOSED, _state, lambda held: actions.close_thread(thread=held))


def open_discussion(*, moderator: Reader, thread: Thread) -> Thread:
    """Take comments again."""
    return _do(moderator, thread, ThreadAct.OPENED, _state, lambda held: actions.reopen_thread(thread=held))


def time_discussion(*, moderator: Reader, thread: Thread, period: timedelta | None) -> Thread:
    """Give it a period of its own; None for the section's or the newsroom's."""
    return _do(moderator, thread, ThreadAct.TIMED, _period, lambda held: actions.set_period(thread=held, period=period))


def set_opening(*, moderator: Reader, thread: Thread, moment: datetime | None) -> Thread:
    """Let it open at a moment of its own; None for the story's publication."""
    return _do(
        moderator, thread, ThreadAct.OPENING, _opening, lambda held: actions.set_opening(thread=held, moment=moment)
    )


def leave_desk_hours(*, moderator: Reader, thread: Thread, leaves: bool) -> Thread:
    """Let the desk's hours and its queue never bear on it, or go by them again."""
    return _do(
        moderator, thread, ThreadAct.TIMED, _by_hours, lambda held: actions.leave_hours(thread=held, leaves=leaves)
    )


def set_discussion_mode(*, moderator: Reader, thread: Thread, mode: str) -> Thread:
    """Take comments, questions or reviews; what has been written stays."""
    return _do(moderator, thread, ThreadAct.MODE, _mode, lambda held: modes.set_mode(thread=held, mode=mode))


def slow_discussion(*, moderator: Reader, thread: Thread, seconds: int | None) -> Thread:
    """Ask for so many seconds between one reader's comments; None for the newsroom's own."""
    return _do(
        moderator, thread, ThreadAct.SLOWED, _slow, lambda held: modes.set_slow_seconds(thread=held, seconds=seconds)
    )


def name_expert(*, moderator: Reader, thread: Thread, reader: Reader) -> Thread:
    """Have somebody answer as an expert of this discussion."""
    return _do(
        moderator, thread, ThreadAct.EXPERT, _named(reader), lambda held: modes.add_expert(thread=held, reader=reader)
    )


def dismiss_expert(*, moderator: Reader, thread: Thread, reader: Reader) -> Thread:
    """Have somebody answer as a reader again."""
    return _do(
        moderator,
        thread,
        ThreadAct.NO_EXPERT,
        _named(reader),
        lambda held: modes.remove_expert(thread=held, reader=reader),
    )


def account_called(words: str, moderator: Reader) -> Reader:
    """The account with that name; for supervisors also the one with that e-mail address, as on the page of people.

    Raises Unacceptable when there is none.
    """
    words = words.strip()
    if not words:
        raise Unacceptable(_("Please write the name or the e-mail address of an account."))
    if "@" in words and not moderator.is_supervisor:
        raise Unacceptable(
            _("Please write the name: only those who supervise the moderators look up an e-mail address.")
        )
    found = Reader.objects.filter(is_guest=False)
    found = found.filter(email=words.lower()) if "@" in words else found.filter(name_key=name_key(words))
    if (reader := found.first()) is None:
        raise Unacceptable(_("There is no account with that name or e-mail address."))
    return reader


def record_of(thread: Thread) -> list[tuple[ThreadDecision, str]]:
    """What was done with this discussion, the latest first, each with its sentence."""
    rows = ThreadDecision.objects.filter(thread=thread.pk).select_related("moderator").order_by("-pk")[:SHOWN]
    return list(zip(rows, _sentences(rows), strict=True))


def _sentences(rows: Iterable[ThreadDecision]) -> list[str]:
    about = {int(pk) for row in rows if "expert" in row.act for pk in (row.before, row.after) if pk}
    names = dict(Reader.objects.filter(pk__in=about).values_list("pk", "name"))
    return [_sentence(row, names) for row in rows]


def _sentence(row: ThreadDecision, names: dict[int, str]) -> str:
    match ThreadAct(row.act):
        case ThreadAct.TIMED if row.after == WITHOUT_HOURS:
            return _("The desk’s hours do not bear on it any more")
        case ThreadAct.TIMED if row.before == WITHOUT_HOURS:
            return _("It goes by the desk’s hours again")
        case ThreadAct.TIMED if row.after:
            days = duration(timedelta(seconds=int(row.after)))
            return _("Its period was changed to: %(period)s") % {"period": days}
        case ThreadAct.TIMED:
            return _("Its period is the section's or the newsroom's again")
        case ThreadAct.OPENING if row.after:
            moment = clock.comment_moment(datetime.fromisoformat(row.after))
            return _("It was set to open on %(moment)s") % {"moment": moment}
        case ThreadAct.OPENING:
            return _("It opens with the story's publication again")
        case ThreadAct.MODE:
            return _("What it takes was changed to: %(mode)s") % {"mode": Mode(row.after).label}
        case ThreadAct.SLOWED if row.after:
            return _("Seconds between a reader's comments here: %(seconds)s") % {"seconds": number(int(row.after))}
        case ThreadAct.SLOWED:
            return _("Slow mode is the newsroom's own again")
        case ThreadAct.EXPERT | ThreadAct.NO_EXPERT:
            name = names.get(int(row.after or row.before), _("an account that is gone"))
            if row.after:
                return _("Named as an expert: %(name)s") % {"name": name}
            return _("No longer an expert: %(name)s") % {"name": name}
    return str(ThreadAct(row.act).label)


def _do(
    moderator: Reader,
    thread: Thread,
    act: ThreadAct,
    read: Callable[[Thread], str],
    change: Callable[[Thread], Thread],
) -> Thread:
    if why := rules.why_not_arrange(moderator, thread):
        raise Refused(why)
    with transaction.atomic():
        own = actions.thread_for(thread.story)
        Thread.objects.select_for_update().get(pk=own.pk)  # so that what was before is not just about to change
        held = Thread.objects.with_story().get(pk=own.pk)
        before = read(held)
        changed = change(held)
        if (after := read(changed)) != before:
            ThreadDecision.objects.create(thread=changed, moderator=moderator, act=act, before=before, after=after)
    return changed


def _state(thread: Thread) -> str:
    if thread.closed_at:
        return "closed by hand" if thread.closed_by_hand else "closed"
    if thread.kept_open:
        return "kept open"
    now = clock.database_now()
    if thread.is_closed(now):
        return "over"
    if thread.is_shut(now):
        return "closed by the desk's hours"
    return "open outside the desk's hours" if thread.desk(now).is_by_hand else "open"


def _by_hours(thread: Thread) -> str:
    return WITHOUT_HOURS if thread.without_hours else BY_HOURS


def _period(thread: Thread) -> str:
    return str(int(thread.open_for.total_seconds())) if thread.open_for else ""


def _opening(thread: Thread) -> str:
    return thread.opens_at.isoformat() if thread.opens_at else ""


def _mode(thread: Thread) -> str:
    return str(thread.mode)


def _slow(thread: Thread) -> str:
    return "" if thread.slow_seconds is None else str(thread.slow_seconds)


def _named(reader: Reader) -> Callable[[Thread], str]:
    return lambda thread: str(reader.pk) if thread.experts.filter(pk=reader.pk).exists() else ""
