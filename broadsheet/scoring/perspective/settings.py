"""Reads `scorer.toml`: where the service listens, what it keeps, and its keys. A fault is told in one sentence."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PORT = 8010
PER_SECOND, PER_MINUTE = 50, 3000  # what a key may ask where nothing else is said
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
ORIGIN = re.compile(r"\*|https?://[A-Za-z0-9.\-\[\]:]{1,253}")

KINDS = {"str": "text, in quotation marks", "int": "a whole number", "bool": "true or false"}


class Fault(Exception):
    """A sentence about the file that says how to mend it."""


@dataclass(frozen=True)
class KeySettings:
    """One `[[keys]]` of the file."""

    name: str
    sha256: str
    per_second: int = PER_SECOND
    per_minute: int = PER_MINUTE
    origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """The whole file."""

    host: str = "127.0.0.1"
    port: int = PORT
    url: str = ""
    suggestions: str = ""
    suggestion_texts: bool = False
    keys: tuple[KeySettings, ...] = ()


def read(path: Path) -> Settings:
    """The settings in a file; one that is not there is one without lines."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as fault:
        raise Fault(
            f"{path} cannot be read ({fault.strerror}): it must be a file that the user who runs the scorer may read."
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise Fault(f"{path} cannot be read ({fault}): correct that line.") from None
    keys = found.pop("keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise Fault(f"{path}: `keys` must stand as [[keys]], once for each key.")
    settings = Settings(
        **_of_its_kind(path, Settings, found),
        keys=tuple(_key(path, number, key) for number, key in enumerate(keys, 1)),
    )
    check(settings, str(path))
    for which in ("name", "sha256"):
        if len({getattr(key, which) for key in settings.keys}) < len(settings.keys):
            raise Fault(f"{path}: two keys have the same {which}; remove one of them.")
    return settings


def check(settings: Settings, place: str) -> None:
    """Say what the service could not be served with."""
    if not 0 < settings.port < 65536:
        raise Fault(f"{place}: `port` must be from 1 to 65535.")
    if settings.url and not re.fullmatch(r"https?://[^\s/?#]+", settings.url):
        raise Fault(
            f'{place}: `url` must be as in url = "https://scorer.example.org", without anything after the host.'
        )


def _key(path: Path, number: int, found: dict[str, Any]) -> KeySettings:
    place = f"{path}, key {number}"
    for needed in ("name", "sha256"):
        if needed not in found:
            raise Fault(f"{place}: `{needed}` is missing; `broadsheet scorer key add NAME` writes a key in full.")
    key = KeySettings(**_of_its_kind(place, KeySettings, found))
    if not NAME.fullmatch(key.name):
        raise Fault(f"{place}: `name` must be of letters, digits, dots, hyphens and underscores, 63 at most.")
    if not re.fullmatch(r"[0-9a-f]{64}", key.sha256):
        raise Fault(f"{place}: `sha256` must be 64 hexadecimal digits; the key itself does not belong here.")
    if key.per_second < 0 or key.per_minute < 0:
        raise Fault(f"{place}: `per_second` and `per_minute` must be 0 (no limit) or more.")
    for origin in key.origins:
        if not ORIGIN.fullmatch(origin):
            raise Fault(f'{place}: `origins` must be as in origins = ["https://www.example.org"].')
    return key


def _of_its_kind(place: Path | str, of: type[Settings] | type[KeySettings], found: dict[str, Any]) -> dict[str, Any]:
    kinds = {one.name: one for one in fields(of)}
    read_so_far: dict[str, Any] = {}
    for name, value in found.items():
        if name not in kinds:
            raise Fault(f"{place}: there is no setting `{name}`; docs/scorer.md names them all.")
        kind = kinds[name].type
        if kind == "tuple[str, ...]":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise Fault(f"{place}: `{name}` must be a list of strings.")
            value = tuple(value)
        elif type(value).__name__ != kind:
            raise Fault(f"{place}: `{name}` must be {KINDS[str(kind)]}.")
        read_so_far[name] = value
    return read_so_far
