"""`broadsheet serve` as an operator runs it: real processes, real ports."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from broadsheet.config.tests.conftest import COMMAND, SECRET, environment

PATIENCE = 60  # seconds before a test gives up; starting takes two or three


def free_ports():
    """Two ports nobody uses, held together so that they are not the same one twice."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def get(port, path, *headers, host="127.0.0.1"):
    """One request; the status, the head and the body."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as asking:
        head = "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers])
        asking.sendall(f"{head}\r\n\r\n".encode())
        answer = b""
        while part := asking.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode("latin-1").lower(), body


def eventually(question):
    """Ask until the answer is yes."""
    never = threading.Event()
    for _ in range(PATIENCE * 20):
        if question():
            return True
        never.wait(0.05)
    return False


def is_there(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(pid):
    """The processes below this one, by number, with the words they were started with."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                number = int(stat.parent.name)
                found[number] = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found |= children(number)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def all_run(serving):
    """A process for the pages, the stream and the worker; granian has a child of its own besides."""
    words = list(children(serving.process.pid).values())
    return all(sum(name in w for w in words) == 1 for name in ("spawn_main", "broadsheet.live", "broadsheet.jobs"))


class Serving:
    """A running `broadsheet serve`."""

    def __init__(self, folder, *arguments, command=COMMAND, env):
        self.port, self.live_port = free_ports()
        self.process = subprocess.Popen(
            [*command, "serve", "--port", str(self.port), "--live-port", str(self.live_port), *arguments],
            cwd=folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said, self._lines = [], queue.Queue()
        for stream in (self.process.stdout, self.process.stderr):
            threading.Thread(target=self._listen, args=(stream,), daemon=True).start()

    def _listen(self, stream):
        with stream:
            for line in stream:
                self._lines.put(line)

    def hear(self, words):
        """Wait until it says this."""
        while not any(words in line for line in self.said):
            try:
                self.said.append(self._lines.get(timeout=PATIENCE))
            except queue.Empty:
                pytest.fail(f"It did not say {words!r}, but: {''.join(self.said)}")

    def stop(self, number=signal.SIGTERM):
        """Tell it to stop; gives its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def start(tmp_path, database_url):
    started = []

    def run(*arguments):
        settings = {"secret_key": SECRET, "debug": "true", "data_dir": tmp_path, "database_url": database_url}
        serving = Serving(tmp_path, *arguments, env=environment(**settings))
        started.append(serving)
        serving.hear("The paper is at")
        return serving

    yield run
    for serving in started:
        if serving.process.poll() is None:
            serving.stop(signal.SIGKILL)


def test_serve_answers_starts_again_what_dies_and_ends_without_leaving_anyone(start, database_url, tmp_path):
    serving = start()
    assert any(f"http://127.0.0.1:{serving.port}/" in line for line in serving.said)
    assert get(serving.port, "/healthz")[0] == 200
    assert get(serving.port, "/readyz")[0] == 200
    assert get(serving.port, "/about/", host=f"localhost:{serving.port}")[0] == 200  # as people type it
    assert get(serving.port, "/about/", host="other.example")[0] == 400
    _, head, _ = get(serving.port, "/")
    assert connects_to(head) == ["'self'", f"http://127.0.0.1:{serving.live_port}"]
    assert eventually(lambda: answers(serving.live_port))
    assert get(serving.live_port, "/live/threads/1?since=0")[0] == 404

    mark = tmp_path / "mark"
    kill_below(serving, "broadsheet.live")
    enqueue(database_url, tmp_path, mark, "one ")
    assert eventually(lambda: mark.exists() and mark.read_text() == "one ")
    kill_below(serving, "broadsheet.jobs")
    enqueue(database_url, tmp_path, mark, "two")
    assert eventually(lambda: mark.read_text() == "one two")
    assert eventually(lambda: answers(serving.live_port))
    told = json.loads(get(serving.port, "/readyz")[2])
    assert (told["tasks"]["waiting"], told["tasks"]["worker"]) == (0, True)

    assert eventually(lambda: all_run(serving))
    below = children(serving.process.pid)
    assert serving.stop() == 0
    assert eventually(lambda: not [pid for pid in below if is_there(pid)])
    assert not Path(f"/proc/{serving.process.pid}").exists()


def connects_to(head):
    """Where the policy lets a page's scripts connect to."""
    return re.search(r"connect-src ([^;\r\n]*)", head)[1].split()


def answers(port):
    try:
        return get(port, "/healthz")[0] == 200
    except OSError:
        return False


def kill_below(serving, name):
    """Kill one of serve's processes; returns when it is gone."""
    (pid,) = [pid for pid, words in children(serving.process.pid).items() if name in words]
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not is_there(pid))


