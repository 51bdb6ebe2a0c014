"""`broadsheet scorer serve` and `broadsheet scorer key`: the service and its keys, from the command line."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import socket
import stat
import sys
import tempfile
from pathlib import Path

from broadsheet.scoring.perspective.keys import block, fresh, hashed, without
from broadsheet.scoring.perspective.settings import NAME, ORIGIN, PER_MINUTE, PER_SECOND, Fault, Settings, check, read

HEAD = """\
# Settings and keys of the scorer; docs/scorer.md names them all. Keys are written by `broadsheet scorer key add NAME`:
# of each, only a hash stands here.
"""


def main(arguments: list[str]) -> int:
    """Run `serve` or `key`; returns the exit status. A fault is told in one sentence."""
    given = _parser().parse_args(arguments)
    named = given.config or os.environ.get("BROADSHEET_SCORER")
    given.config = Path(named or "scorer.toml")
    try:
        if named and given.does is _serve and not given.config.exists():  # a typing error would serve with no keys
            raise Fault(f"{named} is not there: name the file of settings and keys that is to be served.")
        return int(given.does(given))
    except Fault as fault:
        sys.stderr.write(f"broadsheet: {fault}\n")
    except OSError as fault:
        sys.stderr.write(f"broadsheet: {fault.filename or given.config} cannot be used ({fault.strerror}).\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="broadsheet scorer", allow_abbrev=False)
    config = argparse.ArgumentParser(add_help=False)
    config.add_argument(
        "--config",
        type=Path,
        default=None,
        help="the file of settings and keys; without it BROADSHEET_SCORER names it, or it is scorer.toml here",
    )
    whats = parser.add_subparsers(required=True, metavar="serve|key")
    serve = whats.add_parser("serve", parents=[config], help="answer by the protocol of the Perspective API")
    serve.add_argument("--host", help="the address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, help="the port to listen on (8010)")
    serve.add_argument("--url", help="the address by which callers reach it, where that is another")
    serve.add_argument("--scorer", default=None, help=argparse.SUPPRESS)
    serve.set_defaults(does=_serve)
    key = whats.add_parser("key", help="add, list and remove keys")
    acts = key.add_subparsers(required=True, metavar="add|list|remove")
    add = acts.add_parser("add", parents=[config], help="make a key and print it, once")
    add.add_argument("name", help="whose it is: coral, forum, study-7")
    add.add_argument("--per-second", type=int, default=PER_SECOND, help=f"requests, 0 for no limit ({PER_SECOND})")
    add.add_argument("--per-minute", type=int, default=PER_MINUTE, help=f"requests, 0 for no limit ({PER_MINUTE})")
    add.add_argument(
        "--origin", action="append", default=[], help="pages of this origin may use it from browsers; may be repeated"
    )
    add.set_defaults(does=_add)
    acts.add_parser("list", parents=[config], help="name the keys").set_defaults(does=_list)
    remove = acts.add_parser("remove", parents=[config], help="a key is good no longer, from the next second on")
    remove.add_argument("name")
    remove.set_defaults(does=_remove)
    return parser


def _serve(given: argparse.Namespace) -> int:
    settings = read(given.config)
    said = {name: getattr(given, name) for name in ("host", "port", "url") if getattr(given, name) is not None}
    settings = dataclasses.replace(settings, **said)
    check(settings, "the command line")
    from broadsheet.scoring.perspective.serving import SCORER, made, serve

    scorer = given.scorer or SCORER
    try:
        made(scorer)
    except (ImportError, AttributeError, TypeError) as fault:
        raise Fault(f"There is no scorer {scorer} ({fault}): name a function that makes one, package:name.") from None
    try:
        with socket.create_server((settings.host, settings.port), family=_family(settings.host)):
            pass  # Granian would end with a trace where the port is taken
    except OSError as fault:
        # The reason by its number: Python adds the address to the sentence.
        reason = fault.strerror if isinstance(fault, socket.gaierror) else os.strerror(fault.errno or 0)
        place = f"{settings.host}, port {settings.port}"
        raise Fault(f"Nothing can listen on {place} ({reason}): name others by --host and --port.") from None
    if not settings.keys:
        sys.stderr.write(
            f"broadsheet: {given.config} holds no keys yet, so every request is refused; "
            "`broadsheet scorer key add NAME` makes one, and asks for no restart.\n"
        )
    serve(settings, given.config.resolve(), scorer)
    return 0


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _add(given: argparse.Namespace) -> int:
    settings = read(given.config)
    if not NAME.fullmatch(given.name):
        raise Fault(f"{given.name} cannot be a key's name: letters, digits, dots, hyphens and underscores, 63 at most.")
    if any(key.name == given.name for key in settings.keys):
        raise Fault(f"There is a key {given.name} already; `broadsheet scorer key remove {given.name}` removes it.")
    if given.per_second < 0 or given.per_minute < 0:
        raise Fault("A quota must be 0 (no limit) or more.")
    for origin in given.origin:
        if not ORIGIN.fullmatch(origin):
            raise Fault(f"{origin} is not an origin: https://www.example.org, without anything after the host.")
    key = fresh()
    text = given.config.read_text(encoding="utf-8") if given.config.exists() else HEAD
    added = block(given.name, hashed(key), given.per_second, given.per_minute, given.origin)
    _write(given.config, f"{text.rstrip()}\n\n{added}", settings, {*(k.name for k in settings.keys), given.name})
    sys.stdout.write(f"{key}\n")
    sys.stderr.write(
        f"That is the key of {given.name}, for ?key= or the header X-Goog-Api-Key. It is shown this once; "
        f"{given.config} keeps a hash of it.\n"
    )
    return 0


def _list(given: argparse.Namespace) -> int:
    keys = read(given.config).keys
    if not keys:
        sys.stderr.write(f"{given.config} holds no keys yet; `broadsheet scorer key add NAME` makes one.\n")
    for key in keys:
        pages = f"  pages of {', '.join(key.origins)}" if key.origins else ""
        second, minute = (f"{limit:,}" if limit else "any number" for limit in (key.per_second, key.per_minute))
        sys.stdout.write(f"{key.name}  {second} a second, {minute} a minute{pages}\n")
    return 0


def _remove(given: argparse.Namespace) -> int:
    settings = read(given.config)
    names = {key.name for key in settings.keys}
    if given.name not in names:
        raise Fault(f"There is no key {given.name} in {given.config}; `broadsheet scorer key list` names them.")
    text = without(given.config.read_text(encoding="utf-8"), given.name)
    _write(given.config, text, settings, names - {given.name})
    sys.stderr.write(f"The key of {given.name} is good no longer, from the next second on.\n")
    return 0


def _write(path: Path, text: str, before: Settings, names: set[str]) -> None:
    """Put a new text in the place of the old, whole or not at all, if it says what it should and nothing else."""
    path = path.resolve()  # a link stays one
    if not path.parent.is_dir():
        raise Fault(f"There is no folder {path.parent}: make it, or name another file by --config.")
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for nobody else's eyes
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            if path.exists():
                _as_readable(file.fileno(), path.stat())
        after = read(Path(made))
        if {key.name for key in after.keys} != names or dataclasses.replace(after, keys=()) != dataclasses.replace(
            before, keys=()
        ):
            raise Fault(f"{path} is written in a way this command does not change safely: change it by hand.")
        Path(made).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(made).unlink()
        raise


def _as_readable(file: int, before: os.stat_result) -> None:
    """Let those read it who could before: the service is often another user than whoever changes the keys."""
    for owner, group in ((-1, before.st_gid), (before.st_uid, -1)):
        with contextlib.suppress(PermissionError):  # only root may give to anybody
            os.fchown(file, owner, group)
    os.fchmod(file, stat.S_IMODE(before.st_mode))
