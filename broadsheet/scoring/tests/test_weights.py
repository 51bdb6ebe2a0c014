from __future__ import annotations

import json
import shutil

import pytest

from broadsheet.scoring import weights
from broadsheet.scoring.training.corpus import LEARNABLE, SOURCES, fingerprint, to_learn

FILES = weights.files()
MOST_BYTES = 35 * 1024 * 1024


def test_every_weights_file_has_a_manifest_that_names_data_licences_script_and_hash():
    assert FILES
    for file in FILES:
        said = weights.manifest(file)
        assert (said.file, said.sha256, said.bytes) == (file.name, weights.sha256(file), file.stat().st_size), file.name
        assert said.licence and said.made_by and (said.data or said.base), file.name


def test_nothing_was_learned_from_a_set_that_is_not_free_for_commercial_use():
    for file in FILES:
        for source in weights.manifest(file).data:
            assert source["name"] == "own sentences" or source["name"] in LEARNABLE, (file.name, source["name"])
            assert "NC" not in source["licence"], (file.name, source["name"])
            assert source["rows"]


def test_the_sets_under_non_commercial_licences_cannot_be_learned_from(tmp_path):
    assert all("NC" not in SOURCES[name].licence for name in LEARNABLE)
    for name in set(SOURCES) - LEARNABLE:
        with pytest.raises(PermissionError):
            to_learn((name,), tmp_path)


def test_weights_that_nobody_vouches_for_are_refused(tmp_path):
    shutil.copy(weights.FOLDER / "words.txt", tmp_path)
    with pytest.raises(weights.Untrusted):
        weights.trusted("words.txt", tmp_path)
    weights.describe(tmp_path / "words.txt", what="", licence="", made_by="", data=[])
    assert weights.trusted("words.txt", tmp_path)[0].exists()
    with (tmp_path / "words.txt").open("a") as file:
        file.write("another\t1\t0\n")
    with pytest.raises(weights.Untrusted):
        weights.trusted("words.txt", tmp_path)


def test_the_weights_are_small_enough_to_ship():
    assert sum(file.stat().st_size for file in FILES) <= MOST_BYTES


def test_a_manifest_is_plain_json():
    for file in FILES:
        assert json.loads(file.with_name(file.name + weights.SUFFIX).read_text("utf-8"))


def test_a_text_is_on_the_same_side_however_it_is_written():
    assert fingerprint("Hello,  World!") == fingerprint("hello world") != fingerprint("hello, word")
