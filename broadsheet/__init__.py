"""Broadsheet: a newsroom's site and the conversation under it."""

from __future__ import annotations

__version__ = "0.1.0"
