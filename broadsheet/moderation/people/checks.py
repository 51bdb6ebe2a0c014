"""What a reader's standing asks of what they write (setting DISCUSSION_CHECKS)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from broadsheet.discussion.checks import Submission, Verdict, asked_again
from broadsheet.discussion.models import Status
from broadsheet.moderation.people import rules


@asked_again
def standing(submission: Submission) -> Verdict | None:
    """Comments of a reader whose words an editor wants to read first wait."""
    if not rules.reads_first(submission.author, submission.thread):
        return None
    return Verdict(Status.PENDING, _("An editor reads this reader’s comments first."))
