"""SQLite as Django knows it, with turns for its writers."""
