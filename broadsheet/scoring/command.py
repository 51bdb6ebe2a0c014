"""`broadsheet score` and `broadsheet scorer`: a look at the scorer without a database or a newsroom."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from broadsheet.scoring.answers import Answer, Facts, Scores, Story


def score(arguments: Sequence[str]) -> int:
    """Answer about one text, as lines for people or as JSON."""
    parser = argparse.ArgumentParser(
        prog="broadsheet score", description="What the scorer says about a comment, with its reasons."
    )
    parser.add_argument("text", nargs="?", help="the comment; without it, or as -, standard input")
    parser.add_argument("--headline", default="", help="of the story it stands under")
    parser.add_argument("--opening", default="", help="the story's first words")
    parser.add_argument("--parent", default="", help="the comment it replies to")
    parser.add_argument("--json", action="store_true", help="everything, for programs")
    given = parser.parse_args(arguments)
    try:
        text = sys.stdin.read() if given.text in (None, "-") else given.text
    except KeyboardInterrupt:
        return 130  # as a shell says it of a program that was interrupted
    story = Story(headline=given.headline, opening=given.opening, parent=given.parent)
    has_story = bool(given.headline or given.opening or given.parent)

    from broadsheet.scoring import load

    found = load().score([text], [story if has_story else None], [Facts()])[0]
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every terminal knows every sign of a reason
    sys.stdout.write(_as_json(found) if given.json else _as_lines(text, found))
    return 0


def _as_json(found: Scores) -> str:
    return json.dumps(asdict(found), ensure_ascii=True, indent=1) + "\n"


def _as_lines(text: str, found: Scores) -> str:
    lines = [f"model          {found.model}", f"language       {found.language}", ""]
    lines.append(_line("inappropriate", found.inappropriate, text))
    lines += [_line(f"  {kind.replace('_', ' ')}", answer, text) for kind, answer in found.kinds.items()]
    lines.append(_line("spam", found.spam, text))
    lines.append("advances the story")
    lines += [_line(f"  {name}", answer, text) for name, answer in found.advances.items()]
    lines.append(_line("relevance", found.relevance, text))
    return "\n".join(lines) + "\n"


def _line(name: str, answer: Answer, text: str) -> str:
    value = "unknown" if answer.value is None else f"{answer.value:.3f}"
    told = [f"{text[mark.start : mark.end]!a} ({mark.why})" for mark in answer.marks if mark.end > mark.start]
    return f"{name:<18} {value:<8} {' · '.join([*([answer.reason] if answer.reason else []), *told])}".rstrip()


def scorer(arguments: Sequence[str]) -> int:
    """Serve the scorer to other programs, look after their keys, measure it, or make its weights again."""
    if arguments[:1] in (["serve"], ["key"]):
        from broadsheet.scoring.perspective.command import main as perspective

        return perspective(list(arguments))
    from broadsheet.scoring.training.corpus import Fault
    from broadsheet.scoring.training.run import STEPS
    from broadsheet.scoring.weights import Untrusted

    parser = argparse.ArgumentParser(
        prog="broadsheet scorer", description="Measures the scorer, and makes its weights."
    )
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("serve", help="answer by the protocol of the Perspective API")
    actions.add_parser("key", help="add, list and remove the keys of those who may ask")
    _measuring(
        actions.add_parser("evaluate", help="all figures of the model card, on rows that were never learned from")
    )
    _measuring(actions.add_parser("bias", help="the bias gate: exit status 1 where a term fails"), data=False)
    train = actions.add_parser("train", help="make the weights again, step by step")
    train.add_argument("step", choices=STEPS)
    train.add_argument("--data", type=Path, required=True, help="the folder with the labelled comments")
    train.add_argument(
        "--base", type=Path, help="the base model's folder; found by itself where its package is installed"
    )
    train.add_argument("--work", type=Path, default=Path("var/scorer"), help="what is kept between the steps")
    train.add_argument("--into", type=Path, help="where the weights go, if not into the package")
    given = parser.parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    action: Callable[[argparse.Namespace], int] = {"evaluate": _evaluate, "bias": _bias, "train": _train}[given.action]
    try:
        return action(given)
    except (Fault, Untrusted) as fault:
        _say(f"broadsheet: {fault}")
    except ModuleNotFoundError as fault:
        _say(
            f"broadsheet: {fault.name} is not installed; `pip install -r requirements/train.in` brings what is needed."
        )
    except OSError as fault:
        _say(f"broadsheet: {fault.filename or fault} cannot be used ({fault.strerror or type(fault).__name__}).")
    return 2


def _measuring(parser: argparse.ArgumentParser, *, data: bool = True) -> None:
    if data:
        parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled comments")
        parser.add_argument("--rows", type=int, default=2_000, help="of each set at most")
        parser.add_argument(
            "--baseline", action="store_true", help="beside a TF-IDF of the same rows; needs scikit-learn"
        )
        parser.add_argument("--write", action="store_true", help="into the package, as the model card's figures")
    parser.add_argument("--ngrams-only", action="store_true", help="as it is without the extra")


def _evaluate(given: argparse.Namespace) -> int:
    from broadsheet.scoring.measuring import evaluate
    from broadsheet.scoring.scorer import LocalScorer

    card = evaluate.evaluate(
        given.data,
        LocalScorer(transformer=not given.ngrams_only),
        _say,
        most=given.rows,
        baseline=given.baseline,
    )
    if given.write:
        evaluate.write(card)
    sys.stdout.write(json.dumps(card, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _bias(given: argparse.Namespace) -> int:
    from broadsheet.scoring.measuring import bias
    from broadsheet.scoring.scorer import LocalScorer

    scorer = LocalScorer(transformer=not given.ngrams_only)
    found: dict[str, Any] = bias.summary(bias.table(lambda text: scorer.logits(text)["toxic"], scorer.threshold))
    for row in found["terms"]:
        told = "" if row["passes"] else f"  fails ({row['worst_way']})"
        sys.stdout.write(f"{row['term']:<20} flagged {row['flagged']:6.1%}  BPSN {row['bpsn']:.3f}{told}\n")
    most, least = found["most flagged"], found["least bpsn"]
    said = "passes" if found["passes"] else "FAILS"
    sys.stdout.write(
        f"{said}: {most:.1%} flagged at most ({found['worst flagged']}), BPSN {least:.3f} at least "
        f"({found['worst bpsn term']})\n"
    )
    return 0 if found["passes"] else 1


def _train(given: argparse.Namespace) -> int:
    from broadsheet.scoring import weights
    from broadsheet.scoring.training import run

    base = given.base or run.base_folder()
    run.run(given.step, data=given.data, base=base, work=given.work, folder=given.into or weights.FOLDER)
    return 0
