"""The language of a comment is told on this machine, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core import detection
from broadsheet.core.detection import language_of

pytestmark = pytest.mark.skipif(not detection.can_detect(), reason="this machine has no detector")

SAID = {
    "en": "I walked across the bridge this morning and it was closed.",
    "ar": "مشيت على الجسر هذا الصباح وكان مغلقا.",
    "de": "Ich bin heute Morgen über die Brücke gegangen.",
    "es": "Esta mañana crucé el puente y estaba cerrado.",
    "fr": "Ce matin, j'ai traversé le pont et il était fermé.",
    "it": "Questa mattina ho attraversato il ponte ed era chiuso.",
    "ja": "今朝、橋を渡りました。",
    "nl": "Ik liep vanmorgen over de brug en die was dicht.",
    "pl": "Dziś rano szedłem przez most i był zamknięty.",
    "pt": "Hoje de manhã atravessei a ponte e estava fechada.",
    "ru": "Сегодня утром я шёл через мост.",
    "uk": "Сьогодні вранці я йшов через міст.",
}


@pytest.mark.parametrize(("code", "words"), SAID.items())
def test_every_language_of_the_pages_is_told_from_a_sentence(code, words):
    assert language_of(words) == code


@pytest.mark.parametrize("words", ["", "ok", "No way!", "😀" * 40, "1234 5678 9012 3456", "a\x00b", "\ud83d" * 30])
def test_what_is_too_short_or_is_no_language_has_none(words):
    assert language_of(words) == ""


@given(st.text())
def test_whatever_somebody_writes_the_answer_is_a_short_code(words):
    assert len(language_of(words)) <= 3


def test_without_the_detector_nothing_is_told(monkeypatch):
    monkeypatch.setattr(detection, "_detector", lambda: None)
    assert (language_of(SAID["de"]), detection.can_detect()) == ("", False)
