"""Which attributes are answered, from which of our answers; and those that Google has documented and we do not have."""

from __future__ import annotations

from collections.abc import Callable

from broadsheet.scoring.answers import UNKNOWN, Answer, Scores

LANGUAGE = "en"  # of every attribute here


def _kind(name: str) -> Callable[[Scores], Answer]:
    return lambda scores: scores.kinds.get(name, UNKNOWN)


def _advance(name: str) -> Callable[[Scores], Answer]:
    return lambda scores: scores.advances.get(name, UNKNOWN)


PRODUCTION: dict[str, Callable[[Scores], Answer]] = {
    "TOXICITY": lambda scores: scores.inappropriate,
    "SEVERE_TOXICITY": _kind("severe"),
    "IDENTITY_ATTACK": _kind("identity_attack"),
    "INSULT": _kind("insult"),
    "PROFANITY": _kind("obscene"),
    "THREAT": _kind("threat"),
}
BRIDGING = {
    "REASONING_EXPERIMENTAL": _advance("opinion"),  # an opinion with its reasons
    "PERSONAL_STORY_EXPERIMENTAL": _advance("anecdote"),
    "CURIOSITY_EXPERIMENTAL": _advance("question"),
}
ANSWERED = PRODUCTION | {f"{name}_EXPERIMENTAL": read for name, read in PRODUCTION.items()} | BRIDGING

# Names that clients may rightly know. Asked for one, we say "not in this language", which clients know how to take.
NOT_HERE = frozenset(
    [
        *("SEXUALLY_EXPLICIT", "FLIRTATION", "TOXICITY_FAST"),
        *(
            f"{name}_EXPERIMENTAL"
            for name in (
                *("AFFINITY", "COMPASSION", "CONSTRUCTIVE", "NUANCE", "RESPECT", "ALIENATION", "FEARMONGERING"),
                *("GENERALIZATION", "MORAL_OUTRAGE", "POWER_APPEAL", "SCAPEGOATING"),
            )
        ),
        # Trained on the comments of one newspaper.
        *("ATTACK_ON_AUTHOR", "ATTACK_ON_COMMENTER", "ATTACK_ON_PUBLISHER", "INCOHERENT", "INFLAMMATORY"),
        *("LIKELY_TO_REJECT", "OBSCENE", "OFF_TOPIC", "SPAM", "UNSUBSTANTIAL"),
    ]
)


def in_our_language(code: str) -> bool:
    """Whether a language's code, ISO 639 or BCP 47 ("en", "en-GB"), is of the one that is answered."""
    return code.replace("_", "-").split("-")[0].lower() == LANGUAGE
