"""What an import of discussions has done, for its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

SHOWN = 20  # of a kind, in the report; the rest is counted, and stands in the file of the refused


class TooManyRefused(Exception):
    """As many records were refused as the caller wanted to see; the import ends here."""


@dataclass
class Brought:
    """Counts, and the first of what somebody should look at."""

    source: str  # the other system's name, for people
    refused_file: TextIO | None = None
    most_refused: int | None = None
    comments: Counter[str] = field(default_factory=Counter)  # made, updated, known, touched
    states: Counter[str] = field(default_factory=Counter)  # of those made
    stories: Counter[str] = field(default_factory=Counter)  # found, made, drafted, unknown
    people: Counter[str] = field(default_factory=Counter)  # accounts made, found, renamed ...
    left_out: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    alone: int = 0  # replies whose parent is not there
    refused: int = 0
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    more_notes: int = 0
    fault: str = ""  # where the file broke off

    def refuse(self, number: str, why: str) -> None:
        """Count what cannot be taken, and write it down. Raises TooManyRefused."""
        self.refused += 1
        line = f"{number or '(no number)'}\t{' '.join(why.split())}"
        if len(self.refusals) < SHOWN:
            self.refusals.append(line)
        if self.refused_file:
            self.refused_file.write(f"{line}\n")
        if self.most_refused is not None and self.refused > self.most_refused:
            raise TooManyRefused

    def note(self, sentence: str) -> None:
        """Say something about a story or a person; of many, the first."""
        if len(self.notes) < SHOWN:
            self.notes.append(sentence)
        else:
            self.more_notes += 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was found in the file."""
        return not (self.comments or self.stories or self.people or self.refused or self.left_out or self.lost)

    @property
    def has_taken(self) -> bool:
        """Whether anything of the file has come in."""
        return any(self.comments[what] for what in ("made", "updated", "known")) or any(
            self.stories[what] for what in ("made", "made as drafts")
        )

    def lines(self) -> Iterator[str]:
        """The report, line by line."""
        yield f"From:      {self.source}"
        yield f"Stories:   {_counts(self.stories, ('found', 'made', 'made as drafts', 'unknown and left', 'refused'))}"
        became = _counts(
            self.comments, ("made", "updated", "known", "changed here and left", "without a story and left")
        )
        yield f"Comments:  {became}, {self.refused} refused"
        if self.states:
            yield f"           of those made: {_counts(self.states, tuple(sorted(self.states)))}"
        if self.alone:
            yield f"           {self.alone} replies stand alone: what they answer is not there"
        if self.people:
            yield f"People:    {_counts(self.people, tuple(sorted(self.people)))}"
        for what, number in sorted(self.left_out.items()):
            yield f"Left out:  {number} × {what}"
        for what, number in sorted(self.lost.items()):
            yield f"Lost:      {number} × {what}"
        yield from self.notes
        if self.more_notes:
            yield f"... and {self.more_notes} more of the kind."
        if self.refusals:
            yield f"Refused ({self.refused}), by the number they have there:"
        yield from (f"  {line}".replace("\t", ": ") for line in self.refusals)
        if self.refused > len(self.refusals):
            yield f"  ... and {self.refused - len(self.refusals)} more; --refused FILE writes all of them."


def _counts(counts: Counter[str], names: tuple[str, ...]) -> str:
    return ", ".join(f"{counts[name]} {name}" for name in names)
