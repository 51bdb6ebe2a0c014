"""The names under which public pages are kept and dropped."""

from __future__ import annotations

FRONTS = "fronts"  # every page that lists stories: front, sections, topics, authors; any change to any story
HOURS = "hours"  # every page with a discussion: when somebody is at the desk, and whether too much waits there
SECTIONS = "sections"  # the navigation and the policy pages: names of sections, topics, people


def story_tag(pk: int) -> str:
    """One story's own facts and words."""
    return f"story:{pk}"


def thread_tag(pk: int) -> str:
    """The discussion under the story of that number: its comments, counts and clock."""
    return f"thread:{pk}"


def respects_tag(pk: int) -> str:
    """The readers' respect for the comments of that discussion: what changes oftenest, and nothing on a front."""
    return f"respects:{pk}"


def reader_tag(pk: int) -> str:
    """One reader's public page: their name, what they say of themselves, their published comments."""
    return f"reader:{pk}"
