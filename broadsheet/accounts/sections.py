"""What an export is made of: each app writes functions with `section` and lists them in the setting ACCOUNT_EXPORTS."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.utils.functional import Promise

from broadsheet.accounts.models import Reader

Rows = Iterable[dict[str, Any]]
Exporter = Callable[[Reader], tuple[str, Rows]]


def section(name: str, title: str | Promise, *covers: str) -> Callable[[Callable[[Reader], Rows]], Exporter]:
    """Makes a function of a reader, which yields rows that JSON can carry, into a section of their export.

    A choice of a model's (`Status(row.status)`) is its code in the data and its label on the page.

    `covers` names the columns that point at a reader whose rows are in it, as "app.Model.field": a test walks all of
    them, so that none is forgotten.
    """

    def decorate(rows: Callable[[Reader], Rows]) -> Exporter:
        @wraps(rows)
        def exporter(reader: Reader) -> tuple[str, Rows]:
            return name, rows(reader)

        exporter.title = title  # type: ignore[attr-defined]
        exporter.covers = covers  # type: ignore[attr-defined]
        return exporter

    return decorate
