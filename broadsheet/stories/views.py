"""The paper's pages for readers. Each is the same for everyone and is built only when something on it has changed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.keys import PLAIN
from broadsheet.delivery.memory import remembered
from broadsheet.delivery.pages import public_page
from broadsheet.delivery.tags import FRONTS, HOURS, SECTIONS, respects_tag, story_tag, thread_tag
from broadsheet.stories.furniture import Furniture, body_with_dateline, draft_furniture, furniture
from broadsheet.stories.lists import front_page, one_page
from broadsheet.stories.models import Notice, Person, Section, Story, Topic
from broadsheet.stories.rules import lead_facts
from broadsheet.stories.search import find
from broadsheet.stories.structured import json_ld, news_article, picture_address

_ASKED = ("page", "order", "view", "after")  # which part of its discussion a story's page shows; read by its owner


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page."""
    freshness = listing()
    now = clock.now()
    page = front_page(now)
    freshness.until(Story.objects.next_change(now), next_midnight(now))
    return public_page(request, "stories/front.html", {"page": page, "stories": page.stories, "today": now}, freshness)


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """One section, newest first."""
    freshness = listing()
    found = get_object_or_404(Section, slug=slug)
    context = {"section": found, "here": found.slug}
    return _list(request, "stories/section.html", {"section": found}, context, freshness)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one topic. A topic that stands on no public story is not there: its name may tell too much."""
    freshness = listing()
    found = get_object_or_404(Topic, slug=slug)
    return _list(request, "stories/topic.html", {"topics": found}, {"topic": found}, freshness, may_be_empty=False)


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """One person's work, newest first. Who has worked on no public story is not there: the name may tell too much."""
    freshness = listing()
    found = get_object_or_404(Person, slug=slug)
    which = {"pk__in": _credited(found)}
    return _list(request, "stories/author.html", which, {"person": found}, freshness, may_be_empty=False)


@require_safe
def features(request: HttpRequest) -> HttpResponse:
    """Full focus: the photo features."""
    context = {"here": "features"}
    return _list(request, "stories/features.html", {"kind": Story.Kind.FEATURE}, context, listing())


@require_safe
def story(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A story with its discussion; 410 with the notice once it is withdrawn; 404 while nobody may read it."""
    freshness = Freshness()
    freshness.look(story_tag(pk), thread_tag(pk), respects_tag(pk), FRONTS, HOURS, SECTIONS)
    now = clock.now()
    found = _public_story(pk, now)
    if found is None:
        return _withdrawn(request, pk, now, freshness)
    asked = {name: value for name in _ASKED if (value := request.GET.get(name)) is not None}
    if not all(map(PLAIN.fullmatch, asked.values())):
        raise Http404
    if slug != found.slug:
        return redirect(found.get_absolute_url() + (f"?{urlencode(asked)}" if asked else ""), permanent=True)
    context = story_context(found, freshness)
    context["asked"] = asked
    return public_page(request, "stories/story.html", context, freshness)


def story_context(story: Story, freshness: Freshness, *, preview: bool = False) -> dict[str, Any]:
    """What the story page shows, but for its discussion. A preview takes credits and topics from the unsaved draft."""
    now = clock.now()
    around = draft_furniture(story, now) if preview else _around(story, now, freshness)
    freshness.until(around.next_change)
    for name, words in lead_facts(story).items():
        setattr(story, name, words)
    facts = {} if preview or story.is_outside else news_article(story, around)
    return {
        "story": story,
        "around": around,
        "body": body_with_dateline(story),
        "facts": facts,
        "json_ld": json_ld(facts) if facts else "",
        "picture_address": picture_address(story),
        "preview": preview,
        "here": story.section.slug if story.section else "",
    }


def _around(story: Story, now: datetime, freshness: Freshness) -> Furniture:
    """The story's furniture, which no comment changes: read again only when a story or a name has changed."""

    def read() -> tuple[Furniture, datetime | None]:
        found = furniture(story, now)
        return found, found.next_change

    return remembered(f"furniture:{story.pk}", freshness, (story_tag(story.pk), FRONTS, SECTIONS), now, read)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Stories with the words asked for. Nobody keeps the answer: there are as many as there are questions."""
    asked = find(request.GET.get("q", ""), request.GET.get("page", "1"), clock.now())
    status = 422 if asked.refusal else 200
    response = render(request, "stories/search.html", {"asked": asked}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def comment_policy(request: HttpRequest) -> HttpResponse:
    """What we welcome in comments, and how we decide."""
    freshness = listing()
    context = {
        "period": settings.DISCUSSION_PERIOD,
        "edit_window": settings.EDIT_WINDOW,
        "public_log": settings.PUBLIC_LOG,
    }
    return public_page(request, "stories/comment_policy.html", context, freshness)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Who makes the paper: the people of its public stories."""
    freshness = listing()
    now = clock.now()
    freshness.until(Story.objects.next_change(now))
    people = Person.objects.filter(credits__story__in=Story.objects.public(now)).distinct()[:500]
    return public_page(request, "stories/about.html", {"people": people}, freshness)


def listing() -> Freshness:
    """What every page that lists stories depends on."""
    freshness = Freshness()
    freshness.look(FRONTS, SECTIONS)
    return freshness


def next_midnight(now: datetime) -> datetime:
    """When the newsroom's date changes, and with it the folio line of the front."""
    tomorrow = clock.in_newsroom(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=clock.newsroom_zone())


def _list(
    request: HttpRequest,
    template: str,
    which: dict[str, Any],
    context: dict[str, Any],
    freshness: Freshness,
    *,
    may_be_empty: bool = True,
) -> HttpResponse:
    now = clock.now()
    page = one_page(Story.objects.public(now).ours().filter(**which), request.GET.get("page", ""))
    if page is None or (not page.stories and not (page.is_first and may_be_empty)):
        raise Http404
    freshness.until(Story.objects.next_change(now))
    return public_page(request, template, {**context, "page": page, "stories": page.stories}, freshness)


def _credited(person: Person) -> Any:
    return person.credits.values("story_id")


def _public_story(pk: int, now: datetime) -> Story | None:
    """The story with its section, picture and (by the name `discussion` gives it) its thread, in one query."""
    rows = Story.objects.public(now).select_related("section", "lead_picture", "thread").defer("body")
    found: Story | None = rows.filter(pk=pk).first()
    return found


def _withdrawn(request: HttpRequest, pk: int, now: datetime, freshness: Freshness) -> HttpResponse:
    found = Story.objects.withdrawn(now).filter(pk=pk).only("pk", "withdrawn_at").first()
    if found is None:
        raise Http404
    notices = Notice.objects.filter(story=pk, kind=Notice.Kind.WITHDRAWAL).order_by("-made_at")
    context = {"withdrawn_at": found.withdrawn_at, "notices": notices}
    response = public_page(request, "stories/withdrawn.html", context, freshness, status=410)
    response["X-Robots-Tag"] = "noindex"
    return response
