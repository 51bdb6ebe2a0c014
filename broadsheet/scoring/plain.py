"""What can be said without any model: the detectors, and spam by how a comment came in."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.scoring import detectors, language
from broadsheet.scoring.answers import KINDS, Answer, Facts, Scores, Story
from broadsheet.scoring.normal import normalise
from broadsheet.scoring.spam import spam


class PlainScorer:
    """Answers what needs no weights; the rest is unknown."""

    name = "broadsheet-detectors/1"
    parts: tuple[str, ...] = ("detectors",)

    def __init__(self, likely: str = "en") -> None:
        self._likely = likely

    def score(
        self, texts: Sequence[str], stories: Sequence[Story | None] = (), facts: Sequence[Facts | None] = ()
    ) -> list[Scores]:
        """One Scores for each text."""
        unknown = Answer(None, reason="no model")
        return [
            Scores(
                self.name,
                language.language_of(normalise(text).text, self._likely),
                unknown,
                dict.fromkeys(KINDS, unknown),
                spam(text, None, (), facts[at] if facts else None),
                detectors.advances(text, stories[at] if stories else None, facts[at] if facts else None),
                unknown,
            )
            for at, text in enumerate(texts)
        ]
