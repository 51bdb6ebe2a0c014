"""What changed since a revision: everything public, nothing else, in order and in portions."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from broadsheet.core import clock
from broadsheet.discussion import changes
from broadsheet.discussion.actions import (
    change_status,
    close_thread,
    edit_comment,
    import_comment,
    post_comment,
    reopen_thread,
)
from broadsheet.discussion.changes import since

pytestmark = pytest.mark.django_db


def ids(news):
    return [told["id"] for told in news["comments"]]


def test_each_change_comes_once_in_its_present_state(thread, reader, make_comment):
    first, second = make_comment(), make_comment()
    news = since(thread.pk, 0)
    assert ids(news) == [first.pk, second.pk] and news["since"] == 0
    edit_comment(author=reader, comment=first, body="Better words.")
    again = since(thread.pk, news["revision"])
    assert ids(again) == [first.pk] and "Better words." in again["comments"][0]["html"]
    assert ids(since(thread.pk, again["revision"])) == []


def test_what_was_public_comes_as_its_tombstone(thread, make_comment):
    comment = make_comment("Xwords")
    revision = since(thread.pk, 0)["revision"]
    with transaction.atomic():
        change_status(comment=comment, seen="published", after="rejected")
    (told,) = since(thread.pk, revision)["comments"]
    assert told["gone"] and "removed by an editor" in told["html"]
    assert "Xwords" not in told["html"] and "Ruth" not in told["html"]


def test_what_never_was_public_never_comes(thread, make_comment, settings):
    settings.PRE_MODERATION = True
    make_comment("Xheld", status="pending")
    news = since(thread.pk, 0)
    assert news["comments"] == [] and news["revision"] > 0
    assert "1 held for review" in news["summary"] and "Xheld" not in str(news)


def test_many_changes_come_in_portions(thread, monkeypatch):
    monkeypatch.setattr(changes, "MOST_CHANGES", 3)
    for number in range(7):
        import_comment(thread=thread, author_name="Ada", body=f"Said {number}", created_at=clock.now())
    cursor, portions = 0, []
    while True:
        news = since(thread.pk, cursor)
        portions.append(len(news["comments"]))
        cursor = news["revision"]
        if not news["more"]:
            break
    assert portions == [3, 3, 1]


def test_closing_and_opening_are_told(thread):
    told = [since(thread.pk, 0)]
    for change in (close_thread, reopen_thread):
        change(thread=thread)
        told.append(since(thread.pk, 0))
    assert [news["closed"] for news in told] == [False, True, False]
    assert [news["unused"] for news in told] == [False, True, False], "nobody had written"
    assert ["Write a comment" in news["state"] for news in told] == [True, False, True]
    assert ["takes no comments" in news["state"] for news in told] == [False, True, False]


def test_a_story_that_is_not_public_says_nothing(thread, make_comment, story):
    make_comment()
    type(story).objects.filter(pk=story.pk).update(withdrawn_at=clock.now())
    assert since(thread.pk, 0) is None
    assert since(999_999, 0) is None


def test_a_story_nobody_wrote_under_has_nothing_yet(story):
    assert since(story.pk, 0)["comments"] == [] and since(story.pk, 0)["revision"] == 0


def test_a_reply_says_where_it_stands(thread, reader, make_comment):
    first = make_comment()
    reply = post_comment(author=reader, thread=thread, body="Yes.", parent=first)
    told = since(thread.pk, 1)["comments"][-1]
    assert (told["id"], told["parent"], told["root"], told["depth"]) == (reply.pk, first.pk, first.pk, 1)
    assert told["replies"] == 1 and told["place"] == 1


def test_the_answer_is_the_same_for_everyone_and_may_be_kept(client, story, make_comment, moderator):
    make_comment()
    signed_in = Client()
    signed_in.force_login(moderator)
    address = f"/threads/{story.pk}/changes/?since=0"
    one, other = client.get(address), signed_in.get(address)
    assert one.content == other.content and not other.cookies
    assert one["Cache-Control"].startswith("public")
    assert f"thread:{story.pk}" in one["Cache-Tag"]


@pytest.mark.parametrize(
    "asked", ["", "?since=", "?since=-1", "?since=x", "?since=1.5", f"?since={'9' * 19}", "?since=٣"]
)
def test_a_wrong_revision_is_refused_with_a_sentence(client, story, asked):
    answer = client.get(f"/threads/{story.pk}/changes/{asked}")
    assert answer.status_code == 400 and "since=0" in answer.json()["refused"]


def test_a_revision_from_the_future_gets_nothing_and_sees_that_it_is_ahead(client, story, make_comment):
    make_comment()
    news = client.get(f"/threads/{story.pk}/changes/?since=500").json()
    assert news["comments"] == [] and news["revision"] < 500
