from __future__ import annotations

import json

from broadsheet.scoring import spam, weights
from broadsheet.scoring.measuring import bars, evaluate
from broadsheet.scoring.scorer import LocalScorer

CARD = json.loads(evaluate.CARD.read_text("utf-8"))


def test_the_card_is_of_these_weights():
    assert CARD["weights"] == weights.hashes(), "measure again: broadsheet scorer evaluate --data … --write"
    versions = {name: found[:8] for name, found in CARD["weights"].items()}
    of = [versions[name] for name in ("ngrams.npz", "judge.onnx", "blend.json")]
    assert CARD["model"] == CARD["speed"]["model"] == f"broadsheet-transformer-ngrams/{'.'.join(of)}"


def test_the_card_s_name_is_the_scorer_s():
    assert LocalScorer(transformer=False).name.rpartition("/")[2].split(".")[0] == CARD["weights"]["ngrams.npz"][:8]


def test_every_figure_that_was_asked_for_was_measured():
    assert [one.bar.name for one in bars.judged(CARD)] == [bar.name for bar in bars.BARS]


def test_spam_is_held_from_where_it_was_measured():
    """By the rule of the other threshold: the way in which harmless comments look most like spam decides."""
    assert CARD["spam"]["threshold"] == spam.HELD_FROM == max(CARD["spam"]["ways"].values())


def test_a_bar_is_missed_met_or_met_perhaps_by_chance():
    card = {
        "wikipedia talk": {"auc": [0.98, 0.97, 0.99]},
        "disguises": {"worst": 0.04},
        "speed": {"comments a second": 1},
    }
    talk, disguises, speed = bars.judged(card)
    assert (talk.met, talk.by_chance) == (True, True)
    assert (disguises.met, disguises.by_chance) == (False, False)
    assert not speed.met


def test_a_card_of_other_weights_is_told_apart(tmp_path):
    for file in weights.files():
        (tmp_path / file.name).write_bytes(file.read_bytes() + (b" " if file.name == "words.txt" else b""))
    changed = {name for name, found in weights.hashes(tmp_path).items() if CARD["weights"][name] != found}
    assert changed == {"words.txt"}
