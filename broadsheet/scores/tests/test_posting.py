"""What the scorer does to a comment that comes in: it notes and holds, in time or late, and never rejects."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from broadsheet.core import clock, troubles
from broadsheet.discussion.actions import edit_comment, post_comment
from broadsheet.discussion.models import Status
from broadsheet.intake.actions import save_rule, set_state
from broadsheet.moderation.actions import decide
from broadsheet.moderation.models import Entry, Source
from broadsheet.moderation.rules import Screen
from broadsheet.scores import about, asking, late
from broadsheet.scores.models import DecisionScore, Hour, Score, Use, Waiting

pytestmark = pytest.mark.django_db


def use(**facts):
    Use.objects.update_or_create(pk=1, defaults=facts)


@pytest.fixture
def say(thread, newcomer, django_capture_on_commit_callbacks):
    """A comment as a reader posts it, with the tasks that follow its commit."""

    def say(body, author=newcomer, parent=None):
        with django_capture_on_commit_callbacks(execute=True):
            comment = post_comment(author=author, thread=thread, body=body, parent=parent)
        comment.refresh_from_db()
        return comment

    return say


def test_what_is_posted_has_a_score_a_moment_later_and_holds_nothing_on_trial(say, told):
    comment = say("You blorpet.")
    assert comment.status == Status.PUBLISHED
    assert (comment.score.inappropriate, comment.score.model, comment.score.late) == (0.97, "told/1", False)
    flag = comment.flags.get()
    assert (flag.check_name, flag.asks_for, flag.spans) == ("scores.inappropriate", "", [[4, 11]])
    assert flag.reason.startswith("On trial:")
    assert not Waiting.objects.exists()


def test_above_its_threshold_a_score_holds_where_the_newsroom_says_so(say, told):
    use(inappropriate="on")
    assert say("Good morning.").status == Status.PUBLISHED
    held = say("You blorpet.")
    assert held.status == Status.PENDING
    assert held.decisions.get().source == Source.RULE
    assert held.flags.get().asks_for == Status.PENDING
    assert held.score.marks["inappropriate"] == [[4, 11, 3.0, "word"]]


def test_what_only_reaches_the_top_of_the_queue_is_looked_at_first(say, told, scaled):
    use(inappropriate="on")
    assert say("grumpf").flags.count() == 0
    noted = say("You blorpet.")
    assert noted.status == Status.PUBLISHED  # 2 % of the approved stand above 0.98
    assert (noted.flags.get().asks_for, noted.flags.get().spans) == ("", [])
    code, minutes, facts = Entry.objects.get(comment=noted, queue="unreviewed").why[0]
    assert (code, minutes, facts["stands"]) == ("score", 120, 30)


def test_spam_holds_by_itself(say, told):
    use(spam="on", inappropriate="off")
    assert say("Cheap pills").status == Status.PENDING
    assert say("You blorpet.").status == Status.PUBLISHED


def test_the_paper_s_own_people_are_not_held(say, told, moderator):
    use(inappropriate="on")
    assert say("You blorpet.", author=moderator).status == Status.PUBLISHED


def test_the_scorer_is_told_what_else_the_paper_writes_about(say, told, make_story):
    make_story(headline="Ferry runs aground", standfirst="Nobody was hurt.")
    about._stories.clear()  # other tests' stories have the same numbers
    say("What a storm that was.")
    assert told.asked[-1][1].others == ("Ferry runs aground. Nobody was hurt",)


def test_a_broken_scorer_stops_nobody_and_is_counted(say, told):
    use(inappropriate="on")
    told.is_broken = True
    comment = say("You blorpet.")
    assert comment.status == Status.PUBLISHED
    assert Hour.objects.get().failed == 1
    told.is_broken = False
    Waiting.objects.update(taken_at=None)
    late.work()
    comment.refresh_from_db()
    assert comment.status == Status.PENDING
    assert (comment.score.late, comment.decisions.get().source) == (True, Source.RULE)


def test_a_comment_that_waits_for_its_score_alone_is_released_by_it(say, told):
    use(inappropriate="on", when_late="hold")
    told.is_broken = True
    fine, foul = say("Good morning."), say("You blorpet.")
    assert [fine.status, foul.status] == [Status.PENDING, Status.PENDING]
    assert fine.flags.get().check_name == "scores.late"
    told.is_broken = False
    Waiting.objects.update(taken_at=None)
    late.work()
    for comment in (fine, foul):
        comment.refresh_from_db()
    assert [fine.status, foul.status] == [Status.PUBLISHED, Status.PENDING]
    assert not fine.flags.exists()
    assert foul.flags.get().check_name == "scores.inappropriate"


def change(comment, body, commits):
    with commits(execute=True):
        edit_comment(author=comment.author, comment=comment, body=body)
    comment.refresh_from_db()


def score_late(told, *comments):
    told.is_broken = False
    Waiting.objects.update(taken_at=None)
    late.work()
    for comment in comments:
        comment.refresh_from_db()


def test_what_waits_for_its_score_and_is_edited_meanwhile_is_released(say, told, django_capture_on_commit_callbacks):
    use(inappropriate="on", when_late="hold")
    told.is_broken = True
    in_time, late_again = say("Good morning."), say("Good evening.")
    change(late_again, "Good evening, all.", django_capture_on_commit_callbacks)
    told.is_broken = False
    change(in_time, "Good morning, all.", django_capture_on_commit_callbacks)
    score_late(told, in_time, late_again)
    assert [in_time.status, late_again.status] == [Status.PUBLISHED, Status.PUBLISHED]
    assert not in_time.flags.exists() and Score.objects.count() == 2


def test_an_edit_while_the_scorer_is_late_frees_nothing_that_something_else_holds(
    say, told, django_capture_on_commit_callbacks
):
    use(inappropriate="on", when_late="hold")
    foul = say("You blorpet.")
    told.is_broken = True
    change(foul, "Good morning.", django_capture_on_commit_callbacks)
    score_late(told, foul)
    assert foul.status == Status.PENDING


def test_an_edit_of_what_somebody_let_through_waits_for_its_score_alone(
    say, told, moderator, django_capture_on_commit_callbacks
):
    use(inappropriate="on", when_late="hold")
    comment = say("You blorpet.")
    screen = Screen(last_decision=1)
    decide(moderator=moderator, comment=comment, seen="pending", after="published", reason="fine", screen=screen)
    told.is_broken = True
    change(comment, "Good morning.", django_capture_on_commit_callbacks)
    assert comment.status == Status.PENDING
    score_late(told, comment)
    assert comment.status == Status.PUBLISHED


def test_without_a_worker_the_next_post_tells_the_desk(say, told):
    say("Good morning.")
    assert troubles.standing() == []
    told.is_broken = True
    say("Good evening.")
    Waiting.objects.update(taken_at=None, since=clock.now() - timedelta(minutes=11))
    say("Good night.")
    assert troubles.SCORES in {each.what for each in troubles.standing()}


def test_what_something_else_holds_goes_on_waiting(say, told, settings):
    settings.PRE_MODERATION = True
    use(inappropriate="on", when_late="hold")
    told.is_broken = True
    comment = say("Good morning.")
    told.is_broken = False
    Waiting.objects.update(taken_at=None)
    late.work()
    comment.refresh_from_db()
    assert comment.status == Status.PENDING
    assert [flag.check_name for flag in comment.flags.all()] == ["pre_moderation"]


def test_a_late_score_changes_nothing_that_a_person_has_decided(say, told, moderator):
    use(inappropriate="on")
    told.is_broken = True
    comment = say("You blorpet.")
    decide(moderator=moderator, comment=comment, seen="published", after="published", reason="fine", screen=Screen())
    told.is_broken = False
    Waiting.objects.update(taken_at=None)
    late.work()
    comment.refresh_from_db()
    assert comment.status == Status.PUBLISHED


def test_one_text_that_the_scorer_fails_at_keeps_no_other_from_its_score(say, told):
    told.is_broken = True
    fine, poison = say("Good morning."), say("poison")
    told.is_broken = False
    Waiting.objects.update(taken_at=None)
    late.work()
    assert Score.objects.get().comment == fine
    assert Waiting.objects.get().comment == poison


def test_a_text_that_the_scorer_does_not_come_back_from_delays_no_other_and_the_desk_is_told(
    say, told, monkeypatch, client, moderator
):
    use(inappropriate="on", when_late="hold")
    monkeypatch.setattr(asking, "STUCK", 0.2)
    monkeypatch.setattr(asking, "LOOKS", 0.05)
    lost, fine = say("abyss"), say("Good morning.")
    assert [lost.status, fine.status] == [Status.PENDING, Status.PUBLISHED]
    score_late(told, lost)
    assert (lost.status, Waiting.objects.count()) == (Status.PENDING, 0)  # a moderator decides
    assert Hour.objects.get().given_up == 1
    assert troubles.SCORER not in {each.what for each in troubles.standing()}
    client.force_login(moderator)
    page = client.get(reverse("scores:scorer")).content.decode()
    assert "<dt>Stuck and begun anew</dt><dd>1</dd>" in page


def test_an_edit_is_scored_anew(say, told, newcomer, django_capture_on_commit_callbacks):
    comment = say("Good morning.")
    with django_capture_on_commit_callbacks(execute=True):
        edit_comment(author=newcomer, comment=comment, body="You blorpet.")
    assert Score.objects.get().inappropriate == 0.97


def test_nothing_is_scored_where_the_scorer_is_off(say, told, settings):
    settings.SCORER = "off"
    say("You blorpet.")
    assert not told.asked
    assert not Score.objects.exists()
    assert not Waiting.objects.exists()


def test_a_decision_keeps_the_score_that_the_moderator_saw(say, told, moderator):
    use(inappropriate="on")
    comment = say("You blorpet.")
    decide(
        moderator=moderator,
        comment=comment,
        seen="pending",
        after="rejected",
        reason="abusive",
        screen=Screen(last_decision=1),
    )
    by_score, by_person = DecisionScore.objects.order_by("pk")
    assert (by_score.shown, by_person.shown) == (False, True)
    assert (by_person.inappropriate, by_person.asked, by_person.model) == (0.97, "inappropriate", "told/1")
    assert by_person.thresholds["inappropriate"] == pytest.approx(0.8808, abs=1e-4)


def test_an_unknown_score_is_no_score(say, told):
    use(inappropriate="on", when_late="hold")
    comment = say("unbekannt blorpet")
    assert comment.status == Status.PUBLISHED
    assert comment.score.inappropriate is None


@pytest.fixture
def ruled(supervisor):
    """A rule that holds what the scorer calls inappropriate from 0.8 on."""
    return make_rule(supervisor)


def make_rule(supervisor, name="Foul words", state="on", **facts):
    params = {"score": "inappropriate", "threshold": "0.8"}
    facts = {"asks_for": "hold", **facts}
    rule = save_rule(by=supervisor, rule=None, kind="score", name=name, params=params, **facts)
    return set_state(by=supervisor, rule=rule, state=state)


def heard(comment):
    """What the desk is told of a comment: its findings, as they stand on the card."""
    return list(comment.flags.values_list("check_name", "rule", "reason", "asks_for", "score", "threshold", "minutes"))


def test_a_rule_about_a_score_says_of_a_late_one_what_it_says_in_time(say, told, supervisor):
    use(inappropriate="off")
    rule = make_rule(supervisor, minutes=45)
    in_time = say("You blorpet.")
    told.is_broken = True
    late_one = say("You blorpet, too.")
    assert (in_time.status, late_one.status) == (Status.PENDING, Status.PUBLISHED)
    score_late(told, late_one)
    assert late_one.status == Status.PENDING
    assert heard(late_one) == heard(in_time) != []
    assert [each.source for each in late_one.decisions.all()] == [Source.RULE]
    assert late_one.decisions.get().note == "Foul words"
    due = [entry.since - entry.due for entry in Entry.objects.filter(queue="pending").order_by("pk")]
    assert due[0] == due[1] >= timedelta(minutes=45)
    assert rule.found.count() == 2


def test_a_late_score_is_asked_about_once_and_held_once(say, told, ruled):
    told.is_broken = True
    comment = say("You blorpet.")
    score_late(told, comment)
    late.work()
    assert (comment.decisions.count(), comment.flags.filter(rule="Foul words").count()) == (1, 1)


def test_a_rule_on_trial_or_that_only_notes_holds_no_late_score_either(say, told, supervisor):
    use(inappropriate="off")
    make_rule(supervisor, "On trial", state="trial")
    make_rule(supervisor, "A note", asks_for="note")
    told.is_broken = True
    comment = say("You blorpet.")
    score_late(told, comment)
    assert comment.status == Status.PUBLISHED
    assert set(comment.flags.values_list("rule", "asks_for")) == {("On trial", ""), ("A note", "")}


def test_a_moderator_s_decision_stands_against_a_rule_about_a_late_score(say, told, ruled, moderator):
    told.is_broken = True
    comment = say("You blorpet.")
    decide(moderator=moderator, comment=comment, seen="published", after="published", reason="fine", screen=Screen())
    score_late(told, comment)
    assert (comment.status, comment.decisions.count()) == (Status.PUBLISHED, 1)


def test_what_was_decided_about_other_words_keeps_no_rule_from_an_edit(
    say, told, ruled, moderator, django_capture_on_commit_callbacks
):
    comment = say("Good morning.")
    decide(moderator=moderator, comment=comment, seen="published", after="published", reason="fine", screen=Screen())
    told.is_broken = True
    change(comment, "You blorpet.", django_capture_on_commit_callbacks)
    score_late(told, comment)
    assert comment.status == Status.PENDING


def test_what_waits_for_its_score_goes_on_waiting_where_a_rule_holds_it(say, told, ruled):
    use(inappropriate="trial", spam="on", when_late="hold")
    told.is_broken = True
    foul, fine = say("You blorpet."), say("Good morning.")
    score_late(told, foul, fine)
    assert (foul.status, fine.status) == (Status.PENDING, Status.PUBLISHED)
    assert set(foul.flags.values_list("check_name", flat=True)) == {"rules.score", "scores.inappropriate"}


def test_the_paper_s_own_people_are_spared_by_a_rule_about_a_late_score_as_in_time(say, told, supervisor, moderator):
    use(inappropriate="off")
    make_rule(supervisor)
    told.is_broken = True
    spared = say("You blorpet.", author=moderator)
    score_late(told, spared)
    assert (spared.status, spared.flags.count()) == (Status.PUBLISHED, 0)


def test_a_score_that_was_in_time_is_not_asked_about_again(say, told, ruled, django_capture_on_commit_callbacks):
    use(inappropriate="on", when_late="hold")
    told.is_broken = True
    comment = say("Good morning.")
    told.is_broken = False
    change(comment, "Good morning, all.", django_capture_on_commit_callbacks)
    assert (comment.status, comment.score.late) == (Status.PUBLISHED, False)
