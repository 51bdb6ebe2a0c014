"""One comment in a story of another site, as editors quote it: the frame, and what oEmbed says of it.

What leaves us is a number and a link. The words come with the frame, so that a comment that is withheld leaves the
stories that quote it too.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core import clock
from broadsheet.core.numbers import whole
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import public_page
from broadsheet.delivery.tags import HOURS, SECTIONS, respects_tag, story_tag, thread_tag
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.reading import address_on_story, linked, public_thread
from broadsheet.embed.counts import open_to_sites
from broadsheet.embed.sites import origin_of
from broadsheet.stories.addresses import story_at

WIDTH = 640  # pixels, where who asks names no width
KEPT_FOR = 300  # seconds
_OWN = re.compile(r"/comments/([1-9][0-9]{0,17})/", re.ASCII)
_ON_STORY = re.compile(r"comment-([1-9][0-9]{0,17})", re.ASCII)


@require_safe
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment, or its tombstone, for a frame: the same for everyone, and changed in place when it changes."""
    found = _placed(pk)
    freshness = Freshness()
    freshness.look(SECTIONS, HOURS, *(name(found.thread_id) for name in (story_tag, thread_tag, respects_tag)))
    comment = linked(Comment.objects.placed()).with_story().filter(pk=pk).first()
    thread = public_thread(found.thread_id, clock.now())
    if comment is None or thread is None:
        raise Http404
    comment.thread = thread
    facts = {"comment": comment, "story": thread.story, "thread": thread, "live_url": settings.LIVE_URL, "bare": True}
    return public_page(request, "embed/quote.html", {**facts, "address": address_on_story(comment)}, freshness)


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """What a publishing system asks when an editor pastes a comment's address into a story (oembed.com)."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"refused": _("Only JSON is spoken here.")}, status=501)
    comment = comment_at(request.GET.get("url", ""))
    if comment is None:
        return JsonResponse({"refused": _("There is no comment at this address.")}, status=404)
    story = comment.thread.story
    own, loader = (settings.SITE_URL + reverse(*way) for way in (("comment", None, [comment.pk]), ("embed_loader",)))
    title = _("A comment on “%(headline)s”") % {"headline": story.headline}
    html = '<div data-broadsheet-comment="{}"><a href="{}">{}</a></div><script type="module" src="{}"></script>'
    answer = {
        "version": "1.0",
        "type": "rich",
        "provider_name": settings.SITE_NAME,
        "provider_url": settings.SITE_URL,
        "title": title,
        "html": format_html(html, comment.pk, own, title, loader),
        "width": min(whole(request.GET.get("maxwidth")) or WIDTH, WIDTH),
        "height": None,  # the loader gives the frame the height it needs
        "cache_age": KEPT_FOR,
    }
    response = JsonResponse(answer)
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return open_to_sites(request, response)


def comment_at(url: str) -> Comment | None:
    """The comment that an address means: its own, or that of its story with the comment's mark behind it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if (own := _OWN.fullmatch(parts.path)) and origin_of(url) == origin_of(settings.SITE_URL):
        return _public(int(own[1]))
    marked = _ON_STORY.fullmatch(parts.fragment)
    story = story_at(url) if marked else None
    comment = _public(int(marked[1])) if marked and story else None
    return comment if comment and story and comment.thread_id == story.pk else None


def _public(pk: int) -> Comment | None:
    rows = Comment.objects.placed().filter(thread__in=Thread.objects.public(clock.now()))
    found: Comment | None = rows.with_story().filter(pk=pk).first()
    return found


def _placed(pk: int) -> Comment:
    found = _public(pk)
    if found is None:
        raise Http404
    return found
