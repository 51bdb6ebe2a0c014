"""Reading: conversations, changes for the elements, and what is a reader's own. Writing is in `writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import mark_public, public_page
from broadsheet.delivery.tags import SECTIONS, story_tag, thread_tag
from broadsheet.discussion import rules
from broadsheet.discussion.changes import since
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.discussion.reading import conversation_page, page_of_reply, public_thread
from broadsheet.discussion.templatetags.discussion import depend_on_clock, state
from broadsheet.stories.models import Story

OWN_PER_PAGE = 20
LIVING = {Status.PUBLISHED, Status.PENDING}  # there is something left to do with it
OWN_ON_THREAD = 200  # a reader's latest comments on one thread that the page can give buttons to


@require_safe
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment's own address: its conversation, in pages of a hundred replies; a reply's leads to its place there."""
    comment = _placed(pk)
    if comment.root_id:
        page = page_of_reply(comment.reply_number)
        address = reverse("comment", args=[comment.root_id])
        return HttpResponseRedirect(f"{address}{f'?page={page}' if page > 1 else ''}#comment-{comment.pk}")
    freshness = Freshness()
    freshness.look(SECTIONS, story_tag(comment.thread_id), thread_tag(comment.thread_id))
    now = clock.now()
    thread = public_thread(comment.thread_id, now)
    root = Comment.objects.placed().filter(pk=pk).first()
    if thread is None or root is None:
        raise Http404
    root.thread = thread
    shown = conversation_page(root, page_number(request))
    if shown is None:
        raise Http404
    depend_on_clock(freshness, thread, now)
    context = {**state(thread, now), "page": shown, "root": shown.branches[0]}
    # A tombstone without replies leaves nothing to read: 410 takes it out of search engines. With replies it is a page.
    status = 200 if root.is_public or root.reply_count else 410
    return public_page(request, "discussion/conversation.html", context, freshness, status=status)


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed in a discussion since a revision, for elements that cannot reach the stream: a public answer."""
    asked = request.GET.get("since", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return JsonResponse({"refused": "Ask for changes since a revision: ?since=0 or a larger number."}, status=400)
    freshness = Freshness()
    freshness.look(story_tag(pk), thread_tag(pk))
    found = since(pk, int(asked))
    if found is None:
        return JsonResponse({"refused": "There is no such discussion."}, status=404)
    now = clock.now()
    if thread := public_thread(pk, now):
        depend_on_clock(freshness, thread, now)
    return mark_public(JsonResponse(found), freshness)


@require_safe
def me(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a discussion that is this reader's alone; {"reader": null} for one who is signed out."""
    reader = request.user
    if not reader.is_authenticated:
        return JsonResponse({"reader": None})
    now = clock.now()
    thread = public_thread(pk, now)
    if thread is None:
        return JsonResponse({"refused": "There is no such discussion."}, status=404)
    own = list(thread.comments.filter(author=reader).order_by("-pk")[:OWN_ON_THREAD]) if thread.pk else []
    for comment in own:
        comment.thread = thread
    answer = JsonResponse(
        {
            "reader": {"name": reader.name},
            "csrf": get_token(request),
            "why_not": rules.why_not_comment(reader, thread, now),
            "own": [owned(comment, reader, now) for comment in own if comment.status in LIVING],
        }
    )
    return remember_reader(request, answer)


def owned(comment: Comment, author: Reader, now: datetime) -> dict[str, Any]:
    """What the author's own page adds to a comment: what they may do with it, and the words of a held one."""
    held = comment.status == Status.PENDING
    may_edit = rules.why_not_edit(author, comment, now) is None
    return {
        "id": comment.pk,
        "parent": comment.parent_id,
        "status": comment.status,
        "body": comment.body if may_edit else None,
        "edit_until": (comment.created_at + settings.EDIT_WINDOW).isoformat() if may_edit else None,
        "html": render_to_string("discussion/_held.html", {"comment": comment}) if held else None,
    }


@require_safe
def my_comments(request: HttpRequest) -> HttpResponse:
    """A reader's own comments, newest first, with what became of each; those under public stories."""
    now, reader = clock.now(), request.user
    if not reader.is_authenticated:
        return redirect_to_login(request.get_full_path())
    own = Comment.objects.visible_to(reader).filter(author=reader, thread__story__in=Story.objects.public(now))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        own = own.filter(pk__lt=int(before))
    rows = list(own.select_related("thread__story__section").order_by("-pk")[: OWN_PER_PAGE + 1])
    shown = [
        {
            "comment": comment,
            "may_edit": rules.why_not_edit(reader, comment, now) is None,
            "may_withdraw": rules.why_not_withdraw(reader, comment) is None,
        }
        for comment in rows[:OWN_PER_PAGE]
    ]
    earlier = rows[OWN_PER_PAGE - 1].pk if len(rows) > OWN_PER_PAGE else None
    context = {"shown": shown, "earlier": earlier, "paged": bool(before)}
    return remember_reader(request, render(request, "discussion/my_comments.html", context))


def page_number(request: HttpRequest) -> int:
    """The page asked for; 1 when none is named. Raises Http404 for what is no page number."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked)):
        raise Http404
    return int(asked)


def _placed(pk: int) -> Comment:
    """A comment that was made public, under a public story; 404 says the same of every other number."""
    found = Comment.objects.placed().filter(pk=pk, thread__in=Thread.objects.public(clock.now())).first()
    if found is None:
        raise Http404
    return found
