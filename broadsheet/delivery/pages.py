"""Marks an answer as a public page: the same bytes for every reader, kept ready until something it shows changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.delivery.freshness import Freshness


class PublicPage(HttpResponse):
    """An answer that carries what it depends on, for the middleware that keeps it."""

    freshness: Freshness


def public_page(
    request: HttpRequest, template: str, context: dict[str, Any], freshness: Freshness, *, status: int = 200
) -> HttpResponse:
    """Render a page for everyone. The template gets `freshness`, so that its tags can add what they depend on.

    It is rendered without the request's person: no session, no token, no message may enter it.
    """
    response = render(_anonymous(request), template, {**context, "freshness": freshness}, status=status)
    return mark_public(response, freshness)


def mark_public(response: HttpResponse, freshness: Freshness) -> HttpResponse:
    """Mark any finished answer (a feed, a fragment) as public and depending on `freshness`."""
    response.freshness = freshness  # type: ignore[attr-defined]
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["Cache-Tag"] = ",".join(freshness.seen)
    return response


def _anonymous(request: HttpRequest) -> HttpRequest:
    """A copy of the request that nobody has signed in to."""
    bare = HttpRequest()
    bare.method, bare.GET = "GET", request.GET
    bare.path, bare.path_info = request.path, request.path_info
    bare.META = {key: request.META[key] for key in ("SERVER_NAME", "SERVER_PORT") if key in request.META}
    from django.contrib.auth.models import AnonymousUser  # a model: not before the apps are ready

    bare.user = AnonymousUser()
    bare.resolver_match = request.resolver_match
    return bare
