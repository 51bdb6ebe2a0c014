"""Notices of illegal content: sent by anybody, placed in the queue of reports, answered when it is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.actions import clear_about
from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, TooSoon, Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.discussion.models import Comment
from broadsheet.legal import letters
from broadsheet.legal.codes import NOTICED, Category
from broadsheet.legal.models import LONGEST_EXPLANATION, LONGEST_GROUND, Answer, Flagger, Notice
from broadsheet.moderation import changes, entries, rules
from broadsheet.moderation.actions import lock_if_shown, one_at_a_time
from broadsheet.moderation.addresses import address_key
from broadsheet.moderation.models import LONGEST_NOTE, Decision, Outcome, Queue, Reason, Report, receipt_token
from broadsheet.moderation.people import scopes

RECEIPTS_A_DAY = 3  # letters to one address that anybody may have typed; the page says the same to who has its link
NAMELESS = (Category.MINORS,)  # abuse of children may be told of without a name (article 16(2)(c))
ANSWERS = {Outcome.REMOVED: Answer.REMOVED, Outcome.KEPT: Answer.KEPT}


@dataclass(frozen=True)
class Sender:
    """Who sends a notice: with an account or without, from which network address, under which name."""

    reader: Reader | None = None
    address: str = ""
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Content:
    """What a notice is about: a comment that readers can see, or what an account says of itself."""

    comment: Comment | None = None
    person: Reader | None = None


_COMMENT = re.compile(r"/comments/(\d{1,18})/")
_MARK = re.compile(r"comment-(\d{1,18})")
_PERSON = re.compile(r"/readers/(\d{1,18})/")


def content_at(address: str) -> Content:
    """What stands at an address of ours. Raises Unacceptable for what is not, or names no comment and no person."""
    parts = urlsplit(address.strip())
    if parts.netloc and parts.netloc.lower() != urlsplit(settings.SITE_URL).netloc.lower():
        raise Unacceptable(_("This is not an address of this site."))
    if found := _COMMENT.match(parts.path) or _MARK.fullmatch(parts.fragment):
        comment = Comment.objects.visible_to(None).filter(pk=found[1]).first()
        if comment:
            return Content(comment=comment)
    if found := _PERSON.match(parts.path):
        person = Reader.objects.filter(pk=found[1], is_active=True, has_public_page=True, is_guest=False).first()
        if person:
            return Content(person=person)
    raise Unacceptable(
        _(
            "Please give the address of a comment or of a reader’s page. A comment’s own address is behind the "
            "moment that stands under it."
        )
    )


def why_not_notice(category: str, explanation: str, good_faith: bool, sender: Sender) -> str | None:
    """What is missing for a notice that has to be answered (article 16(2)); None when nothing is."""
    if category not in NOTICED:
        return _("Please choose what it is about.")
    if is_blank(explanation):
        return _("Please explain why it is against the law.")
    if not good_faith:
        return _("Please confirm that what you say is accurate and complete to your knowledge.")
    if category in NAMELESS and not sender.email:
        return None
    if is_blank(sender.name):
        return _("Please give your name.")
    try:
        validate_email(sender.email)
    except ValidationError:
        return _("Please give an e-mail address at which you get mail.")
    return None


def send_notice(
    *,
    content: Content,
    sender: Sender,
    category: str,
    explanation: str,
    legal_ground: str = "",
    good_faith: bool = False,
    is_danger: bool = False,
    token: str | None = None,
) -> Notice:
    """Take a notice and put its comment into the queue. Sent twice, a form gives one notice.

    `token` is the receipt's name, made with the form. Raises Unacceptable, TooSoon; Stale when the comment is not
    shown any more.
    """
    explanation = readable(explanation, most=LONGEST_EXPLANATION, what=_("Explanation"))
    legal_ground = readable(legal_ground, most=LONGEST_GROUND, what=_("Law"), lines=False)
    name = readable(sender.name, most=120, what=_("Name"), lines=False)
    sender = Sender(sender.reader, sender.address, name, sender.email.strip())
    if why := why_not_notice(category, explanation, good_faith, sender):
        raise Unacceptable(why)
    with transaction.atomic():
        now = clock.database_now()
        keys = [] if sender.reader else [address_key(sender.address, each) for each in (now, now - rules.HOUR)]
        one_at_a_time(f"notice {sender.reader.pk if sender.reader else keys[0]}")
        if earlier := Notice.objects.filter(token=token).first() if token else None:
            return earlier
        flagger = flagger_of(sender.reader)
        if flagger is None:
            _require_patience(sender.reader, keys, now)
        comment, report = content.comment, None
        if comment:
            lock_if_shown(comment)
            # Its place among the reports, by which queue, card and decisions know of it. The words stay here.
            report = Report.objects.create(comment=comment, reason=Reason.ILLEGAL, created_at=now)
        made = Notice.objects.create(
            token=token or receipt_token(),
            comment=comment,
            person=content.person,
            report=report,
            category=category,
            legal_ground=legal_ground,
            explanation=explanation,
            is_danger=is_danger,
            reader=sender.reader,
            name=sender.name,
            email=sender.email,
            flagger=flagger,
            address_key=keys[0] if keys else "",
            created_at=now,
        )
        if comment:
            entries.enter(comment, Queue.REPORTED)
        lately = Notice.objects.filter(email__iexact=made.email, created_at__gt=now - timedelta(days=1))
        if made.email and lately.count() <= RECEIPTS_A_DAY:
            letters.post("received", made.pk)
        return made


def flagger_of(reader: Reader | None) -> Flagger | None:
    """The trusted flagger whose account this is: its address is on the list, and proved."""
    if reader is None or not EmailAddress.objects.filter(user=reader, email=reader.email, verified=True).exists():
        return None
    return Flagger.objects.filter(email__iexact=reader.email).first()


def follow(decision: Decision) -> None:
    """Answer the notices that a decision settles: those whose place in the queue of reports it has answered."""
    for notice in decision.comment.notices.filter(answer=Answer.WAITING).select_related("report"):
        outcome = Outcome(notice.report.outcome) if notice.report else Outcome.WAITING
        if outcome in ANSWERS:
            _answer(notice, ANSWERS[outcome], decision=decision)


def withdrawn(comment: Comment) -> None:
    """Answer the notices about a comment that its author has taken back."""
    for notice in comment.notices.filter(answer=Answer.WAITING):
        _answer(notice, Answer.GONE)


def answer_about_person(*, moderator: Reader, notice: Notice, acted: bool, words: str = "") -> Notice:
    """Answer a notice about what an account says of itself; `acted` deletes that text.

    A name is changed by an administrator, and what is done with the account is a sanction of its own.
    """
    if not rules.may_decide(moderator):
        raise Refused(_("Only moderators decide about notices."))
    if not scopes.looks_after(moderator, None):
        raise Refused(_("This is about an account, so somebody who looks after the whole paper has to answer it."))
    words = readable(words, most=LONGEST_NOTE, what=_("Answer"))
    with transaction.atomic():
        notice = Notice.objects.select_for_update().get(pk=notice.pk)
        if notice.person_id is None:
            raise Unacceptable(_("This notice is answered when its comment is decided."))
        if not notice.is_waiting:
            raise Stale(_("A colleague has answered this notice in the meantime."))
        notice.words = words
        if acted and notice.person and clear_about(notice.person):
            changes.record(
                by=moderator,
                what="reader page",
                about=f"account {notice.person_id}",
                before={"about": True},
                after={"about": False},
            )
        return _answer(notice, Answer.REMOVED if acted else Answer.KEPT)


def _answer(notice: Notice, answer: Answer, decision: Decision | None = None) -> Notice:
    notice.answer, notice.decision, notice.answered_at = answer, decision, clock.now()
    notice.save(update_fields=["answer", "decision", "answered_at", "words"])
    letters.post("answered", notice.pk)
    return notice


def _require_patience(reader: Reader | None, keys: list[str], now: datetime) -> None:
    mine = Notice.objects.filter(reader=reader) if reader else Notice.objects.filter(address_key__in=keys)
    moments = list(mine.filter(created_at__gt=now - rules.HOUR).values_list("created_at", flat=True))
    if wait := rules.wait_before_report(moments, now):
        minutes = -(-wait // 60)
        sentence = ngettext(
            "You have sent many notices within the hour. Please wait %(minutes)s minute before the next; "
            "what you wrote is still in the form.",
            "You have sent many notices within the hour. Please wait %(minutes)s minutes before the next; "
            "what you wrote is still in the form.",
            minutes,
        )
        raise TooSoon(sentence % {"minutes": minutes}, wait)
