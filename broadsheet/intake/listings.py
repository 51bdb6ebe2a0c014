"""Reading what somebody pastes into a list: fifty thousand lines at most, each faulty one named."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.core.language import number
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable
from broadsheet.intake import addresses, matching
from broadsheet.intake.models import Listing

MOST_LINES = 50_000
MOST_CHARACTERS = 2_000_000
SHOWN = 20  # faulty lines; whoever mends these sees the next

WHY = {
    "long": gettext_lazy("it has more than %(most)s characters"),
    "empty": gettext_lazy("no letter or figure is left of it when signs are taken away"),
    "short": gettext_lazy("too little is left of it when signs are taken away: it would be found everywhere"),
    "server": gettext_lazy("that is no server's name, such as example.org"),
    "mail": gettext_lazy("that is neither a domain nor an e-mail address"),
}


@dataclass(frozen=True)
class Fault:
    """A line that cannot be an entry."""

    line: int
    text: str
    why: str

    @property
    def sentence(self) -> str:
        """What is wrong with it."""
        return str(WHY[self.why]) % {"most": matching.LONGEST_ENTRY}


@dataclass(frozen=True)
class Read:
    """What was pasted: the entries, none twice, and the faulty lines."""

    entries: list[str]
    faults: list[Fault]


def read_lines(kind: str, text: str) -> Read:
    """The entries in a text, one a line; empty lines and those that begin with "# " say nothing.

    Raises Unacceptable when it is too much altogether.
    """
    text = readable(text, most=MOST_CHARACTERS, what=_("Lines"))
    lines = text.split("\n")
    entries: dict[str, str] = {}
    faults: list[Fault] = []
    for place, line in enumerate(lines, start=1):
        entry = " ".join(line.split())
        if not entry or entry.startswith("# "):
            continue
        if why := _why_not(kind, entry):
            faults.append(Fault(place, entry[: matching.LONGEST_ENTRY], why))
        else:
            entries.setdefault(entry.casefold(), entry)
    if len(entries) > MOST_LINES:
        sentence = _("A list has at most %(most)s lines; there are %(n)s. Make two lists of it.")
        raise Unacceptable(sentence % {"most": number(MOST_LINES), "n": number(len(entries))})
    return Read(list(entries.values()), faults)


def _why_not(kind: str, entry: str) -> str:
    match kind:
        case Listing.Kind.HOSTS:
            return addresses.why_not_host(entry)
        case Listing.Kind.MAIL:
            return addresses.why_not_mail(entry)
    return matching.why_not_entry(entry)
