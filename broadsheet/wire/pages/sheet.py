"""A captured page as numbered lines, and the remarks made about them while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Remark:
    """Something to say about one line of the file: its number from 1, its words, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Line:
    """One line of the file, without what no reader can see."""

    index: int
    text: str

    @property
    def number(self) -> int:
        """As an editor program counts it."""
        return self.index + 1

    @cached_property
    def words(self) -> str:
        """The line with every run of spaces, no-break ones too, as one space: what patterns are matched against."""
        return " ".join(self.text.split())


@dataclass
class Sheet:
    """The whole file."""

    lines: list[Line] = field(default_factory=list)
    furniture: list[Remark] = field(default_factory=list)
    unplaced: list[Remark] = field(default_factory=list)

    def know(self, line: Line, why: str) -> None:
        """Recognised as part of every such page, not of the story."""
        self.furniture.append(Remark(line.number, line.words, why))

    def leave(self, line: Line, why: str) -> None:
        """Could not be placed."""
        if line.words:
            self.unplaced.append(Remark(line.number, line.words, why))

    def note(self, line: Line, why: str) -> None:
        """Placed, but with something the editor should know."""
        self.unplaced.append(Remark(line.number, line.words, why))

    def blocks(self, first: int, end: int) -> list[list[Line]]:
        """Runs of lines with words on them, between blank lines."""
        runs: list[list[Line]] = []
        fresh = True
        for line in self.lines[first:end]:
            if not line.words:
                fresh = True
                continue
            if fresh:
                runs.append([])
            runs[-1].append(line)
            fresh = False
        return runs
