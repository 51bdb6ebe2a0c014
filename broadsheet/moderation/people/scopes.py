"""Which sections a moderator looks after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.moderation import changes
from broadsheet.moderation.people.models import ModeratorScope
from broadsheet.stories.models import Section

Row = TypeVar("Row", bound=Model)

_KEPT = "_moderated_sections"  # on the person, for as long as one request has them in hand: a page asks for each card


def sections_of(moderator: Reader) -> set[int] | None:
    """The numbers of the sections this moderator looks after; None: the whole paper, as supervisors always do."""
    if _KEPT not in moderator.__dict__:
        found = set(moderator.moderated_sections.values_list("section", flat=True))
        moderator.__dict__[_KEPT] = found if found and not moderator.is_supervisor else None
    kept: set[int] | None = moderator.__dict__[_KEPT]
    return kept


def looks_after(moderator: Reader, section: int | None) -> bool:
    """Whether this moderator looks after that section; None asks about the whole paper."""
    mine = sections_of(moderator)
    return mine is None or section in mine


def within(rows: QuerySet[Row], moderator: Reader, section: str = "comment__thread__story__section") -> QuerySet[Row]:
    """Those of these rows that are about a section this moderator looks after; `section` is the way to it from a row.

    Whatever the desk lists passes through here or asks `why_not_see`: who looks after some sections learns nothing of
    what is withheld in the others.
    """
    mine = sections_of(moderator)
    return rows if mine is None else rows.filter(**{f"{section}__in": mine})


def own_sections(moderator: Reader) -> list[Section]:
    """The sections this moderator may choose from, in the paper's order."""
    mine = sections_of(moderator)
    rows = Section.objects.order_by("position", "name")
    return list(rows if mine is None else rows.filter(pk__in=mine))


def why_not_scope(supervisor: Reader, moderator: Reader) -> str | None:
    """Why this person cannot say which sections that moderator looks after; None when they can."""
    if not supervisor.is_supervisor:
        return _("Only those who supervise the moderators say who looks after which section.")
    if moderator.is_supervisor:
        return _("Who supervises the moderators looks after the whole paper.")
    return None if moderator.is_moderator else _("Only a moderator is given sections to look after.")


def set_scopes(*, supervisor: Reader, moderator: Reader, sections: Iterable[int]) -> None:
    """Give a moderator these sections and no others; with none of them, the whole paper.

    Raises Refused, Unacceptable where a section is not there.
    """
    if why := why_not_scope(supervisor, moderator):
        raise Refused(why)
    wanted = set(sections)
    with transaction.atomic():
        Reader.objects.select_for_update().get(pk=moderator.pk)
        names = dict(Section.objects.values_list("pk", "slug"))
        if not wanted <= set(names):
            raise Unacceptable(_("There is no such section."))
        rows = ModeratorScope.objects.filter(moderator=moderator)
        before = set(rows.values_list("section", flat=True))
        rows.exclude(section__in=wanted).delete()
        ModeratorScope.objects.bulk_create(
            ModeratorScope(moderator=moderator, section_id=pk) for pk in sorted(wanted - before)
        )
        changes.record(
            by=supervisor,
            what="scope",
            about=f"account {moderator.pk}",  # not the name: it goes with the account, and this row stays
            before=sorted(names[pk] for pk in before),
            after=sorted(names[pk] for pk in wanted),
        )
    moderator.__dict__.pop(_KEPT, None)
