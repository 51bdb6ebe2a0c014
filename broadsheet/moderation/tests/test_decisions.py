"""Decisions: who may, who was first, what changes together, and that none is ever changed."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.discussion.actions import edit_comment, post_comment, withdraw_comment
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import guard
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Decision, Outcome, Report
from broadsheet.moderation.rules import Screen
from broadsheet.moderation.tests.together import at_once, needs_two_writers

PENDING, PUBLISHED, REJECTED, WITHDRAWN = Status.PENDING, Status.PUBLISHED, Status.REJECTED, Status.WITHDRAWN


@pytest.fixture
def colleague(db):
    colleague = Reader.objects.create_superuser("cole@example.org", "Cole Crane", "a long enough pass phrase")
    return colleague


def report(comment, address="192.0.2.7", reason="spam", reporter=None):
    return report_comment(comment=comment, reporter=reporter, address=address, reason=reason, note="Look at the link.")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_the_second_moderator_hears_that_a_colleague_was_first(thread, newcomer, moderator, settings):
    settings.PRE_MODERATION = True
    comment = post_comment(author=newcomer, thread=thread, body="Hello.")
    decide(moderator=moderator, comment=comment, seen=PENDING, after=PUBLISHED, reason="fine")
    with pytest.raises(Stale, match="Mona Marsh approved this comment on"):
        decide(moderator=moderator, comment=comment, seen=PENDING, after=REJECTED, reason="spam")
    assert [made.act for made in comment.decisions.order_by("number")] == ["held", "approved"]
    assert fresh(comment).status == PUBLISHED


def test_an_approval_publishes_and_is_kept_with_who_and_what_they_saw(make_comment, moderator):
    comment = make_comment(status=PENDING)
    decision = decide(moderator=moderator, comment=comment, seen=PENDING, after=PUBLISHED)
    assert (decision.moderator, decision.seen, decision.after, decision.reason) == (
        moderator,
        PENDING,
        PUBLISHED,
        "fine",
    )
    assert (decision.number, decision.act) == (1, "approved")
    comment = fresh(comment)
    assert comment.status == PUBLISHED and comment.published_at
    assert (comment.thread.published, comment.thread.pending) == (1, 0)


def test_a_rejection_needs_a_reason(make_comment, moderator):
    comment = make_comment()
    for reason in ("", "fine", "because", "spam\x00"):
        with pytest.raises(Unacceptable, match="reason"):
            decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason=reason)
    assert fresh(comment).status == PUBLISHED
    assert not Decision.objects.exists()


def test_a_rejection_answers_every_report_at_once(make_comment, moderator, newcomer):
    comment = make_comment()
    reports = [report(comment), report(comment, reporter=newcomer, reason="abusive")]
    decision = decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="abusive")
    for row in map(fresh, reports):
        assert (row.outcome, row.decision) == (Outcome.REMOVED, decision)
    assert not comment.entries.exists()


def test_keeping_a_reported_comment_is_a_decision_too(make_comment, moderator):
    comment = make_comment()
    row = report(comment)
    revision = fresh(comment).revision
    decision = decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PUBLISHED)
    assert decision.act == "kept"
    assert (fresh(row).outcome, fresh(row).decision) == (Outcome.KEPT, decision)
    assert (fresh(comment).status, fresh(comment).revision) == (PUBLISHED, revision)


def test_keeping_what_somebody_has_kept_already_is_refused(make_comment, moderator, colleague):
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PUBLISHED)  # nobody had read it yet
    report(comment)
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PUBLISHED)
    with pytest.raises(Stale, match="Mona Marsh kept it"):
        decide(moderator=colleague, comment=comment, seen=PUBLISHED, after=PUBLISHED)
    assert Decision.objects.count() == 2


def test_a_colleague_s_keep_is_not_overwritten_by_a_page_that_was_open_before_it(make_comment, moderator, colleague):
    comment = make_comment()
    row = report(comment)
    before = Screen(last_report=row.pk)
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PUBLISHED, screen=before)
    with pytest.raises(Stale, match="Mona Marsh kept this comment"):
        decide(moderator=colleague, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam", screen=before)
    assert fresh(comment).status == PUBLISHED


def test_a_report_that_came_after_the_page_was_opened_goes_on_waiting_when_the_comment_is_kept(make_comment, moderator):
    comment = make_comment()
    seen, unseen = report(comment), report(comment, address="192.0.2.8", reason="private")
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PUBLISHED, screen=Screen(last_report=seen.pk))
    assert fresh(seen).outcome == Outcome.KEPT
    assert fresh(unseen).outcome == Outcome.WAITING
    assert list(comment.entries.values_list("queue", "since")) == [("reported", unseen.created_at)]


def test_nobody_approves_words_they_have_not_read(make_comment, moderator, reader):
    comment = make_comment(status=PENDING)
    opened = Screen(edited_at=None)
    edit_comment(author=reader, comment=comment, body="Something quite different, with a slur.")
    with pytest.raises(Stale, match="author has changed"):
        decide(moderator=moderator, comment=comment, seen=PENDING, after=PUBLISHED, screen=opened)
    assert fresh(comment).status == PENDING
    decide(
        moderator=moderator,
        comment=comment,
        seen=PENDING,
        after=PUBLISHED,
        screen=Screen(edited_at=fresh(comment).edited_at),
    )
    assert fresh(comment).status == PUBLISHED


def test_a_rejected_comment_can_be_restored_and_the_decisions_follow_each_other(make_comment, moderator):
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam")
    last = decide(moderator=moderator, comment=comment, seen=REJECTED, after=PUBLISHED, note="My mistake.")
    assert (last.number, last.act, last.note) == (2, "restored", "My mistake.")
    assert fresh(comment).status == PUBLISHED


def test_what_its_author_withdrew_stays_withdrawn(make_comment, moderator, reader):
    comment = make_comment()
    withdraw_comment(author=reader, comment=comment)
    with pytest.raises(Stale, match="author has withdrawn"):
        decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam")
    with pytest.raises(Unacceptable):
        decide(moderator=moderator, comment=comment, seen=WITHDRAWN, after=PUBLISHED)
    assert fresh(comment).status == WITHDRAWN


@pytest.mark.any_database
@pytest.mark.parametrize(
    "seen, after", [("", "published"), ("", "pending"), ("pending", "pending"), ("x", "published"), ("", "")]
)
def test_there_are_no_other_acts(make_comment, moderator, seen, after):
    with pytest.raises(Unacceptable):
        decide(moderator=moderator, comment=make_comment(), seen=seen, after=after, reason="spam")


@pytest.mark.parametrize("somebody", ["reader", "newcomer", "reporter", "photo_editor"])
def test_only_moderators_decide_whoever_calls(make_comment, request, somebody):
    comment = make_comment()
    with pytest.raises(Refused) as refusal:
        decide(
            moderator=request.getfixturevalue(somebody), comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam"
        )
    assert refusal.value.status == 403
    assert fresh(comment).status == PUBLISHED


def test_a_deactivated_moderator_decides_nothing(make_comment, moderator):
    moderator.is_active = False
    moderator.save()
    with pytest.raises(Refused):
        decide(moderator=fresh(moderator), comment=make_comment(), seen=PUBLISHED, after=REJECTED, reason="spam")


@pytest.mark.parametrize("somebody", ["editor", "administrator"])
def test_editors_and_administrators_decide_too(make_comment, request, somebody):
    somebody, comment = request.getfixturevalue(somebody), make_comment()
    decide(moderator=somebody, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam")
    assert fresh(comment).status == REJECTED
    assert comment.decisions.get().moderator == somebody


def test_nobody_judges_their_own_words_but_the_administrator_of_a_one_person_paper(
    make_comment, moderator, administrator
):
    own = make_comment(author=moderator)
    with pytest.raises(Refused, match="colleague"):
        decide(moderator=moderator, comment=own, seen=PUBLISHED, after=REJECTED, reason="spam")
    alone = make_comment(author=administrator)
    decide(moderator=administrator, comment=alone, seen=PUBLISHED, after=REJECTED, reason="spam")


def test_a_note_is_cleaned_and_a_long_one_refused(make_comment, moderator):
    comment = make_comment()
    with pytest.raises(Unacceptable, match="1,001 characters"):
        decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam", note="x" * 1001)
    with pytest.raises(Unacceptable, match="no program can read"):
        decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam", note="a\ud800")
    made = decide(
        moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam", note=" a\x00b\u202ec "
    )
    assert made.note == "abc"


def test_a_decision_that_cannot_be_kept_changes_nothing(make_comment, moderator):
    """Status, decision and outcomes change together or not at all."""
    comment = make_comment()
    row = report(comment)
    with pytest.raises(RuntimeError), transaction.atomic():
        decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam")
        raise RuntimeError
    assert fresh(comment).status == PUBLISHED
    assert fresh(row).outcome == Outcome.WAITING
    assert not Decision.objects.exists()


# --- Decisions are never changed --------------------------------------------------------------------------------------


@pytest.fixture
def decision(make_comment, moderator):
    return decide(moderator=moderator, comment=make_comment(), seen=PUBLISHED, after=REJECTED, reason="spam")


def again(decision):
    return Decision.objects.filter(pk=decision.pk)


@pytest.mark.parametrize(
    "change",
    [
        lambda decision: decision.save(),
        lambda decision: decision.delete(),
        lambda decision: again(decision).update(note="x"),
        lambda decision: again(decision).delete(),
        lambda decision: Decision.objects.bulk_update([decision], ["note"]),
        lambda decision: Decision.objects.update_or_create(pk=decision.pk, defaults={"note": "x"}),
        lambda decision: decision.comment.decisions.update(note="x"),
        lambda decision: decision.comment.decisions.all().delete(),
        lambda decision: decision.moderator.decisions.clear(),
        lambda decision: Decision._base_manager.filter(pk=decision.pk).update(note="x"),
        lambda decision: Decision.objects.bulk_create(
            [decision], update_conflicts=True, update_fields=["note"], unique_fields=["id"]
        ),
    ],
    ids=range(11),
)
def test_the_models_refuse_to_change_a_decision(decision, change):
    with pytest.raises(TypeError, match="never changed"):
        change(decision)
    assert again(decision).get().note == ""


def test_a_row_of_the_same_number_does_not_replace_a_decision(decision):
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision(pk=decision.pk, comment=decision.comment, number=9, seen=REJECTED, after=PUBLISHED).save()
    assert again(decision).get().after == REJECTED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE moderation_decision SET note = 'x'",
        "UPDATE moderation_decision SET moderator_id = NULL",
        "DELETE FROM moderation_decision",
        pytest.param("INSERT OR REPLACE INTO moderation_decision SELECT * FROM moderation_decision", id="replace"),
        pytest.param("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE moderation_decision CASCADE", id="truncate"),
        pytest.param("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE discussion_comment CASCADE", id="truncate comments"),
        pytest.param("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE accounts_reader CASCADE", id="truncate readers"),
    ],
)
def test_the_database_refuses_whoever_comes_past_the_models(decision, statement):
    foreign = {"INSERT OR REPLACE": "postgresql", "TRUNCATE": "sqlite"}
    if any(words in statement and connection.vendor == vendor for words, vendor in foreign.items()):
        pytest.skip("not a statement of this database")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert again(decision).get().note == ""
    assert again(decision).get().moderator is not None


def test_the_collector_s_own_delete_meets_the_database_s_guard(decision):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        again(decision)._raw_delete("default")


def test_a_story_a_comment_and_a_moderator_with_decisions_cannot_be_deleted(decision):
    for row in (decision.comment, decision.comment.thread, decision.comment.thread.story, decision.moderator):
        with pytest.raises(ProtectedError):
            row.delete()
    assert again(decision).exists()


def test_a_story_without_decisions_takes_its_comments_and_reports_along(make_comment, story):
    report(make_comment())
    story.delete()
    assert not Comment.objects.exists() and not Report.objects.exists()


def test_the_database_knows_which_decisions_there_can_be(make_comment, moderator):
    comment = make_comment()
    wrong = [
        {"seen": "x"},
        {"source": "whim"},
        {"moderator": None},
        {"picked": True, "considered": True},
        {"after": "withdrawn"},
        {"after": "rejected", "reason": ""},
        {"after": "rejected", "reason": "fine"},
        {"reason": "because"},
    ]
    right = {"comment": comment, "number": 1, "moderator": moderator, "seen": "published", "after": "published"}
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**{**right, **facts})
    Decision.objects.create(**right)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(**right)


@pytest.mark.django_db(transaction=True)
def test_the_guard_comes_back_after_a_migration_that_rebuilt_the_table(moderator):
    guard.take_down(connection)
    assert not guard.stands(connection)
    call_command("migrate", verbosity=0)
    assert guard.stands(connection)


@pytest.mark.django_db(transaction=True)
def test_flush_empties_a_newsroom_with_decisions_and_leaves_the_guard_standing(decision):
    call_command("flush", interactive=False, verbosity=0)
    assert not Decision.objects.exists()
    assert guard.stands(connection)


@pytest.mark.django_db(transaction=True)
def test_flush_deletes_nothing_unless_told_yes(decision, monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda prompt: "no")
    with pytest.raises(Exception, match="Nothing was deleted"):
        call_command("flush", verbosity=0)
    assert "record of every decision" in capsys.readouterr().out
    assert again(decision).exists()


# --- At the same moment -----------------------------------------------------------------------------------------------


@needs_two_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", ["pending", "published"])
def test_of_two_moderators_at_the_same_moment_one_decides(make_comment, moderator, colleague, seen):
    comment = make_comment(status=seen)
    if seen == "published":
        report(comment)
    screen = Screen(last_report=Report.objects.count() and Report.objects.latest("pk").pk)
    answers = at_once(
        lambda: decide(moderator=moderator, comment=comment, seen=seen, after=PUBLISHED, screen=screen),
        lambda: decide(moderator=colleague, comment=comment, seen=seen, after=REJECTED, reason="spam", screen=screen),
    )
    assert {type(answer) for answer in answers} == {Decision, Stale}
    made = Decision.objects.get()
    assert fresh(comment).status == made.after


@needs_two_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_a_report_and_a_decision_at_the_same_moment_leave_no_report_hanging(make_comment, moderator, attempt):
    comment = make_comment()
    answers = at_once(
        lambda: report(comment),
        lambda: decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam"),
    )
    assert isinstance(answers[1], Decision)
    assert isinstance(answers[0], Report | Stale)
    assert not Report.objects.filter(outcome=Outcome.WAITING).exists()
