"""Files as they come from other systems: plain, gzip or zip; opened as one stream of bytes, and never a bomb."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from broadsheet.wire.discussions.found import UnreadableFile

# Comments are packed to a tenth of their size, and ones that repeat themselves to a fiftieth; a bomb to a thousandth.
MOST_TIMES = 200
ALWAYS_TAKEN = 64 * 2**20  # bytes that a file may unpack to, however small it is
CHUNK = 2**18  # bytes read at once
MOST_BYTES = 50 * 2**30  # unpacked: fifty million comments


@contextmanager
def opened(file: Path) -> Iterator[io.BufferedReader]:
    """The bytes of the file, or of the one file in the archive. Raises UnreadableFile, while it is read too."""
    with ExitStack() as stack:
        try:
            if not file.is_file():
                raise UnreadableFile("there is no such file" if not file.exists() else "it is a folder or a device")
            raw = stack.enter_context(file.open("rb"))
            head = raw.read(4)
            raw.seek(0)
            stream: BinaryIO = raw
            if head[:2] == b"\x1f\x8b":
                stream = stack.enter_context(gzip.GzipFile(fileobj=raw))  # type: ignore[assignment]
            elif head == b"PK\x03\x04":
                stream = _only_member(stack, raw)
            capped = Capped(stream, limit(file.stat().st_size), is_packed=stream is not raw)
            yield io.BufferedReader(capped, CHUNK)
        except OSError as fault:
            raise UnreadableFile(f"it cannot be read ({fault.strerror or fault})") from None


def limit(packed: int) -> int:
    """How many bytes a file of that size may become."""
    return min(MOST_BYTES, max(ALWAYS_TAKEN, packed * MOST_TIMES))


def _only_member(stack: ExitStack, raw: BinaryIO) -> BinaryIO:
    try:
        archive = stack.enter_context(zipfile.ZipFile(raw))
        files = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX")]
        if len(files) != 1:
            raise UnreadableFile(f"the archive holds {len(files)} files; exactly one is expected")
        return stack.enter_context(archive.open(files[0]))  # type: ignore[return-value]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as fault:
        raise UnreadableFile(f"the archive cannot be opened ({fault})") from None


class Capped(io.RawIOBase):
    """A stream that stops with a sentence where there is too much, or where what is packed is damaged."""

    def __init__(self, stream: BinaryIO, most: int, *, is_packed: bool) -> None:
        self._stream, self._most, self._is_packed = stream, most, is_packed
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            found = self._stream.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as fault:
            raise UnreadableFile(f"the archive is damaged after byte {self.taken:,} unpacked ({fault})") from None
        self.taken += len(found)
        if self.taken > self._most:
            what = "it unpacks to far more than such a file holds" if self._is_packed else "it is too large"
            raise UnreadableFile(f"{what} (over {self._most:,} bytes)")
        buffer[: len(found)] = found
        return len(found)
