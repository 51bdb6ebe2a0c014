"""The history of a comment: its author's to read, and the moderators' at the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from broadsheet.core import clock
from broadsheet.discussion.actions import edit_comment, withdraw_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(make_comment, reader):
    return edit_comment(author=reader, comment=make_comment("Xfirst words"), body="The words as they are.")


def address(comment):
    return f"/comments/{comment.pk}/history/"


def test_an_author_reads_every_version(client, reader, edited):
    client.force_login(reader)
    page = client.get(address(edited)).content.decode()
    assert "Xfirst words" in page and "The words as they are." in page
    withdraw_comment(author=reader, comment=edited)
    assert "Xfirst words" in client.get(address(edited)).content.decode()


def test_a_comment_that_was_never_changed_has_a_short_history(client, reader, make_comment):
    client.force_login(reader)
    assert "Never changed since" in client.get(address(make_comment())).content.decode()


def test_nobody_else_reads_what_a_comment_said_before(client, edited, newcomer, moderator, editor):
    assert client.get(address(edited)).url == f"/accounts/login/?next={address(edited)}"
    for person in (newcomer, moderator, editor):
        other = Client()
        other.force_login(person)
        answer = other.get(address(edited))
        assert answer.status_code == 404 and "Xfirst" not in answer.content.decode()


def test_readers_see_that_a_comment_was_edited_and_when(client, story, edited):
    page = client.get(story.get_absolute_url()).content.decode()
    mark = page.split('class="comment-edited">')[1].split("</span>")[0]
    assert "edited" in mark and f'datetime="{edited.edited_at.isoformat(timespec="seconds")}"' in mark
    assert "Xfirst" not in page


def test_the_history_under_a_story_that_is_not_public_is_not_there(client, reader, edited, story):
    type(story).objects.filter(pk=story.pk).update(withdrawn_at=clock.now())
    client.force_login(reader)
    assert client.get(address(edited)).status_code == 404


def test_a_history_is_only_read(client, reader, edited):
    client.force_login(reader)
    assert client.post(address(edited)).status_code == 405
