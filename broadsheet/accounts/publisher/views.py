"""Signing in by a publisher's token. docs/single-sign-on.md draws the way; decision 7 says why it is this one.

It begins here, with a nonce in the reader's own session, and the token must carry that nonce: nobody can be signed in
to somebody else's account by a form on another site. The publisher's page posts the token to `come_back`, to which
browsers send no cookie of ours from there; that page posts it on to `finish`, which has the session.
"""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.accounts.proof import proof_required
from broadsheet.accounts.publisher import actions
from broadsheet.accounts.publisher.forms import NameForm
from broadsheet.accounts.publisher.keys import Publisher
from broadsheet.accounts.publisher.leaving import SIGNED_IN_BY
from broadsheet.accounts.publisher.tokens import LONGEST_TOKEN, BadToken, Told, read_token
from broadsheet.core import clock
from broadsheet.core.middleware import from_elsewhere
from broadsheet.core.refusals import Refused

BEGUN, PENDING = "publisher_begun", "publisher_pending"  # in the session
MOST_BEGUN = 5  # tabs in which one reader has begun to sign in
PATIENCE = 60 * 60  # seconds somebody may take at the publisher's, where they may have to sign up first
CHOOSING = 15 * 60  # seconds to choose a name or to find the password of the account one has

log = logging.getLogger("broadsheet.accounts.publisher")


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Say where the reader is going (GET); send them there with a nonce of this session's (POST).

    The answer to a form may not lead to another site under our Content-Security-Policy, so a page does.
    """
    publisher = _publisher(slug)
    onward = _safe(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        return render(request, "accounts/publisher/begin.html", {"publisher": publisher, "next": onward})
    nonce = secrets.token_urlsafe(24)
    begun = _begun(request)
    begun[nonce] = {"slug": slug, "next": onward, "at": time.time()}
    request.session[BEGUN] = dict(list(begun.items())[-MOST_BEGUN:])
    joint = "&" if urlsplit(publisher.sign_in_url).query else "?"
    address = f"{publisher.sign_in_url}{joint}{urlencode({'nonce': nonce})}"
    return render(request, "accounts/publisher/go.html", {"publisher": publisher, "address": address})


@from_elsewhere
@sensitive_post_parameters("token")
def come_back(request: HttpRequest) -> HttpResponse:
    """Take the token from the publisher's page and hand it on. Nothing is checked or changed: no session is here."""
    token = request.POST.get("token", "")
    if request.method != "POST" or not token or len(token) > LONGEST_TOKEN:
        return redirect("account_login")
    return render(request, "accounts/publisher/come_back.html", {"token": token})


@csrf_exempt  # the nonce in the token is this session's own, which is what a form's token proves
@sensitive_post_parameters("token")
def finish(request: HttpRequest) -> HttpResponse:
    """Sign in whoever the token speaks of, or ask what is missing: a name, or the account they have."""
    if request.method != "POST":
        return redirect("account_login")
    try:
        told = read_token(request.POST.get("token", ""), actions.known_publishers(), settings.SITE_URL, clock.now())
        begun = _require_own(request, told)
        actions.use(told)
    except BadToken as fault:
        log.warning("A publisher's sign-in was refused: %.300s", fault)
        return render(request, "accounts/publisher/refused.html", status=403)
    return _arrived(request, told, begun["next"])


def _require_own(request: HttpRequest, told: Told) -> dict[str, Any]:
    """What this session noted when it began this sign-in; that ends here. Raises BadToken for any other token."""
    begun = _begun(request)
    found = begun.pop(told.nonce, None)
    publisher = actions.known_publishers().with_issuer(told.issuer)
    if found is None or publisher is None or found["slug"] != publisher.slug:
        raise BadToken(f"its nonce {told.nonce[:40]!r} is none that this browser's session began a sign-in with")
    request.session[BEGUN] = begun
    return found


