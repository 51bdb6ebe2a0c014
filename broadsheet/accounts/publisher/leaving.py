"""Signing out of a session that a publisher began. Apart from the views, as allauth's adapter asks for it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

SIGNED_IN_BY = "publisher"  # in the session: the slug of the publisher that signed it in


def after_signing_out(request: HttpRequest) -> str | None:
    """Where somebody goes who signs out of such a session, as only the publisher can sign them out there; else None."""
    slug = str(request.session.get(SIGNED_IN_BY, ""))
    publisher = settings.PUBLISHERS.with_slug(slug) if settings.PUBLISHERS else None
    return reverse("publisher_signed_out", args=[slug]) if publisher and publisher.sign_out_url else None
