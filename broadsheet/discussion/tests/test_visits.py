"""Since your last visit, what a reader's own address tells, and replies on demand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.discussion import following, reactions
from broadsheet.discussion.models import Comment, Visit
from broadsheet.discussion.visits import PAUSE, note_visit, since_last_visit

pytestmark = pytest.mark.django_db


def leave(reader, *, ago=PAUSE):
    """The last visit was so long ago, and what was said then too."""
    for visit in Visit.objects.filter(reader=reader):
        visit.at -= ago
        visit.before_at = visit.before_at and visit.before_at - ago
        visit.save()
    Comment.objects.update(published_at=clock.now() - ago - timedelta(minutes=1))


def new_for(reader, thread):
    since = since_last_visit(reader, thread, clock.now())
    return since and since["new"]


def test_on_the_first_visit_nothing_is_marked(thread, newcomer, make_comment):
    make_comment()
    assert new_for(newcomer, thread) is None
    note_visit(reader=newcomer, thread=thread, revision=1)
    assert new_for(newcomer, thread) is None


def test_what_came_since_is_marked_and_stays_so_while_one_reads(thread, newcomer, make_comment):
    make_comment()
    note_visit(reader=newcomer, thread=thread, revision=1)
    leave(newcomer)
    fresh = make_comment()
    assert new_for(newcomer, thread) == [fresh.pk]
    note_visit(reader=newcomer, thread=thread, revision=2)
    assert new_for(newcomer, thread) == [fresh.pk], "a reload takes no mark away"
    leave(newcomer)
    assert new_for(newcomer, thread) == []


def test_respect_and_edits_are_no_news(thread, newcomer, moderator, make_comment):
    comment = make_comment()
    note_visit(reader=newcomer, thread=thread, revision=1)
    leave(newcomer)
    reactions.respect(reader=moderator, comment=Comment.objects.get(pk=comment.pk))
    assert new_for(newcomer, thread) == []


def test_one_s_own_and_what_is_not_public_are_no_news(thread, newcomer, make_comment):
    make_comment()
    note_visit(reader=newcomer, thread=thread, revision=1)
    leave(newcomer)
    make_comment(author=newcomer)
    make_comment(status="rejected")
    assert new_for(newcomer, thread) == []


def test_whom_one_has_muted_brings_no_news_and_who_left_still_does(thread, reader, newcomer, moderator, make_comment):
    make_comment()
    note_visit(reader=newcomer, thread=thread, revision=1)
    leave(newcomer)
    make_comment(author=reader)
    theirs, left = make_comment(author=moderator), make_comment(author=moderator)
    Comment.objects.filter(pk=left.pk).update(author=None)
    following.mute(reader=newcomer, person=reader)
    assert new_for(newcomer, thread) == [theirs.pk, left.pk]


def test_only_an_element_tells_of_a_visit(client, thread, newcomer, story, make_comment):
    make_comment()
    client.force_login(newcomer)
    client.get(story.get_absolute_url())
    client.get(f"/threads/{thread.pk}/me/")
    assert not Visit.objects.exists()
    assert client.post(f"/threads/{thread.pk}/visit/", {"revision": "99"}).status_code == 204
    assert Visit.objects.get().revision == 1, "nobody has seen what is not there yet"


def test_a_visit_is_a_signed_in_reader_s_and_a_number_s(client, thread, newcomer, story):
    address = f"/threads/{thread.pk}/visit/"
    assert client.get(address).status_code == 405
    assert client.post(address, {"revision": "1"}).status_code == 403
    client.force_login(newcomer)
    assert client.post(address, {"revision": "-1"}).status_code == 422
    assert client.post("/threads/999999/visit/", {"revision": "1"}).status_code == 404
    type(story).objects.filter(pk=story.pk).update(live=False)
    assert client.post(address, {"revision": "1"}).status_code == 404
    assert not Visit.objects.exists()


def extra(reader):
    return {"unread": 3, "csrf": "not this one"}


def test_a_reader_s_own_address_tells_what_the_element_needs(client, thread, newcomer, reader, make_comment, settings):
    comment = make_comment()
    make_comment()
    reactions.respect(reader=newcomer, comment=comment)
    following.follow_thread(reader=newcomer, thread=thread)
    following.mute(reader=newcomer, person=reader)
    settings.ME_EXTRAS = ["broadsheet.discussion.tests.test_visits.extra"]
    client.force_login(newcomer)
    told = client.get(f"/threads/{thread.pk}/me/").json()
    assert told["respected"] == [comment.pk] and told["muted"] == [reader.pk]
    assert told["following"] == {"thread": True, "people": []}
    assert told["visit"] is None and told["may_post_at"] is None
    assert told["unread"] == 3 and told["csrf"] != "not this one"


def test_nothing_of_one_reader_s_own_is_told_to_another(client, thread, newcomer, reader, moderator, make_comment):
    reactions.respect(reader=newcomer, comment=make_comment())
    following.mute(reader=newcomer, person=reader)
    client.force_login(moderator)
    told = client.get(f"/threads/{thread.pk}/me/").json()
    assert told["respected"] == told["muted"] == [] and told["following"]["thread"] is False


@pytest.mark.any_database
def test_replies_are_opened_by_the_hundred(client, thread, make_comment):
    from broadsheet.discussion.actions import import_comment

    first = make_comment()
    for number in range(101):
        import_comment(thread=thread, author_name="Ada", body=f"R{number}.", created_at=clock.now(), parent=first)
    address = f"/comments/{first.pk}/replies/"
    one, two = (client.get(f"{address}?page={page}") for page in (1, 2))
    assert "public" in one.headers["Cache-Control"]
    assert one.json()["more"] is True and len(one.json()["comments"]) == 100
    assert two.json()["more"] is False and two.json()["comments"][0]["reply_number"] == 101
    for query in ("?page=3", "?page=0", "?page=x", "?page=99999999999"):
        assert client.get(address + query).status_code == 404


def test_a_reply_that_comes_while_a_page_of_them_is_made_is_known_to_it(client, make_comment, monkeypatch):
    """What is kept under the newest version must be as new."""
    monkeypatch.setattr("broadsheet.discussion.reading.REPLIES_PER_PAGE", 1)
    first = make_comment()
    make_comment(parent=first)
    look = Freshness.look

    def answered_before(freshness, *tags):
        monkeypatch.setattr(Freshness, "look", look)
        make_comment(parent=first)
        look(freshness, *tags)

    monkeypatch.setattr(Freshness, "look", answered_before)
    assert client.get(f"/comments/{first.pk}/replies/").json()["more"] is True


def test_replies_on_demand_show_what_everybody_is_shown(client, thread, make_comment):
    first = make_comment()
    make_comment("Xremoved", parent=first, status="rejected")
    words = client.get(f"/comments/{first.pk}/replies/").content.decode()
    assert "Xremoved" not in words and "removed by an editor" in words
    reply = Comment.objects.exclude(pk=first.pk).get()
    assert client.get(f"/comments/{reply.pk}/replies/").status_code == 404


def test_the_first_lines_of_what_is_answered_are_public_and_short(client, make_comment, story):
    comment = make_comment("A long remark. " * 60)
    answer = client.get(f"/comments/{comment.pk}/context/")
    assert "public" in answer.headers["Cache-Control"] and len(answer.json()["words"]) < 260
    gone = make_comment("Xgone", status="rejected")
    assert client.get(f"/comments/{gone.pk}/context/").json() == {"name": "", "words": ""}
    type(story).objects.filter(pk=story.pk).update(live=False)
    assert client.get(f"/comments/{comment.pk}/context/").status_code == 404
