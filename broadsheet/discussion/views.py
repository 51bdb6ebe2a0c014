"""Reading: conversations, changes for the elements, and what is a reader's own. Writing is in `writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.cache import count
from broadsheet.core.framing import in_frame
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import NotFound, Refused, TooSoon, Unacceptable
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import mark_public, public_page
from broadsheet.delivery.tags import HOURS, SECTIONS, respects_tag, story_tag, thread_tag
from broadsheet.discussion import box, promises, rules
from broadsheet.discussion.changes import since, told, with_roots
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.discussion.orders import excerpt
from broadsheet.discussion.reading import (
    conversation_page,
    linked,
    page_of_reply,
    pages_of_conversation,
    public_thread,
    replies_on_page,
)
from broadsheet.discussion.search import find
from broadsheet.discussion.templatetags.discussion import depend_on_clock, state
from broadsheet.discussion.visits import note_visit, since_last_visit

LIVING = {Status.PUBLISHED, Status.PENDING}  # there is something left to do with it
MOST_TOLD = 1000  # of each list: respected comments here, people muted, people followed
SEARCHES_PER_MINUTE = 30  # from one address: a household that searches in earnest
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
    freshness.look(SECTIONS, *_tags(comment.thread_id))
    now = clock.now()
    thread = public_thread(comment.thread_id, now)
    root = linked(Comment.objects.placed()).filter(pk=pk).first()
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
def replies(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of a conversation's replies for the element that opens them in place: the same for everybody."""
    freshness = Freshness()
    comment = _looked_at(pk, freshness)
    now = clock.now()
    thread = public_thread(comment.thread_id, now)
    page = page_number(request)
    if thread is None or comment.root_id or page > pages_of_conversation(comment):
        raise Http404
    rows = with_roots(replies_on_page(comment, page))
    depend_on_clock(freshness, thread, now)
    open_now = thread.is_running(now)
    answer = {
        "more": page < pages_of_conversation(comment),
        "comments": [told(reply, thread, open_now=open_now) for reply in rows],
    }
    return mark_public(JsonResponse(answer), freshness)


@require_safe
def context(request: HttpRequest, pk: int) -> HttpResponse:
    """The first lines of a comment, to be shown beside a reply to it: the same for everybody."""
    freshness = Freshness()
    comment = _looked_at(pk, freshness)
    if public_thread(comment.thread_id, clock.now()) is None:
        raise Http404
    return mark_public(JsonResponse({"name": comment.public_name, "words": excerpt(comment)}), freshness)


@require_safe
def search(request: HttpRequest, pk: int) -> HttpResponse:
    """Words in one discussion. Nobody keeps the answer: there are as many as there are questions."""
    thread = public_thread(pk, clock.now())
    if thread is None:
        raise Http404
    question = request.GET.get("q", "")
    if question:
        _require_pace(request)
    asked = find(thread, question, request.GET.get("after", ""))
    status = 422 if asked.refusal else 200
    context = {"story": thread.story, "thread": thread, "asked": asked}
    response = render(request, "discussion/search.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _require_pace(request: HttpRequest) -> None:
    """So many searches a minute from one address: each may have to read a whole discussion."""
    number, wait = count("comment-searches", reader_address(request.META), now=clock.now().timestamp(), seconds=60)
    if number > SEARCHES_PER_MINUTE:
        raise TooSoon(_("Many searches have come from your connection. Please wait a minute."), wait)


@require_POST
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed-in reader's page says how far it has shown the discussion."""
    reader = request.user
    if not reader.is_authenticated:
        raise Refused(_("Please sign in first."))
    thread = public_thread(pk, clock.now())
    if thread is None:
        raise NotFound(_("There is no such discussion."))
    seen = whole(request.POST.get("revision"))
    if seen is None:
        raise Unacceptable(_("This form came without an answer. Please open it again."))
    note_visit(reader=reader, thread=thread, revision=min(seen, thread.revision))
    return HttpResponse(status=204)


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed in a discussion since a revision, for elements that cannot reach the stream: a public answer."""
    asked = whole(request.GET.get("since"))
    if asked is None:
        refused = _("Ask for changes since a revision: ?since=0 or a larger number.")
        return JsonResponse({"refused": refused}, status=400)
    freshness = Freshness()
    freshness.look(*_tags(pk))
    found = since(pk, asked)
    if found is None:
        return JsonResponse({"refused": _("There is no such discussion.")}, status=404)
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
        return JsonResponse({"refused": _("There is no such discussion.")}, status=404)
    own = list(thread.comments.filter(author=reader).order_by("-pk")[:OWN_ON_THREAD]) if thread.pk else []
    for comment in own:
        comment.thread = thread
    until = rules.may_post_at(reader, thread, now)
    answer = {
        "reader": {"name": reader.name, "id": reader.pk},
        "csrf": get_token(request),
        "why_not": rules.why_not_comment(reader, thread, now),
        "may_post_at": until.isoformat() if until else None,
        "own": [owned(comment, reader, now) for comment in own if comment.status in LIVING],
        "respected": list(
            reader.reactions.filter(comment__thread=pk).order_by("-pk").values_list("comment", flat=True)[:MOST_TOLD]
        ),
        "muted": list(reader.mutes.order_by("-pk").values_list("muted", flat=True)[:MOST_TOLD]),
        "following": {
            "thread": reader.followed_threads.filter(thread=pk).exists(),
            "people": list(reader.follows.order_by("-pk").values_list("followed", flat=True)[:MOST_TOLD]),
        },
        "visit": since_last_visit(reader, thread, now),
        "box": box.fragment(reader, thread, now),
    }
    extras = () if in_frame(request.path) else settings.ME_EXTRAS  # of the masthead and the desk, which no frame has
    for path in extras:
        answer = import_string(path)(reader) | answer  # what we say ourselves comes first
    return remember_reader(request, JsonResponse(answer))


def _tags(thread: int) -> tuple[str, ...]:
    """What every page with comments of a discussion depends on."""
    return story_tag(thread), thread_tag(thread), respects_tag(thread), HOURS


def owned(comment: Comment, author: Reader, now: datetime) -> dict[str, Any]:
    """What the author's own page adds to a comment: what they may do with it, and the words of a held one."""
    held = comment.status == Status.PENDING
    may_edit = rules.why_not_edit(author, comment, now) is None
    promise = promises.words_for(comment, now) if held else ""
    return {
        "id": comment.pk,
        "parent": comment.parent_id,
        "status": comment.status,
        "promise": promise,
        "rating": comment.rating,
        "body": comment.body if may_edit else None,
        "edit_until": (comment.created_at + settings.EDIT_WINDOW).isoformat() if may_edit else None,
        "html": render_to_string("discussion/_held.html", {"comment": comment, "promise": promise}) if held else None,
    }


def page_number(request: HttpRequest) -> int:
    """The page asked for; 1 when none is named. Raises Http404 for what is no page number."""
    if number := whole(request.GET.get("page", "1"), 9):
        return number
    raise Http404


def _placed(pk: int) -> Comment:
    """A comment that was made public, under a public story; 404 says the same of every other number."""
    found = Comment.objects.placed().filter(pk=pk, thread__in=Thread.objects.public(clock.now())).first()
    if found is None:
        raise Http404
    return found


def _looked_at(pk: int, freshness: Freshness) -> Comment:
    """A comment as it stands once `freshness` has looked: read before, its old numbers could be kept as the newest."""
    freshness.look(*_tags(_placed(pk).thread_id))
    return _placed(pk)
