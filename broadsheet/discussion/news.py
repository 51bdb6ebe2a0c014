"""What is new to a reader in a discussion, as a page of its own: for whoever reads without JavaScript."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import remember_reader
from broadsheet.core import clock
from broadsheet.core.numbers import whole
from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion.history import newest_first
from broadsheet.discussion.models import Thread
from broadsheet.discussion.reading import belonging, public_thread, without_words
from broadsheet.discussion.visits import new_to, note_read


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """Others' comments since one's last visit, newest first, without those by muted people; POST: I have read them.

    Reading the page notes nothing; the button does, and what is published after the page was made stays new.
    """
    now, reader = clock.now(), request.user
    assert isinstance(reader, Reader)
    thread = public_thread(pk, now)
    if thread is None:
        raise Http404
    if request.method == "POST":
        _note(request, reader, thread, now)
        return HttpResponseRedirect(request.path, status=303)
    rows, earlier = newest_first(without_words(new_to(reader, thread, now)), request.GET.get("before", ""))
    context = {
        "story": thread.story,
        "thread": thread,
        "comments": belonging(rows, thread),
        "earlier": earlier,
        "paged": "before" in request.GET,
        "moment": now.isoformat(),
    }
    return remember_reader(request, render(request, "discussion/news.html", context))


def _note(request: HttpRequest, reader: Reader, thread: Thread, now: datetime) -> None:
    """Raises Unacceptable for what is no form of ours."""
    revision, moment = whole(request.POST.get("revision")), request.POST.get("moment", "")
    wrong = Unacceptable(_("This form came without an answer. Please open it again."))
    if revision is None:
        raise wrong
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        raise wrong from None
    if at.tzinfo is None:
        raise wrong
    note_read(reader=reader, thread=thread, revision=min(revision, thread.revision), at=min(at, now))
