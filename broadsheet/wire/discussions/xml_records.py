"""XML as a stream of records: the elements of some names, each a small tree, and never the whole file at once.

Names are local ones, as the same format comes with several namespaces (http and https, 1.0 to 1.2). Entities are
never declared and nothing is fetched: a file with a document type is refused. Each text and each record is capped,
while it is read: what `core.xml` builds its trees with holds a text whole before anybody can count it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from broadsheet.wire.discussions.found import UnreadableFile

CHUNK = 2**18  # bytes read at once
MOST_DEEP = 30  # elements inside each other; the deepest of these formats has seven
MOST_IN_RECORD = 16 * 2**20  # characters of one record: the longest story, with hundreds of comments
MOST_ATTRIBUTES = 50


@dataclass(slots=True)
class Element:
    """One element with its children, by local names."""

    name: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, without the white space around it."""
        return "".join(self.texts).strip()

    def first(self, name: str) -> Element | None:
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list[Element]:
        """Every child of that name."""
        return [child for child in self.children if child.name == name]

    def said(self, name: str) -> str:
        """The text of the first child of that name; "" where there is none."""
        found = self.first(name)
        return found.text if found else ""

    def number(self, name: str = "id") -> str:
        """An attribute, wherever its namespace comes from."""
        return self.attributes.get(name, "").strip()


def records(
    stream: BinaryIO, names: Collection[str], roots: Collection[str], parts: Collection[str] = ()
) -> Iterator[Element]:
    """Each element of these names that stands in the root, or in one of `parts` in it. Raises UnreadableFile."""
    reading = _Reading(names, roots, parts)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.add
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    taken = 0
    while True:
        try:
            chunk = stream.read(CHUNK)
            parser.Parse(chunk, not chunk)
        except expat.ExpatError as fault:
            yield from reading.taken()
            where = f"line {fault.lineno:,}, column {fault.offset:,}"
            raise UnreadableFile(f"{where}: it is no well-formed XML ({expat.ErrorString(fault.code)})") from None
        except _Refused as refusal:
            yield from reading.taken()
            raise UnreadableFile(f"line {parser.CurrentLineNumber:,}: {refusal}") from None
        except UnreadableFile:
            yield from reading.taken()
            raise
        taken += len(chunk)
        yield from reading.taken()
        if not chunk:
            return


class _Refused(Exception):
    """A rule of ours is broken, inside the parser."""


def _refuse_doctype(*_what: object) -> None:
    raise _Refused("it has a document type or declares entities, which no such file has")


class _Reading:
    """What the parser tells, gathered into records."""

    def __init__(self, names: Collection[str], roots: Collection[str], parts: Collection[str]) -> None:
        self._names, self._roots, self._parts = set(names), set(roots), set(parts)
        self._path: list[str] = []
        self._open: list[Element] = []
        self._done: list[Element] = []
        self._size = 0

    def taken(self) -> list[Element]:
        """The records finished since this was asked last."""
        done, self._done = self._done, []
        return done

    def begin(self, full: str, attributes: dict[str, str]) -> None:
        name = _local(full)
        if not self._path and name not in self._roots:
            raise _Refused(f"it begins with <{name}>, and not with <{'> or <'.join(sorted(self._roots))}>")
        if len(self._path) >= MOST_DEEP:
            raise _Refused(f"its elements stand more than {MOST_DEEP} deep inside each other")
        if len(attributes) > MOST_ATTRIBUTES:
            raise _Refused("an element has too many attributes")
        is_record = not self._open and name in self._names and all(each in self._parts for each in self._path[1:])
        self._path.append(name)
        if is_record or self._open:
            made = Element(name, {_local(each): value for each, value in attributes.items()})
            if self._open:
                self._open[-1].children.append(made)
            self._open.append(made)
            self._grow(len(full) + 64)

    def add(self, text: str) -> None:
        if self._open:
            self._open[-1].texts.append(text)
            self._grow(len(text))

    def end(self, full: str) -> None:
        self._path.pop()
        if self._open:
            made = self._open.pop()
            if not self._open:
                self._done.append(made)
                self._size = 0

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > MOST_IN_RECORD:
            raise _Refused(f"one record is longer than {MOST_IN_RECORD:,} characters")


def _local(full: str) -> str:
    """The name without its namespace; the one name that means two things keeps which of them it is."""
    namespace, _, name = full.rpartition(" ")
    return "excerpt" if name == "encoded" and "excerpt" in namespace else name
