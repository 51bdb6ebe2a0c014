"""What the guides say is so: every setting and attribute stands there, and the guide's program gives thresholds."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

from broadsheet.scoring.perspective.attributes import ANSWERED
from broadsheet.scoring.perspective.discovery import document
from broadsheet.scoring.perspective.keys import block, hashed
from broadsheet.scoring.perspective.settings import KeySettings, Settings
from broadsheet.scoring.perspective.tests.conftest import KEY, serving

DOCS = Path(__file__).parents[4] / "docs"
MOVING, SCORER = ((DOCS / name).read_text() for name in ("moving-from-perspective.md", "scorer.md"))


def test_every_setting_is_described_with_what_holds_without_it():
    described = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", SCORER, re.MULTILINE))
    names = {field.name: field for of in (Settings, KeySettings) for field in dataclasses.fields(of)}
    assert set(described) == set(names) - {"keys"}
    for name in ("host", "port", "per_second", "per_minute"):
        assert described[name] == str(names[name].default)


def test_every_attribute_is_named():
    for name in ANSWERED:
        assert f"`{name}`" in MOVING or f"`{name.removesuffix('_EXPERIMENTAL')}`" in MOVING
    assert all(name in str(document("http://x")["schemas"]["AnalyzeCommentRequest"]) for name in ANSWERED)


def thresholds(comments, served, folder, key=KEY):
    """What the guide's program says of approved comments."""
    (folder / "approved.txt").write_text("\n".join(comments))
    (program,) = re.findall(r"```python\n(import json.*?)```", MOVING, re.DOTALL)
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, "approved.txt"],
        env=os.environ | {"SCORER": served.root, "KEY": key},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_guides_program_gives_the_thresholds_that_hold_so_many(tmp_path):
    """By a key's quota, and without the comments that are refused."""
    comments = ["You idiot"] * 3 + ["Thank you"] * 97 + ["", "Hola", "long " * 5000]
    with serving(tmp_path, block("quota", hashed("bs-quota"), 50, 3000, [])) as served:
        told = thresholds(comments, served, tmp_path, "bs-quota")
    assert told.stdout.splitlines() == [
        "1 in 100 good comments held: threshold 0.912",
        "2 in 100 good comments held: threshold 0.912",
        "5 in 100 good comments held: threshold 0.031",
        "10 in 100 good comments held: threshold 0.031",
    ], told.stderr
    assert told.stderr.startswith("1 refused and left out, the last with: ")


def test_the_guides_program_says_that_there_are_no_scores_and_why(served, tmp_path):
    told = thresholds(["Thank you"] * 2, served, tmp_path, "bs-wrong")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        "2 refused and left out, the last with: API key not valid. Please pass a valid API key.",
        "There are no scores: no comment in English was answered.",
    ]
    assert thresholds(["Hola"], served, tmp_path).stderr.startswith("There are no scores")
