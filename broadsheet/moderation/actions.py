"""Reporting a comment, and deciding about one."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, TooSoon, Unacceptable, refuse_if
from broadsheet.core.text import readable
from broadsheet.discussion.actions import change_status, set_locked, set_pick
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.moderation import claims, entries, listeners, rules, thresholds
from broadsheet.moderation.addresses import address_key
from broadsheet.moderation.models import (
    COMPLAINTS,
    LONGEST_NOTE,
    Bulk,
    Decision,
    Outcome,
    Queue,
    Reason,
    Report,
    Source,
    receipt_token,
)

ADDRESSES_KEPT = timedelta(days=1)  # the limit looks back an hour; nothing else needs them


def report_comment(
    *, comment: Comment, reporter: Reader | None, address: str, reason: str, note: str = "", token: str | None = None
) -> Report:
    """Tell the editors that something is wrong with a comment. It stays where it is until one of them decides, or as
    many credible readers have reported it as the newsroom has set (moderation.thresholds).

    `address` counts only without an account. `token` is the receipt's name, made with the form: sent twice, a form
    reports once. A signed-in reader's second report of a comment is their first one. Raises Unacceptable,
    Refused, TooSoon; Stale when the comment is not shown any more.
    """
    refuse_if(rules.why_not_report(reporter, comment))
    if reason not in COMPLAINTS:
        raise Unacceptable(_("Please choose what is wrong with the comment."))
    note = readable(note, most=LONGEST_NOTE, what=_("Note"))
    with transaction.atomic():
        now = clock.database_now()
        keys = [] if reporter else [address_key(address, moment) for moment in (now, now - rules.HOUR)]
        one_at_a_time(f"reader {reporter.pk}" if reporter else keys[0])
        if earlier := _same_report(comment, reporter, token):
            return earlier
        lock_if_shown(comment)
        if keys and comment.reports.filter(address_key=keys[0]).exists():
            raise Refused(
                _(
                    "This comment has been reported from your network address today, so an editor will look at it. "
                    "If that was you, your receipt is at the link you were given; if it was not, please sign in to "
                    "add your report."
                )
            )
        _require_patience(reporter, keys, now)
        forget_addresses(now)
        made = Report.objects.create(
            comment=comment,
            reporter=reporter,
            address_key=keys[0] if keys else "",
            reason=reason,
            note=note,
            token=token or receipt_token(),
            created_at=now,
        )
        entries.enter(comment, Queue.REPORTED, since=now)
        thresholds.hide_if_reached(comment)
        return made


def decide(
    *,
    moderator: Reader,
    comment: Comment,
    seen: str,
    after: str,
    reason: str = "",
    note: str = "",
    told: str = "",
    screen: rules.Screen | None = None,
    source: Source = Source.PERSON,
    bulk: Bulk | None = None,
) -> Decision:
    """Approve, reject, keep, hold or restore a comment, and answer everybody who reported it.

    `seen` is the status on the moderator's screen; `screen` is what else stood there. `reason` is told to the author
    and the reporters, `told` to the author besides, `note` only to colleagues. Sent twice, a form decides once.
    Raises Refused, Unacceptable; Stale when a colleague or the author was first.
    """
    refuse_if(rules.why_not_decide(moderator, comment))
    if why := rules.why_not_act(seen, after, reason, source):
        raise Unacceptable(why)
    reason = reason or Reason.FINE
    note = readable(note, most=LONGEST_NOTE, what=_("Note"))
    told = readable(told, most=LONGEST_NOTE, what=_("Note"))
    with transaction.atomic():
        comment = lock_row(comment)
        last = _last(comment)
        if last and screen and rules.is_same_act(last, moderator, seen, after, reason, screen):
            return last  # a double click
        changed = rules.what_changed(comment, last, seen, after, screen, source)
        if why := claims.why_not_held(comment, moderator) or changed:
            raise Stale(why)
        waited = entries.leave_decided(comment, source)
        if after != seen:
            comment = change_status(comment=comment, seen=seen, after=after)
            entries.leave(comment, Queue.UNREVIEWED)  # somebody has just read it
        if after == Status.PENDING:
            entries.enter(comment, Queue.PENDING)
        decision = entries.add(
            comment,
            moderator=moderator,
            seen=seen,
            source=source,
            reason=reason,
            told=told,
            note=note,
            bulk=bulk,
            waited=waited,
        )
        _answer_reports(decision, screen)
        claims.end(comment)
        listeners.tell(decision)
        return decision


def decide_automatically(
    *, comment: Comment, seen: str, after: str, source: Source, reason: str = "", note: str = ""
) -> Decision:
    """Hold, reject or publish a comment by the newsroom's settings: a rule, or the number of reports.

    Who reported waits for a person, unless it is removed. Raises Stale when it is not as `seen` any more.
    """
    if why := rules.why_not_act(seen, after, reason):
        raise Unacceptable(why)
    with transaction.atomic():
        comment = lock_row(comment)
        comment = change_status(comment=comment, seen=seen, after=after)
        if after == Status.REJECTED:
            entries.leave_decided(comment, source)
        return entries.keep(comment, seen=seen, source=source, reason=reason, note=note[:LONGEST_NOTE])


def pick(*, moderator: Reader, comment: Comment, screen: rules.Screen | None = None) -> Decision:
    """Put an editor's pick on a comment that readers can see. Sent twice, a form picks once.

    Raises Refused; Stale when it is picked already, or is not what the page showed any more.
    """
    return _set_pick(moderator, comment, True, screen)


def unpick(*, moderator: Reader, comment: Comment, screen: rules.Screen | None = None) -> Decision:
    """Take back an editor's pick, whoever made it. Raises Refused; Stale as `pick` does."""
    return _set_pick(moderator, comment, False, screen)


