"""Thresholds: read from this newsroom's approved comments, adjustable, and told with where they are from."""

from __future__ import annotations

import pytest
from django.db.models import F
from django.urls import reverse

from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion.models import Comment
from broadsheet.moderation.actions import decide
from broadsheet.moderation.models import Change, Decision, Source
from broadsheet.scores import actions, approved, late
from broadsheet.scores.card.here import here
from broadsheet.scores.models import Kind, Score, Threshold, Use, Waiting
from broadsheet.scores.previews import preview
from broadsheet.scores.thresholds import LEAST_VALUE, Limited, Scale, keep_shipped, latest_shipped, scale_of
from broadsheet.scoring.spam import HELD_FROM, spam

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_approved(thread, reader, moderator):
    """So many published comments that a person has decided about, each with the score that `of` gives its number."""

    def make(count, of, model="told/1", language="en", source=Source.PERSON):
        first = Comment.objects.filter(thread=thread).count()
        rows = [
            Comment(
                thread=thread, author=reader, author_name="Ruth", number=first + n, body=f"{n}", html="", words="",
                status="published", created_at=thread.story.published_at, published_at=thread.story.published_at,
                revision=first + n,
            )
            for n in range(1, count + 1)
        ]  # fmt: skip
        made = Comment.objects.bulk_create(rows)
        type(thread).objects.filter(pk=thread.pk).update(
            conversations=first + count, published=first + count, started=first + count
        )
        Decision.objects.bulk_create(
            Decision(
                comment=row, number=1, moderator=None if source == Source.RULE else moderator, source=source,
                seen="pending", after="published",
            )
            for row in made
        )  # fmt: skip
        Score.objects.bulk_create(
            Score(comment=row, model=model, language=language, inappropriate=of(n), spam=0.0)
            for n, row in enumerate(made)
        )
        return made

    return make


def test_a_scale_says_for_every_rate_which_value_so_many_reach():
    scale = Scale(scale_of([place / 1000 for place in range(1000)]), 1000)
    for permille in (1, 20, 100, 500):
        threshold = scale.at(permille)
        assert sum(place / 1000 >= threshold for place in range(1000)) == permille
        assert scale.above(threshold) == permille
    assert scale.at(20) == pytest.approx(0.98, abs=1e-3)
    assert scale.above(2.0) == 0
    assert scale.above(0.0) == 1000


def test_of_equal_scores_none_is_held_rather_than_too_many():
    scale = Scale(scale_of([0.5] * 300), 300)
    assert scale.at(20) > 0.5
    assert scale.above(0.5) == 1000


def test_with_two_hundred_approved_comments_the_newsroom_s_own_figures_count(make_approved, told):
    make_approved(250, lambda n: n / 250)
    approved.read("told/1")
    limits = Limited("told/1", Use()).of("inappropriate")
    assert limits.scale is not None
    assert sum(n / 250 >= limits.hold for n in range(250)) == 5  # 2 %
    assert sum(n / 250 >= limits.top for n in range(250)) == 25  # 10 %
    assert limits.stands(244.5 / 250) == 20


def test_with_fewer_the_scorer_s_own_counts_and_the_number_is_known(make_approved, told):
    make_approved(34, lambda n: n / 34)
    from broadsheet.scores import asking

    asking.ask([asking.Asked("Hello there")])
    keep_shipped("told/1")
    approved.read("told/1")
    limited = Limited("told/1", Use())
    limits = limited.of("inappropriate")
    assert limits.scale is None
    assert limits.hold == pytest.approx(0.8808, abs=1e-4)
    assert limited.comments_of("inappropriate", "") == 34
    assert limited.of("spam").hold == HELD_FROM


