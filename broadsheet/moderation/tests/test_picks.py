"""Editors' picks: who may, what is picked, what is kept of it, and what readers see."""

from __future__ import annotations

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused, Stale
from broadsheet.discussion.actions import edit_comment, withdraw_comment
from broadsheet.discussion.models import Comment, Thread
from broadsheet.moderation.actions import decide, pick, unpick
from broadsheet.moderation.models import Decision
from broadsheet.moderation.rules import Screen

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

heard = []


def listener(happening):
    heard.append((happening.kind, happening.comment.pk, happening.by))


@pytest.fixture
def told(settings):
    heard.clear()
    settings.DISCUSSION_LISTENERS = [f"{__name__}.listener"]
    return heard


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def picks(thread):
    return Thread.objects.get(pk=thread.pk).picks


def test_a_pick_is_a_decision_marks_the_comment_and_is_counted(make_comment, moderator, thread):
    comment = make_comment()
    before, merit = fresh(comment).revision, fresh(comment).merit
    decision = pick(moderator=moderator, comment=comment)
    assert (decision.act, decision.moderator, decision.number, decision.seen) == ("picked", moderator, 1, "published")
    comment = fresh(comment)
    assert comment.picked_at and comment.notable and comment.merit >= 16 and comment.revision > before
    assert picks(thread) == 1
    decision = unpick(moderator=moderator, comment=comment)
    assert (decision.act, decision.number) == ("unpicked", 2)
    comment = fresh(comment)
    assert (comment.picked_at, comment.notable, comment.merit) == (None, False, merit)
    assert picks(thread) == 0


def test_its_author_is_told_of_a_pick_and_not_of_its_end(make_comment, moderator, told):
    comment = make_comment()
    told.clear()
    pick(moderator=moderator, comment=comment)
    assert told == [("picked", comment.pk, moderator)]
    unpick(moderator=moderator, comment=comment)
    assert len(told) == 1


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_what_readers_cannot_see_is_not_picked(make_comment, moderator, reader, status):
    comment = make_comment(status="published" if status == "withdrawn" else status)
    if status == "withdrawn":
        withdraw_comment(author=reader, comment=comment)
    for act in (pick, unpick):
        with pytest.raises(Stale):
            act(moderator=moderator, comment=comment)
    assert not Decision.objects.exists()
    assert fresh(comment).picked_at is None


def test_only_moderators_pick_and_nobody_their_own_comment(make_comment, moderator, reader, reporter):
    comment, own = make_comment(), make_comment(author=moderator)
    for person in (reader, reporter, None):
        for act in (pick, unpick):
            with pytest.raises(Refused, match="Only moderators"):
                act(moderator=person, comment=comment)
    with pytest.raises(Refused, match="a colleague has to decide"):
        pick(moderator=moderator, comment=own)
    assert not Decision.objects.exists()


def test_a_form_sent_twice_picks_once_and_a_colleague_hears_who_was_first(make_comment, moderator):
    comment, screen = make_comment(), Screen()
    first = pick(moderator=moderator, comment=comment, screen=screen)
    assert pick(moderator=moderator, comment=comment, screen=screen) == first
    colleague = Reader.objects.create_superuser("cole@example.org", "Cole Crane", "a long enough pass phrase")
    with pytest.raises(Stale, match="Mona Marsh picked this comment on"):
        pick(moderator=colleague, comment=comment, screen=screen)
    unpick(moderator=colleague, comment=comment)
    with pytest.raises(Stale, match="Cole Crane took back the pick"):
        unpick(moderator=moderator, comment=comment)
    assert Decision.objects.count() == 2


def test_nobody_picks_words_they_have_not_read(make_comment, moderator, reader):
    comment = make_comment()
    edit_comment(author=reader, comment=comment, body="Now it says this.")
    with pytest.raises(Stale, match="has changed this comment"):
        pick(moderator=moderator, comment=comment, screen=Screen(edited_at=None))
    assert not Decision.objects.exists()


