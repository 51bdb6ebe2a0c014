"""What one person has written: for themselves, with what became of it; and for everybody, on their public page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.numbers import row_number
from broadsheet.delivery.freshness import Freshness, touch
from broadsheet.delivery.pages import public_page
from broadsheet.delivery.tags import FRONTS, SECTIONS, reader_tag, thread_tag
from broadsheet.discussion import corrected, desk_hours, promises, rules
from broadsheet.discussion.checks import unverified
from broadsheet.discussion.models import Comment, CommentQuerySet, Flag, Status
from broadsheet.discussion.reading import without_words
from broadsheet.stories.models import Story

PER_PAGE = 20
LINKS_RENEWED = 100  # comments; under older ones a name may lead to a page that is no more, until somebody writes there


@login_required
@require_safe
def my_comments(request: HttpRequest) -> HttpResponse:
    """A reader's own comments, newest first, with what became of each and why; those under public stories."""
    now, reader = clock.now(), request.user
    assert isinstance(reader, Reader)
    own = Comment.objects.filter(author=reader, thread__story__in=Story.objects.public(now))
    rows, earlier = newest_first(own.with_story().defer("words"), request.GET.get("before", ""))
    held = [comment for comment in rows if comment.status == Status.PENDING]
    if rows:
        desk_hours.give(comment.thread for comment in rows)
    if held:
        promises.give((comment.thread for comment in held), now)
    shown = [
        {
            "comment": comment,
            "may_edit": rules.why_not_edit(reader, comment, now) is None,
            "may_withdraw": rules.why_not_withdraw(reader, comment) is None,
            "promise": promises.words_for(comment, now) if comment.status == Status.PENDING else "",
        }
        for comment in rows
    ]
    unproved = Flag.objects.filter(comment__in=held, check_name=unverified.__name__) if held else Flag.objects.none()
    context = {
        "shown": shown,
        "comments": rows,
        "unproved": set(unproved.values_list("comment_id", flat=True)),
        "earlier": earlier,
        "paged": "before" in request.GET,
    }
    return remember_reader(request, render(request, "discussion/my_comments.html", context))


@require_safe
def reader(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody's public page: who they say they are, and their published comments under public stories, newest first.

    404 for guests, closed accounts, those who want no page, and those of whom there is nothing to read: numbers can be
    guessed, and a page for each would list everybody who ever signed up.
    """
    freshness = Freshness()
    freshness.look(SECTIONS, FRONTS, reader_tag(pk))
    now = clock.now()
    person = Reader.objects.filter(pk=pk, is_active=True, is_guest=False, has_public_page=True).first()
    if person is None:
        raise Http404
    said = Comment.objects.filter(author=person, status=Status.PUBLISHED, thread__story__in=Story.objects.public(now))
    asked = request.GET.get("after", "")
    rows, earlier = newest_first(without_words(said).with_story(), asked)
    if not rows and not asked and not (person.about or person.expertise):
        raise Http404
    corrected.give(comment.thread for comment in rows)
    freshness.until(Story.objects.next_change(now))
    context = {"person": person, "comments": rows, "earlier": earlier, "paged": bool(asked)}
    return public_page(request, "discussion/reader.html", context, freshness)


def newest_first(rows: CommentQuerySet, asked: str) -> tuple[list[Comment], int | None]:
    """Twenty comments, newest first, from the one of that number on; and the number to go on from, if there are more.

    The number is a comment's, whose moment and number are the cursor: one range of the index, however long the list.
    """
    if asked:
        last = rows.filter(pk=row_number(asked)).first()
        if last is None:
            raise Http404
        rows = rows.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))
    found = list(rows.order_by("-created_at", "-pk")[: PER_PAGE + 1])
    return found[:PER_PAGE], found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None


def facts_changed(reader: Reader) -> None:
    """For FACTS_LISTENERS: somebody's page is stale, and so are the latest discussions that link to it."""
    latest = Comment.objects.filter(author=reader, status=Status.PUBLISHED).order_by("-created_at")[:LINKS_RENEWED]
    touch(reader_tag(reader.pk), *map(thread_tag, set(latest.values_list("thread_id", flat=True))))
