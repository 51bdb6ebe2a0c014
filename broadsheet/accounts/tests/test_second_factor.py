"""Second factors: asked of staff before their pages open, good once, kept unreadable."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts import rules
from broadsheet.accounts.models import UsedToken
from broadsheet.accounts.tests.ways import (
    app_code,
    ask_for_code,
    give_app,
    is_signed_in,
    say_again,
    sign_in,
    sign_in_by_code,
)

pytestmark = pytest.mark.django_db
FACTOR = "/accounts/second-factor/"


@pytest.fixture(autouse=True)
def _required(settings):
    cache.clear()
    settings.STAFF_SECOND_FACTOR = True


def signed_in(email) -> Client:
    client = Client()
    assert sign_in(client, email).status_code == 302
    return client


@pytest.mark.any_database
@pytest.mark.parametrize("who", ["moderator", "reporter", "editor", "photo_editor", "administrator"])
@pytest.mark.parametrize("page", ["/desk/", "/moderation/", "/desk/images/", "/moderation/reported/"])
def test_staff_without_a_second_factor_are_led_to_set_one_up(request, who, page):
    person = request.getfixturevalue(who)
    assert rules.needs_second_factor(person)
    answer = signed_in(person.email).get(page)
    if answer.status_code == 403:
        assert who == "moderator" and page.startswith("/desk/"), "moderators who write nothing have no business there"
    else:
        assert answer.url.startswith("/accounts/methods/?next=")


@pytest.mark.any_database
@pytest.mark.parametrize("who", ["moderator", "administrator"])
def test_no_act_of_theirs_is_done_without_it(request, who, make_comment):
    person, comment = request.getfixturevalue(who), make_comment(status="pending")
    client = signed_in(person.email)
    for headers in ({}, {"Accept": "application/json"}):
        answer = client.post(
            f"/moderation/comments/{comment.pk}/decide/", {"seen": "pending", "after": "published"}, headers=headers
        )
        assert (
            answer.status_code == 403 and "second factor" in json.loads(answer.content).get("refused", "")
            if headers
            else True
        )
    comment.refresh_from_db()
    assert comment.status == "pending"


def test_readers_are_not_asked_for_one(client, reader):
    sign_in(client)
    assert not rules.needs_second_factor(reader)
    assert client.get("/me/comments/").status_code == 200


def test_where_the_newsroom_does_not_ask_for_it_staff_come_in_without(settings, moderator):
    settings.STAFF_SECOND_FACTOR = False
    assert not rules.needs_second_factor(moderator)
    assert signed_in("mona@example.org").get("/moderation/", follow=True).status_code == 200


def test_somebody_who_joins_the_staff_is_asked_from_then_on(client, reader):
    sign_in(client)
    reader.is_staff = True
    reader.save()
    assert client.get("/moderation/").url.startswith("/accounts/methods/")


@pytest.mark.any_database
def test_a_moderator_sets_up_an_app_and_enters(moderator, monkeypatch, settings):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_: act())  # as outside a test, in the request
    client = signed_in("mona@example.org")
    assert client.get(f"{FACTOR}app/").url.startswith("/accounts/reauthenticate/"), "the password once more"
    say_again(client, following=f"{FACTOR}app/")
    secret = client.get(f"{FACTOR}app/").context["form"].secret
    wrong = client.post(f"{FACTOR}app/", {"code": "000000"})
    assert wrong.status_code == 200 and not rules.has_second_factor(moderator)
    answer = client.post(f"{FACTOR}app/", {"code": app_code(secret)})
    assert answer.url == f"{FACTOR}codes/" and rules.has_second_factor(moderator)
    assert client.get("/moderation/", follow=True).request["PATH_INFO"].startswith("/moderation/")
    codes = client.get(f"{FACTOR}codes/").context["unused_codes"]
    assert len(codes) == 10
    assert set(client.get(f"{FACTOR}codes/").context["unused_codes"]) == {"****"}, "shown once"
    (told,) = [message for message in mail.outbox if "Authenticator" in message.subject]
    assert told.from_email == f"{settings.SITE_NAME} <{settings.DEFAULT_FROM_EMAIL}>", "its owner hears of it"
    assert re.search(r"It was done on \w{3} \w{3} \d\d?, \d{4} \d\d?:\d\d[ap]m E[SD]T from the address", told.body)


def test_the_secret_cannot_be_read_in_the_database(moderator):
    secret = give_app(moderator)
    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def test_after_the_key_of_the_site_was_changed_no_code_is_right(moderator, settings):
    secret = give_app(moderator)
    settings.SECRET_KEY = "another " * 10
    client = Client()
    sign_in(client, "mona@example.org")
    assert client.post(f"{FACTOR}sign-in/", {"code": app_code(secret)}).status_code == 200
    assert not is_signed_in(client)


def test_signing_in_takes_both(moderator):
    secret = give_app(moderator)
    client = Client()
    assert sign_in(client, "mona@example.org").url == f"{FACTOR}sign-in/"
    assert not is_signed_in(client)
    assert client.get("/moderation/").status_code in {302, 403, 404}
    client.post(f"{FACTOR}sign-in/", {"code": app_code(secret)})
    assert is_signed_in(client)
    assert client.get("/moderation/", follow=True).status_code == 200


def test_a_code_by_mail_does_not_stand_for_the_second_factor(moderator):
    give_app(moderator)
    client = Client()
    ask_for_code(client, "mona@example.org")
    assert sign_in_by_code(client).url == f"{FACTOR}sign-in/"
    assert not is_signed_in(client)


def test_a_new_password_does_not_stand_for_the_second_factor(moderator):
    give_app(moderator)
    client = Client()
    client.post("/accounts/password/reset/", {"email": "mona@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "an entirely new phrase"})
    assert sign_in(client, "mona@example.org", "an entirely new phrase").url == f"{FACTOR}sign-in/"
    assert not is_signed_in(client)


@pytest.mark.parametrize("written", ["{}", " {} ", "{0[0]}-{0[1]}"])
def test_a_code_is_good_once_however_it_is_written(moderator, written):
    secret = give_app(moderator)
    code = app_code(secret)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "mona@example.org")
    first.post(f"{FACTOR}sign-in/", {"code": code})
    cache.clear()  # another process knows nothing of this one's memory
    second.post(f"{FACTOR}sign-in/", {"code": written.format(code) if "0" not in written else f"{code[:3]}-{code[3:]}"})
    assert is_signed_in(first) and not is_signed_in(second)
    assert UsedToken.objects.count() == 1


def test_a_recovery_code_lets_in_once(moderator):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    give_app(moderator)
    code = RecoveryCodes.activate(moderator).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "mona@example.org")
        client.post(f"{FACTOR}sign-in/", {"code": code})
    assert is_signed_in(first) and not is_signed_in(second)


def test_guessing_codes_is_slowed_down(moderator):
    secret = give_app(moderator)
    client = Client()
    sign_in(client, "mona@example.org")
    for _ in range(6):
        client.post(f"{FACTOR}sign-in/", {"code": "000000"})
    answer = client.post(f"{FACTOR}sign-in/", {"code": app_code(secret)})
    assert "Too many failed attempts" in answer.text and not is_signed_in(client)


def test_a_session_that_never_showed_the_factor_has_to_before_it_enters(moderator):
    """Signed in before the factor was set up elsewhere, or by a way that asks for none."""
    client = signed_in("mona@example.org")
    secret = give_app(moderator)
    answer = client.get("/moderation/")
    assert answer.url == f"{FACTOR}again/?next=%2Fmoderation%2F"
    client.post(answer.url, {"code": app_code(secret), "next": "/moderation/"})
    assert client.get("/moderation/", follow=True).request["PATH_INFO"].startswith("/moderation/")


def test_taking_the_app_away_closes_the_door_again(moderator):
    secret = give_app(moderator)
    client = Client()
    sign_in(client, "mona@example.org")
    client.post(f"{FACTOR}sign-in/", {"code": app_code(secret)})
    assert client.post(f"{FACTOR}app/remove/").url.startswith("/accounts/reauthenticate/")
    assert rules.has_second_factor(moderator)
    say_again(client, following=f"{FACTOR}app/remove/")
    client.post(f"{FACTOR}app/remove/")
    assert not rules.has_second_factor(moderator)
    assert client.get("/moderation/").url.startswith("/accounts/methods/")


@pytest.mark.parametrize(
    "page",
    ["app/", "app/remove/", "codes/", "codes/new/", "passkeys/new/", "passkeys/1/remove/", "passkeys/again/", "again/"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_who_is_signed_out_touches_a_factor(client, page, method):
    answer = getattr(client, method)(f"{FACTOR}{page}")
    assert answer.status_code == 302 and "/accounts/login/" in answer.url


def test_somebody_else_s_passkey_is_nobody_s_to_remove(client, reader, moderator):
    passkey = Authenticator.objects.create(user=moderator, type="webauthn", data={"name": "Mona's", "credential": {}})
    sign_in(client)
    say_again(client)
    assert client.post(f"{FACTOR}passkeys/{passkey.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


JUNK = [
    "",
    "null",
    "[]",
    "{}",
    '"x"',
    "1",
    '{"id": 1}',
    '{"id": "AA", "response": {}}',
    "{" * 50,
    '{"response": {"userHandle": "\\u0000"}}',
]
JUNK += [
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "AA",
                "attestationObject": "AA",
                "authenticatorData": "AA",
                "signature": "AA",
                "userHandle": handle,
            },
        }
    )
    for handle in ("AA", None, "MQ", "!!")
]


@pytest.mark.any_database
@pytest.mark.parametrize("credential", JUNK)
def test_what_no_browser_has_made_signs_nobody_in_and_breaks_nothing(client, reader, credential):
    asked = client.get(f"{FACTOR}passkeys/sign-in/", headers={"Accept": "application/json"})
    assert asked.json()["request_options"]["publicKey"]["userVerification"] == "required"
    assert client.post(f"{FACTOR}passkeys/sign-in/", {"credential": credential}).status_code in {200, 302}
    assert not is_signed_in(client)


@pytest.mark.parametrize("credential", JUNK)
def test_what_no_browser_has_made_is_no_new_passkey(client, reader, credential):
    sign_in(client)
    say_again(client)
    page = client.get(f"{FACTOR}passkeys/new/")
    assert (
        page.context["js_data"]["creation_options"]["publicKey"]["authenticatorSelection"]["residentKey"] == "required"
    )
    assert client.post(f"{FACTOR}passkeys/new/", {"name": "x", "credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()
