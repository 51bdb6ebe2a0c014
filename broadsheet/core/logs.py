"""What is done to lines of the log before they are written."""

from __future__ import annotations

import logging


class OnceForAStranger(logging.Filter):
    """A request for a host that is not ours is one line of warning, not two errors with tracebacks.

    Anybody can send one, and robots do all day; Django would name a setting, too, that no newsroom has.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is None:
            return False
        # The first is kept, not that there was one: logging that is set up again filters a record twice.
        request.stranger_told = told = getattr(request, "stranger_told", record)
        if told is not record:
            return False
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        record.msg = "Refused a request for the host %r: where it is ours, add it to `hosts` in the settings."
        record.args = (request.META.get("HTTP_HOST", "")[:100],)
        return True
