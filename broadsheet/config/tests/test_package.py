"""What `pip install broadsheet` brings: a newsroom from nothing, far from our source tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from broadsheet.config.tests.conftest import ROOT
from broadsheet.config.tests.test_serve import Serving, get

pytestmark = pytest.mark.long

BUILD = "import setuptools.build_meta as build; print(build.build_sdist('dist'))"


def ran(*command, folder, **facts):
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, **facts)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


@pytest.fixture
def installed(tmp_path):
    """A fresh environment with our package built from its source distribution; the libraries are this one's."""
    source, home = tmp_path / "source", tmp_path / "home"
    for name in ran("git", "ls-files", "-z", folder=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    ran(sys.executable, "-m", "venv", str(home), folder=tmp_path)
    python = str(home / "bin" / "python")
    got = subprocess.run([python, "-m", "pip", "install", "-q", "setuptools>=77"], capture_output=True, text=True)
    if got.returncode:
        pytest.skip("no package index can be reached, so no package can be built")
    archive = source / "dist" / ran(python, "-c", BUILD, folder=source).splitlines()[-1]
    ran(python, "-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", str(archive), folder=tmp_path)
    shutil.rmtree(source)
    packages = Path(
        ran(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=tmp_path).strip()
    )
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return home / "bin" / "broadsheet"


def test_an_installed_package_makes_and_serves_a_newsroom(installed, tmp_path):
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_", "PYTHON"))
    }
    command = str(installed)
    ran(command, "init", "paper", folder=tmp_path, env=env)
    folder = tmp_path / "paper"
    ran(command, "migrate", "--verbosity", "0", folder=folder, env=env)
    who = ("--email", "ada@example.org", "--name", "Ada Ash", "--password-stdin")
    ran(command, "createadmin", *who, folder=folder, env=env, input="four words chosen by dice\n")
    serving = Serving(folder, command=[command], env=env)
    try:
        serving.hear("The paper is at")
        status, head, body = get(serving.port, "/", "Accept-Encoding: identity")
        assert status == 200
        assert "set-cookie" not in head
        sheet = re.search(rb'href="(/static/stories/[^"]+\.[0-9a-f]{12}\.css)"', body)
        assert get(serving.port, sheet[1].decode())[0] == 200
        assert get(serving.port, "/readyz")[0] == 200
        assert get(serving.port, "/desk/")[0] == 302
    finally:
        assert serving.stop() == 0
