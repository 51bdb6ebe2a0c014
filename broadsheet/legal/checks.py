"""What a legal hold does to new comments (setting DISCUSSION_CHECKS)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.discussion.checks import Submission, Verdict, asked_again
from broadsheet.discussion.models import Status
from broadsheet.legal.models import Hold


@asked_again
def legal_hold(submission: Submission) -> Verdict | None:
    """Every comment waits for a moderator where a legal hold says so; one short query."""
    on = Hold.objects.on(clock.now()).filter(thread=submission.thread, effect=Hold.Effect.READ_FIRST)
    return Verdict(Status.PENDING, _("This discussion is under a legal hold.")) if on.exists() else None
