"""The one reader of settings: a variable BROADSHEET_NAME, or `name = ...` in broadsheet.toml, or the default.

A wrong or missing value stops the start with one sentence that says which it is and how to mend it.
"""

from __future__ import annotations

import os
import pwd
import tomllib
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured

REQUIRED = object()


def stop(sentence: str) -> NoReturn:
    raise ImproperlyConfigured(sentence)


def ours_to_use(path: Path) -> str:
    """What to do where the system keeps a file or a folder from us, as the end of a sentence."""
    me = _user(os.geteuid())
    try:
        owner = _user(path.stat().st_uid)
    except OSError:  # it lies in a folder that we may not look into either
        return f"run this as the user whose newsroom it is, which {me} is not"
    if owner == me:
        return f"it belongs to {me}, who must be allowed to (`chmod u+rwX`)"
    return f"it belongs to {owner} and this runs as {me}: give {me} the folder (`chown -R {me}`), or run it as {owner}"


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _read_file() -> tuple[Path | None, dict[str, Any]]:
    named = os.environ.get("BROADSHEET_CONFIG")
    path = Path(named) if named else Path("broadsheet.toml")
    if not path.is_file():
        if named:
            stop(f"BROADSHEET_CONFIG names {path}, which is not a file: correct it, or run `broadsheet init DIR`.")
        return None, {}
    try:
        return path.resolve(), tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        stop(f"The settings file {path} cannot be read ({error.strerror}): {ours_to_use(path)}.")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        stop(f"The settings file {path} cannot be read ({error}): correct that line.")


FILE, _IN_FILE = _read_file()
READ: dict[str, str] = {}  # every name asked for and what it is for; the documentation test and typo check use it


def _raw(name: str, default: Any, purpose: str) -> Any:
    READ[name] = purpose
    if (value := os.environ.get(f"BROADSHEET_{name}")) is not None:
        return value
    if name.lower() in _IN_FILE:
        return _IN_FILE[name.lower()]
    if default is not REQUIRED:
        return default
    if FILE:
        stop(f"{name.lower()} is missing in {FILE} ({purpose}): write it there, or set BROADSHEET_{name}.")
    stop(
        f"There is no broadsheet.toml in {Path.cwd()}, and {name.lower()} is missing: go to the newsroom's folder, or "
        "let BROADSHEET_CONFIG name its file; where there is no newsroom yet, `broadsheet init DIR` makes one."
    )


def text(name: str, default: Any = REQUIRED, *, purpose: str, among: tuple[str, ...] = ()) -> str:
    """A piece of text, one of `among` where that is given."""
    value = _raw(name, default, purpose)
    if not isinstance(value, str):
        stop(f"{name.lower()} is {value!r} ({purpose}): it must be text, in quotation marks.")
    value = value.strip()
    if among and value not in among:
        stop(f"{name.lower()} is {value!r} ({purpose}): it must be one of {', '.join(among)}.")
    return value


def several(name: str, *, purpose: str) -> list[str]:
    """Pieces of text without spaces: a list of them in the file, or one text with commas between."""
    value = _raw(name, "", purpose)
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in listed):
        stop(f"{name.lower()} is {value!r} ({purpose}): it must be text, or a list of texts.")
    return " ".join(listed).replace(",", " ").split()


def place(name: str, default: Path | None, *, purpose: str) -> Path | None:
    """A file or a folder: what the settings file names lies beside it, what a variable names where we are."""
    written = text(name, str(default or ""), purpose=purpose)
    in_a_variable = f"BROADSHEET_{name}" in os.environ
    return (Path.cwd() if in_a_variable or not FILE else FILE.parent) / written if written else None


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
