"""What the desk's scripts say (see core/words.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from broadsheet.core.words import Word

WORDS: dict[str, Word] = {
    "sending": _("On its way…"),
    "undo": _("Undo"),
    "not_done": _("That did not reach the newsroom, so nothing was changed. Please try again."),
    "look again": _("Look at the comment as it is now"),
    "sign in": _("Sign in"),
    "stop refreshing": _("Stop refreshing"),
    "refresh again": _("Refresh again"),
    # Translators: behind it stands a time of day.
    "as of": _("As of %(moment)s"),
}
