"""Fits the linear heads over hashed n-grams. Minutes on one core."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from broadsheet.scoring import ngrams
from broadsheet.scoring.normal import normalise
from broadsheet.scoring.training.corpus import HEADS, Row

log = logging.getLogger(__name__)
FIRMNESS = 6.0  # the inverse of how much large weights cost


def counted(texts: Sequence[str]) -> csr_matrix:
    """The n-grams of texts, before it is known how rare each is."""
    found = [ngrams.features(normalise(text).text) for text in texts]
    ends = np.cumsum([0, *(len(each.buckets) for each in found)])
    buckets = np.concatenate([each.buckets for each in found])
    values = np.concatenate([each.values for each in found])
    return csr_matrix((values, buckets, ends), shape=(len(texts), ngrams.BUCKETS))


def rarity_of(matrix: csr_matrix) -> ngrams.Floats:
    """How rare each bucket is: the logarithm of one in how many texts has it; 0 for one that no text has."""
    has = np.bincount(matrix.indices, minlength=ngrams.BUCKETS)
    rare = np.log((1 + matrix.shape[0]) / (1 + has)) + 1
    return np.asarray(np.where(has > 0, np.round(rare * 16) / 16, 0), np.float32)


def weighed(matrix: csr_matrix, rarity: ngrams.Floats) -> csr_matrix:
    """The n-grams with rare ones counting for more, each text of length one."""
    made = matrix.multiply(rarity[None, :]).tocsr()
    lengths = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    made.data = (made.data / np.repeat(lengths, np.diff(made.indptr))).astype(np.float32)
    return made


def fit(matrix: csr_matrix, labels: np.ndarray, weights: np.ndarray, firmness: float) -> tuple[np.ndarray, float]:
    """One head's weights and bias, from the rows whose label is known; one that is a share counts for both answers."""
    yes, no = np.flatnonzero(labels > 0), np.flatnonzero(labels < 1)
    counts = np.concatenate([(weights * labels)[yes], (weights * (1 - labels))[no]])
    model = LogisticRegression(C=firmness, solver="liblinear", max_iter=200, random_state=1)
    model.fit(matrix[np.concatenate([yes, no])], np.repeat([1, 0], [len(yes), len(no)]), sample_weight=counts)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def train(
    rows: Sequence[Row], spam: Sequence[Row], *, firmness: float = FIRMNESS
) -> tuple[tuple[str, ...], ngrams.Floats, ngrams.Floats, ngrams.Floats]:
    """All heads: names, weights, biases and how rare each bucket is."""
    everything = counted([row.text for row in [*rows, *spam]])
    rarity = rarity_of(everything)
    matrix = weighed(everything, rarity)
    names = (*HEADS, "spam")
    made, biases = [], []
    for head in names:
        of = slice(0, len(rows)) if head != "spam" else slice(0, None)
        chosen = [*rows, *spam][of]
        labels = np.array([_label(row, head) for row in chosen])
        weights = np.array([row.weight for row in chosen])
        coefficients, bias = fit(matrix[of], labels, weights, firmness if head != "spam" else 20.0)
        log.info("%s: %d rows, %d positive", head, (~np.isnan(labels)).sum(), (labels >= 0.5).sum())
        made.append(coefficients)
        biases.append(bias)
    return names, np.stack(made), np.array(biases, np.float32), rarity


def _label(row: Row, head: str) -> float:
    if head == "spam" and "spam" not in row.labels:
        # What people wrote on talk pages and under stories is no spam, toxic or not: it teaches what comments are like.
        return 0.0 if row.source in {"fox", "surge"} else np.nan
    return row.labels.get(head, np.nan)
