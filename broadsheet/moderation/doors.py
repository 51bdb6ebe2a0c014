"""Who may enter which of the desk's pages, and what all of them have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext_lazy

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.moderation import rules
from broadsheet.moderation.keys import keys_of, preference_of
from broadsheet.moderation.tabs import tabs_for

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

View = Callable[..., HttpResponse]


def moderators_only(view: View) -> View:
    """Sends the signed-out to sign in and turns everybody else away who may not decide."""
    sentence = gettext_lazy("These pages are for the moderators. If you should be one, please ask an administrator.")
    return door(view, rules.may_decide, sentence)


def supervisors_only(view: View) -> View:
    """The same for the pages on which rules are set, people are given rights, and moderators' work is looked after."""
    sentence = gettext_lazy(
        "This page is for those who supervise the moderators. If you should, please ask an administrator."
    )
    return door(view, rules.may_supervise, sentence)


def door(view: View, may: Callable[[Reader], bool], sentence: StrPromise) -> View:
    """The same for whomever `may` lets in; others read `sentence`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not may(request.user):
            raise Refused(str(sentence))
        return unlisted(view(request, *args, **kwargs))

    return guarded


def asker(request: HttpRequest) -> Reader:
    """The moderator who asks."""
    assert isinstance(request.user, Reader)  # a door has seen to it
    return request.user


def desk_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, tab: str = "", status: int = 200
) -> HttpResponse:
    """A page of the desk, with what its head shows. `tab` is the name of the one it belongs to (moderation.tabs)."""
    moderator = asker(request)
    preference = preference_of(moderator)
    shared = {
        "tabs": tabs_for(moderator),
        "tab": tab,
        "now": clock.now(),
        "calm": preference.calm,
        "keys": {"on": preference.keys_on, "keys": keys_of(preference)},
    }
    return render(request, template, {**shared, **context}, status=status)


def unlisted(response: HttpResponse) -> HttpResponse:
    """In no search engine, in no cache, and its address in no other site's log."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
