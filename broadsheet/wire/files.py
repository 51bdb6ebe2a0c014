"""Files that somebody names on the command line: read with limits, written for their owner alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from django.core.management.base import CommandError


def bytes_of(file: Path, most: int) -> bytes:
    """The file's bytes, and never more than one over what it may have. Raises CommandError."""
    try:
        if not file.exists():
            raise CommandError(f"{file} was not imported: there is no such file.")
        if not file.is_file():
            raise CommandError(f"{file} was not imported: it is no file, but a folder or a device.")
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise CommandError(f"{file} was not imported: it cannot be read ({reason}).") from None


def opened_for_its_owner(file: Path) -> int:
    """The descriptor of an emptied file that only its owner can read, whatever it was before. Raises CommandError."""
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        if stat.S_ISREG(os.fstat(opened).st_mode):  # /dev/null is everybody's, and stays so
            os.fchmod(opened, 0o600)  # it may have been there, for all to read
    except OSError as fault:
        raise CommandError(f"{file} cannot be written ({fault.strerror}).") from None
    return opened
