"""The discussion of a story as other sites hold it, the way to it by an address, and signing in to a frame."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.sessions import mark, unmark
from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.cache import count
from broadsheet.core.framing import IN_POP_UP, POP_UP
from broadsheet.core.middleware import wants_json
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import Refused, TooSoon
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.keys import PLAIN
from broadsheet.delivery.pages import public_page
from broadsheet.delivery.tags import FRONTS, HOURS, SECTIONS, respects_tag, story_tag, thread_tag
from broadsheet.discussion.models import Comment
from broadsheet.discussion.reading import address_on_story
from broadsheet.embed import handing_over, outside
from broadsheet.embed.links import address_here
from broadsheet.embed.sites import origin_of
from broadsheet.stories.addresses import story_at
from broadsheet.stories.models import Story
from broadsheet.stories.rules import has_been_public

SIGNING_IN_TAKES = 15 * 60  # seconds in which the pages of signing in keep their tie to the frame that opened them
WINDOWS_PER_MINUTE = 60  # from one address: an office that reads
KNOWN_FOR = 300  # seconds for which a browser need not ask again which discussion an address means
_ASKED = ("page", "order", "view", "after")  # as on the story's own page


@require_safe
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """The discussion under a story, and nothing but it: the same bytes for everyone, kept as the story's page is."""
    freshness = Freshness()
    freshness.look(story_tag(pk), thread_tag(pk), respects_tag(pk), FRONTS, HOURS, SECTIONS)
    found = Story.objects.public(clock.now()).select_related("section", "thread").defer("body").filter(pk=pk).first()
    asked = {name: value for name in _ASKED if (value := request.GET.get(name)) is not None}
    if found is None or not all(map(PLAIN.fullmatch, asked.values())):
        raise Http404
    return public_page(request, "embed/story.html", {"story": found, "asked": asked, "whole": True}, freshness)


@require_safe
def at(request: HttpRequest) -> HttpResponse:
    """Where a host's page begins: leads to the discussion of its address, and in it to a comment."""
    story = _known_at(request.GET.get("url", ""))
    if story is None:
        return _wait(request)
    if not story.is_public():
        return _none(request)
    return _lead(_comment_or_all(story, whole(request.GET.get("comment"))))


@require_safe
def open_page(request: HttpRequest) -> HttpResponse:
    """The link in a host's page, until the frame takes its place: leads to the discussion on our own site."""
    story = _known_at(request.GET.get("url", ""))
    if story is None:
        return _wait(request)
    if not story.is_public():
        return _none(request)
    return _lead(f"{story.get_absolute_url()}#comments")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A window of our own site, which a frame opens: the usual way to sign in, and then a code for that frame."""
    person = request.user
    if not person.is_authenticated or person.is_guest:
        if request.method == "POST":
            return JsonResponse({"refused": _("Please sign in first.")}, status=403)
        _require_pace(request)
        request.session[IN_POP_UP] = time.time() + SIGNING_IN_TAKES
        return redirect_to_login(POP_UP)
    request.session.pop(IN_POP_UP, None)
    if request.method == "POST":
        return JsonResponse({"code": handing_over.give_code(request.session, clock.now())})
    return render(request, "embed/signed_in.html", {"person": person})


def _require_pace(request: HttpRequest) -> None:
    """So many windows a minute from one address: each is remembered by a session."""
    number, wait = count("embed-windows", reader_address(request.META), now=clock.now().timestamp(), seconds=60)
    if number > WINDOWS_PER_MINUTE:
        raise TooSoon(_("Many have come to sign in from your connection. Please wait a minute."), wait)


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """The session of this frame: who is signed in, in by a code, and out."""
    if request.method == "POST" and "code" in request.POST:
        response: HttpResponse = JsonResponse({"reader": handing_over.enter(request, request.POST["code"]).pk})
        mark(response)
        return response
    if request.method == "POST":
        logout(request)
        response = HttpResponseRedirect(request.path)
        unmark(response)
        return response
    person = request.user if request.user.is_authenticated else None
    if wants_json(request):
        had_cookies = bool(request.COOKIES)
        return JsonResponse({"reader": person and person.pk, "csrf": get_token(request), "cookies": had_cookies})
    following = address_here(request.GET.get("next", "")) or ""
    return render(request, "embed/session.html", {"person": person, "following": following})


def _known_at(url: str) -> Story | None:
    """The story at this address that readers know of, withdrawn or not; any other is like one that never was."""
    story = story_at(url)
    return story if story and has_been_public(story) else None


def _wait(request: HttpRequest) -> HttpResponse:
    """An address we know nothing of: its page is asked for its discussion, and this one waits until it is there."""
    url = request.GET.get("url", "")
    if origin_of(url) == origin_of(settings.SITE_URL):
        return _none(request)  # what stands here itself is known
    try:
        is_soon = outside.ask_for(url=url, address=reader_address(request.META))
    except Refused as refusal:
        return _none(request, refusal.sentence)
    if found := _known_at(url):  # where the worker is quicker than this page
        return HttpResponseRedirect(request.get_full_path()) if found.is_public() else _none(request)
    return render(request, "embed/waiting.html", {"is_soon": is_soon}, status=202)


def _comment_or_all(story: Story, number: int | None) -> str:
    """The framed page with that comment of the story; all of its discussion where it has no such comment."""
    comment = Comment.objects.placed().filter(pk=number, thread=story.pk).with_story().first() if number else None
    address = address_on_story(comment) if comment else ""
    return address_here(address) or reverse("embed_story", args=[story.pk])


def _lead(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = f"public, max-age={KNOWN_FOR}"
    return response


def _none(request: HttpRequest, sentence: str = "") -> HttpResponse:
    sentence = sentence or _("There is no discussion of this page.")
    return render(request, "embed/none.html", {"sentence": sentence}, status=404)
