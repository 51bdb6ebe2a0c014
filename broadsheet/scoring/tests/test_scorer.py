from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import scoring
from broadsheet.scoring import command, weights
from broadsheet.scoring.answers import ADVANCES, KINDS, Facts, Scores, Story
from broadsheet.scoring.plain import PlainScorer
from broadsheet.scoring.scorer import LocalScorer

INSULT = "You are a stupid idiot and nobody wants your crap here."
KIND = "Thank you for the careful report about the bridge; the engineers explained it well."


@pytest.fixture(scope="module")
def scorer() -> LocalScorer:
    return LocalScorer()


@pytest.fixture(scope="module")
def words_only() -> LocalScorer:
    return LocalScorer(transformer=False)


def checked(text: str, found: Scores) -> Scores:
    """What must be true of any answer."""
    answers = [found.inappropriate, found.spam, found.relevance, *found.kinds.values(), *found.advances.values()]
    assert all(answer.value is None or 0 <= answer.value <= 1 for answer in answers)
    assert all(0 <= mark.start <= mark.end <= len(text) for answer in answers for mark in answer.marks)
    assert set(found.kinds) == set(KINDS) and set(found.advances) == set(ADVANCES)
    return found


def test_an_insult_stands_far_above_a_kind_word(scorer, words_only):
    for each in (scorer, words_only):
        insult, kind = (found.inappropriate.value for found in each.score([INSULT, KIND]))
        assert insult > 0.8 > 0.2 > kind


def test_the_words_that_drove_it_are_marked_in_the_original(scorer):
    text = "Oh dear. You 🅸🅳🅸🅾🆃, what a st\u200bup\u200bid thing to say."
    found = scorer.score([text])[0]
    marked = {text[mark.start : mark.end] for mark in found.inappropriate.marks}
    assert {"🅸🅳🅸🅾🆃", "st\u200bup\u200bid"} <= marked


def test_another_language_is_unknown_and_not_harmless(scorer):
    for text in (
        "Du bist ein Idiot und ich finde, dass die Stadt das nicht braucht.",
        "Ты идиот, и все это знают.",
        "😀",
    ):
        found = checked(text, scorer.score([text])[0])
        assert found.inappropriate.value is None
        assert found.inappropriate.reason
        assert found.spam.value is not None


def test_an_insult_is_one_whatever_language_stands_around_it(scorer, words_only):
    for text in (
        "You are a stupid idiot. Привет, как дела сегодня?",
        "أعتقد أن هذا القرار خطأ كبير. You are a stupid idiot.",
        "You are a stupid idiot.\nque los las para por con no se su al lo como más pero sus le ya este sí porque",
    ):
        for found in (checked(text, each.score([text])[0]) for each in (scorer, words_only)):
            assert found.language != "en" and found.inappropriate.value > 0.8
            assert "idiot" in {text[mark.start : mark.end] for mark in found.inappropriate.marks}


@pytest.mark.parametrize(
    "text",
    [
        "Я купил новый телефон Samsung Galaxy. Thank you very much, очень хорошо, спасибо.",
        "Me gusta no hacer nada, a veces. El que no lo vea es un necio, y por eso no me voy a callar.",
        "Die Hand in der Tasche, das war so: der Hund ist ein Hund, und man hat das auch. Das ist nicht gut.",
        "As coisas que me disse no dia em que a vi, e o que a gente faz por ele como se fosse um bem.",
    ],
)
def test_no_low_number_speaks_for_what_is_in_another_language(scorer, text):
    found = scorer.score([text])[0]
    assert (found.inappropriate.value, found.inappropriate.reason) == (None, "language")


def test_what_is_too_short_to_tell_is_in_the_language_of_the_newsroom(scorer):
    text = "Danke, stimmt genau."
    assert scorer.score([text])[0].language == "en"
    found = LocalScorer(likely="de").score([text, INSULT])
    assert [each.language for each in found] == ["de", "en"]
    assert found[0].inappropriate.value is None and PlainScorer("de").score([text])[0].language == "de"


