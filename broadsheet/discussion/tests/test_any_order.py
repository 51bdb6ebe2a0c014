"""Whatever people do, in whatever order: counts are true, nobody sees more than they may, the cursor tells all."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import wraps

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings, strategies
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
from broadsheet.discussion import changes, modes, reactions
from broadsheet.discussion.actions import close_thread, edit_comment, post_comment, reopen_thread, withdraw_comment
from broadsheet.discussion.badges import standing
from broadsheet.discussion.counts import differences
from broadsheet.discussion.fragments import fragment
from broadsheet.discussion.merit import merit_of
from broadsheet.discussion.models import VOICES, Badge, Comment, Mode, Status, Thread
from broadsheet.moderation.actions import decide, pick, report_comment, unpick
from broadsheet.stories.models import Credit, Person, Section, Story

PLAIN, LINKS = "I saw it.", "See https://a.example https://b.example https://c.example"
bodies = strategies.sampled_from([PLAIN, PLAIN, LINKS])
any_number = strategies.integers(0, 30)
people = strategies.integers(0, 2)
stars = strategies.sampled_from([None, 1, 3, 5])


acts, done = set(), set()  # by their names


def act(**drawn):
    """A rule that leaves word of having been followed: ten examples may pass one by, and nobody would notice."""

    def told(function):
        acts.add(function.__name__)

        @wraps(function)
        def noted(self, **given):
            done.add(function.__name__)
            function(self, **given)

        return rule(**drawn)(noted)

    return told


def somebody(name):
    reader = Reader.objects.create_user(f"{name.lower()}@example.org", name, None)
    EmailAddress.objects.update_or_create(
        user=reader, defaults={"email": reader.email, "verified": True, "primary": True}
    )
    return reader


class Discussion(RuleBasedStateMachine):
    """Two readers, the story's author and a moderator under one story."""

    @initialize()
    def open(self):
        self.around = transaction.atomic()
        self.around.__enter__()
        section = Section.objects.create(name="Any", slug="any")
        self.story = Story.objects.create(
            headline="Any", slug="any", section=section, live=True, published_at=clock.now() - timedelta(hours=1)
        )
        self.people = [somebody(name) for name in ("Ann", "Ben", "Cat")]
        author = Person.objects.create(name="Cat", slug="cat", account=self.people[2])
        Credit.objects.create(story=self.story, person=author, role=Credit.Role.WRITING)
        self.moderator = somebody("Mo")
        right = Permission.objects.get(content_type__app_label="moderation", codename="decide")
        self.moderator.user_permissions.add(right)
        self.comments, self.ever_public, self.words = [], set(), 0
        self.page, self.cursor, self.is_closed = {}, 0, False
        self.say(PLAIN, 0)  # most acts are about a comment

    def teardown(self):
        if hasattr(self, "around"):
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    def one(self, number):
        return Comment.objects.select_related("author").get(pk=self.comments[number % len(self.comments)])

    def thread(self):
        return Thread.objects.filter(pk=self.story.pk).first() or Thread(story=self.story)

    def has_review(self, who):
        counted = [Status.PENDING, Status.PUBLISHED]
        return Comment.objects.filter(author=who, rating__isnull=False, status__in=counted).exists()

    def say(self, body, who, parent=None, rating=None):
        self.words += 1
        author, is_review = self.people[who], parent is None and self.thread().mode == Mode.REVIEWS
        may_review = not is_review or (rating and not self.has_review(author))
        try:
            comment = post_comment(
                author=author, thread=self.thread(), body=f"{body} {self.words}", parent=parent, rating=rating
            )
        except Refused:
            assert self.is_closed or not may_review or (parent and parent.status != Status.PUBLISHED)
        else:
            assert not self.is_closed and may_review
            assert comment.rating == (rating if is_review else None)
            self.comments.append(comment.pk)

    @act(body=bodies, who=people, rating=stars)
    def post(self, body, who, rating):
        self.say(body, who, rating=rating)

    @precondition(lambda self: self.comments)
    @act(body=bodies, who=people, number=any_number, rating=stars)
    def reply(self, body, who, number, rating):
        self.say(body, who, self.one(number), rating)

    @precondition(lambda self: self.comments)
    @act(body=strategies.sampled_from([PLAIN, LINKS]), number=any_number, rating=stars, stranger=strategies.booleans())
    def edit(self, body, number, rating, stranger):
        comment, self.words = self.one(number), self.words + 1
        who = self.moderator if stranger else comment.author
        try:
            after = edit_comment(author=who, comment=comment, body=f"{body} {self.words}", rating=rating)
        except Refused:
            assert (
                self.is_closed
                or stranger
                or comment.status in {Status.REJECTED, Status.WITHDRAWN}
                or (rating and comment.rating is None and self.has_review(who))
            )
        else:
            assert after.status == (Status.PENDING if body == LINKS else comment.status)

    @precondition(lambda self: self.comments)
    @act(number=any_number, stranger=strategies.booleans())
    def withdraw(self, number, stranger):
        comment = self.one(number)
        try:
            withdraw_comment(author=self.moderator if stranger else comment.author, comment=comment)
        except Refused:
            assert stranger or comment.status in {Status.REJECTED, Status.WITHDRAWN}

    @precondition(lambda self: self.comments)
    @act(number=any_number, after=strategies.sampled_from([Status.PUBLISHED, Status.REJECTED]))
    def decide(self, number, after):
        comment = self.one(number)
        reason = "spam" if after == Status.REJECTED else "fine"
        try:
            decide(moderator=self.moderator, comment=comment, seen=comment.status, after=after, reason=reason)
        except Refused:
            assert comment.status in {Status.WITHDRAWN, after} or (
                comment.rating and after == Status.PUBLISHED and self.has_review(comment.author)
            )

    @precondition(lambda self: self.comments)
    @act(number=any_number, who=people)
    def report(self, number, who):
        comment = self.one(number)
        try:
            report_comment(comment=comment, reporter=self.people[who], address="192.0.2.1", reason="spam")
        except Refused:
            assert comment.author == self.people[who] or not comment.is_public

    @precondition(lambda self: self.comments)
    @act(number=any_number, who=people, back=strategies.booleans())
    def respect(self, number, who, back):
        comment, reader = self.one(number), self.people[who]
        try:
            (reactions.take_back_respect if back else reactions.respect)(reader=reader, comment=comment)
        except Refused:
            assert comment.author == reader or not comment.is_public or self.is_closed

    @precondition(lambda self: self.comments)
    @act(number=any_number, back=strategies.booleans())
    def pick(self, number, back):
        comment = self.one(number)
        try:
            (unpick if back else pick)(moderator=self.moderator, comment=comment)
        except Refused:
            assert not comment.is_public or (comment.picked_at is None) == back

    @act(again=strategies.booleans())
    def close(self, again):
        (reopen_thread if again else close_thread)(thread=self.thread())
        self.is_closed = not again

    @act(mode=strategies.sampled_from(Mode.values))
    def switch(self, mode):
        modes.set_mode(thread=self.thread(), mode=mode)

    @act(who=strategies.integers(0, 1))
    def ask_or_dismiss_an_expert(self, who):
        act = modes.remove_expert if standing(self.people[who], self.thread()).is_expert else modes.add_expert
        act(thread=self.thread(), reader=self.people[who])

    @invariant()
    def counts_are_true(self):
        if not hasattr(self, "story"):
            return
        assert list(differences()) == []
        thread, rows = self.thread(), list(Comment.objects.prefetch_related("reactions"))
        public = [row for row in rows if row.is_public]
        kept = {"pending": thread.pending, "published": thread.published, "rejected": thread.rejected}
        assert Counter({**kept, "withdrawn": thread.withdrawn}) == Counter(row.status for row in rows)
        assert thread.picks == sum(row.picked_at is not None for row in public)
        given = [row.rating for row in public if row.rating]
        assert (thread.ratings, thread.rating_total) == (len(given), sum(given))
        answers = {row.root_id for row in public if row.answers}
        assert thread.answered == sum(row.parent_id is None and row.pk in answers for row in public)
        for row in rows:
            assert row.answered == (row.pk in answers)
            assert row.merit == merit_of(row)
            assert row.notable == (row.is_public and (row.picked_at is not None or row.badge in VOICES))
            assert (row.badge == Badge.AUTHOR) == (row.author == self.people[2])
            assert row.respects == len(row.reactions.all())

    @invariant()
    def a_follower_sees_what_the_page_shows(self):
        if not hasattr(self, "story"):
            return
        more = True
        while more:
            news = changes.since(self.story.pk, self.cursor)
            self.cursor, more = news["revision"], news["more"]
            assert news["closed"] == self.is_closed
            for told in news["comments"]:
                self.page[told["id"]] = told["html"]
        rows = list(Comment.objects.all())
        assert len({row.revision for row in rows}) == len(rows)
        self.ever_public |= {row.pk for row in rows if row.is_public}
        assert set(self.page) == self.ever_public == {row.pk for row in Comment.objects.placed()}
        for row in rows:
            if row.pk in self.page:
                assert (row.html in self.page[row.pk]) == row.is_public
                assert self.page[row.pk] in {fragment(row, open_now=True), fragment(row, open_now=False)}
        strangers = Comment.objects.visible_to(None)
        assert set(strangers) == {row for row in rows if row.is_public}
        for person in self.people:
            assert set(Comment.objects.visible_to(person)) == {
                row for row in rows if row.is_public or row.author == person
            }
        assert set(Comment.objects.visible_to(self.moderator)) == set(rows)


def run(monkeypatch, examples, steps, **more):
    monkeypatch.setattr(changes, "MOST_CHANGES", 2)  # so that changes are always read in portions
    run_state_machine_as_test(
        Discussion,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


@pytest.mark.django_db
def test_any_order_of_acts_keeps_counts_sight_and_cursor(monkeypatch):
    done.clear()
    run(monkeypatch, 10, 20, derandomize=True, phases=[Phase.generate])  # told at once; the long one looks for less
    assert done == acts, "the examples pass an act by: take one more of them"


@pytest.mark.long
@pytest.mark.django_db
def test_any_order_of_acts_a_thousand_times_over(monkeypatch):
    run(monkeypatch, 1000, 50)
