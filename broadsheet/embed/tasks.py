"""What a worker does for frames on other sites."""

from __future__ import annotations

from django_tasks import task


@task()
def set_up(url: str) -> None:
    """Ask a page of another site for its discussion. Asking twice does no harm."""
    from broadsheet.embed import outside  # it names this task

    outside.set_up(url)
