"""How often one reader may post: slow mode in one discussion, the limit of comments a minute everywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, TooSoon
from broadsheet.discussion import pace, rules
from broadsheet.discussion.actions import edit_comment, post_comment, withdraw_comment
from broadsheet.discussion.models import Comment, Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow(thread):
    """A discussion in which each reader may post every two minutes."""
    Thread.objects.filter(pk=thread.pk).update(slow_seconds=120)
    thread.refresh_from_db()
    return thread


def post(author, thread, body, **more):
    return post_comment(author=author, thread=thread, body=body, **more)


def age(comment, seconds):
    Comment.objects.filter(pk=comment.pk).update(created_at=clock.now() - timedelta(seconds=seconds))


def test_a_second_comment_waits_as_long_as_slow_mode_says(slow, reader):
    first = post(reader, slow, "One.")
    with pytest.raises(TooSoon, match=r"slow mode. You can post here again in \d+ (seconds|minutes)") as refusal:
        post(reader, slow, "Two.")
    assert 115 <= refusal.value.wait <= 120
    age(first, 119)
    with pytest.raises(TooSoon, match="again in a second"):
        post(reader, slow, "Two.")
    age(first, 121)
    assert post(reader, slow, "Two.").pk


def test_slow_mode_holds_for_each_reader_and_discussion_alone(slow, reader, newcomer, make_story):
    post(reader, slow, "One.")
    assert post(newcomer, slow, "Two.").pk
    assert post(reader, Thread(story=make_story()), "Three.").pk


def test_a_reply_counts_in_slow_mode_and_an_edit_does_not(slow, reader):
    first = post(reader, slow, "One.")
    with pytest.raises(TooSoon):
        post(reader, slow, "Two.", parent=first)
    assert edit_comment(author=reader, comment=first, body="One, corrected.").edited_at


def test_a_comment_is_changed_only_so_often(client, thread, reader, story):
    """Each version is kept, and an edit has no pace: five minutes of them would fill a disk and name a whole crowd."""
    comment = post(reader, thread, "Version 0.")
    for number in range(rules.MOST_EDITS):
        comment = edit_comment(author=reader, comment=comment, body=f"Version {number + 1}.")
    with pytest.raises(Refused, match="as often as a comment can be"):
        edit_comment(author=reader, comment=comment, body="Once more.")
    assert comment.versions.count() == rules.MOST_EDITS
    client.force_login(reader)
    assert client.get(f"/threads/{story.pk}/me/").json()["own"][0]["edit_until"] is None


def test_withdrawing_buys_no_second_comment(slow, reader):
    withdraw_comment(author=reader, comment=post(reader, slow, "One."))
    with pytest.raises(TooSoon):
        post(reader, slow, "Two.")


def test_slow_mode_does_not_hold_up_the_staff(slow, moderator, reporter):
    for person in (moderator, reporter):
        post(person, slow, "One.")
        assert post(person, slow, "Two.").pk


def test_a_thread_s_own_word_wins_over_the_newsroom_s(thread, reader, settings):
    settings.SLOW_MODE_SECONDS = 60
    post(reader, thread, "One.")
    with pytest.raises(TooSoon):
        post(reader, thread, "Two.")
    Thread.objects.filter(pk=thread.pk).update(slow_seconds=0)
    thread.refresh_from_db()
    assert post(reader, thread, "Two.").pk


def test_the_same_intent_again_is_no_second_comment(slow, reader):
    first = post(reader, slow, "One.", key="k")
    assert post(reader, slow, "One.", key="k") == first


def test_two_at_the_same_moment_are_one(parallel, slow, reader):
    said = parallel(lambda: post(reader, slow, "One."), lambda: post(reader, slow, "Two."))
    assert [type(each) for each in sorted(said, key=lambda each: isinstance(each, TooSoon))] == [Comment, TooSoon]


def test_a_reader_is_told_when_they_may_post_again(slow, reader, newcomer, settings):
    now = clock.now()
    assert rules.may_post_at(reader, slow, now) is None
    comment = post(reader, slow, "One.")
    now = clock.now()
    assert rules.may_post_at(reader, slow, now) == comment.created_at + timedelta(seconds=120)
    assert rules.may_post_at(reader, slow, now + timedelta(seconds=121)) is None
    assert rules.may_post_at(newcomer, slow, now) is None
    settings.COMMENTS_PER_MINUTE = 1
    slow.slow_seconds = 10
    assert rules.may_post_at(reader, slow, clock.now()) == comment.created_at + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [(0, ""), (1, "Slow mode: one comment a second."), (45, "Slow mode: one comment every 45 seconds."),
     (60, "Slow mode: one comment a minute."), (120, "Slow mode: one comment every 2 minutes."),
     (90, "Slow mode: one comment every 90 seconds."), (3600, "Slow mode: one comment an hour."),
     (7200, "Slow mode: one comment every 2 hours."), (5400, "Slow mode: one comment every 90 minutes.")],
)  # fmt: skip
def test_slow_mode_is_told_in_the_largest_whole_unit(thread, seconds, sentence):
    thread.slow_seconds = seconds
    assert pace.slow_sentence(thread) == sentence


@pytest.mark.parametrize(
    ("wait", "words"),
    [(1, "a second"), (95, "95 seconds"), (121, "3 minutes"), (7000, "117 minutes"), (7201, "3 hours")],
)
def test_a_wait_is_never_told_shorter_than_it_is(wait, words):
    assert words in pace.slow_refusal(wait)


def test_the_page_says_that_a_discussion_is_slow(client, slow, story):
    assert "Slow mode: one comment every 2 minutes." in client.get(story.get_absolute_url()).content.decode()


def test_the_form_tells_how_long_to_wait_and_so_does_the_refusal(client, slow, story, reader):
    client.force_login(reader)
    address = f"/stories/{story.pk}/comments/new/"
    page = client.get(address).content.decode()
    assert "Slow mode: one comment every 2 minutes." in page and 'class="box-wait" data-for="new reply" hidden' in page
    post(reader, slow, "One.")
    page = client.get(address).content.decode()
    assert "You can post here again in" in page and ' wait="1' in page and "Post comment" in page
    answer = client.post(address, {"body": "Two."})
    assert answer.status_code == 429 and 100 < int(answer["Retry-After"]) <= 120
    assert b"\nTwo.</textarea>" in answer.content
    assert b'class="box-wait" data-for="new reply" hidden' in answer.content  # said once, above the form
    answer = client.post(address, {"body": "Two."}, headers={"Accept": "application/json"})
    assert answer.status_code == 429 and 100 < int(answer["Retry-After"]) <= 120
    assert "slow mode" in answer.json()["refused"]


def test_an_element_hears_when_the_next_comment_is_taken(client, slow, story, reader):
    client.force_login(reader)
    assert client.get(f"/threads/{story.pk}/me/").json()["may_post_at"] is None
    told = client.post(
        f"/stories/{story.pk}/comments/new/", {"body": "One."}, headers={"Accept": "application/json"}
    ).json()
    assert 115 <= told["wait"] <= 120
    assert client.get(f"/threads/{story.pk}/me/").json()["may_post_at"]
