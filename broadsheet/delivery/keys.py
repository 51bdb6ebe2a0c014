"""Under which key a public page is kept: its path and the few query names that any public page depends on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from django.http import QueryDict

# Every other name (utm_source, fbclid, ...) changes nothing.
NAMES = frozenset({"after", "before", "order", "page", "since", "view"})
LONGEST_PATH = 300  # characters; our longest address has 160
PLAIN = re.compile(r"[a-z0-9]{1,29}", re.ASCII)  # what their values look like; a cursor (wire.views) has up to 29


def page_key(path: str, query: str) -> str | None:
    """The key of a request, or None for one that is always Django's: too long, a name twice, or an odd value."""
    if len(path) > LONGEST_PATH or len(query) > LONGEST_PATH:
        return None
    if not query:
        return path
    plain = _canonical(query)
    return None if plain is None else f"{path}?{plain}" if plain else path


@lru_cache(maxsize=1024)
def _canonical(query: str) -> str | None:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50)  # as Django reads it
    except ValueError:
        return None
    ours = sorted((name, value) for name, value in pairs if name in NAMES)
    if len({name for name, _ in ours}) < len(ours) or not all(PLAIN.fullmatch(value) for _, value in ours):
        return None
    return "&".join(f"{name}={value}" for name, value in ours)


class PageQuery(QueryDict):
    """A request's query that notes when a view asks for more than the key holds.

    An answer made of `q` must not be kept under a key that leaves `q` out. Rather than trust every view to remember
    that, the query itself tells (`beyond_key`), and such an answer is not kept.
    """

    def __init__(self, query: str | bytes | None = None, mutable: bool = False, encoding: str | None = None) -> None:
        self.beyond_key = False
        super().__init__(query, mutable, encoding)  # QueryDict.copy() makes another of our kind
        self.beyond_key = False

    def _note(self, name: object) -> None:
        if name not in NAMES:
            self.beyond_key = True

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def getlist(self, key: str, default: Any = None) -> list[Any]:
        self._note(key)
        return super().getlist(key, default)

    def __iter__(self) -> Iterator[str]:
        self.beyond_key = True
        return super().__iter__()

    def __len__(self) -> int:
        self.beyond_key = True
        return super().__len__()

    def keys(self) -> Any:
        self.beyond_key = True
        return super().keys()

    def lists(self) -> Any:
        self.beyond_key = True
        return super().lists()
