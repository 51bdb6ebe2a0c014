"""How the weights are made: `broadsheet scorer train`. Nothing here is needed, or imported, to score a comment."""

from __future__ import annotations
