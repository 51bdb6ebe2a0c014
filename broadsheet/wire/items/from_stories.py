"""Public stories as items: the one way from our rows to every format. It asks `public` itself, whatever it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from broadsheet.core import clock
from broadsheet.core.language import and_list
from broadsheet.discussion.models import Thread
from broadsheet.stories.models import Credit, Notice, Picture, Story
from broadsheet.stories.outgoing import changed_at, outgoing_body, permanent_id
from broadsheet.stories.pictures.markup import address as size_address
from broadsheet.stories.pictures.sizes import height_for
from broadsheet.stories.rules import lead_facts
from broadsheet.stories.structured import absolute
from broadsheet.wire.items.item import CANCELED, Contributor, Item, Named, Note, PictureItem, Rendition
from broadsheet.wire.models import Release


def items(stories: Any, now: datetime, *, most: int, body: bool = True) -> list[Item]:
    """The first of these stories that readers may see, as items; without `body` neither that nor its pictures."""
    rows = (
        stories.public(now)
        .ours()
        .select_related("section", "lead_picture")
        .prefetch_related("credits__person", "topics", "notices")
    )
    found = list((rows if body else rows.defer("body", "body_html"))[:most])
    numbers = [story.pk for story in found]
    versions = dict(Release.objects.filter(pk__in=numbers).values_list("pk", "version"))
    comments = dict(Thread.objects.filter(pk__in=numbers).values_list("pk", "published"))
    return [_item(story, versions.get(story.pk, 1), comments.get(story.pk, 0), body) for story in found]


def kill(pk: int, now: datetime) -> Item | None:
    """What stands where a withdrawn story stood: that it is withdrawn, when, and the notice; None for any other."""
    story = Story.objects.withdrawn(now).ours().filter(pk=pk).only("pk", "withdrawn_at").first()
    if story is None:
        return None
    notices = Notice.objects.filter(story=pk, kind=Notice.Kind.WITHDRAWAL)
    version = Release.objects.filter(pk=pk).values_list("version", flat=True).first()
    return Item(
        uri=permanent_id(pk),
        version=str(version or 1),
        status=CANCELED,
        language=settings.LANGUAGE_CODE,
        changed=_moment(story.withdrawn_at),
        notes=_notes(notices),
        provider=settings.SITE_NAME,
        provider_address=settings.SITE_URL,
    )


def _item(story: Story, version: int, comments: int, body: bool) -> Item:
    contributors = tuple(_contributors(story))
    made = Item(
        uri=permanent_id(story.pk),
        version=str(version),
        language=settings.LANGUAGE_CODE,
        headline=story.headline,
        standfirst=story.standfirst,
        slugline=story.slugline,
        contributors=contributors,
        place=story.place,
        agency=story.agency or (settings.AGENCY if story.place else ""),
        first_published=_moment(story.published_at),
        changed=_moment(changed_at(story)),
        urgency=story.urgency,
        section=Named(story.section.name, absolute(story.section.get_absolute_url())) if story.section else None,
        topics=tuple(Named(topic.name, absolute(topic.get_absolute_url())) for topic in story.topics.all()),
        body=outgoing_body(story) if body else "",
        pictures=tuple(_pictures(story, body)),
        notes=_notes(story.notices.all()),
        address=absolute(story.get_absolute_url()),
        provider=settings.SITE_NAME,
        provider_address=settings.SITE_URL,
        comments=comments,
        discussion=absolute(f"{story.get_absolute_url()}#comments"),
    )
    return _with_byline(made)


def _with_byline(item: Item) -> Item:
    return replace(item, byline=_plain_list(item.names))


def _plain_list(names: list[str]) -> str:
    """Ann, Ben and Cat, as text and not as HTML."""
    marks = [f"\ue000{place}\ue001" for place in range(len(names))]
    said = str(and_list(marks))
    for mark, name in zip(marks, names, strict=True):
        said = said.replace(mark, name)
    return said


def _contributors(story: Story) -> Iterator[Contributor]:
    by_role = sorted(story.credits.all(), key=lambda credit: Credit.Role.values.index(credit.role))
    for credit in by_role:
        yield Contributor(credit.role, credit.person.name, absolute(credit.person.get_absolute_url()))


def _notes(notices: Iterable[Any]) -> tuple[Note, ...]:
    """The notices, newest first."""
    dated = sorted((notice for notice in notices if notice.made_at), key=lambda one: one.made_at, reverse=True)
    return tuple(Note(notice.kind, notice.text, _moment(notice.made_at)) for notice in dated)  # type: ignore[arg-type]


def _pictures(story: Story, body: bool) -> Iterator[PictureItem]:
    """The lead picture and those of the body, each once."""
    seen: set[int] = set()
    if story.lead_picture is not None:
        facts = lead_facts(story)
        seen.add(story.lead_picture.pk)
        yield _picture(story.lead_picture, *(facts[f"lead_{name}"] for name in ("caption", "alt", "creator", "credit")))
    for part in story.body if body else []:
        picture = part.value.get("picture") if part.block_type == "picture" else None
        if picture is None or picture.pk in seen or picture.folder not in story.body_html:
            continue
        seen.add(picture.pk)
        own = part.value
        caption, alt = own.get("caption") or picture.caption, own.get("alt") or picture.description
        yield _picture(picture, caption, alt, picture.creator, own.get("credit") or picture.printed_credit)


def _picture(picture: Picture, caption: str, alt: str, creator: str, credit: str) -> PictureItem:
    return PictureItem(
        uri=absolute(f"/pictures/{picture.pk}"),  # a name; where it is served changes with its facts
        caption=caption,
        alt=alt,
        creator=creator,
        credit=credit,
        copyright_notice=picture.copyright_notice,
        rights_page=picture.rights_page,
        renditions=tuple(
            Rendition(
                absolute(size_address(picture, width, "jpg")), width, height_for(picture.width, picture.height, width)
            )
            for width in picture.widths
        ),
    )


def _moment(moment: datetime | None) -> datetime | None:
    """A moment on the newsroom's clock, to the second."""
    return clock.in_newsroom(moment).replace(microsecond=0) if moment else None
