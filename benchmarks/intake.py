"""What the newsroom's rules add to a post, and how long a hostile text is looked through.

    python -m benchmarks.intake [--database-url postgresql://…] [--phrases 50000] [--posts 300]

The same comments are posted in turns without this app, as discussions alone would take them, and with every kind of
rule on (but the check by another server and the scores), with lists of 50,000 phrases and 1,000 protected names. The
difference is what the rules add. One comment in five has something that a rule finds, and is held.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.measuring import machine, median, share
from benchmarks.newsroom import PARTICLES, VOCABULARY, temporary_newsroom, words

LETTERS = "abcdefghijklmnopqrstuvwxyz"
HOSTILE = {
    "one letter": "a", "letters set apart": "a ", "i, l and 1": "i1l ", "signs for letters": "!a$",
    "invisible": "\u200b",
    "accents": "a\u0301", "Cyrillic look-alikes": "аес ", "stretched": "aaab", "a listed phrase": "",
    "open links": "[a](",
    "emphasis": "*a", "hosts": "x.", "line breaks": "\n ", "emoji": "😀a",
}  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--phrases", type=int, default=50_000)
    parser.add_argument("--posts", type=int, default=300)
    given = parser.parse_args()
    with temporary_newsroom(given.database_url) as newsroom:
        print(f"{newsroom.database}, {machine()}, {given.phrases:,} phrases, {given.posts} posts of each")
        measure(newsroom, given.phrases, given.posts)


def measure(newsroom: Any, phrases: int, posts: int) -> None:
    """Post in turns without and with rules, then look through hostile texts."""
    from django.conf import settings

    from broadsheet.discussion.actions import thread_for
    from broadsheet.intake import rulesets

    every.update(checks=settings.DISCUSSION_CHECKS, listeners=settings.DISCUSSION_LISTENERS)
    dice = random.Random(2014)
    story = newsroom.fill(100)
    thread = thread_for(story)
    listed = [made_up(dice) for _ in range(phrases)]
    began = time.perf_counter()
    make_rules(listed, [f"{made_up(dice).title()} {made_up(dice).title()}" for _ in range(1000)])
    rulesets.current()
    readers = list(story_readers())
    print(f"making and reading the lists, once: {time.perf_counter() - began:.1f} s")
    took: dict[str, list[Took]] = {"without": [], "with": []}
    judged: list[Took] = []
    for number in range(posts + 20):
        for way, spent in took.items():
            with_rules(way == "with")
            once = posted(dice.choice(readers), thread, body(dice, listed, number))
            if number >= 20:  # the first few warm everything up
                spent.append(once)
        if number >= 20:
            judged.append(asked(readers[0], thread, body(dice, listed, number)))
    report(took, judged, longest(listed, readers[0], thread, dice))
    adversaries(listed)


def body(dice: random.Random, listed: list[str], number: int) -> str:
    """Sixty words that nobody has written before, in every fifth of them a listed phrase."""
    return words(dice, 60) + (f" {dice.choice(listed)}!" if number % 5 == 0 else "") + f" {number}"


@dataclass(frozen=True)
class Took:
    """Milliseconds by the clock, and of the processor: what else runs on the machine lengthens the first."""

    clock: float
    processor: float


def timed(act: Callable[[], Any]) -> Took:
    """How long something takes."""
    clock, processor = time.perf_counter(), time.thread_time()
    act()
    return Took((time.perf_counter() - clock) * 1000, (time.thread_time() - processor) * 1000)


def with_rules(wanted: bool) -> None:
    """With everything this app does for a post, or with discussions' own checks alone."""
    from django.conf import settings

    checks = [path for path in every["checks"] if wanted or "intake" not in path]
    settings.DISCUSSION_CHECKS = checks if wanted else [*checks, *BUILT_IN]
    settings.DISCUSSION_LISTENERS = [path for path in every["listeners"] if wanted or "intake" not in path]


BUILT_IN = ["broadsheet.discussion.checks.links", "broadsheet.discussion.checks.newcomer"]
every: dict[str, list[str]] = {}


def story_readers() -> Any:
    """Everybody who writes."""
    from broadsheet.accounts.models import Reader

    return Reader.objects.filter(is_superuser=False)


