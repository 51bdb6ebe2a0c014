"""What happens in a discussion, told to whoever is listed in the setting DISCUSSION_LISTENERS; and what comes into it
from elsewhere, told to those in ARRIVAL_LISTENERS.

A listener is a function of a Happening. It is called inside the transaction of what happened, so that what it writes
stands or falls with it; slow work (mail) is for a task that it enqueues on commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.accounts.models import Reader
from broadsheet.discussion.checks import Judgement
from broadsheet.discussion.models import Comment


class Kind(StrEnum):
    POSTED = "posted"  # written, public or held
    PUBLISHED = "published"  # public for the first time; follows POSTED at once where nothing held it
    CONFIRMED = "confirmed"  # public now that it is there what alone it waited for: its author's address, its score
    EDITED = "edited"
    JUDGED = "judged"  # given another status by a check, because of an edit
    HIDDEN = "hidden"  # no longer public: rejected, withdrawn, or held after an edit
    WITHDRAWN = "withdrawn"  # taken back by its author, whether or not it was public
    RESTORED = "restored"  # public again
    SHOWN_ANEW = "shown anew"  # not its author's doing: what it quotes has gone, has come back or has lost its name
    RESPECTED = "respected"
    PICKED = "picked"


@dataclass(frozen=True)
class Happening:
    """One thing that happened to one comment, and who did it (None: nobody in particular)."""

    kind: Kind
    comment: Comment
    by: Reader | None = None
    judgement: Judgement | None = None  # what the checks have said, when it was posted or edited
    before: str = ""  # of what was JUDGED: its status until then

    @property
    def complaint(self) -> str:
        """Why a check has rejected it, where one has."""
        return self.judgement.complaint if self.judgement else ""


@dataclass(frozen=True)
class Arrival:
    """A comment that has come from elsewhere, or was brought up to date from there."""

    comment: Comment
    reason: str = ""  # the policy's line by which it was rejected there
    note: str = ""  # where it is from and what had been decided there, for the desk
    seen: str = ""  # its status here until now; empty: it is new
    other_words: bool = False  # it was here with other words


def arrive(arrivals: Sequence[Arrival]) -> None:
    """Call every listener of arrivals, in order: each a function of all that came at once, which is quicker by far."""
    for path in settings.ARRIVAL_LISTENERS:
        import_string(path)(arrivals)


def tell(
    kind: Kind, comment: Comment, by: Reader | None = None, judgement: Judgement | None = None, before: str = ""
) -> None:
    """Call every listener in the setting, in order."""
    happening = Happening(kind, comment, by, judgement, before)
    for path in settings.DISCUSSION_LISTENERS:
        import_string(path)(happening)
