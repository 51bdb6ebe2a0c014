"""Wagtail's choosers without their inline scripts, which our policy forbids; desk.js starts them."""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images.widgets import AdminImageChooser
from wagtail.snippets.widgets import AdminSnippetChooser


class QuietChooser:
    """Leaves what the script needs in an element beside the chooser."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chooser: Any = self
        chosen, attrs = chooser.get_value_data(value), attrs or {}
        start = {
            "constructor": chooser.js_constructor,
            "id": attrs["id"],
            "options": chooser.get_js_init_options(attrs["id"], name, chosen),
        }
        return format_html(
            '{}<span hidden data-start-chooser="{}"></span>',
            chooser.render_html(name, chosen, attrs),
            json.dumps(start),
        )


class PictureChooser(QuietChooser, AdminImageChooser):
    """A picture, found by its title and facts, or uploaded."""


class StoryChooser(QuietChooser, AdminSnippetChooser):
    """A story, found by its headline."""
