"""The clocks of discussions at the moderators' desk: which are open, until when, and closing or opening one by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.numbers import row_number, whole
from broadsheet.core.refusals import NotFound, Refused, Unacceptable
from broadsheet.discussion import desk_hours, modes
from broadsheet.discussion.models import Mode, Thread
from broadsheet.moderation import arranging, canned, queues, rules
from broadsheet.moderation.doors import asker, desk_page, moderators_only
from broadsheet.stories.models import Story

SHOWN = 50  # the newest stories; older ones are reached from their comments
LONGEST_DAYS = 3650


@moderators_only
@require_safe
def discussions(request: HttpRequest) -> HttpResponse:
    """The newest stories' discussions, and whether each takes comments."""
    now = clock.now()
    stories = Story.objects.public(now).select_related("section", "thread").order_by("-published_at", "-pk")
    if (mine := rules.sections_of(asker(request))) is not None:
        stories = stories.filter(section__in=mine)
    threads = [_thread(one) for one in stories[:SHOWN]]
    desk_hours.give(threads)
    return _page(request, "moderation/discussions.html", {"discussions": [_facts(each, now) for each in threads]})


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """One discussion: its clock, what it takes, who answers, its picks, and what was done with it before."""
    thread = _thread(_story(request, pk))
    refusal = None
    if request.method == "POST":
        try:
            messages.success(request, _act(request, thread))
            return redirect("moderation:discussion", pk)
        except Refused as fault:
            refusal = fault
    context = {
        **_facts(thread, clock.now()),
        "typed": _typed(request, thread),
        "refusal": refusal,
        "wrong": request.POST.get("act", "") if refusal else "",
        "most": LONGEST_DAYS,
        "slowest": modes.LONGEST_SLOW,
        "modes": Mode.choices,
        "experts": modes.experts_of(thread) if thread.pk else [],
        "by_mail": asker(request).is_supervisor,
        "picks": queues.picks_of(thread),
        "record": arranging.record_of(thread),
    }
    return _page(request, "moderation/discussion.html", context, status=refusal.status if refusal else 200)


@moderators_only
@require_safe
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The published comments of one discussion, what changed last first: to read along, and to pick from."""
    story = _story(request, pk)
    cursor = _revision(request)
    page = queues.talk_page(story.pk, asker(request), cursor)
    context = {"story": story, "page": page, "cursor": cursor or "", "queue": "talk", "canned": canned.texts()}
    return _page(request, "moderation/talk.html", context)


def _revision(request: HttpRequest) -> int:
    """The revision to go on behind; what is no number begins at the front."""
    return whole(request.GET.get("after")) or 0


def _typed(request: HttpRequest, thread: Thread) -> dict[str, str]:
    """What stands in the boxes: what was just sent, else what is so."""
    is_so = {
        "days": str(thread.open_for.days) if thread.open_for else "",
        "opening": f"{clock.in_newsroom(thread.opens_at):%Y-%m-%dT%H:%M}" if thread.opens_at else "",
        "mode": thread.mode,
        "seconds": "" if thread.slow_seconds is None else str(thread.slow_seconds),
        "who": "",
    }
    return {name: request.POST.get(name, value) for name, value in is_so.items()}


def _act(request: HttpRequest, thread: Thread) -> str:
    """Do what the form asks for, and say that it is done."""
    moderator, sent = asker(request), request.POST
    match sent.get("act"):
        case "close":
            arranging.close_discussion(moderator=moderator, thread=thread)
            return _("The discussion is closed.")
        case "open":
            arranging.open_discussion(moderator=moderator, thread=thread)
            return _("The discussion is open again.")
        case "period":
            arranging.time_discussion(moderator=moderator, thread=thread, period=_period(sent.get("days", "").strip()))
            return _("The period is changed.")
        case "opening":
            arranging.set_opening(moderator=moderator, thread=thread, moment=_moment(sent.get("opening", "").strip()))
            return _("When it opens is changed.")
        case "leave hours" | "keep hours" as act:
            arranging.leave_desk_hours(moderator=moderator, thread=thread, leaves=act == "leave hours")
            return _("Whether the desk’s hours bear on this discussion is changed.")
        case "mode":
            arranging.set_discussion_mode(moderator=moderator, thread=thread, mode=sent.get("mode", ""))
            return _("What the discussion takes is changed. Everything that was written stays.")
        case "slow":
            arranging.slow_discussion(moderator=moderator, thread=thread, seconds=_seconds(sent.get("seconds", "")))
            return _("Slow mode is changed.")
        case "expert":
            reader = arranging.account_called(sent.get("who", ""), moderator)
            arranging.name_expert(moderator=moderator, thread=thread, reader=reader)
            return _("%(name)s answers as an expert now.") % {"name": reader.name}
        case "dismiss":
            reader = _expert(thread, sent.get("reader", ""))
            arranging.dismiss_expert(moderator=moderator, thread=thread, reader=reader)
            return _("%(name)s answers as a reader again.") % {"name": reader.name}
    raise Unacceptable(_("That form was incomplete. Here is the discussion as it is now."))


def _expert(thread: Thread, written: str) -> Reader:
    reader = thread.experts.filter(pk=row_number(written)).first() if thread.pk else None
    if reader is None:
        raise Unacceptable(_("That account is no expert of this discussion (any more)."))
    return reader


def _seconds(written: str) -> int | None:
    written = written.strip()
    if not written:
        return None
    if (seconds := whole(written, 6)) is None:
        sentence = _("Slow mode takes a whole number of seconds from 0 to %(most)s, or nothing.")
        raise Unacceptable(sentence % {"most": modes.LONGEST_SLOW})
    return seconds


def _moment(written: str) -> datetime | None:
    """A moment of the newsroom's clock."""
    try:
        moment: datetime | None = forms.DateTimeField(required=False).clean(written)
    except ValidationError:
        raise Unacceptable(_("Please write the moment as a date and a time.")) from None
    return moment


def _period(written: str) -> timedelta | None:
    if not written:
        return None
    days = whole(written, 4) or 0
    if not 0 < days <= LONGEST_DAYS:
        sentence = _("The period must be a whole number of days from 1 to %(most)s, or empty.")
        raise Unacceptable(sentence % {"most": LONGEST_DAYS})
    return timedelta(days=days)


def _story(request: HttpRequest, pk: int) -> Story:
    """The story with that number, of a section that whoever asks looks after.

    What is not public is for those who may read it at the newsroom's desk.
    """
    now = clock.now()
    known = Story.objects.all() if request.user.has_perm("stories.view_story") else Story.objects.public(now)
    story = known.select_related("section", "thread").filter(pk=pk).first()
    if story is None:
        raise NotFound(_("There is no such story."))
    if why := rules.why_not_arrange(asker(request), _thread(story)):
        raise Refused(why)
    return story


def _thread(story: Story) -> Thread:
    """The story's discussion, not stored when nobody has written there yet."""
    thread: Thread = getattr(story, "thread", None) or Thread(story=story)
    thread.story = story
    return thread


def _facts(thread: Thread, now: datetime) -> dict[str, Any]:
    return {
        "thread": thread,
        "story": thread.story,
        "open": thread.is_running(now),
        "closed": thread.is_closed(now),
        "shut": thread.is_shut(now),
        "until": desk_hours.closing(thread, now),
        "hours": desk_hours.sentence(thread, now),
    }


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return desk_page(request, template, context, tab="discussions", status=status)
