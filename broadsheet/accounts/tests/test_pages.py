"""Every page of the accounts: in our one look, with no script and no style of its own in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from broadsheet.accounts.tests.fake_provider import CLIENT, SECRET, served
from broadsheet.accounts.tests.ways import ask_for_code, give_app, say_again, sign_in, sign_up

pytestmark = pytest.mark.django_db
ELSEWHERE = ("accounts/publisher", "accounts/sso")  # pages with tests of their own
STANDS_FOR = {"<int:pk>": "1"}


class Parts(HTMLParser):
    """The parts of a page that a strict policy looks at."""

    def __init__(self, text):
        super().__init__()
        self.inline, self.ids, self.labelled, self.fields, self.headings = [], [], [], [], []
        self._script = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        self.inline += [f"{tag} {name}" for name in facts if name.startswith("on") or name == "style"]
        self.inline += [tag for _ in [0] if tag == "style"]
        if tag == "script" and "src" not in facts and facts.get("type") != "application/json":
            self.inline.append("script")
        if (facts.get("href") or facts.get("action") or "").startswith("javascript:"):
            self.inline.append("javascript:")
        if "id" in facts:
            self.ids.append(facts["id"])
        if tag == "label":
            self.labelled.append(facts.get("for"))
        if tag in {"input", "select", "textarea"} and facts.get("type") not in {"hidden", "submit"}:
            self.fields.append(facts.get("id"))
        if tag == "h1":
            self.headings.append(tag)


def routes(patterns=None, prefix=""):
    for entry in patterns or get_resolver().url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and route.startswith("accounts/"):
            yield route


def pages():
    found = []
    for route in routes():
        route = re.sub(r"<int:pk>", "1", route)
        if "<" not in route and "^" not in route and not route.startswith(ELSEWHERE):
            found.append("/" + route)
    return sorted(set(found))


@pytest.fixture
def factors(reader):
    give_app(reader)
    RecoveryCodes.activate(reader)
    return Authenticator.objects.create(
        pk=1 if not Authenticator.objects.filter(pk=1).exists() else None,
        user=reader,
        type="webauthn",
        data={"name": "Key <b>", "credential": {}},
    )


def looks_like_ours(answer):
    text = answer.content.decode()
    assert text.startswith("<!DOCTYPE html>") and 'class="sheet' in text, "our layout"
    parts = Parts(text)
    assert parts.inline == []
    assert len(parts.headings) == 1
    assert len(parts.ids) == len(set(parts.ids))
    assert set(parts.fields) <= set(parts.labelled), "each field has its label"
    assert "script-src 'self'" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    assert re.search(r"<title>[^<]+ – The Test Courier</title>", text)


def visit(client, path):
    answer = client.get(path)
    if answer.status_code in {200, 401} and answer["Content-Type"].startswith("text/html"):
        looks_like_ours(answer)
    assert answer.status_code in {200, 302, 401, 404, 405}, path
    return answer.status_code


def test_there_are_as_many_pages_as_are_needed():
    assert len(pages()) < 45, pages()


def test_every_page_of_somebody_signed_out_is_ours():
    cache.clear()
    assert {visit(Client(), path) for path in pages()} >= {200, 302}


@pytest.mark.any_database
def test_every_page_of_somebody_signed_in_is_ours(client, reader, settings):
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = {"github": {"APPS": [{"client_id": "x", "secret": "y"}]}}
    sign_in(client)
    say_again(client)
    seen = {path: visit(client, path) for path in pages() if "logout" not in path}
    shown = {path for path, status in seen.items() if status == 200}
    assert shown >= {
        f"/accounts/{page}/" for page in ("email", "methods", "name", "sessions", "password/change", "with")
    }
    assert "/accounts/second-factor/app/" in shown and "/accounts/second-factor/passkeys/new/" in shown


def test_every_page_of_somebody_with_factors_is_ours(client, reader, factors, monkeypatch):
    cache.clear()
    client.force_login(reader)
    say_again(client)
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    seen = {path: visit(client, path) for path in pages() if "logout" not in path}
    for page in ("app/remove", "codes", "codes/new", "again"):
        assert seen[f"/accounts/second-factor/{page}/"] == 200, page
    assert "Key &lt;b&gt;" in client.get("/accounts/methods/").text


def test_every_page_on_the_way_in_is_ours(client, reader):
    cache.clear()
    sign_up(client)
    looks_like_ours(client.get("/accounts/confirm-email/"))
    looks_like_ours(client.post("/accounts/confirm-email/", {"code": "x"}))
    other = Client()
    ask_for_code(other)
    looks_like_ours(other.get("/accounts/login/code/confirm/"))
    looks_like_ours(other.post("/accounts/login/code/confirm/", {"code": "x"}))
    give_app(reader)
    third = Client()
    sign_in(third)
    looks_like_ours(third.get("/accounts/second-factor/sign-in/"))
    looks_like_ours(third.post("/accounts/second-factor/sign-in/", {"code": "x"}))


@pytest.mark.any_database
def test_every_page_on_the_way_by_a_provider_is_ours(client, settings):
    cache.clear()
    with served() as provider:
        app = {"client_id": CLIENT, "secret": SECRET, "name": "Pass", "settings": {"server_url": provider.url}}
        settings.SOCIALACCOUNT_PROVIDERS = {"oidc": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        leaving = client.post("/accounts/with/oidc/")
        looks_like_ours(leaving)
        looks_like_ours(client.get("/accounts/with/oidc/back/"))
        address = re.search(r'content="0; url=([^"]+)"', leaving.text)[1].replace("&amp;", "&")
        client.get("/accounts/with/oidc/back/", provider.authorize(address))
        looks_like_ours(client.get("/accounts/with/sign-up/"))


@pytest.mark.any_database
def test_too_many_tries_are_told_on_a_page_of_ours(client):
    cache.clear()
    for number in range(22):
        answer = client.post("/accounts/signup/", {"email": f"{number}"})
    assert answer.status_code == 429
    looks_like_ours(answer)


def test_a_link_that_is_no_longer_good_is_told_on_a_page_of_ours(client):
    answer = client.get("/accounts/password/reset/key/1-set-password/")
    looks_like_ours(answer)
    assert "no longer good" in answer.text
