"""What the Perspective-compatible service costs beside the model: a scorer that knows one answer, asked by network.

    python -m benchmarks.scorer_service [--requests 3000]

Asked for: less than a millisecond a request. The caller's own share is printed beside it, from a server that answers
fixed bytes.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.measuring import cpu_seconds, machine, median, processes_of, share, working_set
from broadsheet.scoring.answers import Answer, Scores
from broadsheet.scoring.perspective import bodies
from broadsheet.scoring.perspective.keys import block, hashed

KEY = "bs-a-key-of-the-benchmark"
PATH = f"/v1alpha1/comments:analyze?key={KEY}"
TEXT = "The council promised that the bridge would open in May. It is November, and nobody has seen a crane. " * 4
BODY = json.dumps(
    {"comment": {"text": TEXT}, "languages": ["en"], "requestedAttributes": {"TOXICITY": {}}, "doNotStore": True}
).encode()
ALWAYS = Answer(0.03125)
SCORES = Scores("one answer", "en", ALWAYS, {}, ALWAYS, {})


class OneAnswer:
    """A scorer that costs nothing."""

    name, parts = "one answer", ()

    def score(self, texts, stories=(), facts=()):
        """The one answer, so many times."""
        return [SCORES] * len(texts)


def load() -> OneAnswer:
    """The scorer of this measurement."""
    return OneAnswer()


def asked(port: int, times: int) -> list[float]:
    """Milliseconds of each request on one connection that stays open."""
    took = []
    asking = http.client.HTTPConnection("127.0.0.1", port)
    asking.connect()
    asking.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(times):
        began = time.perf_counter()
        asking.request("POST", PATH, BODY, {"Content-Type": "application/json"})
        answer = asking.getresponse()
        answer.read()
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200
    asking.close()
    return took


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Fixed(BaseHTTPRequestHandler):
    """Answers fixed bytes, so that the caller's own cost is known."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Read it and answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--requests", type=int, default=3000)
    given = arguments.parse_args()
    print(machine())
    began = time.perf_counter()
    for _ in range(given.requests):
        bodies.analyze(BODY)
    print(f"reading a body of {len(BODY)} bytes: {(time.perf_counter() - began) / given.requests * 1000:.3f} ms")
    with ThreadingHTTPServer(("127.0.0.1", 0), Fixed) as fixed:
        threading.Thread(target=fixed.serve_forever, daemon=True).start()
        bare = asked(fixed.server_address[1], given.requests)
        fixed.shutdown()
    print(f"fixed bytes by Python's http.server: p50 {median(bare):.3f}, p99 {share(bare, 0.99):.3f} ms")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scorer.toml"
        file.write_text(block("benchmark", hashed(KEY), 0, 0, []), encoding="utf-8")
        port = free_port()
        program = "import sys; from broadsheet.config.cli import main; sys.argv[0] = 'broadsheet'; main()"
        options = ["--config", str(file), "--port", str(port), "--scorer", "benchmarks.scorer_service:load"]
        command = [sys.executable, "-c", program, "scorer", "serve", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            assert process.stdout
            process.stdout.readline()
            asked(port, 200)
            pids = list(processes_of(process.pid))
            before = cpu_seconds(pids)
            ours = asked(port, given.requests)
            used = (cpu_seconds(pids) - before) / given.requests * 1000
            memory = sum(map(working_set, pids))
            began = time.perf_counter()
            callers = [threading.Thread(target=asked, args=(port, given.requests // 8)) for _ in range(8)]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
            together = given.requests // 8 * 8 / (time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(30)
    p50, p99 = median(ours), share(ours, 0.99)
    verdict = "under" if p50 < 1 else "NOT UNDER"
    print(f"the service, one caller: p50 {p50:.3f}, p99 {p99:.3f} ms, {verdict} 1 ms with the caller's own share")
    print(f"its processor time: {used:.3f} ms a request; its memory: {memory:.0f} MB")
    print(f"the service, eight callers in one Python process: {together:,.0f} requests a second")


if __name__ == "__main__":
    main()
