"""`{% load contributions %}`: badges, stars and what speaks for a comment, in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core import language
from broadsheet.discussion import merit, modes, reviews
from broadsheet.discussion.models import Badge, Comment, Mode, Thread

register = template.Library()


@register.filter
def badge_words(comment: Comment) -> str:
    """The badge as readers see it; empty where there is none."""
    return str(Badge(comment.badge).label) if comment.badge else ""


@register.filter
def merit_reasons(comment: Comment) -> list[str]:
    """Why this comment stands where it does in the order "picks and contributions first"."""
    return merit.reasons(comment)


@register.filter
def stars(number: int | None) -> str:
    """ "4 of 5 stars": a rating as words, for everybody who cannot see five shapes."""
    if not number:
        return ""
    return _("%(n)s of 5 stars") % {"n": language.number(number)}


@register.filter
def filled(number: int | None) -> str:
    """A rating as five shapes that differ in outline and not in colour."""
    return "★" * (number or 0) + "☆" * (5 - (number or 0))


@register.filter
def average_stars(thread: Thread) -> str:
    """ "4.3 of 5 stars": the mean of a discussion's ratings; empty where there is none."""
    mean = reviews.average(thread)
    return "" if mean is None else _("%(n)s of 5 stars") % {"n": language.number(round(mean, 1))}


@register.filter
def tally(thread: Thread) -> str:
    """What a discussion has, in the word that fits its mode: "Comments (12)", "Questions (12), 5 answered"."""
    if thread.mode == Mode.QUESTIONS:
        return _questions(thread)
    if thread.mode == Mode.REVIEWS:
        return _("Reviews (%(n)s)") % {"n": language.number(thread.ratings)}
    return _("Comments (%(n)s)") % {"n": language.number(thread.published)}


def _questions(thread: Thread) -> str:
    facts = {"n": language.number(thread.started), "answered": language.number(thread.answered)}
    if not thread.answered:
        return _("Questions (%(n)s)") % facts
    words = ngettext(
        "Questions (%(n)s), %(answered)s answered", "Questions (%(n)s), %(answered)s answered", thread.answered
    )
    return words % facts


@register.simple_tag
def mode_facts(thread: Thread) -> dict[str, Any]:
    """What the head of a discussion shows besides its comments; one query for questions, none otherwise."""
    if thread.mode == Mode.QUESTIONS:
        experts = list(modes.experts_of(thread)) if thread.pk else []
        return {"experts": experts, "unanswered": modes.unanswered(thread)}
    return {"rows": reviews.distribution(thread)} if thread.mode == Mode.REVIEWS else {}


@register.simple_tag
def star_choices(chosen: int | str | None = None) -> list[dict[str, Any]]:
    """Five stars to choose from, the best first, with the one that was chosen already."""
    return [{"n": n, "words": stars(n), "shapes": filled(n), "chosen": str(chosen) == str(n)} for n in (5, 4, 3, 2, 1)]
