"""The small acts of a signed-in reader: show respect, follow a discussion or a person, mute somebody.

Each address shows on GET what would be done, with a form, and does it on POST: with `choice` "yes" or "no", so that
doing it twice does no harm. An element sends the same form in place and gets JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.accounts.models import Follow, Mute, Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.middleware import wants_json
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import NotFound, Refused, TooSoon, Unacceptable
from broadsheet.discussion import drafts, following, reactions
from broadsheet.discussion.models import Comment, Reaction, Thread, ThreadFollow
from broadsheet.discussion.reading import address_on_story, public_thread
from broadsheet.discussion.writing import forms
from broadsheet.stories.models import Story

NAMES_PER_PAGE = 50
MOST_LISTED = 200  # of each kind on a reader's own list


@forms
def respect(request: HttpRequest, pk: int) -> HttpResponse:
    """Show respect for a comment, or take it back."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, "")
    reader, comment = request.user, _comment(pk)

    def act(yes: bool) -> dict[str, Any]:
        done = (reactions.respect if yes else reactions.take_back_respect)(reader=reader, comment=comment)
        return {"respected": yes, "respects": done.respects}

    def page() -> dict[str, Any]:
        given = reactions.has_respected(reader, comment)
        why_not = None if given else reactions.why_not_respect(reader, comment)
        return {"comment": comment, "story": comment.thread.story, "given": given, "why_not": why_not}

    return _choose(request, "discussion/respect.html", act, page, address_on_story(comment))


@forms
def follow_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a discussion, or follow it no longer."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, "")
    reader, thread = request.user, public_thread(pk, clock.now())
    if thread is None:
        raise Http404

    def act(yes: bool) -> dict[str, Any]:
        (following.follow_thread if yes else following.unfollow_thread)(reader=reader, thread=thread)
        return {"follows": yes}

    def page() -> dict[str, Any]:
        given = ThreadFollow.objects.filter(reader=reader, thread=pk).exists()
        why_not = None if given else following.why_not_follow_thread(reader, thread)
        return {"story": thread.story, "given": given, "why_not": why_not}

    return _choose(request, "discussion/follow.html", act, page, f"{thread.story.get_absolute_url()}#comments")


@forms
def follow_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear of what somebody writes, or no longer."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, "")
    reader, person = request.user, _person(pk, request.user)

    def act(yes: bool) -> dict[str, Any]:
        (following.follow_person if yes else following.unfollow_person)(reader=reader, person=person)
        return {"follows": yes}

    def page() -> dict[str, Any]:
        given = Follow.objects.filter(reader=reader, followed=person).exists()
        why_not = None if given else following.why_not_follow_person(reader, person)
        return {"person": person, "given": given, "why_not": why_not}

    return _choose(request, "discussion/follow_person.html", act, page, reverse("my_following"))


@forms
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    """Fold away what somebody writes, or read them again."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, "")
    reader, person = request.user, _person(pk, request.user)

    def act(yes: bool) -> dict[str, Any]:
        (following.mute if yes else following.unmute)(reader=reader, person=person)
        return {"muted": yes}

    def page() -> dict[str, Any]:
        given = Mute.objects.filter(reader=reader, muted=person).exists()
        why_not = None if given else following.why_not_mute(reader, person)
        return {"person": person, "given": given, "why_not": why_not}

    return _choose(request, "discussion/mute.html", act, page, reverse("my_following"))


@require_safe
def my_following(request: HttpRequest) -> HttpResponse:
    """Everything and everybody a reader follows or has muted."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    reader, now = request.user, clock.now()
    threads = Story.objects.public(now).filter(thread__followers__reader=reader).select_related("section", "thread")
    context = {
        "stories": threads.order_by("-published_at")[:MOST_LISTED],
        "people": Reader.objects.filter(followed_by__reader=reader).order_by("name")[:MOST_LISTED],
        "muted": Reader.objects.filter(muted_by__reader=reader).order_by("name")[: following.MOST_MUTED],
    }
    return remember_reader(request, render(request, "discussion/following.html", context))


@require_safe
def respects(request: HttpRequest, pk: int) -> HttpResponse:
    """Who respects a comment: the readers with a public page, the latest first.

    The same for everybody, and yet nobody keeps it: whether a name may stand here changes without the discussion.
    """
    comment = _comment(pk)
    if not comment.is_public:
        raise Http404
    rows = Reaction.objects.filter(comment=comment, reader__is_active=True, reader__has_public_page=True)
    before = whole(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("reader").order_by("-pk")[: NAMES_PER_PAGE + 1])
    earlier = found[NAMES_PER_PAGE - 1].pk if len(found) > NAMES_PER_PAGE else None
    context = {
        "comment": comment, "story": comment.thread.story, "reactions": found[:NAMES_PER_PAGE], "earlier": earlier,
        "paged": bool(before), "reaction": reactions.name(),
    }  # fmt: skip
    return render(request, "discussion/respects.html", context)


def _choose(
    request: HttpRequest,
    template: str,
    act: Callable[[bool], dict[str, Any]],
    page: Callable[[], dict[str, Any]],
    afterwards: str,
) -> HttpResponse:
    """Do what was chosen and lead back to where it shows; or show the page, with the reason where it was refused."""
    refusal = ""
    status = 200
    if request.method == "POST":
        try:
            told = act(_chosen(request))
        except Refused as refused:
            if wants_json(request) or isinstance(refused, (NotFound, TooSoon)):
                raise
            refusal, status = refused.sentence, refused.status
        else:
            return JsonResponse(told) if wants_json(request) else HttpResponseRedirect(afterwards, status=303)
    context = {**page(), "refusal": refusal, "back": afterwards, "reaction": reactions.name()}
    return remember_reader(request, render(request, template, context, status=status))


def _chosen(request: HttpRequest) -> bool:
    choice = request.POST.get("choice")
    if choice not in {"yes", "no"}:
        raise Unacceptable(_("This form came without an answer. Please open it again."))
    return choice == "yes"


def _comment(pk: int) -> Comment:
    """A comment that was made public, under a public story; 404 says the same of every other number."""
    rows = Comment.objects.placed().filter(pk=pk, thread__in=Thread.objects.public(clock.now()))
    found = rows.with_story().select_related("author").first()
    if found is None:
        raise Http404
    return found


def _person(pk: int, reader: Reader) -> Reader:
    """Somebody whose name anybody can read under a public story, or who is on this reader's own list."""
    found = Reader.objects.filter(pk=pk).first()
    if found is None or not (following.is_known(found) or following.is_listed(reader, found)):
        raise Http404
    return found