def _set_pick(moderator: Reader, comment: Comment, picked: bool, screen: rules.Screen | None) -> Decision:
    refuse_if(rules.why_not_decide(moderator, comment))
    with transaction.atomic():
        comment = lock_row(comment)
        last = _last(comment)
        if last and screen and rules.is_same_pick(last, moderator, picked, screen):
            return last  # a double click
        _require_unheld(comment, moderator)
        if why := rules.what_changed_before_pick(comment, last, picked, screen):
            raise Stale(why)
        comment = set_pick(comment=comment, picked=picked, by=moderator)
        return _keep_here(comment, moderator, picked=picked, waited=entries.leave(comment, Queue.PICKS))


def pass_over(*, moderator: Reader, comment: Comment, screen: rules.Screen | None = None) -> Decision:
    """Say that a comment which was proposed is no pick: it leaves that queue and stays as it is.

    Raises Refused; Stale when a colleague was first, or the comment is not what the page showed any more.
    """
    refuse_if(rules.why_not_decide(moderator, comment))
    with transaction.atomic():
        comment = lock_row(comment)
        last = _last(comment)
        if last and screen and rules.is_same_passing(last, moderator, screen):
            return last  # a double click
        _require_unheld(comment, moderator)
        if why := rules.what_changed_before_passing(comment, last, screen):
            raise Stale(why)
        waited = entries.leave(comment, Queue.PICKS)
        return _keep_here(comment, moderator, picked=False, considered=True, waited=waited)


def lock(*, moderator: Reader, comment: Comment) -> Decision:
    """Take no more replies to a comment and to everything under it. Sent twice, a form locks once. Raises Refused."""
    return _set_locked(moderator, comment, True)


def unlock(*, moderator: Reader, comment: Comment) -> Decision:
    """Take replies there again. Raises Refused."""
    return _set_locked(moderator, comment, False)


def _set_locked(moderator: Reader, comment: Comment, locked: bool) -> Decision:
    refuse_if(rules.why_not_decide(moderator, comment))
    with transaction.atomic():
        comment = lock_row(comment)
        last = _last(comment)
        if last and last.locked == locked and last.moderator_id == moderator.pk and comment.is_locked == locked:
            return last  # a double click
        if why := rules.why_not_lock(comment, locked):
            raise Stale(why)
        set_locked(comment=comment, locked=locked)
        comment.is_locked = locked
        return _keep_here(comment, moderator, locked=locked)


