"""What was learned, added to what the scorer says. Each process keeps the version in force, and asks which it is."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from broadsheet.scores.learning.models import Standing, Version
from broadsheet.scores.models import Use
from broadsheet.scoring.answers import Scores
from broadsheet.scoring.learning import Learned, Stranger, base_name

log = logging.getLogger("broadsheet.scores")


@dataclass(frozen=True)
class Applied:
    """A version that is loaded."""

    name: str
    learned: Learned

    def apply(self, scores: Scores, text: str) -> Scores:
        """The scores with what was learned; as they are, where another model gave them."""
        return self.learned.apply(scores, text, self.name) if base_name(scores.model) == self.learned.base else scores


_kept: tuple[tuple[str, datetime] | None, Applied | None] = None, None


def in_force() -> Applied | None:
    """The version in force, if the newsroom learns; read anew when it is another. Two short queries."""
    global _kept
    if not Use.now().learns:
        return None
    version = Version.objects.filter(standing=Standing.IN_FORCE).defer("state", "packed", "figures", "words").first()
    if version is None:
        return None
    if _kept[0] != (which := (version.name, version.made_at)):
        _kept = which, load(version)
    return _kept[1]


def load(version: Version) -> Applied | None:
    """A version, ready to answer; None where this release cannot read it."""
    try:
        return Applied(version.name, Learned.from_bytes(bytes(version.state or b""), version.base))
    except Stranger:
        log.warning("Version %s of what was learned cannot be read; it is learned anew.", version.number)
        return None
