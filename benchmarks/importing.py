"""How quickly comments of another system come in, and that ten times as many take ten times as long and no more memory.

    python -m benchmarks.importing [--database-url postgresql://.../name_benchmark] [--comments 10000 100000]

A file like Disqus's is written with so many comments under a thousandth as many stories, a third of them replies, in
HTML with links and quotations; each size is brought in by a process of its own, with the stories made, and once more,
when all of it is known. Scores are on, as in a newsroom, and their making is not part of it.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measuring import machine
from benchmarks.newsroom import temporary_newsroom, words

SIZES = [10_000, 100_000]
PER_STORY = 1000  # comments; a paper's liveliest stories have as many
BEGAN = datetime(2012, 3, 7, tzinfo=UTC)


def main() -> None:
    """Measure each size in a newsroom of its own, and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__.split("\n")[0])
    parser.add_argument("--comments", type=int, nargs="+", default=SIZES)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database, emptied before; else SQLite")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        bring(given.one)
    elif len(given.comments) == 1:
        measure(given.comments[0], given.database_url)
    else:
        work = [apart(number, given.database_url) for number in given.comments]
        print(f"A comment of the most takes {work[0] / work[-1]:.2f} times the work of one of the fewest.")


def apart(number: int, database_url: str) -> float:
    """Measure one size in a process of its own, as settings are read once; comments for a second of a processor."""
    command = [sys.executable, "-m", "benchmarks.importing", "--comments", str(number), "--database-url", database_url]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    print(said, end="", flush=True)
    return float(re.findall(r"([\d,]+) for a second", said)[0].replace(",", ""))


def measure(number: int, database_url: str) -> None:
    """Bring so many comments in, and once more."""
    with temporary_newsroom(database_url):
        from django.db import connection

        print(f"{number:,} comments; {connection.vendor}, {machine()}", flush=True)
        file = Path(os.environ["BROADSHEET_DATA_DIR"]) / "disqus.xml"
        write(file, number)
        print(f"  the file has {file.stat().st_size / 2**20:.0f} MB")
        for what in ("new", "known"):
            took, worked, memory = measured(file)
            rate = f"{number / took:,.0f} comments a second ({took:.1f} s)"
            work = f"{number / worked:,.0f} for a second of a processor"
            print(f"  {what}: {rate}, {work}, at most {memory:.0f} MB of memory", flush=True)


def write(file: Path, number: int) -> None:
    """A file of Disqus's anatomy; the same for the same number."""
    dice = random.Random(2014)
    with file.open("w", encoding="utf-8") as out:
        out.write('<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">\n')
        for story in range(-(-number // PER_STORY)):
            out.write(
                f'<thread dsq:id="{story}"><link>https://old.example/{story}</link><title>{words(dice, 6)}</title>'
                f"<createdAt>{moment(story * PER_STORY)}</createdAt><isClosed>true</isClosed></thread>\n"
            )
        for place in range(number):
            out.write(post(dice, place))
        out.write("</disqus>\n")


def post(dice: random.Random, place: int) -> str:
    """One comment; one in three answers an earlier one of its story."""
    first = place - place % PER_STORY
    parent = f'<parent dsq:id="{dice.randrange(first, place)}"/>' if place > first and dice.random() < 1 / 3 else ""
    body = f"<p>{words(dice, 40)} &amp; <b>{words(dice, 2)}</b></p><p>{words(dice, 20)}</p>"
    if place % 10 == 0:
        body = f"<blockquote>{words(dice, 15)}</blockquote>{body}"
    if place % 7 == 0:
        body += f'<p>See <a href="https://source.example/{place}">this</a>.</p>'
    return (
        f'<post dsq:id="{place}"><message><![CDATA[{body}]]></message><createdAt>{moment(place)}</createdAt>'
        f"<isDeleted>{'true' if place % 50 == 3 else 'false'}</isDeleted>"
        f"<isSpam>{'true' if place % 20 == 7 else 'false'}</isSpam>"
        f"<author><name>Reader {place % 997}</name><username>r{place % 997}</username></author>"
        f'<thread dsq:id="{place // PER_STORY}"/>{parent}</post>\n'
    )


def moment(place: int) -> str:
    """A minute after the one before."""
    return (BEGAN + timedelta(minutes=place)).strftime("%Y-%m-%dT%H:%M:%SZ")


def measured(file: Path) -> tuple[float, float, float]:
    """The seconds, those of the processor, and the most memory (MB) of a process that brings the file in."""
    command = [sys.executable, "-m", "benchmarks.importing", "--one", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout
    took, worked, memory = map(float, said.split()[-3:])
    return took, worked, memory


def bring(file: Path) -> None:
    """What the command does; the last line are its seconds, the processor's, and its memory."""
    import django

    django.setup()
    from django.core.management import call_command

    began, working = time.perf_counter(), time.process_time()
    call_command("import", "disqus", str(file), make_stories=True)
    took, worked = time.perf_counter() - began, time.process_time() - working
    print(took, worked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
