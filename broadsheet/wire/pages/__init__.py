"""Captures of published pages, as their readers saw them: story and discussion from plain text."""

from __future__ import annotations
