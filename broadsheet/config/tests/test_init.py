"""`broadsheet init DIR` makes a newsroom and never spoils one."""

from __future__ import annotations

import stat
import tomllib


def test_init_makes_a_folder_with_a_settings_file_that_starts(run, tmp_path):
    ended = run("init", "paper")
    assert ended.returncode == 0
    assert "cd paper && broadsheet migrate && broadsheet createadmin && broadsheet serve" in ended.stdout
    file = tmp_path / "paper" / "broadsheet.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert run("check", folder=tmp_path / "paper").returncode == 0
    assert (tmp_path / "paper" / "media").is_dir()  # everything a newsroom keeps is in its folder


def test_two_newsrooms_never_share_a_secret(run, tmp_path):
    run("init", "one")
    run("init", "two")
    secrets = {
        tomllib.loads((tmp_path / name / "broadsheet.toml").read_text())["secret_key"] for name in ("one", "two")
    }
    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 50


def test_init_leaves_a_newsroom_that_is_there_alone(run, tmp_path):
    run("init", "paper")
    before = (tmp_path / "paper" / "broadsheet.toml").read_text()
    ended = run("init", "paper")
    assert ended.returncode == 1
    assert "already there; nothing was changed" in ended.stderr
    assert (tmp_path / "paper" / "broadsheet.toml").read_text() == before


def test_init_says_when_the_folder_cannot_be_made(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    for where in ("file", "file/paper"):
        ended = run("init", where)
        assert ended.returncode == 1
        assert len(ended.stderr.splitlines()) == 1


def test_init_without_a_folder_says_how_it_is_used(run):
    ended = run("init")
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: broadsheet init DIR")
