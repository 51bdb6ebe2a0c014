"""What somebody typed before they were signed in is still there when they are, whichever way they come in."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from broadsheet.accounts.tests.ways import (
    app_code,
    ask_for_code,
    give_app,
    prove_address,
    sign_in,
    sign_in_by_code,
    sign_up,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
WORDS = "I walked across it this morning, and it shook."


@pytest.fixture
def typed(client, story):
    """Somebody signed out has sent their words; returns where they want to go on."""
    cache.clear()
    path = f"/stories/{story.pk}/comments/new/"
    answer = client.post(path, {"body": WORDS})
    assert answer.status_code == 403
    assert re.search(r"/accounts/login/\?next=[^\"]+", answer.text)
    return path


def test_through_signing_up_and_the_code(client, typed):
    sign_up(client, query=f"?next={typed}", next=typed)
    assert prove_address(client).url == typed
    assert WORDS in client.get(typed).text


def test_through_signing_up_when_the_code_was_mistyped_and_sent_again(client, typed):
    sign_up(client, next=typed)
    prove_address(client, "BBBB-BBBB")
    cache.clear()
    client.post("/accounts/confirm-email/", {"action": "resend"})
    assert prove_address(client).url == typed
    assert WORDS in client.get(typed).text


def test_through_signing_in_by_password(client, typed, reader):
    assert sign_in(client, next=typed).url == typed
    assert WORDS in client.get(typed).text


def test_through_signing_in_by_code(client, typed, reader):
    ask_for_code(client, query=f"?next={typed}")
    assert sign_in_by_code(client, query=f"?next={typed}").url == typed
    assert WORDS in client.get(typed).text


def test_through_the_second_factor(client, typed, reader):
    secret = give_app(reader)
    sign_in(client, next=typed)
    assert client.post("/accounts/second-factor/sign-in/", {"code": app_code(secret)}).url == typed
    assert WORDS in client.get(typed).text


def test_nobody_else_who_signs_in_at_this_browser_later_finds_them(client, typed, reader, newcomer):
    sign_in(client)
    client.post("/accounts/logout/")
    sign_in(client, "ned@example.org")
    assert WORDS not in client.get(typed).text
