"""The line of credits under a story: "(Reporting by A and B in Oslo; Writing by C; Editing by D)"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.wire.pages.sheet import Line, Sheet

LONGEST_NAME = 120

_ROLES = {
    "reporting": "reporting",
    "additional reporting": "additional",
    "extra reporting": "additional",
    "writing": "writing",
    "editing": "editing",
    "photography": "photography",
    "photographs": "photography",
    "photos": "photography",
}
CREDIT_START = re.compile(
    r"\((?:additional |extra )?(?:reporting|writing|editing|photography|photographs|photos)\b(?: and \w+)? by ",
    re.IGNORECASE,
)
_PART = re.compile(r"(?P<roles>[a-z ,]+?) by (?P<names>\S.*)", re.IGNORECASE)
_WHERE = re.compile(r"(?P<name>.+?) (?P<where>in [A-Z].*)")


@dataclass(frozen=True)
class Credited:
    """One person's part in a story; `role` is one of the product's own: reporting, additional, writing, editing..."""

    role: str
    name: str


def read_credits(words: str, line: Line, sheet: Sheet) -> list[Credited]:
    """Everybody named, in order. What is no credit, or has no place in one, is left on the sheet."""
    inside, _, after = words.removeprefix("(").partition(")")
    if after.strip():
        sheet.note(line, f'"{after.strip()}" stands after the credits and was not stored')
    found: list[Credited] = []
    for part in inside.split(";"):
        match = _PART.fullmatch(part.strip().rstrip("."))
        roles = _known_roles(match["roles"]) if match else []
        if not match or not roles:
            sheet.note(line, f'"{part.strip()}" is no credit that is known')
            continue
        names = _names(match["names"], line, sheet)
        found += [Credited(role, name) for role in roles for name in names]
    return found


def _known_roles(words: str) -> list[str]:
    """["reporting", "writing"] of "Reporting and writing"; empty if one of them is not known."""
    named = re.split(r" and |, ", words.strip().casefold())
    return [_ROLES[name] for name in named] if all(name in _ROLES for name in named) else []


def _names(words: str, line: Line, sheet: Sheet) -> list[str]:
    names = []
    for name in re.split(r",? and | & |, ", words):
        name = name.strip()
        if where := _WHERE.fullmatch(name):
            sheet.note(line, f'the words "{where["where"]}" after {where["name"]} are not stored')
            name = where["name"]
        if not name or len(name) > LONGEST_NAME:
            sheet.note(line, "a name in the credits is empty or too long")
            continue
        names.append(name)
    return names
