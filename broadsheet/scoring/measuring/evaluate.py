"""Measures the scorer on rows that nothing was learned from, and writes what it found as the model card's figures."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.scoring import weights
from broadsheet.scoring.measuring import bias, cases, disguises, labelled, relevant, spamming, speed
from broadsheet.scoring.measuring.metrics import (
    auc,
    average_precision,
    difference,
    figure,
    proportion,
    recall_at,
    threshold,
)
from broadsheet.scoring.scorer import LocalScorer
from broadsheet.scoring.training import corpus
from broadsheet.scoring.training.corpus import HEADS, TOXIC, Row

CARD = Path(__file__).parents[1] / "card.json"
TALK = ("jigsaw_multi", "jigsaw_binary")
NEWS = ("fox", "c3", "ucc")
ALL = (*TALK, "wiki_context", "surge", *NEWS)
MOST_ROWS = 2_000  # of a set: for an interval of a hundredth no more are needed
DISGUISED_ROWS = 400
Say = Callable[[str], None]


def rows_to_measure(name: str, data: Path, most: int = MOST_ROWS) -> list[Row]:
    """Rows of a set that neither the parts nor the blend have seen; a fixed choice of them where they are many."""
    found = [row for row in corpus.held(name, data) if name not in corpus.LEARNABLE or not corpus.is_for_tuning(row)]
    if name == "wiki_context":  # so few are toxic that every one counts
        return found
    return random.Random(name).sample(found, most) if len(found) > most else found  # noqa: S311


def evaluate(
    data: Path, scorer: LocalScorer, say: Say, *, most: int = MOST_ROWS, baseline: bool = False
) -> dict[str, Any]:
    """All figures. `say` is told of the progress; no text is ever in it."""
    began = time.time()
    rows = {name: rows_to_measure(name, data, most) for name in ALL}
    scores: dict[str, list[dict[str, float]]] = {}
    for name, some in rows.items():
        scores[name] = [scorer.logits(row.text) for row in some]
        say(f"{name}: {len(some)} rows")
    card: dict[str, Any] = {"model": scorer.name, "parts": list(scorer.parts), "split": "see training/corpus.py"}
    card["inappropriate"] = {name: _set(rows[name], scores[name]) for name in ALL}
    card["wikipedia talk"] = _together(
        [row for name in TALK for row in rows[name]], [s for name in TALK for s in scores[name]]
    )
    card["kinds"] = _kinds(rows["jigsaw_multi"], scores["jigsaw_multi"])
    card["beside Perspective"] = _beside_perspective(rows["wiki_context"], scores["wiki_context"])
    harmless = _harmless(rows, scores)
    at = threshold(harmless)
    card["threshold at 2 % false alarms"] = {"logit": round(at, 4), "chance": round(float(1 / (1 + np.exp(-at))), 4),
                                             "rows": len(harmless)}  # fmt: skip
    say("spam")
    card["spam"] = spamming.measure(data)
    card["calibration"] = {name: _calibration(rows[name], scores[name]) for name in ALL}
    say("bias")
    card["bias"] = bias.summary(bias.table(lambda text: scorer.logits(text)[TOXIC], at))
    card["functions"] = functions(scorer)
    say("disguises")
    card["disguises"] = evasion(rows_to_measure("jigsaw_binary", data, DISGUISED_ROWS), scorer)
    card["advances"] = labelled.measure(data)
    say("relevance")
    if scorer.encoder is not None:
        card["relevance"] = relevant.measure(data, scorer.encoder)
    if baseline:
        say("a TF-IDF of the same rows, for comparison")
        card["beside TF-IDF"] = _beside_tfidf(data, rows, scores)
    say("speed")
    card |= {"speed": speed.measure(), "weights": weights.hashes()}
    card["seconds"] = round(time.time() - began)
    return card


def write(card: dict[str, Any], file: Path = CARD) -> None:
    """Keep the figures where the model card's page finds them."""
    file.write_text(json.dumps(card, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


def _numbers(
    rows: Sequence[Row], scores: Sequence[dict[str, float]], head: str = TOXIC
) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row.labels[head] >= 0.5 for row in rows]), np.array([score[head] for score in scores])


def _set(rows: Sequence[Row], scores: Sequence[dict[str, float]]) -> dict[str, Any]:
    labels, found = _numbers(rows, scores)
    told = {
        "rows": len(rows),
        "positive": int(labels.sum()),
        "auc": figure(auc, labels, found).told(),
        "average precision": figure(average_precision, labels, found).told(),
        "recall at 2 % false alarms": figure(recall_at, labels, found).told(),
    }
    lengths = np.array([len(row.text.split()) for row in rows])
    told["auc of length alone"] = round(auc(labels, lengths), 4)
    told["may be learned from"] = rows[0].source in corpus.LEARNABLE
    return told


def _together(rows: Sequence[Row], scores: Sequence[dict[str, float]]) -> dict[str, Any]:
    labels, found = _numbers(rows, scores)
    return {"rows": len(rows), "auc": figure(auc, labels, found).told()}


