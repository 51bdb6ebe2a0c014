"""What people do about what was learned: go back, begin anew, say that a score is wrong. Each is in the record."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale
from broadsheet.discussion.models import Comment
from broadsheet.moderation import changes, rules
from broadsheet.scores.learning import versions
from broadsheet.scores.learning.models import Learning, Misread, Standing, Version


def why_not_steer(person: Reader | None) -> str | None:
    """Why this person does not say which version is in force; None when they do."""
    if rules.may_supervise(person):
        return None
    return _("Only those who supervise the moderators say what the scorer goes by.")


@transaction.atomic
def go_back(*, by: Reader, version: Version) -> None:
    """Put a kept version in force. The next one that is learned has to be better than it, and not only no worse.

    Raises Refused; Stale where it is not kept any more, or in force already.
    """
    if why := why_not_steer(by):
        raise Refused(why)
    found = Version.objects.filter(pk=version.pk, standing__in=[Standing.KEPT, Standing.LEFT]).first()
    if found is None:
        raise Stale(_("This version is in force already, or it is not kept any more."))
    before = _number_in_force()
    versions.put_in_force(found, by_hand=True)
    changes.record(by=by, what="learned", before=before, after=found.number)
    transaction.on_commit(versions.freshen_now.enqueue)


@transaction.atomic
def start_anew(*, by: Reader) -> None:
    """Go by the scorer as it came, and learn only from what is decided from now on. Kept versions stay kept."""
    if why := why_not_steer(by):
        raise Refused(why)
    Learning.now()
    before = _number_in_force()
    Version.objects.filter(standing=Standing.IN_FORCE).update(standing=Standing.LEFT)
    Learning.objects.filter(pk=1).update(since=clock.now(), by_hand=False)
    changes.record(by=by, what="learned", before=before or "", after=None)
    transaction.on_commit(versions.freshen_now.enqueue)


@transaction.atomic
def mark_misread(*, by: Reader, comment: Comment) -> None:
    """Keep that a comment's score is wrong because of a name or a word for who somebody is. Raises Refused."""
    if why := rules.why_not_decide(by, comment):
        raise Refused(why)
    is_new = Misread.objects.update_or_create(comment=comment, defaults={"at": clock.now()})[1]
    if is_new:
        changes.record(by=by, what="misread", about=str(comment.pk), after=True)


def _number_in_force() -> int | None:
    return Version.objects.filter(standing=Standing.IN_FORCE).values_list("number", flat=True).first()
