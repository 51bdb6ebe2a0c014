"""Legal holds: who may set one, what it does while it is on, and what is put away so that nothing is lost."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.delivery.freshness import touch
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.quoting import signature
from broadsheet.legal import letters
from broadsheet.legal.models import Hold, Sealed
from broadsheet.moderation import arranging, changes, rules
from broadsheet.moderation.models import LONGEST_NOTE

USUAL = timedelta(days=90)  # what the form proposes
ORDERED = timedelta(days=183)  # six months, for content removed by order as terrorist (Regulation 2021/784, article 6)
LONGEST = timedelta(days=3653)
WARNING = timedelta(days=7)  # the owner is told so long before a hold ends

# What stands over a discussion under hold: no name, and nothing of what the case is about.
BANNERS = {
    Hold.Why.COURT: gettext_lazy(
        "A court is dealing with what this story is about. Please say nothing here about anybody’s guilt."
    ),
    Hold.Why.MINORS: gettext_lazy(
        "This story concerns children or young people. Please name nobody, and give no detail by which somebody could "
        "be recognised."
    ),
    Hold.Why.DEATH: gettext_lazy("This story tells of somebody’s death. Please think of those who mourn."),
    Hold.Why.OTHER: gettext_lazy("For legal reasons we take particular care of this discussion."),
}
DOES = {
    Hold.Effect.CLOSE: gettext_lazy("No comments are taken for the time being."),
    Hold.Effect.READ_FIRST: gettext_lazy("An editor reads each comment before it is published."),
}


# --- Questions --------------------------------------------------------------------------------------------------------


def why_not_hold(moderator: Reader, why: str, effect: str, thread: Thread, comment: Comment | None) -> str | None:
    """Why this person cannot set such a hold; None when they can."""
    if not rules.may_decide(moderator):
        return _("Only moderators set legal holds.")
    if refusal := rules.why_not_arrange(moderator, thread):
        return refusal
    if why not in Hold.Why.values or effect not in Hold.Effect.values:
        return _("Please choose why, and what the hold does.")
    if comment is not None and effect != Hold.Effect.KEEP:
        return _("A hold on one comment keeps its words and does nothing else.")
    if comment is None and why == Hold.Why.ORDER:
        return _("An order is about certain comments: set the hold on each of them.")
    return None


def why_not_end(moderator: Reader, hold: Hold) -> str | None:
    """Why this person cannot end or change that hold; None when they can: its owner, and supervisors."""
    if rules.may_supervise(moderator) or (rules.may_decide(moderator) and hold.owner_id == moderator.pk):
        return None
    return _("Only the owner of a legal hold and supervisors change it.")


def why_not_speak(reader: Reader, thread: Thread | None) -> str | None:
    """Why nobody can write in a discussion that a hold has closed (setting SPEAKING_RULES)."""
    if thread is None:
        return None
    closed = Hold.objects.on(clock.now()).filter(thread=thread.pk, effect=Hold.Effect.CLOSE)
    return str(DOES[Hold.Effect.CLOSE]) if closed.exists() else None


def possible_owners() -> QuerySet[Reader]:
    """Who may look after a hold: those who decide about comments."""
    right = Permission.objects.filter(content_type__app_label="moderation", codename="decide")
    has = Q(is_superuser=True) | Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return Reader.objects.filter(has, is_active=True).distinct().order_by("name")


def banner_of(thread: int, now: datetime) -> tuple[list[str], datetime | None]:
    """What stands over that discussion, and the moment at which time alone changes it; one query."""
    on = Hold.objects.on(now).filter(thread=thread, comment=None).exclude(effect=Hold.Effect.KEEP)
    found = list(on.order_by("pk"))
    if not found:
        return [], None
    words = [str(BANNERS[each]) for each in dict.fromkeys(Hold.Why(hold.why) for hold in found) if each in BANNERS]
    effects = {hold.effect for hold in found}
    does = DOES[Hold.Effect.CLOSE if Hold.Effect.CLOSE in effects else Hold.Effect.READ_FIRST]
    return [*words, str(does)], min(hold.expires_at for hold in found)


def kept() -> QuerySet[Comment]:
    """The numbers of comments under hold: no clock deletes their words (setting WORDS_KEPT)."""
    on = Hold.objects.on(clock.now())
    held = Q(pk__in=on.filter(comment__isnull=False).values("comment")) | Q(
        thread__in=on.filter(comment=None).values("thread")
    )
    return Comment.objects.filter(held).values("pk")  # type: ignore[return-value]


# --- Acts -------------------------------------------------------------------------------------------------------------


def set_hold(
    *,
    moderator: Reader,
    thread: Thread,
    comment: Comment | None = None,
    why: str,
    effect: str = Hold.Effect.KEEP,
    owner: Reader | None = None,
    note: str = "",
    expires_at: datetime | None = None,
) -> Hold:
    """Put a discussion, or one comment, under legal hold. Raises Refused, Unacceptable."""
    if refusal := why_not_hold(moderator, why, effect, thread, comment):
        raise Refused(refusal)
    now = clock.now()
    expires_at = expires_at or now + (ORDERED if why == Hold.Why.ORDER else USUAL)
    note = readable(note, most=LONGEST_NOTE, what=_("Note"))
    _require_end(expires_at, now)
    with transaction.atomic():
        if thread._state.adding:
            thread = Thread.objects.get_or_create(pk=thread.pk)[0]
        closes = effect == Hold.Effect.CLOSE and not thread.is_closed(now)
        made = Hold.objects.create(
            thread=thread,
            comment=comment,
            why=why,
            effect=effect,
            owner=_owner(owner or moderator),
            by=moderator,
            note=note,
            created_at=now,
            expires_at=expires_at,
            closed_it=closes,
        )
        if closes:
            arranging.close_discussion(moderator=moderator, thread=thread)
        if made.is_sealed and comment:
            seal(made, comment)
        changes.record(by=moderator, what="legal hold", about=name_of(made), after=facts(made))
        touch(thread.tag)
        return made


def change_hold(*, moderator: Reader, hold: Hold, owner: Reader, expires_at: datetime, note: str) -> Hold:
    """Give a hold another owner, end or note. Raises Refused, Unacceptable, Stale."""
    now = clock.now()
    note = readable(note, most=LONGEST_NOTE, what=_("Note"))
    _require_end(expires_at, now)
    with transaction.atomic():
        hold = _on(moderator, hold, now)
        before = facts(hold)
        if expires_at != hold.expires_at:
            hold.reminded_at = None
        hold.owner, hold.expires_at, hold.note = _owner(owner), expires_at, note
        hold.save(update_fields=["owner", "expires_at", "note", "reminded_at"])
        changes.record(by=moderator, what="legal hold", about=name_of(hold), before=before, after=facts(hold))
        touch(hold.thread.tag)
    return hold


def end_hold(*, moderator: Reader, hold: Hold, reopen: bool = False) -> Hold:
    """End a hold before its time. What it had put away goes with it; a discussion that it closed opens only if asked.

    Raises Refused, Stale.
    """
    now = clock.now()
    with transaction.atomic():
        hold = _on(moderator, hold, now)
        before = facts(hold)
        hold.ended_at, hold.ended_by = now, moderator
        hold.save(update_fields=["ended_at", "ended_by"])
        if reopen and hold.closed_it and hold.thread.is_closed(now):
            arranging.open_discussion(moderator=moderator, thread=hold.thread)
        changes.record(by=moderator, what="legal hold", about=name_of(hold), before=before)
        touch(hold.thread.tag)
    return hold


def seal(hold: Hold, comment: Comment) -> Sealed:
    """Put away what a comment says and whose it is, as it is now; once for each hold."""
    author = comment.author
    contents = {
        "name": comment.author_name,
        "account": author.pk if author else None,
        "email": author.mail_address if author else "",
        "body": comment.body,
        "versions": [[each.written_at.isoformat(), each.body] for each in comment.versions.order_by("pk")],
        "created_at": comment.created_at.isoformat(),
    }
    closed = _box().encrypt(json.dumps(contents).encode()).decode()
    return Sealed.objects.get_or_create(hold=hold, comment=comment, defaults={"contents": closed})[0]


def seal_of(reader: Reader) -> int:
    """Put away every held comment of somebody whose account goes, and those that name them as a source; how many."""
    goes = Q(author=reader)
    for name in set(reader.comments.values_list("author_name", flat=True)):
        said = Q(body__contains=signature(name)) | Q(versions__body__contains=signature(name))
        goes |= said & Q(thread__in=reader.comments.values("thread"))
    done = 0
    for comment in Comment.objects.filter(goes, pk__in=kept()).select_related("author").distinct():
        on = Hold.objects.on(clock.now()).filter(Q(comment=comment) | Q(comment=None, thread=comment.thread_id))
        for hold in on:
            seal(hold, comment)
            done += 1
    return done


def open_sealed(*, supervisor: Reader, sealed: Sealed, why: str) -> dict[str, Any]:
    """Read what was put away. That it was opened, by whom and why, is on record for ever. Raises Refused."""
    if not rules.may_supervise(supervisor):
        raise Refused(_("Only those who supervise the moderators open what is sealed."))
    why = readable(why, most=LONGEST_NOTE, what=_("Reason"))
    if is_blank(why):
        raise Unacceptable(_("Please say why you open it: an authority and its reference, for instance."))
    with transaction.atomic():
        changes.record(by=supervisor, what="seal opened", about=name_of(sealed.hold), after={"why": why})
        try:
            found: dict[str, Any] = json.loads(_box().decrypt(sealed.contents.encode()))
        except InvalidToken:
            raise Stale(_("It was sealed under another secret_key, and cannot be read with this one.")) from None
    return found


def remind() -> int:
    """Tell the owners of holds that end within a week, once each (setting JOBS); how many."""
    now, done = clock.now(), 0
    for hold in Hold.objects.on(now).filter(expires_at__lte=now + WARNING, reminded_at=None):
        with transaction.atomic():
            if Hold.objects.filter(pk=hold.pk, reminded_at=None).update(reminded_at=now):
                letters.post("expires", hold.pk)
                done += 1
    return done


def facts(hold: Hold) -> dict[str, Any]:
    """What the record of changes says of a hold."""
    return {
        "why": hold.why,
        "effect": hold.effect,
        "owner": hold.owner_id,
        "expires_at": hold.expires_at.isoformat(),
        "comment": hold.comment_id,
    }


def name_of(hold: Hold) -> str:
    """Which discussion or comment, without anybody's words."""
    return f"comment {hold.comment_id}" if hold.comment_id else f"story {hold.thread_id}"


def _on(moderator: Reader, hold: Hold, now: datetime) -> Hold:
    if refusal := why_not_end(moderator, hold):
        raise Refused(refusal)
    held = Hold.objects.select_related("thread__story__section").select_for_update(of=("self",)).get(pk=hold.pk)
    if not held.is_on(now):
        raise Stale(_("This hold has ended already."))
    return held


def _owner(owner: Reader) -> Reader:
    if not rules.may_decide(owner):
        raise Unacceptable(_("The owner of a legal hold must be a moderator."))
    return owner


def _require_end(expires_at: datetime, now: datetime) -> None:
    if not now < expires_at <= now + LONGEST:
        raise Unacceptable(_("A legal hold needs an end that is still to come, within ten years."))


def _box() -> Fernet:
    """Closed with the newsroom's secret: a copy of the database alone does not open it."""
    key = hashlib.sha256(b"legal holds:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
