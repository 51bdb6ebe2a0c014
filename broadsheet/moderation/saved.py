"""Saved views: a queue narrowed by what somebody looks for, kept under a name among the desk's tabs."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.moderation import changes, rules
from broadsheet.moderation.models import Queue, View
from broadsheet.moderation.narrowing import Narrowed

MOST = 20  # of one's own: they stand side by side
LONGEST_NAME = 60


def views_for(moderator: Reader) -> list[View]:
    """Everybody's views, and this moderator's own, by name."""
    return list(View.objects.filter(Q(owner=None) | Q(owner=moderator)).order_by("name", "pk"))


def save(*, moderator: Reader, name: str, queue: str, narrowed: Narrowed, for_everybody: bool = False) -> View:
    """Keep a narrowed queue under a name; saved again under the same name, it is that one changed.

    Raises Refused, Unacceptable.
    """
    if not rules.may_decide(moderator) or (for_everybody and not rules.may_supervise(moderator)):
        raise Refused(_("Only supervisors save views for everybody."))
    name = readable(name, most=LONGEST_NAME, what=_("Name"), lines=False)
    if is_blank(name):
        raise Unacceptable(_("Please give the view a name."))
    if queue not in Queue.values:
        raise Unacceptable(_("There is no such queue."))
    owner = None if for_everybody else moderator
    if View.objects.filter(owner=owner).exclude(name=name).count() >= MOST:
        raise Unacceptable(_("There are many saved views already. Please delete one first."))
    view, made = View.objects.get_or_create(name=name, owner=owner, defaults={"queue": queue})
    before = None if made else view.narrowed
    view.queue, view.narrowed = queue, narrowed.but(mine=False).facts
    view.save()
    if for_everybody:
        changes.record(by=moderator, what="saved view", about=name, before=before, after=view.narrowed)
    return view


def delete(*, moderator: Reader, view: View) -> None:
    """Do away with a view of one's own; with one of everybody's, for supervisors. Raises Refused."""
    if view.owner_id != moderator.pk and not (view.owner_id is None and rules.may_supervise(moderator)):
        raise Refused(_("Only its owner deletes a saved view; one of everybody's, a supervisor."))
    if view.owner_id is None:
        changes.record(by=moderator, what="saved view", about=view.name, before=view.narrowed, after=None)
    view.delete()
