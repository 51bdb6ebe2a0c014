"""Tasks for the tests; a task has to stand in a module."""

from __future__ import annotations

from pathlib import Path

from django_tasks import task

ran: list[str] = []


@task()
def write(path: str, words: str) -> None:
    """Leaves a mark that another process can see."""
    with Path(path).open("a") as file:
        file.write(words)


@task()
def note(words: str) -> str:
    ran.append(words)
    return words


@task()
def fail() -> None:
    raise ValueError("This one fails.")


def job() -> None:
    ran.append("job")


def failing_job() -> None:
    ran.append("failing")
    raise ValueError("This one fails too.")
