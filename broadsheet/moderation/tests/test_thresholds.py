"""Reports that hide a comment until an editor has looked: off by default, by credible readers, never twice over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.discussion.actions import edit_comment
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import entries
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Decision, Outcome, Queue, Report, Source
from broadsheet.moderation.people.actions import sanction
from broadsheet.moderation.rules import Screen
from broadsheet.moderation.tests.together import at_once, needs_two_writers
from broadsheet.notifications.sight import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Eight readers who have been here for a year."""
    since = clock.now() - timedelta(days=365)
    return [
        Reader.objects.create_user(f"r{number}@example.org", f"Rea {'abcdefgh'[number]}der", None, date_joined=since)
        for number in range(8)
    ]


@pytest.fixture
def three(settings):
    settings.REPORTS_TO_HIDE = 3


def report(comment, reporter, reason="abusive", address="192.0.2.7"):
    return report_comment(comment=comment, reporter=reporter, address=address, reason=reason)


def status(comment):
    return Comment.objects.get(pk=comment.pk).status


def test_without_a_number_no_report_hides_anything(make_comment, people):
    comment = make_comment()
    for reader in people:
        report(comment, reader)
    assert status(comment) == Status.PUBLISHED and not Decision.objects.exists()


def test_three_credible_readers_hide_a_comment_until_an_editor_looks(three, make_comment, people, reader):
    comment = make_comment(author=reader)
    report(comment, people[0], "spam")
    report(comment, people[1])
    assert status(comment) == Status.PUBLISHED
    report(comment, people[2])
    assert status(comment) == Status.PENDING
    decision = Decision.objects.get()
    assert (decision.source, decision.moderator, decision.seen, decision.after, decision.reason) == (
        Source.REPORTS, None, Status.PUBLISHED, Status.PENDING, "abusive",
    )  # fmt: skip
    assert decision.waited is not None
    entry = comment.entries.get()
    assert entry.queue == Queue.PENDING and entry.since == Report.objects.order_by("pk")[0].created_at
    assert {row[0] for row in entry.why} >= {"reports"}
    assert set(Report.objects.values_list("outcome", flat=True)) == {Outcome.WAITING}
    assert list(differences()) == []


def test_the_author_hears_that_it_waits(three, client, make_comment, people, reader):
    comment = make_comment(author=reader)
    for each in people[:3]:
        report(comment, each)
    assert standing(reader).get().kind == "decision"
    client.force_login(reader)
    assert "until an editor has looked at it" in client.get("/me/notifications/").content.decode()


def test_what_an_editor_approved_is_hidden_again_by_as_many_fresh_reports_alone(three, make_comment, people, moderator):
    comment = make_comment()
    for each in people[:3]:
        report(comment, each)
    decide(moderator=moderator, comment=comment, seen="pending", after="published")
    assert set(Report.objects.values_list("outcome", flat=True)) == {Outcome.KEPT}
    for each in people[:3]:
        report(comment, each)  # their first one: answered
    for each in people[3:5]:
        report(comment, each)
    assert status(comment) == Status.PUBLISHED
    report(comment, people[5])
    assert status(comment) == Status.PENDING and Decision.objects.filter(source=Source.REPORTS).count() == 2


def test_a_fresh_report_puts_an_approved_comment_into_the_queue_again(make_comment, people, moderator):
    comment = make_comment(status="pending")
    decide(moderator=moderator, comment=comment, seen="pending", after="published")
    comment.entries.all().delete()
    made = report(comment, people[0])
    assert comment.entries.get(queue=Queue.REPORTED).since >= made.created_at
    decide(moderator=moderator, comment=comment, seen="published", after="published")
    assert not comment.entries.exists()
    report(comment, people[1])
    assert comment.entries.filter(queue=Queue.REPORTED).exists()


def test_a_report_that_came_while_an_editor_looked_goes_on_counting(three, make_comment, people, moderator):
    comment = make_comment()
    first = report(comment, people[0])
    report(comment, people[1])
    decide(moderator=moderator, comment=comment, seen="published", after="published", screen=Screen(None, 0, first.pk))
    report(comment, people[2])
    assert status(comment) == Status.PUBLISHED, "two are waiting, not three"
    report(comment, people[3])
    assert status(comment) == Status.PENDING


