"""Which language a comment is in, as far as it matters here: whether the models, which learned English, may speak.

Scripts tell most languages apart; those in Latin letters are told by their most frequent small words. A text that is
too short to tell is taken for the language of the newsroom: "ok thanks" is no foreign language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

UNDETERMINED = "und"
LOOKED_AT = 4_000  # characters
SEARCHED = 12_000  # characters of a text in another language, for what is in English in it
STRETCH, STEP = 6, 3  # words that are looked at together, and how many further on the next begin
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja",
    "CJK": "zh", "THAI": "th", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GEORGIAN": "ka",
    "ARMENIAN": "hy", "GUJARATI": "gu", "KANNADA": "kn", "MALAYALAM": "ml", "SINHALA": "si", "KHMER": "km", "LAO": "lo",
    "MYANMAR": "my", "TIBETAN": "bo", "ETHIOPIC": "am", "GURMUKHI": "pa",
}  # fmt: skip

# Frequent words that a language has to itself, or nearly.
_SMALL = {
    "en": "the of and to is that it for was on are with as this be at have from not by but they you he his her "
    "an or we "
    "which will would their what there all if can who has been were more when out so said about up your do my me don't "
    "it's just how why no i'm didn't than then them these some like get our she one people shut fuck stupid",
    "de": "der die das und ist nicht ein eine zu den von mit sich des auf für im dem auch es ich sie wir wird werden "
    "hat aber wie oder nur noch nach bei einer einen sind war kein keine wenn schon doch haben ihr mir dass zum zur",
    "fr": "le la les et est une des un du que qui dans pour pas sur ce il je ne se au plus avec par sont cette "
    "mais nous "
    "vous c'est ils elle ont aux ou être comme tout fait leur bien aussi même très sans votre",
    "es": "el los las y es una del que por para con no se su al lo como más pero sus le ya este sí porque esta "
    "son entre "
    "cuando muy sin sobre también me hay donde quien desde todo nos ni ese eso ellos esto todos está tiene",
    "it": "il di che è un una per non sono con si del della le lo gli ma come più questo anche alla nel dei ha su mi o "
    "ci cosa se quando ho solo molto essere così fare perché tutto suo",
    "pt": "o os as e é um uma do da não em que para com se na no por mais dos como mas foi ao ele das tem à seu sua ou "
    "ser quando muito há nos já está eu também só pelo pela até isso ela entre são você",
    "nl": "de het een en van ik te dat die in is niet zijn op met aan voor er maar om hem dan zou wat mijn men dit zo "
    "door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze wel geen",
    "pl": "i w nie na się z że do to jest jak ale po co tak za od go już czy tylko przez był jego jej który "
    "może są dla",
    "sv": "och att det som en på är av för med den till inte har de om ett han men var jag från så kan när hon "
    "ska eller",
    "tr": "ve bir bu için çok ne ama da de daha gibi kadar ben sen var yok değil olarak sonra ile mi şey olan",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena adalah ada mereka "
    "bisa sudah",
    "vi": "và là của không có một cho được người những với các này trong đã khi đến tôi như cũng",
    "ro": "și de în la nu pe este un cu că o din mai sunt să care ce au fost pentru dar",
    "cs": "a se v na je že to s z do o i jako za by ale si po jsem tak jsou který už jen",
}
_LATIN = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_SPEAKS: dict[str, list[str]] = {}  # whose frequent words a word is among
for _language, _words in _LATIN.items():
    for _word in _words:
        _SPEAKS.setdefault(_word, []).append(_language)
_UKRAINIAN, _SERBIAN = frozenset("іїєґ"), frozenset("ђћџљњј")


def language_of(text: str, likely: str = "en") -> str:
    """The language's code; `likely` where words are too few to tell, "und" where there are none."""
    letters = Counter(text[:LOOKED_AT])
    counts: dict[str, int] = {}
    for letter, often in letters.items():
        if script := _script(letter):
            counts[script] = counts.get(script, 0) + often
    if not counts:
        return UNDETERMINED
    most = max(counts, key=lambda script: counts[script])
    if most != "LATIN" and counts[most] * 2 > sum(counts.values()):
        return _other(most, counts, {letter.lower() for letter in letters})
    return _by_small_words(text[:LOOKED_AT].lower(), likely)


def english_in(text: str, around: str) -> str:
    """What is in English in a text in another language (`around`), in its place between blanks; empty if nothing is.

    Whoever writes an insult and a line in another language under it has written an insult.
    """
    words = [found.span() for found in _WORD.finditer(text[:SEARCHED])]
    if around in _LATIN:
        parts = [words[at : at + STRETCH] for at in range(0, max(1, len(words) - STEP), STEP)]
        spans = [
            (part[0][0], part[-1][1]) for part in parts if _is_english([text[slice(*each)] for each in part], around)
        ]
    else:  # in other letters: words in these are English, one alone is a name
        spans = [(start, end) for start, end in words if end - start > 1 and text[start:end].isascii()]
        spans = spans if len(spans) > 1 else []
    kept = [" "] * len(text)
    for start, end in spans:
        kept[start:end] = text[start:end]
    return "".join(kept) if spans else ""


def _is_english(words: list[str], around: str) -> bool:
    """Whether these few words are English, and not of the language that is around them."""
    found, home = (sum(word.lower() in _LATIN[language] for word in words) for language in ("en", around))
    return found >= 2 and found > 2 * home


def _other(script: str, counts: dict[str, int], letters: set[str]) -> str:
    if script == "CJK" and counts.get("HIRAGANA", 0) + counts.get("KATAKANA", 0) > 0:
        return "ja"
    if script == "CYRILLIC" and letters & _UKRAINIAN:
        return "uk"
    if script == "CYRILLIC" and letters & _SERBIAN:
        return "sr"
    return _SCRIPTS.get(script, UNDETERMINED)


def _by_small_words(text: str, likely: str) -> str:
    words = _WORD.findall(text)
    hits = dict.fromkeys(_LATIN, 0)
    for word in words:
        for language in _SPEAKS.get(word, ()):
            hits[language] += 1
    home = hits.get(likely, 0)
    best = max(hits, key=lambda language: (hits[language], language == likely))
    enough = hits[best] >= 3 and hits[best] * 6 >= len(words)
    return best if best == likely or (enough and hits[best] > 2 * home) else likely


@lru_cache(maxsize=1 << 13)
def _script(letter: str) -> str:
    if not letter.isalpha():
        return ""
    if letter.isascii():
        return "LATIN"
    first = unicodedata.name(letter, "").split(" ", 1)[0].removesuffix("-")
    return first if first == "LATIN" or first in _SCRIPTS else "CJK" if first.startswith("CJK") else "OTHER"
