"""What imports know of a reader: for their export, and to be undone when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sections import section
from broadsheet.wire.models import SourceComment, SourcePerson


@section("written_elsewhere", _("Where comments that you wrote elsewhere came from"), "wire.SourcePerson.reader")
def written_elsewhere(reader: Reader) -> Iterator[dict[str, Any]]:
    """Under which number they were known there."""
    for person in SourcePerson.objects.filter(reader=reader).order_by("key"):
        source, _space, number = person.key.rpartition(" ")
        yield {"source": source, "number": number}


def erase(reader: Reader, choice: str) -> None:
    """Part their comments from whom they were known as there. That there was an account is kept, and not whose."""
    SourceComment.objects.filter(comment__author=reader).update(person=None)
