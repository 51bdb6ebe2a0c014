"""Several people at the same moment: nothing is lost, counted twice or seen in the wrong order."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale
from broadsheet.discussion.actions import change_status, close_thread, post_comment, withdraw_comment
from broadsheet.discussion.changes import since
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Thread
from broadsheet.stories.models import Section, Story

WRITERS, EACH = 4, 8


@pytest.fixture
def people(parallel):
    return [Reader.objects.create_user(f"r{n}@example.org", f"Reader {n}", None) for n in range(WRITERS)]


@pytest.fixture
def busy(parallel):
    section = Section.objects.create(name="Town", slug="town")
    return Story.objects.create(
        headline="Bridge", slug="bridge", section=section, live=True, published_at=clock.now() - timedelta(hours=1)
    )


def talk(author, story, count=EACH):
    """Posts, and withdraws every third."""
    for number in range(count):
        comment = post_comment(author=author, thread=Thread(story=story), body=f"{author.name} says {number}")
        if number % 3 == 2:
            withdraw_comment(author=author, comment=comment)


def test_whoever_follows_the_revisions_misses_nothing(parallel, people, busy):
    """Row ids would not do: they are handed out before the commit, and late commits fall behind the cursor."""
    seen, done = {}, []

    def follow():
        cursor = 0
        while True:
            last = len(done) == WRITERS
            news = since(busy.pk, cursor)
            for told in news["comments"]:
                seen[told["id"]] = told["gone"]
            assert news["revision"] >= cursor
            cursor = news["revision"]
            if last and not news["comments"]:
                return cursor

    def write(author):
        talk(author, busy)
        done.append(author)

    faults = [fault for fault in parallel(follow, *(partial(write, author) for author in people)) if fault]
    assert [fault for fault in faults if isinstance(fault, Exception)] == []
    assert seen == {row.pk: not row.is_public for row in Comment.objects.placed()}
    assert len(seen) == WRITERS * EACH
    revisions = list(Comment.objects.values_list("revision", flat=True))
    assert len(set(revisions)) == len(revisions)
    assert sorted(Comment.objects.values_list("number", flat=True)) == list(range(1, WRITERS * EACH + 1))
    assert list(differences()) == []


def test_a_form_sent_twice_at_once_posts_once(parallel, people, busy):
    send = partial(post_comment, author=people[0], thread=Thread(story=busy), body="Once.", key="k" * 20)
    first, *others = parallel(*[send] * 4)
    assert all(other == first for other in others)
    assert Comment.objects.count() == 1


def test_the_same_words_sent_at_once_without_a_key_are_taken_once(parallel, people, busy):
    send = partial(post_comment, author=people[0], thread=Thread(story=busy), body="Once.")
    answers = parallel(*[send] * 4)
    assert sum(isinstance(answer, Comment) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 3


def test_a_burst_is_no_way_round_the_rate(parallel, people, busy, settings):
    settings.COMMENTS_PER_MINUTE = 2
    post = partial(post_comment, author=people[0], thread=Thread(story=busy))
    parallel(*(partial(post, body=f"Burst {number}") for number in range(5)))
    assert Comment.objects.count() == 2


def test_of_two_moderators_at_once_one_decides(parallel, people, busy):
    comment = post_comment(author=people[0], thread=Thread(story=busy), body="Hm.")

    def decide(after):
        with transaction.atomic():
            return change_status(comment=comment, seen="published", after=after)

    answers = parallel(partial(decide, "rejected"), partial(decide, "pending"))
    assert sum(isinstance(answer, Stale) for answer in answers) == 1
    assert list(differences()) == []


def test_nothing_is_written_after_the_close(parallel, people, busy):
    answers = parallel(partial(close_thread, thread=Thread(story=busy)), *(partial(talk, who, busy) for who in people))
    assert all(answer is None or isinstance(answer, (Refused, Thread)) for answer in answers)
    closed_at = Thread.objects.get().closed_at
    assert not Comment.objects.filter(created_at__gte=closed_at).exists()
