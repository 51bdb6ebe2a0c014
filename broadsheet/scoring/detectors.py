"""What in a comment advances its story, by the words of the comment policy: a link, data, an anecdote, an opinion with
reasons, a question, an answer. The cues themselves stand in `cues/en.txt`.

Nothing here was learned, and each answer names the passage it rests on. Length by itself counts for
nothing: in the public corpora it is the whole of "constructive", and nothing is easier to fake. What was said already
is not counted again, and what a comment quotes is left out, for a source that somebody else cited is their merit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.scoring.answers import ADVANCES, Answer, Facts, Mark, Story

MOST = 12_000  # characters that are looked at
FOUND = 0.4  # from which a detector is taken to have found what it looks for
AGAIN = 5  # words in a row that stood there before: they add nothing
_LINK = re.compile(r"\bhttps?://[^\s<>\"')\]]{1,2000}|\bwww\.[^\s<>\"')\]]{2,500}", re.IGNORECASE)
_QUOTE = re.compile(r"(?m)^[ \t]*>.*$")
_SPEECH = re.compile(
    r"[“«„][^“”«»„\n]{15,600}[”»“]|(?<!\w)\"(?=\w)[^\"\n]{15,600}\"(?!\w)"
)  # somebody's words in a sentence
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]+)*[.!?\n]*")


_IN_YEAR = re.compile(r"\b(?=\w)(?:in|since|from|until|between|by|after|before|of) (?:1[89]|20)\d\d\b", re.IGNORECASE)
_ASKING = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|well|also|wait|sorry|please|hi|hello|just curious|serious question)[,:]? ){0,2}"
    r"(?:who|what|when|where|why|how|which|whose|is|are|was|were|do|does|did|can|could|will|would|has|have|should"
    r"|any(?:one|body))\b",
    re.IGNORECASE,
)
CUES = Path(__file__).parent / "cues" / "en.txt"
_CAPITAL = re.compile(r"(?<!\\)[A-Z]")


@cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of a section of the file of cues, for text in small letters.

    Those at a word's beginning are tried at no other place, and there by their first letters.
    """
    lines = [_CAPITAL.sub(lambda found: found[0].lower(), line) for line in _sections()[name]]
    words = "|".join(f"(?:{line[2:]})" for line in lines if line.startswith(r"\b"))
    others = [f"(?:{line})" for line in lines if not line.startswith(r"\b")]
    return re.compile("|".join([rf"\b(?=\w)(?:{words})", *others] if words else others))


@cache
def _sections() -> dict[str, list[str]]:
    """The file's sections, with what stands for words filled in."""
    found: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    lines: list[str] = []
    for line in CUES.read_text("utf-8").splitlines():
        if header := re.fullmatch(r"\[([a-z ]+)\]", line):
            lines = found.setdefault(header[1], [])
        elif line.startswith("= "):
            words[line[2:]] = ""
        elif line and not line.startswith("#"):
            for name, text in words.items():
                line = line.replace("{" + name + "}", text)
            if found:
                lines.append(line)
            else:
                words[list(words)[-1]] = line
    return found


def advances(
    text: str, story: Story | None = None, facts: Facts | None = None, names: Iterable[str] = ADVANCES
) -> dict[str, Answer]:
    """The answers about a comment as it was written: all six, or those asked for."""
    own = _said_once(_without(_QUOTE, _small(text[:MOST])))
    spoken = _without(_SPEECH, own)
    return {name: _DETECTORS[name](spoken if name in _FIRST_HAND else own, story, facts) for name in names}


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The text with blanks in place of what is left out, so that places stay."""
    return pattern.sub(lambda found: " " * len(found[0]), text)


def _small(text: str) -> str:
    """The text in small letters, each in its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(letter.lower()[0] for letter in text)


def _said_once(text: str) -> str:
    """The text with blanks where a run of words stands that stood there before."""
    words = list(_WORD.finditer(text))
    folded = [found[0].casefold() for found in words]
    seen: set[tuple[str, ...]] = set()
    made, last = [], 0
    for at, run in enumerate(zip(*(folded[first:] for first in range(AGAIN)), strict=False)):
        if run in seen:
            start, end = max(last, words[at].start()), words[at + AGAIN - 1].end()
            made += [text[last:start], " " * (end - start)]
            last = end
        seen.add(run)
    return "".join(made) + text[last:]


def _marks(matches: Iterable[re.Match[str]], weight: float, why: str, most: int = 4) -> tuple[Mark, ...]:
    made: list[Mark] = []
    for found in matches:
        start, end = found.span()
        start += len(found[0]) - len(found[0].lstrip())
        end -= len(found[0]) - len(found[0].rstrip())
        if end > start:
            made.append(Mark(start, end, weight, why))
        if len(made) == most:
            break
    return tuple(made)


def _link(text: str, story: Story | None, facts: Facts | None) -> Answer:
    seen = set(story.hosts if story else ())
    own = {_bare(host) for host in (facts.own_hosts if facts else ())}
    marks = []
    for found in _LINK.finditer(text):
        host = host_of(found[0])
        if not host or host in own:
            continue
        marks.append(Mark(*found.span(), 0.5 if host in seen else 1.0, "link-again" if host in seen else "link"))
    if not marks:
        return Answer(0.0)
    best = max(mark.weight for mark in marks)
    return Answer(best, tuple(marks[:8]), "new link" if best == 1 else "seen before")


