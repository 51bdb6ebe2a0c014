"""Posting, editing, withdrawing, deciding: what each does, and when it is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from broadsheet.core import clock
from broadsheet.core.refusals import NotFound, Refused, Stale, TooSoon, Unacceptable
from broadsheet.delivery.freshness import versions
from broadsheet.discussion.actions import (
    change_status,
    close_thread,
    edit_comment,
    import_comment,
    post_comment,
    reopen_thread,
    thread_for,
    withdraw_comment,
)
from broadsheet.discussion.models import DEPTH_SHOWN, LONGEST_COMMENT, REPLIES_SHOWN, Comment, Thread

pytestmark = pytest.mark.django_db


def counts(thread):
    thread.refresh_from_db()
    return thread.published, thread.pending, thread.rejected, thread.withdrawn


def decide(comment, after):
    with transaction.atomic():
        return change_status(comment=comment, seen=comment.status, after=after)


def test_a_comment_is_published_numbered_and_counted(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="I walked across it this morning.")
    assert (comment.status, comment.number, comment.reply_number, comment.depth) == ("published", 1, 0, 0)
    assert comment.author_name == "Ruth Reader"
    assert comment.published_at == comment.created_at
    assert counts(thread) == (1, 0, 0, 0)
    assert thread.conversations == 1


def test_a_story_without_comments_needs_no_row_until_somebody_writes(story, reader):
    post_comment(author=reader, thread=Thread(story=story), body="First!")
    assert counts(thread_for(story)) == (1, 0, 0, 0)


def test_replies_are_numbered_within_their_conversation(make_comment):
    first = make_comment()
    reply = make_comment(parent=first)
    deeper = make_comment(parent=reply)
    other = make_comment()
    assert [(c.number, c.reply_number, c.depth) for c in (first, reply, deeper, other)] == [
        (1, 0, 0),
        (1, 1, 1),
        (1, 2, 2),
        (2, 0, 0),
    ]
    assert deeper.root == first
    first.refresh_from_db()
    assert first.reply_count == first.replies_given == 2


def test_only_the_first_replies_and_levels_have_a_place_on_the_story_s_page(make_comment):
    first = make_comment()
    replies = [make_comment(parent=first) for _ in range(REPLIES_SHOWN + 1)]
    assert [reply.place for reply in replies] == [1] * REPLIES_SHOWN + [None]
    chain = [make_comment()]
    for _ in range(DEPTH_SHOWN + 2):
        chain.append(make_comment(parent=chain[-1]))
    assert [comment.place for comment in chain] == [2] * (DEPTH_SHOWN + 2) + [None]


def test_a_comment_drops_the_pages_that_show_its_thread(thread, make_comment):
    before = versions((thread.tag,))
    make_comment()
    assert versions((thread.tag,)) != before


@pytest.mark.parametrize("body", ["", "  \n ", "\u200b\u200b", "\x00", "\u2800", "&nbsp;", "**\u200b**", "> \u2800"])
def test_nothing_to_see_is_no_comment(thread, reader, body):
    with pytest.raises(Unacceptable):
        post_comment(author=reader, thread=thread, body=body)


@pytest.mark.parametrize("body", ["1.", "-", ".", "😀", "\\"])
def test_a_single_sign_is_a_comment(thread, reader, body):
    assert post_comment(author=reader, thread=thread, body=body).is_public


def test_a_comment_may_be_long_but_not_longer(thread, reader):
    assert post_comment(author=reader, thread=thread, body="a" * LONGEST_COMMENT)
    with pytest.raises(Unacceptable, match="5,001"):
        post_comment(author=reader, thread=thread, body="b" * (LONGEST_COMMENT + 1))


def test_an_unpaired_surrogate_is_refused_and_a_nul_is_left_out(thread, reader):
    with pytest.raises(Unacceptable):
        post_comment(author=reader, thread=thread, body="\ud800 hello")
    assert post_comment(author=reader, thread=thread, body="he\x00llo").body == "hello"


def test_one_intent_makes_one_comment(thread, reader, newcomer):
    first = post_comment(author=reader, thread=thread, body="Once.", key="k1")
    assert post_comment(author=reader, thread=thread, body="Once.", key="k1") == first
    assert post_comment(author=newcomer, thread=thread, body="Once.", key="k1") != first
    assert counts(thread)[0] == 2


def test_the_same_intent_is_answered_the_same_after_the_close(thread, reader):
    first = post_comment(author=reader, thread=thread, body="Once.", key="k1")
    close_thread(thread=thread)
    assert post_comment(author=reader, thread=thread, body="Once.", key="k1") == first


def test_a_key_does_not_swallow_other_words(thread, reader, make_story):
    post_comment(author=reader, thread=thread, body="Once.", key="k1")
    with pytest.raises(Unacceptable, match="already"):
        post_comment(author=reader, thread=thread, body="Something else.", key="k1")
    with pytest.raises(Unacceptable, match="another discussion"):
        post_comment(author=reader, thread=thread_for(make_story()), body="Once.", key="k1")


def test_a_discussion_closes_to_the_moment(thread, reader, story, settings):
    settings.DISCUSSION_PERIOD = timedelta(hours=1, seconds=30)
    assert post_comment(author=reader, thread=thread, body="In time.")
    story.published_at = clock.now() - settings.DISCUSSION_PERIOD
    story.save()
    thread.refresh_from_db()
    with pytest.raises(Refused, match="now closed"):
        post_comment(author=reader, thread=thread, body="Too late.")


def test_what_closed_while_the_form_was_open_is_closed(thread, reader, story):
    opened_before = Thread.objects.get(pk=story.pk)
    close_thread(thread=thread)
    with pytest.raises(Refused, match="now closed"):
        post_comment(author=reader, thread=opened_before, body="I had typed this already.")
    assert counts(thread) == (0, 0, 0, 0)


def test_a_section_and_a_thread_have_their_own_period(thread, reader, section, story):
    section.comments_open_for = timedelta(minutes=10)
    section.save()
    fresh = Thread.objects.get(pk=thread.pk)
    assert fresh.is_closed(clock.now())
    Thread.objects.filter(pk=thread.pk).update(open_for=timedelta(days=1))
    assert post_comment(author=reader, thread=Thread.objects.get(pk=thread.pk), body="Open again.")


def test_a_discussion_that_has_not_opened_says_when_it_does(thread, reader):
    Thread.objects.filter(pk=thread.pk).update(opens_at=clock.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="opens on"):
        post_comment(author=reader, thread=Thread.objects.get(pk=thread.pk), body="Too early.")


def test_closing_and_opening_by_hand(thread, reader, story):
    close_thread(thread=thread)
    reopen_thread(thread=thread)
    fresh = Thread.objects.get(pk=thread.pk)
    assert fresh.is_open(clock.now()) and not fresh.kept_open and fresh.closing
    story.published_at -= timedelta(days=100)
    story.save()
    reopened = reopen_thread(thread=Thread.objects.get(pk=thread.pk))
    assert reopened.kept_open and reopened.closing is None
    assert post_comment(author=reader, thread=reopened, body="Thank you for opening it.")


@pytest.mark.parametrize("facts", [{"live": False}, {"withdrawn_at": clock.now()}, {"published_at": None}])
def test_nothing_is_written_under_a_story_that_is_not_public(thread, reader, make_comment, facts):
    comment = make_comment()
    type(thread.story).objects.filter(pk=thread.pk).update(**facts)
    thread = Thread.objects.get(pk=thread.pk)
    comment = Comment.objects.get(pk=comment.pk)
    with pytest.raises(NotFound):
        post_comment(author=reader, thread=thread, body="Hello?")
    with pytest.raises(NotFound):
        edit_comment(author=reader, comment=comment, body="Hello?")
    with pytest.raises(NotFound):
        withdraw_comment(author=reader, comment=comment)


def test_a_story_withdrawn_while_the_form_was_open_takes_no_comment(thread, reader, story):
    opened_before = Thread.objects.select_related("story").get(pk=thread.pk)
    type(story).objects.filter(pk=story.pk).update(withdrawn_at=clock.now())
    with pytest.raises(NotFound):
        post_comment(author=reader, thread=opened_before, body="Hello?")


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_nobody_replies_to_what_is_not_shown(thread, newcomer, make_comment, status):
    held = make_comment(status=status)
    with pytest.raises(Refused, match="not shown"):
        post_comment(author=newcomer, thread=thread, body="I disagree.", parent=held)


def test_a_reply_belongs_to_its_parent_s_discussion(make_story, reader, make_comment):
    with pytest.raises(NotFound):
        post_comment(author=reader, thread=thread_for(make_story()), body="Here?", parent=make_comment())


def test_a_deactivated_account_does_nothing(thread, reader, make_comment):
    comment = make_comment()
    reader.is_active = False
    reader.save()
    for act in (
        lambda: post_comment(author=reader, thread=thread, body="Hello."),
        lambda: edit_comment(author=reader, comment=comment, body="Hello."),
        lambda: withdraw_comment(author=reader, comment=comment),
    ):
        with pytest.raises(Refused, match="deactivated"):
            act()


def test_an_edit_keeps_the_old_words_and_shows_that_it_was_made(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="Seven to fuor.")
    edited = edit_comment(author=reader, comment=comment, body="Seven to four.")
    assert edited.body == "Seven to four." and "four" in edited.html and edited.edited_at
    assert edited.revision > comment.revision
    assert [version.body for version in comment.versions.all()] == ["Seven to fuor."]


def test_an_edit_that_changes_nothing_leaves_no_mark(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="Seven to four.")
    assert edit_comment(author=reader, comment=comment, body=" Seven to four. ").edited_at is None
    assert not comment.versions.exists()


def test_an_edit_is_judged_again_and_may_be_held(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="A fair point.")
    body = "See https://a.example https://b.example https://c.example https://d.example"
    edited = edit_comment(author=reader, comment=comment, body=body)
    assert edited.status == "pending" and edited.public_html == edited.public_name == ""
    assert edited.flags.get().check_name == "links"
    assert counts(thread) == (0, 1, 0, 0)


def test_an_edit_never_publishes_what_was_held(thread, reader):
    body = "See https://a.example https://b.example https://c.example https://d.example"
    held = post_comment(author=reader, thread=thread, body=body)
    assert edit_comment(author=reader, comment=held, body="No links now.").status == "pending"


def test_the_edit_window_ends(thread, reader, settings):
    comment = post_comment(author=reader, thread=thread, body="Hello.")
    settings.EDIT_WINDOW = timedelta(0)
    with pytest.raises(Refused, match="cannot be edited here"):
        edit_comment(author=reader, comment=comment, body="Hello again.")


def test_a_closed_discussion_takes_no_edit_but_lets_go(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="Hello.")
    close_thread(thread=thread)
    with pytest.raises(Refused, match="closed"):
        edit_comment(author=reader, comment=Comment.objects.get(pk=comment.pk), body="Hello again.")
    assert withdraw_comment(author=reader, comment=comment).status == "withdrawn"


def test_only_the_author_edits_and_withdraws(newcomer, make_comment):
    comment = make_comment()
    with pytest.raises(Refused, match="Only its author"):
        edit_comment(author=newcomer, comment=comment, body="Mine now.")
    with pytest.raises(Refused, match="Only its author"):
        withdraw_comment(author=newcomer, comment=comment)


def test_a_withdrawn_comment_leaves_its_tombstone(thread, reader, make_comment):
    first = make_comment()
    reply = make_comment(parent=first)
    withdraw_comment(author=reader, comment=reply)
    first.refresh_from_db()
    reply.refresh_from_db()
    assert first.reply_count == 0
    assert reply in Comment.objects.placed() and reply.public_html == ""
    assert counts(thread) == (1, 0, 0, 1)
    with pytest.raises(Refused, match="already"):
        withdraw_comment(author=reader, comment=reply)


def test_a_held_comment_withdrawn_leaves_nothing(thread, reader, make_comment):
    held = make_comment(status="pending")
    never = Comment.objects.get(pk=held.pk)
    Comment.objects.filter(pk=held.pk).update(published_at=None)
    withdraw_comment(author=reader, comment=never)
    assert never not in Comment.objects.placed()


def test_a_removed_comment_cannot_be_withdrawn_from_the_record(reader, make_comment):
    with pytest.raises(Refused, match="editor"):
        withdraw_comment(author=reader, comment=make_comment(status="rejected"))


def test_a_decision_moves_counts_and_the_cursor(thread, make_comment):
    first = make_comment()
    reply = make_comment(parent=first)
    rejected = decide(reply, "rejected")
    assert counts(thread) == (1, 0, 1, 0) and rejected.revision == thread.revision
    first.refresh_from_db()
    assert first.reply_count == 0
    restored = decide(rejected, "published")
    assert counts(thread) == (2, 0, 0, 0) and restored.published_at == reply.published_at
    first.refresh_from_db()
    assert first.reply_count == 1


def test_the_second_moderator_is_told_that_a_colleague_was_first(make_comment, thread):
    comment = make_comment()
    decide(comment, "rejected")
    with pytest.raises(Stale, match="By now it is: Rejected"), transaction.atomic():
        change_status(comment=comment, seen="published", after="rejected")
    assert counts(thread) == (0, 0, 1, 0)


def test_nobody_decides_over_an_author_s_withdrawal(reader, make_comment):
    comment = withdraw_comment(author=reader, comment=make_comment())
    with pytest.raises(Refused, match="stays withdrawn"), transaction.atomic():
        change_status(comment=comment, seen="withdrawn", after="published")


def test_an_imported_comment_keeps_its_name_and_moment(thread):
    moment = clock.now() - timedelta(days=4000)
    comment = import_comment(thread=thread, author_name="carlmartel", body="Old words.", created_at=moment)
    assert (comment.created_at, comment.published_at, comment.author_name) == (moment, moment, "carlmartel")
    reply = import_comment(thread=thread, author_name="JamVee", body="More.", created_at=moment, parent=comment)
    assert (reply.number, reply.reply_number) == (1, 1)
    assert counts(thread) == (2, 0, 0, 0)


def test_too_many_comments_in_a_minute_are_told_how_long_to_wait(thread, reader, settings):
    settings.COMMENTS_PER_MINUTE = 2
    for number in range(2):
        post_comment(author=reader, thread=thread, body=f"Comment {number}")
    with pytest.raises(TooSoon) as refusal:
        post_comment(author=reader, thread=thread, body="Comment 3")
    assert 1 <= refusal.value.wait <= 60


def test_the_same_words_are_taken_once(thread, reader, newcomer):
    post_comment(author=reader, thread=thread, body="Resign!")
    with pytest.raises(Refused, match="already posted these words"):
        post_comment(author=reader, thread=thread, body="Resign!")
    assert post_comment(author=newcomer, thread=thread, body="Resign!")


def test_a_held_comment_keeps_every_reason_for_the_desk(thread, newcomer, settings):
    settings.PRE_MODERATION, settings.NEWCOMER_COMMENTS = True, 1
    comment = post_comment(author=newcomer, thread=thread, body="Hello.")
    assert comment.status == "pending" and comment.published_at is None
    assert {flag.check_name for flag in comment.flags.all()} == {"newcomer", "pre_moderation"}
    assert counts(thread) == (0, 1, 0, 0)


def test_a_newcomer_is_known_after_being_published(thread, newcomer, settings):
    settings.NEWCOMER_COMMENTS = 1
    first = post_comment(author=newcomer, thread=thread, body="Hello.")
    decide(first, "published")
    assert post_comment(author=newcomer, thread=thread, body="Hello again.").status == "published"
