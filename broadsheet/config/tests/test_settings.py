"""A wrong setting stops the start with one sentence: which it is, and how to mend it."""

from __future__ import annotations

import gc
import os
import pwd
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from broadsheet import config
from broadsheet.config.environment import ours_to_use
from broadsheet.config.tests.conftest import SECRET, environment

FAULTS = [
    ({}, "There is no broadsheet.toml in"),
    ({"secret_key": "short"}, "secret_key is too short"),
    ({"secret_key": "a" * 60}, "secret_key is too short"),
    ({"time_zone": "Mars/Olympus"}, "time_zone is 'Mars/Olympus'"),
    ({"site_url": "news.example.org"}, "site_url is 'news.example.org'"),
    ({"site_url": "https://example.org/news"}, "site_url is"),
    ({"comments_open_hours": "two weeks"}, "comments_open_hours is 'two weeks'"),
    ({"comments_open_hours": "0"}, "must be between 1 and"),
    ({"embed_sites": "https://news.example/"}, "embed_sites has 'https://news.example/'"),
    ({"embed_sites": "https://News.example"}, "embed_sites has"),
    ({"port": "99999"}, "port is 99999"),
    ({"live_port": "1.5"}, "live_port is '1.5'"),
    ({"live_url": "https://live.example.org; script-src *"}, "live_url is"),
    ({"debug": "yes"}, "debug is 'yes'"),
    ({"database_url": "mysql://localhost/news"}, "database_url must begin with"),
    ({"hosts": "https://www.news.example"}, "hosts has 'https://www.news.example'"),
    ({"hosts": "www.news.example:443"}, "hosts has 'www.news.example:443'"),
    ({"email_from": "not mail"}, "email_from is 'not mail'"),
    ({"cache_url": "memcached://localhost"}, "cache_url is"),
    ({"email_url": "mail.example.org"}, "email_url must begin with"),
    ({"config": "/nowhere/broadsheet.toml"}, "which is not a file"),
]


@pytest.fixture
def fault(tmp_path, monkeypatch):
    """What stops the reading of settings; how the command tells it, it is asked below."""

    def read(**settings):
        given = environment(**settings)
        for name in os.environ.keys() - given:
            monkeypatch.delenv(name)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(config, "environment", None)  # read anew here, and put back after the test
        monkeypatch.delitem(sys.modules, "broadsheet.config.environment")
        with pytest.raises(ImproperlyConfigured) as stopped:
            runpy.run_path(str(Path(config.__file__).parent / "settings.py"))
        return str(stopped.value)

    yield read
    gc.enable()


@pytest.mark.parametrize(("settings", "sentence"), FAULTS, ids=[sentence for _, sentence in FAULTS])
def test_a_fault_in_the_environment_is_told_in_one_sentence(fault, tmp_path, settings, sentence):
    given = {"data_dir": tmp_path / "data", **({"secret_key": SECRET} if settings else {}), **settings}
    told = fault(**given)
    assert sentence in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_fault_is_all_that_the_command_tells(run, command):
    ended = run(command, secret_key=SECRET, port="99999")
    assert ended.returncode == 1
    assert ended.stderr.startswith("broadsheet: port is 99999")
    assert len(ended.stderr.splitlines()) == 1


FILES = [
    ('secret_key = "never closed', "cannot be read"),
    (f'secret_key = "{SECRET}"\nsite_naem = "The Courier"', "a setting 'site_naem' that Broadsheet does not know"),
    (f'secret_key = "{SECRET}"\nedit_window_minutes = true', "edit_window_minutes is True"),
    (f'secret_key = "{SECRET}"\nedit_window_minutes = [5]', "edit_window_minutes is [5]"),
    (f'secret_key = "{SECRET}"\npre_moderation = 1', "pre_moderation is '1'"),
    (b"\xff\xfe\x00", "cannot be read"),
    ('site_name = "The Courier"', "secret_key is missing in"),
    (f'secret_key = "{SECRET}"\nsite_name = 1984', "site_name is 1984"),
    (f'secret_key = "{SECRET}"\ncontact = ["ada@example.org"]', "contact is ['ada@example.org']"),
    (f'secret_key = "{SECRET}"\nhosts = ["one.example", 2]', "hosts is ['one.example', 2]"),
]