def host_of(address: str) -> str:
    """The host an address leads to; empty where it is none."""
    try:
        return _bare(urlsplit(address if "://" in address else f"http://{address}").hostname or "")
    except ValueError:
        return ""


def _bare(host: str) -> str:
    return host.casefold().rstrip(".").removeprefix("www.")


def _data(text: str, _story: Story | None, _facts: Facts | None) -> Answer:
    bare = _without(_LINK, text)
    figures = _marks(cue("figure").finditer(bare), 0.45, "figure")
    cited = _marks(cue("citing").finditer(bare), 0.5, "source")
    years = _marks(_IN_YEAR.finditer(bare), 0.15, "year", 2)
    linked = bool(_LINK.search(text))
    score = 0.45 * min(len(figures), 2) + 0.5 * min(len(cited), 2) + 0.15 * bool(years) + 0.5 * linked
    return _answer(score, (*cited, *figures, *years))


def _anecdote(text: str, _story: Story | None, _facts: Facts | None) -> Answer:
    cleared = _without(cue("no tale"), text)
    strong = _marks(cue("tale").finditer(cleared), 0.55, "experience")
    weak = _marks(cue("first person").finditer(cleared), 0.15, "first person", 6)
    score = 0.55 * min(len(strong), 2) + 0.12 * min(len(weak), 4)
    return _answer(score, strong or weak)


def _opinion(text: str, _story: Story | None, _facts: Facts | None) -> Answer:
    reasons = _marks(cue("reason").finditer(text), 0.3, "reason")
    stands = _marks(cue("stand").finditer(text), 0.2, "stand")
    turns = _marks(cue("weighing").finditer(text), 0.1, "weighing", 2)
    said = sum(len(found[0].split()) >= 6 and "?" not in found[0] for found in _SENTENCE.finditer(text))
    backed = min(max(said - 1, 0), 3)  # other full sentences beside it: they count only where somebody argues
    if not reasons:
        score = 0.1 * min(len(stands), 2) + 0.05 * min(len(turns), 2) + (0.08 * backed if stands or turns else 0)
        return _answer(score, stands)
    score = 0.2 * min(len(reasons), 2) + 0.1 * min(len(stands), 2) + 0.05 * min(len(turns), 2) + 0.12 * backed
    return _answer(score, (*reasons, *stands))


def _question(text: str, _story: Story | None, _facts: Facts | None) -> Answer:
    marks: list[Mark] = []
    for found in _SENTENCE.finditer(text):
        sentence = found[0].strip()
        asked = sentence.rstrip("\"'”’) ").endswith("?")
        if not asked and not cue("request").search(sentence):
            continue
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        if cue("rhetorical").search(sentence):
            weight = 0.2
        else:
            weight = 0.9 if cue("request").search(sentence) else 0.7 if _ASKING.search(sentence) else 0.4
        marks.append(Mark(start, start + len(sentence), weight, "question"))
    marks.sort(key=lambda mark: -mark.weight)
    return Answer(marks[0].weight if marks else 0.0, tuple(marks[:3]))


def _answering(text: str, story: Story | None, _facts: Facts | None) -> Answer:
    """Whether it answers what was asked; without what it replies to nobody can say, unless it says so itself."""
    matches = list(cue("answering").finditer(text))
    parent = _small(story.parent) if story else ""
    asked = bool(story and (story.parent_asks or ((parent and _question(parent, None, None).value) or 0) >= 0.4))
    if story is None or not (story.parent or story.parent_asks):
        said = [found for found in matches if "answer" in found[0].lower()]
        return Answer(0.7, _marks(said, 0.7, "answer")) if said else Answer(None, reason="no parent")
    if not asked:
        return Answer(0.1 if matches else 0.0, _marks(matches, 0.1, "answer"))
    tells = bool(cue("figure").search(text) or _LINK.search(text) or cue("citing").search(text))
    replies = not text.strip().endswith("?") and len(text.split()) >= 4
    score = 0.35 * replies + 0.4 * bool(matches) + 0.25 * tells
    return _answer(score, _marks(matches, 0.4, "answer"))


def _answer(score: float, marks: tuple[Mark, ...]) -> Answer:
    ordered = tuple(sorted(marks, key=lambda mark: (-mark.weight, mark.start)))[:8]
    return Answer(round(min(score, 1.0), 3), ordered)


_DETECTORS: Mapping[str, Callable[[str, Story | None, Facts | None], Answer]] = {
    "link": _link,
    "data": _data,
    "anecdote": _anecdote,
    "opinion": _opinion,
    "question": _question,
    "answer": _answering,
}
_FIRST_HAND = {"anecdote", "opinion"}  # a source between quotation marks is a source; a tale there is another's


def find_links(text: str) -> list[tuple[int, int, str]]:
    """The links in a text: where each stands and the host it leads to."""
    return [(*found.span(), host_of(found[0])) for found in _LINK.finditer(text[:MOST]) if host_of(found[0])]
