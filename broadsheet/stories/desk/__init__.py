"""The desk: Wagtail's editor, dressed for a newsroom."""

from __future__ import annotations
