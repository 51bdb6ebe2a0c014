"""The scorer's codes in words: what each answer is called, why it is unknown, and what speaks for it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from broadsheet.core.language import number

KINDS: dict[str, Promise | str] = {
    "insult": pgettext_lazy("what a comment may hold", "insult"),
    "threat": pgettext_lazy("what a comment may hold", "threat"),
    "obscene": pgettext_lazy("what a comment may hold", "obscene words"),
    "identity_attack": pgettext_lazy("what a comment may hold", "attack on people for who they are"),
    "severe": pgettext_lazy("what a comment may hold", "severe abuse"),
}
ADVANCES: dict[str, Promise | str] = {
    "link": pgettext_lazy("what a comment does", "links to something new"),
    "data": pgettext_lazy("what a comment does", "cites a source or a figure"),
    "anecdote": pgettext_lazy("what a comment does", "speaks from experience"),
    "opinion": pgettext_lazy("what a comment does", "gives reasons"),
    "question": pgettext_lazy("what a comment does", "asks something"),
    "answer": pgettext_lazy("what a comment does", "answers"),
}
UNKNOWN: dict[str, Promise | str] = {
    "language": pgettext_lazy("why a score is unknown", "not in a language that the scorer has learned"),
    "no words": pgettext_lazy("why a score is unknown", "no words to tell by"),
    "no model": pgettext_lazy("why a score is unknown", "no model is installed for it"),
    "short": pgettext_lazy("why a score is unknown", "too short to tell"),
    "no story": pgettext_lazy("why a score is unknown", "the story has no words to compare with"),
}
SPAM: dict[str, Promise | str] = {
    "honeypot": pgettext_lazy("what speaks for spam", "a field that people do not see was filled"),
    "links": pgettext_lazy("what speaks for spam", "links"),
    "only a link": pgettext_lazy("what speaks for spam", "hardly anything but a link"),
    "shortened link": pgettext_lazy("what speaks for spam", "a shortened link"),
    "known bad link": pgettext_lazy("what speaks for spam", "comments that linked there were mostly rejected"),
    "repeated": pgettext_lazy("what speaks for spam", "nearly the same was posted before"),
    "new account": pgettext_lazy("what speaks for spam", "a new account"),
    "many at once": pgettext_lazy("what speaks for spam", "many comments within an hour"),
    "words": pgettext_lazy("what speaks for spam", "its words"),
}


def told(value: float) -> str:
    """0.83: a score as the desk tells it, for it is no chance; small ones with the figures that tell them apart."""
    return number(round(value, 2 if value >= 0.1 else 4))
