"""Comments that come in from elsewhere, many at once: numbered, counted and kept like any other, and told to nobody.

A hundred come in with the queries of three, so that twenty years of a paper's discussions take an evening.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from broadsheet.accounts.models import Reader
from broadsheet.core.detection import language_of
from broadsheet.discussion import ledger, reviews, withholding
from broadsheet.discussion.badges import Standing, lasting_badge, standing
from broadsheet.discussion.happenings import Arrival, Kind, arrive, tell
from broadsheet.discussion.merit import said
from broadsheet.discussion.models import VOICES, Comment, Flag, Reaction, Status, Thread, Version
from broadsheet.discussion.quotations import blocks

CHECK = "import"  # by this name the desk sees why a comment waits that waited elsewhere
ROWS = 100  # in one statement
_CHANGED = (
    "author_name", "body", "html", "words", "language", "quotes", "withheld", "edited_at", "rating", "picked_at",
    "status", "published_at", "withdrawn_at",
)  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """What a comment said before an edit."""

    body: str
    written_at: datetime
    rating: int | None = None


@dataclass
class Coming:
    """A comment that was written elsewhere, as it is to stand here. Its words have been made readable."""

    author_name: str
    body: str
    html: str
    created_at: datetime
    parent: Comment | Coming | None = None
    author: Reader | None = None
    status: Status = Status.PUBLISHED
    published_at: datetime | None = None  # where it was public and is not any more; else it follows from the status
    never_public: bool = False  # withdrawn, or removed, before anybody could read it
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None
    picked_at: datetime | None = None
    rating: int | None = None
    badge: str = ""  # what it had there, where the format says; else that of its author here
    badge_label: str = ""
    answers: bool = False  # it answered a question there, as an expert's or the author's
    locked: bool = False
    respects: Sequence[tuple[Reader, datetime]] = ()  # by whom, once each; nobody's comment is respected by themselves
    earlier: Sequence[Earlier] = ()
    reason: str = ""  # the policy's line by which it was rejected
    note: str = ""  # for the desk: where it is from, and what had been decided there
    language: str | None = None  # None: not looked at yet
    comment: Comment | None = None  # what it has become
    lost: list[str] = field(default_factory=list)  # what of it there was no place for

    @property
    def is_public(self) -> bool:
        return self.status == Status.PUBLISHED


def prepare(coming: Coming) -> Coming:
    """Do what takes long before the discussion is locked: find the language, and what speaks for the comment."""
    coming.language = language_of(coming.body)
    said(coming.html, coming.language)  # it is kept for a few hundred comments
    return coming


@transaction.atomic
def take_in(*, thread: Thread, comings: Sequence[Coming]) -> list[Comment]:
    """Add comments that were written elsewhere to a discussion, in this order: parents stand before what answers them.

    No check and no clock applies, and nobody is told but the desk. A second review by the same account comes without
    its stars, and stars come only where the discussion takes reviews: `lost` says so.
    """
    thread = Thread.objects.take_up(thread.pk)
    family = _Family(thread, comings)
    who = _Authors(thread)
    _drop_second_reviews(thread, comings)
    made = []
    for place, coming in enumerate(comings):
        if place:
            ledger.stamp(thread)
        comment = coming.comment = _new(thread, coming, family, who)
        made.append(comment)
    _store(made)
    family.store()
    _withhold(thread, made)
    for comment in made:
        ledger.count(thread, comment)
    for comment in made:
        if comment.answers and comment.is_public:
            ledger.mark_answered(thread, comment)
    ledger.keep(thread, *made)
    _keep_the_rest(comings)
    arrive([Arrival(each.comment, each.reason, each.note) for each in comings if each.comment])
    return made


@transaction.atomic
def bring_up_to_date(*, comment: Comment, coming: Coming) -> Comment:
    """Let a comment that came from elsewhere be as it is there by now. Its place, its parent and its moment stay.

    Whether somebody here has touched it is for the caller to ask. Nobody is told of what becomes public.
    """
    thread = Thread.objects.take_up(comment.thread_id)
    comment = thread.comments.select_related("parent", "author").get(pk=comment.pk)
    comment.thread = thread
    before, seen, shown, body = ledger.worth(comment), comment.status, comment.html, comment.body
    rating = coming.rating if reviews.asks_for_stars(thread, comment.parent) else comment.rating
    comment.author_name, comment.rating = coming.author_name, rating
    comment.body, comment.html = coming.body, coming.html
    comment.edited_at, comment.withdrawn_at = coming.edited_at, coming.withdrawn_at
    comment.picked_at = coming.picked_at or comment.picked_at
    comment.language = language_of(coming.body)
    if comment.body != body:
        withholding.set_quotations(comment, shown)
    others = _change_status(thread, comment, coming)
    ledger.change(thread, comment, before, _CHANGED, others=others)
    if comment.status == Status.PENDING and seen != Status.PENDING:
        _flag([(comment, coming.note)])
    arrive([Arrival(comment, coming.reason, coming.note, seen=seen, other_words=comment.body != body)])
    if seen == Status.PUBLISHED and not comment.is_public:
        tell(Kind.WITHDRAWN if comment.status == Status.WITHDRAWN else Kind.HIDDEN, comment)
    return comment


def give_to(*, comments: Iterable[Comment], author: Reader) -> int:
    """Let comments that came without an account be those of one that was made since; how many."""
    return Comment.objects.filter(pk__in=[each.pk for each in comments], author=None).update(author=author)


def _change_status(thread: Thread, comment: Comment, coming: Coming) -> list[Comment]:
    published = coming.is_public - comment.is_public
    if comment.root_id and published:
        Comment.objects.filter(pk=comment.root_id).update(reply_count=F("reply_count") + published)
    others = []
    if published < 0:
        others = withholding.withhold(thread, comment)
    elif published and comment.published_at:
        others = withholding.show_again(thread, comment)
    comment.status = coming.status
    comment.published_at = comment.published_at or _published_at(coming)
    return others


def _new(thread: Thread, coming: Coming, family: _Family, who: _Authors) -> Comment:
    parent = family.parent_of(coming)
    badge, label, answers = who.badge_of(coming, parent)
    comment = Comment(
        thread=thread,
        parent=parent,
        author=coming.author,
        author_name=coming.author_name,
        body=coming.body,
        html=coming.html,
        language=language_of(coming.body) if coming.language is None else coming.language,
        respects=len(coming.respects),
        status=coming.status,
        created_at=coming.created_at,
        published_at=_published_at(coming),
        edited_at=coming.edited_at,
        withdrawn_at=coming.withdrawn_at or (coming.created_at if coming.status == Status.WITHDRAWN else None),
        picked_at=coming.picked_at,
        rating=_stars(thread, coming, parent),
        badge=badge,
        badge_label=label,
        answers=answers,
    )
    ledger.place(thread, comment, parent)
    comment.is_locked = comment.is_locked or coming.locked
    comment.quotes = any(blocks(comment.html))
    comment.words = withholding.searched(comment)
    comment.revision = thread.revision
    ledger.weigh(comment)
    return comment


def _published_at(coming: Coming) -> datetime | None:
    """What was deleted elsewhere had been public there: its place is shown, for its replies."""
    was_public = coming.status in {Status.PUBLISHED, Status.WITHDRAWN} and not coming.never_public
    return coming.published_at or (coming.created_at if was_public else None)


def _stars(thread: Thread, coming: Coming, parent: Comment | None) -> int | None:
    if coming.rating and not reviews.asks_for_stars(thread, parent):
        coming.lost.append("stars where the discussion takes no reviews")
        return None
    return coming.rating


def _drop_second_reviews(thread: Thread, comings: Sequence[Coming]) -> None:
    """One account reviews a story once, as a constraint says."""
    rated = [each for each in comings if each.rating and each.author and each.status in reviews.COUNTED]
    if not rated:
        return
    reviewed = {each.author.pk for each in rated if each.author and reviews.why_not_review(each.author, thread)}
    for each in rated:
        assert each.author is not None
        if each.author.pk in reviewed:
            each.rating = None
            each.lost.append("stars of somebody who has reviewed the same story already")
        reviewed.add(each.author.pk)


class _Family:
    """What new comments answer: comments that stand here, or others that come with them. Each conversation's first
    comment is one object, so that its replies are counted once.
    """

    def __init__(self, thread: Thread, comings: Sequence[Coming]) -> None:
        wanted = {each.parent.pk for each in comings if isinstance(each.parent, Comment)}
        standing = thread.comments.in_bulk(wanted)
        roots = thread.comments.in_bulk({each.root_id for each in standing.values() if each.root_id})
        self._known = {**standing, **roots}
        for comment in standing.values():
            if comment.root_id:
                comment.root = self._known[comment.root_id]
        self._counted: dict[int, Comment] = {}

    def parent_of(self, coming: Coming) -> Comment | None:
        if isinstance(coming.parent, Coming):
            return coming.parent.comment
        if coming.parent is None:
            return None
        parent = self._known[coming.parent.pk]
        root = parent.root or parent
        self._counted[root.pk] = root
        return parent

    def store(self) -> None:
        """The counts of conversations that stood here before."""
        Comment.objects.bulk_update(self._counted.values(), ["replies_given", "reply_count"], batch_size=ROWS)


class _Authors:
    """Who the authors with an account are to this story; each is asked for once."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self._known: dict[int, Standing] = {}

    def badge_of(self, coming: Coming, parent: Comment | None) -> tuple[str, str, bool]:
        """The badge, what an expert knows about, and whether this answers a question."""
        author = coming.author
        if author is None:
            return coming.badge, coming.badge_label, coming.answers and parent is not None
        if author.pk not in self._known:
            self._known[author.pk] = standing(author, self._thread)
        who = self._known[author.pk]
        badge = coming.badge or lasting_badge(author, who)
        label = coming.badge_label or (author.expertise if badge in VOICES else "")
        return badge, label, (coming.answers and parent is not None) or is_answer(author, who, parent)


