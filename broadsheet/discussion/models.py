"""Threads, comments, what readers do with them, the desk's hours; and the one rule of who sees what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock, text
from broadsheet.delivery.freshness import touch
from broadsheet.delivery.tags import HOURS, thread_tag
from broadsheet.discussion.hours import STRICTNESS, Duty, Schedule, Span, Way, duty_at
from broadsheet.discussion.quotations import left_out
from broadsheet.stories.models import Section, Story, page_only

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


class Desk(NamedTuple):
    """How the desk's hours and its queue bear on a discussion at one moment."""

    way: Way = Way.OPEN  # what becomes of comments now
    until: datetime | None = None  # when time alone changes it
    then: Way = Way.OPEN  # ... into what
    is_full: bool = False  # it is so for what waits, and not for the hour
    is_by_hand: bool = False  # an editor has opened what would be closed


class Hours(models.Model):
    """When somebody is at the desk, and what becomes of comments while nobody is, or while too many wait.

    Asked whenever it matters and never carried out: no job opens or closes anything. Only whether too many wait is
    noted by a job (`desk_hours.measure`), because it depends on what was so before.
    """

    section = models.OneToOneField(
        Section, null=True, blank=True, on_delete=models.CASCADE, related_name="desk_hours"
    )  # None: the newsroom's, for every section without its own
    week: models.JSONField[Any, Any] = models.JSONField(default=list)  # for each weekday [[minute, minute], ...]
    holidays: models.JSONField[Any, Any] = models.JSONField(
        default=list
    )  # [[date, name, [[minute, minute], ...]], ...]
    away = models.CharField(max_length=5, choices=Way.choices, default=Way.OPEN)  # while nobody is there
    full_at = models.PositiveIntegerField(null=True, blank=True)  # so many wait: too many; None: never too many
    free_at = models.PositiveIntegerField(null=True, blank=True)  # fewer than so many: no longer too many
    full = models.CharField(max_length=5, choices=Way.choices, default=Way.OPEN)  # while too many wait
    full_since = models.DateTimeField(null=True, blank=True)

    everybodys: Sequence[Any] = ()  # the newsroom's holidays, which hold for a section's hours too

    class Meta:
        constraints = [
            models.UniqueConstraint(Coalesce("section", 0), name="one_hours_a_section"),
            models.CheckConstraint(condition=Q(away__in=Way.values, full__in=Way.values), name="hours_way_is_known"),
            models.CheckConstraint(
                condition=Q(full_at=None, free_at=None) | Q(full_at__isnull=False, free_at__lte=F("full_at")),
                name="hours_are_free_below_full",
            ),
        ]

    def __str__(self) -> str:
        return str(self.section or "newsroom")

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            touch(HOURS)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            touch(HOURS)
            return super().delete(*args, **kwargs)

    @property
    def schedule(self) -> Schedule:
        """The hours as arithmetic wants them."""
        week = tuple(_spans(day) for day in self.week) if len(self.week) == 7 else ((),) * 7
        holidays = {day: spans for day, _, spans in [*self.everybodys, *self.holidays]}
        days = sorted((date.fromisoformat(day), _spans(spans)) for day, spans in holidays.items())
        return Schedule(week, tuple(days), settings.TIME_ZONE)

    def duty(self, now: datetime) -> Duty:
        """Whether somebody is at the desk."""
        return duty_at(self.schedule, now)

    def desk(self, now: datetime, opened_at: datetime | None) -> Desk:
        """What that means for a discussion which an editor has opened by hand at `opened_at`, if ever.

        Opening by hand wins over what had closed it: until the desk is back, or has caught up.
        """
        duty = self.duty(now) if self.away != Way.OPEN else Duty(True, None, None)
        by_hour = Way.OPEN if duty.is_on else Way(self.away)
        by_queue = Way(self.full) if self.full_since else Way.OPEN
        is_by_hand = False
        if opened_at and by_hour == Way.CLOSE and (duty.since is None or opened_at >= duty.since):
            by_hour, is_by_hand = Way.OPEN, True
        if opened_at and by_queue == Way.CLOSE and self.full_since and opened_at >= self.full_since:
            by_queue, is_by_hand = Way.OPEN, True
        coming = Way(self.away) if duty.is_on else Way.OPEN
        way = max(by_hour, by_queue, key=STRICTNESS.index)
        then = max(coming, by_queue, key=STRICTNESS.index)
        is_full = way != Way.OPEN and STRICTNESS.index(by_queue) > STRICTNESS.index(by_hour)
        return Desk(way, duty.until, then, is_full, is_by_hand and way != Way.CLOSE)


def _spans(rows: Any) -> tuple[Span, ...]:
    return tuple((int(start), int(stop)) for start, stop in rows)


class Promise(models.Model):
    """How long comments have usually waited of late, in time at the desk: counted by a job, told to who waits."""

    section = models.OneToOneField(Section, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveIntegerField(null=True, blank=True)  # None: too little is known to say anything
    evidence = models.PositiveIntegerField(default=0)  # how many decisions that rests on
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Coalesce("section", 0), name="one_promise_a_section")]

    def __str__(self) -> str:
        return f"{self.section_id}: {self.minutes}"


