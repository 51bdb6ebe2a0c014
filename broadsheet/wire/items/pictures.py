"""The pictures of an item that comes in, and the body they stand in."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from broadsheet.core.refusals import Refused
from broadsheet.stories.models import Picture, Story
from broadsheet.stories.pictures import add_picture
from broadsheet.wire.body_parts import BodyPart
from broadsheet.wire.items.arrival import Arrival, Orders
from broadsheet.wire.items.item import Item, PictureItem
from broadsheet.wire.models import Origin

MOST_PICTURES = 30


def take_pictures(item: Item, origin: Origin, orders: Orders, arrival: Arrival) -> dict[str, Picture]:
    """The item's pictures by their names: those we have, and those whose files lie there."""
    taken: dict[str, Picture] = {}
    if len(item.pictures) > MOST_PICTURES:
        arrival.notes.append(f"Of its {len(item.pictures)} pictures the first {MOST_PICTURES} were looked for.")
    for picture in item.pictures[:MOST_PICTURES]:
        known = Picture.objects.filter(pk__in=[origin.pictures.get(picture.uri, 0)]).first()
        if known is None and (file := file_of(picture, orders.pictures)):
            known = _take_picture(picture, file, orders, arrival)
        elif known is None:
            arrival.notes.append(f"Picture not taken: no file of it lies there: {_name_of(picture)}")
        if known is not None:
            taken[picture.uri] = known
            origin.pictures[picture.uri] = known.pk
    return taken


def file_of(picture: PictureItem, folder: Path | None) -> Path | None:
    """The picture's widest size that lies in the folder, by the end of its address; nothing else is opened."""
    if folder is None:
        return None
    for one in sorted(picture.renditions, key=lambda size: size.width, reverse=True):
        for name in file_names(one.address):
            if (folder / name).is_file():
                return folder / name
    return None


def file_names(address: str) -> list[str]:
    """Under which names a file of that address may lie: a/b/c.jpg, b/c.jpg, c.jpg; none that leads out of a folder.

    A last part that is a number alone (a size: 960.jpg) tells no picture from another, so it is no name by itself.
    """
    try:
        parts = PurePosixPath(unquote(urlsplit(address).path)).parts
    except ValueError:
        return []
    named = [part for part in parts if part != "/"]
    if not named or any(part[0] == "." or "\\" in part or "\0" in part or len(part) > 200 for part in named):
        return []
    alone = [] if PurePosixPath(named[-1]).stem.isdigit() else [named[-1]]
    return list(dict.fromkeys(["/".join(named), "/".join(named[-2:]), *alone]))


def _take_picture(picture: PictureItem, file: Path, orders: Orders, arrival: Arrival) -> Picture | None:
    if orders.dry_run:
        arrival.notes.append(f"Picture: {file.name} would be taken.")
        return None
    facts = {
        "caption": arrival.fitting(picture.caption, 1000, "Caption"),
        "description": arrival.fitting(picture.alt, 255, "Alternative text"),
        "creator": arrival.fitting(picture.creator, 120, "Name of the picture's creator"),
        "credit": arrival.fitting(picture.credit, 120, "Credit of the picture"),
        "copyright_notice": arrival.fitting(picture.copyright_notice, 300, "Copyright notice"),
        "rights_page": picture.rights_page if picture.rights_page.startswith(("https://", "http://")) else "",
    }
    try:
        with file.open("rb") as opened:
            made = add_picture(file=opened, title=file.stem[:200], **facts)
        arrival.taken.append(made)
        return made
    except Refused as refusal:
        arrival.notes.append(f"Picture not taken: {file.name}: {refusal.sentence}")
    except OSError as fault:
        arrival.notes.append(f"Picture not taken: {file.name} cannot be read ({fault.strerror}).")
    return None


def _name_of(picture: PictureItem) -> str:
    names = file_names(picture.widest.address) if picture.widest else []
    return names[-1] if names else picture.uri[:120]


def body_of(parts: list[BodyPart], item: Item, taken: dict[str, Picture], story: Story, arrival: Arrival) -> list[Any]:
    """The body as the desk keeps it. Pictures stand where the body names them; of the others the first leads."""
    placed: set[str] = set()
    body: list[Any] = []
    for part in parts:
        if part.kind != "picture":
            body.append(part.as_block())
            continue
        named = _named_by(part.source, item)
        if named and named.uri in taken and named.uri not in placed:
            placed.add(named.uri)
            body.append(_picture_block(taken[named.uri], named, part))
        elif named is None:
            arrival.notes.append(
                f"Picture not taken: the body shows one that is not among the item's: {part.source[:120]}"
            )
    rest = [picture for picture in item.pictures if picture.uri in taken and picture.uri not in placed]
    if rest:
        story.lead_picture = taken[rest[0].uri]
    body += [_picture_block(taken[picture.uri], picture) for picture in rest[1:]]
    return body


def _named_by(source: str, item: Item) -> PictureItem | None:
    """The item's picture that the body means by this address: one of its sizes, or another of the same name."""
    for picture in item.pictures:
        if any(one.address == source for one in picture.renditions):
            return picture
    last = file_names(source)[-1:] if source else []
    meant = [
        picture for picture in item.pictures if any(file_names(one.address)[-1:] == last for one in picture.renditions)
    ]
    return meant[0] if last and len(meant) == 1 else None


def _picture_block(picture: Picture, item: PictureItem, part: BodyPart | None = None) -> tuple[str, Any]:
    """A picture with its own facts; what the body says of it stands where the item says nothing."""
    said = part or BodyPart("picture")
    return "picture", {
        "picture": picture,
        "caption": "" if item.caption else said.text[:1000],
        "alt": "" if item.alt else said.alt[:300],
        "credit": "",
    }
