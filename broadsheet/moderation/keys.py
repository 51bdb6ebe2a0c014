"""The desk's single keys: what each act's is, and how a moderator makes it another.

A key presses what carries the act's name in `data-act` on the card that has the focus; templates of any app may name
one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Unacceptable
from broadsheet.moderation.models import Preference

# Act, usual key, and what the key does. The reasons' keys, 1 to 8, stay: they are the reasons' own numbers.
KEYS: dict[str, tuple[str, object]] = {
    "next": ("j", pgettext_lazy("what a key does", "next card")),
    "previous": ("k", pgettext_lazy("what a key does", "previous card")),
    "approve": ("a", pgettext_lazy("what a key does", "approve, keep or restore")),
    "reject": ("r", pgettext_lazy("what a key does", "reject: choose a reason")),
    "hold": ("o", pgettext_lazy("what a key does", "hold for another look")),
    "undo": ("u", pgettext_lazy("what a key does", "undo the last act")),
    "pick": ("p", pgettext_lazy("what a key does", "pick, or take the pick back")),
    "pass": ("n", pgettext_lazy("what a key does", "not a pick")),
    "lock": ("l", pgettext_lazy("what a key does", "close to replies, or open")),
    "told": ("w", pgettext_lazy("what a key does", "write to the author")),
    "note": ("m", pgettext_lazy("what a key does", "write a desk note")),
    "opinion": ("s", pgettext_lazy("what a key does", "ask for a second opinion")),
    "correction": ("c", pgettext_lazy("what a key does", "send to the correction desk")),
    "lead": ("d", pgettext_lazy("what a key does", "pass on as a lead")),
    "select": ("x", pgettext_lazy("what a key does", "select for an act on many")),
    "take": ("t", pgettext_lazy("what a key does", "take this card, or the next ones")),
    "history": ("h", pgettext_lazy("what a key does", "history of the comment")),
    "person": ("i", pgettext_lazy("what a key does", "about the author")),
    "story": ("y", pgettext_lazy("what a key does", "open the story")),
    "calm": ("b", pgettext_lazy("what a key does", "calm mode: blur and dim")),
    "help": ("?", pgettext_lazy("what a key does", "show the keys")),
}
REASON_KEYS = "12345678"


def keys_of(preference: Preference) -> dict[str, str]:
    """Which key does what for this moderator: the usual ones, and in their place what they chose. Pure."""
    return {act: str(preference.keys.get(act, usual)) for act, (usual, _label) in KEYS.items()}


def preference_of(moderator: Reader) -> Preference:
    """How this moderator likes the desk; as it usually is, and not stored, where they never said."""
    return Preference.objects.filter(moderator=moderator).first() or Preference(moderator=moderator)


def choose(*, moderator: Reader, keys: Mapping[str, str], keys_on: bool, calm: bool) -> Preference:
    """Keep how a moderator likes the desk. Raises Unacceptable when two acts would have one key, or none is a key."""
    chosen = {act: _readable_key(keys.get(act, usual)) for act, (usual, _label) in KEYS.items()}
    doubles = {key for key in chosen.values() if list(chosen.values()).count(key) > 1}
    if doubles:
        raise Unacceptable(_("Two acts cannot have the same key: %(keys)s") % {"keys": " ".join(sorted(doubles))})
    other = {act: key for act, key in chosen.items() if key != KEYS[act][0]}
    facts = {"keys": other, "keys_on": keys_on, "calm": calm}
    return Preference.objects.update_or_create(moderator=moderator, defaults=facts)[0]


def be_calm(*, moderator: Reader, calm: bool) -> Preference:
    """Turn calm mode on or off, by its key or its button."""
    return Preference.objects.update_or_create(moderator=moderator, defaults={"calm": calm})[0]


def _readable_key(written: str) -> str:
    """One letter, digit or sign that a keyboard gives by itself, in small letters."""
    key = unicodedata.normalize("NFC", written.strip()).lower()
    if len(key) != 1 or key in REASON_KEYS or not key.isprintable() or key.isspace():
        sentence = gettext_lazy("A key is one letter or sign, and none of %(taken)s, which choose the reasons.")
        raise Unacceptable(str(sentence) % {"taken": "1–8"})
    return key
