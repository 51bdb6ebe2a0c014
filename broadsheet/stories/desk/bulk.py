"""Deleting several rows of a list at once, by the rules that hold for one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused
from broadsheet.stories.models import Named, Story
from broadsheet.stories.rules import why_not_delete


def delete_one_by_one(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Delete them here, inside Wagtail's transaction: its own single query asks no rule and drops no page.

    Raises Refused; then none is deleted.
    """
    if action_type != "delete":
        return
    for row in objects:
        if isinstance(row, Reader):
            raise Refused(_("An account is not deleted here. Make it inactive: nobody can sign in to it any more."))
        if isinstance(row, Story) and (why := why_not_delete(row)):
            sentence = _("“%(headline)s” was not deleted, and nothing else either. %(reason)s")
            raise Refused(sentence % {"headline": row, "reason": why})
        if isinstance(row, (Story, Named)):
            row.delete()
