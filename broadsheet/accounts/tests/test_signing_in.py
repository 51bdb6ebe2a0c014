"""Signing up, in and out: a session of one's own, no account given away, no way to another site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache

from broadsheet.accounts.models import Reader
from broadsheet.accounts.tests.ways import WORDS, is_signed_in, prove_address, sign_in, sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
REDIRECTS = [json.loads(line) for line in (Path(__file__).parent / "redirects.jsonl").read_text().splitlines()]


@pytest.fixture(autouse=True)
def _no_limit_left_over():
    cache.clear()


def test_a_reader_signs_up_and_is_signed_in_when_the_address_is_proved(client):
    answer = sign_up(client)
    assert answer.url == "/accounts/confirm-email/"
    assert not is_signed_in(client)
    assert prove_address(client).url == "/"
    reader = Reader.objects.get(email="new@example.org")
    assert reader.name == "Nora New" and reader.check_password("correct horse battery")
    assert not (reader.is_staff or reader.is_superuser)
    assert client.get("/me/comments/").status_code == 200


@pytest.mark.parametrize("name", ["Ruth Reader", "ruth reader", "Rutн Rеаdеr", "Editor", "", "<svg onload=alert(1)>"])
def test_a_name_of_somebody_else_is_refused_with_a_sentence(client, reader, name):
    answer = sign_up(client, name=name)
    assert answer.status_code == 200
    assert not Reader.objects.filter(email="new@example.org").exists()
    assert b"errorlist" in answer.content and b"<svg onload" not in answer.content


def test_facts_that_are_not_asked_for_are_not_taken(client):
    sign_up(client, is_staff="1", is_superuser="1", groups="1")
    reader = Reader.objects.get(email="new@example.org")
    assert not (reader.is_staff or reader.is_superuser or reader.groups.exists())


def test_a_new_password_is_chosen_by_the_link_in_the_mail(client, reader):
    client.post("/accounts/password/reset/", {"email": "ruth@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/accounts/password/reset/key/" in word)
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "an entirely new phrase"})
    reader.refresh_from_db()
    assert reader.check_password("an entirely new phrase")


def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, reader):
    wrong, unknown = sign_in(client, password="not this one"), sign_in(client, email="nobody@example.org")
    assert wrong.status_code == unknown.status_code == 200
    told = [list(answer.context["form"].non_field_errors()) for answer in (wrong, unknown)]
    assert told[0] and told[0] == told[1]


def test_a_deactivated_account_does_not_sign_in(client, reader):
    reader.is_active = False
    reader.save()
    sign_in(client)
    assert client.get("/me/comments/").status_code == 302


def test_the_session_is_another_one_after_signing_in(client, reader):
    session = client.session
    session["draft"] = {"path": "/x/", "typed": "kept"}
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert client.session["draft"]["typed"] == "kept"


def test_the_browser_is_marked_while_somebody_is_signed_in(client, reader):
    answer = sign_in(client)
    assert answer.cookies["reader"].value == "1"
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/me/comments/").status_code == 200, "a GET signs nobody out"
    answer = client.post("/accounts/logout/")
    assert answer.cookies["reader"].value == ""
    assert client.get("/me/comments/").status_code == 302


def test_guessing_a_password_is_slowed_down(client, reader, settings):
    for _ in range(5):
        sign_in(client, password="a guess")
    assert b"Too many failed" in sign_in(client).content
    assert client.get("/me/comments/").status_code == 302


def test_guesses_are_counted_by_the_address_that_the_trusted_proxy_saw(client, settings):
    """Five accounts are tried twice each from one address that a client writes anew each time: it is not believed."""
    settings.TRUSTED_PROXIES = 1
    for number in range(11):
        client.post(
            "/accounts/login/",
            {"login": f"reader{number}@example.org", "password": "a guess"},
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 198.51.100.7",
        )
    last = client.post(
        "/accounts/login/",
        {"login": "reader99@example.org", "password": "a guess"},
        HTTP_X_FORWARDED_FOR="203.0.113.99, 198.51.100.7",
    )
    assert b"Too many failed" in last.content


@pytest.mark.parametrize("row", REDIRECTS, ids=lambda row: row["next"])
def test_signing_in_leads_only_to_pages_of_ours(client, reader, row):
    answer = sign_in(client, next=row["next"])
    assert answer.status_code == 302
    assert answer.url == (row["next"] if row["expect"] == "follow" else "/")


def test_an_administrator_s_address_needs_no_proof(client):
    Reader.objects.create_superuser("ada@example.org", "Ada Ash", WORDS)
    assert sign_in(client, email="ada@example.org").url == "/"


def test_a_mail_server_that_is_away_stops_nobody_and_is_told_to_the_log(client, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    assert sign_up(client).url == "/accounts/confirm-email/"
    assert "could not be sent" in caplog.text
    assert client.get("/accounts/confirm-email/").status_code == 200
