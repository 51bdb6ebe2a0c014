"""What a comment said before its edits: for its author here, and for moderators at the desk."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Thread


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version of one's own comment, the newest first. 404 to everybody else, as a wrong number is."""
    reader = request.user
    if not reader.is_authenticated:
        return redirect_to_login(request.get_full_path())
    own = Comment.objects.filter(author=reader, thread__in=Thread.objects.public(clock.now()))
    comment = own.with_story().filter(pk=pk).first()
    if comment is None:
        raise Http404
    earlier = list(comment.versions.order_by("-pk"))
    context = {"comment": comment, "story": comment.thread.story, "earlier": earlier}
    return remember_reader(request, render(request, "discussion/history.html", context))
