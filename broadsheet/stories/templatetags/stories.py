"""What the paper's templates ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from broadsheet.core import clock
from broadsheet.delivery.tags import SECTIONS
from broadsheet.stories.furniture import Name
from broadsheet.stories.models import Section, Story
from broadsheet.stories.rules import lead_facts

register = template.Library()


@register.simple_tag(takes_context=True)
def sections(context: dict[str, Any]) -> list[Section]:
    """The paper's sections in their order; a public page then depends on their names."""
    if "freshness" in context:
        context["freshness"].look(SECTIONS)
    return list(Section.objects.only("name", "slug", "position"))


@register.simple_tag
def account_address() -> str:
    """Where "Account" leads everybody: one's own comments, by way of signing in where need be."""
    try:
        return reverse("my_comments")
    except NoReverseMatch:
        return reverse("account_login")


@register.filter
def edition_date(moment: datetime) -> str:
    """Saturday, February 8, 2014: the day in the newsroom's zone, for the folio line."""
    local = clock.in_newsroom(moment)
    return f"{local:%A, %B} {local.day}, {local.year}"


@register.filter
def count_of(counts: dict[int, int] | None, story: Story) -> int:
    """How many published comments a story has, of the counts a page was given."""
    return (counts or {}).get(story.pk, 0)


@register.filter
def lead(story: Story) -> dict[str, str]:
    """Caption, alt, creator and credit of a story's lead picture: its own words, else the picture's."""
    return {name.removeprefix("lead_"): words for name, words in lead_facts(story).items()}


@register.filter
def and_list(names: list[Name]) -> list[tuple[Name, str]]:
    """Each name with what stands before it in a line: nothing, a comma or "and"."""
    joints = ["", *([", "] * (len(names) - 2)), " and "][: len(names)]
    return list(zip(names, joints, strict=True))


@register.filter
def credit_words(facts: Any) -> str:
    """Credit: Reuters/Yuya Shino; the creator first where the credit does not name them."""
    creator, credit = facts["creator"], facts["credit"]
    if creator and creator.casefold() not in credit.casefold():
        return f"Photo: {creator}. Credit: {credit}" if credit else f"Photo: {creator}"
    return f"Credit: {credit}" if credit else ""


@register.filter
def period_words(period: Any) -> str:
    """14 days; 36 hours: a length of time in words."""
    hours = int(period.total_seconds() // 3600)
    if hours and hours % 24 == 0:
        return f"{hours // 24} day{'s' if hours != 24 else ''}"
    if hours:
        return f"{hours} hour{'s' if hours != 1 else ''}"
    minutes = int(period.total_seconds() // 60)
    return f"{minutes} minute{'s' if minutes != 1 else ''}"
