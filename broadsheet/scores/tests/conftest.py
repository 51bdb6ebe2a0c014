"""A scorer that answers at once by a few words; the real one where a test asks for it; a supervisor."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import Permission

from broadsheet.accounts.models import Reader
from broadsheet.scores import asking
from broadsheet.scores.models import Threshold
from broadsheet.scores.thresholds import scale_of
from broadsheet.scoring.answers import ADVANCES, KINDS, UNKNOWN, Answer, Mark, Scores


class Told:
    """Says 0.97 of what has "blorpet" in it, 0.6 of "grumpf", 0.95 for spam of "pills", and little of all else."""

    name = "told/1"
    parts = ("told",)
    threshold = 2.0  # a logit: 0.88

    def __init__(self):
        self.asked = []
        self.open = threading.Event()  # cleared: it does not answer until it is set again
        self.open.set()
        self.begun = threading.Event()
        self.trap = threading.Event()  # until it is set, it does not come back from a text with "abyss" in it
        self.is_broken = False

    def score(self, texts, stories=(), facts=()):
        self.begun.set()
        self.open.wait()
        if any("abyss" in text for text in texts):
            self.trap.wait()
        self.asked += zip(texts, stories, facts, strict=True)
        if self.is_broken:
            raise RuntimeError("no answer")
        return [self._one(text) for text in texts]

    def _one(self, text):
        if "poison" in text:
            raise ValueError
        value = 0.97 if "blorpet" in text else 0.6 if "grumpf" in text else 0.02
        place = text.find("blorpet")
        marks = (Mark(place, place + 7, 3.0, "word"),) if place >= 0 else ()
        known = Answer(None, reason="language") if "unbekannt" in text else Answer(value, marks)
        return Scores(
            model=self.name,
            language="en",
            inappropriate=known,
            kinds=dict.fromkeys(KINDS, known),
            spam=Answer(0.95 if "pills" in text else 0.01),
            advances=dict.fromkeys(ADVANCES, UNKNOWN),
        )


@pytest.fixture
def on(settings):
    """The scorer is on, as a newsroom has it; a post waits for it as long as it must."""
    settings.SCORER, settings.SCORE_WAIT_MS = "local", 20_000
    settings.SCORERS = ["broadsheet.scores.scorers.named"]
    return settings


@pytest.fixture
def told(on):
    """The scorer that knows a few words, which the test may also slow down and break."""
    scorer = Told()
    old = asking.set_asker(asking.Asker(lambda: scorer))
    yield scorer
    scorer.open.set()
    scorer.trap.set()
    asking.set_asker(old)


@pytest.fixture
def supervisor(db):
    """Sue says how scores are used."""
    sue = Reader.objects.create_user("sue@example.org", "Sue Seward", "a long enough pass phrase", is_staff=True)
    for code in ("decide", "supervise"):
        sue.user_permissions.add(Permission.objects.get(content_type__app_label="moderation", codename=code))
    return sue


@pytest.fixture
def scaled(db):
    """Thresholds read from 1000 approved comments, whose scores were 0.000 to 0.999: 2 % is at 0.98."""
    for kind in ("inappropriate", "spam"):
        values = [place / 1000 for place in range(1000)]
        Threshold.objects.create(kind=kind, model="told/1", comments=1000, scale=scale_of(values))
