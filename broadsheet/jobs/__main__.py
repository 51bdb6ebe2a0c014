"""`python -m broadsheet.jobs`: a worker, in a process of its own that `broadsheet serve` starts and minds."""

from __future__ import annotations

import django

from broadsheet.core.parent import leave_with_parent


def main() -> None:
    """Work until told to stop, or until whoever started us is gone."""
    leave_with_parent()
    django.setup()
    from broadsheet.jobs.worker import Worker

    worker = Worker()
    worker.configure_signals()
    worker.run()


if __name__ == "__main__":
    main()