def test_a_score_does_not_depend_on_its_neighbours(scorer):
    alone = scorer.score([INSULT])[0]
    among = scorer.score([KIND * 9, INSULT, "?"])[1]
    assert alone == among == LocalScorer().score([INSULT])[0]


def test_each_score_names_the_model_that_gave_it(scorer, words_only):
    assert scorer.score([KIND])[0].model == scorer.name
    assert (scorer.name == words_only.name) is (scorer.encoder is None)
    assert words_only.parts == ("ngrams", "detectors")


def test_without_weights_the_detectors_answer(tmp_path):
    scoring.load.cache_clear()
    try:
        found = scoring.load(tmp_path)
        assert isinstance(found, PlainScorer)
        answer = checked(INSULT, found.score([INSULT])[0])
        assert answer.inappropriate.value is None and answer.inappropriate.reason == "no model"
    finally:
        scoring.load.cache_clear()


def test_weights_that_were_changed_are_refused_rather_than_passed_over(tmp_path):
    for file in weights.FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "ngrams.npz").write_bytes(b"other")
    with pytest.raises(weights.Untrusted):
        LocalScorer(tmp_path)


@given(st.text(st.characters(categories=None, codec=None), max_size=300))
@settings(max_examples=60)
def test_any_text_scores(text):
    for each in (LOCAL, WORDS):
        checked(text, each.score([text], [Story(headline=text, parent=text)], [Facts()])[0])


LOCAL, WORDS = LocalScorer(), LocalScorer(transformer=False)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\ud800", "a\ud800\udc00b", "\u202eabc idiot", "👍" * 5_000, "a" * 100_000, "you idiot " * 10_000,
     "\n" * 1_000, "𝓪" * 50_000, "http://" * 9_000],
)  # fmt: skip
def test_the_texts_that_break_programs_score_too(text, scorer):
    checked(text, scorer.score([text])[0])


def test_a_toxic_end_behind_a_long_beginning_is_seen(scorer):
    kind, hidden = (found.inappropriate.value for found in scorer.score([KIND * 30, KIND * 30 + INSULT]))
    assert hidden > 0.2 > 0.05 > kind


def test_nothing_of_a_text_is_logged(scorer, caplog):
    with caplog.at_level(logging.DEBUG):
        scorer.score(["Wolpertinger idiot"], [Story(headline="Wolpertinger")])
    assert "olpertinger" not in caplog.text


def test_a_short_text_has_no_relevance(scorer):
    if scorer.encoder is None:
        pytest.skip("the extra `scorer` is not installed")
    story = Story("a", "The town council raises the price of the bus", "From May a ticket will cost three euros.")
    short, long = scorer.score(
        [
            "Too dear!",
            "Three euros for the bus is more than I pay for driving to work, so I will take the car from May on.",
        ],
        [story, story],
    )
    assert short.relevance.value is None and short.relevance.reason == "short"
    assert long.relevance.value is not None and long.relevance.value > 0.5


def test_the_command_says_it_as_lines_and_as_json(capsys):
    assert command.score(["According to the census 45% of us rent.", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["advances"]["data"]["value"] > 0.5
    assert command.score(["You idiot"]) == 0
    assert "inappropriate" in capsys.readouterr().out


@pytest.mark.parametrize("step", ["transformer", "distil", "export"])
def test_whoever_trains_is_told_what_a_step_lacks(step, tmp_path, capsys):
    given = ["train", step, "--data", str(tmp_path), "--base", str(tmp_path), "--into", str(tmp_path / "weights")]
    assert command.scorer(given) == 2
    assert "--base must name the folder" in capsys.readouterr().err


def test_the_command_needs_no_newsroom_and_no_database():
    program = (
        "import sys; sys.argv = ['broadsheet', 'score', 'hello there'];\n"
        "from broadsheet.config import cli\n"
        "try: cli.main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        "import django.conf; assert not django.conf.settings.configured\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "inappropriate" in said.stdout
