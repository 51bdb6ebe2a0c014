"""What crawlers may do here: robots.txt, and whether AI may learn from or answer with our words.

The newsroom says it once (settings `ai_training`, `ai_answers`, `ai_terms`); every file that machines look at follows
from that, so that none contradicts another. Sources: RFC 9309; Content Signals 2025; draft-ietf-aipref-attach; W3C TDM
Reservation Protocol (EU directive 2019/790, article 4); RSL 1.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import mark_public
from broadsheet.stories.structured import absolute

_CLOSED = ["/accounts/", "/comments/", "/desk/", "/me/", "/moderation/", "/reports/", "/search/", "/threads/"]
# Crawlers whose operators say that they keep to robots.txt (ai.robots.txt, August 2026): those that gather for
# training, and those that fetch for an answer. The list ages; `ai_crawlers` adds to both.
_TRAINING = [
    "AI2Bot", "Ai2Bot-Dolma", "Applebot-Extended", "CCBot", "ClaudeBot", "Cotoyogi", "FacebookBot", "Google-Extended",
    "GoogleOther", "GPTBot", "ICC-Crawler", "Meta-ExternalAgent", "Omgilibot", "SBIntuitionsBot", "YandexAdditional",
]  # fmt: skip
_ANSWERING = [
    "Amazonbot", "Bravebot", "ChatGPT-User", "Claude-SearchBot", "Claude-User", "DuckAssistBot", "MistralAI-User",
    "OAI-SearchBot", "PerplexityBot", "YouBot",
]  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may visit."""
    named = [f"User-agent: {name}" for name in _kept_out()]
    lines = [
        *([*named, "Disallow: /", ""] if named else []),
        "User-agent: *",
        *_signals(),
        *(f"Disallow: {path}" for path in _CLOSED),
        "",
        *([f"License: {absolute(reverse('machine_licence'))}"] if _is_said() else []),
        f"Sitemap: {absolute(reverse('sitemap'))}",
        f"Sitemap: {absolute(reverse('news_sitemap'))}",
    ]
    return _told("\n".join(lines) + "\n", "text/plain; charset=utf-8")


@require_safe
def reservation(request: HttpRequest) -> HttpResponse:
    """The right to text and data mining, reserved or not."""
    if not settings.AI_TRAINING:
        raise Http404
    said = {"location": "/", "tdm-reservation": int(settings.AI_TRAINING == "no")}
    if settings.AI_TERMS and settings.AI_TRAINING == "no":
        said["tdm-policy"] = settings.AI_TERMS
    return _told(json.dumps([said]), "application/json")


@require_safe
def licence(request: HttpRequest) -> HttpResponse:
    """The same as a licence that machines read."""
    if not _is_said():
        raise Http404
    uses = {"search": "yes", "ai-input": settings.AI_ANSWERS, "ai-train": settings.AI_TRAINING}
    permits = " ".join(name for name, answer in uses.items() if answer == "yes")
    prohibits = " ".join(name for name, answer in uses.items() if answer == "no")
    parts = [
        f'<permits type="usage">{permits}</permits>',
        f'<prohibits type="usage">{prohibits}</prohibits>' if prohibits else "",
    ]
    terms = f"<terms>{escape(settings.AI_TERMS)}</terms>" if settings.AI_TERMS else ""
    return _told(
        '<?xml version="1.0" encoding="utf-8"?>\n<rsl xmlns="https://rslstandard.org/rsl">'
        f'<content url="/">{terms}<license>{"".join(parts)}</license></content></rsl>',
        "application/rsl+xml",
    )


def _is_said() -> bool:
    return bool(settings.AI_TRAINING or settings.AI_ANSWERS)


def _kept_out() -> list[str]:
    training = _TRAINING if settings.AI_TRAINING == "no" else []
    answering = _ANSWERING if settings.AI_ANSWERS == "no" else []
    return [*training, *answering, *(settings.AI_CRAWLERS if training or answering else [])]


def _signals() -> Iterator[str]:
    """Searching is welcome in any case: that is how readers find a paper."""
    answers = {"ai-input": settings.AI_ANSWERS, "ai-train": settings.AI_TRAINING}
    said = [f"{name}={answer}" for name, answer in answers.items() if answer]
    if said:
        yield f"Content-Signal: {', '.join(['search=yes', *said])}"
    if settings.AI_TRAINING:
        yield f"Content-Usage: train-ai={settings.AI_TRAINING[0]}"


def _told(content: str, kind: str) -> HttpResponse:
    return mark_public(HttpResponse(content, content_type=kind), Freshness())
