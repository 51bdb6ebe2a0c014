"""Ratings and reviews: stars are asked for where a discussion takes reviews, once a reader and story."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion.ledger import STARS
from broadsheet.discussion.models import Comment, Mode, Status, Thread

COUNTED = (Status.PENDING, Status.PUBLISHED)  # what was withdrawn or removed leaves room for another


def asks_for_stars(thread: Thread, parent: Comment | None) -> bool:
    """Whether a comment written there now is a review: replies never are."""
    return thread.mode == Mode.REVIEWS and parent is None


def readable_rating(thread: Thread, parent: Comment | None, rating: int | None) -> int | None:
    """The stars to keep with a new comment; None where none are asked for, whatever a form from before sends.

    Raises Unacceptable for a review without them.
    """
    return _stars(rating) if asks_for_stars(thread, parent) else None


def changed_rating(thread: Thread, comment: Comment, rating: int | None) -> int | None:
    """The stars a comment has after an edit in which `rating` was chosen (None: nothing was).

    A comment from before the discussion took reviews may become one; stars given once stay, whatever the mode is now.
    """
    may_have = comment.parent_id is None and (comment.rating is not None or thread.mode == Mode.REVIEWS)
    return _stars(rating) if may_have and rating is not None else comment.rating


def why_not_review(author: Reader, thread: Thread, but: Comment | None = None) -> str | None:
    """Why this person cannot review here (once more), `but` aside; None when they can."""
    if _reviews_by(author, thread, but):
        return _("You have reviewed this already. You can edit or withdraw your review under “Your comments”.")
    return None


def why_not_publish_review(thread: Thread, review: Comment) -> str | None:
    """Why that review cannot be shown (again): its author may have written another since; None when it can."""
    if review.author and review.rating and _reviews_by(review.author, thread, review):
        return _("Its author has written another review of this story since, and a reader has one.")
    return None


def _reviews_by(author: Reader, thread: Thread, but: Comment | None) -> bool:
    own = Comment.objects.filter(thread=thread.pk, author=author, rating__isnull=False, status__in=COUNTED)
    return (own.exclude(pk=but.pk) if but else own).exists()


def _stars(rating: int | None) -> int:
    if rating not in STARS:
        raise Unacceptable(_("Please choose from one to five stars."))
    return rating


@dataclass(frozen=True)
class Row:
    """How many reviews gave so many stars, and which part of all that is, in whole percent."""

    stars: int
    count: int
    percent: int


def average(thread: Thread) -> float | None:
    """The mean of the stars of all public reviews; None while there are none."""
    return thread.rating_total / thread.ratings if thread.ratings else None


def distribution(thread: Thread) -> list[Row]:
    """Five rows, five stars first."""
    counts = {stars: getattr(thread, f"rated_{stars}") for stars in reversed(STARS)}
    return [Row(stars, n, round(100 * n / thread.ratings) if thread.ratings else 0) for stars, n in counts.items()]
