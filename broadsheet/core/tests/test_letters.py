"""What passes for what is written down once: the newsroom's lists of words and the scorer read it alike."""

from __future__ import annotations

import pytest

from broadsheet.core.folding import plain_words
from broadsheet.core.text import is_blank
from broadsheet.letters import SIGNS, STROKES, UNSEEN, latin_like
from broadsheet.scoring.normal import normalise


@pytest.mark.parametrize("letter", STROKES)
def test_a_letter_with_a_stroke_is_read_as_the_one_without(letter):
    assert plain_words(f"s{letter}m") == normalise(f"s{letter}m").text == f"s{STROKES[letter]}m"


@pytest.mark.parametrize("letter", sorted(UNSEEN))
def test_a_letter_that_nobody_sees_is_none(letter):
    assert is_blank(letter)
    assert plain_words(f"so{letter}me") == normalise(f"so{letter}me").text == "some"


def test_a_look_alike_is_read_as_the_latin_letter():
    assert latin_like("а") == "a"
    assert latin_like("ж") == ""
    assert plain_words("sаme") == normalise("sаme").text == "same"


def test_every_sign_stands_for_small_latin_letters():
    assert all(letters.isascii() and letters.islower() for letters in SIGNS.values())
