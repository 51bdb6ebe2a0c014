"""What changed in a thread since a revision: one answer for stream, poll, embed and tests."""

from __future__ import annotations
