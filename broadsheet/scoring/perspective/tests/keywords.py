"""A scorer of a few words, so that the protocol is tested and not a model: the same words, the same numbers."""

from __future__ import annotations

import time

from broadsheet.scoring.answers import UNKNOWN, Answer, Scores

SPANISH = {"hola", "gracias", "señor", "idiota"}


class Keywords:
    """Knows insults, two languages, and how to fail and to be slow."""

    name = "keywords 1"
    parts = ("words",)

    def __init__(self):
        self.batches = []

    def score(self, texts, stories=(), facts=()):
        """The scores of each text."""
        self.batches.append(list(texts))
        return [self._one(text) for text in texts]

    def _one(self, text):
        words = {word.strip(".,!?;:\"'()").lower() for word in text.split()}
        if "explode" in words:
            raise RuntimeError(f"cannot read {text}")
        if "slow" in words:
            time.sleep(1)
        if words & SPANISH:
            return Scores("keywords 1", "es", UNKNOWN, {}, UNKNOWN, {})
        if not any(character.isalpha() for character in text):
            return Scores("keywords 1", "und", UNKNOWN, {}, UNKNOWN, {})
        toxic = 0.9125 if words & {"idiot", "kill", "damn"} else 0.03125
        return Scores(
            "keywords 1",
            "en",
            Answer(toxic),
            {
                "insult": Answer(0.875 if "idiot" in words else 0.015625),
                "threat": Answer(0.75 if "kill" in words else 0.0),
                "obscene": Answer(0.8125 if "damn" in words else 0.0),
                "identity_attack": Answer(0.0625),
                "severe": Answer(0.5 if "kill" in words else 0.0078125),
            },
            Answer(0.25),
            {
                "opinion": Answer(0.625 if "because" in words else 0.0),
                "anecdote": Answer(0.6875 if "my" in words else 0.0),
                "question": Answer(1.0 if "?" in text else 0.0),
            },
        )


def load():
    """The scorer, as `broadsheet.scoring.load` makes its own."""
    return Keywords()
