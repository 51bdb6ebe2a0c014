#!/usr/bin/env python
"""Django's command line for a clone; an installed newsroom says `broadsheet` instead."""

from __future__ import annotations

from broadsheet.config.cli import main

if __name__ == "__main__":
    main()
