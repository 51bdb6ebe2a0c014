"""Whether a comment is spam: its words, and how it came in. The second counts for more, and needs no model."""

from __future__ import annotations

import math

from broadsheet.scoring.answers import Answer, Facts, Mark
from broadsheet.scoring.detectors import find_links

PRIOR = -2.6  # of a hundred comments a few are spam: what is said before anything is known
WORDS = 0.55  # how far the words are believed: they were learned under videos and in short messages, not under stories
MOST_WORDS = 3.2
# From where on it is spam for a newsroom without approved comments of its own: measuring/spamming.py says how it was
# read, and the card what is found there. So it is for every weights file, and without any.
HELD_FROM = 0.135874
# Up to here less speaks for spam than before anything is known; so high are all comments whose words are not known.
NOTHING_KNOWN = 0.069138
_SHORTENERS = frozenset(
    [
        "bit.ly",
        "tinyurl.com",
        "t.co",
        "goo.gl",
        "ow.ly",
        "is.gd",
        "buff.ly",
        "cutt.ly",
        "rb.gy",
        "t.me",
        "wa.me",
        "shorturl.at",
    ]
)


def spam(text: str, words: float | None, shares: tuple[Mark, ...], facts: Facts | None) -> Answer:
    """The answer, its reasons as codes in the order of their weight. `words` is the words' own logit, if known."""
    facts = facts or Facts()
    reasons = dict(_structure(text, facts))
    if words is not None:
        reasons["words"] = max(-MOST_WORDS, min(MOST_WORDS, WORDS * words))
    logit = PRIOR + sum(reasons.values())
    told = sorted((code for code, weight in reasons.items() if weight > 0.3), key=lambda code: -reasons[code])
    marks = [Mark(start, end, reasons.get("links", 0.5), "link") for start, end, _ in find_links(text)[:8]]
    marks += [mark for mark in shares if reasons.get("words", 0) > 0.3]
    return Answer(round(1 / (1 + math.exp(-logit)), 6), tuple(marks), ",".join(told))


def _structure(text: str, facts: Facts) -> list[tuple[str, float]]:
    """What speaks for spam beside the words, as shares of a logit; what is not known says nothing."""
    found: list[tuple[str, float]] = []
    own = {host.casefold().removeprefix("www.") for host in facts.own_hosts}
    hosts = [host for _, _, host in find_links(text) if host not in own]
    record = {link.host.casefold().removeprefix("www."): link for link in facts.links}
    if facts.honeypot:
        found.append(("honeypot", 6.0))
    if hosts:
        found.append(("links", min(2.2, 0.5 + 0.35 * (len(hosts) - 1))))
        found.append(("only a link", 0.9 if len(text.split()) <= len(hosts) + 4 else 0.0))
        found.append(("shortened link", 0.8 if _SHORTENERS & set(hosts) else 0.0))
    for host in dict.fromkeys(hosts):
        if link := record.get(host):
            odds = math.log((link.rejected + 0.5) / (link.seen + 0.5))
            found.append(("known bad link" if odds > 0 else "known good link", max(-2.0, min(3.5, odds))))
    if facts.near_duplicates:
        found.append(("repeated", min(3.5, 1.2 * math.log2(1 + facts.near_duplicates))))
    if facts.account_minutes is not None and facts.account_minutes < 60:
        found.append(("new account", (1.2 if hosts else 0.5) * (1.5 if facts.account_minutes < 5 else 1.0)))
    if facts.posts_last_hour > 6:
        found.append(("many at once", min(2.5, 0.15 * (facts.posts_last_hour - 6) + 0.4)))
    if facts.approved_before:
        found.append(("approved before", -min(1.8, 0.5 * math.log2(1 + facts.approved_before))))
    return [(code, weight) for code, weight in found if weight]
