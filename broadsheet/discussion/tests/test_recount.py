"""Counts are proved against the comments, and mended."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def spoilt(thread, make_comment):
    first = make_comment()
    make_comment(parent=first)
    make_comment(status="rejected")
    Thread.objects.update(published=7, rejected=0, conversations=1)
    Comment.objects.filter(pk=first.pk).update(reply_count=5, replies_given=0)


def test_true_counts_pass_the_check(thread, make_comment, capsys):
    make_comment(parent=make_comment())
    call_command("recount", check=True)
    assert "Every count is true." in capsys.readouterr().out


def test_a_wrong_count_fails_the_check_and_is_named(spoilt, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("recount", check=True)
    assert end.value.code == 1
    assert "the number of published comments is 7, and 2 by the comments" in capsys.readouterr().out
    assert len(list(differences())) == 5


def test_a_wrong_count_is_mended(spoilt, thread):
    call_command("recount")
    assert list(differences()) == []
    thread.refresh_from_db()
    assert (thread.published, thread.rejected, thread.conversations) == (2, 1, 2)


def test_a_number_that_was_given_is_not_given_again(thread, make_comment):
    make_comment()
    last = make_comment()
    Comment.objects.filter(pk=last.pk).delete()
    Thread.objects.update(published=1)
    call_command("recount")
    thread.refresh_from_db()
    assert thread.conversations == 2
