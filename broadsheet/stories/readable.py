"""What is typed at the desk passes the one text cleaner, whichever form or program it came through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable

LONGEST_TEXT = 100_000  # for fields without a limit of their own: about sixty printed pages


class Readable(models.Model):
    """A table whose texts are always readable: `clean` tells a form what is wrong, `save` raises Unacceptable."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        for field in _texts(self, kwargs.get("update_fields")):
            _make_readable(self, field)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, str] = {}
        for field in _texts(self):
            try:
                _make_readable(self, field)
            except Unacceptable as refusal:
                wrong[field.name] = refusal.sentence
        if wrong:
            raise ValidationError(wrong)


def _texts(row: models.Model, names: Iterable[str] | None = None) -> Iterator[models.CharField[Any, Any]]:
    for field in row._meta.concrete_fields:
        if not isinstance(field, (models.CharField, models.TextField)) or field.choices or not field.editable:
            continue
        if names is None or field.name in names:
            yield field  # type: ignore[misc]


def _make_readable(row: models.Model, field: models.CharField[Any, Any]) -> None:
    written = getattr(row, field.attname)
    if written:
        lines = isinstance(field, models.TextField)
        most = field.max_length or LONGEST_TEXT
        setattr(row, field.attname, readable(written, most=most, what=capfirst(str(field.verbose_name)), lines=lines))
