"""A queue instead of tasks that run at once, and a worker that is asked by hand."""

from __future__ import annotations

import pytest

from broadsheet.jobs.tests import sample_tasks
from broadsheet.jobs.worker import Worker


@pytest.fixture
def ran():
    """What the sample tasks have done."""
    sample_tasks.ran.clear()
    return sample_tasks.ran


@pytest.fixture
def queue(settings, ran, db):
    """Tasks wait for a worker, as they do in a newsroom; no regular job comes between."""
    settings.TASKS_AT_ONCE = []
    settings.JOBS = {}
    return ran


@pytest.fixture
def worker(queue, settings, tmp_path):
    settings.RUN_DIR = tmp_path
    worker = Worker()
    yield worker
    worker.seat.close()