def _arrived(request: HttpRequest, told: Told, onward: str) -> HttpResponse:
    identity = actions.identity_of(told)
    if identity:
        return _sign_in(request, actions.update(identity=identity, told=told), told, onward)
    if request.user.is_authenticated and not request.user.is_guest:
        return _pending(request, told, onward, "publisher_connect")
    if not told.name:
        return _pending(request, told, onward, "publisher_name")
    try:
        reader = actions.make_account(told=told, name=told.name)
    except actions.AddressTaken:
        return _pending(request, told, onward, "publisher_connect")
    except Refused:
        return _pending(request, told, onward, "publisher_name")
    return _sign_in(request, reader, told, onward, signup=True)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_name(request: HttpRequest) -> HttpResponse:
    """For somebody new whose name at the publisher's is taken, or none that may stand here."""
    found = _found_pending(request)
    if found is None:
        return redirect("account_login")
    told, onward = found
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": told.name})
    if request.method == "POST" and form.is_valid():
        try:
            identity = actions.identity_of(told)
            reader = identity.reader if identity else actions.make_account(told=told, name=form.cleaned_data["name"])
            return _sign_in(request, reader, told, onward, signup=True)
        except actions.AddressTaken:
            return redirect("publisher_connect")
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
    context = {"form": form, "publisher": _of(told), "told": told}
    return render(request, "accounts/publisher/name.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest) -> HttpResponseBase:
    """Tie the publisher's sign-in to an account that is there already: its owner signs in to it and says so."""
    found = _found_pending(request)
    if found is None:
        return redirect("account_login")
    if not request.user.is_authenticated:
        sign_in = f"{resolve_url('account_login')}?{urlencode({'next': request.path})}"
        return render(request, "accounts/publisher/taken.html", {"publisher": _of(found[0]), "sign_in": sign_in})
    return _connect(request, *found)


@proof_required
def _connect(request: HttpRequest, told: Told, onward: str) -> HttpResponseBase:
    publisher = _of(told)
    if request.method != "POST":
        return render(request, "accounts/publisher/connect.html", {"publisher": publisher})
    reader = request.user
    assert isinstance(reader, Reader)
    actions.connect(reader=reader, told=told)
    del request.session[PENDING]
    sentence = _("From now on you can sign in to this account with %(publisher)s.") % {"publisher": publisher.name}
    messages.success(request, sentence)
    return HttpResponseRedirect(onward)


@proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the publisher's sign-in lead to this account no more."""
    publisher = _publisher(slug)
    reader = request.user
    assert isinstance(reader, Reader)
    identity = reader.publisher_identities.filter(issuer=publisher.issuer).first()
    if identity is None:
        return redirect("me")
    if request.method != "POST":
        return render(request, "accounts/publisher/disconnect.html", {"publisher": publisher})
    actions.disconnect(reader=reader, identity=identity)
    sentence = _("%(publisher)s does not sign you in here any more.") % {"publisher": publisher.name}
    messages.success(request, sentence)
    return redirect("me")


@require_safe
def signed_out(request: HttpRequest, slug: str) -> HttpResponse:
    """After signing out here: the way to sign out at the publisher's too, which only they can do."""
    return render(request, "accounts/publisher/signed_out.html", {"publisher": _publisher(slug)})


def _sign_in(request: HttpRequest, reader: Reader, told: Told, onward: str, *, signup: bool = False) -> HttpResponse:
    """Through every step that signing in has (a second factor, an account that is closed), with a session anew."""
    publisher = _of(told)
    request.session.pop(PENDING, None)
    if request.user.is_authenticated and request.user.pk == reader.pk:  # they were asked to prove it again
        record_authentication(request, reader, "publisher", issuer=told.issuer, reauthenticated=True)
        return HttpResponseRedirect(onward)
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, reader, "publisher", issuer=told.issuer)
    none = app_settings.EmailVerificationMethod.NONE
    answer: HttpResponse = perform_login(
        request, Login(user=reader, email_verification=none, redirect_url=onward, signup=signup)
    )
    request.session[SIGNED_IN_BY] = publisher.slug
    return answer


def _pending(request: HttpRequest, told: Told, onward: str, name: str) -> HttpResponse:
    request.session[PENDING] = {"told": actions.packed(told), "next": onward, "at": time.time()}
    return redirect(name)


def _found_pending(request: HttpRequest) -> tuple[Told, str] | None:
    kept = request.session.get(PENDING)
    if not kept or time.time() - kept["at"] > CHOOSING:
        return None
    told = actions.unpacked(kept["told"])
    return (told, kept["next"]) if actions.known_publishers().with_issuer(told.issuer) else None


def _begun(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """The sign-ins begun in this session and not finished, oldest first, by their nonces."""
    now = time.time()
    begun: dict[str, dict[str, Any]] = request.session.get(BEGUN) or {}
    return {nonce: facts for nonce, facts in begun.items() if now - facts["at"] < PATIENCE}


def _publisher(slug: str) -> Publisher:
    publisher = actions.known_publishers().with_slug(slug)
    if publisher is None:
        raise Http404
    return publisher


def _of(told: Told) -> Publisher:
    publisher = actions.known_publishers().with_issuer(told.issuer)
    assert publisher is not None  # the token was read with its key
    return publisher


def _safe(address: str | None) -> str:
    return address if address and get_adapter().is_safe_url(address) else resolve_url(settings.LOGIN_REDIRECT_URL)
