"""A ban that removes what somebody wrote: previewed, then a decision for each comment."""

from __future__ import annotations

import pytest

from broadsheet.core.refusals import Stale, Unacceptable
from broadsheet.discussion.actions import thread_for
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import bulks
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Bulk, Decision, Outcome, Report, Source
from broadsheet.moderation.people import removal
from broadsheet.moderation.people.models import Sanction


@pytest.fixture
def said(make_comment, newcomer, make_story, sport):
    """Two published and one pending in Town, one published in Sport, one already rejected."""
    elsewhere = thread_for(make_story("The derby", section=sport))
    return [
        make_comment(author=newcomer),
        make_comment(author=newcomer),
        make_comment(author=newcomer, status="pending"),
        make_comment(author=newcomer, status="rejected"),
        make_comment(author=newcomer, thread=elsewhere),
    ]


def statuses(reader):
    return sorted(reader.comments.values_list("status", flat=True))


def test_the_preview_counts_what_is_there_and_where(said, newcomer, sport):
    seen = removal.preview(newcomer, None)
    assert (seen.published, seen.pending, seen.extent.count) == (3, 1, 4)
    assert [count for _, count in seen.stories] == [3, 1] and seen.stories[1][0] == "The derby"
    assert removal.preview(newcomer, sport).extent.count == 1


def test_each_comment_gets_a_decision_with_the_reason_and_every_report_its_answer(do, said, newcomer, reader):
    report_comment(comment=said[0], reporter=reader, address="192.0.2.1", reason="abusive")
    do("ban", removes=removal.preview(newcomer, None).extent, told="Enough.")
    assert statuses(newcomer) == [Status.REJECTED] * 5
    made = Decision.objects.filter(source=Source.BULK)
    assert (
        made.count() == 4 and {row.reason for row in made} == {"abusive"} and {row.told for row in made} == {"Enough."}
    )
    bulk = Bulk.objects.get()
    assert (bulk.done, bulk.passed, bulk.finished_at is not None) == (4, 0, True)
    assert Report.objects.get().outcome == Outcome.REMOVED
    assert list(differences()) == []


def test_without_being_asked_for_nothing_is_removed(do, said, newcomer):
    do("ban")
    assert statuses(newcomer) == ["pending", "published", "published", "published", "rejected"]


def test_a_section_s_ban_removes_what_was_said_there(do, said, newcomer, sport):
    do("ban", section=sport, removes=removal.preview(newcomer, sport).extent)
    assert statuses(newcomer) == ["pending", "published", "published", "rejected", "rejected"]


def test_nobody_removes_what_the_preview_did_not_show(do, said, newcomer, moderator):
    seen = removal.preview(newcomer, None).extent
    decide(moderator=moderator, comment=said[0], seen="published", after="rejected", reason="spam")
    with pytest.raises(Stale, match="not the comments you saw"):
        do("ban", removes=seen)
    assert not Sanction.objects.exists() and Comment.objects.filter(author=newcomer, status="published").count() == 2


def test_a_comment_decided_meanwhile_is_passed_over_and_a_second_run_changes_nothing(
    do, said, newcomer, moderator, settings
):
    settings.TASKS_AT_ONCE = []
    do("ban", removes=removal.preview(newcomer, None).extent)
    decide(moderator=moderator, comment=said[0], seen="published", after="rejected", reason="spam")
    bulk = Bulk.objects.get()
    bulks.work.func(bulk.pk)
    bulk.refresh_from_db()
    assert (bulk.done, bulk.passed) == (3, 1)
    count = Decision.objects.count()
    bulks.work.func(bulk.pk)
    assert Decision.objects.count() == count


def test_what_was_removed_can_be_put_back_with_one_act(do, said, newcomer, moderator):
    do("ban", removes=removal.preview(newcomer, None).extent)
    bulks.undo(moderator=moderator, bulk=Bulk.objects.get())
    assert statuses(newcomer) == ["pending", "published", "published", "published", "rejected"]


def test_more_than_one_act_takes_is_removed_in_several(do, said, newcomer, monkeypatch):
    monkeypatch.setattr(bulks, "MOST", 3)
    do("ban", removes=removal.preview(newcomer, None).extent)
    assert statuses(newcomer) == [Status.REJECTED] * 5 and Bulk.objects.count() == 2


def test_only_a_ban_removes(do, said, newcomer):
    with pytest.raises(Unacceptable, match="with a ban alone"):
        do("warning", removes=removal.preview(newcomer, None).extent)
