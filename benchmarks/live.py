"""A lively discussion on its way to thousands of readers who wait on open streams.

    python -m benchmarks.live [--readers 2000] [--a-second 20] [--seconds 25] [--database-url postgresql://.../name_benchmark]

`broadsheet serve` runs as operators run it. Several signed-in readers post over HTTP, others read the story's page, and
readers in a process of their own follow its stream. Printed: how long after a comment was accepted (and after it was
sent) each reader had it, how many were late or lost, and what it cost, beside a bare broadcast of the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.measuring import cpu_seconds, machine, median, processes_of, share, working_set
from benchmarks.newsroom import Newsroom, SignedIn, temporary_newsroom, words
from benchmarks.streams import Heard, audience, bare_broadcast

WRITERS = ("Ash", "Beech", "Cedar", "Elder", "Fir", "Hazel", "Holly", "Larch", "Maple", "Oak", "Rowan", "Willow")
COMMENTS = 100  # on the story before the first is posted
PAGE_READS = 10  # of the story's page, a second: it is a page that people read
LATE = 1.0  # seconds: what the issue allows
LAST_WORDS = 3.0  # seconds for what was posted last to arrive


@dataclass(frozen=True)
class Posted:
    """One comment's post: when it was sent and when its acceptance was read."""

    id: int
    sent: float
    accepted: float


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__.split("\n")[0])
    arguments.add_argument("--readers", type=int, default=2000)
    arguments.add_argument("--a-second", type=float, default=20, help="comments posted")
    arguments.add_argument("--seconds", type=int, default=25)
    arguments.add_argument("--database-url", default="", help="a PostgreSQL database, emptied before; else SQLite")
    given = arguments.parse_args()
    with temporary_newsroom(given.database_url) as newsroom:
        os.environ["BROADSHEET_LIVE_PER_ADDRESS"] = "1000000"  # every reader here has the same one
        story = newsroom.fill(COMMENTS)
        parents = list(story.thread.comments.filter(parent=None).values_list("pk", flat=True))
        cookies = [newsroom.session(f"Writer {name}") for name in WRITERS]
        revision = story.thread.__class__.objects.get(pk=story.pk).revision
        print(f"{machine()}; {newsroom.database}; load {os.getloadavg()[0]:.1f}.")
        with newsroom.serving() as process:
            live, others = _processes(process.pid)
            empty = working_set(live)
            path = f"/live/threads/{story.pk}?since={revision}"
            with audience(newsroom.live_port, path, given.readers) as collected:
                full = working_set(live)
                before = cpu_seconds([live]), cpu_seconds(others), time.perf_counter()
                posted, reads = post_and_read(newsroom, story, parents, cookies, given.a_second, given.seconds)
                took = time.perf_counter() - before[2]
                spent = cpu_seconds([live]) - before[0], cpu_seconds(others) - before[1]
                heard = collected()
                report_delays(posted, heard, given.readers, given.a_second)
                report_costs(empty, full, working_set(live), spent, took, reads)
        compare(heard, given.readers, spent[0])


def _processes(pid: int) -> tuple[int, list[int]]:
    """The stream server's process, and the others that serve the paper."""
    everybody = processes_of(pid)
    live = [number for number, command in everybody.items() if "broadsheet.live" in command]
    if not live:
        sys.exit("benchmarks: the live process cannot be found; this measurement needs Linux's /proc.")
    return live[0], [number for number in everybody if number != live[0]]


def post_and_read(
    newsroom: Newsroom, story: Any, parents: list[int], cookies: list[str], a_second: float, seconds: int
) -> tuple[list[Posted], list[float]]:
    """Every writer posts at its own steady pace; the last words get their time to arrive."""
    posted: list[Posted] = []
    start = time.perf_counter() + 1
    addresses = [f"/stories/{story.pk}/comments/new/", *(f"/comments/{pk}/reply/" for pk in parents)]
    moments = [start + number / a_second for number in range(round(a_second * seconds))]
    writers = [
        Poster(newsroom, cookie, addresses, moments[number :: len(cookies)], posted)
        for number, cookie in enumerate(cookies)
    ]
    reading = PageReader(newsroom, story.get_absolute_url())
    reading.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(seconds * 4)
    time.sleep(LAST_WORDS)
    reading.end()
    if faults := [writer.fault for writer in writers if writer.fault]:
        sys.exit(f"benchmarks: {len(faults)} writers could not go on; the first: {faults[0]}")
    return posted, reading.took


class Poster(threading.Thread):
    """A signed-in reader who posts as the page's own form does, at the moments given: half of it replies."""

    def __init__(
        self, newsroom: Newsroom, cookie: str, addresses: list[str], moments: list[float], posted: list[Posted]
    ) -> None:
        super().__init__(daemon=True)
        self._person = SignedIn(newsroom, cookie)
        self._addresses, self._moments, self._posted = addresses, moments, posted
        self._dice = random.Random(cookie)
        self.fault = ""

    def run(self) -> None:
        try:
            self._person.open(self._addresses[0])
            for moment in self._moments:
                time.sleep(max(0.0, moment - time.perf_counter()))
                self._post()
        except Exception as fault:
            self.fault = repr(fault)

    def _post(self) -> None:
        address = self._addresses[0] if self._dice.random() < 0.5 else self._dice.choice(self._addresses[1:])
        body = f"{words(self._dice, 30)} Mark {secrets.token_hex(6)}."
        said, sent, accepted = self._person.send(address, key=secrets.token_urlsafe(16), body=body)
        self._posted.append(Posted(said["own"]["id"], sent, accepted))


