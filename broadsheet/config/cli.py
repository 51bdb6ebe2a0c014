"""The `broadsheet` command: ours and Django's commands, with settings faults told in one sentence."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from broadsheet import __version__

OURS = {
    "init DIR": "make a newsroom of your own: a folder with a settings file and a fresh secret",
    "migrate": "make or update the tables of the database",
    "createadmin": "make an administrator's account",
    "serve": "run the paper: pages, desk, live stream and background work",
    "worker": "do background work (mail, exports) on another machine, beside `serve --no-worker`",
    "pushkeys": "make the key for notifications to browsers",
    "import": "bring in stories and discussions from files",
    "export discussions": "take discussions out, whole, for Coral or as a sheet",
    "scorer": "serve the scorer to other programs, measure it, or make its weights again",
    "demo": "fill a new newsroom with an invented town paper",
    "check": "look for faults in the settings",
    "tidy": "forget what is kept for a time only; `serve` does it daily",
    "forgetfactors": "take the second factors from an account whose owner has lost them",
    "embed check URL": "say what is wrong with how a page of another site holds its discussion",
    "sso": "list the publishers that sign readers in, or say what a token of theirs would do",
    "statements export": "write statements of reasons as the EU database takes them",
    "score TEXT": "say what the scorer thinks of a comment, and why",
    "recount": "prove the counts of comments, and correct those that are not true",
}


def main() -> None:
    """Run one command; a settings fault ends it with a sentence and exit status 1, not a trace."""
    command = sys.argv[1:2]
    if command == ["init"]:
        from broadsheet.config.newsroom import init

        sys.exit(init(sys.argv[2:]))
    if command in (["score"], ["scorer"]):  # neither needs a newsroom
        from broadsheet.scoring import command as scoring

        sys.exit(scoring.score(sys.argv[2:]) if command == ["score"] else scoring.scorer(sys.argv[2:]))
    if not command or sys.argv[1:] in (["help"], ["--help"], ["-h"]):
        sys.stdout.write(overview())
        return
    if command == ["--version"]:
        sys.stdout.write(f"broadsheet {__version__}\n")
        return
    if command == ["serve"]:
        tell_settings_the_ports(sys.argv[2:])
    run()


def run() -> None:
    """Run one of Django's commands or of those of ours that it runs. It is read here: the scorer does without it."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, OperationalError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"broadsheet: {fault}")
    except PermissionError as fault:
        if "--traceback" in sys.argv or not fault.filename:
            raise
        from broadsheet.config.environment import ours_to_use

        sys.exit(
            f"broadsheet: {fault.filename} cannot be used ({fault.strerror}): {ours_to_use(Path(fault.filename))}."
        )
    except DatabaseError as fault:
        if "--traceback" in sys.argv:
            raise
        if getattr(fault.__cause__, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            sys.exit(f"broadsheet: the database is damaged ({fault}): put a backup in its place (docs/deployment.md).")
        if not isinstance(fault, OperationalError):
            raise
        reason = str(fault).strip().splitlines()[0]
        sys.exit(f"broadsheet: the database refused ({reason}): is it running, and was `broadsheet migrate` run?")


def overview() -> str:
    """What `broadsheet` says when it is asked for nothing: our commands first."""
    width = max(map(len, OURS))
    lines = [f"  broadsheet {name:<{width}}  {purpose}" for name, purpose in OURS.items()]
    return "\n".join(
        [
            "Broadsheet: a newsroom's site and the conversation under it.",
            "",
            *lines,
            "",
            "`broadsheet COMMAND --help` says more. `broadsheet help --commands` names all of Django's commands too.",
            "",
        ]
    )


def tell_settings_the_ports(arguments: list[str]) -> None:
    """The pages name the stream's address, so the ports given to `serve` must be known before the settings are read."""
    given = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    given.add_argument("--port")
    given.add_argument("--live-port")
    given.add_argument("--no-live", action="store_true")
    try:
        found, _ = given.parse_known_args(arguments)
    except argparse.ArgumentError:
        return  # the command itself will say what is wrong
    if found.port is not None:
        os.environ["BROADSHEET_PORT"] = found.port
    if found.live_port is not None:
        os.environ["BROADSHEET_LIVE_PORT"] = found.live_port
    if found.no_live:
        os.environ["BROADSHEET_LIVE_PORT"] = "0"
