"""What scores need to know of discussions and decisions (settings DISCUSSION_LISTENERS, ARRIVAL_LISTENERS,
DECISION_LISTENERS)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from broadsheet.discussion.happenings import Arrival, Happening, Kind
from broadsheet.moderation.models import Decision, Source
from broadsheet.scores import asking, late, posts, storing
from broadsheet.scores.findings import PREFIX
from broadsheet.scores.models import DecisionScore, Hour, Linked, Score, Use, Waiting
from broadsheet.scores.models import Kind as Answered
from broadsheet.scores.thresholds import Limited

# Decided on a card, which shows the scores (or beside the comment on the paper's own page, which does not: the row says
# no more than that it was a person). The page behind a link in a mail shows what a score has found.
ON_A_CARD = {Source.PERSON, Source.BULK, Source.UNDO, Source.APPEAL}


def heard(happening: Happening) -> None:
    """Keep the score of what was posted or edited, or see to it that it is made."""
    comment = happening.comment
    if not asking.is_on() or happening.kind not in {Kind.POSTED, Kind.EDITED}:
        return
    storing.keep_links(comment, anew=happening.kind == Kind.EDITED)
    post = posts.finish(comment)
    Hour.count(given_up=asking.given_up())
    honeypot = bool(post and post.submission.honeypot)
    is_edited = happening.kind == Kind.EDITED
    if is_edited:  # what was known of other words goes
        Score.objects.filter(comment=comment).delete()
        Waiting.objects.filter(comment=comment).delete()
    if post and post.said:
        storing.keep(comment, post.said, honeypot=honeypot)
        if not (is_edited and late.waits_for_score_alone(comment)):  # an edit publishes nothing: the next run does
            return
    is_late = bool(post and post.is_asked and not post.said)
    row = Waiting.objects.create(comment=comment, late=is_late, honeypot=honeypot)
    transaction.on_commit(partial(late.call_for, row.pk))


def arrived(arrivals: Sequence[Arrival]) -> None:
    """Let what came from elsewhere wait for its score behind everything that is new: it is only measured."""
    if not asking.is_on():
        return
    for each in arrivals:
        if each.other_words:  # what was known of other words goes
            Score.objects.filter(comment=each.comment).delete()
            Waiting.objects.filter(comment=each.comment).delete()
            Linked.objects.filter(comment=each.comment).delete()
    fresh = [each.comment for each in arrivals if each.comment.body and (each.other_words or not each.seen)]
    Linked.objects.bulk_create(
        [Linked(comment=each, host=host) for each in fresh for host in storing.hosts_of(each)], ignore_conflicts=True
    )
    Waiting.objects.bulk_create([Waiting(comment=each, is_new=False) for each in fresh])


def decided(decision: Decision) -> None:
    """Keep what the scorer had said when somebody decided, and whether they saw it."""
    if decision.source == Source.IMPORT:
        return
    score = Score.objects.filter(comment=decision.comment_id).first()
    if score is None:
        return
    limits = Limited(score.model, Use.now())
    thresholds = {kind.value: limits.of(kind, score.language).hold for kind in Answered}
    asked = _asked(decision)
    DecisionScore.objects.create(
        decision=decision,
        model=score.model,
        inappropriate=score.inappropriate,
        spam=score.spam,
        values=score.values,
        thresholds=thresholds,
        shown=asking.is_on() and (decision.source in ON_A_CARD or (decision.source == Source.MAIL and bool(asked))),
        asked=asked,
        above=bool(asked) and (getattr(score, asked) or 0) >= thresholds[asked],
    )


def _asked(decision: Decision) -> str:
    """Which score had spoken about these words, if one had; the one that held them before the one that noted."""
    comment = decision.comment
    flags = comment.flags.current().filter(check_name__in=[f"{PREFIX}{kind}" for kind in Answered])
    name = flags.order_by("-asks_for", "pk").values_list("check_name", flat=True).first()
    return name.removeprefix(PREFIX) if name else ""
