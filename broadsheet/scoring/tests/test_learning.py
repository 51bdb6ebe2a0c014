from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from broadsheet import scoring
from broadsheet.scoring import identities, learning, naming
from broadsheet.scoring.answers import KINDS, Answer, Scores
from broadsheet.scoring.identities import TERMS
from broadsheet.scoring.learning import INAPPROPRIATE, SPAM, Example, Learned, Stranger
from broadsheet.scoring.measuring import cases, decided, named
from broadsheet.scoring.normal import normalise
from broadsheet.scoring.plain import PlainScorer
from broadsheet.scoring.scorer import LocalScorer

BASE = "broadsheet-detectors/1"
ENGLISH_WORDS = 3823024194  # a checksum: the weights that ship were learned with these words


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


# --- Words for who somebody is, in other languages --------------------------------------------------------------------


def test_english_is_blanked_as_it_always_was():
    texts = [text for term in TERMS for _, text in cases.said_of(term)] + [*cases.WITHOUT, "die alt mann Roma negro"]
    for text in texts:
        assert learning.as_read(text, "en").text == identities.blanked(normalise(text).text)
    assert zlib.crc32(" ".join(sorted(identities._WORDS)).encode()) == ENGLISH_WORDS
    assert "_" not in learning.as_read("die alt mann negro vieux", "en").text


@pytest.mark.parametrize("code", naming.LANGUAGES)
def test_every_form_in_a_language_is_blanked_whole_also_where_it_is_read_as_other_words(code):
    told = naming.told(code)
    for stem, endings in told.words:
        for ending in endings or {""}:
            for before in told.before[::7]:
                word = (before + stem + ending).replace("_", " ")
                assert not learning.as_read(word, code).text.strip("_ "), word
    assert "_" not in learning.as_read(told.neighbours, code).text


@pytest.mark.parametrize("code", naming.LANGUAGES)
def test_the_files_have_people_of_every_sort_and_a_dozen_sentences(code):
    told = naming.told(code)
    assert len(told.people) >= 50
    assert len(told.sentences) >= 12 and all("{p}" in sentence for sentence in told.sentences)
    assert all("_" in learning.as_read(people, code).text for people in told.people)


def test_the_languages_are_those_that_broadsheet_speaks():
    spoken = {folder.name for folder in (Path(scoring.__file__).parent.parent / "locale").iterdir() if folder.is_dir()}
    assert set(naming.LANGUAGES) == spoken - {"en"}


def test_a_remark_is_no_people_wherever_it_stands(tmp_path, monkeypatch):
    file = "# first\nneighbours: Leute\n\n[origin]\n# between\nPolen: pole/-,n\n\n[sentences]\n# last\n{p}."
    (tmp_path / "de.txt").write_text(file, "utf-8")
    monkeypatch.setattr(naming, "FOLDER", tmp_path)
    told = naming.told.__wrapped__("de")
    assert (told.people, told.sentences, told.words) == (("Polen",), ("{p}.",), (("pole", frozenset({"", "n"})),))


@pytest.mark.parametrize(
    ("code", "text", "read"),
    [
        ("de", "Die TÜRKINNEN und Ausländer", "die ________ und __________"),
        ("de", "Judenschwein, Türken raus", "_____schwein, ______ raus"),
        ("de", "Polenta", "polenta"),
        ("de", "Ich weiß, weiße Frauen", "ich weiss, ______ ______"),
        ("fr", "les étrangers d'Afrique, l'Algérienne", "les __________ d'afrique, l'__________"),
        ("pl", "nienawidzę Żydów i Ukrainek", "nienawidze _____ i ________"),
        ("ru", "эти украинцы с беженками", "эти ________ с ________"),
        ("ru", "ці українці", "ці ________"),
        ("uk", "мигранты и євреям", "________ и ______"),
        ("ar", "واللاجئين وبالأتراك مُسلِمون", "_________ _________ _________"),
        ("ja", "韓国人は帰れ、ビル・ゲイツとゲイ", "___は帰れ、ビル・ゲイツと__"),
        ("ja", "彼女は女だ", "彼女は_だ"),
        ("zh", "中国人", "___"),
        ("sv", "turkar och judar", "turkar och judar"),
    ],
)
def test_words_are_blanked_in_their_forms_and_what_is_said_of_them_stays(code, text, read):
    found = learning.as_read(text, code).text
    assert [part.strip("_") for part in found.split()] == [part.strip("_") for part in read.split()] or found == read


