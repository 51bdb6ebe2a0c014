"""Sentences of Django's that our readers or editors may see and that Django lacks in a language of ours.

Gathered like our own, so that our catalogues say them; nothing here is called.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop, ngettext_lazy

SENTENCES = [
    gettext_noop("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),  # pt, uk
    ngettext_lazy(  # pt
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        0,
    ),
]
