"""A discussion of the demo as a text file: who said what, in reply to whom, and what became of it.

@ Dee Okoro            a comment; @@ a reply to the last @, @@@ a reply to the last @@, and so on
! spam Ana Ruiz: why   a report, by a reader or (with - for a name) by somebody without an account
= rejected spam: why   what a moderator decided; = published fine: why they left it; = withdrawn by its author;
                       = held for comments that the checks are to hold
* 4                    a review's stars
+                      picked by an editor
^ 14                   respected by so many readers
The words, in paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.demo.story_file import CONTENT

_WHO = re.compile(r"(@+) (\S.*)")
_REPORT = re.compile(r"! (\w+) ([^:]+)(?:: (.*))?")
_STARS = re.compile(r"\* ([1-5])")
_RESPECTS = re.compile(r"\^ (\d+)")
_FATE = re.compile(r"= (\w+)(?: (\w+))?(?:: (.*))?")


@dataclass(frozen=True)
class ReportText:
    """One report: why, by whom ("" without an account), and a note."""

    reason: str
    reporter: str
    note: str


@dataclass
class Remark:
    """One comment: its words, whose they are, and its parent's place in the list."""

    name: str
    parent: int | None
    words: str = ""
    reports: list[ReportText] = field(default_factory=list)
    fate: str = "published"
    reason: str = ""
    note: str = ""
    stars: int | None = None
    picked: bool = False
    respects: int | None = None  # None: as many as it happens


def read_thread(name: str) -> list[Remark]:
    """The comments of the story of that name; empty where nobody has written any."""
    path = CONTENT / "threads" / f"{name}.md"
    return parse(path.read_text(encoding="utf-8")) if path.exists() else []


def parse(text: str) -> list[Remark]:
    """Comments in the order of the file, each knowing its parent."""
    remarks: list[Remark] = []
    path: list[int] = []
    lines: list[str] = []
    for line in [*text.splitlines(), "@ "]:
        if found := _WHO.fullmatch(line) or (line == "@ "):
            if remarks:
                remarks[-1].words = "\n".join(lines).strip()
            lines = []
            if isinstance(found, re.Match):
                depth = len(found[1]) - 1
                path = path[:depth]
                remarks.append(Remark(found[2].strip(), path[-1] if path else None))
                path.append(len(remarks) - 1)
        elif not lines and remarks and (report := _REPORT.fullmatch(line)):
            reporter = "" if report[2].strip() == "-" else report[2].strip()
            remarks[-1].reports.append(ReportText(report[1], reporter, report[3] or ""))
        elif not lines and remarks and (stars := _STARS.fullmatch(line)):
            remarks[-1].stars = int(stars[1])
        elif not lines and remarks and (respects := _RESPECTS.fullmatch(line)):
            remarks[-1].respects = int(respects[1])
        elif not lines and remarks and line == "+":
            remarks[-1].picked = True
        elif not lines and remarks and (fate := _FATE.fullmatch(line)):
            remarks[-1].fate, remarks[-1].reason, remarks[-1].note = fate[1], fate[2] or "", fate[3] or ""
        else:
            lines.append(line)
    return remarks
