"""What is sent of a comment to another scorer: its words, what it stands under, and nothing of who wrote it.

Addresses of e-mail and of networks in the words themselves are made unreadable, letter by letter, so that places stay
what they are.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from broadsheet.scoring.answers import Story

LONGEST = 12_000  # characters of a comment; a longer one is not sent
HEADLINE, OPENING, PARENT = 300, 800, 2_000  # characters of what goes with it

_MAIL = re.compile(r"[^\s@<>()\[\]{},;:\"'“”‘’]{1,64}@[^\s@<>()\[\]{},;:\"'“”‘’]{1,255}")
_NUMBERS = re.compile(
    r"(?<![\w.:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F.]{0,15}(?![\w:])|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)"
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def masked(text: str) -> str:
    """The text with every address of e-mail or of a network in it made of x, and as long as before."""
    text = _SURROGATES.sub("\ufffd", text)
    text = _MAIL.sub(lambda found: _crossed_out(found.group()), text)
    return _NUMBERS.sub(lambda found: _crossed_out(found.group()) if _is_number(found.group()) else found.group(), text)


def question(text: str, story: Story | None, *, tells_story: bool) -> dict[str, Any]:
    """What is sent of one comment."""
    said: dict[str, Any] = {"text": masked(text)}
    if story is not None and tells_story:
        said["story"] = {"headline": masked(story.headline[:HEADLINE]), "opening": masked(story.opening[:OPENING])}
        said["parent"] = masked(story.parent[:PARENT]) or None
    return said


def _crossed_out(found: str) -> str:
    return "".join("x" if letter.isalnum() else letter for letter in found)


def _is_number(found: str) -> bool:
    try:
        ipaddress.ip_address(found)
    except ValueError:
        return False
    return True
