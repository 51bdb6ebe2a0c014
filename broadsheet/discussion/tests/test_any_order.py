"""Whatever people do, in whatever order: counts are true, nobody sees more than they may, the cursor tells all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.discussion.actions import (
    change_status,
    close_thread,
    edit_comment,
    post_comment,
    reopen_thread,
    withdraw_comment,
)
from broadsheet.discussion.changes import since
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.stories.models import Section, Story

PLAIN, LINKS = "I saw it.", "See https://a.example https://b.example https://c.example"
any_number = strategies.integers(0, 30)


class Discussion(RuleBasedStateMachine):
    """Two readers and a moderator under one story."""

    @initialize()
    def open(self):
        self.around = transaction.atomic()
        self.around.__enter__()
        section = Section.objects.create(name="Any", slug="any")
        self.story = Story.objects.create(
            headline="Any", slug="any", section=section, live=True, published_at=clock.now() - timedelta(hours=1)
        )
        self.people = [Reader.objects.create_user(f"any{n}@example.org", f"Any {n}", None) for n in range(2)]
        self.comments, self.ever_public, self.words = [], set(), 0
        self.page, self.cursor, self.is_closed = {}, 0, False

    def teardown(self):
        if hasattr(self, "around"):
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    def one(self, number):
        return Comment.objects.get(pk=self.comments[number % len(self.comments)])

    def thread(self):
        return Thread.objects.filter(pk=self.story.pk).first() or Thread(story=self.story)

    def say(self, body, who, parent=None):
        self.words += 1
        try:
            comment = post_comment(
                author=self.people[who], thread=self.thread(), body=f"{body} {self.words}", parent=parent
            )
        except Refused:
            assert self.is_closed or (parent and parent.status != Status.PUBLISHED)
        else:
            assert not self.is_closed
            self.comments.append(comment.pk)

    @rule(body=strategies.sampled_from([PLAIN, PLAIN, LINKS]), who=strategies.integers(0, 1))
    def post(self, body, who):
        self.say(body, who)

    @precondition(lambda self: self.comments)
    @rule(body=strategies.sampled_from([PLAIN, PLAIN, LINKS]), who=strategies.integers(0, 1), number=any_number)
    def reply(self, body, who, number):
        self.say(body, who, self.one(number))

    @precondition(lambda self: self.comments)
    @rule(body=strategies.sampled_from([PLAIN, LINKS]), who=strategies.integers(0, 1), number=any_number)
    def edit(self, body, who, number):
        comment, self.words = self.one(number), self.words + 1
        try:
            after = edit_comment(author=self.people[who], comment=comment, body=f"{body} {self.words}")
        except Refused:
            assert (
                self.is_closed
                or comment.author != self.people[who]
                or comment.status in {Status.REJECTED, Status.WITHDRAWN}
            )
        else:
            assert after.status == (Status.PENDING if body == LINKS else comment.status)

    @precondition(lambda self: self.comments)
    @rule(who=strategies.integers(0, 1), number=any_number)
    def withdraw(self, who, number):
        comment = self.one(number)
        try:
            withdraw_comment(author=self.people[who], comment=comment)
        except Refused:
            assert comment.author != self.people[who] or comment.status in {Status.REJECTED, Status.WITHDRAWN}

    @precondition(lambda self: self.comments)
    @rule(number=any_number, after=strategies.sampled_from(Status.values))
    def decide(self, number, after):
        comment = self.one(number)
        try:
            with transaction.atomic():
                change_status(comment=comment, seen=comment.status, after=after)
        except Refused:
            assert Status.WITHDRAWN in {comment.status, after}

    @rule()
    def close(self):
        close_thread(thread=self.thread())
        self.is_closed = True

    @rule()
    def reopen(self):
        reopen_thread(thread=self.thread())
        self.is_closed = False

    @invariant()
    def counts_are_true(self):
        if hasattr(self, "story"):
            assert list(differences()) == []

    @invariant()
    def a_follower_sees_what_the_page_shows(self):
        if not hasattr(self, "story"):
            return
        news = since(self.story.pk, self.cursor)
        assert news["closed"] == self.is_closed
        for told in news["comments"]:
            self.page[told["id"]] = told["html"]
        self.cursor = news["revision"]
        rows = Comment.objects.all()
        self.ever_public |= {row.pk for row in rows if row.is_public}
        assert set(self.page) == self.ever_public == {row.pk for row in Comment.objects.placed()}
        for row in rows.filter(pk__in=self.page):
            assert (row.html in self.page[row.pk]) == row.is_public
        strangers = Comment.objects.visible_to(None)
        assert set(strangers) == {row for row in rows if row.is_public}


@pytest.mark.django_db
def test_any_order_of_acts_keeps_counts_sight_and_cursor():
    run_state_machine_as_test(
        Discussion,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
