"""Keeps what callers hold to be the right scores, to measure ours by: without the words, unless that is allowed."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from broadsheet.scoring.perspective.bodies import Request

LARGEST = 1 << 30  # bytes of the file; a caller must not fill the disk


class Suggestions:
    """A file of one JSON object a line, or nothing but a count."""

    def __init__(self, path: Path | None, texts: bool) -> None:
        self.path, self._texts = path, texts

    def keep(self, asker: str, request: Request, ours: dict[str, float | None], model: str) -> None:
        """Write one down; `ours` is what we would have said."""
        if self.path is None:
            return
        line: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "key": asker,
            "model": model,
            "attributes": {
                name: {
                    "suggested": suggested.summary,
                    "ours": ours.get(name),
                    **({"spans": suggested.spans} if suggested.spans else {}),
                }
                for name, suggested in request.suggested.items()
            },
            "languages": list(request.languages),
            "community": request.community,
            "session": request.session,
            "token": request.client_token or "",
        }
        if self._texts and not request.do_not_store:
            line["text"] = request.text
        written = (json.dumps(line) + "\n").encode()
        opened = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.fstat(opened).st_size + len(written) > LARGEST:
                raise OSError(f"{self.path} is full")
            os.write(opened, written)  # one write: lines of two processes do not mix
        finally:
            os.close(opened)
