"""`broadsheet init DIR`: a newsroom of one's own."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

SETTINGS_FILE = """\
# This newsroom's settings. docs/settings.md says what each may be; a variable BROADSHEET_NAME wins over a line here.
secret_key = "{secret}"
site_name = "{name}"
site_url = "http://127.0.0.1:8000"
time_zone = "America/New_York"
"""


def init(arguments: list[str]) -> int:
    """Make the folder and its settings file with a fresh secret; changes nothing that is there. Returns the status."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: broadsheet init DIR   (makes DIR and its settings file, broadsheet.toml)\n")
        return 2
    folder = Path(arguments[0])
    file = folder / "broadsheet.toml"
    if file.exists():
        sys.stderr.write(f"broadsheet: {file} is already there; nothing was changed.\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(SETTINGS_FILE.format(secret=secrets.token_urlsafe(48), name="The Broadsheet"), encoding="utf-8")
    sys.stdout.write(
        f"Made {file}.\nNext: cd {folder} && broadsheet migrate && broadsheet createadmin && broadsheet serve\n"
    )
    return 0
