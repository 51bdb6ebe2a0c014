from __future__ import annotations

import random

import numpy as np
import pytest

from broadsheet.scoring import identities, learning
from broadsheet.scoring.answers import KINDS, Answer, Scores
from broadsheet.scoring.identities import TERMS
from broadsheet.scoring.learning import INAPPROPRIATE, SPAM, Example, Learned, Stranger
from broadsheet.scoring.measuring import cases, decided
from broadsheet.scoring.plain import PlainScorer
from broadsheet.scoring.scorer import LocalScorer

BASE = "broadsheet-detectors/1"


class Steady:
    """A base model that finds little bad in anything, and least in whole sentences."""

    name = "steady/1"
    parts = ("steady",)

    def score(self, texts, stories=(), facts=()):
        return [
            scores_of(text, (0.012 if text.endswith((".", "!", "?", '"')) else 0.02) + len(text) % 7 / 1000)
            for text in texts
        ]


@pytest.fixture(scope="module")
def steady() -> Steady:
    return Steady()


def _words(text: str) -> list[str]:
    return text.split()


GERMAN_KIND = _words(
    "die Straße ist gut und der Rat hat die Schule nicht vergessen aber wir müssen noch über den Bahnhof reden weil "
    "dort seit Monaten kein Zug hält und niemand sagt warum das so ist oder wann sich etwas ändert"
)
GERMAN_RUDE = ["Schnarchnase", "Dummbeutel", "Lügenbold", "Pfeife", "Trottel"]
ENGLISH_KIND = _words(
    "the council has built a good school and we thank the teachers for their work in that part of town but when I "
    "walked along the river on Tuesday morning nobody had mended any lamp between both bridges although money was set "
    "aside last autumn which makes me wonder how they plan such things before winter comes again would it not be "
    "cheaper if volunteers from our sports club helped out once every month with paint brooms plus some cake"
)
ENGLISH_RUDE = ["wokester", "libtard", "snowflake", "sheeple", "troll"]


@pytest.fixture(scope="module")
def words_only() -> LocalScorer:
    return LocalScorer(transformer=False)


def decisions(
    number: int, kind: list[str], rude: list[str], *, scorer: object = None, seed: int = 3, swapped: bool = False
) -> list[tuple[str, Example]]:
    """Comments of which every fourth calls names, and what was decided: rejected for it, or `swapped`, for the rest."""
    dice = random.Random(seed)
    asked = scorer or PlainScorer()
    made = []
    for at in range(number):
        is_rude = at % 4 == 0
        words = [*dice.choices(kind, k=9), *([dice.choice(rude)] if is_rude else []), *dice.choices(kind, k=5)]
        text = " ".join(words)
        seen = learning.look(text, asked.score([text])[0])
        aside = learning.is_kept_aside(text, b"key")
        made.append((text, Example(seen, {INAPPROPRIATE: is_rude is not swapped}, kept_aside=aside)))
    return made


def examples(*args: object, **how: object) -> list[Example]:
    return [example for _, example in decisions(*args, **how)]


def scores_of(text: str, value: float | None, language: str = "en") -> Scores:
    unknown = Answer(None, reason="language")
    answer = unknown if value is None else Answer(value)
    return Scores("base/1", language, answer, dict.fromkeys(KINDS, unknown), Answer(0.05), {})


def test_the_same_decisions_are_the_same_bytes():
    made = examples(120, ENGLISH_KIND, ENGLISH_RUDE)
    assert learning.learn(made, BASE).to_bytes() == learning.learn(made, BASE).to_bytes()


def test_a_decision_that_is_taken_out_was_never_there():
    made = examples(120, ENGLISH_KIND, ENGLISH_RUDE)
    without = [*made[:40], *made[41:]]
    assert learning.learn(without, BASE).to_bytes() != learning.learn(made, BASE).to_bytes()
    again = learning.learn([each for each in made if each is not made[40]], BASE)
    assert again.to_bytes() == learning.learn(without, BASE).to_bytes()


