"""What the scripts of the account pages say."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from broadsheet.core.words import Word

WORDS: dict[str, Word] = {
    "show_password": _("Show what I type"),
    "hide_password": _("Hide what I type"),
    "passkey_failed": _("That did not work, or you turned back. You can try again, or sign in another way."),
    "passkey_known": _("This device has a passkey for your account already."),
}
