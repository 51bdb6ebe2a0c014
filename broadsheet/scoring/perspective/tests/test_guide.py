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
from broadsheet.scoring.perspective.settings import KeySettings, Settings
from broadsheet.scoring.perspective.tests.conftest import KEY

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


def test_the_guides_program_gives_the_thresholds_that_hold_so_many(served, tmp_path):
    comments = ["You idiot"] * 3 + ["Thank you"] * 97 + ["", "Hola"]
    (tmp_path / "approved.txt").write_text("\n".join(comments))
    (program,) = re.findall(r"```python\n(import json.*?)```", MOVING, re.DOTALL)
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, "approved.txt"],
        env=os.environ | {"SCORER": served.root, "KEY": KEY},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.stdout.splitlines() == [
        "1 in 100 good comments held: threshold 0.912",
        "2 in 100 good comments held: threshold 0.912",
        "5 in 100 good comments held: threshold 0.031",
        "10 in 100 good comments held: threshold 0.031",
    ], told.stderr
