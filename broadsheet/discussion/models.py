"""Threads and comments: tables, constraints, and the one rule of who sees what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock, text
from broadsheet.stories.models import Story, page_only

LONGEST_COMMENT = 5000  # characters: three times the longest decile of a public news corpus
LONGEST_IMPORTED = 50_000  # other systems allowed more; nothing of an old page is to be cut
LONGEST_KEY = 64  # a UUID has 36
COMMENTS_PER_PAGE = 50  # conversations to a page, numbered for ever
REPLIES_SHOWN = 5  # replies under one comment on the story's own page; the rest are on the conversation's page
DEPTH_SHOWN = 3  # levels of replies shown on the story's page
REPLIES_PER_PAGE = 100  # on a conversation's own page


class ThreadQuerySet(models.QuerySet["Thread"]):
    def public(self, now: datetime) -> ThreadQuerySet:
        """Threads that anyone may read: those of public stories (one rule, asked of the story)."""
        return self.filter(story__in=Story.objects.public(now))

    def take_up(self, pk: int) -> Thread:
        """The thread of that story as it is now, with the next revision taken, for a change to it; made where it lacks.

        Locks the row until the transaction ends, so the changes of a thread happen one after the other and their
        revisions appear to readers in order. Everything a change depends on is to be read after this.
        """
        if not self.filter(pk=pk).update(revision=F("revision") + 1):
            self.get_or_create(pk=pk)
            self.filter(pk=pk).update(revision=F("revision") + 1)
        return self.with_story().get(pk=pk)

    def with_story(self) -> ThreadQuerySet:
        """With what is asked of the story for its discussion: whether it is public, its address, its headline."""
        return self.select_related("story__section").defer(*page_only("story"))


class Mode(models.TextChoices):
    """What a discussion is for: remarks, questions to experts, or ratings of what the story tells of."""

    COMMENTS = "comments", _("Comments")
    QUESTIONS = "questions", _("Questions and answers")
    REVIEWS = "reviews", _("Ratings and reviews")


class Thread(models.Model):
    """The discussion of one story; it has the story's number, so a story without a comment needs no row."""

    story = models.OneToOneField(Story, primary_key=True, on_delete=models.CASCADE, related_name="thread")
    revision = models.BigIntegerField(default=0)
    conversations = models.PositiveIntegerField(default=0)  # the highest number given to a comment without a parent
    opens_at = models.DateTimeField(null=True, blank=True)  # None: with publication
    open_for = models.DurationField(null=True, blank=True)  # None: the section's or the newsroom's period
    closed_at = models.DateTimeField(null=True, blank=True)  # closed by hand, or known from an import
    closed_by_hand = models.BooleanField(default=False)  # then the notice says so, and not that a period is over
    kept_open = models.BooleanField(default=False)  # opened by hand: no period applies
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.COMMENTS)
    slow_seconds = models.PositiveIntegerField(null=True, blank=True)  # between a reader's comments; None: newsroom's
    experts: models.ManyToManyField[Reader, Any] = models.ManyToManyField(Reader, blank=True, related_name="expert_in")
    # Counts are kept in the transaction of what they count; `broadsheet recount --check` proves them.
    published = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    picks = models.PositiveIntegerField(default=0)  # published comments that an editor has picked
    notable = models.PositiveIntegerField(default=0)  # published comments among the picks and answers
    answered = models.PositiveIntegerField(default=0)  # published questions with a published answer by an expert
    started = models.PositiveIntegerField(default=0)  # published comments without a parent: the questions, the reviews
    ratings = models.PositiveIntegerField(default=0)  # published reviews with a rating
    rating_total = models.PositiveIntegerField(default=0)  # the sum of their stars
    # How many of them gave one star, two, ...: a page shows it, and must not count a hundred thousand rows for it.
    rated_1 = models.PositiveIntegerField(default=0)
    rated_2 = models.PositiveIntegerField(default=0)
    rated_3 = models.PositiveIntegerField(default=0)
    rated_4 = models.PositiveIntegerField(default=0)
    rated_5 = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)  # comments an imported page counted but did not show

    objects = ThreadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Discussion of {self.story}"

    @property
    def tag(self) -> str:
        """The delivery tag of every page that shows this thread."""
        return f"thread:{self.pk}"

    @property
    def opening(self) -> datetime | None:
        """The moment from which comments are taken; None while the story has no moment of publication."""
        return self.opens_at or self.story.published_at

    @property
    def period(self) -> timedelta:
        """How long the discussion stays open: the thread's own word, else the section's, else the newsroom's."""
        section = self.story.section
        own: timedelta | None = self.open_for or (section.comments_open_for if section else None)
        return own or settings.DISCUSSION_PERIOD

    @property
    def closing(self) -> datetime | None:
        """The first moment at which no comment is taken any more; None when nothing closes it.

        Counted from publication, not from first sight, and derived, so that a changed period needs no job.
        """
        if self.closed_at:
            return self.closed_at
        if self.kept_open or not self.story.published_at:
            return None
        return self.story.published_at + self.period

    def is_closed(self, now: datetime) -> bool:
        return bool(self.closing and now >= self.closing)

    def is_open(self, now: datetime) -> bool:
        return bool(self.opening and now >= self.opening) and not self.is_closed(now)

    @property
    def pages(self) -> int:
        """How many numbered pages the discussion has; no row is counted for it."""
        return max(1, -(-self.conversations // COMMENTS_PER_PAGE))


class Status(models.TextChoices):
    PENDING = "pending", _("Pending")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CommentQuerySet(models.QuerySet["Comment"]):
    def with_story(self) -> CommentQuerySet:
        """With its discussion and what is asked of the story for it."""
        return self.select_related("thread__story__section").defer(*page_only("thread__story"))

    def visible_to(self, reader: Reader | None) -> CommentQuerySet:
        """Comments whose words this reader may read: the published ones; one's own; all of them for a moderator.

        Of stories that are not public nothing is visible, whoever asks, but to a moderator.
        """
        if reader is not None and reader.is_moderator:
            return self
        own = Q(author=reader) if reader is not None else Q(pk__in=[])
        return self.filter(Q(status=Status.PUBLISHED) | own, thread__story__in=Story.objects.public(clock.now()))

    def placed(self) -> CommentQuerySet:
        """What the page of a public thread shows: published comments, and tombstones of what was public."""
        return self.filter(Q(status=Status.PUBLISHED) | Q(published_at__isnull=False))


class Badge(models.TextChoices):
    """Who somebody was to this story when they wrote; shown beside their name."""

    AUTHOR = "author", _("Author of this story")
    STAFF = "staff", _("Staff")
    EXPERT = "expert", _("Expert")
    NEW = "new", _("New here")
    GUEST = "guest", _("Guest")


VOICES = (Badge.AUTHOR, Badge.STAFF, Badge.EXPERT)  # whose comments have a view of their own, beside the picks


class Comment(models.Model):
    """What one reader wrote under a story, or in reply to another comment."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments")
    author_name = models.CharField(max_length=120)  # as shown when it was written; imported comments have only this
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    root = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="conversation")
    number = models.PositiveIntegerField()  # which conversation of the thread, from 1, in order of writing
    reply_number = models.PositiveIntegerField(default=0)  # 0 for the first comment of a conversation, then in order
    depth = models.PositiveIntegerField(default=0)
    # The conversation's number where the story's own page shows this comment, else None: a page is one range of it.
    place = models.PositiveIntegerField(null=True, blank=True)
    reply_count = models.PositiveIntegerField(default=0)  # on a conversation's first comment: its published replies
    replies_given = models.PositiveIntegerField(default=0)  # likewise: the highest reply_number given

    body = models.TextField()  # as written
    html = models.TextField()  # cleaned when written, cleaned again when shown
    status = models.CharField(max_length=10, choices=Status.choices)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)  # first made public; None: never was
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    revision = models.BigIntegerField()  # the thread's number at this comment's last change: the live cursor
    words = models.TextField(blank=True)  # the body as it is searched: core.text.search_words
    badge = models.CharField(max_length=10, choices=Badge.choices, blank=True)  # as it was when this was written
    badge_label = models.CharField(max_length=80, blank=True)  # what the expert is an expert in
    respects = models.PositiveIntegerField(default=0)  # its reactions, each a row
    picked_at = models.DateTimeField(null=True, blank=True)  # picked by an editor
    rating = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 to 5 stars, where the mode is reviews
    answers = models.BooleanField(default=False)  # a reply to another by an expert of this discussion or the author
    answered = models.BooleanField(default=False)  # a question with a published answer by an expert
    merit = models.PositiveSmallIntegerField(default=0)  # for "picks and contributions first": discussion.merit
    notable = models.BooleanField(default=False)  # picked, or by author, staff or expert: the view of those
    key = models.CharField(max_length=LONGEST_KEY, null=True, blank=True)  # Idempotency-Key: one intent, one comment
    is_locked = models.BooleanField(default=False)  # a moderator takes no more replies to it and to what is under it
    language = models.CharField(max_length=3, blank=True)  # ISO 639-1 as detected; empty: too short to tell

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number", "reply_number"], name="one_comment_a_place"),
            models.UniqueConstraint(fields=["author", "key"], name="one_comment_an_intent"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="comment_status_is_known"),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="rating_is_one_to_five"),
            models.CheckConstraint(condition=Q(rating=None) | Q(parent=None), name="rating_is_not_a_replys"),
            models.UniqueConstraint(
                fields=["thread", "author"],
                condition=Q(rating__isnull=False, status__in=[Status.PENDING, Status.PUBLISHED]),
                name="one_review_a_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "place", "reply_number"], name="comment_page"),
            models.Index(fields=["thread", "revision"], name="comment_changes"),
            models.Index(fields=["author", "-created_at"], name="comment_author"),
            models.Index(fields=["author", "status"], name="comment_author_status"),
            models.Index(fields=["status", "created_at"], name="comment_queue"),
            # The other orders, of conversations only. NULL rather than 0 in the condition: SQLite uses a partial index
            # only where the query's words, not its parameters, imply it.
            models.Index(fields=["thread", "-respects", "number"], condition=Q(parent=None), name="comment_respected"),
            models.Index(
                fields=["thread", "-reply_count", "number"], condition=Q(parent=None), name="comment_discussed"
            ),
            models.Index(fields=["thread", "-merit", "number"], condition=Q(parent=None), name="comment_merit"),
            models.Index(
                fields=["thread", "number", "reply_number"], condition=Q(notable=True), name="comment_notable"
            ),
            models.Index(fields=["thread", "answered", "number"], condition=Q(parent=None), name="comment_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name} on {self.thread_id}"

    @property
    def is_public(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def public_html(self) -> str:
        """The words for a public page; nothing for a tombstone, whoever renders it."""
        return text.clean_comment_html(self.html) if self.is_public else ""

    @property
    def public_name(self) -> str:
        return self.author_name if self.is_public else ""


class Version(models.Model):
    """What a comment said before an edit; kept for moderators."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    body = models.TextField()
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.comment_id} until {self.written_at}"


class Flag(models.Model):
    """A check's finding about a comment, for the desk: every check that spoke, whether or not it held the comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="flags")
    check_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=clock.now)  # of a finding before an edit: earlier than `edited_at`
    asks_for = models.CharField(max_length=10, blank=True)  # the status the check asked for; empty: it only noticed
    rule = models.CharField(max_length=120, blank=True)  # the newsroom's name of the rule that spoke, as it was then
    score = models.FloatField(null=True, blank=True)  # what the check measured ...
    threshold = models.FloatField(null=True, blank=True)  # ... and from where on it speaks
    # Which characters of `body` made it speak: [[start, end], ...] in code points.
    spans: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    minutes = models.PositiveIntegerField(default=0)  # how much earlier than its time it puts the comment in a queue

    def __str__(self) -> str:
        return f"{self.check_name}: {self.reason}"


class Reaction(models.Model):
    """One reader's respect for one comment; the number beside it counts these rows."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions")
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="reactions")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reader"], name="one_reaction_a_reader")]
        indexes = [models.Index(fields=["reader", "created_at"], name="reaction_reader")]

    def __str__(self) -> str:
        return f"{self.reader_id} on {self.comment_id}"


class Mention(models.Model):
    """A reader of the same discussion who is named in a comment (@name)."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="mentions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reader"], name="one_mention_a_reader")]

    def __str__(self) -> str:
        return f"{self.reader_id} in {self.comment_id}"


class ThreadFollow(models.Model):
    """A reader who wants to hear of new comments in a discussion."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="followed_threads")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "thread"], name="one_follow_a_thread")]

    def __str__(self) -> str:
        return f"{self.reader_id} follows {self.thread_id}"


class Visit(models.Model):
    """How far a signed-in reader has read a discussion: its revision when they last looked."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="visits")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="visits")
    revision = models.BigIntegerField()
    before = models.BigIntegerField(default=0)  # the revision of the visit before this one: what is new is above it
    before_at = models.DateTimeField(null=True, blank=True)  # when that visit ended; None: this is the first
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "thread"], name="one_visit_a_thread")]
        indexes = [models.Index(fields=["at"], name="visit_at")]

    def __str__(self) -> str:
        return f"{self.reader_id} at {self.revision} of {self.thread_id}"
