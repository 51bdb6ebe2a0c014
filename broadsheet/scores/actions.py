"""What supervisors do about scores: say how they are used. Each change is in the record of changes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable, refuse_if
from broadsheet.delivery.freshness import touch
from broadsheet.delivery.tags import SECTIONS
from broadsheet.moderation import changes, rules
from broadsheet.scores import approved, asking
from broadsheet.scores.models import Lateness, State, Threshold, Use

# What may be changed, with what it may be.
MAY_BE: dict[str, Any] = {
    "inappropriate": State.values,
    "spam": State.values,
    "false_alarms": range(1, 501),
    "when_late": Lateness.values,
    "nudges": (True, False),
    "learns": (True, False),
    "trickle": range(1001),
}
FIXED = ("fixed_inappropriate", "fixed_spam")


def why_not_change_use(person: Reader | None) -> str | None:
    """Why this person does not say how scores are used; None when they do."""
    return (
        None if rules.may_supervise(person) else _("Only those who supervise the moderators say how scores are used.")
    )


@transaction.atomic
def change_use(*, by: Reader, **facts: Any) -> Use:
    """Use scores otherwise from now on; `facts` are columns of `Use`, those left out stay as they are.

    Raises Refused, and Unacceptable for what cannot be.
    """
    refuse_if(why_not_change_use(by))
    for name, value in facts.items():
        _require_possible(name, value)
    Use.objects.get_or_create(pk=1)
    use = Use.objects.select_for_update().get(pk=1)
    before = facts_of(use)
    for name, value in facts.items():
        setattr(use, name, value)
    use.changed_at = clock.now()
    use.save(update_fields=[*facts, "changed_at"])
    changes.record(by=by, what="scores", before=before, after=facts_of(use))
    touch(SECTIONS)  # the model card says how scores are used
    transaction.on_commit(asking.prepare)  # in this process; the others are late once
    return use


def compute_thresholds(*, by: Reader) -> list[Threshold]:
    """Read the thresholds from the comments approved by now, and not only at night."""
    refuse_if(why_not_change_use(by))
    model = approved.model_of_today()
    if not model:
        raise Refused(_("Nothing has been scored yet."))
    approved.score_anew(model)
    return approved.read(model)


def facts_of(use: Use) -> dict[str, Any]:
    """How scores are used, for the record of changes."""
    return {name: getattr(use, name) for name in (*MAY_BE, *FIXED)}


def _require_possible(name: str, value: Any) -> None:
    possible = value is None or 0 < value <= 1 if name in FIXED else value in MAY_BE.get(name, ())
    if not possible:
        raise Unacceptable(_("Scores cannot be used like that."))
