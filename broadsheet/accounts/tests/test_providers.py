"""Sign-in by a provider: by what it signs, for us, now, as asked; an address alone opens no account."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from django.core import mail
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts.models import Reader
from broadsheet.accounts.tests.fake_provider import CLIENT, KEY, OTHER_KEY, SECRET, served
from broadsheet.accounts.tests.ways import is_signed_in, last_code, prove_address, say_again, sign_in

pytestmark = pytest.mark.django_db
APP = {"client_id": CLIENT, "secret": SECRET}


@pytest.fixture(scope="module")
def server():
    with served() as provider:
        yield provider


@pytest.fixture
def provider(server, settings):
    cache.clear()
    url = server.url
    server.__init__()
    server.url = url
    settings.SOCIALACCOUNT_PROVIDERS = {
        "oidc": {"OAUTH_PKCE_ENABLED": True, "APPS": [{**APP, "name": "Courier Pass", "settings": {"server_url": url}}]}
    }
    return server


@pytest.fixture
def github(provider, settings, monkeypatch):
    settings.SOCIALACCOUNT_PROVIDERS = {"github": {"OAUTH_PKCE_ENABLED": True, "APPS": [APP]}}
    for name, path in {"access_token_url": "/token", "profile_url": "/user", "emails_url": "/user/emails"}.items():
        monkeypatch.setattr(GitHubOAuth2Adapter, name, provider.url + path)
    return provider


def leave(client, name="oidc", **form) -> str:
    """Press the button; returns where the page leads."""
    page = client.post(f"/accounts/with/{name}/", form)
    assert page.status_code == 200
    return html.unescape(re.search(r'content="0; url=([^"]+)"', page.text)[1])


def come_back(client, provider, name="oidc", **instead):
    """There and back again."""
    return client.get(f"/accounts/with/{name}/back/", {**provider.authorize(leave(client, name)), **instead})


def choose_name(client, **form):
    return client.post("/accounts/with/sign-up/", {"name": "Oona Overby", **form})


def account_of(**facts) -> SocialAccount:
    """Somebody's account at the fake provider, connected earlier."""
    import hashlib
    import json

    url, sub = facts.pop("url"), facts.pop("sub", "4711")
    uid = hashlib.sha256(json.dumps([url, sub]).encode()).hexdigest()
    return SocialAccount.objects.create(provider="oidc", uid=uid, **facts)


def test_somebody_new_chooses_a_name_and_is_in(client, provider):
    answer = come_back(client, provider)
    assert answer.url == "/accounts/with/sign-up/"
    page = client.get(answer.url).text
    assert "Courier Pass" in page and 'value="Oona Overby"' in page and "oona@example.net" in page
    assert choose_name(client).url == "/"
    reader = Reader.objects.get()
    assert is_signed_in(client) and reader.name == "Oona Overby" and not reader.has_usable_password()
    assert EmailAddress.objects.get().verified


def test_the_way_out_carries_state_nonce_and_proof_key_and_no_secret(client, provider):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(leave(client)).query).items()}
    assert len(asked["state"]) >= 16 and len(asked["nonce"]) >= 32 and asked["nonce"] != asked["state"]
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    assert asked["redirect_uri"] == "http://testserver/accounts/with/oidc/back/"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"} and "client_secret" not in asked


def test_who_was_here_before_is_in_at_once_and_back_where_they_were(client, provider, reader):
    account_of(user=reader, url=provider.url)
    back = provider.authorize(leave(client, next="/about/"))
    assert client.get("/accounts/with/oidc/back/", back).url == "/about/"
    assert client.session["_auth_user_id"] == str(reader.pk)


def test_it_leads_to_no_other_site(client, provider, reader):
    account_of(user=reader, url=provider.url)
    back = provider.authorize(leave(client, next="https://evil.example/"))
    assert client.get("/accounts/with/oidc/back/", back).url == "/"


