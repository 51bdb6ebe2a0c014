"""What leaves the paper for other programs (feeds, wire formats): the id that never changes, the body, its moment."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from broadsheet.core.text import wire_html
from broadsheet.stories.furniture import body_with_dateline
from broadsheet.stories.models import Story
from broadsheet.stories.structured import absolute


def permanent_id(pk: int) -> str:
    """The address by which a story's every version is known, whatever becomes of its headline."""
    return absolute(reverse("story", args=[pk, "story"]))


def changed_at(story: Story) -> datetime | None:
    """The moment of the version that readers see: of its publication, or of its last notice."""
    moments = [moment for moment in (story.published_at, story.updated_at, story.corrected_at) if moment]
    return to_the_second(max(moments, default=None))


def to_the_second(moment: datetime | None) -> datetime | None:
    """A moment as pages, feeds and formats all tell it, whatever their zone: without the part of a second."""
    return moment.replace(microsecond=0) if moment else None


def outgoing_body(story: Story) -> str:
    """The released body as clean HTML, with addresses that lead to us from anywhere; without the dateline."""
    return wire_html(str(story.body_html), base=settings.SITE_URL)


def outgoing_page(story: Story) -> str:
    """The whole story as readers of a feed get it: its notices, newest first, and the body led by the dateline."""
    dated = sorted(((one.made_at, one.pk, one) for one in story.notices.all() if one.made_at), reverse=True)
    said = "".join(format_html("<p><strong>{}</strong> {}</p>", one.get_kind_display(), one.text) for *_, one in dated)
    return said + wire_html(body_with_dateline(story), base=settings.SITE_URL)


def links_header(address: str) -> str:
    """The Link header of a feed (WebSub): its address, and the hubs that tell of its changes; empty without hubs."""
    hubs = [f'<{hub}>; rel="hub"' for hub in settings.WEBSUB_HUBS]
    return ", ".join([*hubs, f'<{address}>; rel="self"']) if hubs else ""