def made_up(dice: random.Random) -> str:
    """A word that stands in no comment of ours."""
    word = "".join(dice.choice(LETTERS) for _ in range(dice.randint(6, 14)))
    return word if word not in PARTICLES + VOCABULARY else made_up(dice)


def make_rules(phrases: list[str], names: list[str]) -> None:
    """Every kind of rule but the one that asks another server, and the lists they look in."""
    from broadsheet.accounts.models import Reader
    from broadsheet.intake import actions
    from broadsheet.intake.listings import Read

    boss = Reader.objects.create_superuser("boss@example.org", "Bea Boss")

    def listing(kind: str, entries: list[str]) -> int:
        made = actions.save_listing(by=boss, listing=None, kind=kind, name=kind, read=Read(entries, []))
        return int(made.pk)

    kinds: dict[str, dict[str, Any]] = {
        "phrases": {"listings": [listing("phrases", phrases)], "disguises": True},
        "names": {"listings": [listing("names", names)], "disguises": True},
        "links": {"most": 2, "denied": [listing("hosts", [f"bad{n}.example" for n in range(1000)])]},
        "repeats": {"hours": 24, "share": 80, "least_words": 8, "others": 1},
        "rate": {"comments": 200, "minutes": 1},
        "first": {"comments": 1},
        "young": {"hours": 1},
        "record": {"days": 7, "share": 50, "least": 100},
        "mail": {"listings": [listing("mail", [f"junk{n}.example" for n in range(1000)])]},
        "language": {"languages": "en de"},
    }
    for kind, params in kinds.items():
        rule = actions.save_rule(by=boss, rule=None, kind=kind, name=kind, params=params, asks_for="hold")
        actions.set_state(by=boss, rule=rule, state="on")
    Reader.objects.exclude(pk=boss.pk).update(date_joined="2020-01-01T00:00:00Z")


def posted(author: Any, thread: Any, text: str) -> Took:
    """One post, from the words to the answer."""
    from broadsheet.discussion.actions import post_comment

    return timed(lambda: post_comment(author=author, thread=thread, body=text))


def asked(author: Any, thread: Any, text: str) -> Took:
    """The rules alone."""
    from broadsheet.core.text import comment_html
    from broadsheet.discussion.checks import Submission
    from broadsheet.intake.checks import rules

    submission = Submission(author, thread, text, comment_html(text))
    return timed(lambda: rules(submission))


def longest(listed: list[str], author: Any, thread: Any, dice: random.Random) -> list[Took]:
    """The same for comments as long as a comment may be, each with a listed phrase at its end."""
    return [asked(author, thread, f"{words(dice, 1000)[:4970]} {dice.choice(listed)}") for _ in range(50)]


def report(took: dict[str, list[Took]], judged: list[Took], long: list[Took]) -> None:
    """Print the figures."""
    print(f"{'milliseconds':<36}   p50      p99     of the processor, p50")
    for name, times in (("a post without rules", took["without"]), ("with all of them", took["with"]),
                        ("the rules alone", judged), ("the rules alone, 5,000 characters", long)):  # fmt: skip
        clock, processor = [each.clock for each in times], [each.processor for each in times]
        print(f"{name:<36}{median(clock):7.2f}  {share(clock, 0.99):7.2f}  {median(processor):7.2f}")
    for name in ("clock", "processor"):
        before, after = ([getattr(each, name) for each in took[way]] for way in ("without", "with"))
        added = median([later - sooner for sooner, later in zip(before, after, strict=True)])
        print(f"ADDED, by the {name:<10} {added:6.2f} ms   RATIO {median(after) / median(before):.2f}")


def adversaries(listed: list[str]) -> None:
    """Print how long texts take that are made to be slow, at three lengths."""
    from broadsheet.intake.matching import Matcher

    matcher = Matcher((1, entry, False) for entry in listed)
    print(f"{'looked through, ms':<24}{'1,000':>9}{'10,000':>9}{'100,000':>9}   the last to the one before, by length")
    for name, unit in HOSTILE.items():
        times = []
        for length in (1_000, 10_000, 100_000):
            text = ((unit or listed[0] + " ") * length)[:length]
            times.append(min(looked_through(matcher, text) for _ in range(3)))
        print(f"{name:<24}" + "".join(f"{each:9.2f}" for each in times) + f"   {times[2] / times[1] / 10:.2f}")


def looked_through(matcher: Any, text: str) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    matcher.hits(text)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
