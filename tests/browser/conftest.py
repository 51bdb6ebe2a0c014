"""A newsroom as it is run: `broadsheet serve` as a process of its own, looked at with a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from broadsheet.accounts.tests import publishers

_addresses = count()
ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--test-third-party-cookie-phaseout"]  # most browsers keep no cookies of third parties


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Newsroom:
    """A served newsroom in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, self.live_port, self.host_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_"))},
            "BROADSHEET_SECRET_KEY": os.environ["BROADSHEET_SECRET_KEY"],
            "BROADSHEET_SITE_NAME": "The Test Courier",
            "BROADSHEET_SITE_URL": self.url,
            "BROADSHEET_HOSTS": "localhost",  # passkeys belong to a name; browsers know none for an address
            "BROADSHEET_LIVE_PORT": str(self.live_port),
            "BROADSHEET_DATA_DIR": str(folder),
            "BROADSHEET_COMMENTS_PER_MINUTE": "1000",
            "BROADSHEET_TRUSTED_PROXIES": "1",  # so that whoever signs in comes from an address of their own
            "BROADSHEET_SCORE_WAIT_MS": "5000",  # the machine does much else besides
            "BROADSHEET_EMBED_SITES": f"http://localhost:{self.host_port}",  # another site: browsers go by the name
            "BROADSHEET_OUTBOUND_INSIDE": f"localhost:{self.host_port}",
            "BROADSHEET_PUSH_KEY": "3KzvKasA2SoCxsp0iIG_o9B0Ozvl1XDwI63JRKNIWBM",  # RFC 8292's own example
        }
        self.log = folder / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.shell: subprocess.Popen[str] | None = None

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr or done.stdout
        return done.stdout

    def run(self, code: str):
        """Run Python with the newsroom's own settings; what it prints last is read as JSON."""
        if self.shell is None:
            self.shell = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.shell"],
                cwd=ROOT,
                env={**self.environment, "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self.shell.stdin.write(json.dumps(code) + "\n")
        self.shell.stdin.flush()
        answer = json.loads(self.shell.stdout.readline())
        assert not answer["fault"], answer["fault"]
        printed = answer["printed"].strip()
        return json.loads(printed.splitlines()[-1]) if printed else None

    def start(self, *options: str) -> None:
        ports = ["--port", str(self.port), "--live-port", str(self.live_port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *ports, *options],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 180  # on a machine that does much else besides
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(self.url + "/readyz", timeout=2):
                    return
            except OSError:
                continue
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        if self.shell:
            self.shell.communicate(timeout=20)
        if self.process:
            self.process.terminate()
            self.process.wait(20)


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        pytest.skip("no Chromium here: the browser journeys are left out")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # as its other waits: five seconds are few on a machine that does much else
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def newsroom(chromium, tmp_path_factory, django_db_setup, fresh_database):
    folder = tmp_path_factory.mktemp("newsroom")
    room = Newsroom(folder)
    (folder / "publishers.json").write_text(json.dumps(publishers.facts()))
    room.environment["BROADSHEET_SSO_KEYS"] = str(folder / "publishers.json")
    if fresh_database.exists():
        shutil.copy(fresh_database, folder / "broadsheet.sqlite3")
    else:
        room.manage("migrate", "-v0")
    room.manage("shell", "-v0", "-c", (Path(__file__).parent / "cast.py").read_text())
    room.start()
    yield room
    room.stop()


def new_page(chromium, newsroom, *, javascript=True, width=1280, height=900, **options):
    """A page of somebody who has not been here before; `page.faults` is what it complains of."""
    context = chromium.new_context(
        java_script_enabled=javascript,
        viewport={"width": width, "height": height},
        base_url=newsroom.url,
        timezone_id="Europe/Berlin",  # never the newsroom's own, so that a wrong zone shows
        **options,
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.faults = []
    page.on("pageerror", lambda fault: page.faults.append(str(fault)))
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    return page


def enter(page, email):
    """Sign in by the form."""
    page.goto("/accounts/login/")
    # No more than thirty sign in from one address in a minute, and all these journeys are taken by one machine.
    page.set_extra_http_headers({"X-Forwarded-For": f"198.51.100.{next(_addresses) % 250 + 1}"})
    page.get_by_label("E-mail").or_(page.get_by_label("Email")).first.fill(email)
    page.locator("input[type=password]").fill("a long enough pass phrase")
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    page.set_extra_http_headers({})


@pytest.fixture
def open_page(chromium, newsroom):
    """Opens pages of separate people; `javascript=False` for readers without it, `width` for a phone."""
    pages = []

    def open_one(**options):
        pages.append(new_page(chromium, newsroom, **options))
        return pages[-1]

    yield open_one
    for page in pages:
        page.context.close()


def let_in(newsroom, page, email):
    """Sign in without the form: the hash of a password and two pages more are not what most journeys are about."""
    given = newsroom.run(
        "import json, time\n"
        "from django.middleware.csrf import _get_new_csrf_string\n"
        "from django.test import Client\n"
        "from broadsheet.accounts.models import Reader\n"
        "client = Client()\n"
        f"client.force_login(Reader.objects.get(email={email!r}), 'django.contrib.auth.backends.ModelBackend')\n"
        "session = client.session\n"
        f"session['account_authentication_methods'] = [dict(method='password', at=time.time(), email={email!r})]\n"
        "session.save()\n"
        "print(json.dumps(dict(session=session.session_key, csrf=_get_new_csrf_string())))\n"
    )
    given["reader"] = "1"  # the marker that a page's scripts look for
    page.context.add_cookies(
        [
            {"name": name, "value": value, "url": newsroom.url, "httpOnly": name != "reader"}
            for name, value in given.items()
        ]
    )


@pytest.fixture
def sign_in(newsroom):
    return partial(let_in, newsroom)


@pytest.fixture
def sign_in_by_form():
    return enter
