"""The one way in for a picture file: checked by decoding, turned upright, and stripped of everything private."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps

from broadsheet.core.refusals import Unacceptable
from broadsheet.stories.pictures.facts import Facts, read

MOST_BYTES = 30 * 1024 * 1024  # a full-frame camera's finest JPEG has about 25 MB
MOST_PIXELS = 64_000_000  # the same camera's 61 megapixels; decoded they take 190 MB of memory, once
LEAST_SIDE = 1
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")

NO_PICTURE = gettext_lazy("This file is no picture that we can read: please send a JPEG, PNG, WebP or AVIF.")


@dataclass(frozen=True)
class Taken:
    """A picture as we keep it: upright, in sRGB, without metadata; and what its file had said of it."""

    image: Image.Image
    original: bytes
    extension: str
    facts: Facts


def take(file: IO[bytes]) -> Taken:
    """Check and decode a picture file. Raises Unacceptable with a sentence for the person who sent it.

    The number of pixels is known from the header and checked before any is decoded.
    """
    sent = _bytes(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the stricter check, just below
            opened = Image.open(BytesIO(sent), formats=FORMATS)
            _check_size(opened.width, opened.height)
            facts = read(opened)
            lossless = opened.format == "PNG"
            opened.load()
            image = _plain(opened)
    except Unacceptable:
        raise
    except Image.DecompressionBombError:
        _check_size(MOST_PIXELS, 2)
        raise
    except (OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, MemoryError, EOFError):
        raise Unacceptable(str(NO_PICTURE)) from None
    return Taken(image, _encoded(image, lossless), "png" if lossless else "jpg", facts)


def _bytes(file: IO[bytes]) -> bytes:
    file.seek(0)
    sent = file.read(MOST_BYTES + 1)
    file.seek(0)
    if len(sent) > MOST_BYTES:
        sentence = _("This picture is larger than %(most)s MB; please send a smaller file.")
        raise Unacceptable(sentence % {"most": MOST_BYTES // 1024 // 1024})
    return sent


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        sentence = _("This picture has more than %(most)s million pixels; please send a smaller one.")
        raise Unacceptable(sentence % {"most": MOST_PIXELS // 1_000_000})
    if min(width, height) < LEAST_SIDE:
        raise Unacceptable(str(NO_PICTURE))


def _plain(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, on white, with nothing attached."""
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode in {"P", "PA", "LA", "RGBA"} or "transparency" in image.info:
        seen = image.convert("RGBA")
        image = Image.new("RGB", seen.size, "white")
        image.paste(seen, mask=seen.getchannel("A"))
        profile = None
    if profile:
        image = _in_srgb(image, profile)
    if image.mode != "RGB":
        image = image.convert("RGB")
    bare = Image.new("RGB", image.size)
    bare.paste(image)  # pixels only: no info dictionary, no EXIF, no text chunks come along
    return bare


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as the photographer saw them; we strip the profile that said how to read them."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted if converted is not None else image


def _encoded(image: Image.Image, lossless: bool) -> bytes:
    out = BytesIO()
    if lossless:
        image.save(out, "PNG")
    else:
        image.save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()