def test_who_is_new_unproved_a_guest_without_an_account_or_sanctioned_does_not_count(
    three, make_comment, people, moderator, administrator
):
    comment = make_comment()
    fresh, unproved, off, gone = people[:4]
    Reader.objects.filter(pk=fresh.pk).update(date_joined=clock.now())
    unproved.emailaddress_set.update(verified=False)
    Reader.objects.filter(pk=gone.pk).update(is_active=False)
    sanction(moderator=moderator, reader=off, kind="ban", reason="spam")
    for each in (fresh, unproved, off, gone, None):
        report(comment, Reader.objects.get(pk=each.pk) if each else None)
    report(comment, None, address="192.0.2.8")
    report(comment, people[4])
    report(comment, people[5])
    assert status(comment) == Status.PUBLISHED
    report(comment, people[6])
    assert status(comment) == Status.PENDING


def test_who_was_wrong_time_after_time_does_not_count(three, make_comment, people, moderator):
    wrong = people[0]
    for _ in range(9):
        other = make_comment()
        report(other, wrong)
        decide(moderator=moderator, comment=other, seen="published", after="published")
    Report.objects.update(created_at=clock.now() - timedelta(hours=2))
    comment = make_comment()
    for each in people[:3]:
        report(comment, each)
    assert status(comment) == Status.PUBLISHED
    report(comment, people[3])
    assert status(comment) == Status.PENDING


def test_what_is_against_the_law_has_a_number_of_its_own(settings, make_comment, people):
    settings.ILLEGAL_REPORTS_TO_HIDE = 2
    comment = make_comment()
    for each in people[:4]:
        report(comment, each)
    report(comment, people[4], "illegal")
    assert status(comment) == Status.PUBLISHED
    report(comment, people[5], "illegal")
    assert status(comment) == Status.PENDING


def test_those_who_seem_to_have_agreed_on_it_count_as_one(three, make_comment, people):
    for other in (make_comment(), make_comment()):
        for each in people[:4]:
            Report.objects.create(comment=other, reporter=each, reason="abusive")
    comment = make_comment()
    for each in people[:4]:
        report(comment, each)
    assert status(comment) == Status.PUBLISHED
    report(comment, people[5])
    report(comment, people[6])
    assert status(comment) == Status.PENDING


def test_a_hidden_comment_is_nobody_s_to_report_and_no_words_of_it_are_left(
    three, client, make_comment, people, reader
):
    comment = make_comment("Xhidden", author=reader)
    for each in people[:3]:
        report(comment, each)
    with pytest.raises(Refused, match="not shown any more"):
        report(comment, people[3])
    for address in (
        comment.thread.story.get_absolute_url(),
        f"/comments/{comment.pk}/",
        f"/threads/{comment.thread_id}/changes/?since=0",
    ):
        assert "Xhidden" not in client.get(address).content.decode()


def test_an_edit_does_not_bring_a_hidden_comment_back(three, make_comment, people, reader):
    comment = make_comment(author=reader)
    for each in people[:3]:
        report(comment, each)
    comment.refresh_from_db()
    edit_comment(author=reader, comment=comment, body="All is well now.")
    assert status(comment) == Status.PENDING
    entry = comment.entries.get(queue=Queue.PENDING)
    assert "reports" in {row[0] for row in entry.why}


def test_the_page_says_so_where_reports_may_hide(client, settings, make_comment):
    comment = make_comment()
    assert "unless many report it" not in client.get(f"/comments/{comment.pk}/report/").content.decode()
    settings.REPORTS_TO_HIDE = 5
    assert "unless many report it" in client.get(f"/comments/{comment.pk}/report/").content.decode()


@needs_two_writers
@pytest.mark.django_db(transaction=True)
def test_reports_at_once_and_a_decision_hide_it_once_or_not_at_all(settings, make_comment, people, moderator):
    settings.REPORTS_TO_HIDE = 3
    comment = make_comment()
    at_once(
        *[lambda each=each: report(comment, each) for each in people[:6]],
        lambda: decide(moderator=moderator, comment=comment, seen="published", after="published"),
    )
    made = list(Decision.objects.order_by("number").values_list("number", "source"))
    assert [number for number, _ in made] == list(range(1, len(made) + 1))
    held = status(comment) == Status.PENDING
    assert held == comment.entries.filter(queue=Queue.PENDING).exists()
    assert list(differences()) == []


def test_entries_of_a_hidden_comment_leave_the_queues_of_what_is_public(three, make_comment, people):
    comment = make_comment()
    entries.enter(comment, Queue.UNREVIEWED)
    for each in people[:3]:
        report(comment, each)
    assert [entry.queue for entry in comment.entries.all()] == [Queue.PENDING]