def test_a_pick_after_the_page_was_made_stops_a_decision_on_it(make_comment, moderator):
    comment = make_comment()
    pick(moderator=moderator, comment=comment)
    colleague = Reader.objects.create_superuser("cole@example.org", "Cole Crane", "a long enough pass phrase")
    with pytest.raises(Stale, match="Mona Marsh picked this comment"):
        decide(moderator=colleague, comment=comment, seen="published", after="rejected", reason="spam", screen=Screen())


def test_a_hidden_comment_s_tombstone_has_no_mark_and_its_pick_comes_back_with_it(
    client, make_comment, moderator, thread, story
):
    comment = make_comment()
    make_comment(parent=comment)
    pick(moderator=moderator, comment=comment)
    assert "Picked by our editors" in client.get(story.get_absolute_url()).content.decode()
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    page = client.get(story.get_absolute_url()).content.decode()
    assert "Picked by our editors" not in page and "removed by an editor" in page
    assert picks(thread) == 0 and not fresh(comment).notable
    assert [row.act for row in comment.decisions.order_by("number")] == ["picked", "rejected"]
    decide(moderator=moderator, comment=comment, seen="rejected", after="published")
    assert picks(thread) == 1
    assert "Picked by our editors" in client.get(story.get_absolute_url()).content.decode()


# --- At the desk


def desk_address(comment, act="pick"):
    return f"/moderation/comments/{comment.pk}/{act}/"


def test_a_moderator_picks_at_the_desk_and_finds_the_way_back(client, make_comment, moderator, story):
    comment = make_comment()
    client.force_login(moderator)
    page = client.get(f"/moderation/discussions/{story.pk}/comments/").content.decode()
    assert 'name="pick" value="yes"' in page and comment.author_name in page
    sent = {"pick": "yes", "queue": "talk", "cursor": "", "last_decision": 0, "last_report": 0, "edited_at": ""}
    answer = client.post(desk_address(comment), sent)
    assert answer.url == f"/moderation/discussions/{story.pk}/comments/#card-{comment.pk}"
    page = client.get(answer.url).content.decode()
    assert "You picked the comment by Ruth Reader." in page
    assert "Take back the pick" in page and "Picked by our editors" in page
    assert "Ruth Reader" in client.get(f"/moderation/discussions/{story.pk}/").content.decode()
    history = client.get(f"/moderation/comments/{comment.pk}/").content.decode()
    assert "Picked</span> – <bdi>Mona Marsh</bdi>" in history
    client.post(desk_address(comment), {"pick": "no"})
    assert "No longer picked" in client.get("/moderation/decisions/").content.decode()


def test_a_pick_that_came_too_late_shows_the_comment_as_it_is(client, make_comment, moderator):
    comment = make_comment()
    pick(moderator=moderator, comment=comment)
    client.force_login(moderator)
    answer = client.post(desk_address(comment), {"pick": "yes"})
    assert answer.status_code == 409
    assert "Mona Marsh picked this comment" in answer.content.decode()
    assert client.post(desk_address(comment), {"pick": "perhaps"}).status_code == 422
    assert client.get(desk_address(comment)).url == f"/moderation/comments/{comment.pk}/"


def test_readers_and_reporters_are_turned_away_from_picking(client, make_comment, newcomer, reporter, story):
    comment = make_comment()
    for person in (newcomer, reporter):
        client.force_login(person)
        assert client.post(desk_address(comment), {"pick": "yes"}).status_code == 403
        assert client.get(f"/moderation/discussions/{story.pk}/comments/").status_code == 403
    client.logout()
    assert client.post(desk_address(comment), {"pick": "yes"}).status_code == 302
    assert Comment.objects.get(pk=comment.pk).picked_at is None


def test_only_published_comments_have_a_pick_button(client, make_comment, moderator, story):
    comment = make_comment(status="rejected")
    client.force_login(moderator)
    assert 'name="pick"' not in client.get(f"/moderation/comments/{comment.pk}/").content.decode()
    assert comment.author_name not in client.get(f"/moderation/discussions/{story.pk}/comments/").content.decode()
