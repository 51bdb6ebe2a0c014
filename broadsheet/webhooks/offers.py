"""Deciding by e-mail: a mail about one waiting comment, with a link to approve it and one to reject it.

Opening a link does nothing, for programs that look through mail open every link in it; the page it leads to asks. A
link is good once, for two days, for one moderator, one act and the comment as it was. Whoever can read the mailbox can
use it: so a newsroom whose staff show a second factor gets links to the desk instead, where they must.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale
from broadsheet.discussion.models import Comment, Status
from broadsheet.discussion.rules import why_not_speak
from broadsheet.moderation import rules
from broadsheet.moderation.actions import decide
from broadsheet.moderation.models import Decision, Outcome, Source
from broadsheet.notifications.posting import post
from broadsheet.webhooks.models import MailChoice, Offer

LASTS = timedelta(hours=48)
TOGETHER = timedelta(minutes=1)  # before a mail goes: a colleague may be quicker, an author may think again
MOST_AN_HOUR = 30  # mails to one moderator; what comes beyond them is in the digest and at the desk
ACTS = {"approve": Status.PUBLISHED, "reject": Status.REJECTED}


def offer(comment: Comment) -> int:
    """Have every moderator written to who wants a mail for each waiting comment; to how many. Inside the transaction
    that lets it wait.
    """
    return sum(_offer(choice.moderator, comment) for choice in MailChoice.objects.filter(each=True).select_related())


def _offer(moderator: Reader, comment: Comment) -> bool:
    now, last = clock.now(), _last_decision(comment)
    same = Offer.objects.filter(moderator=moderator, comment=comment, last_decision=last, edited_at=comment.edited_at)
    if same.exists() or why_not_decide_by_mail(moderator, comment):
        return False
    if Offer.objects.filter(moderator=moderator, made_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        return False
    made = Offer.objects.create(
        moderator=moderator,
        comment=comment,
        seen=comment.status,
        edited_at=comment.edited_at,
        last_decision=last,
        made_at=now,
        expires_at=now + LASTS,
    )
    post("broadsheet.webhooks.letters.offered", made.pk, after=now + TOGETHER)
    return True


def _last_decision(comment: Comment) -> int:
    return Decision.objects.filter(comment=comment).aggregate(last=Max("number"))["last"] or 0


def still_waits(made: Offer) -> bool:
    """Whether there is still something to decide as the mail would have it."""
    comment = made.comment
    if (comment.status, comment.edited_at, _last_decision(comment)) != (
        made.seen,
        made.edited_at,
        made.last_decision,
    ):
        return False
    return comment.status == Status.PENDING or comment.reports.filter(outcome=Outcome.WAITING).exists()


def why_not_decide_by_mail(moderator: Reader, comment: Comment) -> str | None:
    """Why this person cannot decide about that comment, at the desk or by mail; None when they can.

    Who lost the right since the mail went, or may not even speak, decides nothing.
    """
    return rules.why_not_decide(moderator, comment) or why_not_speak(moderator)


def links(made: Offer) -> dict[str, str]:
    """Fresh links of a mail that goes now, by act; those of an earlier try of it are good no more.

    Empty where staff show a second factor: a link that decides without one would be a way round it.
    """
    if settings.STAFF_SECOND_FACTOR:
        return {}
    tokens = {act: secrets.token_urlsafe(32) for act in ACTS}
    made.approve, made.reject = (_digest(tokens[act]) for act in ("approve", "reject"))
    made.last_report = made.comment.reports.aggregate(last=Max("pk"))["last"] or 0
    made.expires_at = clock.now() + LASTS
    made.save(update_fields=["approve", "reject", "last_report", "expires_at"])
    return tokens


@dataclass(frozen=True)
class Link:
    """A link that somebody opened: the mail it is from, and what it would do."""

    offer: Offer
    act: str

    @property
    def after(self) -> Status:
        return ACTS[self.act]


def read(token: str) -> Link | None:
    """What a link is for; None for one that was never sent, or is forgotten."""
    digest = _digest(token)
    rows = Offer.objects.select_related("moderator", "comment__parent", "comment__thread__story__section")
    made = rows.filter(Q(approve=digest) | Q(reject=digest)).first()
    return Link(made, "approve" if made.approve == digest else "reject") if made else None


def why_not_use(link: Link) -> str | None:
    """Why a link does nothing (any more); None when it is good."""
    made = link.offer
    if made.used_at:
        return _("This link, or the other one of the same mail, has been used already.")
    if made.expires_at <= clock.now():
        return _("This link was good for two days and is too old now.")
    if why := why_not_decide_by_mail(made.moderator, made.comment):
        return why
    if not still_waits(made):
        return _("This comment has been decided, edited or withdrawn since the mail was sent.")
    return None


def use(*, link: Link, reason: str = "", note: str = "") -> Decision:
    """Decide as the link says, in the name of whom the mail was sent to, and let it be good no more.

    Raises Refused, Unacceptable (without a reason to reject for), Stale; then the link is as good as it was.
    """
    made = link.offer
    if settings.STAFF_SECOND_FACTOR:
        raise Refused(_("Please decide at the desk: links by mail are switched off here."))
    if why := why_not_use(link):
        raise Stale(why)
    with transaction.atomic():
        if not Offer.objects.filter(pk=made.pk, used_at=None).update(used_at=clock.now()):
            raise Stale(_("This link, or the other one of the same mail, has been used already."))
        return decide(
            moderator=made.moderator,
            comment=made.comment,
            seen=made.seen,
            after=link.after,
            reason=reason,
            note=note,
            screen=rules.Screen(made.edited_at, made.last_decision, made.last_report),
            source=Source.MAIL,
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
