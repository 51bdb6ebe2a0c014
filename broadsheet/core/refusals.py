"""The ways an action says no. One middleware turns each into a page or a JSON answer, so views hold no `try`."""

from __future__ import annotations


class Refused(Exception):
    """What was asked may not be done; the message is a sentence for the person who asked (403)."""

    status = 403

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refused):
    """There is nothing here for this person; the answer says no more than a wrong address would (404)."""

    status = 404


class Unacceptable(Refused):
    """The words themselves cannot be taken: empty, too long, unreadable (422)."""

    status = 422


class Stale(Refused):
    """A colleague was first: what the person saw is no longer so (409)."""

    status = 409


class TooSoon(Refused):
    """Asked too often; `wait` is the number of seconds after which it may be asked again (429)."""

    status = 429

    def __init__(self, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait


def refuse_if(why_not: str | None) -> None:
    """Raises Refused with why something may not be done; does nothing where it may (None)."""
    if why_not:
        raise Refused(why_not)
