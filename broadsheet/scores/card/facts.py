"""The model card's figures as its page shows them: every one is the evaluation's (`broadsheet scorer evaluate`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from broadsheet.core.language import comma_list, number
from broadsheet.scores.card import words
from broadsheet.scores.card.words import hundredths, named, points, share, with_interval
from broadsheet.scoring import weights
from broadsheet.scoring.measuring import bars

CARD = weights.FOLDER.parent / "card.json"
POOR = 0.6  # functions answered rightly less often than this are named among the failures
NEWS = ("fox", "c3", "ucc")
Card = dict[str, Any]
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of the page; the first cell of each row names it."""

    title: str
    head: Row
    rows: list[Row] = field(default_factory=list)
    note: str = ""
    english: bool = False  # its rows are named in English whatever the page's language: they are what was tested


@cache
def stored() -> Card:
    """The card of the scorer that is shipped."""
    card: Card = json.loads(CARD.read_text("utf-8"))
    return card


@cache
def manifests() -> tuple[weights.Manifest, ...]:
    """What each weights file was made of."""
    return tuple(weights.manifest(file) for file in weights.files())


def asked_for(card: Card) -> list[dict[str, Any]]:
    """What was asked for and what came out, the missed ones first."""
    told = []
    for one in sorted(bars.judged(card), key=lambda one: one.met):
        what, say = words.bar(one.bar.name)
        limit = _("at most %(figure)s") if one.bar.at_most else _("at least %(figure)s")
        found = say(one.found) if one.low is None else with_interval((one.found, one.low, one.high or 0.0), say)
        told.append({"what": what, "asked": limit % {"figure": say(one.bar.asked)}, "found": found,
                     "met": one.met, "by_chance": one.by_chance})  # fmt: skip
    return told


def headline(card: Card) -> dict[str, str]:
    """The few figures that the page's sentences have."""
    talk, bias, disguises = card["wikipedia talk"], card["bias"], card["disguises"]
    return {
        "talk": with_interval(talk["auc"]),
        "flagged": share(bias["most flagged"]),
        "flagged_term": bias["worst flagged"],
        "terms": number(len(bias["terms"])),
        "bpsn": share(bias["least bpsn"]),
        "bpsn_term": bias["worst bpsn term"],
        "disguises": number(len(disguises["by disguise"])),
        "dearest": hundredths(disguises["worst"]),
        "threshold": share(card["threshold at 2 % false alarms"]["chance"]),
        "threshold_rows": number(card["threshold at 2 % false alarms"]["rows"]),
    }


def sets(card: Card) -> Table:
    """How well *inappropriate* does on each set of labelled comments."""
    found = card["inappropriate"]
    return Table(
        _("How well it tells inappropriate comments from others"),
        (_("Comments"), _("how many (inappropriate)"), _("ranks the inappropriate one higher"), _("average precision"),
         _("finds, at 2 false alarms in 100"), _("length alone")),
        [(_set_name(name, one), f"{number(one['rows'])} ({number(one['positive'])})", with_interval(one["auc"]),
          with_interval(one["average precision"]), with_interval(one["recall at 2 % false alarms"]),
          share(one["auc of length alone"])) for name, one in found.items()],
    )  # fmt: skip


def _set_name(name: str, one: dict[str, Any]) -> str:
    called = named(name, words.SETS)
    return called if one["may be learned from"] else _("%(set)s (for measuring only)") % {"set": called}


def perspective(card: Card) -> Table:
    """The same rows by Perspective."""
    found = card["beside Perspective"]
    names = {"auc": _("ranks the inappropriate one higher"), "average precision": _("average precision")}
    return Table(
        _("Compared with the Perspective API"),
        (_("Figure"), _("this scorer"), _("Perspective in 2020"), _("difference, in percentage points")),
        [(names[name], with_interval(found[name]["ours"]), with_interval(found[name]["Perspective 2020"]),
          with_interval(found[name]["difference"], points)) for name in names],
        _("%(rows)s comments from Wikipedia’s talk pages, of which %(toxic)s are toxic.")
        % {"rows": number(found["rows"]), "toxic": number(found["positive"])},
    )  # fmt: skip


def counting_words(card: Card) -> Table | None:
    """The same rows by a much simpler program that learned from the same comments."""
    found = card.get("beside TF-IDF")
    return found and Table(
        _("Compared with a count of words (TF-IDF and logistic regression) that learned from the same comments"),
        (_("Comments"), _("this scorer"), _("the count of words"), _("difference, in percentage points")),
        [(named(name, words.SETS), share(one["ours"]), share(one["tf-idf"]), with_interval(one["difference"], points))
         for name, one in found.items()],
    )  # fmt: skip


