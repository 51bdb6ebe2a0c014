from __future__ import annotations

import pytest

from broadsheet.scoring.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The council voted against it, and I think they were right.", "en"),
        ("ok thanks", "en"),
        ("lmao dumb af", "en"),
        ("Ich finde, dass die Stadt das nicht bezahlen sollte.", "de"),
        ("Je pense que le maire n'a pas raison et que c'est dommage.", "fr"),
        ("Creo que el alcalde no tiene razón y que es una lástima.", "es"),
        ("Я думаю, что мэр не прав.", "ru"),
        ("Я вважаю, що це помилка і її треба виправити.", "uk"),
        ("これは間違いだと思います。", "ja"),
        ("أعتقد أن هذا خطأ", "ar"),
        ("이 결정은 잘못되었다", "ko"),
        ("", "und"),
        ("😀😀 123 !!!", "und"),
    ],
)
def test_a_comment_s_language_is_told(text, language):
    assert language_of(text) == language


def test_a_short_text_is_taken_for_the_newsroom_s_language():
    assert language_of("ja genau", likely="de") == "de"
