"""What docs/single-sign-on.md gives to publishers makes tokens that are taken."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.accounts.publisher.keys import read_publishers
from broadsheet.accounts.publisher.tokens import read_token
from broadsheet.accounts.tests import publishers as made
from broadsheet.core import clock

PAGE = (Path(__file__).parents[3] / "docs/single-sign-on.md").read_text()
READER = {"id": "7", "name": "Zoë Oak", "email": "zoe@example.org", "email_verified": True}


def example(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


def read(tmp_path, text, pem):
    keys = "\n".join(
        line.removeprefix("    ") for line in PAGE.split("    [[publishers]]")[1].split("\n\n- **")[0].split("\n")
    )
    for name in re.findall(r'pem_file = "([^"]+)"', keys):
        (tmp_path / name).write_text(pem)
    file = tmp_path / "publishers.toml"
    file.write_text("[[publishers]]" + keys.replace("EdDSA", "RS256" if len(pem) > 200 else "EdDSA"))
    return read_token(text, read_publishers(file), "https://comments.example", clock.now())


def ran(command, file):
    return subprocess.run([*command, str(file)], capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_the_python_example(tmp_path):
    file = tmp_path / "make.py"
    pem = made.private_pem(made.ED)
    file.write_text(f"{example('python')}\nprint(token({pem!r}, 'n', {READER!r}))")
    told = read(tmp_path, ran([sys.executable], file), made.public_pem(made.ED))
    assert (told.subject, told.name, told.email, told.nonce) == ("7", "Zoë Oak", "zoe@example.org", "n")


def test_the_node_example(tmp_path):
    if not (node := shutil.which("node")):
        pytest.skip("Node is not here")
    file = tmp_path / "token.mjs"
    pem, reader = made.private_pem(made.ED), json.dumps(READER)
    file.write_text(f"{example('js')}\nconsole.log(token(`{pem}`, 'n', {reader}));")
    assert read(tmp_path, ran([node], file), made.public_pem(made.ED)).name == "Zoë Oak"


def test_the_php_example(tmp_path):
    if not (php := shutil.which("php")):
        pytest.skip("PHP is not here")
    file = tmp_path / "token.php"
    call = "token($pem, 'n', ['id' => 7, 'name' => 'Zoë', 'email' => 'o@e.example', 'email_verified' => true])"
    file.write_text(f"{example('php')}\n$pem = <<<'PEM'\n{made.private_pem(made.RSA)}PEM;\necho {call};")
    assert read(tmp_path, ran([php], file), made.public_pem(made.RSA)).name == "Zoë"
