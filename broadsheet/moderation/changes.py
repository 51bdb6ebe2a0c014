"""The record of what was changed in how the newsroom moderates; supervisors read it, nobody edits it."""

from __future__ import annotations

from typing import Any

from broadsheet.accounts.models import Reader
from broadsheet.moderation.models import Change


def record(*, by: Reader | None, what: str, about: str = "", before: Any = None, after: Any = None) -> Change | None:
    """Keep that somebody changed something, inside the caller's transaction; None where it is as it was.

    `what` is one of the codes that the audit log has words for (overview.audit.WHAT), `before` and `after` what JSON
    can carry: None is "it was not there". Never a secret, never a reader's words.
    """
    if before == after:
        return None
    return Change.objects.create(by=by, what=what, about=about[:200], before=before, after=after)
