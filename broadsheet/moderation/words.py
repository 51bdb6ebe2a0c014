"""What the desk's scripts say (see core/words.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from broadsheet.core.words import Word

WORDS: dict[str, Word] = {
    "single keys": _("Single keys"),
    # Translators: the next ones say what a key of the moderators' queue does.
    "key next": _("next"),
    "key previous": _("previous"),
    "key approve": _("approve or keep"),
    "key reject": _("reject: choose a reason"),
    "key reason": _("reject for that reason"),
    "key pick": _("pick, or take the pick back"),
    "key history": _("history"),
    "stop refreshing": _("Stop refreshing"),
    "refresh again": _("Refresh again"),
    # Translators: behind it stands a time of day.
    "as of": _("As of %(moment)s"),
}