def _kinds(rows: Sequence[Row], scores: Sequence[dict[str, float]]) -> dict[str, Any]:
    told = {}
    for head in HEADS[1:]:
        labels, found = _numbers(rows, scores, head)
        told[head] = {"positive": int(labels.sum()), "auc": figure(auc, labels, found).told(),
                      "average precision": figure(average_precision, labels, found).told()}  # fmt: skip
    return told


def _beside_perspective(rows: Sequence[Row], scores: Sequence[dict[str, float]]) -> dict[str, Any]:
    labels, ours = _numbers(rows, scores)
    theirs = np.array([float(row.columns["perspective"]) for row in rows])
    told: dict[str, Any] = {"rows": len(rows), "positive": int(labels.sum())}
    for name, measure in (("auc", auc), ("average precision", average_precision)):
        told[name] = {
            "ours": figure(measure, labels, ours).told(),
            "Perspective 2020": figure(measure, labels, theirs).told(),
            "difference": difference(measure, labels, ours, theirs).told(),
        }
    return told


def _harmless(rows: dict[str, list[Row]], scores: dict[str, list[dict[str, float]]]) -> np.ndarray:
    """Harmless comments as they come: talk pages with their natural shares, and news."""
    return np.array(
        [score[TOXIC] for name in ("wiki_context", "fox", "c3", "ucc")
         for row, score in zip(rows[name], scores[name], strict=True) if row.labels[TOXIC] < 0.5]
    )  # fmt: skip


def _calibration(rows: Sequence[Row], scores: Sequence[dict[str, float]]) -> float:
    """By how much chances are off, on the average, in ten classes of them."""
    labels, found = _numbers(rows, scores)
    chances = 1 / (1 + np.exp(-found))
    classes = np.clip((chances * 10).astype(int), 0, 9)
    off = sum(abs(labels[classes == each].mean() - chances[classes == each].mean()) * (classes == each).sum()
              for each in np.unique(classes))  # fmt: skip
    return round(float(off / len(rows)), 4)


def functions(scorer: LocalScorer) -> dict[str, Any]:
    """The functional cases: called hateful at a chance of one half."""
    found = [(case, scorer.logits(case.text)[TOXIC] > 0) for case in cases.cases()]
    told: dict[str, Any] = {"by function": {}}
    for name in dict.fromkeys(case.function for case, _ in found):
        some = [(case, said) for case, said in found if case.function == name]
        right = sum(case.hateful == said for case, said in some)
        told["by function"][name] = {
            "hateful": some[0][0].hateful,
            "cases": len(some),
            "right": round(right / len(some), 3),
        }
    for name, wanted in (("hateful", True), ("harmless", False)):
        some = [(case, said) for case, said in found if case.hateful == wanted]
        told[name] = [round(number, 4) for number in proportion(sum(c.hateful == s for c, s in some), len(some)).told()]
    told["accuracy"] = proportion(sum(case.hateful == said for case, said in found), len(found)).told()
    return told


def evasion(rows: Sequence[Row], scorer: LocalScorer) -> dict[str, Any]:
    """What each disguise costs, in AUC: of the offensive words of toxic comments, and of every word of all."""
    from broadsheet.scoring.lexicon import lexicon

    labels = np.array([row.labels[TOXIC] >= 0.5 for row in rows])
    plain = np.array([scorer.logits(row.text)[TOXIC] for row in rows])
    usual = auc(labels, plain)
    told: dict[str, Any] = {"plain": round(usual, 4), "rows": len(rows), "by disguise": {}}
    for name in disguises.DISGUISES:
        worst = plain.copy()
        for at, row in enumerate(rows):
            if labels[at]:
                worst[at] = scorer.logits(disguises.disguised(row.text, name, lexicon().hidden))[TOXIC]
        every = np.array([scorer.logits(disguises.disguised(row.text, name))[TOXIC] for row in rows])
        told["by disguise"][name] = {
            "cost, offensive words": round(usual - auc(labels, worst), 4),
            "cost, every word": round(usual - auc(labels, every), 4),
        }
    costs = [cost for found in told["by disguise"].values() for cost in found.values()]
    told["worst"] = round(max(costs), 4)
    return told


def _beside_tfidf(data: Path, rows: dict[str, list[Row]], scores: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """A TF-IDF and logistic regression that learned from the same comments, on the same rows."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    from broadsheet.scoring.training import recipe

    learned = recipe.comments(data)
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True, max_features=150_000),
    )
    model = make_pipeline(features, LogisticRegression(C=4, solver="liblinear"))
    model.fit([row.text for row in learned], [row.labels[TOXIC] >= 0.5 for row in learned])
    told = {}
    for name, some in rows.items():
        labels, ours = _numbers(some, scores[name])
        theirs = model.decision_function([row.text for row in some])
        told[name] = {"tf-idf": round(auc(labels, theirs), 4), "ours": round(auc(labels, ours), 4),
                      "difference": difference(auc, labels, ours, theirs).told()}  # fmt: skip
    return told
