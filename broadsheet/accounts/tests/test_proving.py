"""Proving an address by the code in its mail, and signing in by code: once, for ten minutes, and three tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts import clocks, rules
from broadsheet.accounts.models import Reader
from broadsheet.accounts.tests.ways import (
    NEW_WORDS,
    WORDS,
    ask_for_code,
    code_in,
    is_signed_in,
    last_code,
    prove_address,
    say_again,
    sign_in,
    sign_in_by_code,
    sign_up,
)
from broadsheet.core import clock

pytestmark = pytest.mark.django_db
heard = []


def listener(reader):
    heard.append(reader.email)


@pytest.fixture(autouse=True)
def _quiet(settings):
    cache.clear()
    heard.clear()
    settings.ACCOUNT_LISTENERS = [f"{__name__}.listener"]


def later(settings, seconds, monkeypatch):
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)


def test_who_has_proved_their_address_is_verified_and_whoever_waits_for_it_is_told(client):
    sign_up(client)
    reader = Reader.objects.get(email="new@example.org")
    assert not rules.is_verified(reader) and heard == []
    prove_address(client)
    assert rules.is_verified(reader) and heard == ["new@example.org"]


def test_after_the_code_one_is_where_one_wanted_to_be(client):
    sign_up(client, next="/about/")
    assert prove_address(client).url == "/about/"


def test_the_code_is_printed_where_there_is_no_mail_server_and_the_page_says_nothing_of_it(client, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = sign_up(client)
    printed = capsys.readouterr().out
    code = code_in(type("Printed", (), {"body": printed}))
    assert code.encode() not in client.get(page.url).content
    assert prove_address(client, code).url == "/"


@pytest.mark.parametrize("code", ["BBBB-BBBB", "", "0", "\0", "x" * 10_000])
def test_a_wrong_code_proves_nothing(client, code):
    sign_up(client)
    answer = client.post("/accounts/confirm-email/", {"code": code, "action": "verify"})
    assert answer.status_code == 200 and b"form-wrong" in answer.content
    assert not EmailAddress.objects.get(email="new@example.org").verified and not is_signed_in(client)


def test_after_three_wrong_codes_the_right_one_is_no_longer_good(client):
    sign_up(client)
    right = last_code()
    for _ in range(3):
        prove_address(client, "BBBB-BBBB")
    prove_address(client, right)
    assert not EmailAddress.objects.get(email="new@example.org").verified


def test_after_ten_minutes_the_code_is_no_longer_good(client, settings, monkeypatch):
    sign_up(client)
    right = last_code()
    later(settings, 601, monkeypatch)
    prove_address(client, right)
    assert not EmailAddress.objects.get(email="new@example.org").verified


def test_the_code_of_one_browser_is_no_good_in_another(client):
    sign_up(client)
    assert prove_address(Client(), last_code()).url == "/accounts/login/"
    assert not EmailAddress.objects.get(email="new@example.org").verified


def test_another_code_takes_the_place_of_the_first(client):
    sign_up(client)
    first = last_code()
    cache.clear()  # ten seconds later
    client.post("/accounts/confirm-email/", {"action": "resend"})
    assert len(mail.outbox) == 2 and last_code() != first
    prove_address(client, first)
    assert not is_signed_in(client)
    prove_address(client, last_code())
    assert is_signed_in(client)


def test_the_password_of_an_address_that_is_not_proved_lets_nobody_in(client):
    sign_up(client)
    other = Client()
    cache.clear()
    assert sign_in(other, "new@example.org", NEW_WORDS).url == "/accounts/confirm-email/"
    assert not is_signed_in(other)
    prove_address(other)
    assert is_signed_in(other)


def test_a_reader_signs_in_by_a_code_sent_by_mail(client, reader):
    assert ask_for_code(client, query="?next=/about/").url == "/accounts/login/code/confirm/?next=%2Fabout%2F"
    assert mail.outbox[0].to == ["ruth@example.org"] and not is_signed_in(client)
    assert sign_in_by_code(client, query="?next=/about/").url == "/about/"
    assert is_signed_in(client)


def test_a_sign_in_code_is_good_once_and_for_its_own_browser(client, reader):
    ask_for_code(client)
    code = last_code()
    assert not is_signed_in(client)
    other = Client()
    sign_in_by_code(other, code)
    assert not is_signed_in(other)
    sign_in_by_code(client, code)
    client.post("/accounts/logout/")
    sign_in_by_code(client, code)
    assert not is_signed_in(client)


def test_a_sign_in_code_is_good_for_ten_minutes(client, reader, settings, monkeypatch):
    ask_for_code(client)
    later(settings, 601, monkeypatch)
    sign_in_by_code(client)
    assert not is_signed_in(client)


def test_a_deactivated_account_gets_no_sign_in_code(client, reader):
    reader.is_active = False
    reader.save()
    ask_for_code(client)
    assert "No account" in mail.outbox[0].body


def test_a_guest_s_address_is_nobody_s_to_sign_up_with(client):
    assert b"at which you get mail" in sign_up(client, email="guest-1@guests.invalid").content


def test_who_signed_up_with_somebody_else_s_address_does_not_come_in_when_its_owner_does(client):
    """The stranger chose a password and cannot read the mail; the owner finds an account and signs in by code."""
    stranger, owner = Client(), client
    sign_up(stranger, email="owner@example.org", name="Sly Stranger")
    reader = Reader.objects.get(email="owner@example.org")
    SocialAccount.objects.create(user=reader, provider="github", uid="4711")
    cache.clear()
    ask_for_code(owner, "owner@example.org")
    sign_in_by_code(owner)
    assert is_signed_in(owner)
    assert sign_in(Client(), "owner@example.org", NEW_WORDS).status_code == 200
    reader.refresh_from_db()
    assert not reader.has_usable_password() and not SocialAccount.objects.exists()


def test_who_has_signed_in_before_keeps_their_password_when_they_sign_in_by_code(client, reader):
    sign_in(client)
    client.post("/accounts/logout/")
    ask_for_code(client)
    sign_in_by_code(client)
    reader.refresh_from_db()
    assert reader.check_password(WORDS)


def change_address(client, email="ruth2@example.org"):
    return client.post("/accounts/email/", {"email": email, "action_add": "1"})


def test_a_new_address_takes_the_old_one_s_place_when_its_code_is_typed(client, reader):
    sign_in(client)
    assert change_address(client).url.startswith("/accounts/reauthenticate/")
    say_again(client, following="/accounts/email/")
    cache.clear()
    change_address(client)
    reader.refresh_from_db()
    assert reader.email == "ruth@example.org" and mail.outbox[-1].to == ["ruth2@example.org"]
    prove_address(client)
    reader.refresh_from_db()
    assert reader.email == "ruth2@example.org"
    assert list(EmailAddress.objects.filter(user=reader).values_list("email", "verified")) == [
        ("ruth2@example.org", True)
    ]
    assert mail.outbox[-1].to == ["ruth@example.org"], "the old address hears of it"
    assert heard == ["ruth2@example.org"]


def test_a_new_address_that_belongs_to_another_account_is_not_taken(client, reader, newcomer):
    sign_in(client)
    change_address(client)
    say_again(client, following="/accounts/email/")
    cache.clear()
    change_address(client, "ned@example.org")
    prove_address(client)
    reader.refresh_from_db()
    assert reader.email == "ruth@example.org"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["email/", "password/change/", "password/set/", "methods/", "sessions/", "name/"])
def test_nobody_who_is_signed_out_looks_after_an_account(client, page, method):
    answer = getattr(client, method)(f"/accounts/{page}")
    assert answer.status_code == 302 and answer.url.startswith("/accounts/login/")


def test_who_has_no_password_signs_in_again_before_something_that_matters(client, reader, settings, monkeypatch):
    reader.set_unusable_password()
    reader.save()
    ask_for_code(client)
    sign_in_by_code(client)
    assert client.get("/accounts/password/set/").status_code == 200, "signed in a moment ago"
    later(settings, 16 * 60, monkeypatch)
    answer = client.post("/accounts/password/set/", {"password1": "an entirely new phrase"})
    assert answer.url == "/accounts/again/?next=%2Faccounts%2Fpassword%2Fset%2F"
    assert change_address(client).url.startswith("/accounts/again/")
    answer = client.post("/accounts/again/?next=/accounts/password/set/")
    assert answer.url == "/accounts/login/?next=%2Faccounts%2Fpassword%2Fset%2F" and not is_signed_in(client)


def test_an_account_whose_address_is_never_proved_is_forgotten_after_a_week(client, reader):
    sign_up(client)
    now = clock.now()
    assert clocks.sign_ups(now + timedelta(days=6))[0] == 0
    assert clocks.sign_ups(now + timedelta(days=8))[0] == 1
    assert list(Reader.objects.all()) == [reader]


def test_an_account_made_at_the_desk_waits_for_its_owner(reader):
    made = Reader(email="dora@example.org", name="Dora Dale")
    made.set_password(WORDS)
    made.save()
    later_on = clock.now() + timedelta(days=100)
    assert rules.is_name_taken("Dora Dale", later_on)
    assert clocks.sign_ups(later_on)[0] == 0
