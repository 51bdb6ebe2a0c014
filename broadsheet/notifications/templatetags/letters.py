"""What e-mails as plain text need."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def linebreaksindent(words: str) -> str:
    """Further lines of a quotation begin where its first does."""
    return words.replace("\n", "\n    ")
