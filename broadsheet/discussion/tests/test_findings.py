"""Every check speaks, every finding is kept with its facts, and the strictest decides."""

from __future__ import annotations

import pytest

from broadsheet.discussion.actions import edit_comment, post_comment
from broadsheet.discussion.checks import Verdict
from broadsheet.discussion.models import Status
from broadsheet.moderation.models import Decision

pytestmark = pytest.mark.django_db
HERE = "broadsheet.discussion.tests.test_findings."


def several(submission):
    """Finds three things about whoever says "thrice"."""
    if "thrice" not in submission.body:
        return None
    return [
        Verdict(Status.PUBLISHED, "Only noted.", check="notes"),
        Verdict(Status.PENDING, "Look at it.", rule="A rule", score=0.9, threshold=0.5, spans=((0, 6),), minutes=30),
        Verdict(Status.REJECTED, "Away with it.", complaint="spam"),
    ]


def one(submission):
    """Finds one thing about everybody."""
    return Verdict(Status.PUBLISHED, "Seen.")


@pytest.fixture(autouse=True)
def _checks(settings):
    settings.DISCUSSION_CHECKS = [HERE + "one", HERE + "several"]


def test_all_findings_are_kept_and_the_strictest_decides(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="thrice told")
    assert comment.status == "rejected"
    kept = [(flag.check_name, flag.asks_for, flag.reason) for flag in comment.flags.order_by("pk")]
    assert kept == [
        ("one", "", "Seen."), ("notes", "", "Only noted."), ("several", "pending", "Look at it."),
        ("several", "rejected", "Away with it."),
    ]  # fmt: skip
    flag = comment.flags.get(asks_for="pending")
    assert (flag.rule, flag.score, flag.threshold, flag.spans, flag.minutes) == ("A rule", 0.9, 0.5, [[0, 6]], 30)


def test_what_a_check_only_notes_holds_nothing(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="once told")
    assert (comment.status, comment.flags.get().asks_for) == ("published", "")


def test_a_rejection_by_a_check_is_a_decision_with_its_reason(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="thrice told")
    made = Decision.objects.get(comment=comment)
    assert (made.source, made.seen, made.after, made.reason, made.moderator) == ("rule", "", "rejected", "spam", None)


def test_an_edit_that_is_rejected_is_a_decision_too_and_leaves_every_queue(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="once told")
    assert comment.entries.exists()
    edit_comment(author=reader, comment=comment, body="thrice told")
    made = Decision.objects.get(comment=comment)
    assert (made.seen, made.after, made.reason) == ("published", "rejected", "spam")
    assert not comment.entries.exists()


def test_a_comment_knows_its_language_and_an_edit_tells_it_anew(thread, reader):
    comment = post_comment(author=reader, thread=thread, body="I walked across the bridge this morning.")
    assert comment.language == "en"
    edited = edit_comment(author=reader, comment=comment, body="Ich bin heute Morgen über die Brücke gegangen.")
    assert edited.language == "de"