def test_little_is_kept_of_what_a_provider_tells(client, provider):
    provider.userinfo = {"picture": "https://x.example/a", "birthdate": "1990-01-01", "phone_number": "+1"}
    come_back(client, provider)
    choose_name(client)
    assert SocialAccount.objects.get().extra_data == {"name": "Oona Overby", "email": "oona@example.net"}


REFUSED = {
    "no state": {"state": ""},
    "a state of somebody else's": {"state": "x" * 16},
    "no code": {"code": ""},
    "a wrong code": {"code": "code-999"},
    "an error of theirs": {"error": "server_error"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_answer_that_does_not_fit_the_question_signs_nobody_in(client, provider, reader, case):
    account_of(user=reader, url=provider.url)
    answer = come_back(client, provider, **REFUSED[case])
    assert answer.status_code == 401 and not is_signed_in(client)
    assert "could not be used" in answer.text and "evil" not in answer.text


def test_an_answer_brought_by_another_browser_signs_nobody_in(client, provider, reader):
    """Somebody is lured to a link that would sign them in to the attacker's account."""
    account_of(user=reader, url=provider.url)
    back, other = provider.authorize(leave(client)), Client()
    assert other.get("/accounts/with/oidc/back/", back).status_code == 401
    assert not is_signed_in(other)


def test_an_answer_is_good_once(client, provider, reader):
    account_of(user=reader, url=provider.url)
    back = provider.authorize(leave(client))
    client.get("/accounts/with/oidc/back/", back)
    client.post("/accounts/logout/")
    assert client.get("/accounts/with/oidc/back/", back).status_code == 401
    assert not is_signed_in(client)


def forged(algorithm, key):
    return lambda claims: jwt.encode(claims, key, algorithm, headers={"kid": "one"})


def unsigned(claims):
    return jwt.encode(claims, "", "none", headers={"kid": "one"})


def public_pem() -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def by_hand(claims):
    """Signed with the provider's public key as if it were a shared secret: PyJWT does not make such a token."""
    import base64
    import hashlib
    import hmac
    import json

    def part(facts):
        return base64.urlsafe_b64encode(json.dumps(facts).encode()).rstrip(b"=")

    message = part({"alg": "HS256", "kid": "one", "typ": "JWT"}) + b"." + part(claims)
    mac = hmac.new(public_pem().encode(), message, hashlib.sha256).digest()
    return (message + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


BAD_SIGNATURES = {
    "another key": forged("RS256", OTHER_KEY),
    "no signature": unsigned,
    "the client secret": forged("HS256", SECRET * 3),
    "the public key as a secret": by_hand,
    "another algorithm of the same key": forged("RS512", KEY),
    "an unknown key": lambda claims: jwt.encode(claims, KEY, "RS256", headers={"kid": "two"}),
    "no key named": lambda claims: jwt.encode(claims, KEY, "RS256"),
    "nothing at all": lambda claims: "",
    "no token": lambda claims: "a.b.c",
    "a signature cut off": lambda claims: (
        jwt.encode(claims, KEY, "RS256", headers={"kid": "one"}).rpartition(".")[0] + "."
    ),
}


@pytest.mark.any_database
@pytest.mark.parametrize("case", BAD_SIGNATURES)
def test_an_assertion_that_is_not_signed_by_the_provider_signs_nobody_in(client, provider, reader, case):
    account_of(user=reader, url=provider.url)
    provider.sign = BAD_SIGNATURES[case]
    assert come_back(client, provider).status_code == 401
    assert not is_signed_in(client)


BAD_CLAIMS = {
    "a wrong nonce": {"nonce": "x" * 64},
    "no nonce": {"nonce": None},
    "for another client": {"aud": "somebody-else"},
    "for us and another, by another": {"aud": [CLIENT, "other"], "azp": "other"},
    "for us and another, by nobody": {"aud": [CLIENT, "other"]},
    "by another for us": {"azp": "other"},
    "for nobody": {"aud": None},
    "of another issuer": {"iss": "https://evil.example"},
    "of no issuer": {"iss": None},
    "run out": {"exp": 1},
    "without an end": {"exp": None},
    "about nobody": {"sub": None},
    "about somebody else than the facts": {"sub": "4712"},
    "from the future": {"iat": 10**11, "nbf": 10**11},
}


@pytest.mark.any_database
@pytest.mark.parametrize("case", BAD_CLAIMS)
def test_an_assertion_that_is_not_for_us_now_signs_nobody_in(client, provider, reader, case):
    account_of(user=reader, url=provider.url)
    provider.claims = BAD_CLAIMS[case]
    assert come_back(client, provider).status_code == 401
    assert not is_signed_in(client)


def test_facts_about_somebody_else_sign_nobody_in(client, provider, reader):
    account_of(user=reader, url=provider.url)
    provider.userinfo = {"sub": "4712"}
    assert come_back(client, provider).status_code == 401


def test_a_provider_that_calls_itself_another_is_not_asked(client, provider):
    provider.issuer = "https://evil.example"
    answer = client.post("/accounts/with/oidc/")
    assert answer.status_code == 401 and not any(path == "/token" for path, _ in provider.asked)


def test_the_same_number_at_another_provider_is_somebody_else(client, provider, reader):
    account_of(user=reader, url="https://old.example")
    assert come_back(client, provider).url == "/accounts/with/sign-up/"


@pytest.mark.any_database
@pytest.mark.parametrize("verified", [False, None, "false", "true", 0, 1, "yes"])
def test_an_address_the_provider_has_not_checked_is_proved_by_code(client, provider, verified):
    provider.person["email_verified"] = verified
    come_back(client, provider)
    assert choose_name(client, email="oona@example.net").url == "/accounts/confirm-email/"
    assert not is_signed_in(client) and not EmailAddress.objects.get().verified
    prove_address(client)
    assert is_signed_in(client)


def test_another_address_is_not_believed_beside_the_one_the_provider_has_checked(client, provider):
    come_back(client, provider)
    choose_name(client, email="victim@example.org")
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("oona@example.net", True)]
    assert Reader.objects.get().email == "oona@example.net"


@pytest.mark.parametrize("verified", [True, False])
def test_an_account_is_never_connected_by_its_address_alone(client, provider, reader, verified):
    """Whoever runs the provider, or signs up there with that address, gets no way in; the reader gets a mail."""
    provider.person.update(email="ruth@example.org", email_verified=verified)
    come_back(client, provider)
    answer = choose_name(client, email="ruth@example.org")
    assert answer.url == "/accounts/confirm-email/" and not is_signed_in(client)
    assert not SocialAccount.objects.exists() and Reader.objects.count() == 1
    assert mail.outbox[-1].to == ["ruth@example.org"] and "You have one already" in mail.outbox[-1].body


def test_whose_address_has_an_account_is_told_to_nobody_here_either(client, provider, reader):
    seen = []
    for email in ("ruth@example.org", "roth@example.org"):
        cache.clear()
        provider.person.update(email=email, email_verified=False)
        browser = Client()
        come_back(browser, provider)
        answer = choose_name(browser, email=email, name=f"Oona {email[1]}")
        page = browser.get(answer.url).content.replace(email.encode(), b"")
        seen.append((answer.status_code, answer.url, re.sub(rb'value="\w{64}"', b"", page)))
    assert seen[0] == seen[1]


def test_a_name_that_is_taken_is_not_given_twice(client, provider, reader):
    come_back(client, provider)
    assert "is taken" in choose_name(client, name="Ruth Reader").text
    assert Reader.objects.count() == 1


def test_a_reader_connects_and_disconnects_an_account_there(client, provider, reader):
    sign_in(client)
    say_again(client, following="/accounts/with/")
    back = provider.authorize(leave(client, process="connect"))
    assert client.get("/accounts/with/oidc/back/", back).url == "/accounts/with/"
    account = SocialAccount.objects.get(user=reader)
    assert (
        "Courier Pass" in client.get("/accounts/with/").text and "Courier Pass" in client.get("/accounts/methods/").text
    )
    client.post("/accounts/with/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_connecting_asks_for_the_password_once_more(client, provider, reader):
    sign_in(client)
    back = provider.authorize(leave(client, process="connect"))
    assert client.get("/accounts/with/oidc/back/", back).url == "/accounts/reauthenticate/"
    assert not SocialAccount.objects.exists()
    assert say_again(client, following="").url == "/accounts/with/"
    assert SocialAccount.objects.get().user == reader


def test_an_account_that_signs_in_somebody_else_is_not_connected(client, provider, reader, newcomer):
    account_of(user=newcomer, url=provider.url)
    sign_in(client)
    say_again(client)
    client.get("/accounts/with/oidc/back/", provider.authorize(leave(client, process="connect")))
    assert SocialAccount.objects.get().user == newcomer


def test_nobody_who_is_signed_out_connects_anything(client, provider):
    assert client.post("/accounts/with/oidc/", {"process": "connect"}).url == "/accounts/login/"


def test_the_only_way_in_is_not_taken_away(client, provider):
    come_back(client, provider)
    choose_name(client)
    client.post("/accounts/with/", {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.exists()


def test_nobody_disconnects_somebody_else_s_account(client, provider, reader, newcomer):
    account = account_of(user=newcomer, url=provider.url)
    sign_in(client)
    say_again(client)
    client.post("/accounts/with/", {"account": account.pk})
    assert SocialAccount.objects.filter(pk=account.pk).exists()


def test_the_second_factor_is_asked_for_all_the_same(client, provider, moderator):
    from broadsheet.accounts.tests.ways import give_app

    give_app(moderator)
    account_of(user=moderator, url=provider.url)
    assert come_back(client, provider).url == "/accounts/second-factor/sign-in/"
    assert not is_signed_in(client)


def test_a_closed_account_stays_closed(client, provider, reader):
    reader.is_active = False
    reader.save()
    account_of(user=reader, url=provider.url)
    assert come_back(client, provider).url == "/accounts/inactive/"
    assert not is_signed_in(client)


def test_who_turns_back_there_is_told_so(client, provider):
    assert come_back(client, provider, error="access_denied").url == "/accounts/with/cancelled/"
    assert "You turned back" in client.get("/accounts/with/cancelled/").text


def test_a_provider_that_is_away_breaks_nothing(client, provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS["oidc"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = client.post("/accounts/with/oidc/")
    assert answer.status_code == 401 and "could not be used" in answer.text


@pytest.mark.parametrize("name", ["google", "microsoft", "github", "facebook", "oidc"])
def test_a_provider_that_is_not_set_is_not_there(client, name):
    assert client.post(f"/accounts/with/{name}/").status_code == 404
    assert client.get(f"/accounts/with/{name}/back/").status_code == 404
    assert f"/accounts/with/{name}/" not in client.get("/accounts/login/").text


def test_a_link_alone_begins_nothing(client, provider):
    assert client.get("/accounts/with/oidc/").url == "/accounts/login/"
    assert provider.asked == []


def test_by_github_only_a_checked_address_is_believed(client, github):
    github.emails = [{"email": "oona@example.net", "primary": True, "verified": True}]
    assert come_back(client, github, "github").url == "/accounts/with/sign-up/"
    assert choose_name(client).url == "/"
    assert SocialAccount.objects.get().uid == "99" and EmailAddress.objects.get().verified


def test_by_github_an_unchecked_address_is_proved_by_code(client, github):
    github.emails = [{"email": "oona@example.net", "primary": True, "verified": False}]
    come_back(client, github, "github")
    assert choose_name(client, email="oona@example.net").url == "/accounts/confirm-email/"
    prove_address(client, last_code())
    assert is_signed_in(client)


def test_by_github_a_wrong_state_signs_nobody_in(client, github, reader):
    SocialAccount.objects.create(user=reader, provider="github", uid="99")
    assert come_back(client, github, "github", state="x" * 16).status_code == 401
    assert not is_signed_in(client)
    assert come_back(client, github, "github").url == "/" and is_signed_in(client)
