"""A server that speaks our own small protocol: asked about several comments at once, each call signed."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from typing import Any

from broadsheet.core import clock, standard_webhooks
from broadsheet.scores.backends import calling, sending
from broadsheet.scores.backends.models import Backend
from broadsheet.scores.backends.reading import NOTHING, Unreadable, read_json, read_said
from broadsheet.scoring.answers import Facts, Scores, Story

AT_ONCE = 16  # comments in one call
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,59}", re.ASCII)


class WebhookScorer:
    """Another program behind the scorer's protocol. What it does not answer is unknown."""

    parts: tuple[str, ...] = ("webhook",)

    def __init__(self, backend: Backend) -> None:
        self._backend, self.calls = backend, list[calling.Noted]()
        self.name = f"{backend.name}/"

    def score(
        self, texts: Sequence[str], stories: Sequence[Story | None] = (), facts: Sequence[Facts | None] = ()
    ) -> list[Scores]:
        """One Scores for each text; how a comment came in is told to nobody."""
        found: list[Scores] = []
        for start in range(0, len(texts), AT_ONCE):
            some = list(texts[start : start + AT_ONCE])
            found += self._some(some, list(stories[start : start + AT_ONCE]) or [None] * len(some))
        return found

    def request(self, texts: list[str], stories: list[Story | None]) -> dict[str, Any]:
        """What is sent."""
        tells = self._backend.tells_story
        return {
            "type": "comments.score",
            "timestamp": clock.now().isoformat(timespec="seconds"),
            "data": {
                "comments": [
                    {"id": str(number), **sending.question(text, stories[number], tells_story=tells)}
                    for number, text in enumerate(texts)
                ]
            },
        }

    def _some(self, texts: list[str], stories: list[Story | None]) -> list[Scores]:
        said, version = [NOTHING] * len(texts), ""
        with calling.noted(texts, self.calls) as call:
            version, answers = _read(self._asked(texts, stories), len(texts))
            for number, answer in answers.items():
                try:
                    said[number] = read_said(answer, sending.masked(texts[number]))
                except Unreadable as why:
                    call.fault = str(why)
        return [each.scores(self.name + version, text) for each, text in zip(said, texts, strict=True)]

    def _asked(self, texts: list[str], stories: list[Story | None]) -> Any:
        body = calling.as_json(self.request(texts, stories))
        signed = standard_webhooks.headers(
            calling.secret_of(self._backend), number=f"msg_{secrets.token_urlsafe(16)}", timestamp=int(time.time()),
            body=body,
        )  # fmt: skip
        return read_json(calling.post(self._backend, body, signed))


def _read(said: Any, asked: int) -> tuple[str, dict[int, Any]]:
    """The version it names and its answers by the comment's place. Raises Unreadable where they are not told apart."""
    answers = said.get("scores") if isinstance(said, dict) else None
    if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
        raise Unreadable("Its answer has no list of scores.")
    numbers = [each.get("id") for each in answers]
    known = [str(number) for number in range(asked)]
    if not all(number in known and numbers.count(number) == 1 for number in numbers):
        raise Unreadable("Its answer is about comments that we did not ask about.")
    version = said.get("model", "")
    if not (isinstance(version, str) and (version == "" or _VERSION.fullmatch(version))):
        raise Unreadable("Its answer has a name of a model that we cannot keep.")
    return version, {int(each["id"]): each for each in answers}
