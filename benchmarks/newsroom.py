"""A newsroom for measuring: temporary, with one story, and served by the very command that operators use."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
ROOM = 4  # more replies that a story's page shows in each of the conversations made here

NAMES = (
    "Anna Birch", "Bert Cole", "Cora Dunn", "Dora Elm", "Emil Frost", "Fay Grant", "Gus Hart", "Hope Ives",
    "Ned Jessop", "Una Kerr", "Kurt Lane", "Lena Marsh", "Max North", "Nora Orr", "Otto Penn", "Pia Quist", "Rex Stone",
    "Sue Todd", "Tom Usher", "Vera West",
)  # fmt: skip
VOCABULARY = (
    "bridge river council winter lamps walkers vote engineers report cost town school market morning shop street fire "
    "money road Tuesday neighbours weather repair iron bus children petition evening traffic plan promise budget bench "
    "mill harbour ticket queue doctor library roof window summer letter mayor question answer number reason trouble"
)
PARTICLES = "the a of and to in that it is was for on are as with they at this have from or had by but not what all"
WORDS, SMALL = VOCABULARY.split(), PARTICLES.split()


def words(dice: random.Random, number: int) -> str:
    """So many words that read like a comment to a compressor."""
    return " ".join(dice.choice(SMALL if place % 3 else WORDS) for place in range(number)) + "."


def stop(sentence: str) -> None:
    """End without an error: a plain machine lacks what this measurement needs."""
    print(f"benchmarks: {sentence}")
    sys.exit(0)


_given: set[int] = set()


def free_port() -> int:
    """A port nobody uses at this moment, another one at each call."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = int(listening.getsockname()[1])
        if port not in _given:
            _given.add(port)
            return port


