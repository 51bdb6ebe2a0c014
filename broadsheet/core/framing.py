"""Which of our addresses stand in frames on other sites: those under /embed/ but for a few (docs/embedding.md)."""

from __future__ import annotations

FRAMES = "/embed/"
POP_UP = "/embed/sign-in/"  # a window of our own, which a frame opens
ON_OUR_SITE = (POP_UP, "/embed/open/")  # never in a frame, with the cookies of our own site
IN_POP_UP = "pop-up"  # in a session: until when its pages of signing in stand in a window that a frame has opened
FRAMED = "framed"  # in a session: that it was begun in a frame and is good for nothing else


def in_frame(path: str) -> bool:
    """Whether the page at this path is made to stand in a frame: without masthead, with cookies of its own."""
    return path.startswith(FRAMES) and not path.startswith(ON_OUR_SITE)