def enqueue(database_url, folder, mark, words):
    """Leave a task as a page's process does: from a process of its own, with the newsroom's settings."""
    code = (
        "import django; django.setup();"
        "from broadsheet.jobs.tests.sample_tasks import write;"
        f"write.enqueue({str(mark)!r}, {words!r})"
    )
    env = environment(secret_key=SECRET, data_dir=folder, database_url=database_url)
    env["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
    subprocess.run([sys.executable, "-c", code], env=env, cwd=folder, check=True)


@pytest.mark.any_database
def test_stream_and_background_work_can_be_left_to_another_machine(start, database_url, tmp_path):
    on_sqlite = database_url.startswith("sqlite")
    serving = start("--no-live", "--no-worker", *(["--workers", "3"] if on_sqlite else []))
    if on_sqlite:
        serving.hear("one worker serves best")
    assert connects_to(get(serving.port, "/")[1]) == ["'self'"]
    assert not answers(serving.live_port)
    mark = tmp_path / "mark"
    enqueue(database_url, tmp_path, mark, "done elsewhere")
    env = environment(secret_key=SECRET, data_dir=tmp_path, database_url=database_url)
    worker = subprocess.Popen([*COMMAND, "worker"], cwd=tmp_path, env=env, stdout=subprocess.DEVNULL)
    try:
        assert eventually(mark.exists)
    finally:
        worker.terminate()
    assert worker.wait(PATIENCE) == 0
    below = children(serving.process.pid).values()
    assert not [words for words in below if "broadsheet.jobs" in words or "broadsheet.live" in words]
    # A process that serves and was slow to say that it is well, as on a busy machine, is begun anew: ask again then.
    assert eventually(lambda: sum("spawn_main" in words for words in children(serving.process.pid).values()) == 1)
    assert serving.stop(signal.SIGINT) == 0


@pytest.mark.any_database
def test_nobody_outlives_a_serve_that_was_killed(start):
    serving = start()
    assert eventually(lambda: all_run(serving))
    below = children(serving.process.pid)
    serving.stop(signal.SIGKILL)
    assert eventually(lambda: not [pid for pid in below if is_there(pid)])


@pytest.mark.any_database
def test_nobody_outlives_a_serve_that_was_killed_while_it_started(tmp_path, database_url):
    settings = {"secret_key": SECRET, "debug": "true", "data_dir": tmp_path, "database_url": database_url}
    serving = Serving(tmp_path, env=environment(**settings))
    assert eventually(lambda: all_run(serving))
    below = children(serving.process.pid)
    serving.stop(signal.SIGKILL)
    assert eventually(lambda: not [pid for pid in below if is_there(pid)])


@pytest.fixture
def refused(db, monkeypatch):
    """Why `serve` does not begin with these ports."""
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("It became the process that serves."))

    def ask(*arguments):
        with pytest.raises(CommandError) as fault:
            call_command("serve", *arguments)
        return str(fault.value)

    return ask


@pytest.mark.any_database
def test_a_port_that_is_taken_is_told_in_one_sentence(refused):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("--port", str(port))
    assert f"Port {port} on 127.0.0.1 cannot be used (Address already in use): stop" in said
    assert len(said.splitlines()) == 1


@pytest.mark.any_database
def test_pages_and_stream_cannot_share_a_port(refused):
    assert "cannot share port 9" in refused("--port=9", "--live-port=9")


def test_missing_tables_are_told_before_anything_starts(run, tmp_path):
    ended = run("serve", secret_key=SECRET, debug="true", data_dir=tmp_path)
    assert ended.returncode == 1
    assert "run `broadsheet migrate` first" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