def test_no_threshold_for_spam_is_read_where_nothing_speaks_for_spam(client, make_approved, told, supervisor):
    make_approved(250, lambda n: n / 10_000)  # they are well known: none is above 0.025, where every newcomer stands
    Score.objects.update(spam=F("inappropriate"))
    approved.read("told/1")
    limited = Limited("told/1", Use())
    limits = limited.of("spam")
    assert (limits.hold, limits.top, limits.is_least) == (LEAST_VALUE["spam"], LEAST_VALUE["spam"], True)
    assert limits.hold > spam("Guten Morgen allerseits", None, (), None).value
    assert limited.of("inappropriate").hold < 0.025
    client.force_login(supervisor)
    assert "the least: below it nothing speaks for spam" in client.get(reverse("scores:scorer")).content.decode()
    assert " 0 in a thousand" in here("told/1").kinds[1][2]


def test_what_was_kept_of_an_earlier_threshold_for_spam_counts_no_more(told, db):
    Threshold.objects.create(kind="spam", model="told/1", comments=12, scale=[0.9, 0.5])
    assert Limited("told/1", Use()).of("spam").hold == HELD_FROM
    assert latest_shipped("told/1")["spam"] == [HELD_FROM, HELD_FROM]


def test_what_rules_and_nobody_decided_is_not_approved(make_approved, make_comment, told):
    make_approved(3, lambda n: 0.1, source=Source.RULE)
    make_comment()
    assert not approved.approved().exists()


def test_a_language_with_enough_comments_has_its_own(make_approved, told):
    make_approved(300, lambda n: n / 300)
    make_approved(200, lambda n: n / 2000, language="de")
    make_approved(199, lambda n: 0.9, language="nl")
    approved.read("told/1")
    limited = Limited("told/1", Use())
    assert limited.languages_of("inappropriate") == ["", "de", "en"]
    assert limited.of("inappropriate", "de").hold < 0.11
    assert limited.of("inappropriate", "nl").hold == limited.of("inappropriate").hold


def test_another_model_gets_thresholds_of_its_own_from_the_same_comments(make_approved, told):
    old = make_approved(210, lambda n: 0.3, model="told/0")
    Score.objects.filter(comment=old[0]).update(model="told/1")
    approved.score_anew("told/1")
    assert Waiting.objects.filter(is_new=False).count() == 209
    late.score_waiting.enqueue()
    assert Waiting.objects.count() == 9  # so many at a time
    late.work()
    assert Score.objects.filter(model="told/1").count() == 210
    approved.read("told/1")
    assert Threshold.objects.filter(model="told/1", language="", comments=210).count() == 2
    assert not old[0].flags.exists()


def test_a_supervisor_sets_another_rate_or_a_number_and_the_record_says_so(make_approved, told, supervisor, moderator):
    make_approved(200, lambda n: n / 200)
    approved.read("told/1")
    use = actions.change_use(by=supervisor, false_alarms=50, inappropriate="on")
    assert sum(n / 200 >= Limited("told/1", use).of("inappropriate").hold for n in range(200)) == 10
    use = actions.change_use(by=supervisor, fixed_inappropriate=0.77)
    limits = Limited("told/1", use).of("inappropriate")
    assert (limits.hold, limits.is_fixed) == (0.77, True)
    change = Change.objects.order_by("-pk")[0]
    assert (change.what, change.before["fixed_inappropriate"], change.after["fixed_inappropriate"]) == (
        "scores", None, 0.77,
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.change_use(by=moderator, inappropriate="off")
    for wrong in ({"inappropriate": "reject"}, {"false_alarms": 0}, {"fixed_spam": 2.0}, {"pk": 5}):
        with pytest.raises(Unacceptable):
            actions.change_use(by=supervisor, **wrong)


def test_a_threshold_is_tried_on_the_comments_of_thirty_days(make_approved, told, moderator):
    made = make_approved(10, lambda n: n / 10)
    decide_reject(moderator, made[9])
    found = preview(Kind.INAPPROPRIATE, "told/1", 0.7)
    assert (found.held, found.published, found.rejected) == (3, 2, 1)


def decide_reject(moderator, comment):
    from broadsheet.moderation.rules import Screen

    decide(
        moderator=moderator, comment=comment, seen="published", after="rejected", reason="abusive",
        screen=Screen(last_decision=1),
    )  # fmt: skip
