"""A colleague's own settings of the desk."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, NameEmailSettingsPanel

# A first and last name, which our accounts don't have; and a picture that would come in past the one intake.
LEFT_OUT = (NameEmailSettingsPanel, AvatarSettingsPanel)


class OwnSettingsView(AccountView):
    """Wagtail's page without the parts that are not ours."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, LEFT_OUT)]
