"""Sites that hold our discussions, of our own invention."""

from __future__ import annotations

NEWS, WEEKLY = "https://news.example", "https://weekly.example"
