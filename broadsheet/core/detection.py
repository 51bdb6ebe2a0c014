"""In which language a text is written, found on this machine: no text is sent anywhere for it.

By CLD2, once Chromium's detector: a few dozen microseconds a comment, six megabytes. It ships no wheel for Linux on
ARM, where nothing is detected unless somebody installs it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

LEAST_LETTERS = 12  # under which even people guess ("Danke schoen!" has 12)
_OLD_CODES = {"iw": "he", "jw": "jv", "no": "nb", "hmn": ""}  # what CLD2 says to what ISO 639-1 says
_OF_SEVERAL = {"zh-Hant": "zh", "sr-ME": "sr"}


def language_of(text: str) -> str:
    """Its ISO 639-1 code; empty where the text is too short, too mixed or in no language to tell."""
    detector = _detector()
    if detector is None or sum(map(str.isalpha, text)) < LEAST_LETTERS // (1 if text.isascii() else 2):
        return ""
    try:
        reliable, _, found = detector.detect(text.replace("\x00", ""), returnVectors=False)[:3]
    except (detector.error, UnicodeEncodeError):
        return ""
    code = str(found[0][1])
    code = _OF_SEVERAL.get(code, _OLD_CODES.get(code, code))
    return code if reliable and 2 <= len(code) <= 3 and code != "un" else ""


def can_detect() -> bool:
    """Whether this machine has the detector."""
    return _detector() is not None


@cache
def _detector() -> Any:
    try:
        return import_module("pycld2")
    except ImportError:
        return None
