"""The scorer's answers by name, for the newsroom's own rules about a score (setting SCORERS)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from broadsheet.scores import asking, posts
from broadsheet.scores.asking import Asked
from broadsheet.scoring.answers import Scores

NAMED = "broadsheet.scores.scorers.named"  # as the setting names it
NAMES = {
    "inappropriate": pgettext_lazy("a score", "Inappropriate"),
    "insult": pgettext_lazy("a score", "An insult"),
    "threat": pgettext_lazy("a score", "A threat"),
    "obscene": pgettext_lazy("a score", "Obscene"),
    "identity_attack": pgettext_lazy("a score", "An attack on people for who they are"),
    "severe": pgettext_lazy("a score", "Severe abuse"),
    "spam": pgettext_lazy("a score", "Spam"),
}


def named(text: str) -> dict[str, float]:
    """What the scorer says of a text, 0 to 1 by name; what it does not know is left out.

    Of what is being posted it is asked with all that is known of it, and waited for no longer than a post may wait. Of
    any other text (a dry run, a text that is tried) it is waited for.
    """
    post = posts.of_text(text)
    said = post.answer() if post else asking.ask([Asked(text)])[0]
    return by_name(said.scores) if said else {}


named.names = NAMES  # type: ignore[attr-defined]  # which names there are: intake.kinds.score_names


def by_name(scores: Scores) -> dict[str, float]:
    """The answers that are known."""
    answers = {"inappropriate": scores.inappropriate, **scores.kinds, "spam": scores.spam}
    return {name: answers[name].value for name in NAMES if name in answers and answers[name].value is not None}  # type: ignore[misc]
