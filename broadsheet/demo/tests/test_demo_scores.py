"""The demo's desk shows what scores do, with the scorer that comes along; where there is none, nothing."""

from __future__ import annotations

import pytest

from broadsheet.core import clock
from broadsheet.demo import desk_scores
from broadsheet.demo.cast import Cast
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.actions import decide
from broadsheet.scores import asking
from broadsheet.scores.models import DecisionScore, Score

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast(clock.now(), {}, {})


def test_two_are_held_for_their_scores_and_decisions_know_theirs(cast, thread, make_comment, moderator, settings):
    settings.SCORER = "local"
    old = asking.set_asker(asking.Asker())
    try:
        decided = make_comment("You are all idiots.")
        decide(moderator=moderator, comment=decided, seen="published", after="rejected", reason="abusive")
        desk_scores.scores(cast, thread)
    finally:
        asking.set_asker(old)
    held = Comment.objects.filter(status=Status.PENDING)
    assert sorted(comment.author_name for comment in held) == ["carl_h", "hank_brannigan"]
    assert all(comment.flags.get().check_name == "scores.inappropriate" for comment in held)
    assert Score.objects.count() == 3
    assert DecisionScore.objects.filter(decision__source="person").get().asked == "inappropriate"


def test_nothing_is_shown_where_there_is_no_scorer(cast, thread):
    desk_scores.scores(cast, thread)
    assert not Comment.objects.exists()
