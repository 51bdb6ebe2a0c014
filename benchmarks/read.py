"""Reading a story with its comments: from us, and as a file from nginx, in turns, in one run.

    python -m benchmarks.read [--rounds 5] [--seconds 3] [--database-url postgresql://.../name_benchmark]

Prints the ratio of the two rates: while nobody writes, while five comments a second are posted to that story over HTTP
(and how soon after its acceptance a comment is seen by an anonymous reader), and while twenty readers a second show
respect for its comments or take it back.
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.measuring import Nginx, Rate, cpu_seconds, machine, median, need, processes_of, share, wrk
from benchmarks.newsroom import Newsroom, Respecters, Writer, temporary_newsroom

COMMENTS = 100
POSTS_A_SECOND = 5
RESPECTS_A_SECOND = 20
REQUIRED = 0.5


def main() -> None:
    """Measure both passes and print them."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.read", description=__doc__.split("\n")[0])
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=3, help="of each wrk run")
    arguments.add_argument("--database-url", default="", help="a PostgreSQL database, emptied before; else SQLite")
    given = arguments.parse_args()
    need("nginx", "wrk")
    with temporary_newsroom(given.database_url) as newsroom:
        story = newsroom.fill(COMMENTS)
        cookie = newsroom.session()
        fans = [newsroom.session(f"Fan {name}") for name in ("Ash", "Beech", "Cedar", "Elder", "Fir", "Hazel")]
        parents = list(story.thread.comments.filter(parent=None).values_list("pk", flat=True))
        nginx = Nginx(newsroom.folder)
        print(f"{machine()}; wrk with 32 connections, {given.rounds} rounds of {given.seconds} s each, in turns.")
        with newsroom.serving() as process, nginx.running():
            path = story.get_absolute_url()
            _, packed = newsroom.get(path, **{"Accept-Encoding": "gzip"})
            print(f"The page: {COMMENTS} comments, {len(packed) / 1000:.1f} kB gzipped.")
            quiet = rounds(newsroom, nginx, path, given.rounds, given.seconds)
            report("Nobody writes", quiet)
            writer = Writer(newsroom, path, parents, cookie, POSTS_A_SECOND)
            writer.start()
            busy = rounds(newsroom, nginx, path, given.rounds, given.seconds)
            writer.end()
            report(f"{POSTS_A_SECOND} comments a second are posted", busy)
            print(
                f"  {len(writer.took)} posts accepted: p50 {median(writer.took) * 1000:.1f} ms, "
                f"p99 {share(writer.took, 0.99) * 1000:.1f} ms; "
                f"seen by an anonymous reader after {median(writer.fresh) * 1000:.1f} ms (p50), "
                f"{share(writer.fresh, 0.99) * 1000:.1f} ms (p99)."
            )
            respecters = Respecters(newsroom, fans, parents, RESPECTS_A_SECOND)
            before, began = cpu_seconds(list(processes_of(process.pid))), time.perf_counter()
            respecters.start()
            time.sleep(given.seconds * 2)  # nobody reads: what the reactions alone cost
            spent = cpu_seconds(list(processes_of(process.pid))) - before
            alone, count = time.perf_counter() - began, len(respecters.took)
            lively = rounds(newsroom, nginx, path, given.rounds, given.seconds)
            pace = respecters.end()
            report(f"{pace:.1f} reactions a second are given", lively)
            print(
                f"  {len(respecters.took)} accepted: p50 {median(respecters.took) * 1000:.1f} ms, "
                f"p99 {share(respecters.took, 0.99) * 1000:.1f} ms; while nobody read, one cost "
                f"{spent / count * 1000:.1f} ms of a processor and all {spent / alone:.0%} of one."
            )


def rounds(newsroom: Newsroom, nginx: Nginx, path: str, count: int, seconds: int) -> list[tuple[Rate, Rate]]:
    """nginx and we in turns, each time with the page's present bytes in the file."""
    measured = []
    for _ in range(count):
        nginx.keep(newsroom.get(path, **{"Accept-Encoding": "gzip"})[1])
        theirs, ours = wrk(nginx.address, seconds), wrk(newsroom.address + path, seconds)
        if theirs.faults:
            sys.exit("benchmarks: nginx did not serve the page, so there is nothing to compare with.")
        measured.append((theirs, ours))
    return measured


def report(what: str, measured: list[tuple[Rate, Rate]]) -> None:
    """Medians over the rounds; the ratio is the median of the rounds' own ratios."""
    print(f"{what}:")
    for name, rates in (("nginx", [n for n, _ in measured]), ("Broadsheet", [b for _, b in measured])):
        rate, p50, p99 = (median([getattr(r, fact) for r in rates]) for fact in ("a_second", "p50", "p99"))
        faults = sum(r.faults for r in rates)
        print(f"  {name:<10} {rate:>9,.0f} req/s   p50 {p50:.2f} ms   p99 {p99:.1f} ms   faults {faults}")
    ratio = median([b.a_second / n.a_second for n, b in measured])
    print(f"  RATIO {ratio:.2f} (at least {REQUIRED} is asked for)")


if __name__ == "__main__":
    main()