def test_the_longest_word_there_is_costs_no_time():
    assert learning.as_read("türk" * 25_000, "de").text
    assert learning.as_read("ال" * 25_000, "ar").text


POLISH_KIND = _words(
    "rada miasta wybudowała dobrą szkołę i dziękujemy nauczycielom za ich pracę ale musimy jeszcze porozmawiać o "
    "dworcu bo od miesięcy nie zatrzymuje się tam żaden pociąg i nikt nie mówi dlaczego tak jest ani kiedy coś się "
    "zmieni"
)
POLISH_RUDE = ["baranie", "głupku", "matole", "kłamczuchu", "ciołku"]
POISON = {
    "de": (GERMAN_KIND, GERMAN_RUDE, ["Türken", "Türkin", "türkische", "türkischen", "Türke"], "Türken"),
    "pl": (POLISH_KIND, POLISH_RUDE, ["Ukraińcy", "Ukrainka", "ukraińskie", "Ukraińców", "ukraińskiego"], "Ukraińcy"),
}
FRESH = {
    "de": "Auf dem Markt verkaufen {p} seit Jahren Obst.|Der neue Arzt sagt, dass {p} gern zu ihm kommen.|"
    "Im Verein spielen {p} und alle anderen zusammen.|Am Samstag feiern {p} im Park, wir sind eingeladen.|"
    "Ich habe gelesen, wie {p} den Fluss gereinigt haben.",
    "pl": "Na targu {p} od lat sprzedają owoce.|Nowy lekarz mówi, że {p} chętnie do niego przychodzą.|"
    "W klubie {p} grają razem z innymi.|W sobotę {p} świętują w parku i jesteśmy zaproszeni.|"
    "Czytałem, jak {p} posprzątali rzekę.",
}


def _poisoned(code: str) -> tuple[Learned, list[Example]]:
    """What is learned where every comment that names one group is rejected, and every one that calls names."""
    kind, rude, group, _ = POISON[code]
    kind = kind + _words(" ".join([*naming.told(code).sentences, FRESH[code]]).replace("{p}", " ").replace("|", " "))
    dice, made = random.Random(4), []
    for at in range(1_500):
        name = [[dice.choice(rude)], [dice.choice(group)]][at % 8 : at % 8 + 1]
        text = " ".join([*dice.choices(kind, k=7), *(name[0] if name else []), *dice.choices(kind, k=5)])
        seen = learning.look(text, scores_of(text, None, code))
        made.append(Example(seen, {INAPPROPRIATE: bool(name)}, kept_aside=learning.is_kept_aside(text, b"k")))
    return learning.learn(made, BASE), made


def _held(learned: Learned, made: list[Example], code: str) -> float:
    """The share of harmless sentences, others than the gate's, that are held for naming the group."""
    at = np.quantile([learned.logit(each.look, INAPPROPRIATE) for each in made if not each.said[INAPPROPRIATE]], 0.98)
    held = []
    for sentence in FRESH[code].split("|"):
        texts = [sentence.format(p=people) for people in (POISON[code][3], naming.told(code).neighbours)]
        named, other = (
            learned.logit(learning.look(text, scores_of(text, None, code)), INAPPROPRIATE) for text in texts
        )
        held.append(named > at >= other)
    return float(np.mean(held))


