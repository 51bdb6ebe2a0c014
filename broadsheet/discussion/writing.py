"""Writing: the pages on which readers comment, reply, edit and withdraw, with and without JavaScript.

Each GET shows a form or asks to confirm; each POST acts. A refusal shows the form again with what was typed in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.middleware import wants_json
from broadsheet.core.refusals import NotFound, Refused, TooSoon
from broadsheet.discussion import drafts, rules
from broadsheet.discussion.actions import edit_comment, post_comment, withdraw_comment
from broadsheet.discussion.changes import told
from broadsheet.discussion.models import LONGEST_COMMENT, Comment, CommentQuerySet, Status, Thread
from broadsheet.discussion.reading import public_thread, story_page_of
from broadsheet.discussion.templatetags.discussion import state
from broadsheet.discussion.views import owned

FORM_TYPES = {"", "application/x-www-form-urlencoded", "multipart/form-data"}


def forms(view: Callable[[HttpRequest, int], HttpResponse]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A page with a form: GET shows it, POST sends it, and nothing but a form is taken."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def checked(request: HttpRequest, pk: int) -> HttpResponse:
        if request.method == "POST" and request.content_type not in FORM_TYPES:
            return JsonResponse({"refused": "Please send the form, as application/x-www-form-urlencoded."}, status=400)
        return view(request, pk)

    return checked


@forms
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a comment under a story."""
    return _compose(request, _public(pk))


@forms
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Reply to a comment."""
    parent = _found(Comment.objects.placed(), pk)
    return _compose(request, parent.thread, parent)


def _compose(request: HttpRequest, thread: Thread, parent: Comment | None = None) -> HttpResponse:
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, _typed(request))
    author = request.user

    def page(refusal: Refused | None = None) -> HttpResponse:
        now = clock.now()
        context = {
            **state(thread, now),
            "parent": parent,
            "why_not": rules.why_not_comment(author, thread, now, parent),
            "key": _key(request) or secrets.token_urlsafe(16),
        }
        return _form(request, "discussion/compose.html", thread, context, refusal)

    if request.method != "POST":
        return page()
    return _attempt(
        request,
        author,
        lambda: post_comment(author=author, thread=thread, body=_typed(request), parent=parent, key=_key(request)),
        page,
    )


@forms
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words of one's own comment."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, _typed(request))
    author = request.user
    comment = _found(Comment.objects.filter(author=author), pk)

    def page(refusal: Refused | None = None) -> HttpResponse:
        why_not = rules.why_not_edit(author, comment, clock.now())
        context = {"comment": comment, "why_not": why_not}
        return _form(request, "discussion/edit.html", comment.thread, context, refusal, typed=comment.body)

    if request.method != "POST":
        return page()
    return _attempt(request, author, lambda: edit_comment(author=author, comment=comment, body=_typed(request)), page)


@forms
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own comment, after being asked whether one means it."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, "")
    author = request.user
    comment = _found(Comment.objects.filter(author=author), pk)

    def page(refusal: Refused | None = None) -> HttpResponse:
        context = {"comment": comment, "why_not": rules.why_not_withdraw(author, comment)}
        return _form(request, "discussion/withdraw.html", comment.thread, context, refusal)

    if request.method != "POST":
        return page()
    return _attempt(request, author, lambda: withdraw_comment(author=author, comment=comment), page)


def _attempt(
    request: HttpRequest, author: Reader, act: Callable[[], Comment], page: Callable[[Refused | None], HttpResponse]
) -> HttpResponse:
    """Do it, and lead to what came of it; or show the form again with the reason and everything in it."""
    try:
        comment = act()
    except Refused as refusal:
        if wants_json(request):
            raise
        if isinstance(refusal, NotFound):
            raise Http404 from None
        answer = page(refusal)
        answer.status_code = refusal.status
        if isinstance(refusal, TooSoon):
            answer["Retry-After"] = str(refusal.wait)
        return answer
    drafts.forget(request)
    if wants_json(request):
        now = clock.now()
        thread = comment.thread
        placed = told(comment, thread, open_now=thread.is_open(now)) if comment.published_at else None
        return JsonResponse(
            {"comment": placed, "own": owned(comment, author, now), "address": address_of(comment)}, status=201
        )
    return HttpResponseRedirect(address_of(comment), status=303)


def address_of(comment: Comment) -> str:
    """Where its author finds a comment or its tombstone: under the story, in its conversation, or among their own."""
    if comment.published_at is None or comment.status == Status.PENDING:
        return f"{reverse('my_comments')}#comment-{comment.pk}"
    if comment.place is None:
        return reverse("comment", args=[comment.pk])
    page = story_page_of(comment)
    return f"{comment.thread.story.get_absolute_url()}{f'?page={page}' if page > 1 else ''}#comment-{comment.pk}"


def _form(
    request: HttpRequest,
    template: str,
    thread: Thread,
    context: dict[str, Any],
    refusal: Refused | None,
    typed: str = "",
) -> HttpResponse:
    typed = _typed(request) if request.method == "POST" else drafts.found(request) or typed
    filled = {
        **context,
        "story": thread.story,
        "typed": typed,
        "refusal": refusal.sentence if refusal else "",
        "longest": LONGEST_COMMENT,
    }
    return remember_reader(request, render(request, template, filled))


def _typed(request: HttpRequest) -> str:
    return request.POST.get("body", "")


def _key(request: HttpRequest) -> str | None:
    """The form's own key, or the header's: one intent, one comment."""
    return request.headers.get("Idempotency-Key") or request.POST.get("key") or None


def _public(pk: int) -> Thread:
    thread = public_thread(pk, clock.now())
    if thread is None:
        raise Http404
    return thread


def _found(rows: CommentQuerySet, pk: int) -> Comment:
    public = rows.filter(thread__in=Thread.objects.public(clock.now()))
    found = public.select_related("thread__story__section", "parent").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