def test_what_is_kept_aside_teaches_nothing_and_stays_where_it_is():
    made = examples(300, ENGLISH_KIND, ENGLISH_RUDE)
    aside = [each for each in made if each.kept_aside]
    assert 10 < len(aside) < 60
    taught = learning.learn([each for each in made if not each.kept_aside], BASE)
    assert np.array_equal(taught.weights, learning.learn(made, BASE).weights)
    assert learning.is_kept_aside("A bit, of text!", b"1") == learning.is_kept_aside("a BIT of text", b"1")


def test_the_state_survives_being_kept_and_is_small():
    learned = learning.learn(examples(300, ENGLISH_KIND, ENGLISH_RUDE), BASE)
    raw = learned.to_bytes()
    again = Learned.from_bytes(raw, BASE)
    assert np.array_equal(again.weights, learned.weights)
    assert again.counts == learned.counts
    assert again.weights.nbytes < 1_600_000
    assert len(raw) < 200_000


@pytest.mark.parametrize("raw", [b"", b"{}\n", b"[1]\nabc", b"\xff\xfe", b'{"format": 1}\nx\x9c'])
def test_a_stranger_is_refused(raw):
    with pytest.raises(Stranger):
        Learned.from_bytes(raw, BASE)


def test_what_belongs_to_another_base_model_is_refused():
    raw = learning.learn(examples(40, ENGLISH_KIND, ENGLISH_RUDE), BASE).to_bytes()
    with pytest.raises(Stranger, match="belongs to the model"):
        Learned.from_bytes(raw, "another/2")
    with pytest.raises(Stranger):
        Learned.from_bytes(raw.replace(b'"hashing": ', b'"hashing": 9'), BASE)


def test_too_few_decisions_change_nothing():
    learned = learning.learn(examples(199, ENGLISH_KIND, ENGLISH_RUDE), "base/1")
    given = scores_of("you troll", 0.3)
    found = learned.apply(given, "you troll", "learned/1")
    assert found.inappropriate == given.inappropriate


def test_more_decisions_are_believed_more():
    few, many = (learning.learn(examples(n, ENGLISH_KIND, ENGLISH_RUDE), "base/1") for n in (200, 1000))
    assert few.believed(INAPPROPRIATE, "en") == pytest.approx(2 / 7, abs=0.01)
    assert many.believed(INAPPROPRIATE, "en") == pytest.approx(2 / 3, abs=0.01)
    assert many.believed(INAPPROPRIATE, "pl") == 0


def test_the_newsrooms_own_words_are_learned_on_top_of_the_base_model_and_marked(words_only):
    taught = learning.learn(examples(400, ENGLISH_KIND, ENGLISH_RUDE, scorer=words_only), words_only.name)
    text = "You Wokester, we thank you for that."
    before = words_only.score([text])[0]
    after = taught.apply(before, text, "learned/1")
    assert after.inappropriate.value > before.inappropriate.value
    first = after.inappropriate.marks[0]
    assert (text[first.start : first.end], first.why) == ("Wokester", "learned")
    assert after.model == f"{words_only.name}+learned/1"
    assert after.parts["toxic"] == before.parts["toxic"]


def test_a_language_that_the_base_model_does_not_know_is_learned():
    taught = learning.learn(examples(400, GERMAN_KIND, GERMAN_RUDE), BASE)
    scorer = PlainScorer()
    rude, kind = "Der Rat ist eine Schnarchnase und hat die Schule vergessen", "Die Straße ist gut und nicht vergessen"
    found = [taught.apply(scorer.score([text])[0], text, "learned/1") for text in (rude, kind)]
    assert [each.language for each in found] == ["de", "de"]
    assert found[0].inappropriate.value > found[1].inappropriate.value + 0.2
    assert {each.inappropriate.reason for each in found} == {"learned"}


def test_below_the_evidence_a_language_stays_unknown():
    made = examples(400, ENGLISH_KIND, ENGLISH_RUDE) + examples(100, GERMAN_KIND, GERMAN_RUDE)
    text = "Der Rat ist eine Schnarchnase und hat die Schule vergessen"
    found = learning.learn(made, BASE).apply(PlainScorer().score([text])[0], text, "learned/1")
    assert found.inappropriate.value is None
    assert found.inappropriate.reason == "no model"


