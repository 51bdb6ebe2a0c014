"""Serves the published sizes of pictures from disk: only those, never the desk's originals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from broadsheet.delivery.negotiation import has_it
from broadsheet.delivery.ready import Environ, StartResponse

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
# A picture runs nothing. The style sheet is the browser's own, of the page it makes to show a picture by itself.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# Each part begins with a letter or digit, so that no part is "..", hidden or empty.
_PATH = re.compile(
    r"/media/pictures/((?:[A-Za-z0-9][\w.-]{0,200}/){0,6}[A-Za-z0-9][\w.-]{0,200}\.([a-z]{3,4}))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """One file, ready to be sent."""

    path: Path
    type: str
    etag: str
    size: int

    def answer(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """The bytes, or 304; HEAD gets the headers alone. A name stands for the same bytes for ever."""
        always = [("Cache-Control", "public, max-age=31536000, immutable"), ("ETag", self.etag)]
        if has_it(environ.get("HTTP_IF_NONE_MATCH", ""), self.etag):
            start_response("304 Not Modified", always)
            return []
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else self.path.read_bytes()
        start_response(
            "200 OK",
            [
                *always,
                ("Content-Type", self.type),
                ("Content-Length", str(self.size)),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", POLICY),
                ("Cross-Origin-Resource-Policy", "same-site"),
            ],
        )
        return [body] if body else []


class Pictures:
    """The folder MEDIA_ROOT/pictures."""

    def __init__(self, media: Path) -> None:
        self._folder = (media / "pictures").resolve()

    def find(self, path: str) -> PictureFile | None:
        """The picture at this address; None for any other address, for no file, or for one outside the folder."""
        if not (match := _PATH.fullmatch(path)) or match[2] not in TYPES:
            return None
        file = (self._folder / match[1]).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            return None
        facts = file.stat()
        return PictureFile(file, TYPES[match[2]], f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', facts.st_size)
