"""Every address of the URL configuration, with its arguments filled from rows that exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

FOREIGN = ("desk/", "accounts/")  # Wagtail's and allauth's own pages; test_desk_walk and accounts' test_pages walk them
NO_ROW = 999_999  # a number that no row has


def patterns(resolver=None, prefix="") -> Iterator[tuple[str, URLPattern]]:
    """(route, pattern) for each address of our own."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def own_patterns() -> list[tuple[str, URLPattern]]:
    return [(route, entry) for route, entry in patterns() if not route.startswith(FOREIGN)]


def visit(send: Callable[[str], Any], route: str, entry: URLPattern, values: dict[str, list]) -> Iterator[tuple]:
    """(address, answer) of each address of a route.

    Who is turned away from a number that no row has was turned away before any row was looked for: they are not sent
    to those numbers that rows have.
    """
    for address in addresses(route, entry, values):
        answer = send(address)
        yield address, answer
        if f"/{NO_ROW}/" in address and turned_away(answer):
            return


def turned_away(answer: Any) -> bool:
    """Whether a door was shut: not even the absence of a row was told."""
    return answer.status_code in {403, 405} or (answer.status_code == 302 and "/login/" in answer["Location"])


def addresses(route: str, entry: URLPattern, values: dict[str, list]) -> Iterator[str]:
    """The route with every combination of values for its arguments; a missing kind of argument is an error."""
    names = list(entry.pattern.converters)
    for name in names:
        assert name in values, f"tests/walking.py knows no value for <{name}> of {route}: add one"
    for chosen in _choices(names, values):
        path = route
        for name, value in zip(names, chosen, strict=True):
            path = _fill(path, name, str(value))
        yield "/" + path


def _choices(names: list[str], values: dict[str, list]) -> Iterator[tuple]:
    if names == ["pk", "slug"]:  # each story under its own slug and under another's
        yield from ((pk, slug) for pk, slug in values["pk and slug"])
    else:
        yield from product(*(values[name] for name in names))


def _fill(route: str, name: str, value: str) -> str:
    start = route.index("<")
    while True:
        end = route.index(">", start)
        if route[start + 1 : end].split(":")[-1] == name:
            return route[:start] + value + route[end + 1 :]
        start = route.index("<", end)
