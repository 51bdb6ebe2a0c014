"""Sessions in the database, each with its own end: a moment it does not outlive, and for staff an idle time."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.sessions.backends import db

from broadsheet.accounts.sessions import LIMITS, NOTE_EVERY, is_over


class SessionStore(db.SessionStore):
    """Django's, which forgets a session that is over in the moment it is asked for.

    Here and not in a middleware, so that no page and no call can be made with such a session.
    """

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        limits, now = data.get(LIMITS), time.time()
        if not limits:
            return data
        if is_over(limits, now):
            self.delete()
            self._session_key = None
            return {}
        if limits["idle"] and now - limits["seen"] >= NOTE_EVERY:
            limits["seen"] = now
            self.modified = True
        return data

    @classmethod
    def get_model_class(cls) -> Any:
        return super().get_model_class()
