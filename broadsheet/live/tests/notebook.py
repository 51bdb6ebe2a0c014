"""A discussion kept in memory: a real source of changes, without a database."""

from __future__ import annotations

import threading


class Notebook:
    """Threads by number; each note takes the next revision and rings, as the discussion does after its commit."""

    def __init__(self, bell):
        self._bell, self._lock = bell, threading.Lock()
        self._notes = {}
        self.closed = set()
        self.portion = 1000
        self.looks = 0
        self.looked = threading.Event()
        self.fault = None

    def open(self, thread):
        self._notes[thread] = []

    def write(self, thread, text="Hello.", ring=True):
        with self._lock:
            self._notes[thread].append(text)
            revision = len(self._notes[thread])
        if ring:
            self._bell.ring(f"thread:{thread}")
        return revision

    def withdraw(self, thread, ring=True):
        del self._notes[thread]
        if ring:
            self._bell.ring(f"thread:{thread}")

    def since(self, thread, since):
        self.looks += 1
        self.looked.set()
        if self.fault:
            raise self.fault
        with self._lock:
            notes = self._notes.get(thread)
            if notes is None:
                return None
            part = list(enumerate(notes, 1))[since : since + self.portion]
            return {
                "revision": part[-1][0] if part else len(notes),
                "more": bool(part) and part[-1][0] < len(notes),
                "comments": [{"id": number, "html": f"<li>{text}</li>"} for number, text in part],
                "summary": f"Comments ({len(notes)})",
                "closed": thread in self.closed,
                "usual": thread not in self.closed,
            }