@dataclass
class Newsroom:
    """A folder, a database and, while `serving`, a running paper."""

    folder: Path
    port: int = field(default_factory=free_port)
    live_port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fill(self, comments: int) -> Any:
        """One public story with so many comments on its first page: half of them replies. Returns the story."""
        from broadsheet.accounts.models import Reader
        from broadsheet.core import clock
        from broadsheet.delivery.freshness import touch
        from broadsheet.delivery.tags import FRONTS, SECTIONS, story_tag
        from broadsheet.discussion.actions import post_comment, thread_for
        from broadsheet.stories.models import Section, Story

        dice = random.Random(2014)
        section = Section.objects.create(name="Town", slug="town", position=1)
        story = Story.objects.create(
            headline="Council votes to keep the old bridge", slug="bridge", section=section, place="HARLOW MILLS",
            standfirst="The vote was seven to four.", live=True,
            body_html="".join(f"<p>{words(dice, 60)}</p>" for _ in range(12)),
            published_at=clock.now() - timedelta(hours=1),
        )  # fmt: skip
        touch(story_tag(story.pk), FRONTS, SECTIONS)  # as publication does
        readers = [Reader.objects.create_user(f"r{n}@example.org", name) for n, name in enumerate(NAMES)]
        thread = thread_for(story)
        for number in range(comments // 2):
            author, other = readers[number % 20], readers[(number + 7) % 20]
            first = post_comment(author=author, thread=thread, body=words(dice, 60))
            post_comment(author=other, thread=thread, body=words(dice, 30), parent=first)
        return story

    @property
    def database(self) -> str:
        from django.db import connection

        return "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"

    def session(self, name: str = "Wanda Writer") -> str:
        """The cookie of a signed-in reader of that name."""
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from broadsheet.accounts.models import Reader

        address = f"{name.lower().replace(' ', '.')}@example.org"
        reader = Reader.objects.create_user(address, name, secrets.token_urlsafe(16))
        session = SessionStore()
        session[SESSION_KEY] = str(reader.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
        session.create()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    @contextlib.contextmanager
    def serving(self) -> Iterator[subprocess.Popen[str]]:
        """`broadsheet serve`, until the block ends."""
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--live-port", str(self.live_port)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            for line in process.stdout:
                if "The paper is at" in line:
                    break
            else:
                sys.exit("benchmarks: the paper did not start.")
            yield process
        finally:
            process.terminate()
            process.wait(30)
            if process.stdout:
                process.stdout.close()

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """One anonymous request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


@contextlib.contextmanager
def temporary_newsroom(database_url: str = "") -> Iterator[Newsroom]:
    """A newsroom of its own, settings read, tables made; gone afterwards (a PostgreSQL database is emptied first)."""
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-benchmark-"))
    newsroom = Newsroom(folder)
    for name in [name for name in os.environ if name.startswith("BROADSHEET_")]:
        del os.environ[name]
    os.environ |= {
        "BROADSHEET_SECRET_KEY": secrets.token_urlsafe(48),
        "BROADSHEET_DATA_DIR": str(folder),
        "BROADSHEET_PORT": str(newsroom.port),
        "BROADSHEET_LIVE_PORT": str(newsroom.live_port),
        "BROADSHEET_COMMENTS_PER_MINUTE": "1000000",
        "BROADSHEET_REACTIONS_PER_MINUTE": "1000000",
        "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings",
    }
    if database_url:
        os.environ["BROADSHEET_DATABASE_URL"] = database_url
    try:
        import django

        django.setup()
        _make_tables()
        yield newsroom
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_tables() -> None:
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        if not str(connection.settings_dict["NAME"]).endswith("_benchmark"):
            sys.exit("benchmarks: the PostgreSQL database is emptied, so its name must end in _benchmark.")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    call_command("migrate", verbosity=0)


class SignedIn:
    """A signed-in reader with one connection, who sends the forms of a page as its elements do."""

    def __init__(self, newsroom: Newsroom, cookie: str) -> None:
        self._cookie, self._origin, self._token = cookie, newsroom.address, ""
        self._connection = HTTPConnection("127.0.0.1", newsroom.port, timeout=30)

    def open(self, address: str) -> None:
        """Read a page with a form, for its token."""
        self._connection.request("GET", address, headers={"Cookie": self._cookie})
        answer = self._connection.getresponse()
        self._token = hidden(answer.read().decode(), "csrfmiddlewaretoken")
        given = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
        self._cookie = "; ".join([self._cookie, *given])

    def send(self, address: str, **form: str) -> tuple[Any, float, float]:
        """What was answered, when it was sent, and when the answer was read. Ends the measurement at a refusal."""
        headers = {
            "Cookie": self._cookie, "Origin": self._origin, "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        sent = time.perf_counter()
        self._connection.request("POST", address, urlencode({"csrfmiddlewaretoken": self._token, **form}), headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status not in {200, 201}:
            raise RuntimeError(f"{address} was answered with {answer.status}: {text[:300]!r}")
        return json.loads(text), sent, time.perf_counter()


class Respecters:
    """Signed-in readers who show respect for comments, and take it back, at a steady pace together."""

    def __init__(self, newsroom: Newsroom, cookies: list[str], comments: list[int], a_second: float) -> None:
        self._people = [SignedIn(newsroom, cookie) for cookie in cookies]
        self._comments, self._pause = comments, len(cookies) / a_second
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(turn, person), daemon=True)
            for turn, person in enumerate(self._people)
        ]
        self.took: list[float] = []
        self.began = 0.0

    def start(self) -> None:
        self.began = time.perf_counter()
        for thread in self._threads:
            thread.start()

    def end(self) -> float:
        """Stop; gives how many a second there were."""
        self._ended.set()
        for thread in self._threads:
            thread.join(30)
        return len(self.took) / (time.perf_counter() - self.began)

    def _run(self, turn: int, person: SignedIn) -> None:
        person.open(f"/comments/{self._comments[0]}/respect/")
        next_at = time.monotonic() + self._pause * turn / len(self._people)
        number = turn
        while not self._ended.wait(max(0.0, next_at - time.monotonic())):
            comment = self._comments[number // 2 % len(self._comments)]
            _, sent, answered = person.send(f"/comments/{comment}/respect/", choice="no" if number % 2 else "yes")
            self.took.append(answered - sent)
            number += 1
            next_at += self._pause


class Writer(threading.Thread):
    """Posts replies over HTTP at a steady pace, and asks as an anonymous reader when each can be read."""

    def __init__(self, newsroom: Newsroom, path: str, parents: list[int], cookie: str, a_second: float) -> None:
        super().__init__(daemon=True)
        self._newsroom, self._path, self._parents = newsroom, path, parents
        self._pause = 1 / a_second
        self._number = 0
        self._dice = random.Random(5)
        self._ended = threading.Event()
        self._connection = HTTPConnection("127.0.0.1", newsroom.port, timeout=30)
        self._cookie = cookie
        self.fresh: list[float] = []  # seconds from the accepted post until an anonymous read shows it
        self.took: list[float] = []  # seconds of the post itself

    def end(self) -> None:
        """Stop after the present post."""
        self._ended.set()
        self.join(30)

    def run(self) -> None:
        next_at = time.monotonic()
        while not self._ended.is_set() and self._number < len(self._parents) * ROOM:
            self._post_one()
            next_at += self._pause
            self._ended.wait(max(0.0, next_at - time.monotonic()))

    def _post_one(self) -> None:
        parent = self._parents[self._number % len(self._parents)]
        self._number += 1
        address = f"/comments/{parent}/reply/"
        page, cookies = self._ask("GET", address)
        token = hidden(page, "csrfmiddlewaretoken")
        mark = f"Mark {secrets.token_hex(8)}."
        text = f"{words(self._dice, 30)} {mark}"
        form = {"csrfmiddlewaretoken": token, "key": hidden(page, "key"), "body": text}
        began = time.perf_counter()
        self._ask("POST", address, urlencode(form), cookies)
        accepted = time.perf_counter()
        self.took.append(accepted - began)
        while mark.encode() not in self._newsroom.get(self._path)[1]:
            if time.perf_counter() - accepted > 10:
                sys.stderr.write("benchmarks: a posted comment was not shown within ten seconds.\n")
                return
        self.fresh.append(time.perf_counter() - accepted)

    def _ask(self, method: str, path: str, body: str | None = None, cookies: str = "") -> tuple[str, str]:
        headers = {"Cookie": "; ".join(filter(None, [self._cookie, cookies])), "Origin": self._newsroom.address}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status not in {200, 302, 303}:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {_sentence(text)}")
        set_cookies = answer.headers.get_all("Set-Cookie") or []
        return text, "; ".join(cookie.partition(";")[0] for cookie in set_cookies)


def hidden(page: str, name: str) -> str:
    """The value of a form's hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="{name}"', page)
    return (found[1] or found[2]) if found else ""


def _sentence(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2] or page).split())[:300]
