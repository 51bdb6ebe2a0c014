"""Writing: the pages on which readers comment, reply, edit and withdraw, with and without JavaScript.

Each GET shows a form or asks to confirm; each POST acts. A refusal shows the form again with what was typed in it, and
so does a question to its writer (`nudges`).
Beside "Post" the form has two more buttons, which work without a script: "Preview", and "Quote" in a reply.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.accounts import guests
from broadsheet.accounts.models import Reader
from broadsheet.accounts.names import LONGEST_NAME
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock, text
from broadsheet.core.addresses import reader_address
from broadsheet.core.middleware import wants_json
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import NotFound, Refused, TooSoon
from broadsheet.discussion import box, drafts, nudges, pace, rules
from broadsheet.discussion.actions import edit_comment, post_comment, withdraw_comment
from broadsheet.discussion.changes import told
from broadsheet.discussion.checks import Submission
from broadsheet.discussion.models import Comment, CommentQuerySet, Status, Thread
from broadsheet.discussion.quoting import quoted
from broadsheet.discussion.reading import address_on_story, public_thread
from broadsheet.discussion.views import owned

FORM_TYPES = {"", "application/x-www-form-urlencoded", "multipart/form-data"}


def forms(view: Callable[[HttpRequest, int], HttpResponse]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A page with a form: GET shows it, POST sends it, and nothing but a form is taken."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def checked(request: HttpRequest, pk: int) -> HttpResponse:
        if request.method == "POST" and request.content_type not in FORM_TYPES:
            refused = _("Please send the form, as application/x-www-form-urlencoded.")
            return JsonResponse({"refused": refused}, status=400)
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
    author = request.user if request.user.is_authenticated else None
    if author is None and not settings.GUESTS:
        return drafts.sign_in_first(request, _typed(request))
    was_asked = nudges.is_asked(request.POST.get("nudged", ""), author, thread)

    def page(refusal: Refused | None = None, **more: Any) -> HttpResponse:
        now = clock.now()
        why_not = rules.why_not_comment(author, thread, now, parent) if author else rules.why_not_open(thread, now)
        context = {
            **box.context(author, thread, now, parent=parent),
            "kind": "reply" if parent else "new",
            "why_not": why_not,
            "key": _key(request) or secrets.token_urlsafe(16),
            "nudged": request.POST["nudged"] if was_asked else "",
            **more,
        }
        return _form(request, "discussion/compose.html", context, refusal)

    def post() -> Comment:
        _require_same(request)
        writer = author or _enter(request, thread, parent, may_nudge=not was_asked)
        made = post_comment(
            author=writer,
            thread=thread,
            body=_typed(request),
            parent=parent,
            key=_key(request),
            rating=_stars(request),
            honeypot=bool(request.POST.get("website")),
            may_nudge=bool(author) and not was_asked,
        )
        for path in settings.PRESENCE_LISTENERS:
            import_string(path)(writer, reader_address(request.META))
        return made

    if request.method != "POST":
        if parent and "quote" in request.GET:
            return page(typed=f"{quoted(parent)}{drafts.found(request)}")
        return page()
    if parent and "quote" in request.POST:
        return page(typed=f"{quoted(parent)}{_typed(request)}")
    if "preview" in request.POST:
        return _preview(request, page)
    return _attempt(request, post, page, status=201)


def _require_same(request: HttpRequest) -> None:
    """Who signed in as somebody else in another tab does not speak under that name without having seen it."""
    shown = request.POST.get("reader")
    if shown is not None and shown != str(request.user.pk):
        raise Refused(
            _("You have signed in under another name meanwhile. To post under it, please load the page again.")
        )


def _enter(request: HttpRequest, thread: Thread, parent: Comment | None, *, may_nudge: bool) -> Reader:
    """Let a guest in under the name they chose; asked last, so that a refusal leaves no account behind."""
    body, name = rules.readable_body(_typed(request)), request.POST.get("name", "")
    now = clock.now()
    if reason := rules.why_not_open(thread, now) or (rules.why_not_answer(parent) if parent else None):
        raise Refused(reason)
    if may_nudge:
        guest = Reader(name=name[:LONGEST_NAME], is_guest=True)
        words = Submission(guest, thread, body, text.comment_html(body), parent, key=_key(request))
        nudges.ask(words, reader_address(request.META))
    return guests.enter(request, name, _key(request) or "")


@forms
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words of one's own comment."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, _typed(request))
    author = request.user
    comment = _found(Comment.objects.filter(author=author), pk)

    def page(refusal: Refused | None = None, **more: Any) -> HttpResponse:
        now = clock.now()
        context = {
            **box.context_of(comment),
            "kind": "edit",
            "why_not": rules.why_not_edit(author, comment, now),
            **more,
        }
        return _form(request, "discussion/edit.html", context, refusal)

    if request.method != "POST":
        return page()
    if "preview" in request.POST:
        return _preview(request, page)
    return _attempt(
        request,
        lambda: edit_comment(author=author, comment=comment, body=_typed(request), rating=_stars(request)),
        page,
    )


@forms
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own comment, after being asked whether one means it."""
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, "")
    author = request.user
    comment = _found(Comment.objects.filter(author=author), pk)

    def page(refusal: Refused | None = None) -> HttpResponse:
        context = {
            "comment": comment,
            "story": comment.thread.story,
            "why_not": rules.why_not_withdraw(author, comment),
        }
        return _form(request, "discussion/withdraw.html", context, refusal)

    if request.method != "POST":
        return page()
    return _attempt(request, lambda: withdraw_comment(author=author, comment=comment), page)


