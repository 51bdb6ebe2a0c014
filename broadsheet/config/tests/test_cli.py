"""The command's own words."""

from __future__ import annotations

import os

import pytest

import broadsheet
from broadsheet.config.cli import tell_settings_the_ports


def test_without_a_command_ours_are_named_first_and_no_settings_are_needed(run):
    ended = run()
    assert ended.returncode == 0
    for command in ("init DIR", "migrate", "createadmin", "serve", "import"):
        assert f"broadsheet {command}" in ended.stdout


def test_the_version_is_ours(run):
    assert run("--version").stdout == f"broadsheet {broadsheet.__version__}\n"


@pytest.fixture
def ports(monkeypatch):
    """The environment without ports; put back after the test."""
    for name in ("BROADSHEET_PORT", "BROADSHEET_LIVE_PORT"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return lambda: (os.environ.get("BROADSHEET_PORT"), os.environ.get("BROADSHEET_LIVE_PORT"))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], (None, None)),
        (["--port", "9000"], ("9000", None)),
        (["--port=9000", "--live-port=9001"], ("9000", "9001")),
        (["--workers", "2", "--no-live"], (None, "0")),
        (["--port"], (None, None)),
    ],
)
def test_the_ports_given_to_serve_reach_the_settings(ports, arguments, expected):
    tell_settings_the_ports(arguments)
    assert ports() == expected
