"""What the scorer says at the demo's desk: some comments are scored, two are held for it, and decisions remember it."""

from __future__ import annotations

from broadsheet.demo.cast import Cast
from broadsheet.discussion.actions import post_comment
from broadsheet.discussion.models import Thread
from broadsheet.moderation.models import AUTOMATIC, Decision
from broadsheet.scores import actions, asking, late, listeners
from broadsheet.scores.models import Waiting

SCORED = 120  # of the comments that are there; the worker scores the others as the demo runs
DECIDED = 40
SAID = (
    ("hank_brannigan", "Only a fool would vote for that lot again, and you, Osric, are the biggest idiot of them all."),
    ("carl_h", "Shut up, you pathetic little clown. Nobody here wants to hear it."),
)


def scores(cast: Cast, thread: Thread) -> None:
    """Scores on some of the demo's comments, and two that are held for theirs; `thread` is an open discussion."""
    if not asking.is_on():
        return
    decided = Decision.objects.exclude(source__in=AUTOMATIC).order_by("-pk")[:DECIDED]
    first = list(decided.values_list("comment", flat=True))
    Waiting.objects.filter(comment__in=first).update(is_new=True)
    late.work_off(DECIDED, SCORED)
    for decision in Decision.objects.filter(pk__in=[each.pk for each in decided]):
        listeners.decided(decision)
    actions.change_use(by=cast.supervisor, inappropriate="on")
    for name, said in SAID:
        post_comment(author=cast.reader(name), thread=thread, body=said)
    late.work_off(len(SAID), 0)
