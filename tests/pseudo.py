"""A language for tests: whatever goes through gettext comes back between ⟦ and ⟧, and whatever does not is seen.

`translated_everything` reads a page as a person does: every text and every spoken attribute must lie between the
brackets, or be data (what people typed), a moment, a number or a mark of punctuation.
"""

from __future__ import annotations

import gettext
import re
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser

from django.utils import translation
from django.utils.translation import trans_real

CODE = "en-x-pseudo"
OPENING, CLOSING = "⟦", "⟧"
SPOKEN = ("aria-label", "aria-description", "title", "alt", "placeholder")
SILENT = {"script", "style", "template", "code"}
WORDS = re.compile(r"[^\W\d_]{2,}")
ADDRESS = re.compile(r"https?://\S+|[\w.-]+@[\w.-]+")
MOMENT = re.compile(
    r"(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} \d+, \d{4} \d+:\d\d[ap]m [A-Z]{3}|\b[A-Z][a-z]+day, [A-Z][a-z]+ \d+, \d{4}"
    r"|\b[A-Z][a-z]{2} \d{1,2}\b"
)
FORMATS = re.compile(r"\b(?:JSON Lines|CSV)\b")  # names of formats are the same in every language


class Pseudo(gettext.NullTranslations):
    """Every catalogue of every app at once. Keeps what was asked for, so that a test can compare it with the code."""

    def __init__(self):
        super().__init__()
        self.asked = set()

    def _said(self, context, one, shown):
        self.asked.add((context, one))
        return f"{OPENING}{shown}{CLOSING}" if shown else shown

    def gettext(self, message):
        if "\x04" in message:
            context, message = message.split("\x04", 1)
            return self._said(context, message, message)
        return self._said("", message, message)

    def ngettext(self, one, many, number):
        context, _, one = one.rpartition("\x04")
        return self._said(context, one, one if number == 1 else many.rpartition("\x04")[2])

    def to_language(self):
        return CODE

    def __getitem__(self, message):
        return self.gettext(message)


@contextmanager
def speaking_pseudo():
    """The pseudo-language for as long as the block lasts."""
    pseudo = Pseudo()
    # Django looks into a catalogue's dictionary as well as calling it.
    pseudo._catalog = _Everything(pseudo)
    trans_real._translations[CODE] = pseudo
    try:
        with translation.override(CODE):
            yield pseudo
    finally:
        trans_real._translations.pop(CODE, None)


class _Everything(dict):
    """A catalogue that knows every message."""

    def __init__(self, pseudo):
        super().__init__()
        self.pseudo = pseudo

    def get(self, message, default=None):
        return self.pseudo.gettext(message)


class Reading(HTMLParser):
    """Reads a page from top to bottom and keeps what was not said in the pseudo-language."""

    def __init__(self, data):
        super().__init__(convert_charrefs=True)
        self.data, self.depth, self.silent, self.unsaid = data, 0, [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in SILENT or tag == "time":
            self.silent.append(tag)
        for name in SPOKEN:
            if given.get(name):
                self._attribute(f"{tag} {name}", given[name])
        if tag == "meta" and given.get("name") == "description":
            self._attribute("description", given.get("content") or "")
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self._attribute("button", given.get("value") or "")

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, text):
        if not self.silent:
            self.depth = self._check("text", text, self.depth)

    def _attribute(self, what, text):
        self._check(what, text, 0)

    def _check(self, what, text, depth):
        outside = []
        for part in re.split(f"([{OPENING}{CLOSING}])", text):
            if part == OPENING:
                depth += 1
            elif part == CLOSING:
                depth -= 1
            elif depth == 0:
                outside.append(part)
        left = self.data(" ".join(outside))
        if WORDS.search(left):
            self.unsaid.append(f"{what}: {' '.join(left.split())[:100]}")
        return depth


def untranslated(html, known):
    """What a page says without gettext. `known` are texts that people typed, and names."""

    @cache
    def pattern():
        longest_first = sorted({" ".join(text.split()) for text in known if text.strip()}, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def without_data(text):
        return pattern().sub(" ", FORMATS.sub(" ", MOMENT.sub(" ", ADDRESS.sub(" ", " ".join(text.split())))))

    reading = Reading(without_data)
    reading.feed(html)
    return reading.unsaid