@pytest.mark.parametrize(("content", "sentence"), FILES, ids=[sentence for _, sentence in FILES])
def test_a_fault_in_the_file_is_told_in_one_sentence(fault, tmp_path, content, sentence):
    (tmp_path / "broadsheet.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    told = fault()
    assert sentence in told
    assert len(told.splitlines()) == 1


def test_a_fault_in_the_file_is_all_that_the_command_tells(run, tmp_path):
    (tmp_path / "broadsheet.toml").write_bytes(b"\xff\xfe\x00")
    ended = run("check")
    assert ended.returncode == 1
    assert ended.stderr.startswith("broadsheet: The settings file")
    assert len(ended.stderr.splitlines()) == 1


def test_a_data_folder_that_cannot_be_made_is_told_in_one_sentence(fault, tmp_path):
    (tmp_path / "file").write_text("in the way")
    told = fault(secret_key=SECRET, data_dir=tmp_path / "file" / "data")
    assert "cannot be made" in told
    assert len(told.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_settings_file_that_may_not_be_read_is_told_in_one_sentence(run, tmp_path):
    (tmp_path / "broadsheet.toml").touch(mode=0o000)
    assert "cannot be read (Permission denied): it belongs to" in run("check").stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into every file")
@pytest.mark.parametrize("name", ["run", "media", "broadsheet.sqlite3", "broadsheet.sqlite3-next"])
def test_what_may_be_read_and_not_written_is_told_by_every_command(run, tmp_path, name):
    (tmp_path / "run").mkdir()
    (tmp_path / "media").mkdir()
    (tmp_path / "broadsheet.sqlite3").touch()
    (tmp_path / "broadsheet.sqlite3-next").touch()
    (tmp_path / name).chmod(0o555)
    ended = run("check", secret_key=SECRET, data_dir=tmp_path)
    (tmp_path / name).chmod(0o755)
    assert ended.returncode == 1
    assert f"{tmp_path / name} cannot be " in ended.stderr
    assert "it belongs to" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_who_may_use_a_file_is_named_with_what_to_do(tmp_path):
    me = pwd.getpwuid(os.geteuid()).pw_name
    assert ours_to_use(tmp_path) == f"it belongs to {me}, who must be allowed to (`chmod u+rwX`)"
    assert f"which {me} is not" in ours_to_use(tmp_path / "nowhere")
    if os.geteuid() == 0:
        os.chown(tmp_path, 4242, -1)
        assert "it belongs to user 4242 and this runs as root: give root the folder" in ours_to_use(tmp_path)


SHOW = "from broadsheet.config import settings as s; print({})"


@pytest.fixture
def shown(tmp_path):
    """What the settings are in a newsroom's folder, read from another one."""
    (tmp_path / "paper").mkdir()
    (tmp_path / "elsewhere").mkdir()

    def read(what, lines="", **settings):
        (tmp_path / "paper" / "broadsheet.toml").write_text(f'secret_key = "{SECRET}"\n{lines}\n')
        given = environment(config=tmp_path / "paper" / "broadsheet.toml", **settings)
        command = [sys.executable, "-c", SHOW.format(what)]
        return subprocess.check_output(command, cwd=tmp_path / "elsewhere", env=given, text=True).strip()

    return read


def test_several_may_stand_as_a_list_or_with_commas_between(shown):
    lines = 'hosts = ["one.example", "two.example"]\noutbound_hosts = ["Push.example"]\noutbound_inside = "a:1, b:2"'
    seen = shown("s.ALLOWED_HOSTS[-2:], s.OUTBOUND_HOSTS, s.OUTBOUND_INSIDE", lines)
    assert seen == "['one.example', 'two.example'] ['push.example'] ['a:1', 'b:2']"


def test_what_the_file_names_lies_beside_it_and_what_a_variable_names_where_we_are(shown, tmp_path):
    (tmp_path / "paper" / "breached.txt").touch()
    lines = 'data_dir = "data"\nbreached_passwords = "breached.txt"'
    seen = shown("s.DATA_DIR, s.BREACHED_PASSWORDS", lines)
    assert seen == f"{tmp_path}/paper/data {tmp_path}/paper/breached.txt"
    assert not list((tmp_path / "elsewhere").iterdir())
    assert shown("s.DATA_DIR", lines, data_dir="data") == f"{tmp_path}/elsewhere/data"


def test_check_deploy_names_what_a_public_paper_lacks_and_nothing_it_cannot_set(run, tmp_path):
    given = {"secret_key": SECRET, "data_dir": tmp_path, "site_url": "https://news.example"}
    said = run("check", "--deploy", **given).stderr
    assert all(word in said for word in ("email_url is not set", "trusted_proxies is 0", "live_url is not set"))
    assert "security.W" not in said
    more = {"email_url": "smtp://mail.example", "trusted_proxies": 1, "live_url": "https://news.example"}
    assert "no issues" in run("check", "--deploy", **given, **more).stdout


def test_a_database_that_does_not_answer_is_told_in_one_sentence(run, tmp_path):
    ended = run("migrate", secret_key=SECRET, data_dir=tmp_path, database_url="postgresql://127.0.0.1:1/news")
    assert ended.returncode == 1
    assert "the database refused" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_damaged_database_is_told_in_one_sentence(run, tmp_path, command):
    (tmp_path / "broadsheet.sqlite3").write_bytes(b"no database" * 1000)
    ended = run(command, secret_key=SECRET, data_dir=tmp_path)
    assert ended.returncode == 1
    assert "the database is damaged" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_variable_wins_over_the_file(shown):
    assert shown("s.TIME_ZONE", 'time_zone = "Nowhere"', time_zone="Europe/Berlin") == "Europe/Berlin"
