"""Whose address has an account is told to nobody: both answers are the same, byte for byte, and so is the work."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts.models import HeldName, Reader
from broadsheet.accounts.rules import is_name_taken
from broadsheet.accounts.tests.ways import say_again, sign_in
from broadsheet.core import clock

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "ruth@example.org", "roth@example.org"
TOKENS = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(autouse=True)
def _no_limit_left_over():
    cache.clear()


def as_seen(answer, email):
    """What a stranger sees of an answer, without the tokens and the address they typed themselves."""
    headers = {name: value for name, value in answer.items() if name not in {"Content-Length", "Expires"}}
    cookies = {name: re.sub(r"=[^;]*;", "=;", str(morsel), count=1) for name, morsel in answer.cookies.items()}
    cookies = {name: re.sub(r"expires=[^;]*", "", text) for name, text in cookies.items()}
    body = TOKENS.sub(b"", answer.content).replace(email.encode(), b"ADDRESS")
    return answer.status_code, headers, cookies, body


def sequence(email, steps):
    """The answers to a sequence of requests in a browser of its own, each as seen."""
    cache.clear()
    client, seen = Client(), []
    for method, path, form in steps:
        answer = getattr(client, method)(path, {name: value.format(email=email) for name, value in form.items()})
        seen.append(as_seen(answer, email))
    return seen


SIGN_UP = {"email": "{email}", "name": "Gert Green", "password1": "correct horse battery"}
WRONG = {"code": "BBBB-BBBB", "action": "verify"}
SEQUENCES = {
    "signing up": [
        ("post", "/accounts/signup/", SIGN_UP),
        ("get", "/accounts/confirm-email/", {}),
        ("get", "/accounts/signup/", {}),
        ("get", "/accounts/login/", {}),
        ("post", "/accounts/confirm-email/", WRONG),
        ("post", "/accounts/confirm-email/", {"action": "resend"}),
        ("post", "/accounts/confirm-email/", WRONG),
        ("post", "/accounts/confirm-email/", {"action": "change", "email": "third@example.org"}),
        ("get", "/accounts/confirm-email/", {}),
        ("get", "/accounts/login/", {}),
    ],
    "signing up and starting again": [
        ("post", "/accounts/signup/", SIGN_UP),
        ("post", "/accounts/logout/", {}),
        ("get", "/accounts/confirm-email/", {}),
        ("post", "/accounts/signup/", {**SIGN_UP, "email": "third@example.org"}),  # the name is held in either case
    ],
    "signing in": [
        ("post", "/accounts/login/", {"login": "{email}", "password": "not this one, surely"}),
        ("get", "/accounts/login/", {}),
    ],
    "asking for a new password": [
        ("post", "/accounts/password/reset/", {"email": "{email}"}),
        ("get", "/accounts/password/reset/done/", {}),
    ],
    "asking for a code": [
        ("post", "/accounts/login/code/", {"email": "{email}"}),
        ("get", "/accounts/login/code/confirm/", {}),
        ("post", "/accounts/login/code/confirm/", WRONG),
        ("post", "/accounts/login/code/confirm/", {"action": "resend"}),
        ("post", "/accounts/login/code/confirm/", WRONG),
        ("post", "/accounts/login/code/confirm/", WRONG),
        ("get", "/accounts/login/code/confirm/", {}),
        ("get", "/accounts/login/", {}),
    ],
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_both_answers_are_the_same_byte_for_byte(reader, name):
    known = sequence(KNOWN, SEQUENCES[name])
    HeldName.objects.all().delete()
    unknown = sequence(UNKNOWN, SEQUENCES[name])
    for one, other, step in zip(known, unknown, SEQUENCES[name], strict=True):
        assert one == other, step


@pytest.mark.parametrize("name", ["signing up", "asking for a new password", "asking for a code"])
def test_each_asker_gets_one_mail_and_only_the_owner_learns_more(reader, name):
    step = SEQUENCES[name][:1]
    sequence(KNOWN, step)
    sequence(UNKNOWN, step if name != "signing up" else [(*step[0][:2], {**SIGN_UP, "name": "Hal Hill"})])
    assert [message.to for message in mail.outbox] == [[KNOWN], [UNKNOWN]]


def test_signing_up_with_a_known_address_makes_and_changes_nothing(reader, client):
    before = Reader.objects.values().get(pk=reader.pk)
    client.post("/accounts/signup/", {name: value.format(email=KNOWN) for name, value in SIGN_UP.items()})
    assert Reader.objects.count() == 1 and Reader.objects.values().get(pk=reader.pk) == before
    assert "You have one already" in mail.outbox[0].body and "Gert Green" not in mail.outbox[0].body


def test_a_name_tried_in_signing_up_is_held_for_an_hour_whether_or_not_an_account_was_made(reader, settings):
    """Otherwise asking for the name again would tell: it would be taken where the first try made an account."""
    for email, name in ((KNOWN, "Gert Green"), (UNKNOWN, "Hal Hill")):
        Client().post("/accounts/signup/", {**SIGN_UP, "email": email, "name": name})
    soon, later = clock.now() + timedelta(minutes=59), clock.now() + timedelta(minutes=61)
    assert [is_name_taken(name, soon) for name in ("Gert Green", "Hal Hill")] == [True, True]
    assert [is_name_taken(name, later) for name in ("Gert Green", "Hal Hill")] == [False, False]
    HeldName.objects.update(until=clock.now())
    Reader.objects.filter(name="Hal Hill").update(date_joined=clock.now() - settings.NAME_HOLD)
    Client().post("/accounts/signup/", {**SIGN_UP, "email": "third@example.org", "name": "Hal Hill"})
    assert Reader.objects.get(name="Hal Hill").email == "third@example.org"


def test_changing_one_s_address_tells_no_more(reader, newcomer):
    def asked(email):
        cache.clear()
        client, seen = Client(), []
        sign_in(client, newcomer.email)
        say_again(client, following="/accounts/email/")
        forms = [{"email": email, "action_add": "1"}, WRONG, {"action": "resend"}, WRONG]
        for path, form in zip(["/accounts/email/", *["/accounts/confirm-email/"] * 3], forms, strict=True):
            cache.clear()
            seen.append(as_seen(client.post(path, form), email))
            seen.append(as_seen(client.get("/accounts/confirm-email/"), email))
        return seen

    known = asked(KNOWN)
    assert known[0][1]["Location"] == "/accounts/confirm-email/", "a code is on its way, or seems to be"
    assert known == asked(UNKNOWN)


def test_a_name_that_is_taken_is_told_since_it_is_public(reader, client):
    answer = client.post("/accounts/signup/", {**SIGN_UP, "email": KNOWN, "name": "Ruth Reader"})
    other = Client().post("/accounts/signup/", {**SIGN_UP, "email": UNKNOWN, "name": "Ruth Reader"})
    assert as_seen(answer, KNOWN) == as_seen(other, UNKNOWN)
    assert b"is taken" in answer.content


class CountedHasher(MD5PasswordHasher):
    """Counts how often a password is hashed, which is nearly all that such an answer takes."""

    algorithm = "counted"
    times = 0

    def encode(self, password, salt):
        CountedHasher.times += 1
        return super().encode(password, salt)


def hashings(email, step):
    """How often the answer to one request hashes a password."""
    cache.clear()
    CountedHasher.times = 0
    method, path, form = step
    getattr(Client(), method)(path, {name: value.format(email=email) for name, value in form.items()})
    return CountedHasher.times


@pytest.mark.parametrize("name", ["signing up", "signing in"])
def test_a_password_is_hashed_as_often_in_either_case_so_that_the_time_tells_nothing(reader, settings, name):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    reader.set_password("a long enough pass phrase")
    reader.save()
    method, path, form = SEQUENCES[name][0]
    known = hashings(KNOWN, (method, path, {**form, "name": "Kim Katt"}))
    unknown = hashings(UNKNOWN, (method, path, {**form, "name": "Ute Unger"}))
    assert known == unknown > 0


def test_a_password_is_hashed_where_an_account_has_none_too(reader, settings):
    """Whom a code, a provider or a publisher signs in."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    reader.set_unusable_password()
    reader.save()
    step = SEQUENCES["signing in"][0]
    assert hashings(KNOWN, step) == hashings(UNKNOWN, step) > 0


def test_too_many_tries_are_told_alike(reader):
    def tried(email):
        client = Client()
        for _ in range(6):
            answer = sign_in(client, email, "a guess that is wrong")
        return as_seen(answer, email)

    one = tried(KNOWN)
    cache.clear()
    assert one == tried(UNKNOWN)
