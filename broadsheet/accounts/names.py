"""Display names: what a reader may be called, so that nobody can pass for somebody else.

Source: Unicode Technical Standard 39 (confusables, mixed scripts); RFC 8266 (nicknames) for the comparison.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from confusable_homoglyphs import categories, confusables
from django.conf import settings
from django.utils.translation import gettext as _

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import MARKS_PER_LETTER, is_blank

LONGEST_NAME = 40  # fits a byline on a phone; the longest names in two public comment corpora have 35
_LONGEST_KEY = 4 * LONGEST_NAME  # no form of Unicode puts more than four characters into one
# Nobody's name, and in no name: whoever carries one of these words seems to speak for the newsroom.
ROLES = {
    "admin", "administrator", "administrators", "admins", "editor", "editors", "moderator", "moderators",
    "newsroom", "official", "reporter", "staff", "verified", "webmaster", "moderation", "editorial",
    "redaktion", "redakteur", "redakteurin", "moderatorin", "administratorin",  # German
    "rédaction", "rédacteur", "rédactrice", "modérateur", "modératrice", "modération", "administrateur",  # French
    "redacción", "redactor", "redactora", "editora", "moderador", "moderadora", "moderación",  # Spanish
    "administrador", "administradora", "redação", "redacção", "redator", "redatora", "moderação",  # and Portuguese
    "redazione", "redattore", "redattrice", "moderatore", "moderatrice", "moderazione", "amministratore",  # Italian
    "redactie", "redacteur", "beheerder",  # Dutch
    "redakcja", "redaktor", "redaktorka", "moderatorka", "moderacja", "administratorka",  # Polish
    "редакция", "редактор", "модератор", "модерация", "администратор", "админ", "администрация",  # Russian
    "редакція", "редакторка", "модераторка", "модерація", "адміністратор", "адмін", "адміністрація",  # Ukrainian
    "المحرر", "المحررة", "التحرير", "المشرف", "المشرفة", "الإدارة", "المدير",  # Arabic
}  # fmt: skip
# The same in a script that puts no space between words.
JAPANESE_ROLES = {"編集部", "編集長", "編集者", "管理人", "管理者", "運営", "モデレーター", "スタッフ"}
# Nobody's whole name, though people are called Root.
RESERVED = ROLES | {
    "anonymous", "broadsheet", "deleted", "everyone", "expert", "guest", "help", "mod", "removed", "root", "security",
    "support", "system",
}  # fmt: skip
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]")
_PAIRS = {"rn": "m", "vv": "w"}  # two letters read as one
# Letters that look the same to whoever reads their script: Arabic and Persian ones, kana and Chinese characters.
# The stroke that only stretches an Arabic word is none at all.
_SAME = str.maketrans("یىکہھەٱへべぺ力二口囗一夕卜工八土曰", "ييكهههاヘベペカニロロータトエハ士日", "\u0640")
# Scripts that are written together as a matter of course, and those whose letters pass for Latin ones (UTS 39,
# "moderately restrictive": Latin may stand beside one other script that is not easily mistaken for it).
TOGETHER = [
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "HANGUL"},
    {"LATIN", "HAN", "BOPOMOFO"},
]
LIKE_LATIN = {"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "DESERET", "GREEK", "LISU"}


def name_key(name: str) -> str:
    """What two names must not share: case, width, accents, look-alikes, spaces and invisible letters are ignored.

    Marks that make another letter in their script (Devanagari vowels, the Japanese voicing mark) are kept.
    """
    name = name[:_LONGEST_KEY]  # putting a long run of marks in order takes the square of its length
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    whole = unicodedata.normalize("NFKC", _ACCENTS.sub("", apart))
    seen = whole.translate(_SAME)
    letters = "".join(_prototype(letter) for letter in seen if unicodedata.category(letter)[0] in "LNM")
    for pair, letter in _PAIRS.items():
        letters = letters.replace(pair, letter)
    return letters[:_LONGEST_KEY]


@cache
def _prototype(letter: str) -> str:
    """The Latin letter this one is mistaken for, or itself."""
    if letter.isascii():
        return {"0": "o", "1": "l", "i": "l"}.get(letter, letter)
    if unicodedata.category(letter) == "Nd":  # the digits of many scripts differ to no reader of one
        return _prototype(str(unicodedata.digit(letter)))
    if small_capital := re.fullmatch("LATIN LETTER SMALL CAPITAL ([A-Z])", unicodedata.name(letter, "")):
        return _prototype(small_capital[1].lower())
    return _latin_like(letter) or _latin_like(letter.upper()) or letter  # Cyrillic м is no m, but М is an M


def _latin_like(letter: str) -> str | None:
    for found in confusables.is_confusable(letter, greedy=True) or []:
        for look_alike in found["homoglyphs"]:
            if len(look_alike["c"]) == 1 and look_alike["c"].isascii() and look_alike["c"].isalnum():
                return _prototype(look_alike["c"].casefold())
    return None


def checked_name(name: str) -> str:
    """The name as it may be shown. Raises Unacceptable with the reason; does not ask whether it is taken."""
    if len(name) > _LONGEST_KEY:  # too long however it is written: spare the work
        raise _too_long()
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} or _is_unseen(letter) for letter in name):
        raise Unacceptable(_("A name cannot have invisible characters; please type it again."))
    if re.search(r"[<>&\"@#/\\\[\]{}|`]|://", name) or any(unicodedata.category(c) in {"So", "Sk"} for c in name):
        raise Unacceptable(_("A name has letters, figures, spaces and simple punctuation only."))
    name = " ".join(unicodedata.normalize("NFKC", name).split())  # no letter in fancy dress (RFC 8266)
    if is_blank(name) or not name_key(name):
        raise Unacceptable(_("Please choose a name with letters in it."))
    if len(name) > LONGEST_NAME:
        raise _too_long()
    if _stacked_marks(name):
        raise Unacceptable(_("That name has too many accents on one letter."))
    if not _scripts_go_together(name):
        raise Unacceptable(_("A name cannot mix alphabets that look alike."))
    if kept_for_the_newsroom(name):
        raise Unacceptable(_("That name is kept for the newsroom; please choose another."))
    return name


def _too_long() -> Unacceptable:
    return Unacceptable(_("A name has at most %(most)s characters.") % {"most": LONGEST_NAME})


def kept_for_the_newsroom(name: str) -> str:
    """What in a name would speak for the newsroom, as it is written or kept; empty where nothing does."""
    if name_key(name) in {*_RESERVED_KEYS, name_key(_("Former reader"))}:  # the last has deleted their account
        return name
    words = [word for pattern in (r"\s+", r"[\W\d_\u02b0-\u02ff]+") for word in re.split(pattern, name)]
    roles = [word for word in words if name_key(word) in _ROLE_KEYS]
    within = [word for word in (settings.SITE_NAME, *JAPANESE_ROLES) if name_key(word) in name_key(name)]
    return next(iter(roles + within), "")


def _is_unseen(letter: str) -> bool:
    """True for a letter or mark that nobody can see: with one, a name would be another's to the eye."""
    return is_blank(letter) and not letter.isspace()


def _stacked_marks(name: str) -> bool:
    kinds = "".join("m" if unicodedata.category(c) in {"Mn", "Me"} else "-" for c in unicodedata.normalize("NFD", name))
    return "m" * (MARKS_PER_LETTER + 1) in kinds or bool(
        re.search(
            r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u20d0-\u20ff]{3}",
            unicodedata.normalize("NFD", name),
        )
    )


def _scripts_go_together(name: str) -> bool:
    scripts = {categories.alias(letter) for letter in name if letter.isalpha()} - {"COMMON", "INHERITED"}
    scripts = {"HAN" if script == "CJK" else script for script in scripts}
    beside_latin = scripts - {"LATIN"}
    return (
        len(scripts) < 2
        or any(scripts <= family for family in TOGETHER)
        or (len(scripts) == 2 and len(beside_latin) == 1 and not beside_latin & LIKE_LATIN)
    )


_ROLE_KEYS = {name_key(word) for word in ROLES}
_RESERVED_KEYS = {name_key(word) for word in [*RESERVED, *(f"the {word}" for word in ROLES)]}