def _keep_here(comment: Comment, moderator: Reader, **facts: Any) -> Decision:
    """The row of an act that leaves the comment's status as it is."""
    return entries.keep(comment, moderator=moderator, seen=comment.status, **facts)


def forget_addresses(now: datetime) -> int:
    """Empty the keys of addresses older than a day; returns how many. Every new report does it, and `tidy`."""
    old = Report.objects.filter(created_at__lt=now - ADDRESSES_KEPT).exclude(address_key="")
    return old.update(address_key="")


def settle_withdrawn() -> int:
    """Close what waits about comments that their authors have withdrawn; returns how many.

    Readers and moderators see these as settled anyway; this keeps the queue's index short.
    """
    waiting = Report.objects.filter(outcome=Outcome.WAITING, comment__status=Status.WITHDRAWN)
    return waiting.update(outcome=Outcome.GONE)


def _same_report(comment: Comment, reporter: Reader | None, token: str | None) -> Report | None:
    """This very report, sent before: by the same form, or by the same reader."""
    same = Q(token=token) if token else Q(pk=None)
    if reporter:
        same |= Q(reporter=reporter)
    return comment.reports.filter(same).first()


def lock_if_shown(comment: Comment) -> None:
    """Hold the thread's and the comment's row, so that no decision slips in between.

    Raises Stale when readers cannot see the comment now.
    """
    Thread.objects.select_for_update().filter(pk=comment.thread_id).first()  # first, as everybody who decides does
    if Comment.objects.visible_to(None).filter(pk=comment.pk).select_for_update(of=("self",)).first() is None:
        raise Stale(_("This comment is not shown any more, so there is nothing left to report."))


def _require_patience(reporter: Reader | None, keys: list[str], now: datetime) -> None:
    mine = Report.objects.filter(reporter=reporter) if reporter else Report.objects.filter(address_key__in=keys)
    moments = list(mine.filter(created_at__gt=now - rules.HOUR).values_list("created_at", flat=True))
    if wait := rules.wait_before_report(moments, now):
        minutes = -(-wait // 60)
        sentence = ngettext(
            "You have sent many reports within the hour. Please wait %(minutes)s minute before the next; "
            "what you wrote is still in the form.",
            "You have sent many reports within the hour. Please wait %(minutes)s minutes before the next; "
            "what you wrote is still in the form.",
            minutes,
        )
        raise TooSoon(sentence % {"minutes": minutes}, wait)


def one_at_a_time(name: str) -> None:
    """On PostgreSQL let the same person's reports wait for each other, or many at once would pass the limit.

    SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [zlib.crc32(b"report") >> 1, zlib.crc32(name.encode()) >> 1]
            )


def lock_row(comment: Comment) -> Comment:
    """The comment as it is now; its thread and itself are held until the transaction ends, in that order everywhere."""
    Thread.objects.select_for_update().get(pk=comment.thread_id)
    return Comment.objects.select_for_update().get(pk=comment.pk)


def _last(comment: Comment) -> Decision | None:
    """The latest decision about a comment whose discussion is held."""
    return comment.decisions.select_related("moderator").order_by("-number").first()


def _require_unheld(comment: Comment, moderator: Reader) -> None:
    if why := claims.why_not_held(comment, moderator):
        raise Stale(why)


def _answer_reports(decision: Decision, screen: rules.Screen | None) -> None:
    """Give the waiting reports their outcome. A comment that stays goes on waiting for reports nobody has read yet."""
    waiting = decision.comment.reports.filter(outcome=Outcome.WAITING)
    if decision.after == Status.REJECTED:
        waiting.update(outcome=Outcome.REMOVED, decision=decision)
    if decision.after != Status.PUBLISHED:
        return  # held for another look: nobody has an answer yet
    read = waiting.filter(pk__lte=screen.last_report) if screen else waiting
    read.update(outcome=Outcome.KEPT, decision=decision)
    if unread := screen and waiting.order_by("pk").first():
        entries.enter(decision.comment, Queue.REPORTED, since=unread.created_at)
    else:
        entries.leave(decision.comment, Queue.REPORTED)  # where it stood again with what has just been answered
