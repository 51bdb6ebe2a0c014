"""`{% load pictures %}`: responsive pictures for templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from broadsheet.core.text import readable
from broadsheet.stories.body import IN_COLUMN
from broadsheet.stories.pictures import Picture

register = template.Library()


@register.simple_tag
def picture(what: Picture | None, alt: str = "", sizes: str = IN_COLUMN, lead: bool = False) -> SafeString:
    """A <picture> with AVIF, WebP and JPEG sources, width, height and lazy loading; nothing where there is no picture.

    {% picture story.lead_picture alt=story.lead_alt sizes="(min-width: 60rem) 40rem, 100vw" lead=True %}

    alt    what it shows; empty where the words beside it say so (a teaser's picture inside its link)
    sizes  the HTML attribute: how wide it is shown; without it, the width of the text column
    lead   True for the one picture at the top of a page, which is fetched at once and not lazily
    """
    if what is None:
        return SafeString("")
    return what.markup(
        alt=readable(alt or "", most=1000, what=_("Alternative text"), lines=False), sizes=sizes, lead=lead
    )
