from __future__ import annotations

import json

import numpy as np
import pytest

from broadsheet.scoring.answers import Story
from broadsheet.scoring.identities import TERMS
from broadsheet.scoring.measuring import bias, cases, evaluate, labelled, metrics, relevant
from broadsheet.scoring.scorer import LocalScorer
from broadsheet.scoring.training import sentences


def test_the_figures_are_what_they_are_called():
    labels, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    assert metrics.auc(labels, scores) == 0.75
    assert metrics.auc(labels, np.zeros(4)) == 0.5
    assert metrics.average_precision(labels, scores) == pytest.approx(0.8333, abs=1e-4)
    assert metrics.average_precision(labels, np.zeros(4)) == 0.5
    told = metrics.figure(metrics.auc, labels, scores, draws=50)
    assert told.low <= told.value <= told.high


def test_a_site_knows_of_a_discussion_what_came_before():
    stories, under = [Story("a"), Story("b")], [["1", "2", "3", "4"], ["5", "6"]]
    third = relevant._asked(under)[2]
    assert (third.text, third.own) == ("3", 0)
    assert [story.accepted for story in relevant._by_then(stories, under, third.place)] == [("1", "2"), ("5",)]
    known, rest = relevant._by_lot(stories, under)
    left = [one.text for one in rest]
    assert sorted([*known[0].accepted, *known[1].accepted, *left]) == ["1", "2", "3", "4", "5", "6"]
    assert len(left) == 3


def test_comments_are_drawn_again_with_all_their_pairs():
    mine = np.array([[True, False], [False, True], [True, False]])
    scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3]])
    told = relevant._figure(mine, scores, np.arange(3))
    assert told.value == metrics.auc(mine.ravel(), scores.ravel()) == pytest.approx(6 / 9)
    assert told.low < told.value < told.high


def test_the_sentences_of_the_gate_were_not_learned_from():
    learned = {row.text.casefold().strip(" .!") for row in sentences.rows()}
    asked = {text for term in TERMS for _, text in cases.said_of(term)} | {case.text for case in cases.cases()}
    asked |= {text for term in TERMS for text in cases.hateful_of(term)}
    assert not learned & {text.casefold().strip(" .!") for text in asked}


def test_our_own_sentences_are_as_often_harmless_as_hateful_for_each_term():
    rows = sentences.rows()
    assert 0.4 < np.mean([row.labels["toxic"] for row in rows]) < 0.6


def test_only_which_rows_were_labelled_is_kept_and_not_their_words():
    stored = json.loads(labelled.FILE.read_text("utf-8"))
    for portion in stored["portions"]:
        for row in portion["rows"]:
            assert set(row) <= {"row", "first", "second", "other"}
            assert len(row["row"]) < 40


def test_no_word_for_who_somebody_is_gets_harmless_sentences_held():
    scorer = LocalScorer()
    if scorer.encoder is None:
        pytest.skip("the extra `scorer` is not installed: n-grams alone do not pass, and the model card says so")
    table = bias.table(lambda text: scorer.logits(text)["toxic"], scorer.threshold, hateful=False)
    failing = {row.term: (round(row.flagged, 3), round(row.bpsn, 3)) for row in table if not row.passes}
    assert not failing


def test_what_is_quoted_refused_or_merely_said_is_told_from_hate():
    scorer = LocalScorer()
    if scorer.encoder is None:
        pytest.skip("the extra `scorer` is not installed: n-grams alone cannot tell, and the model card says so")
    found = evaluate.functions(scorer)
    assert found["accuracy"][0] >= 0.70
    assert found["harmless"][0] >= 0.60
