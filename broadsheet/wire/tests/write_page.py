"""Writes a PageText as the page it came from, so that the reader can be tried on pages nobody has captured."""

from __future__ import annotations

from datetime import datetime, timedelta

from broadsheet.wire.pages.moments import ZONE_HOURS
from broadsheet.wire.pages.page_text import PageText

ROLES = {
    "reporting": "Reporting",
    "additional": "Additional reporting",
    "writing": "Writing",
    "editing": "Editing",
    "photography": "Photography",
}
POLICY = "We welcome comments that advance the story through relevant opinion, anecdotes, links and data."
CLOSED = "This discussion is now closed. We welcome comments on our articles for a limited period."


def write(page: PageText, zone: str = "EST") -> bytes:
    """The page's text, its moments told in one zone's letters."""
    lines = [page.headline, "", f"{page.place} {moment(page.moment, zone, '%a %b')}", ""]
    if page.caption:
        house, creator = page.picture_credit.split("/")
        lines += [f"{page.caption} {house.upper()}/{creator}", "", page.caption, ""]
        lines += [f"Credit: {page.picture_credit}", ""]
    lines += ["Related Topics", *page.topics, ""]
    for number, part in enumerate(page.body):
        opening = f"{page.place} ({page.agency}) - " if page.agency and number == 0 else ""
        lines += [opening + part.text, ""]
    if page.credits:
        credits = (f"{ROLES[credit.role]} by {credit.name}" for credit in page.credits)
        lines += [f"({'; '.join(credits)})", ""]
    lines += [POLICY]
    lines += [f"Comments ({page.claimed})"] if page.claimed is not None else []
    for comment in page.comments:
        stamp = moment(comment.written_at, zone, "%b", "02d")
        lines += [f"{comment.author_name} wrote:", *comment.words.split("\n"), "", f"{stamp}  --  Report as abuse"]
    lines += [CLOSED] if page.closed else []
    return "\n".join([*lines, "", "Full focus", ""]).encode()


def moment(instant: datetime, zone: str, day: str, figures: str = "d") -> str:
    """Sat Feb 8, 2014 1:05pm EST"""
    wall = instant + timedelta(hours=ZONE_HOURS[zone])
    half = "am" if wall.hour < 12 else "pm"
    date = f"{wall.strftime(day)} {wall.day:{figures}}, {wall.year:04d}"
    return f"{date} {wall.hour % 12 or 12}:{wall.minute:02d}{half} {zone}"
