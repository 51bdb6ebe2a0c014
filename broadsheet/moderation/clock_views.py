"""The clocks of discussions at the moderators' desk: which are open, until when, and closing or opening one by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.core import clock
from broadsheet.core.refusals import NotFound, Unacceptable
from broadsheet.discussion.actions import close_thread, reopen_thread, set_period
from broadsheet.discussion.models import Thread
from broadsheet.moderation import queues
from broadsheet.moderation.views import moderators_only
from broadsheet.stories.models import Story

SHOWN = 50  # the newest stories; older ones are reached from their comments
LONGEST_DAYS = 3650


@moderators_only
@require_safe
def discussions(request: HttpRequest) -> HttpResponse:
    """The newest stories' discussions, and whether each takes comments."""
    now = clock.now()
    stories = Story.objects.public(now).select_related("section", "thread").order_by("-published_at", "-pk")[:SHOWN]
    return _page(
        request, "moderation/discussions.html", {"discussions": [_facts(_thread(one), now) for one in stories]}
    )


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """One discussion's clock; a form closes it now, opens it again, or gives it a period of its own."""
    thread = _thread(_story(request, pk))
    typed, refusal = str(thread.open_for.days) if thread.open_for else "", None
    if request.method == "POST":
        try:
            messages.success(request, _act(request, thread))
            return redirect("moderation:discussion", pk)
        except Unacceptable as fault:
            typed, refusal = request.POST.get("days", ""), fault
    context = {**_facts(thread, clock.now()), "typed": typed, "refusal": refusal, "most": LONGEST_DAYS}
    return _page(request, "moderation/discussion.html", context, status=refusal.status if refusal else 200)


def _act(request: HttpRequest, thread: Thread) -> str:
    act = request.POST.get("act")
    if act == "close":
        close_thread(thread=thread)
        return "The discussion is closed."
    if act == "open":
        reopen_thread(thread=thread)
        return "The discussion is open again."
    if act == "period":
        set_period(thread=thread, period=_period(request.POST.get("days", "").strip()))
        return "The period is changed."
    raise Unacceptable("That form was incomplete. Here is the discussion as it is now.")


def _period(days: str) -> timedelta | None:
    if not days:
        return None
    if not (days.isascii() and days.isdigit() and len(days) < 5 and 0 < int(days) <= LONGEST_DAYS):
        raise Unacceptable(f"The period must be a whole number of days from 1 to {LONGEST_DAYS}, or empty.")
    return timedelta(days=int(days))


def _story(request: HttpRequest, pk: int) -> Story:
    """The story with that number. What is not public is for those who may read it at the newsroom's desk."""
    now = clock.now()
    known = Story.objects.all() if request.user.has_perm("stories.view_story") else Story.objects.public(now)
    story = known.select_related("section", "thread").filter(pk=pk).first()
    if story is None:
        raise NotFound("There is no such story.")
    return story


def _thread(story: Story) -> Thread:
    """The story's discussion, not stored when nobody has written there yet."""
    thread: Thread = getattr(story, "thread", None) or Thread(story=story)
    thread.story = story
    return thread


def _facts(thread: Thread, now: datetime) -> dict[str, Any]:
    return {"thread": thread, "story": thread.story, "open": thread.is_open(now), "closed": thread.is_closed(now)}


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shared = {"counts": queues.waiting_counts(), "tab": "discussions"}
    return render(request, template, {**shared, **context}, status=status)