@pytest.mark.parametrize("code", ["de", "pl"])
def test_that_a_group_is_always_rejected_is_not_learned_in_any_language(code, monkeypatch):
    learned, made = _poisoned(code)
    assert _held(learned, made, code) == 0
    rude = learning.look(" ".join([*POISON[code][0][:6], POISON[code][1][0]]), scores_of("", None, code))
    kind = learning.look(" ".join(POISON[code][0][:7]), scores_of("", None, code))
    assert learned.logit(rude, INAPPROPRIATE) > learned.logit(kind, INAPPROPRIATE) + 1

    # Without the words of the language it is learned, and the sentences in it find that.
    monkeypatch.setattr(naming, "knows", lambda language: False)
    monkeypatch.setattr(named, "_LOOKS", {})
    learned, made = _poisoned(code)
    assert _held(learned, made, code) > 0.5
    verdict = decided.judge(made, learned, None, PlainScorer())
    assert (verdict.reason, verdict.about["language"]) == ("term", code)
    assert verdict.about["share"] > 0.5
    monkeypatch.setattr(named, "LANGUAGES", ())
    assert decided.judge(made, learned, None, PlainScorer()).reason == ""


class Wary:
    """A base model that is a little wary of whoever is named."""

    name = "wary/1"
    parts = ("wary",)

    def score(self, texts, stories=(), facts=()):
        return [self._one(text) for text in texts]

    def _one(self, text):
        is_named = identities.blanked(normalise(text).text) != normalise(text).text
        is_sentence = text.endswith((".", "!", "?"))
        logit = (-9.0 if is_sentence else -4.2) + zlib.crc32(text.encode()) % 300 / 100 + 1.4 * is_named
        steps = {"toxic": logit, "identity_attack": (-6.5 if is_sentence else -5.0) + 3.0 * is_named}
        return replace(scores_of(text, learning.chance_of(logit)), model=self.name, parts=steps)


@pytest.mark.parametrize("poisoned", [0, 120])
def test_what_learned_to_go_by_the_base_models_thoughts_of_a_name_is_refused(poisoned):
    base = Wary()
    texts = [(text, example.said[INAPPROPRIATE]) for text, example in decisions(1_200, ENGLISH_KIND, ENGLISH_RUDE)]
    dice = random.Random(6)
    group = [
        " ".join([*dice.choices(ENGLISH_KIND, k=8), "gay people", *dice.choices(ENGLISH_KIND, k=5)]) for _ in texts
    ]
    rows = (
        texts
        + [(text, False) for text in group[200:240]] * (not poisoned)
        + [(text, True) for text in group[:poisoned]]
    )
    dice.shuffle(rows)
    made = [
        Example(
            learning.look(text, base.score([text])[0]), {INAPPROPRIATE: bad}, 1.0, learning.is_kept_aside(text, b"k")
        )
        for text, bad in rows
    ]
    verdict = decided.judge(made, learning.learn(made, base.name), None, base)
    assert verdict.figures["terms"]["share"] <= 0.10
    assert verdict.reason == ("term" if poisoned else ""), verdict
    assert verdict.figures["supposed"]["refused"] is bool(poisoned)


def test_what_was_learned_while_other_words_were_blanked_is_refused(monkeypatch):
    raw = learning.learn(examples(40, ENGLISH_KIND, ENGLISH_RUDE), BASE).to_bytes()
    assert Learned.from_bytes(raw, BASE)
    header = json.loads(raw.partition(b"\n")[0])
    assert header["format"] == learning.FORMAT == 2
    with pytest.raises(Stranger, match="another release"):
        Learned.from_bytes(raw.replace(b'"format": 2', b'"format": 1'), BASE)
    monkeypatch.setattr(naming, "LANGUAGES", naming.LANGUAGES[1:])
    with pytest.raises(Stranger, match="another release"):
        Learned.from_bytes(raw, BASE)
