"""The scorer's page, its part of a card, and what a queue says of scores."""

from __future__ import annotations

import pytest
from django.urls import reverse

from broadsheet.discussion.actions import post_comment
from broadsheet.moderation.actions import decide
from broadsheet.moderation.models import Change, Entry
from broadsheet.moderation.rules import Screen
from broadsheet.scores import grounds, parts
from broadsheet.scores.models import Hour, Score, Use, Waiting
from broadsheet.scores.thresholds import Limited

pytestmark = pytest.mark.django_db
PAGE = "scores:scorer"


@pytest.fixture
def say(thread, newcomer, django_capture_on_commit_callbacks):
    def say(body):
        with django_capture_on_commit_callbacks(execute=True):
            comment = post_comment(author=newcomer, thread=thread, body=body)
        comment.refresh_from_db()
        return comment

    return say


def test_every_moderator_reads_the_page_and_supervisors_change_it(client, told, say, moderator, supervisor):
    say("You blorpet.")
    client.force_login(moderator)
    page = client.get(reverse(PAGE)).content.decode()
    assert "told/1" in page
    assert "comes with the scorer" in page
    assert "fixed_spam" not in page
    assert client.post(reverse(PAGE), {"act": "use"}).status_code in {403, 422}
    client.force_login(supervisor)
    page = client.get(reverse(PAGE)).content.decode()
    assert "fixed_spam" in page
    sent = {
        "act": "use", "inappropriate": "on", "spam": "off", "false_alarms": "0.5", "when_late": "hold", "trickle": "3",
        "learns": "on",
    }  # fmt: skip
    assert client.post(reverse(PAGE), sent).status_code == 302
    use = Use.now()
    assert (use.inappropriate, use.spam, use.false_alarms, use.when_late, use.trickle, use.nudges, use.learns) == (
        "on", "off", 5, "hold", 30, False, True,
    )  # fmt: skip
    assert Change.objects.get().what == "scores"
    assert client.post(reverse(PAGE), sent | {"inappropriate": "reject"}).status_code == 422
    assert client.post(reverse(PAGE), {"act": "compute"}).status_code == 302
    assert "would have held" in client.get(reverse(PAGE), {"kind": "spam", "threshold": "0.4"}).content.decode()
    assert "too few" in client.get(reverse(PAGE), {"kind": "spam", "false_alarms": "1"}).content.decode()


def test_a_moderator_changes_nothing(client, moderator, told):
    client.force_login(moderator)
    sent = {"act": "use", "inappropriate": "on", "spam": "on", "false_alarms": "2", "when_late": "pass", "trickle": "2"}
    assert client.post(reverse(PAGE), sent).status_code == 403
    assert client.post(reverse(PAGE), {"act": "compute"}).status_code == 403
    assert Use.now().inappropriate == "trial"


def test_the_page_says_how_often_moderators_agreed(client, told, say, moderator, supervisor):
    for body, after in (("blorpet one", "rejected"), ("blorpet two", "rejected"), ("blorpet three", "published")):
        comment = say(body)
        reason = "abusive" if after == "rejected" else "fine"
        decide(moderator=moderator, comment=comment, seen="published", after=after, reason=reason, screen=Screen())
    say("blorpet four")
    client.force_login(supervisor)
    page = client.get(reverse(PAGE)).content.decode()
    assert "67%" in page
    assert "<td>3</td><td>67%</td>" in page


@pytest.mark.any_database
def test_the_desk_is_told_when_the_scorer_fails(client, told, say, moderator, settings, tmp_path):
    settings.RUN_DIR = tmp_path
    told.is_broken = True
    say("Good morning.")
    client.force_login(moderator)
    assert "The scorer has failed since" in client.get(reverse("moderation:unreviewed")).content.decode()
    assert Hour.objects.get().failed == 1
    told.is_broken = False
    Waiting.objects.update(taken_at=None)
    from broadsheet.scores import late

    late.work()
    assert "The scorer has failed since" not in client.get(reverse("moderation:unreviewed")).content.decode()


def test_the_card_says_whose_comments_a_nearness_was_compared_with(client, told, say, moderator):
    comment = say("Good morning.")
    client.force_login(moderator)
    for reason, words in (
        ("near its story", "80% of comments are to theirs"),
        ("among its comments", "80% of its com"),
    ):
        Score.objects.update(relevance=0.8, reasons={"relevance": reason})
        page = client.get(reverse("moderation:comment", args=[comment.pk])).content.decode()
        assert f"nearer to the story than {words}" in page


def test_the_card_shows_each_answer_with_its_reasons(client, told, say, moderator):
    comment = say("You blorpet.")
    client.force_login(moderator)
    page = client.get(reverse("moderation:comment", args=[comment.pk])).content.decode()
    assert "The scorer says:" in page
    assert "<dd>0.97 <strong>above the threshold" in page and "97%" not in page  # it is no chance
    assert "above the threshold" in page
    assert "insult · threat" in page
    assert '<mark dir="auto">blorpet</mark>' in page


def test_a_passage_within_another_is_not_shown_twice(told, say):
    comment = say("The council spent 45% of it.")
    score = Score.objects.get(comment=comment)
    score.values |= {"data": 1, "opinion": 1}
    score.marks = {"data": [[18, 21, 1, "figure"]], "opinion": [[12, 27, 1, "cue"]]}
    assert parts.shown(comment, score, Limited(score.model, Use.now())).passages == ["spent 45% of it"]


def test_unknown_is_said_as_such(client, told, say, moderator):
    comment = say("unbekannt")
    client.force_login(moderator)
    page = client.get(reverse("moderation:comment", args=[comment.pk])).content.decode()
    assert "not in a language that the scorer has learned" in page


def test_a_comment_that_waits_for_its_score_says_so(client, told, say, moderator):
    told.is_broken = True
    comment = say("Good morning.")
    client.force_login(moderator)
    page = client.get(reverse("moderation:comment", args=[comment.pk])).content.decode()
    assert "waits for its score" in page


@pytest.mark.any_database
def test_cards_cost_the_same_however_many(told, say, django_assert_num_queries):
    from broadsheet.scores.parts import on_card

    comments = [say(f"blorpet {n}") for n in range(6)]
    with django_assert_num_queries(4):
        assert len(list(on_card(comments, None))) == 6


def test_a_few_low_scores_are_read_by_lot_and_always_the_same_ones(told, say):
    Use.objects.create(pk=1, trickle=1000)
    low, high = say("Good morning."), say("You blorpet.")
    why = Entry.objects.get(comment=low, queue="unreviewed").why
    assert ["sample", 120, {}] in why
    assert not [each for each in Entry.objects.get(comment=high, queue="unreviewed").why if each[0] == "sample"]
    drawn = [grounds.is_drawn(type(low)(pk=number), 20) for number in range(5_000)]
    assert drawn == [grounds.is_drawn(type(low)(pk=number), 20) for number in range(5_000)]
    assert 60 <= sum(drawn) <= 140


def test_grounds_are_in_words(client, told, say, moderator):
    say("You blorpet.")
    client.force_login(moderator)
    assert (
        "The scorer says that it may be inappropriate" in client.get(reverse("moderation:unreviewed")).content.decode()
    )


def test_no_page_for_readers_tells_a_score(client, told, say, thread):
    say("You blorpet.")
    page = client.get(thread.story.get_absolute_url()).content.decode()
    assert "blorpet" in page
    assert "told/1" not in page
    assert "0.97" not in page
