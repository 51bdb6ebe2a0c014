"""Questions about stories that the desk, the actions and every road to publication ask alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.text import is_blank
from broadsheet.stories.addresses import plain_address, story_at

if TYPE_CHECKING:
    from broadsheet.accounts.models import Reader
    from broadsheet.stories.models import Notice, Story

# What a story prints of its lead picture, and which of the picture's own facts stands in for an empty one.
LEAD_FACTS = {
    "lead_caption": "caption",
    "lead_alt": "description",
    "lead_creator": "creator",
    "lead_credit": "printed_credit",
}


LONG_PAST = timedelta(days=2)  # a moment of publication before that may be a slip of the pen


class Lack(NamedTuple):
    """One thing that keeps a story from publication: the field of the desk's form, and a sentence."""

    field: str
    sentence: str


def missing_for_publication(story: Story) -> list[str]:
    """What keeps this story from publication, in sentences for the desk; empty when nothing does.

    The moment of publication is never missing: a story published without one gets the moment it is published at.
    """
    return [lack.sentence for lack in lacks(story)]


def is_drafted(story: Story, thanks_to: int) -> bool:
    """Whether a notice to which that comment led stands in what the desk has in hand, or on the story already."""
    draft: Story = story.get_latest_revision_as_object()
    return any(notice.thanks_to == thanks_to for each in (draft, story) for notice in each.notices.all())


def not_yet(missing: list[str]) -> str:
    """The refusal to publish a story, with what it lacks."""
    return " ".join([_("This story cannot be published yet."), *missing])


def lacks(story: Story) -> list[Lack]:
    """The same, each with the field of the desk's form where it is mended."""
    found = [*_words_lacking(story), *_lead_picture_lacks(story), *_body_pictures_lack(story)]
    if not story.first_published_at and any(notice.kind == notice.Kind.WITHDRAWAL for notice in story.notices.all()):
        sentence = _("It would be withdrawn from the start. Leave it a draft, or remove the withdrawal.")
        found.append(Lack("notices", sentence))
    return found


def _words_lacking(story: Story) -> Iterator[Lack]:
    if is_blank(story.headline):
        yield Lack("headline", _("It has no headline."))
    if not (story.slug or story.headline):  # it follows from the headline where the desk wrote none
        yield Lack("slug", _("It has no slug, the last part of its address."))
    if story.is_outside:
        yield from _home_lacking(story)
        return
    if story.home:
        yield Lack("home", _("It has an address on another site, but is not of that kind."))
    if story.section_id is None:
        yield Lack("section", _("It has no section."))
    if is_blank(story.place):
        yield Lack("place", _("Its dateline has no place: say where it was filed."))
    if not has_body(story):
        yield Lack("body", _("Its body is empty."))
    if not story.credits.all():
        yield Lack("credits", _("Nobody is credited: name who reported, wrote or photographed it."))
    if story.kind == story.Kind.FEATURE and not any(part.block_type == "picture" for part in story.body):
        yield Lack("body", _("A photo feature needs a picture in its body."))


def _home_lacking(story: Story) -> Iterator[Lack]:
    if not story.home:
        yield Lack("home", _("It stands on another site: say at which address."))
    elif plain_address(story.home) is None:
        yield Lack("home", _("That is not the address of a web page: %(address)s") % {"address": story.home})
    elif (other := story_at(story.home)) and other.pk != story.pk:
        yield Lack("home", _("Another story stands at that address: %(address)s") % {"address": story.home})


def has_body(story: Story) -> bool:
    """True when there is something to read or to see in the body."""
    for part in story.body:
        if part.block_type in {"picture", "embed", "list", "quotation"}:
            return True
        if not is_blank(unescape(re.sub(r"<[^>]*>", "", str(getattr(part.value, "source", part.value))))):
            return True
    return False


def _lead_picture_lacks(story: Story) -> Iterator[Lack]:
    if story.lead_picture is None:
        return
    facts = lead_facts(story)
    if is_blank(facts["lead_alt"]):
        yield Lack("lead_alt", _("The lead picture has no alternative text: say what it shows."))
    if is_blank(facts["lead_credit"]):
        yield Lack("lead_credit", _("The lead picture has no credit."))


def _body_pictures_lack(story: Story) -> Iterator[Lack]:
    number = 0
    for part in story.body:
        if part.block_type != "picture":
            continue
        number += 1
        picture = part.value.get("picture")
        if picture is None:
            yield Lack("body", _("Picture %(number)s in the body has not been chosen.") % {"number": number})
            continue
        if is_blank(part.value.get("alt") or picture.description):
            yield Lack(
                "body",
                _("Picture %(number)s in the body has no alternative text: say what it shows.") % {"number": number},
            )
        if is_blank(part.value.get("credit") or picture.printed_credit):
            yield Lack("body", _("Picture %(number)s in the body has no credit.") % {"number": number})


def lead_facts(story: Story, before: Story | None = None) -> dict[str, str]:
    """What the story prints of its lead picture: its own words, else the picture's.

    `before` is the story as it stood: words that came from another picture there do not pass to this one.
    """
    picture = story.lead_picture
    replaced = before.lead_picture if before and before.lead_picture_id != story.lead_picture_id else None
    facts: dict[str, str] = {}
    for name, source in LEAD_FACTS.items():
        own: str = getattr(story, name)
        if replaced is not None and own == getattr(replaced, source):
            own = ""
        facts[name] = own or (shortened(getattr(picture, source), story, name) if picture else "")
    return facts


def shortened(words: str, story: Story, name: str) -> str:
    """The words as long as that field of the story takes them."""
    field: Any = story._meta.get_field(name)
    return words[: field.max_length]


def has_been_public(story: Story, now: datetime | None = None) -> bool:
    """True for a released story past its embargo, withdrawn or not: readers may know its moment of publication."""
    return bool(story.live and story.published_at and story.published_at <= (now or clock.now()))


def doubt_the_moment(story: Story, standing: Story | None) -> str | None:
    """What to ask, before a story is published, of a moment of publication long past; None where there is no doubt.

    `standing` is the story as it stands. One that has been public since that moment, now or before it was taken back,
    keeps it.
    """
    moment = story.published_at
    if not moment or moment > clock.now() - LONG_PAST:
        return None
    if standing and (has_been_public(standing) or (standing.first_published_at and standing.published_at == moment)):
        return None
    sentence = _(
        "The moment of publication is %(moment)s. Readers are told it, and it can't be changed once the story "
        "is public. If it is right, publish again."
    )
    return sentence % {"moment": clock.story_moment(moment)}


def may_publish(person: Reader | None) -> bool:
    """Who may publish, withdraw and put notices on stories. None is the program itself (an import, the demo)."""
    return person is None or person.has_perm("stories.publish_story")


def why_not_delete(story: Story) -> str | None:
    """A story that readers may have seen is withdrawn, with a notice, and never deleted."""
    if has_been_public(story) or story.first_published_at:
        return _("This story has been published. Withdraw it with a notice instead, so that readers are told.")
    return None


def why_not_remove(notice: Notice) -> str | None:
    """A notice that readers have been shown stays on the story."""
    if notice.pk and type(notice).objects.filter(pk=notice.pk, story__live=True).exists():
        return _("A notice that has been published stays on the story; correct its words instead.")
    return None
