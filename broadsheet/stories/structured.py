"""A story for machines: schema.org's NewsArticle as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from broadsheet.core import clock
from broadsheet.stories.furniture import Furniture, Name
from broadsheet.stories.models import Credit, Notice, Story
from broadsheet.stories.pictures.sizes import height_for

SHARED_WIDTH = 1280  # pixels: search engines show a large picture from 1,200 on
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def absolute(path: str) -> str:
    """The full address of one of our paths."""
    return f"{settings.SITE_URL}{path}"


def news_article(story: Story, around: Furniture) -> dict[str, Any]:
    """What a public story says of itself, with every moment in the newsroom's zone.

    Source: schema.org NewsArticle and CorrectionComment; Google's structured data guide for articles, 2026.
    """
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "url": absolute(story.get_absolute_url()),
        "mainEntityOfPage": absolute(story.get_absolute_url()),
        "inLanguage": settings.LANGUAGE_CODE,
        "isAccessibleForFree": True,
        "publisher": newsroom(),
        "author": [_person(name) for name in around.byline] or [newsroom()],
        "identifier": absolute(reverse("story", args=[story.pk, "story"])),
        # A discussion knows its story, and we know its name and no more (as `views` does).
        "commentCount": getattr(getattr(story, "thread", None), "published", 0),
        "discussionUrl": absolute(f"{story.get_absolute_url()}#comments"),
    }
    optional = {
        "description": story.standfirst,
        "dateline": story.place,
        "articleSection": story.section.name if story.section else "",
        "keywords": [topic.name for topic in around.topics],
        "about": [
            {"@type": "Thing", "name": topic.name, "url": absolute(reverse("topic", args=[topic.slug]))}
            for topic in around.topics
        ],
        "editor": [_person(name) for name in around.credits.get(Credit.Role.EDITING, [])],
        "contributor": [_person(name) for name in around.credits.get(Credit.Role.ADDITIONAL_REPORTING, [])],
        "image": _image(story),
        "correction": [_correction(word) for word in around.notices if word.kind in _CORRECTIONS],
    }
    facts.update({name: value for name, value in optional.items() if value})
    if story.published_at:
        changed = max(moment for moment in (story.published_at, story.updated_at, story.corrected_at) if moment)
        facts["datePublished"], facts["dateModified"] = _moment(story.published_at), _moment(changed)
    return facts


def newsroom() -> dict[str, Any]:
    """The paper itself, with the pages that say how it works."""
    about = absolute(reverse("about"))
    return {
        "@type": "NewsMediaOrganization",
        "name": settings.SITE_NAME,
        "url": settings.SITE_URL,
        "publishingPrinciples": about,
        "correctionsPolicy": f"{about}#corrections",
        "actionableFeedbackPolicy": absolute(reverse("comment_policy")),
        "masthead": f"{about}#staff",
    }


def json_ld(facts: dict[str, Any]) -> SafeString:
    """The facts as JSON in which nothing can end the element it stands in."""
    return mark_safe(json.dumps(facts, ensure_ascii=False).translate(_ESCAPES))


_CORRECTIONS = {Notice.Kind.CORRECTION, Notice.Kind.CLARIFICATION}


def _moment(moment: Any) -> str:
    return clock.in_newsroom(moment).isoformat(timespec="seconds")


def _person(name: Name) -> dict[str, str]:
    return {"@type": "Person", "name": name.name, "url": absolute(reverse("author", args=[name.slug]))}


def _correction(word: Any) -> dict[str, str]:
    return {"@type": "CorrectionComment", "text": word.text, "datePublished": _moment(word.made_at)}


def _image(story: Story) -> dict[str, Any] | None:
    address = picture_address(story)
    if not address or story.lead_picture is None:
        return None
    picture = story.lead_picture
    width = max((width for width in picture.widths if width <= SHARED_WIDTH), default=0)
    facts = {
        "@type": "ImageObject",
        "url": address,
        "width": width,
        "height": height_for(picture.width, picture.height, width) if width else 0,
        "caption": story.lead_caption,
        "creditText": story.lead_credit,
        "creator": {"@type": "Person", "name": story.lead_creator} if story.lead_creator else None,
        "copyrightNotice": picture.copyright_notice,
        "acquireLicensePage": picture.rights_page,
    }
    return {name: value for name, value in facts.items() if value}


def picture_address(story: Story) -> str:
    """The full address of the lead picture in the size for search and link previews; empty where there is none."""
    from broadsheet.stories.pictures.markup import plain_address

    if story.lead_picture is None or not story.lead_picture.widths:
        return ""
    return absolute(plain_address(story.lead_picture, SHARED_WIDTH))
