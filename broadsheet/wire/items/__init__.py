"""Stories from and to other newsrooms and programs: each format is written from one plain `Item`, and read into one."""

from __future__ import annotations