def kinds(card: Card) -> Table:
    """The kinds of inappropriate."""
    return Table(
        _("The kinds of inappropriate"),
        (_("Kind"), _("how many"), _("ranks the inappropriate one higher"), _("average precision")),
        [(named(name, words.KINDS), number(one["positive"]), with_interval(one["auc"]),
          with_interval(one["average precision"])) for name, one in card["kinds"].items()],
    )  # fmt: skip


def calibration(card: Card) -> Table:
    """How far its chances are off."""
    return Table(
        _("How far its numbers are from the real shares"),
        (_("Comments"), _("off by, on average, in percentage points")),
        [(named(name, words.SETS), hundredths(off)) for name, off in card["calibration"].items()],
    )  # fmt: skip


def spam(card: Card) -> Table | None:
    """What is found of spam, and held of what is none, at the threshold that comes with the scorer."""
    found = card.get("spam")
    if not found:
        return None
    alone, new = "words known", "words known, new account"
    note = _(
        "The threshold that comes with the scorer is %(threshold)s. Of %(rows)s harmless comments at most two in a "
        "hundred are above it, even if they come from new accounts or are in a language that it does not know."
    )
    return Table(
        _("Spam, at the threshold that comes with the scorer"),
        (_("Comments"), _("spam, how many"), _("found by its words alone"), _("found from a new account"),
         _("harmless, how many"), _("held wrongly"), _("held wrongly from a new account")),
        [(named(name, words.SETS), number(one["spam"]), _interval(one, f"found, {alone}"),
          _interval(one, f"found, {new}"), number(one["harmless"]), _interval(one, f"held wrongly, {alone}"),
          _interval(one, f"held wrongly, {new}")) for name, one in found["sets"].items()],
        note % {"threshold": words.decimals(found["threshold"]), "rows": number(found["rows"])},
    )  # fmt: skip


def _interval(one: dict[str, Any], name: str) -> str:
    return with_interval(one[name]) if name in one else "–"


def functions(card: Card) -> Table:
    """What it does with sentences that each test one thing."""
    hateful, harmless = _("hateful"), _("harmless")
    return Table(
        _("Test sentences, by what they do"),
        (_("Sentences"), _("are"), _("how many"), _("judged correctly")),
        [(named(name, words.FUNCTIONS), hateful if one["hateful"] else harmless, number(one["cases"]),
          share(one["right"])) for name, one in _by_right(card)],
    )  # fmt: skip


def poor_functions(card: Card) -> list[str]:
    """The sentences it fails most, each with its share of right answers."""
    poor = [(name, one) for name, one in _by_right(card) if one["right"] < POOR]
    return [
        _("%(what)s: %(share)s right") % {"what": named(name, words.FUNCTIONS), "share": share(one["right"])}
        for name, one in poor
    ]


def _by_right(card: Card) -> list[tuple[str, dict[str, Any]]]:
    found: dict[str, dict[str, Any]] = card["functions"]["by function"]
    return sorted(found.items(), key=lambda pair: float(pair[1]["right"]))


def news(card: Card) -> list[str]:
    """What it finds under news stories when it is wrong about 2 of 100 harmless comments."""
    found = card["inappropriate"]
    return [
        _("%(set)s: %(share)s found")
        % {"set": named(name, words.SETS), "share": with_interval(found[name]["recall at 2 % false alarms"])}
        for name in NEWS
        if name in found
    ]


def bias(card: Card) -> Table:
    """What it does with harmless sentences about each group of people."""
    return Table(
        _("Harmless sentences, by the word for who somebody is"),
        (_("Word"), _("would be held"), _("ranks below insults"), _("hate against them ranks above harmless sentences"),
         _("held most when")),
        [(one["term"], share(one["flagged"]), share(one["bpsn"]), share(one["bnsp"]),
          named(one["worst_way"], words.WAYS) if one["worst_way"] else "–") for one in card["bias"]["terms"]],
        english=True,
    )  # fmt: skip


def disguises(card: Card) -> Table:
    """What each way to disguise a word costs."""
    return Table(
        _("How much disguised words worsen the ranking, in percentage points"),
        (_("Disguise"), _("of offensive words"), _("of every word")),
        [(named(name, words.DISGUISES), points(one["cost, offensive words"]), points(one["cost, every word"]))
         for name, one in card["disguises"]["by disguise"].items()],
    )  # fmt: skip


