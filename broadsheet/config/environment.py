"""The one reader of settings: a variable BROADSHEET_NAME, or `name = ...` in broadsheet.toml, or the default.

A wrong or missing value stops the start with one sentence that says which it is and how to mend it.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured

REQUIRED = object()


def stop(sentence: str) -> NoReturn:
    raise ImproperlyConfigured(sentence)


def _read_file() -> tuple[Path | None, dict[str, Any]]:
    named = os.environ.get("BROADSHEET_CONFIG")
    path = Path(named) if named else Path("broadsheet.toml")
    if not path.is_file():
        if named:
            stop(f"BROADSHEET_CONFIG names {path}, which is not a file: correct it, or run `broadsheet init DIR`.")
        return None, {}
    try:
        return path.resolve(), tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        stop(f"The settings file {path} cannot be read ({error}): correct that line.")


FILE, _IN_FILE = _read_file()
READ: dict[str, str] = {}  # every name asked for and what it is for; the documentation test and typo check use it


def _raw(name: str, default: Any, purpose: str) -> Any:
    READ[name] = purpose
    if (value := os.environ.get(f"BROADSHEET_{name}")) is not None:
        return value
    if name.lower() in _IN_FILE:
        return _IN_FILE[name.lower()]
    if default is REQUIRED:
        stop(
            f"{name.lower()} is missing ({purpose}): run `broadsheet init DIR` to make a newsroom, "
            f"or set BROADSHEET_{name}."
        )
    return default


def text(name: str, default: Any = REQUIRED, *, purpose: str, among: tuple[str, ...] = ()) -> str:
    """A piece of text, one of `among` where that is given."""
    value = str(_raw(name, default, purpose)).strip()
    if among and value not in among:
        stop(f"{name.lower()} is {value!r} ({purpose}): it must be one of {', '.join(among)}.")
    return value


def whole(name: str, default: int, *, purpose: str, least: int = 0, most: int = 10**9) -> int:
    """A whole number between `least` and `most`."""
    value = _raw(name, default, purpose)
    try:
        if isinstance(value, bool):
            raise ValueError
        number = int(str(value))
    except ValueError:
        stop(f"{name.lower()} is {value!r} ({purpose}): it must be a whole number.")
    if not least <= number <= most:
        stop(f"{name.lower()} is {number} ({purpose}): it must be between {least} and {most}.")
    return number


def flag(name: str, default: bool, *, purpose: str) -> bool:
    """Yes or no, written true or false."""
    value = str(_raw(name, default, purpose)).strip().lower()
    if value not in {"true", "false"}:
        stop(f"{name.lower()} is {value!r} ({purpose}): it must be true or false.")
    return value == "true"


def in_file(name: str) -> Any:
    """What the settings file says of a setting; None where it says nothing."""
    return _IN_FILE.get(name)


def refuse_unknown() -> None:
    """A misspelt name in the settings file would otherwise be ignored in silence."""
    for name in _IN_FILE:
        if name.upper() not in READ:
            stop(f"{FILE} has a setting {name!r} that Broadsheet does not know: see docs/settings.md for the names.")