@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The words in a box as they would be shown, for the element that asks while one types; {"html": ...}.

    Raises Unacceptable for words that could not be posted, TooSoon for more questions than a typist asks.
    """
    _public(pk)
    if not request.user.is_authenticated and not settings.GUESTS:
        return JsonResponse({"refused": _("Please sign in first.")}, status=403)
    box.count_preview(request.user.pk or reader_address(request.META), clock.now())
    return JsonResponse({"html": box.preview(_typed(request))})


def _preview(request: HttpRequest, page: Callable[..., HttpResponse]) -> HttpResponse:
    """The form once more with everything in it, and above it the comment as it would be shown."""
    try:
        return page(preview=box.preview(_typed(request)))
    except Refused as refusal:
        answer = page(refusal)
        answer.status_code = refusal.status
        return answer


def _attempt(
    request: HttpRequest, act: Callable[[], Comment], page: Callable[..., HttpResponse], *, status: int = 200
) -> HttpResponse:
    """Do it, and lead to what came of it; or show the form again with the reason and everything in it."""
    try:
        comment = act()
    except nudges.Nudged as nudge:
        return _asked(request, nudge, page)
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
        return JsonResponse(_for_element(comment), status=status)
    return HttpResponseRedirect(address_of(comment), status=303)


def _asked(request: HttpRequest, nudge: nudges.Nudged, page: Callable[..., HttpResponse]) -> HttpResponse:
    """The form with what its writer is asked; for an element, what goes into its form."""
    if wants_json(request):
        html = render_to_string("discussion/_nudge.html", {"nudge": nudge, "fragment": True})
        return JsonResponse({"refused": nudge.sentence, "nudge": html}, status=nudge.status)
    answer = page(nudge=nudge)
    answer.status_code = nudge.status
    return answer


def _for_element(comment: Comment) -> dict[str, Any]:
    """What an element needs to put its writer's comment on the page, and how long it has to wait for the next."""
    now, thread, author = clock.now(), comment.thread, comment.author
    if author is None:
        raise NotFound(_("There is no such comment."))
    until = rules.may_post_at(author, thread, now)
    return {
        "comment": told(comment, thread, open_now=thread.is_running(now)) if comment.published_at else None,
        "own": owned(comment, author, now),
        "address": address_of(comment),
        "wait": pace.seconds_left(until, now) if until else 0,
    }


def address_of(comment: Comment) -> str:
    """Where its author finds a comment or its tombstone: under the story, in its conversation, or among their own."""
    if comment.published_at is None or comment.status == Status.PENDING:
        return f"{reverse('my_comments')}#comment-{comment.pk}"
    return address_on_story(comment)


def _form(request: HttpRequest, template: str, context: dict[str, Any], refusal: Refused | None) -> HttpResponse:
    sent = request.method == "POST"
    typed = _typed(request) if sent else drafts.found(request) or context.get("own_words", "")
    filled = {
        "typed": typed,
        "rated": _stars(request) if sent else context.get("own_stars"),
        "name": request.POST.get("name", ""),
        **context,
        "refusal": refusal.sentence if refusal else "",
    }
    return remember_reader(request, render(request, template, filled))


def _typed(request: HttpRequest) -> str:
    return request.POST.get("body", "")


def _stars(request: HttpRequest) -> int | None:
    return whole(request.POST.get("rating"), 1)


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
    found = public.with_story().select_related("parent").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
