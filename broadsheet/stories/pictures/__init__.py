"""Pictures: the one way in (intake), what a file says of itself (facts), the sizes readers are served (sizes)."""

from __future__ import annotations

from broadsheet.stories.pictures.models import Picture, PictureSize, add_picture

__all__ = ["Picture", "PictureSize", "add_picture"]
