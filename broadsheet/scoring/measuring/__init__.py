"""How good the scorer is: `broadsheet scorer evaluate` and `broadsheet scorer bias`. Not needed to score."""

from __future__ import annotations