class PageReader(threading.Thread):
    """Reads the story's page now and then, so that it is one of those made ahead of the bell."""

    def __init__(self, newsroom: Newsroom, path: str) -> None:
        super().__init__(daemon=True)
        self._newsroom, self._path = newsroom, path
        self._ended = threading.Event()
        self.took: list[float] = []

    def end(self) -> None:
        """Stop after the present read."""
        self._ended.set()
        self.join(30)

    def run(self) -> None:
        while not self._ended.wait(1 / PAGE_READS):
            began = time.perf_counter()
            self._newsroom.get(self._path, **{"Accept-Encoding": "gzip"})
            self.took.append(time.perf_counter() - began)


def first_receipts(heard: Heard) -> Iterator[tuple[int, int, float]]:
    """(reader, comment, moment) the first time each reader had each comment."""
    comments = [[entry["id"] for entry in _news(frame)["comments"]] for frame in heard.frames]
    had: defaultdict[int, set[int]] = defaultdict(set)
    for reader, frame, at in zip(heard.reader, heard.frame, heard.at, strict=True):
        for comment in comments[frame]:
            if comment not in had[reader]:
                had[reader].add(comment)
                yield reader, comment, at


def _in_turn(heard: Heard) -> Iterator[tuple[int, int]]:
    """Each message's revision and that of the message before it, reader by reader."""
    revisions = [int(frame[4 : frame.index(b"\n")]) for frame in heard.frames]
    before: dict[int, int] = {}
    for reader, frame in zip(heard.reader, heard.frame, strict=True):
        yield revisions[frame], before.get(reader, 0)
        before[reader] = revisions[frame]


def _news(frame: bytes) -> Any:
    return json.loads(frame.partition(b"\ndata: ")[2])


def report_delays(posted: list[Posted], heard: Heard, readers: int, asked: float) -> None:
    """How soon, how many late, and whether anybody missed anything."""
    by_id = {each.id: each for each in posted}
    since_accepted, since_sent = [], []
    for _, comment, at in first_receipts(heard):
        if each := by_id.get(comment):
            since_accepted.append(at - each.accepted)
            since_sent.append(at - each.sent)
    spans = max(each.sent for each in posted) - min(each.sent for each in posted)
    rate = (len(posted) - 1) / spans
    posts = [each.accepted - each.sent for each in posted]
    print(f"{readers:,} readers of one thread; {len(posted)} comments, {rate:.1f} a second ({asked:g} asked for).")
    if rate < asked * 0.95:
        print("  THE RATE WAS NOT REACHED.")
    print(f"  The post itself: {_spread(posts)}.")
    print(f"  From its acceptance until a reader has it: {_spread(since_accepted)}.")
    print(f"  From its sending until a reader has it: {_spread(since_sent)}.")
    behind = sum(at < before for at, before in _in_turn(heard))
    late = sum(delay > LATE for delay in since_accepted) / len(since_accepted)
    lost = len(posted) * readers - len(since_accepted)
    print(
        f"  Later than {LATE:g} s: {late:.4%}. Lost: {lost} of {len(posted) * readers:,}. "
        f"Cut off: {heard.cut_off}. "
        f"Out of order: {behind}."
    )


def _spread(delays: list[float]) -> str:
    middle, most, last = (1000 * value for value in (median(delays), share(delays, 0.99), max(delays)))
    return f"p50 {middle:.0f} ms, p99 {most:.0f} ms, slowest {last:.0f} ms"


def report_costs(
    empty: float, full: float, after: float, spent: tuple[float, float], took: float, reads: list[float]
) -> None:
    """Memory and processor time of the two sides of `serve`."""
    print(
        f"  The stream process: {empty:.0f} MB before the first reader, {full:.0f} MB with all, {after:.0f} MB after."
    )
    print(f"  Of one processor: the stream {spent[0] / took:.0%}, pages and posts {spent[1] / took:.0%}.")
    print(f"  The story's page was read {len(reads)} times meanwhile: {_spread(reads)}.")


def compare(heard: Heard, readers: int, spent: float) -> None:
    """The same bytes from a server that does nothing but send them."""
    sizes = sorted(len(frame) for frame in heard.frames)
    deliveries = len(heard.frame)
    frames = [heard.frames[number] for number in sorted(set(heard.frame))]
    began, theirs, cpu = bare_broadcast(frames, readers, 0.25)
    lags = [at - began[frame] for frame, at in zip(theirs.frame, theirs.at, strict=True)]
    ours_each, theirs_each = spent / deliveries, cpu / max(1, len(theirs.frame))
    print(f"Bare broadcast of the same {len(frames)} messages (middle one {sizes[len(sizes) // 2] / 1000:.1f} kB):")
    print(f"  From its sending until a reader has it: {_spread(lags)}.")
    print(
        f"  First to last reader of a message: ours {_fan_out(heard)}, bare {_fan_out(theirs)}. "
        f"Processor time a delivery: ours {ours_each * 1e6:.1f} µs, bare {theirs_each * 1e6:.1f} µs; "
        f"RATIO {ours_each / theirs_each:.2f}."
    )


def _fan_out(heard: Heard) -> str:
    moments: defaultdict[int, list[float]] = defaultdict(list)
    for frame, at in zip(heard.frame, heard.at, strict=True):
        moments[frame].append(at)
    spans = [max(each) - min(each) for each in moments.values() if len(each) > 1]
    return f"p50 {median(spans) * 1000:.0f} ms, p99 {share(spans, 0.99) * 1000:.0f} ms"


if __name__ == "__main__":
    main()
