"""What a page of a discussion shows: comments as branches, one index range to a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse

from broadsheet.discussion.models import (
    COMMENTS_PER_PAGE,
    DEPTH_SHOWN,
    REPLIES_PER_PAGE,
    Comment,
    CommentQuerySet,
    Thread,
)
from broadsheet.stories.models import Story

OLDEST, NEWEST = "oldest", "newest"


@dataclass
class Branch:
    """A comment and the replies listed under it."""

    comment: Comment
    home: Branch | None = None  # under which it is listed
    answers: Comment | None = None  # what it replies to, where that is not the comment it is listed under
    replies: list[Branch] = field(default_factory=list)
    continues: bool = False  # it has replies deeper than this page shows
    reasons: bool = False  # say what speaks for it: it stands where it does for them
    excerpt: str = ""  # the first lines of what it answers, where that is not on the page

    @property
    def level(self) -> int:
        """How far in it stands on the page."""
        return self.home.level + 1 if self.home else 0

    @property
    def beyond(self) -> int:
        """How many published replies the conversation has beyond those shown here; for its first comment."""
        return max(0, self.comment.reply_count - self.shown)

    @property
    def shown(self) -> int:
        """How many public replies stand under it on this page."""
        return sum(reply.comment.is_public + reply.shown for reply in self.replies)


@dataclass(frozen=True)
class Page:
    """One page of a discussion, in an order or a view of it, or of a conversation."""

    branches: list[Branch]
    number: int
    pages: int
    order: str = OLDEST  # empty in a conversation, which has but one
    view: str = ""
    further: str = ""  # the cursor of the next page, where pages have no numbers; empty when this is the last
    is_first: bool = True

    @property
    def is_numbered(self) -> bool:
        return not self.view and self.order in {"", OLDEST, NEWEST}

    @property
    def has_newest_end(self) -> bool:
        """True where a comment written now would stand."""
        return self.is_numbered and self.number == (1 if self.order == NEWEST else self.pages)

    @property
    def numbers(self) -> list[int | None]:
        """The pages to link to, with None for a gap: the first, the last and those around this one."""
        near = {1, self.pages, self.number - 1, self.number, self.number + 1}
        wanted = sorted(number for number in near if 1 <= number <= self.pages)
        return _with_gaps(wanted)


def _with_gaps(numbers: list[int]) -> list[int | None]:
    shown: list[int | None] = []
    for number in numbers:
        if shown and isinstance(last := shown[-1], int) and number > last + 1:
            shown.append(last + 1 if number == last + 2 else None)
        shown.append(number)
    return shown


def public_thread(pk: int, now: datetime) -> Thread | None:
    """The discussion of a public story; None for every other number. An unsaved one where nobody has written yet."""
    thread = Thread.objects.public(now).with_story().filter(pk=pk).first()
    if thread is None and (story := Story.objects.public(now).filter(pk=pk).select_related("section").first()):
        thread = Thread(story=story)
    return thread


def thread_of(story: Story) -> Thread:
    """The story's discussion for reading; no query where it came with the story. An unsaved one where nobody wrote."""
    try:
        thread: Thread = story.thread
    except Thread.DoesNotExist:
        return Thread(story=story)
    return thread


def story_page(thread: Thread, number: int, order: str) -> Page | None:
    """A page of the discussion under its story; one query, one index range. None where there is no such page."""
    if not 1 <= number <= thread.pages:
        return None
    before = (number - 1) * COMMENTS_PER_PAGE
    if order == NEWEST:
        last = thread.conversations - before
        rows = _rows(thread).filter(place__gt=last - COMMENTS_PER_PAGE, place__lte=last)
        rows = rows.order_by("-place", "reply_number")
    else:
        rows = _rows(thread).filter(place__gt=before, place__lte=before + COMMENTS_PER_PAGE)
        rows = rows.order_by("place", "reply_number")
    return Page(grow(belonging(rows, thread), cut=True), number, thread.pages, order)


