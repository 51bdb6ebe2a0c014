"""What a request says, read in one encoding."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIRequest


class Utf8Request(WSGIRequest):
    """A request in UTF-8, whatever its Content-Type names; bytes that are none become U+FFFD.

    All our pages are UTF-8, so browsers send nothing else. Django would read the words by whatever codec of Python's a
    stranger names ("base64", "punycode"), and fail where no view or middleware can answer.
    """

    @property
    def encoding(self) -> str:
        return "utf-8"

    @encoding.setter
    def encoding(self, name: str) -> None:
        """Asked for by the Content-Type alone."""
