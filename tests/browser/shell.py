"""A Django shell that stays open: a journey asks it for rows again and again, and starting Django takes seconds.

Reads a line of JSON, which is Python; writes a line of JSON: what that printed, and its fault if it had one.
"""

from __future__ import annotations

import code
import contextlib
import io
import json
import sys
import traceback

import django
from django.core.management.commands.shell import Command


class Shell(code.InteractiveInterpreter):
    """Keeps a fault instead of printing it."""

    fault = ""

    def showtraceback(self) -> None:
        self.fault = traceback.format_exc()


def main() -> None:
    """Answer line by line until the journeys are over."""
    django.setup()
    for line in sys.stdin:
        shell, printed = Shell(dict(Command().get_namespace())), io.StringIO()
        with contextlib.redirect_stdout(printed):
            shell.runcode(compile(json.loads(line), "<journey>", "exec"))
        print(json.dumps({"printed": printed.getvalue(), "fault": shell.fault}), flush=True)


if __name__ == "__main__":
    main()
