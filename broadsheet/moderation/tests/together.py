"""Several people at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

needs_two_writers = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="the tests' SQLite is in memory and has one connection; PostgreSQL shows the race",
)


def at_once(*calls):
    """Run these in threads of their own, started together; returns what each gave or raised."""
    together, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        together.wait(10)
        try:
            answers[place] = call()
        except Exception as fault:
            answers[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place, call]) for place, call in enumerate(calls)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return answers
