"""What a score says of a comment that may be proposed for a pick."""

from __future__ import annotations

import pytest

from broadsheet.moderation import candidates, grounds
from broadsheet.moderation.models import Entry
from broadsheet.scores.models import Score

pytestmark = pytest.mark.django_db
GOOD = "It costs $5 million: https://budget.example/report says so."


@pytest.fixture
def good(on, make_comment):
    return make_comment(GOOD)


def scored(comment, **facts):
    Score.objects.update_or_create(comment=comment, defaults={"model": "told/1", "language": "en", **facts})


def why(comment):
    return [sentence for sentence, _ in grounds.sentences(Entry.objects.get(comment=comment, queue="picks"))]


def test_what_may_be_inappropriate_is_not_proposed(good, scaled):
    scored(good, inappropriate=0.95, relevance=0.9)
    assert candidates.propose() == 0
    scored(good, inappropriate=0.85, relevance=0.9)
    assert candidates.propose() == 1


def test_what_is_near_its_story_is_proposed_sooner_and_the_desk_reads_why(good, scaled):
    scored(good, inappropriate=0.1, relevance=0.93)
    assert candidates.propose() == 1
    assert "Nearer to the story than 93 of a hundred comments" in why(good)


@pytest.mark.any_database
@pytest.mark.parametrize("facts", [None, {"inappropriate": None, "relevance": None}, {"relevance": 0.3}])
def test_without_an_answer_its_marks_decide_alone(good, facts):
    if facts:
        scored(good, **facts)
    assert candidates.propose() == 1
    assert why(good)[0] == "A contribution: cites a source, gives figures"


def test_an_old_score_counts_for_nothing_while_the_scorer_is_off(good, settings):
    scored(good, inappropriate=0.95, relevance=0.93)
    settings.SCORER = "off"
    assert candidates.propose() == 1
    assert not [sentence for sentence in why(good) if "Nearer" in sentence]