def conversation_page(root: Comment, number: int) -> Page | None:
    """A page of one conversation: its first comment and up to a hundred replies. None where there is no such page.

    One query, and a second where replies answer comments of earlier pages.
    """
    pages = pages_of_conversation(root)
    if not 1 <= number <= pages:
        return None
    replies = belonging(without_words(linked(replies_on_page(root, number))), root.thread)
    here = {root.pk, *(reply.pk for reply in replies)}
    earlier = {pk for reply in replies if (pk := reply.parent_id) and pk not in here}
    parents = without_words(linked(Comment.objects.placed())).in_bulk(earlier) if earlier else {}
    return Page(grow([root, *replies], parents=parents), number, pages, order="")


def pages_of_conversation(root: Comment) -> int:
    """How many numbered pages a conversation has."""
    return page_of_reply(root.replies_given)


def replies_on_page(root: Comment, number: int) -> CommentQuerySet:
    """One range of a conversation's replies, in order; the same for ever."""
    first = (number - 1) * REPLIES_PER_PAGE + 1
    rows: CommentQuerySet = Comment.objects.placed().filter(thread=root.thread_id, number=root.number)
    return rows.filter(reply_number__gte=first, reply_number__lt=first + REPLIES_PER_PAGE).order_by("reply_number")


def page_of_reply(reply_number: int) -> int:
    """The page of its conversation on which that reply stands."""
    return max(1, -(-reply_number // REPLIES_PER_PAGE))


def story_page_of(comment: Comment) -> int:
    """The page under its story, oldest first, on which that comment's conversation stands."""
    return -(-comment.number // COMMENTS_PER_PAGE)


def address_on_story(comment: Comment) -> str:
    """Where a comment that was public is found: on its page under the story, or in its conversation."""
    if comment.place is None:
        return reverse("comment", args=[comment.pk])
    page = story_page_of(comment)
    asked = {"order": OLDEST} if settings.COMMENTS_ORDER != OLDEST else {}
    asked |= {"page": str(page)} if page > 1 else {}
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{comment.thread.story.get_absolute_url()}{query}#comment-{comment.pk}"


def linked(rows: CommentQuerySet) -> CommentQuerySet:
    """With `links`, whether the author's name leads to their public page; in the same query, without their account."""
    public = Q(author__has_public_page=True, author__is_active=True, author__is_guest=False)
    annotated: CommentQuerySet = rows.annotate(links=ExpressionWrapper(public, BooleanField()))
    return annotated


def links(comment: Comment) -> bool:
    """Whether the author's name leads to their public page, however the comment was read."""
    known: bool | None = vars(comment).get("links")
    if known is None:
        author = comment.author
        known = bool(author and author.has_public_page and author.is_active and not author.is_guest)
    return known


def without_words(rows: CommentQuerySet) -> CommentQuerySet:
    """Without what no page shows: the words as typed and as searched."""
    deferred: CommentQuerySet = rows.defer("body", "words", "key")
    return deferred


def _rows(thread: Thread) -> CommentQuerySet:
    return without_words(linked(thread.comments.placed()))


def belonging(rows: Iterable[Comment], thread: Thread) -> list[Comment]:
    """The comments as a list, each with its thread, so that none asks for it."""
    found = list(rows)
    for comment in found:
        comment.thread = thread
    return found


def grow(rows: Iterable[Comment], *, cut: bool = False, parents: dict[int, Comment] | None = None) -> list[Branch]:
    """Comments in order, parents first, as branches.

    Replies deeper than DEPTH_SHOWN are left out where `cut`, else listed at that depth with what they answer.
    `parents` are comments replied to that are not among the rows.
    """
    branches: dict[int, Branch] = {}
    tops: list[Branch] = []
    for comment in rows:
        parent = branches.get(comment.parent_id or 0)
        if comment.parent_id is None:
            branch = Branch(comment)
            tops.append(branch)
        elif parent and cut and comment.depth > DEPTH_SHOWN:
            parent.continues = parent.continues or comment.is_public
            continue
        elif parent:
            branch = _listed_under(parent, comment)
        elif tops and parents is not None:
            branch = Branch(comment, tops[0], parents.get(comment.parent_id))
            tops[0].replies.append(branch)
        else:
            continue
        branches[comment.pk] = branch
    return tops


def _listed_under(parent: Branch, comment: Comment) -> Branch:
    home = parent if parent.level < DEPTH_SHOWN or parent.home is None else parent.home
    branch = Branch(comment, home, parent.comment if home is not parent else None)
    home.replies.append(branch)
    return branch