def is_answer(author: Reader, who: Standing, parent: Comment | None) -> bool:
    """Whether a reply answers its question: by an expert of this discussion or the story's author, to somebody else."""
    if parent is None or (parent.root or parent).author_id == author.pk:
        return False
    return (who.is_author and not author.is_guest) or who.is_expert


def _store(made: Sequence[Comment]) -> None:
    """Insert them, parents first: what answers one that has no number yet waits for the next round."""
    for wave in _waves(made):
        for comment in wave:
            comment.parent, comment.root = comment.parent, comment.root  # their numbers are known by now
        Comment.objects.bulk_create(wave, batch_size=ROWS)


def _waves(made: Sequence[Comment]) -> Iterator[list[Comment]]:
    waiting = list(made)
    while waiting:
        yield [each for each in waiting if each.parent is None or each.parent.pk]
        waiting = [each for each in waiting if each.pk is None]


def _withhold(thread: Thread, made: Sequence[Comment]) -> None:
    """What they quote of comments that readers cannot see any more; rarely anything, so it is asked for afterwards."""
    quoting = [each for each in made if each.quotes]
    gone = thread.comments.exclude(status=Status.PUBLISHED).filter(published_at__isnull=False).exclude(html="")
    if not quoting or not gone.exists():
        return
    for comment in quoting:
        withholding.set_quotations(comment)
    Comment.objects.bulk_update(quoting, ["quotes", "withheld", "words"], batch_size=ROWS)


def _keep_the_rest(comings: Sequence[Coming]) -> None:
    """Earlier wordings, and why what waits is waiting."""
    Version.objects.bulk_create(
        [
            Version(comment=each.comment, body=one.body, rating=one.rating, written_at=one.written_at)
            for each in comings
            for one in each.earlier
        ],
        batch_size=ROWS,
    )
    Reaction.objects.bulk_create(
        [
            Reaction(comment=each.comment, reader=reader, created_at=at)
            for each in comings
            for reader, at in each.respects
        ],
        batch_size=ROWS,
    )
    _flag([(each.comment, each.note) for each in comings if each.comment and each.status == Status.PENDING])


def _flag(held: Sequence[tuple[Comment, str]]) -> None:
    Flag.objects.bulk_create(
        [Flag(comment=comment, check_name=CHECK, reason=why[:300], asks_for=Status.PENDING) for comment, why in held],
        batch_size=ROWS,
    )
