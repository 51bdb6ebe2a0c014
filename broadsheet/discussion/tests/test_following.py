"""Following discussions and people, and muting: lists of a reader's own that nobody else sees."""

from __future__ import annotations

import pytest

from broadsheet.accounts.models import Follow, Mute, Reader
from broadsheet.core.refusals import Refused
from broadsheet.discussion import following
from broadsheet.discussion.actions import close_thread
from broadsheet.discussion.models import Thread, ThreadFollow

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(make_comment, reader):
    """Ruth has a public comment."""
    make_comment()
    return reader


def test_a_discussion_is_followed_once(thread, newcomer):
    following.follow_thread(reader=newcomer, thread=thread)
    following.follow_thread(reader=newcomer, thread=thread)
    assert ThreadFollow.objects.count() == 1
    following.unfollow_thread(reader=newcomer, thread=thread)
    assert not ThreadFollow.objects.exists()


def test_a_discussion_without_a_comment_can_be_followed(client, story, newcomer):
    client.force_login(newcomer)
    answer = client.post(f"/stories/{story.pk}/comments/follow/", {"choice": "yes"})
    assert answer.status_code == 303 and ThreadFollow.objects.get().thread_id == story.pk


def test_a_closed_discussion_is_not_followed_any_more(thread, newcomer):
    close_thread(thread=thread)
    with pytest.raises(Refused, match="closed"):
        following.follow_thread(reader=newcomer, thread=Thread.objects.get())


def test_whom_one_follows_one_does_not_mute(known, newcomer):
    following.mute(reader=newcomer, person=known)
    following.follow_person(reader=newcomer, person=known)
    assert Follow.objects.count() == 1 and not Mute.objects.exists()
    following.mute(reader=newcomer, person=known)
    assert Mute.objects.count() == 1 and not Follow.objects.exists()


def test_nobody_follows_or_mutes_themselves(newcomer):
    for act in (following.follow_person, following.mute):
        with pytest.raises(Refused, match="yourself"):
            act(reader=newcomer, person=newcomer)


def test_who_has_no_public_page_is_not_followed_but_can_be_muted(known, newcomer):
    Reader.objects.filter(pk=known.pk).update(has_public_page=False)
    known.refresh_from_db()
    with pytest.raises(Refused, match="no public page"):
        following.follow_person(reader=newcomer, person=known)
    following.mute(reader=newcomer, person=known)
    assert Mute.objects.count() == 1


def test_guests_and_the_deactivated_keep_no_lists(known, thread):
    guest = Reader.objects.create_user("guest@example.org", "Gus Guest", is_guest=True)
    gone = Reader.objects.create_user("gone@example.org", "Gil Gone", is_active=False)
    for person in (guest, gone):
        with pytest.raises(Refused):
            following.follow_thread(reader=person, thread=thread)
        with pytest.raises(Refused):
            following.follow_person(reader=person, person=known)
        with pytest.raises(Refused):
            following.mute(reader=person, person=known)


def test_a_list_has_an_end(known, newcomer, monkeypatch):
    monkeypatch.setattr(following, "MOST_MUTED", 1)
    other = Reader.objects.create_user("o@example.org", "Otto Other", "a long enough pass phrase")
    following.mute(reader=newcomer, person=other)
    with pytest.raises(Refused, match="full"):
        following.mute(reader=newcomer, person=known)


@pytest.mark.parametrize("verb", ["follow", "mute"])
def test_the_pages_know_nobody_whose_name_is_not_public(client, newcomer, verb):
    silent = Reader.objects.create_user("silent@example.org", "Silas Silent", "a long enough pass phrase")
    client.force_login(newcomer)
    for number in (silent.pk, 999_999):
        assert client.get(f"/readers/{number}/{verb}/").status_code == 404
        assert client.post(f"/readers/{number}/{verb}/", {"choice": "yes"}).status_code == 404
    client.logout()
    assert client.get(f"/readers/{silent.pk}/{verb}/").status_code == 302


@pytest.mark.parametrize(("verb", "rows"), [("follow", Follow), ("mute", Mute)])
def test_the_pages_show_on_get_and_do_on_post(client, known, newcomer, verb, rows):
    client.force_login(newcomer)
    address = f"/readers/{known.pk}/{verb}/"
    assert "Ruth Reader" in client.get(address).content.decode() and not rows.objects.exists()
    assert client.post(address, {"choice": "yes"}).url == "/me/following/"
    assert rows.objects.count() == 1
    page = client.get("/me/following/").content.decode()
    assert "Ruth Reader" in page and '<a href="/me/following/" aria-current="page">' in page
    client.post(address, {"choice": "no"})
    assert not rows.objects.exists()


def test_whoever_is_listed_can_be_taken_off_whatever_became_of_their_comments(client, known, newcomer):
    following.mute(reader=newcomer, person=known)
    known.comments.all().update(status="rejected")
    client.force_login(newcomer)
    assert client.post(f"/readers/{known.pk}/mute/", {"choice": "no"}).status_code == 303
    assert not Mute.objects.exists()


def test_one_s_lists_are_one_s_own(client, known, newcomer, moderator):
    following.mute(reader=newcomer, person=known)
    client.force_login(moderator)
    assert "Ruth Reader" not in client.get("/me/following/").content.decode()
    client.logout()
    assert client.get("/me/following/").status_code == 302


def test_a_discussion_is_followed_before_anybody_has_spoken(client, story, newcomer):
    page = client.get(story.get_absolute_url()).content.decode()
    follow = f"/stories/{story.pk}/comments/follow/"
    assert f'href="{follow}"' in page and 'role="search"' not in page
    client.force_login(newcomer)
    client.post(follow, {"choice": "yes"})
    assert newcomer.followed_threads.count() == 1
