"""The demo newsroom's own rules: lists, six rules in three states, what they found, and a dry run that is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from broadsheet.accounts.models import Reader
from broadsheet.demo.cast import Cast
from broadsheet.discussion.actions import post_comment
from broadsheet.discussion.models import Thread
from broadsheet.intake import actions, runs
from broadsheet.intake.listings import read_lines
from broadsheet.intake.models import Listing, Rule, State

HEATED = (
    "# Words we want to see first. No list of abuse: that is at other places.\nidiot*\ncrook*\nliar*\nshill\nsheeple"
)
REPORTERS = "Nell Okafor\nCasper Lind\nRuth Abara\nInes Calloway"
SAID = (
    ("hank_brannigan", "Every id10t with a level knows that arch 2 moves. I have said so since spring."),
    ("carl_h", "Ask Nell Okafor which of the engineers she had on the telephone, and for how long."),
    ("Osric Dunn", "Please write to the bus company: the number 3 has to stop at the clinic gate before the winter."),
    ("S. Whitby", "Please write to the bus company: the number 3 has to stop at the clinic gate before winter!"),
    ("Marguerite Oyelaran", "Je passe le pont tous les matins à vélo et personne ne m'a jamais demandé mon avis."),
)


def rules(cast: Cast, thread: Thread, now: datetime) -> None:
    """Rules, and comments that they find something in; `thread` is an open discussion."""
    supervisor = cast.supervisor
    heated = _listing(supervisor, Listing.Kind.PHRASES, "Heated words", HEATED, language="English")
    reporters = _listing(supervisor, Listing.Kind.NAMES, "Our reporters", REPORTERS, note="They are written to, too.")
    words = _rule(
        supervisor, "phrases", "Heated words", State.ON, {"listings": [heated], "disguises": True}, minutes=60
    )
    _rule(supervisor, "names", "Our reporters named", State.ON, {"listings": [reporters]}, asks_for="note", minutes=30)
    _rule(supervisor, "links", "More than one link", State.ON, {"most": 1})
    _rule(supervisor, "repeats", "Passed round", State.ON, {"hours": 48, "share": 70, "least_words": 8, "others": 1})
    _rule(supervisor, "language", "Other languages", State.TRIAL, {"languages": "en"})
    first = _rule(supervisor, "first", "First comments", State.OFF, {"comments": 1})
    for name, said in SAID:
        post_comment(author=cast.reader(name), thread=thread, body=said)
    for rule in (words, first):
        run = actions.start_run(by=supervisor, rule=rule, since=now - timedelta(days=30), until=now)
        runs.look.func(run.pk)  # the worker finds it done


def _listing(by: Reader, kind: str, name: str, lines: str, **facts: str) -> int:
    made = actions.save_listing(by=by, listing=None, kind=kind, name=name, read=read_lines(kind, lines), **facts)
    return int(made.pk)


def _rule(by: Reader, kind: str, name: str, state: str, params: dict[str, Any], **facts: Any) -> Rule:
    given = {"asks_for": "hold", **facts}
    rule = actions.save_rule(by=by, rule=None, kind=kind, name=name, params=params, **given)
    return actions.set_state(by=by, rule=rule, state=state)
