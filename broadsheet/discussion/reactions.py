"""Respect: the one reaction to a comment. Real readers stand behind the number, and nothing can be voted down."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.models import Reader
from broadsheet.accounts.rules import is_verified
from broadsheet.core import clock
from broadsheet.core.cache import count
from broadsheet.core.refusals import NotFound, Refused, TooSoon, refuse_if
from broadsheet.delivery.freshness import touch_calmly
from broadsheet.delivery.tags import respects_tag
from broadsheet.discussion.happenings import Kind, tell
from broadsheet.discussion.models import Comment, Reaction, Thread
from broadsheet.discussion.rules import why_not_open, why_not_speak

MINUTE = 60  # seconds


def name() -> str:
    """What the newsroom calls the reaction."""
    return str(settings.REACTION or _("Respect"))


def why_not_respect(reader: Reader | None, comment: Comment) -> str | None:
    """Why this person cannot show respect for that comment now; None when they can.

    It ends with the discussion: nobody can answer any more and no editor looks, so that a number which still moved
    would be worth a campaign and tell nothing about those who took part. It rests while the desk's hours shut one.
    """
    if reader is None:
        return _("Please sign in first.")
    if reason := why_not_speak(reader, comment.thread):
        return reason
    if reader.is_guest or not is_verified(reader):
        return _("Please confirm your e-mail address first: one person has one voice here.")
    if comment.author_id == reader.pk:
        return _("This is your own comment.")
    if not comment.is_public:
        return _("This comment is not shown any more.")
    now = clock.now()
    if comment.thread.is_closed(now):
        return _("This discussion is closed. What was said and respected here stays as it is.")
    return why_not_open(comment.thread, now)


def respect(*, reader: Reader, comment: Comment) -> Comment:
    """Show a reader's respect for a comment; a second time it changes nothing.

    Raises Refused when they may not, TooSoon, NotFound under a story that is not public.
    """
    _require_public(comment)
    if has_respected(reader, comment):
        return comment
    refuse_if(why_not_respect(reader, comment))
    _require_pace(reader)
    with transaction.atomic():
        thread, comment = _take_up(comment)
        _require_public(comment)
        refuse_if(why_not_respect(reader, comment))
        _, is_new = Reaction.objects.get_or_create(comment=comment, reader=reader)
        if is_new:
            _count(thread, comment, 1)
            tell(Kind.RESPECTED, comment, reader)
    return comment


def take_back_respect(*, reader: Reader, comment: Comment) -> Comment:
    """Take back one's respect, as one may at any time: one's name stands in a public list with it.

    Raises Refused, TooSoon, NotFound under a story that is not public.
    """
    _require_public(comment)
    if not reader.is_active:
        raise Refused(_("This account has been deactivated."))
    if not has_respected(reader, comment):
        return comment
    _require_pace(reader)
    with transaction.atomic():
        thread, comment = _take_up(comment)
        removed, _each = Reaction.objects.filter(comment=comment, reader=reader).delete()
        if removed:
            _count(thread, comment, -1)
    return comment


def take_back_all(reader: Reader) -> int:
    """Take back everything a reader has respected, when their account goes. Gives how many there were."""
    theirs = Reaction.objects.filter(reader=reader).select_related("comment").order_by("comment__thread_id", "pk")
    total = 0
    for reaction in theirs:
        with transaction.atomic():
            thread, comment = _take_up(reaction.comment)
            removed, _each = Reaction.objects.filter(pk=reaction.pk).delete()
            if removed:
                _count(thread, comment, -1)
                total += 1
    return total


def has_respected(reader: Reader, comment: Comment) -> bool:
    return Reaction.objects.filter(reader=reader, comment=comment).exists()


def _take_up(comment: Comment) -> tuple[Thread, Comment]:
    """The thread, locked with its next revision taken, and the comment as it is under that lock."""
    thread = Thread.objects.take_up(comment.thread_id)
    comment = thread.comments.select_related("author").get(pk=comment.pk)
    comment.thread = thread
    return thread, comment


def _count(thread: Thread, comment: Comment, change: int) -> None:
    """Keep the number beside the comment, in the transaction of what it counts.

    A tag of its own: a lively discussion takes twenty of these a second, and fronts that print the number of comments
    need not be made anew for one of them.
    """
    comment.respects += change
    comment.revision = thread.revision
    Comment.objects.filter(pk=comment.pk).update(respects=F("respects") + change, revision=thread.revision)
    touch_calmly(respects_tag(thread.pk))


def _require_public(comment: Comment) -> None:
    if not comment.thread.story.is_public():
        raise NotFound(_("There is no such story."))


def _require_pace(reader: Reader) -> None:
    """So many a minute, those taken back among them; counted beside the database, which then need not be asked."""
    number, wait = count("reactions", reader.pk, now=clock.now().timestamp(), seconds=MINUTE)
    if number > settings.REACTIONS_PER_MINUTE:
        sentence = ngettext(
            "That was quick. Please wait a second before the next one.",
            "That was quick. Please wait %(n)s seconds before the next one.",
            wait,
        )
        raise TooSoon(sentence % {"n": wait}, wait)
