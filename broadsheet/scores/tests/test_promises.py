"""What must hold whatever a model says: it rejects nothing, statements are true, and what is deleted is gone."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from broadsheet.accounts.models import Deletion
from broadsheet.core import clock
from broadsheet.discussion.actions import edit_comment, post_comment
from broadsheet.discussion.models import Comment, Status
from broadsheet.intake.kinds import KINDS
from broadsheet.legal.codes import Automation
from broadsheet.legal.models import Statement
from broadsheet.moderation.actions import decide
from broadsheet.moderation.rules import Screen
from broadsheet.scores import clocks, health, late, personal
from broadsheet.scores.models import DecisionScore, Hour, Lateness, Linked, Score, State, Threshold, Use, Waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(thread, newcomer, django_capture_on_commit_callbacks):
    def say(body, author=newcomer):
        with django_capture_on_commit_callbacks(execute=True):
            comment = post_comment(author=author, thread=thread, body=body)
        comment.refresh_from_db()
        return comment

    return say


def work():
    Waiting.objects.update(taken_at=None)
    late.work()


@pytest.mark.parametrize(("state", "lateness"), list(product(State.values, Lateness.values)))
def test_no_model_rejects_in_time_or_late_new_or_edited(
    say, told, settings, newcomer, django_capture_on_commit_callbacks, state, lateness
):
    settings.COMMENTS_PER_MINUTE = 100
    Use.objects.create(pk=1, inappropriate=state, spam=state, when_late=lateness)
    say("blorpet pills")
    edited = say("Good morning.")
    with django_capture_on_commit_callbacks(execute=True):
        edit_comment(author=newcomer, comment=edited, body="blorpet pills, edited")
    told.is_broken = True
    say("blorpet pills, late")
    told.is_broken = False
    work()
    assert not Comment.objects.filter(status=Status.REJECTED).exists()
    assert Comment.objects.filter(status=Status.PENDING).count() == (3 if state == State.ON else 0)


def test_no_rule_about_a_score_is_offered_to_reject():
    assert KINDS["score"].may_ask_for == ["note", "hold"]


def test_a_statement_says_that_a_score_found_it_and_who_decided(say, told, moderator):
    Use.objects.create(pk=1, inappropriate="on")
    held = say("You blorpet.")
    decide(
        moderator=moderator, comment=held, seen="pending", after="rejected", reason="abusive",
        screen=Screen(last_decision=1),
    )  # fmt: skip
    statement = Statement.objects.get(decision__comment=held)
    assert (statement.is_detected, statement.automation) == (True, Automation.NOT)


def test_a_comment_that_is_hidden_for_its_late_score_has_a_statement_that_says_so(say, told):
    Use.objects.create(pk=1, inappropriate="on")
    told.is_broken = True
    comment = say("You blorpet.")
    told.is_broken = False
    work()
    statement = Statement.objects.get(decision__comment=comment)
    assert (statement.is_detected, statement.automation) == (True, Automation.FULLY)


def test_waiting_for_a_score_is_no_finding(say, told, moderator):
    Use.objects.create(pk=1, inappropriate="on", when_late="hold")
    told.is_broken = True
    held = say("You blorpet.")
    decide(
        moderator=moderator, comment=held, seen="pending", after="rejected", reason="abusive",
        screen=Screen(last_decision=1),
    )  # fmt: skip
    assert not Statement.objects.get(decision__comment=held).is_detected


def test_what_was_said_of_deleted_words_is_forgotten(say, told, moderator):
    gone, stays = say("blorpet https://pills.example/"), say("blorpet again")
    decide(moderator=moderator, comment=gone, seen="published", after="rejected", reason="spam", screen=Screen())
    Comment.objects.filter(pk=gone.pk).update(body="", html="", words="")
    assert clocks.wordless(clock.now())[0] == 1
    assert Score.objects.get().comment == stays
    assert not Linked.objects.exists()
    kept = DecisionScore.objects.get()
    assert (kept.values, kept.inappropriate) == ({}, 0.97)


def test_the_hour_counts_what_was_scored_in_it_and_how_long_the_slowest_took(say, told):
    first, second = say("One."), say("Two.")
    Score.objects.filter(comment=first).update(milliseconds=5, late=True)
    Score.objects.filter(comment=second).update(milliseconds=20)
    health.count_hours()
    hour = Hour.objects.get()
    assert (hour.scored, hour.late, hour.milliseconds, hour.slowest) == (2, 1, 25, 20)


def test_old_hours_and_scales_go_and_the_latest_scale_stays(db):
    now = clock.now()
    for days in (1, 100):
        Hour.objects.create(at=now - timedelta(days=days))
    for days in (200, 100):
        Threshold.objects.create(kind="spam", model="m", comments=0, made_at=now - timedelta(days=days))
    assert clocks.hours(now)[0] == 1
    assert clocks.scales(now)[0] == 1
    assert Threshold.objects.get().made_at > now - timedelta(days=150)


def test_a_reader_s_copy_has_what_was_said_of_their_comments(say, told, newcomer, reader):
    say("You blorpet.")
    name, rows = personal.scores(newcomer)
    (row,) = rows
    assert (name, row["inappropriate"], row["model"]) == ("scores", 0.97, "told/1")
    assert list(personal.scores(reader)[1]) == []


@pytest.mark.parametrize(("choice", "left"), [(Deletion.Choice.WITHDRAW, 0), (Deletion.Choice.ANONYMISE, 1)])
def test_when_an_account_goes_so_does_what_was_said_of_the_words_that_go_with_it(say, told, newcomer, choice, left):
    say("A word that stays public.")
    Use.objects.create(pk=1, inappropriate="on")
    say("You blorpet.")
    personal.erase(newcomer, choice)
    assert Score.objects.count() == left


@pytest.mark.any_database
def test_a_card_says_what_was_only_noticed_and_what_was_held(client, say, told, moderator):
    noted = say("You blorpet.")
    Use.objects.create(pk=1, inappropriate="on")
    held = say("You blorpet, too.")
    client.force_login(moderator)
    pages = [client.get(reverse("moderation:comment", args=[each.pk])).content.decode() for each in (noted, held)]
    assert "<strong>Noticed:</strong> On trial" in pages[0]
    assert "<strong>Held:</strong> Its words" in pages[1]
