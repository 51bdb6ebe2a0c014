"""Questions about corrections and leads: a page asks them to explain, an action to refuse."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.discussion.badges import WRITERS
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.rules import may_decide, why_not_see
from broadsheet.newsdesk.models import Correction, Lead, State
from broadsheet.stories.models import Credit, Story
from broadsheet.stories.rules import may_publish


def may_see_corrections(person: Reader | None) -> bool:
    """Whether this person writes stories here, and so sees what is said to be wrong with them."""
    return person is not None and person.has_perm("stories.write_story")


def why_not_send(moderator: Reader | None, comment: Comment) -> str | None:
    """Why this person cannot bring that comment to the news desk; None when they can."""
    if moderator is None or not may_decide(moderator):
        return _("Only moderators bring comments to the news desk.")
    if why := why_not_see(moderator, comment):
        return why
    if comment.status == Status.WITHDRAWN or not comment.body:
        return _("The words of this comment are gone, so there is nothing to bring.")
    return None


def why_not_work_on(person: Reader | None) -> str | None:
    """Why this person cannot take on a correction or note something about it; None when they can."""
    return None if may_see_corrections(person) else _("Only those who write stories work on corrections.")


def why_not_settle(person: Reader | None, correction: Correction) -> str | None:
    """Why this person cannot accept or decline that correction; None when they can.

    A notice is the paper's word to its readers, so whoever may publish one decides.
    """
    if person is None or not may_publish(person):
        return _("Only an editor accepts or declines a correction.")
    if not correction.is_waiting:
        return _("This correction is settled already: %(state)s.") % {"state": State(correction.state).label}
    return None


def may_see_leads(person: Reader | None) -> bool:
    """Whether there can be a lead for this person: an editor, or somebody whose name stands on a story."""
    if person is None or not person.is_active:
        return False
    return may_publish(person) or Credit.objects.filter(person__account=person).exists()


def leads_for(person: Reader) -> QuerySet[Lead]:
    """The leads this person may read: of the stories that they are credited on; to an editor all of them."""
    rows = Lead.objects.all()
    return rows if may_publish(person) else rows.filter(story__in=_credited(person))


def why_not_answer(person: Reader | None, lead: Lead) -> str | None:
    """Why this person cannot answer that lead; None when they can."""
    if person is None or not leads_for(person).filter(pk=lead.pk).exists():
        return _("Only the story’s reporters and editors answer a lead.")
    return None


def reporters_of(story: Story) -> QuerySet[Reader]:
    """Who is told of a lead: those with an account who reported or wrote the story; of a feature the photographers."""
    roles = [*WRITERS, Credit.Role.PHOTOGRAPHY] if story.kind == Story.Kind.FEATURE else [*WRITERS]
    named = Q(person__credits__story=story.pk, person__credits__role__in=roles)
    return Reader.objects.filter(named, is_active=True).distinct()


def _credited(person: Reader) -> QuerySet[Story]:
    rows: QuerySet[Story] = Story.objects.filter(credits__person__account=person)
    return rows
