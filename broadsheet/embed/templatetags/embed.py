"""What templates of framed pages need."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def embed_sites() -> str:
    """The sites that a framed page answers, with spaces between."""
    return " ".join(settings.EMBED_SITES)
