"""What was read for one rendering of a page and is still so for the next, by the versions of its tags."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from broadsheet.delivery.freshness import Freshness

MOST_KEPT = 500  # of each process: the stories of the day, a few kilobytes each

Made = TypeVar("Made")

_kept: dict[str, tuple[tuple[int, ...], datetime | None, Any]] = {}


def remembered(
    name: str,
    freshness: Freshness,
    tags: tuple[str, ...],
    now: datetime,
    make: Callable[[], tuple[Made, datetime | None]],
) -> Made:
    """What `make` read when these tags last had their present versions, or what it reads now.

    A page under a lively discussion is made anew with every comment, and what does not depend on comments need not be
    read each time. `freshness` must have looked at the tags already; the first is what is read. `make` gives what it
    found and the moment at which time alone changes it.
    """
    versions = tuple(freshness.seen[tag] for tag in tags)
    kept = _kept.get(name)
    if kept is not None and kept[0] == versions and (kept[1] is None or now < kept[1]):
        return cast(Made, kept[2])
    found, ends = make()
    if not versions[0]:
        return found  # its own tag was never touched, so we would not hear of a change
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[name] = (versions, ends, found)
    return found
