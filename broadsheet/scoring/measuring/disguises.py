"""Two dozen ways to write a word so that a program misses it and a person does not."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_CYRILLIC = str.maketrans("aceiopsxyjABCEHIKMOPTXY", "асеіорѕхујАВСЕНІКМОРТХУ")
_GREEK = str.maketrans("aiouvpxnktAEHIKMNOPTXYZ", "αιουνρχηκτΑΕΗΙΚΜΝΟΡΤΧΥΖ")
_LEET = str.maketrans("aeiost", "431057")
_SIGNS = str.maketrans("aislc", "@!$|(")
_SMALL_CAPITALS = str.maketrans("abcdefghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ")
_STROKES = str.maketrans("abdghiltuz", "ⱥƀđǥħɨłŧʉƶ")
_TURNED = str.maketrans("aefhimnrtvwy", "ɐǝɟɥıɯuɹʇʌʍʎ")


def _shifted(start: int) -> Callable[[str, random.Random], str]:
    """Letters of one of Unicode's alphabets for show."""
    return lambda word, _: "".join(
        chr(start + ord(letter) - ord("a")) if "a" <= letter <= "z" else letter for letter in word.lower()
    )


def _between(sign: str) -> Callable[[str, random.Random], str]:
    return lambda word, _: sign.join(word)


def _stretched(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word))
    return word[:at] + word[at] * dice.randint(3, 6) + word[at + 1 :]


def _doubled(word: str, _: random.Random) -> str:
    return "".join(letter * 2 for letter in word)


def _starred(word: str, dice: random.Random) -> str:
    inner = [at for at in range(1, len(word)) if word[at] in "aeiou"] or [len(word) // 2]
    at = dice.choice(inner)
    return word[:at] + "*" + word[at + 1 :]


def _struck(word: str, _: random.Random) -> str:
    return "".join(letter + "\u0336" for letter in word)


def _accented(word: str, dice: random.Random) -> str:
    return "".join(letter + dice.choice("\u0301\u0308\u0303\u030a\u0323") for letter in word)


def _broken(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1) if len(word) > 3 else 1
    return word[:at] + " " + word[at:]


def _one_sign(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word))
    return word[:at] + dice.choice(".-_") + word[at:]


def _cased(word: str, dice: random.Random) -> str:
    return "".join(dice.choice((letter.lower(), letter.upper())) for letter in word)


def _seen_backwards(word: str, _: random.Random) -> str:
    return word.lower().translate(_TURNED)


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "Cyrillic look-alikes": lambda word, _: word.translate(_CYRILLIC),
    "Greek look-alikes": lambda word, _: word.translate(_GREEK),
    "zero-width spaces": _between("\u200b"),
    "soft hyphens": _between("\u00ad"),
    "figures for letters": lambda word, _: word.lower().translate(_LEET),
    "signs for letters": lambda word, _: word.lower().translate(_SIGNS),
    "spaced letters": _between(" "),
    "dotted letters": _between("."),
    "hyphened letters": _between("-"),
    "a stretched letter": _stretched,
    "doubled letters": _doubled,
    "a starred vowel": _starred,
    "struck through": _struck,
    "accents": _accented,
    "circled letters": _shifted(0x24D0),
    "fullwidth letters": _shifted(0xFF41),
    "bold script letters": _shifted(0x1D4EA),
    "emoji letters": _shifted(0x1F170),
    "small capitals": lambda word, _: word.lower().translate(_SMALL_CAPITALS),
    "letters with strokes": lambda word, _: word.lower().translate(_STROKES),
    "turned letters": _seen_backwards,
    "a space inside": _broken,
    "a sign inside": _one_sign,
    "mixed case": _cased,
}
_WORD = re.compile(r"[A-Za-z]{3,}")


def disguised(text: str, name: str, words: frozenset[str] | None = None) -> str:
    """The text with its words disguised: those named, or all of three letters and more."""
    dice = random.Random(f"{name} {len(text)}")  # noqa: S311
    change = DISGUISES[name]

    def one(found: re.Match[str]) -> str:
        return change(found[0], dice) if words is None or found[0].lower() in words else found[0]

    return _WORD.sub(one, text)
