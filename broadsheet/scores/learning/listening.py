"""Learning is told of decisions (setting DECISION_LISTENERS)."""

from __future__ import annotations

from django.db import transaction

from broadsheet.moderation.models import Decision
from broadsheet.scores import asking
from broadsheet.scores.learning import versions


def decided(decision: Decision) -> None:
    """Learn anew after every so many decisions. It asks the database nothing: their numbers count them."""
    if asking.is_on() and decision.pk % versions.EVERY == 0:
        transaction.on_commit(versions.learn_now.enqueue)