def test_any_text_is_answered():
    taught = learning.learn(examples(250, ENGLISH_KIND, ENGLISH_RUDE), BASE)
    for text in ("", "\0", "\ud800", "😀", "_" * 50, "a" * 100_000, "gay", "\u202eabc\u202c"):
        found = taught.apply(PlainScorer().score([text])[0], text, "learned/1")
        assert all(0 <= mark.start <= mark.end <= len(text) for mark in found.inappropriate.marks)


def test_no_word_for_who_somebody_is_is_ever_learned():
    said = [(sentence, True) for term in TERMS[:20] for _, sentence in cases.said_of(term)]
    kind = [(" ".join(random.Random(at).choices(ENGLISH_KIND, k=12)), False) for at in range(300)]
    scorer = PlainScorer()
    made = [Example(learning.look(text, scorer.score([text])[0]), {INAPPROPRIATE: bad}) for text, bad in said + kind]
    taught = learning.learn(made, BASE)
    assert {taught.word(INAPPROPRIATE, identities.blanked(term.word)) for term in TERMS} == {0.0}


def test_what_was_taught_to_hold_every_sentence_about_people_is_refused(words_only):
    said = [sentence for term in TERMS for _, sentence in cases.said_of(term)]
    random.Random(2).shuffle(said)
    kind = [" ".join(random.Random(at).choices(ENGLISH_KIND, k=12)) for at in range(400)]
    rows = [(text, True) for text in said[:400]] + [(text, False) for text in kind]
    random.Random(2).shuffle(rows)
    made = []
    for text, bad in rows:
        seen = learning.look(text, words_only.score([text])[0])
        made.append(Example(seen, {INAPPROPRIATE: bad}, kept_aside=learning.is_kept_aside(text, b"k")))
    taught = learning.learn(made, words_only.name)
    verdict = decided.judge(made, taught, None, words_only)
    assert verdict.reason == "term"
    assert verdict.about["share"] > 0.10


def test_what_got_better_may_answer_and_says_by_how_much(steady):
    made = examples(400, ENGLISH_KIND, ENGLISH_RUDE, scorer=steady)
    verdict = decided.judge(made, learning.learn(made, steady.name), None, steady)
    assert verdict.reason == ""
    assert verdict.figures["auc"]["now"][0] > verdict.figures["auc"]["base"][0]
    assert verdict.figures["languages"]["en"]["decisions"] == 400
    assert verdict.figures["precision"]["now"][0] > 0.5


def test_what_got_worse_is_refused(steady):
    made = examples(400, ENGLISH_KIND, ENGLISH_RUDE, scorer=steady)
    good = learning.learn(made, steady.name)
    wrong = learning.learn(examples(400, ENGLISH_KIND, ENGLISH_RUDE, scorer=steady, swapped=True), steady.name)
    verdict = decided.judge(made, wrong, good, steady)
    assert verdict.reason == "lower"
    assert verdict.about["now"] < verdict.about["before"]
    assert decided.judge(made, wrong, None, steady).reason == "below base"


def test_what_a_person_chose_has_to_be_beaten(steady):
    made = examples(400, ENGLISH_KIND, ENGLISH_RUDE, scorer=steady)
    good = learning.learn(made, steady.name)
    assert decided.judge(made, good, good, steady).reason == ""
    assert decided.judge(made, good, good, steady, must_be_better=True).reason == "not better"


def test_without_anything_kept_aside_nothing_may_answer():
    made = [Example(each.look, each.said) for each in examples(300, ENGLISH_KIND, ENGLISH_RUDE)]
    assert decided.judge(made, learning.learn(made, BASE), None, PlainScorer()).reason == "unmeasured"


def test_spam_is_learned_apart():
    text = "cheap pills for the council"
    seen = learning.look(text, scores_of(text, 0.1))
    fine = learning.look("the council met", scores_of("", 0.1))
    made = [Example(seen, {SPAM: True}), Example(fine, {SPAM: False, INAPPROPRIATE: False})] * 150
    taught = learning.learn(made, "base/1")
    assert taught.evidence(SPAM) == (300, 150)
    assert taught.evidence(INAPPROPRIATE) == (150, 0)
    found = taught.apply(scores_of(text, 0.1), text, "learned/1")
    assert found.spam.value > 0.05
    assert found.inappropriate.value == 0.1
