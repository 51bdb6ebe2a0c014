"""Who hears of what, and who does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from broadsheet.accounts.models import Follow, Mute, Reader
from broadsheet.core import clock
from broadsheet.discussion.actions import change_status, edit_comment, post_comment, thread_for, withdraw_comment
from broadsheet.discussion.models import Mention, ThreadFollow, Visit
from broadsheet.moderation.actions import decide, pick, report_comment
from broadsheet.moderation.undoing import undo
from broadsheet.notifications.actions import notify, notify_correction, see
from broadsheet.notifications.extras import unread
from broadsheet.notifications.items import still_standing
from broadsheet.notifications.models import Kind, Notification
from broadsheet.notifications.sight import standing
from broadsheet.stories.actions import add_notice
from broadsheet.stories.models import Notice, Story

pytestmark = pytest.mark.django_db


def words(reader):
    """What stands for a reader, in words, the latest first."""
    return [item.words for item in still_standing(reader, standing(reader).values_list("pk", flat=True))]


def move(comment, after):
    comment.refresh_from_db()
    with transaction.atomic():
        return change_status(comment=comment, seen=comment.status, after=after)


def test_a_reply_is_told_to_whom_it_answers_and_to_nobody_else(make_comment, reader, newcomer, told, moderator):
    make_comment("Yes.", author=newcomer, parent=make_comment())
    assert told(reader) == ["reply"]
    assert told(newcomer) == told(moderator) == []
    assert words(reader) == ["Ned Newcomer replied to your comment on “Council votes to keep the old bridge”"]


def test_nobody_is_told_of_what_they_did_themselves(make_comment, reader, told):
    make_comment("And another thing.", parent=make_comment())
    assert told(reader) == []


def test_several_replies_are_told_as_one(make_comment, reader, newcomer, moderator, told):
    mine = make_comment()
    for author in (newcomer, moderator, newcomer):
        make_comment("Yes.", author=author, parent=mine)
    assert told(reader) == ["reply"]
    assert words(reader)[0].startswith("3 new replies to your comment")


def test_what_comes_after_one_has_seen_it_is_told_anew(make_comment, reader, newcomer, told):
    mine = make_comment()
    make_comment("Yes.", author=newcomer, parent=mine)
    assert see(reader=reader) == 1
    assert told(reader) == []
    make_comment("No.", author=newcomer, parent=mine)
    assert told(reader) == ["reply"]
    assert [line.split()[0] for line in words(reader)] == ["Ned", "Ned"], "each stands for one of the two"


def test_whom_one_has_muted_one_does_not_hear(make_comment, reader, newcomer, told):
    mine = make_comment()
    Mute.objects.create(reader=reader, muted=newcomer)
    make_comment("Yes.", author=newcomer, parent=mine)
    assert not Notification.objects.exists()


def test_whom_one_mutes_later_one_hears_no_more(make_comment, reader, newcomer, told):
    make_comment("Yes.", author=newcomer, parent=make_comment())
    assert told(reader) == ["reply"]
    Mute.objects.create(reader=reader, muted=newcomer)
    assert told(reader) == []


@pytest.mark.parametrize("facts", [{"is_active": False}, {"is_guest": True}])
def test_who_is_gone_or_a_guest_hears_nothing(make_comment, reader, newcomer, facts):
    mine = make_comment()
    Reader.objects.filter(pk=reader.pk).update(**facts)
    make_comment("Yes.", author=newcomer, parent=mine)
    assert not Notification.objects.exists()


def test_a_held_reply_is_told_when_it_becomes_public_and_once(make_comment, reader, newcomer, told, settings):
    mine = make_comment()
    settings.PRE_MODERATION = True
    reply = post_comment(author=newcomer, thread=mine.thread, body="Held.", parent=mine)
    assert not Notification.objects.exists()
    move(reply, "published")
    assert told(reader) == ["reply"]
    move(reply, "rejected")
    assert told(reader) == []
    move(reply, "published")
    assert told(reader) == ["reply"]
    assert Notification.objects.filter(reader=reader).count() == 1


def test_whom_a_comment_names_hears_of_it_and_no_more_when_the_name_is_taken_out(
    make_comment, thread, reader, newcomer, told
):
    make_comment()
    comment = post_comment(author=newcomer, thread=thread, body="As @Ruth Reader says.")
    Mention.objects.get_or_create(comment=comment, reader=reader)
    Notification.objects.all().delete()
    notify(reader=reader, kind=Kind.MENTION, comment=comment, by=newcomer)
    assert told(reader) == ["mention"]
    assert words(reader)[0].startswith("Ned Newcomer named you")
    Mention.objects.all().delete()
    assert told(reader) == []


def test_an_answer_that_names_one_is_told_once(make_comment, thread, reader, newcomer, told):
    mine = make_comment()
    post_comment(author=newcomer, thread=thread, body="@Ruth Reader, yes.", parent=mine)
    assert told(reader) == ["reply"]


def test_a_pick_is_told_to_its_author(make_comment, reader, moderator, told):
    pick(moderator=moderator, comment=make_comment())
    assert told(reader) == ["pick"]


def test_a_decision_is_told_with_its_reason_and_a_kept_comment_is_not(make_comment, reader, moderator, told):
    kept, gone = make_comment(), make_comment()
    report_comment(comment=kept, reporter=None, address="192.0.2.1", reason="spam")
    decide(moderator=moderator, comment=kept, seen="published", after="published")
    assert told(reader) == []
    decide(
        moderator=moderator, comment=gone, seen="published", after="rejected", reason="abusive", note="for colleagues"
    )
    assert told(reader) == ["decision"]
    (item,) = still_standing(reader, standing(reader).values_list("pk", flat=True))
    assert item.told.detail == "The reason: It insults, threatens or harasses somebody."
    assert "for colleagues" not in str(item)
    assert (item.excerpt, "/statements/" in item.link) == ("", True)


def test_the_outcome_of_a_report_is_told_to_who_reported_with_the_receipt(
    make_comment, reader, newcomer, moderator, told
):
    comment = make_comment()
    report = report_comment(comment=comment, reporter=newcomer, address="192.0.2.1", reason="spam")
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    assert told(newcomer) == ["outcome"]
    (item,) = still_standing(newcomer, standing(newcomer).values_list("pk", flat=True))
    assert item.told.detail == "An editor agreed and removed the comment."
    assert item.link.endswith(f"/reports/{report.token}/")
    assert told(reader) == ["decision"]


def test_an_undone_rejection_that_nobody_has_heard_of_is_not_told(make_comment, reader, moderator, told):
    comment = make_comment(status="pending")
    made = decide(moderator=moderator, comment=comment, seen="pending", after="rejected", reason="spam")
    assert told(reader) == ["decision"]
    undo(moderator=moderator, decision=made)
    assert words(reader) == []
    assert unread(reader) == {"unread": 0}


def test_who_has_seen_a_rejection_hears_that_it_was_undone(make_comment, reader, moderator, told):
    comment = make_comment(status="pending")
    made = decide(moderator=moderator, comment=comment, seen="pending", after="rejected", reason="spam")
    see(reader=reader)
    undo(moderator=moderator, decision=made)
    assert told(reader) == ["decision"]
    assert words(reader) == [
        "An editor took back the removal of your comment on “Council votes to keep the old bridge” to look at it again",
        "An editor removed your comment on “Council votes to keep the old bridge”",
    ]


def test_a_rejection_that_a_moderator_opens_again_is_told(make_comment, reader, moderator):
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    decide(moderator=moderator, comment=comment, seen="rejected", after="pending")
    assert words(reader)[0].startswith("An editor took back the removal of your comment")


def test_who_reported_hears_what_was_decided_after_the_first_outcome_was_undone(
    make_comment, newcomer, moderator, told
):
    comment = make_comment()
    report_comment(comment=comment, reporter=newcomer, address="192.0.2.1", reason="spam")
    made = decide(moderator=moderator, comment=comment, seen="published", after="published")
    see(reader=newcomer)
    undo(moderator=moderator, decision=made)
    assert (words(newcomer), unread(newcomer)) == ([], {"unread": 0})
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    assert (told(newcomer), unread(newcomer)) == (["outcome"], {"unread": 1})
    (item,) = still_standing(newcomer, standing(newcomer).values_list("pk", flat=True))
    assert item.told.detail == "An editor agreed and removed the comment."


def test_while_a_report_waits_again_no_outcome_is_counted(make_comment, newcomer, moderator, told):
    comment = make_comment()
    report_comment(comment=comment, reporter=newcomer, address="192.0.2.1", reason="spam")
    made = decide(moderator=moderator, comment=comment, seen="published", after="published")
    assert told(newcomer) == ["outcome"]
    undo(moderator=moderator, decision=made)
    assert (words(newcomer), unread(newcomer)) == ([], {"unread": 0})


def test_a_correction_is_told_to_whose_comment_led_to_it(make_comment, story, reader, told):
    notice = Notice.objects.create(story=story, kind="correction", text="It was seven to four.", made_at=clock.now())
    assert notify_correction(make_comment(), notice.pk)
    assert told(reader) == ["correction"]
    (item,) = still_standing(reader, standing(reader).values_list("pk", flat=True))
    assert item.told.detail.startswith("It was seven to four.")


def test_followers_of_a_discussion_hear_of_it_as_one_thing(make_comment, thread, reader, newcomer, moderator, told):
    ThreadFollow.objects.create(reader=moderator, thread=thread)
    for author in (reader, newcomer, reader):
        make_comment(author=author)
    assert told(moderator) == ["thread"]
    assert words(moderator) == ["3 new comments on “Council votes to keep the old bridge”, which you follow"]


@pytest.mark.django_db(transaction=True)
def test_a_comment_that_is_rolled_back_keeps_no_follower_from_hearing_of_the_next(
    make_comment, thread, moderator, told
):
    ThreadFollow.objects.create(reader=moderator, thread=thread)
    with pytest.raises(ValueError, match="undone"), transaction.atomic():
        make_comment()
        raise ValueError("undone")
    make_comment()
    assert told(moderator) == ["thread"]


@pytest.mark.django_db(transaction=True)
def test_followers_of_a_busy_discussion_are_looked_up_once_in_a_while(make_comment, thread, moderator, settings):
    ThreadFollow.objects.create(reader=moderator, thread=thread)
    settings.TASKS_AT_ONCE = []
    make_comment()
    make_comment()
    assert DBTaskResult.objects.filter(task_path__endswith=".spread").count() == 1


def test_a_follower_who_has_read_on_is_not_told_of_what_they_read(make_comment, thread, reader, moderator, told):
    ThreadFollow.objects.create(reader=moderator, thread=thread)
    comment = make_comment()
    assert told(moderator) == ["thread"]
    Visit.objects.create(reader=moderator, thread=thread, revision=comment.revision, at=clock.now())
    assert told(moderator) == []
    make_comment()
    assert words(moderator)[0].startswith("Ruth Reader commented on")


def test_who_has_closed_their_page_is_followed_as_a_person_no_more(make_comment, thread, reader, moderator, told):
    """Nobody new can follow them either; in a discussion they are one of those who write there."""
    Follow.objects.create(reader=moderator, followed=reader)
    Reader.objects.filter(pk=reader.pk).update(has_public_page=False)
    reader.refresh_from_db()
    make_comment(author=reader)
    assert told(moderator) == []
    ThreadFollow.objects.create(reader=moderator, thread=thread)
    cache.clear()
    make_comment(author=reader)
    assert told(moderator) == ["thread"]


def test_a_follower_is_not_told_of_their_own_comments_but_of_the_next(make_comment, thread, reader, newcomer, told):
    ThreadFollow.objects.create(reader=reader, thread=thread)
    make_comment()
    assert told(reader) == []
    make_comment(author=newcomer)
    cache.clear()
    make_comment(author=newcomer)
    assert told(reader) == ["thread"]


def test_followers_of_a_person_hear_of_what_they_write(make_comment, reader, newcomer, moderator, told):
    Follow.objects.create(reader=moderator, followed=reader)
    make_comment()
    make_comment(author=newcomer)
    assert told(moderator) == ["person"]
    assert words(moderator)[0].startswith("Ruth Reader, whom you follow, commented on")


def test_who_hears_of_a_comment_as_an_answer_does_not_hear_of_it_again(make_comment, thread, reader, newcomer, told):
    mine = make_comment()
    ThreadFollow.objects.create(reader=reader, thread=thread)
    Follow.objects.create(reader=reader, followed=newcomer)
    make_comment("Yes.", author=newcomer, parent=mine)
    assert told(reader) == ["reply"]


def hide(comment, **facts):
    Story.objects.filter(pk=comment.thread_id).update(**facts)


HAPPENINGS = {
    "published": None,
    "rejected": lambda c, m: decide(moderator=m, comment=c, seen="published", after="rejected", reason="abusive"),
    "withdrawn": lambda c, m: withdraw_comment(author=c.author, comment=c),
    "embargoed": lambda c, m: hide(c, published_at=clock.now() + timedelta(days=1)),
    "killed": lambda c, m: hide(c, withdrawn_at=clock.now()),
    "draft": lambda c, m: hide(c, live=False),
    "deactivated author": None,
}


@pytest.mark.parametrize("way", ["reply", "mention", "thread", "person"])
@pytest.mark.parametrize("happening", sorted(HAPPENINGS))
def test_no_notification_stands_about_what_may_not_be_read(
    way, happening, make_comment, thread, reader, newcomer, moderator, told
):
    """Each way to hear of a comment, and each way in which the comment goes out of sight."""
    mine = make_comment() if way in {"reply", "mention"} else None
    if way == "thread":
        ThreadFollow.objects.create(reader=reader, thread=thread)
    if way == "person":
        Follow.objects.create(reader=reader, followed=newcomer)
    body = "Xcanary @Ruth Reader" if way == "mention" else "Xcanary"
    comment = post_comment(author=newcomer, thread=thread, body=body, parent=mine if way == "reply" else None)
    assert told(reader) == [way]
    assert "Xcanary" in str(still_standing(reader, standing(reader).values_list("pk", flat=True)))
    if act := HAPPENINGS[happening]:
        act(comment, moderator)
    stands = happening in {"published", "deactivated author"}
    assert told(reader) == ([way] if stands else [])
    everything = str(still_standing(reader, Notification.objects.filter(reader=reader).values_list("pk", flat=True)))
    assert ("Xcanary" in everything) is stands
    assert unread(reader) == {"unread": 1 if stands else 0}


def test_a_moderator_is_told_of_no_more_than_a_reader(make_comment, thread, newcomer, moderator, told):
    ThreadFollow.objects.create(reader=moderator, thread=thread)
    comment = make_comment(author=newcomer)
    assert told(moderator) == ["thread"]
    move(comment, "rejected")
    assert told(moderator) == []


def test_what_is_kept_holds_no_words_of_anybody(make_comment, reader, newcomer):
    make_comment("Xcanary", author=newcomer, parent=make_comment())
    row = Notification.objects.values().get(reader=reader)
    assert "Xcanary" not in str(row) and "Ned" not in str(row)


def test_an_edit_that_names_somebody_is_told(make_comment, thread, reader, newcomer, told):
    make_comment()
    comment = post_comment(author=newcomer, thread=thread, body="As was said.")
    edit_comment(author=newcomer, comment=comment, body="As @Ruth Reader said.")
    assert told(reader) == ["mention"]


def test_with_a_hundred_answers_a_list_stays_short(make_comment, reader, newcomer, monkeypatch):
    monkeypatch.setattr("broadsheet.notifications.items.MOST_COUNTED", 2)
    mine = make_comment()
    for _ in range(4):
        make_comment("Yes.", author=newcomer, parent=mine)
    assert words(reader)[0].startswith("More than 2 new replies")


def test_a_correction_that_names_a_comment_thanks_its_author_once(make_comment, story, editor, reader, told):
    comment = make_comment()
    add_notice(story=story, kind="correction", text="It was seven to four.", by=editor, thanks_to=comment.pk)
    assert told(reader) == ["correction"]
    add_notice(story=story, kind="update", text="There is more.", by=editor)
    assert Notification.objects.filter(kind=Kind.CORRECTION).count() == 1


def test_a_correction_that_names_no_comment_of_this_story_thanks_nobody(
    make_comment, make_story, story, editor, settings
):
    elsewhere = make_comment(thread=thread_for(make_story()))
    settings.PRE_MODERATION = True
    held = post_comment(author=elsewhere.author, thread=thread_for(story), body="Held words.")
    for number in (elsewhere.pk, held.pk, 999999, None):
        add_notice(story=story, kind="correction", text="It was seven to four.", by=editor, thanks_to=number)
    assert not Notification.objects.exists()