class Thread(models.Model):
    """The discussion of one story; it has the story's number, so a story without a comment needs no row."""

    story = models.OneToOneField(Story, primary_key=True, on_delete=models.CASCADE, related_name="thread")
    revision = models.BigIntegerField(default=0)
    conversations = models.PositiveIntegerField(default=0)  # the highest number given to a comment without a parent
    opens_at = models.DateTimeField(null=True, blank=True)  # at the moment an editor set; None: with publication
    open_for = models.DurationField(null=True, blank=True)  # None: the section's or the newsroom's period
    closed_at = models.DateTimeField(null=True, blank=True)  # closed by hand, or known from an import
    closed_by_hand = models.BooleanField(default=False)  # then the notice says so, and not that a period is over
    kept_open = models.BooleanField(default=False)  # opened by hand: no period applies
    opened_at = models.DateTimeField(null=True, blank=True)  # opened by hand: wins over the desk's hours of that moment
    without_hours = models.BooleanField(default=False)  # the desk's hours and its queue never bear on it
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

    usual_wait: timedelta | None  # of comments held here, once `promises` has looked it up
    corrections: Sequence[Any]  # of the story, once `corrected` has looked them up

    objects = ThreadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Discussion of {self.story}"

    @property
    def tag(self) -> str:
        """The delivery tag of every page that shows this thread."""
        return thread_tag(self.pk)

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

    def is_unused(self, now: datetime) -> bool:
        """Whether an editor closed it before anybody wrote: there is nothing to read here, and nothing to come."""
        return self.is_closed(now) and self.closed_by_hand and not self.conversations and not self.missing

    def is_running(self, now: datetime) -> bool:
        """Whether its own time has come and is not over, whatever the desk's hours say."""
        return bool(self.opening and now >= self.opening) and not self.is_closed(now)

    def is_open(self, now: datetime) -> bool:
        return self.is_running(now) and self.desk(now).way != Way.CLOSE

    def is_shut(self, now: datetime) -> bool:
        """Whether it takes no comment for now because nobody is at the desk, or too much waits there."""
        return self.is_running(now) and self.desk(now).way == Way.CLOSE

    def desk(self, now: datetime) -> Desk:
        """How the desk's hours bear on it at that moment."""
        hours = None if self.without_hours else self.hours
        return hours.desk(now, self.opened_at) if hours else Desk()

    @property
    def hours(self) -> Hours | None:
        """The section's hours, else the newsroom's; None where there are none. One query, unless they were given."""
        if "_hours" not in vars(self):
            section = self.story.section_id
            self.hours = hours_for(section, Hours.objects.filter(Q(section=None) | Q(section=section)))
        return self._hours

    @hours.setter
    def hours(self, known: Hours | None) -> None:
        self._hours = known

    @property
    def pages(self) -> int:
        """How many numbered pages the discussion has; no row is counted for it."""
        return max(1, -(-self.conversations // COMMENTS_PER_PAGE))


def hours_for(section: int | None, rows: Iterable[Hours]) -> Hours | None:
    """Those that hold for a section: its own, else the newsroom's. The newsroom's holidays are everybody's."""
    known = {row.section_id: row for row in rows}
    newsroom, own = known.get(None), known.get(section)
    if own and own.section_id and newsroom:
        own.everybodys = newsroom.holidays
    return own or newsroom


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
    quotes = models.BooleanField(default=False)  # there is a quotation in it
    # The quotations that readers do not see, as the comment quoted is not public: [[quotations.name_of, its pk], ...]
    withheld: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
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
            models.Index(fields=["thread"], condition=Q(quotes=True), name="comment_quotes"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name} on {self.thread_id}"

    @property
    def is_public(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def public_html(self) -> str:
        """The words for a public page; nothing for a tombstone, whoever renders it."""
        return self.shown_html() if self.is_public else ""

    def shown_html(self) -> str:
        """The words as readers see them once they may: without what is quoted of comments that they may not see."""
        html = self.html
        if self.withheld:
            sentence = escape(_("The words quoted here are from a comment that is not shown any more."))
            instead = f"<blockquote><p><em>{sentence}</em></p></blockquote>"
            html = left_out(html, {name for name, _of in self.withheld}, instead)
        return text.clean_comment_html(html)

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


class FlagQuerySet(models.QuerySet["Flag"]):
    def current(self) -> FlagQuerySet:
        """Those about the words as they stand, and not about what an edit has replaced."""
        return self.filter(Q(comment__edited_at=None) | Q(created_at__gte=F("comment__edited_at")))


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

    objects = FlagQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.check_name}: {self.reason}"

    def is_current(self, comment: Comment) -> bool:
        """The same rule as `FlagQuerySet.current`, for rows already in hand."""
        return comment.edited_at is None or self.created_at >= comment.edited_at


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
