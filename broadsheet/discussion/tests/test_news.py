"""What is new to a reader, as a page for whoever reads without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from broadsheet.accounts.models import Mute
from broadsheet.core import clock
from broadsheet.discussion.actions import withdraw_comment
from broadsheet.discussion.models import Comment, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, thread, newcomer):
    client.force_login(newcomer)
    return f"/stories/{thread.pk}/comments/new-to-me/"


def shown(client, page):
    return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', client.get(page).content.decode())]


def form(client, page):
    html = client.get(page).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]+)"', html)[1] for name in ("revision", "moment")}


def test_everything_is_new_until_one_says_that_one_has_read_it(client, page, make_comment):
    first, second = make_comment(), make_comment()
    assert shown(client, page) == [second.pk, first.pk]
    assert shown(client, page) == [second.pk, first.pk], "to look at a page notes nothing"
    answer = client.post(page, form(client, page))
    assert (answer.status_code, answer["Location"]) == (303, page)
    assert shown(client, page) == []
    third = make_comment()
    assert shown(client, page) == [third.pk]


def test_what_is_published_while_one_reads_stays_new(client, page, make_comment):
    make_comment()
    read = form(client, page)
    meanwhile = make_comment()
    client.post(page, read)
    assert shown(client, page) == [meanwhile.pk]


def test_the_muted_one_s_own_and_what_is_gone_are_left_out(client, page, newcomer, moderator, make_comment):
    make_comment(author=newcomer)
    gone = make_comment()
    withdraw_comment(author=gone.author, comment=gone)
    loud = make_comment(author=moderator)
    assert shown(client, page) == [loud.pk]
    Mute.objects.create(reader=newcomer, muted=moderator)
    assert shown(client, page) == []


def test_who_left_has_a_name_to_nobody_and_is_read_all_the_same(client, page, newcomer, moderator, make_comment):
    Mute.objects.create(reader=newcomer, muted=moderator)
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).update(author=None)
    assert shown(client, page) == [comment.pk]


def test_it_comes_in_pages(client, page, make_comment):
    comments = [make_comment().pk for _ in range(23)]
    first = shown(client, page)
    assert first == comments[:2:-1]
    assert shown(client, f"{page}?before={first[-1]}") == comments[2::-1]
    assert client.get(f"{page}?before=0").status_code == 404


def test_only_for_oneself_under_public_stories_and_with_our_form(client, page, thread, newcomer):
    assert client.get("/stories/999/comments/new-to-me/").status_code == 404
    for wrong in ({}, {"revision": "x", "moment": "2026-01-01T00:00:00+00:00"}, {"revision": "1", "moment": "noon"},
                  {"revision": "1", "moment": "2026-01-01T00:00:00"}):  # fmt: skip
        assert client.post(page, wrong).status_code == 422
    later = (clock.now() + timedelta(days=9)).isoformat()
    client.post(page, {"revision": "99999", "moment": later})
    visit = Visit.objects.get(reader=newcomer)
    assert visit.revision <= thread.revision and visit.at <= clock.now(), "nobody has read what is to come"
    client.logout()
    assert client.get(page)["Location"].startswith("/accounts/login/")


def test_the_discussion_leads_there_where_no_script_runs(client, thread, make_comment, page):
    make_comment()
    html = client.get(thread.story.get_absolute_url()).content.decode()
    assert f'<noscript><p><a href="{page}"' in html
