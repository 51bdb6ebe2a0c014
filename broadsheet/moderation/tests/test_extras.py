"""The way to the desk from the paper's own pages: told to those who work there, and to nobody else."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_a_moderator_finds_the_desk_from_a_story_and_a_reader_does_not(client, thread, moderator, reader):
    client.force_login(moderator)
    desk = client.get(f"/threads/{thread.pk}/me/").json()["desk"]
    assert desk["words"] == "Moderation" and client.get(desk["address"], follow=True).status_code == 200
    client.force_login(reader)
    assert "desk" not in client.get(f"/threads/{thread.pk}/me/").json()
    client.logout()
    assert client.get(f"/threads/{thread.pk}/me/").json() == {"reader": None}


def test_the_story_itself_is_the_same_for_a_moderator(client, story, moderator):
    public = client.get(story.get_absolute_url()).content
    client.force_login(moderator)
    assert client.get(story.get_absolute_url()).content == public
