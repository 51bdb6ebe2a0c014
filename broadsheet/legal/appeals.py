"""Appeals: somebody asks that another person decides again, and is told what came of it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.discussion.models import Comment, Status
from broadsheet.legal import letters
from broadsheet.legal.models import LONGEST_APPEAL, Answer, Appeal, Notice, Recipient, Result, Statement, takes_appeals
from broadsheet.legal.sanctions import sanction_of
from broadsheet.moderation import entries, rules
from broadsheet.moderation.actions import decide, lock_row
from broadsheet.moderation.models import COMPLAINTS, LONGEST_NOTE, Decision, Outcome, Queue, Reason, Report, Source
from broadsheet.moderation.people.actions import lift

About = Statement | Notice | Report


# --- Questions --------------------------------------------------------------------------------------------------------


def why_not_appeal(reader: Reader | None, about: About, now: datetime) -> str | None:
    """Why nobody (or not this person) can appeal that decision; None when they can."""
    if not takes_appeals():
        return _("This newsroom takes no appeals. You can go to court.")
    if (until := deadline(about)) is None:
        return _("There is nothing to appeal here.")
    if now > until:
        return _("The time for an appeal ended on %(moment)s.") % {"moment": clock.comment_moment(until)}
    if isinstance(about, Statement):
        if reader is None or not Recipient.objects.filter(statement=about, reader=reader).exists():
            return _("Only the person whom a decision restricts can appeal it here.")
        if about.decision and not _is_restricted(about.decision.comment):
            return _("The comment is not restricted any more, so there is nothing to appeal.")
    if earlier := _same(about).first():
        return (
            _("This decision is being looked at again already.")
            if earlier.is_waiting
            else _("This decision has been looked at again already, and that decision stands.")
        )
    return None


def deadline(about: About) -> datetime | None:
    """Until when that can be appealed; None where nothing was decided against anybody."""
    if isinstance(about, Statement):
        return about.appeal_until
    if isinstance(about, Notice):
        turned_down = about.answer == Answer.KEPT and about.decision is not None
    else:
        turned_down = about.outcome == Outcome.KEPT
    decision = about.decision
    if not turned_down or decision is None:
        return None
    return decision.created_at + settings.APPEAL_PERIOD


def why_not_decide_appeal(moderator: Reader, appeal: Appeal) -> str | None:
    """Why this person cannot decide that appeal; None when they can. Never whoever decided first.

    Where a paper has one supervisor only, who is its administrator too, they may: better than nobody, and it is told
    to the appellant (`by_same_person`).
    """
    if not rules.may_supervise(moderator):
        return _("Only those who supervise the moderators decide appeals.")
    if appeal.appellant_id == moderator.pk:
        return _("This is your own appeal, so a colleague has to decide it.")
    if appeal.comment and appeal.comment.author_id == moderator.pk:
        return _("You wrote this comment yourself, so a colleague has to decide about it.")
    if is_first(moderator, appeal) and not (moderator.is_superuser and is_alone(moderator)):
        return _(
            "You made the decision that is appealed, so somebody else has to decide now. Where nobody else supervises "
            "the moderators, an administrator can give a colleague the right to, or decide alone."
        )
    return None


def is_first(moderator: Reader, appeal: Appeal) -> bool:
    """Whether this person made the decision that is appealed."""
    if appeal.first is not None:
        return appeal.first.moderator_id == moderator.pk
    sanction = sanction_of(appeal.statement) if appeal.statement else None
    return sanction is not None and sanction.by_id == moderator.pk


def is_alone(moderator: Reader) -> bool:
    """Whether nobody else of this newsroom may decide appeals."""
    others = Reader.objects.filter(is_active=True).exclude(pk=moderator.pk)
    right = Q(is_superuser=True) | Q(groups__permissions__in=_right()) | Q(user_permissions__in=_right())
    return not others.filter(right).exists()


def _right() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="moderation", codename="supervise")


# --- Acts -------------------------------------------------------------------------------------------------------------


def appeal(*, reader: Reader | None, about: About, words: str) -> Appeal:
    """Ask that somebody else decides again. One appeal of a decision is open at a time, and one is decided.

    `about` is the statement of reasons of whoever is restricted, or the notice or report that was turned down, known to
    whoever holds its link. Raises Refused, Unacceptable, Stale.
    """
    words = readable(words, most=LONGEST_APPEAL, what=_("Appeal"))
    if is_blank(words):
        raise Unacceptable(_("Please say why the decision should be changed."))
    if why := why_not_appeal(reader, about, clock.now()):
        raise Refused(why)
    first = about.decision
    with transaction.atomic():
        comment = lock_row(first.comment) if first else None
        if why := why_not_appeal(reader, about, clock.now()):  # in the meantime
            raise Stale(why)
        made = Appeal.objects.create(
            statement=about if isinstance(about, Statement) else None,
            notice=about if isinstance(about, Notice) else None,
            report=about if isinstance(about, Report) else None,
            first=first,
            comment=comment,
            appellant=reader,
            words=words,
        )
        if comment:
            entries.enter(comment, Queue.APPEALS, since=made.created_at)
        return made


def decide_appeal(*, moderator: Reader, appeal: Appeal, upheld: bool, answer: str = "", reason: str = "") -> Appeal:
    """Uphold an appeal, which changes the first decision, or confirm that decision; and tell the appellant.

    `reason` is wanted where upholding removes a comment that was left. Raises Refused, Unacceptable; Stale when a
    colleague was first, or the comment's author has withdrawn it.
    """
    if why := why_not_decide_appeal(moderator, appeal):
        raise Refused(why)
    answer = readable(answer, most=LONGEST_NOTE, what=_("Answer"))
    if is_blank(answer):
        raise Unacceptable(_("Please tell in a sentence why you decided so."))
    with transaction.atomic():
        comment = lock_row(appeal.comment) if appeal.comment else None
        appeal = Appeal.objects.select_related("first", "statement").select_for_update(of=("self",)).get(pk=appeal.pk)
        if not appeal.is_waiting:
            raise Stale(_("This appeal is over already."))
        same = is_first(moderator, appeal)
        _close(appeal, Result.UPHELD if upheld else Result.CONFIRMED, moderator, answer=answer, by_same_person=same)
        if comment:
            appeal.second = _decide(moderator, comment, appeal, upheld, answer, reason)
            appeal.save(update_fields=["second"])
        elif upheld and appeal.statement and (sanction := sanction_of(appeal.statement)):
            lift(moderator=moderator, sanction=sanction, why=answer)
        return appeal


def _decide(moderator: Reader, comment: Comment, appeal: Appeal, upheld: bool, answer: str, reason: str) -> Decision:
    """The decision that an appeal comes to. What was lost by the first comes back: nothing of it was thrown away."""
    seen = comment.status
    public = upheld if appeal.is_by_author else not upheld
    after = Status.PUBLISHED if public else Status.REJECTED
    if appeal.is_by_author == (seen == Status.PUBLISHED):
        raise Stale(_("The comment is not as it was any more, so there is nothing left to decide."))
    if after == Status.REJECTED:
        first = appeal.first.reason if appeal.first else ""
        reason = reason or (first if first in COMPLAINTS and appeal.is_by_author else "")
    else:
        reason = Reason.FINE
    return decide(
        moderator=moderator,
        comment=comment,
        seen=seen,
        after=after,
        reason=reason,
        told=answer,
        source=Source.APPEAL,
    )


def follow(decision: Decision) -> None:
    """Close what is waiting about a comment when another decision has given the appellants what they asked for.

    Whatever else is decided about it, an appeal goes on waiting, in its place in the queue.
    """
    comment = decision.comment
    for waiting in Appeal.objects.filter(comment=comment, result=Result.WAITING).order_by("pk"):
        wanted = Status.PUBLISHED if waiting.is_by_author else Status.REJECTED
        if decision.after != wanted:
            entries.enter(comment, Queue.APPEALS, since=waiting.created_at)
        elif decision.moderator:
            same = is_first(decision.moderator, waiting)  # nobody needs a second opinion to give in
            _close(waiting, Result.UPHELD, decision.moderator, second=decision, by_same_person=same)
        else:
            _close(waiting, Result.GONE, None, second=decision)
    if not Appeal.objects.filter(comment=comment, result=Result.WAITING).exists():
        entries.leave(comment, Queue.APPEALS)


def withdrawn(comment: Comment) -> None:
    """Close the appeals about a comment that its author has taken back."""
    for waiting in Appeal.objects.filter(comment=comment, result=Result.WAITING):
        _close(waiting, Result.GONE, None)


def withdraw(reader: Reader) -> None:
    """Close the appeals of somebody whose account goes, and forget whose words the earlier ones were."""
    for waiting in Appeal.objects.filter(appellant=reader, result=Result.WAITING).select_related("comment"):
        _close(waiting, Result.GONE, None)
        if waiting.comment and not Appeal.objects.filter(comment=waiting.comment, result=Result.WAITING).exists():
            entries.leave(waiting.comment, Queue.APPEALS)
    Appeal.objects.filter(appellant=reader).update(appellant=None, words="")


def kept() -> QuerySet[Appeal]:
    """The numbers of comments about which an appeal is open: their words stay until it is decided (WORDS_KEPT)."""
    return Appeal.objects.filter(result=Result.WAITING, comment__isnull=False).values("comment")  # type: ignore[return-value]


def _close(appeal: Appeal, result: Result, by: Reader | None, **facts: object) -> None:
    appeal.result, appeal.decided_by, appeal.decided_at = result, by, clock.now()
    for name, value in facts.items():
        setattr(appeal, name, value)
    appeal.save(update_fields=["result", "decided_by", "decided_at", *facts])
    if not (appeal.is_by_author and appeal.comment_id):  # an author hears of it as of any decision about their comment
        letters.post("appealed", appeal.pk)


def _same(about: About) -> QuerySet[Appeal]:
    """Appeals of that very decision, by whomever."""
    if isinstance(about, Statement) and about.decision_id is None:
        return Appeal.objects.filter(statement=about).exclude(result=Result.GONE).order_by("-pk")
    return Appeal.objects.filter(first=about.decision_id).exclude(result=Result.GONE).order_by("-pk")


def _is_restricted(comment: Comment) -> bool:
    return comment.status in {Status.REJECTED, Status.PENDING} and bool(comment.body)
