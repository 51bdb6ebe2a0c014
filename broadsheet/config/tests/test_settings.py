"""A wrong setting stops the start with one sentence: which it is, and how to mend it."""

from __future__ import annotations

import os

import pytest

from broadsheet.config.tests.conftest import SECRET

FAULTS = [
    ({}, "secret_key is missing"),
    ({"secret_key": "short"}, "secret_key is too short"),
    ({"secret_key": "a" * 60}, "secret_key is too short"),
    ({"time_zone": "Mars/Olympus"}, "time_zone is 'Mars/Olympus'"),
    ({"site_url": "news.example.org"}, "site_url is 'news.example.org'"),
    ({"site_url": "https://example.org/news"}, "site_url is"),
    ({"comments_open_hours": "two weeks"}, "comments_open_hours is 'two weeks'"),
    ({"comments_open_hours": "0"}, "must be between 1 and"),
    ({"port": "99999"}, "port is 99999"),
    ({"live_port": "1.5"}, "live_port is '1.5'"),
    ({"live_url": "https://live.example.org; script-src *"}, "live_url is"),
    ({"debug": "yes"}, "debug is 'yes'"),
    ({"database_url": "mysql://localhost/news"}, "database_url must begin with"),
    ({"database_url": "postgresql://localhost:port/news"}, "a port that is no number"),
    ({"cache_url": "memcached://localhost"}, "cache_url is"),
    ({"email_url": "mail.example.org"}, "email_url must begin with"),
    ({"config": "/nowhere/broadsheet.toml"}, "which is not a file"),
]


@pytest.mark.parametrize(("settings", "sentence"), FAULTS, ids=[sentence for _, sentence in FAULTS])
def test_a_fault_in_the_environment_is_told_in_one_sentence(run, tmp_path, settings, sentence):
    given = {"data_dir": tmp_path / "data", **({"secret_key": SECRET} if settings else {}), **settings}
    ended = run("check", **given)
    assert ended.returncode == 1
    assert ended.stderr.startswith("broadsheet: ")
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "Traceback" not in ended.stderr


FILES = [
    ('secret_key = "never closed', "cannot be read"),
    (f'secret_key = "{SECRET}"\nsite_naem = "The Courier"', "a setting 'site_naem' that Broadsheet does not know"),
    (f'secret_key = "{SECRET}"\nedit_window_minutes = true', "edit_window_minutes is True"),
    (f'secret_key = "{SECRET}"\nedit_window_minutes = [5]', "edit_window_minutes is [5]"),
    (f'secret_key = "{SECRET}"\npre_moderation = 1', "pre_moderation is '1'"),
    (b"\xff\xfe\x00", "cannot be read"),
]


@pytest.mark.parametrize(("content", "sentence"), FILES, ids=[sentence for _, sentence in FILES])
def test_a_fault_in_the_file_is_told_in_one_sentence(run, tmp_path, content, sentence):
    (tmp_path / "broadsheet.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = run("check")
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_data_folder_that_cannot_be_made_is_told_in_one_sentence(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    ended = run("check", secret_key=SECRET, data_dir=tmp_path / "file" / "data")
    assert ended.returncode == 1
    assert "cannot be made" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_settings_file_that_may_not_be_read_is_told_in_one_sentence(run, tmp_path):
    (tmp_path / "broadsheet.toml").touch(mode=0o000)
    assert "cannot be read" in run("check").stderr


def test_a_database_that_does_not_answer_is_told_in_one_sentence(run, tmp_path):
    ended = run("migrate", secret_key=SECRET, data_dir=tmp_path, database_url="postgresql://127.0.0.1:1/news")
    assert ended.returncode == 1
    assert "the database refused" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_variable_wins_over_the_file(run, tmp_path):
    (tmp_path / "broadsheet.toml").write_text(f'secret_key = "{SECRET}"\ntime_zone = "Nowhere"\n')
    assert run("check", time_zone="Europe/Berlin").returncode == 0
