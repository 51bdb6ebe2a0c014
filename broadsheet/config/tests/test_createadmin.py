"""`broadsheet createadmin` takes good passwords and free names only."""

from __future__ import annotations

import io
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from broadsheet.accounts.models import Reader

GOOD = "four words chosen by dice"
pytestmark = pytest.mark.django_db


@pytest.fixture
def create(monkeypatch):
    def run(email="ada@example.org", name="Ada Ash", password=GOOD):
        monkeypatch.setattr(sys, "stdin", io.StringIO(password + "\n"))
        call_command("createadmin", email=email, name=name, password_stdin=True, stdout=io.StringIO())

    return run


def test_an_administrator_may_sign_in_with_the_password(create):
    create(email="Ada@Example.ORG")
    ada = Reader.objects.get(email="ada@example.org")
    assert ada.is_superuser
    assert ada.is_staff
    assert ada.check_password(GOOD)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"password": "short"}, "at least 15 characters"),
        ({"password": "password123"}, "too common"),
        ({"password": "ada@example.org"}, "too similar"),
        ({"password": ""}, "at least 15 characters"),
        ({"email": "ada"}, "'ada' is no e-mail address"),
        ({"name": "Ada \u202eAsh"}, "invisible characters"),
        ({"name": "Moderator"}, "kept for the newsroom.*“Moderator”"),
        ({"name": "Ada Editor"}, "kept for the newsroom.*“Editor”"),
        ({"name": f"{settings.SITE_NAME} Ada"}, f"kept for the newsroom.*“{settings.SITE_NAME}”"),
    ],
)
def test_a_poor_choice_is_refused_with_a_sentence(create, facts, sentence):
    with pytest.raises(CommandError, match=sentence):
        create(**facts)
    assert not Reader.objects.exists()


def test_a_taken_address_or_a_name_that_looks_like_anothers_is_refused(create):
    create()
    with pytest.raises(CommandError, match=r"address ada@example\.org already"):
        create(name="Somebody Else")
    with pytest.raises(CommandError, match="too like it"):
        create(email="other@example.org", name="ADA  ASH")


def test_without_a_terminal_it_says_what_to_give(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="give --email, --name and --password-stdin"):
        call_command("createadmin")
    with pytest.raises(CommandError, match="give --email, --name and --password-stdin"):
        call_command("createadmin", email="ada@example.org", name="Ada Ash")
