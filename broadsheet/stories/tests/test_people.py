"""Accounts at the desk: an administrator notes expertise, corrects names and addresses, and leaves a trace of both."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts import rules
from broadsheet.accounts.tests.ways import ask_for_code, is_signed_in, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def edit(client, administrator, reader):
    client.force_login(administrator)

    def post(**facts):
        form = {"name": reader.name, "email": reader.email, "is_active": "on", "expertise": "", **facts}
        answer = client.post(f"/desk/users/edit/{reader.pk}/", form)
        reader.refresh_from_db()
        return answer

    return post


def test_an_administrator_notes_what_somebody_is_an_expert_in(edit, reader, client):
    assert edit(expertise="Bridge engineering").status_code == 302
    assert reader.expertise == "Bridge engineering"
    assert 'value="Bridge engineering"' in client.get(f"/desk/users/edit/{reader.pk}/").text


@pytest.mark.parametrize("who", ["reader", "moderator", "reporter", "editor"])
def test_nobody_else_does(request, who, client, newcomer):
    client.force_login(request.getfixturevalue(who))
    form = {"name": newcomer.name, "email": newcomer.email, "is_active": "on", "expertise": "Everything"}
    client.post(f"/desk/users/edit/{newcomer.pk}/", form)
    newcomer.refresh_from_db()
    assert newcomer.expertise == ""


def test_a_name_changed_at_the_desk_is_kept_in_the_history(edit, reader):
    edit(name="Ruth Rowan")
    assert reader.name == "Ruth Rowan" and [each.before for each in reader.name_changes.all()] == ["Ruth Reader"]
    assert reader.name_changed_at
    edit(expertise="Bridges", name="Ruth Rowan")
    assert reader.name_changes.count() == 1


def test_a_name_somebody_gave_up_lately_is_not_given_to_another(edit, reader, newcomer):
    from broadsheet.accounts.actions import rename

    rename(reader=newcomer, name="Nat Newman")
    assert "is taken" in edit(name="Ned Newcomer").content.decode()
    assert reader.name == "Ruth Reader"


def test_an_address_changed_at_the_desk_is_to_be_proved_and_the_old_one_signs_nobody_in(edit, reader):
    cache.clear()
    edit(email="ruth.rowan@example.org")
    assert not EmailAddress.objects.filter(user=reader).exists() and not rules.is_verified(reader)
    old, new = Client(), Client()
    ask_for_code(old, "ruth@example.org")
    assert not is_signed_in(old)
    assert sign_in(new, "ruth.rowan@example.org").url == "/accounts/confirm-email/"
