"""What the scripts for other sites say, in the newsroom's language: it is put into them when they are sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from broadsheet.core.words import Word

LOADER: dict[str, Word] = {
    "title": _("Comments"),
    "silent": _("The comments could not be shown here. The link above leads to them."),
}
