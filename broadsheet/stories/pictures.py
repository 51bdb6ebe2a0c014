"""Pictures: what the desk keeps of a photograph, and the sizes readers are served."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition


class Picture(AbstractImage):
    """A photograph with the facts it must be published with; `description` is its alternative text."""

    caption = models.CharField(max_length=1000, blank=True)
    creator = models.CharField(max_length=120, blank=True)
    credit = models.CharField(max_length=120, blank=True)
    copyright_notice = models.CharField(max_length=300, blank=True)
    rights_page = models.URLField(max_length=300, blank=True)

    admin_form_fields: ClassVar[tuple[str, ...]] = (
        "title", "file", "description", "caption", "creator", "credit", "copyright_notice", "rights_page", "collection",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )  # fmt: skip


class PictureSize(AbstractRendition):
    """A size the desk's own screens ask Wagtail for."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_size_a_filter")
        ]
