"""What stands still beside the paper itself, for the desk to be told: mail, Valkey, the scorer.

Each is a file of this machine. Whoever meets a trouble notes it, in whichever process, and whoever sees it work again
takes that back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from broadsheet.core import clock

MAIL, CACHE, SCORER, SCORES = "mail", "cache", "scorer", "scores"
_SENTENCES: dict[str, Promise] = {
    MAIL: _("No mail has gone out since %(moment)s: readers get no codes and no letters. The log says why."),
    SCORER: _("The scorer has failed since %(moment)s. Comments pass or wait without a score. The log says why."),
    SCORES: _("The scorer is behind since %(moment)s: comments have waited for their score for more than ten minutes."),
    CACHE: _("Valkey has not answered since %(moment)s. Everything goes on; limits are counted in each process."),
}


@dataclass(frozen=True)
class Trouble:
    """What stands still, and since when."""

    what: str
    since: datetime

    def __str__(self) -> str:
        return str(_SENTENCES[self.what]) % {"moment": clock.comment_moment(self.since)}


def note(what: str) -> None:
    """Something does not work. Noted again, its beginning stays."""
    try:
        with _file(what).open("x") as file:
            file.write(clock.now().isoformat())
    except FileExistsError:
        pass


def over(what: str) -> None:
    """It works again, or always has."""
    _file(what).unlink(missing_ok=True)


def standing() -> list[Trouble]:
    """What stands still now."""
    found = []
    for what in _SENTENCES:
        try:
            found.append(Trouble(what, datetime.fromisoformat(_file(what).read_text())))
        except (FileNotFoundError, ValueError):  # none, or it is being written at this moment
            continue
    return found


def _file(what: str) -> Path:
    folder: Path = settings.RUN_DIR
    return folder / f"trouble-{what}"
