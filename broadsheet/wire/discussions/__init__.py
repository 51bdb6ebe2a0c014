"""Whole discussions from and to other systems: what readers wrote, under which story, and who they were."""

from __future__ import annotations
