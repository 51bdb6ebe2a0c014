"""The `broadsheet` command: Django's commands and ours, with settings faults told in one sentence."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; a settings fault ends it with a sentence and exit status 1, not a trace."""
    if sys.argv[1:2] == ["init"]:
        from broadsheet.config.newsroom import init

        sys.exit(init(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"broadsheet: {fault}")
