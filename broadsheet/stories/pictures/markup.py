"""A picture as HTML: every size in three formats, with its measures, so that the page never jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from broadsheet.stories.pictures.sizes import FORMATS, height_for

if TYPE_CHECKING:
    from broadsheet.stories.pictures.models import Picture

PLAIN_WIDTH = 960  # the size for browsers that know no srcset, and for whoever saves the picture


def address(picture: Picture, width: int, extension: str) -> str:
    """Where one size is served."""
    return f"{settings.MEDIA_URL}pictures/{picture.folder}/{width}.{extension}"


def plain_address(picture: Picture, most: int = PLAIN_WIDTH) -> str:
    """One JPEG for whoever takes no choice of sizes, as large as there is up to `most` pixels across."""
    return address(picture, max((width for width in picture.widths if width <= most), default=0), "jpg")


def markup(picture: Picture, *, alt: str, sizes: str, lead: bool = False) -> SafeString:
    """A <picture> element; no query and no file is read for it.

    `sizes` is the HTML attribute: how wide the picture is shown, such as "(min-width: 45rem) 42rem, 100vw".
    `lead` is for the one picture at the top of a page: it is fetched at once, the others when they come near.
    """
    if not picture.widths:
        return SafeString("")
    widest = max(picture.widths)
    served = {
        extension: ", ".join(f"{address(picture, width, extension)} {width}w" for width in picture.widths)
        for extension in FORMATS
    }
    sources = format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        ((FORMATS[extension][0], served[extension], sizes) for extension in FORMATS if extension != "jpg"),
    )
    urgency = SafeString('fetchpriority="high"' if lead else 'loading="lazy"')
    return format_html(
        '<picture>{}<img src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}" {}'
        ' decoding="async"></picture>',
        sources, plain_address(picture), served["jpg"], sizes, alt,
        widest, height_for(picture.width, picture.height, widest), urgency,
    )  # fmt: skip
