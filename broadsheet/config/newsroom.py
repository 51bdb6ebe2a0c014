"""`broadsheet init DIR`: a newsroom of one's own."""

from __future__ import annotations

import os
import secrets
import shlex
import sys
from pathlib import Path

SETTINGS_FILE = """\
# This newsroom's settings. docs/settings.md says what each may be; a variable BROADSHEET_NAME wins over a line here.
secret_key = "{secret}"
site_name = "The Broadsheet"
time_zone = "America/New_York"
# site_url = "https://news.example.org"  # the address readers type, once there is one
"""


def init(arguments: list[str]) -> int:
    """Make the folder and its settings file with a fresh secret; changes nothing that is there. Returns the status."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: broadsheet init DIR   (makes DIR and its settings file, broadsheet.toml)\n")
        return 0 if arguments[:1] in (["--help"], ["-h"]) else 2
    folder = Path(arguments[0])
    file = folder / "broadsheet.toml"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # readers' addresses and withheld words will lie there
        # Made for nobody else's eyes before the secret is in it; O_EXCL refuses a file that is already there.
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as settings:
            settings.write(SETTINGS_FILE.format(secret=secrets.token_urlsafe(48)))
    except FileExistsError:
        sys.stderr.write(f"broadsheet: {file if file.exists() else folder} is already there; nothing was changed.\n")
        return 1
    except OSError as fault:
        sys.stderr.write(f"broadsheet: {file} cannot be written ({fault.strerror}): name a folder you may write to.\n")
        return 1
    sys.stdout.write(
        f"Made {file}. Next:\n"
        f"  cd {shlex.quote(str(folder))} && broadsheet migrate && broadsheet createadmin && broadsheet serve\n"
    )
    return 0
