"""A comment as the rules see it: as it comes in, or in hindsight, as it was when it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.detection import language_of
from broadsheet.core.folding import plain_words
from broadsheet.discussion.badges import standing
from broadsheet.discussion.checks import Submission
from broadsheet.discussion.models import VOICES, Comment, Status, Thread
from broadsheet.intake import repeats
from broadsheet.intake.addresses import host_of, links_in
from broadsheet.intake.matching import Hits
from broadsheet.moderation.models import Decision

RECENT = 50  # comments of an author that are read at once; only who writes more costs another question
PATIENCE = 5.0  # seconds that all checks by other servers together may take of a post


@dataclass
class Subject:
    """What a rule may ask about; each answer is found once, when the first rule asks for it."""

    body: str
    html: str
    at: datetime
    author: Reader | None = None
    thread: Thread | None = None
    parent: Comment | None = None
    comment: Comment | None = None  # the one that is edited, or looked at in hindsight
    in_hindsight: bool = False
    hits: Hits = field(default_factory=Hits)  # of the lists of all rules: intake.rulesets looks for them once
    scores: dict[str, float] | None = None  # by the scorers' names; intake.kinds asks once
    patience: float = PATIENCE  # seconds that are left for checks by other servers

    @classmethod
    def of(cls, submission: Submission) -> Subject:
        """What somebody is about to post, or to change."""
        return cls(
            body=submission.body,
            html=submission.html,
            at=clock.now(),
            author=submission.author,
            thread=submission.thread,
            parent=submission.parent,
            comment=submission.comment,
        )

    @classmethod
    def once(cls, comment: Comment) -> Subject:
        """A comment in hindsight: its words and its author's address as they are now, all else as it was."""
        return cls(
            body=comment.body,
            html=comment.html,
            at=comment.created_at,
            author=comment.author,
            thread=comment.thread,
            parent=comment.parent,
            comment=comment,
            in_hindsight=True,
        )

    @property
    def number(self) -> int:
        """The comment's own number; 0 where it has none yet."""
        return self.comment.pk if self.comment else 0

    @cached_property
    def is_of_staff(self) -> bool:
        """Whether it is by staff, a moderator, or somebody who speaks with authority under this story."""
        if self.author is None:
            return False
        if self.in_hindsight and self.comment:
            return self.author.is_staff or self.comment.badge in VOICES
        if self.author.is_staff or self.thread is None:
            return self.author.is_staff
        who = standing(self.author, self.thread)
        return who.is_staff or who.is_author

    @cached_property
    def links(self) -> list[str]:
        """The addresses it links to."""
        return links_in(self.html)

    @cached_property
    def hosts(self) -> list[str]:
        """The server of each link."""
        return [host_of(address) for address in self.links]

    @cached_property
    def language(self) -> str:
        return language_of(self.body)

    @cached_property
    def words(self) -> int:
        """How many words it has, as they are compared."""
        return len(plain_words(self.body).split())

    def said_by_others(self, within: timedelta) -> list[Comment]:
        """Comments of others in that time before it which may say the same."""
        author = self.author.pk if self.author else None
        return repeats.candidates(
            self.body,
            since=self.at - within,
            until=self.at,
            author=author,
            before=self.number if self.in_hindsight else None,
        )

    @cached_property
    def recent(self) -> list[tuple[datetime, str, int]]:
        """(moment, status, discussion) of the author's latest comments, at most RECENT: one read for all rules."""
        rows = Comment.objects.filter(author=self.author).exclude(pk=self.number).order_by("-created_at")
        return list(rows.values_list("created_at", "status", "thread_id")[:RECENT])

    def _reaches(self, since: datetime) -> bool:
        """Whether the latest comments are all that the author has written since then."""
        return not self.in_hindsight and (len(self.recent) < RECENT or self.recent[-1][0] <= since)

    def written_within(self, time: timedelta, *, here: bool, most: int) -> int:
        """How many comments the author wrote in that time before it, `most` at most."""
        since, thread = self.at - time, self.thread.pk if self.thread else None
        if self._reaches(since):
            return min(most, sum(at > since and (not here or where == thread) for at, _, where in self.recent))
        rows = Comment.objects.filter(author=self.author, created_at__gt=since, created_at__lte=self.at)
        if here:
            rows = rows.filter(thread=thread)
        return rows.exclude(pk=self.number).order_by()[:most].count()

    def published_before(self, most: int) -> int:
        """How many comments of the author were public by then, `most` at most."""
        if not self.in_hindsight:
            counted = sum(status == Status.PUBLISHED for _, status, _ in self.recent)
            if counted >= most or len(self.recent) < RECENT:
                return min(most, counted)
        rows = Comment.objects.filter(author=self.author).exclude(pk=self.number)
        was = Q(published_at__lte=self.at) if self.in_hindsight else Q(status=Status.PUBLISHED)
        return rows.filter(was).order_by()[:most].count()

    def judged_within(self, time: timedelta) -> tuple[int, int]:
        """(published, rejected) of what the author wrote in that time before it."""
        if self._reaches(self.at - time):
            lately = [status for at, status, _ in self.recent if at > self.at - time]
            return lately.count(Status.PUBLISHED), lately.count(Status.REJECTED)
        rows = Comment.objects.filter(author=self.author, created_at__gt=self.at - time, created_at__lt=self.at)
        rows = rows.exclude(pk=self.number).order_by()
        rejected, published = Q(status=Status.REJECTED), Q(status=Status.PUBLISHED)
        if self.in_hindsight:
            by_then = Decision.objects.filter(comment=OuterRef("pk"), created_at__lte=self.at, after=Status.REJECTED)
            rows = rows.annotate(was_rejected=Exists(by_then))
            rejected, published = Q(was_rejected=True), Q(was_rejected=False, published_at__lte=self.at)
        counts = rows.aggregate(published=Count("pk", filter=published), rejected=Count("pk", filter=rejected))
        return counts["published"], counts["rejected"]
