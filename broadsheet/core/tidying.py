"""The retention clocks: what is forgotten when its time is over. Each app lists its own in the setting CLOCKS."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from broadsheet.core import clock

AT_A_TIME = 500  # rows to a statement, so that on SQLite nobody's comment waits for long

log = logging.getLogger("broadsheet.tidying")


def tidy() -> dict[str, int]:
    """Run every clock, once a day or as often as one likes; what each did, in words, with how many.

    One that fails stops no other; the last of such faults is raised when all have run.
    """
    done, fault = {}, None
    for path in settings.CLOCKS:
        try:
            number, what = import_string(path)(clock.now())
        except Exception as error:
            log.exception("The clock %s failed.", path)
            fault = error
        else:
            done[what] = number
    if fault:
        raise fault
    return done


def some_at_a_time(rows: QuerySet[Any], act: Callable[[list[Any]], int]) -> int:
    """Let `act` do away with some rows after the others, by their keys, until none is left; the sum of what it says.

    Each call is a transaction of its own. What `act` has done must not be among the rows any more.
    """
    return sum(act(keys) for keys in _batches(rows))


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    last: list[Any] = []
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]):
        if keys == last:
            raise RuntimeError(f"{rows.model.__name__}: the same rows are left after they were done away with")
        yield keys
        last = keys


def delete_all(rows: QuerySet[Any]) -> int:
    """Delete the rows, some at a time; how many there were."""
    return some_at_a_time(rows, lambda keys: rows.model._base_manager.filter(pk__in=keys).delete()[0])
