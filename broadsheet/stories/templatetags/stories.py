"""What the paper's templates ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from broadsheet.core import clock, language
from broadsheet.core.language import and_list, with_html
from broadsheet.delivery.tags import SECTIONS
from broadsheet.stories.furniture import Name
from broadsheet.stories.models import Credit, Section, Story
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
    """Where "Account" leads everybody: one's own account, by way of signing in where need be."""
    return reverse("me")


@register.filter
def edition_date(moment: datetime) -> str:
    """Saturday, February 8, 2014: the day in the newsroom's zone, for the folio line."""
    return clock.edition_date(moment)


@register.filter
def count_of(counts: dict[int, int] | None, story: Story) -> int:
    """How many published comments a story has, of the counts a page was given."""
    return (counts or {}).get(story.pk, 0)


@register.filter
def lead(story: Story) -> dict[str, str]:
    """Caption, alt, creator and credit of a story's lead picture: its own words, else the picture's."""
    return {name.removeprefix("lead_"): words for name, words in lead_facts(story).items()}


@register.filter
def linked_names(names: list[Name]) -> SafeString:
    """Ann, Ben and Cat, each a link to their work."""
    return and_list(
        format_html('<a href="{}" rel="author"><bdi>{}</bdi></a>', reverse("author", args=[one.slug]), one.name)
        for one in names
    )


CREDITED = {
    Credit.Role.REPORTING: _("Reporting by %(names)s"),
    Credit.Role.WRITING: _("Writing by %(names)s"),
    Credit.Role.ADDITIONAL_REPORTING: _("Additional reporting by %(names)s"),
    Credit.Role.EDITING: _("Editing by %(names)s"),
    Credit.Role.PHOTOGRAPHY: _("Photography by %(names)s"),
}


@register.filter
def credit_line(credits: list[tuple[Credit.Role, list[Name]]]) -> SafeString:
    """Writing by Ann and Ben; Editing by Cat."""
    credited = (
        with_html(str(CREDITED[role]), names=and_list(format_html("<bdi>{}</bdi>", one.name) for one in names))
        for role, names in credits
    )
    # Translators: what stands between "Writing by Ann" and "Editing by Ben" at a story's end.
    return format_html_join(pgettext("between credits", "; "), "{}", ((one,) for one in credited))


@register.filter
def credit_words(facts: Any) -> str:
    """Credit: Reuters/Yuya Shino; the creator first where the credit does not name them."""
    creator, credit = facts["creator"], facts["credit"]
    if creator and creator.casefold() not in credit.casefold():
        return photo_and_credit(creator, credit)
    return gettext("Credit: %(credit)s") % {"credit": credit} if credit else ""


def photo_and_credit(creator: str, credit: str) -> str:
    """Photo: Yuya Shino. Credit: Reuters."""
    if not credit:
        return gettext("Photo: %(name)s") % {"name": creator}
    return gettext("Photo: %(name)s. Credit: %(credit)s") % {"name": creator, "credit": credit}


@register.filter
def period_words(period: Any) -> str:
    """14 days; 36 hours: a length of time in words."""
    return language.duration(period)
