"""The bell is heard by every process that shares its file."""

from __future__ import annotations

import subprocess
import sys

from broadsheet.core.bell import SLOTS, Bell, _slot

ANOTHER_PROCESS = """
import sys
from pathlib import Path
from broadsheet.core.bell import Bell
Bell(Path(sys.argv[1])).ring("story:1")
"""


def test_a_ring_is_heard_under_its_tag_and_as_any(tmp_path):
    bell = Bell(tmp_path / "bell")
    before = bell.heard("story:1"), bell.heard("story:2"), bell.heard_any()
    bell.ring("story:1")
    assert bell.heard("story:1") != before[0]
    assert bell.heard("story:2") == before[1]
    assert bell.heard_any() != before[2]


def test_a_ring_in_another_process_is_heard_here(tmp_path):
    bell = Bell(tmp_path / "bell")
    before = bell.heard("story:1"), bell.heard_any()
    subprocess.run([sys.executable, "-c", ANOTHER_PROCESS, tmp_path / "bell"], check=True)
    assert bell.heard("story:1") != before[0]
    assert bell.heard_any() != before[1]


def test_opening_the_bell_again_forgets_nothing(tmp_path):
    bell = Bell(tmp_path / "bell")
    bell.ring("fronts")
    assert Bell(tmp_path / "bell").heard("fronts") == bell.heard("fronts") != 0


def test_a_trial_rings_no_tag(tmp_path):
    bell = Bell(tmp_path / "bell")
    bell.ring("fronts")
    before = bell.heard_any()
    assert bell.try_it()
    assert bell.heard_any() == before


def test_no_tag_shares_a_slot_with_any_or_with_the_trial():
    slots = {_slot(f"thread:{number}") for number in range(200_000)}
    assert min(slots) >= 1
    assert max(slots) <= SLOTS - 2