def detectors(card: Card) -> list[Table]:
    """How often the detectors are right, the portion to believe first."""
    found = card["advances"]
    return [_portion(name, found[name]) for name in words.PORTIONS if name in found]


def _portion(name: str, portion: dict[str, Any]) -> Table:
    twice = any("other annotator" in portion[detector] for detector in words.DETECTORS)
    earlier = portion.get("earlier", {})
    head = [_("Detector"), _("labelled so"), _("right when it finds one"), _("finds")]
    head += [_("before changes: right"), _("before changes: finds")] if earlier else []
    head += [_("the two annotators differ on"), _("agreement beyond chance (kappa)")] if twice else []
    head += [_("by the other’s labels: right"), _("by the other’s labels: finds")] if twice else []
    rows = []
    for detector, called in words.DETECTORS.items():
        one, before = portion[detector], earlier.get(detector)
        row = [str(called), number(one["positive"]), with_interval(one["precision"]), with_interval(one["recall"])]
        row += [share(before["precision"]), share(before["recall"])] if before else []
        if twice:
            other = one["other annotator"]
            row += [number(other["differs"]), words.decimals(other["kappa"])]
            row += [with_interval(other["precision"]), with_interval(other["recall"])]
        rows.append(tuple(row))
    note = _("%(rows)s comments.") % {"rows": number(portion["rows"])}
    return Table(named(name, words.PORTIONS), tuple(head), rows, note)


def relevance(card: Card) -> Table | None:
    """How often a comment is nearer to its own story than to another."""
    found = card.get("relevance")
    return found and Table(
        _("How often a comment is nearer to its own story than to another"),
        (_("How nearness is judged"), _("pairs"), _("right"), _("right, of comments of 30 words and more")),
        [(named(name, words.RELEVANCE), number(one["pairs"]), with_interval(one["auc"]),
          with_interval(one["auc, 30 words and more"])) for name, one in found.items()],
    )  # fmt: skip


def speed(card: Card) -> Table | None:
    """How fast and how large it is."""
    found = card.get("speed")
    return found and Table(
        _("Speed and size, measured on one processor core"),
        (_("What"), _("measured")),
        [(_("comments a second, everything included"), number(found["comments a second"])),
         (_("comments a second without relevance"), number(found["comments a second without relevance"])),
         (_("words of a comment"), number(found["words of a comment"])),
         (_("megabytes of memory"), number(found["megabytes of memory"])),
         (_("megabytes of files it is made of"), number(found["megabytes of weights"])),
         (_("seconds to the first answer"), words.decimals(found["seconds to the first score"]))],
    )  # fmt: skip


def learned_from(said: tuple[weights.Manifest, ...]) -> list[dict[str, str]]:
    """The data, with its licence and the most rows that any part has learned from."""
    most: dict[str, dict[str, Any]] = {}
    for source in _sources(said):
        if source["rows"] > most.get(source["name"], {"rows": -1})["rows"]:
            most[source["name"]] = source
    return [
        {"what": named(name, words.SETS), "rows": number(source["rows"]), "licence": source["licence"]}
        for name, source in sorted(most.items())
    ]


def _sources(said: tuple[weights.Manifest, ...]) -> Iterator[dict[str, Any]]:
    for one in said:
        yield from one.data


def files(said: tuple[weights.Manifest, ...]) -> list[dict[str, str]]:
    """Each weights file: of what, under which licence, its hash."""
    return [
        {"name": one.file, "sha256": one.sha256, "licence": one.licence.partition(",")[0],
         "base": " · ".join(filter(None, [one.base.get("model", ""), one.base.get("licence", "")])),
         "data": comma_list(source["name"] for source in one.data)}
        for one in said
    ]  # fmt: skip


def page(card: Card, said: tuple[weights.Manifest, ...]) -> dict[str, Any]:
    """Everything the page shows of the card and the manifests."""
    return {
        "model": card["model"],
        "parts": card["parts"],
        "asked": asked_for(card),
        "figures": headline(card),
        "quality": [table for table in (sets(card), perspective(card), counting_words(card), kinds(card),
                                        calibration(card), spam(card)) if table],
        "poor": poor_functions(card),
        "news": news(card),
        "functions": functions(card),
        "bias": bias(card),
        "disguises": disguises(card),
        "detectors": detectors(card),
        "relevance": relevance(card),
        "speed": speed(card),
        "data": learned_from(said),
        "files": files(said),
    }  # fmt: skip
