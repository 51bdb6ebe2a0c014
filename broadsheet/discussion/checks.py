"""The checks a comment passes before it is published, in the order of the setting DISCUSSION_CHECKS."""

from __future__ import annotations
