"""The service as its callers meet it: in this process for what is said, and really served for how it travels."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from broadsheet.scoring.perspective.keys import Keys, block, hashed
from broadsheet.scoring.perspective.service import Service
from broadsheet.scoring.perspective.suggestions import Suggestions
from broadsheet.scoring.perspective.tests.keywords import Keywords

KEY = "bs-a-key-of-the-tests"
IN_BROWSERS = "bs-a-key-in-a-page"
PAGE = "https://www.example.org"


@dataclass
class Heard:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["error"]

    @property
    def error_type(self):
        return self.error["details"][0]["errorType"]


@pytest.fixture
def keys_file(tmp_path):
    """Two keys without limits, the second for a page's scripts."""
    file = tmp_path / "scorer.toml"
    file.write_text(
        block("tests", hashed(KEY), 0, 0, []) + "\n" + block("page", hashed(IN_BROWSERS), 0, 0, [PAGE]),
        encoding="utf-8",
    )
    return file


@pytest.fixture
def scorer():
    return Keywords()


@pytest.fixture
def service(keys_file, scorer):
    return Service(scorer, Keys(keys_file), Suggestions(None, texts=False))


@pytest.fixture
def ask(service):
    """Sends requests to the service in this process."""

    def send(path="/v1alpha1/comments:analyze", body=b"", *, key=KEY, method="POST", headers=(), query="", to=service):
        return asyncio.run(asking(to, path, body, key=key, method=method, headers=headers, query=query))

    return send


async def asking(to, path, body=b"", *, key=KEY, method="POST", headers=(), query="", pieces=None):
    """One request by ASGI."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    waiting = list(pieces if pieces is not None else [body])
    given = "&".join(filter(None, [f"key={key}" if key else "", query]))
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "scheme": "http",
        "query_string": given.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "server": ("127.0.0.1", 8010),
    }
    sent = []

    async def receive():
        piece = waiting.pop(0)
        if piece is None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    await to(scope, receive, send)
    start, *rest = sent
    return Heard(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(piece["body"] for piece in rest),
    )


def comment(text, *attributes, **more):
    """A request for scores."""
    return {"comment": {"text": text}, "requestedAttributes": {name: {} for name in attributes or ("TOXICITY",)}} | more


BUNDLE = ("Content-Type", 'multipart/mixed; boundary="b"')


def bundled(*parts):
    """The body of a batch."""
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def part_of(content_id, wanted, key=KEY):
    """A request for scores as a part of one, as Google's clients write it."""
    head = f"Content-Type: application/http\r\nContent-ID: {content_id}\r\n\r\n"
    target = "/v1alpha1/comments:analyze" + (f"?key={key}" if key else "")
    return f"{head}POST {target} HTTP/1.1\r\n\r\n{json.dumps(wanted)}".encode()


@pytest.fixture
def scores(ask):
    """What is answered about a text."""

    def of(text, *attributes, **more):
        heard = ask(body=comment(text, *attributes, **more))
        assert heard.status == 200, heard.body
        return heard.json

    return of


@dataclass
class Served:
    """A process that serves, with the keyword scorer."""

    port: int
    process: subprocess.Popen
    file: Path
    said: Path

    @property
    def root(self):
        return f"http://127.0.0.1:{self.port}"

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def post(self, path, body, **headers):
        with contextlib.closing(self.connection()) as asking:
            asking.request("POST", path, body, headers)
            answer = asking.getresponse()
            return Heard(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """`broadsheet scorer serve`, for all tests that ask over the network's loopback."""
    with serving(tmp_path_factory.mktemp("scorer")) as one:
        yield one


@contextlib.contextmanager
def serving(folder, extra=""):
    """Runs one until the block ends."""
    file = folder / "scorer.toml"
    file.write_text(
        extra + block("tests", hashed(KEY), 0, 0, []) + "\n" + block("page", hashed(IN_BROWSERS), 0, 0, [PAGE]),
        encoding="utf-8",
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = "import sys; from broadsheet.config.cli import main; sys.argv[0] = 'broadsheet'; main()"
    scorer = "broadsheet.scoring.perspective.tests.keywords:load"
    said = folder / "said.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                command,
                "scorer",
                "serve",
                "--config",
                file,
                "--port",
                str(port),
                "--scorer",
                scorer,
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 60
        while b"The scorer is at" not in said.read_bytes():
            assert process.poll() is None and time.monotonic() < until, said.read_text()
            time.sleep(0.05)
        yield Served(port, process, file, said)
    finally:
        process.terminate()
        process.wait(30)
