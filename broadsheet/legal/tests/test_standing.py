"""A sanction and its statement of reasons, as the reader meets them: their page, the letter, the appeal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.legal.models import Statement
from broadsheet.legal.statements import address_of
from broadsheet.moderation.people.actions import acknowledge, sanction
from broadsheet.notifications.items import still_standing
from broadsheet.notifications.models import Notification

pytestmark = pytest.mark.django_db


def test_the_way_from_one_s_standing_and_from_the_letter_to_the_statement(client, newcomer, moderator):
    held = sanction(
        moderator=moderator, reader=newcomer, kind="suspension", reason="abusive", until=clock.now() + timedelta(days=3)
    )
    statement = Statement.objects.get(sanction=held.pk)
    client.force_login(newcomer)
    page = client.get("/me/standing/").content.decode()
    assert f'href="{address_of(statement)}"' in page and "how to appeal" in page
    assert client.get(address_of(statement)).status_code == 200
    (item,) = still_standing(newcomer, Notification.objects.values_list("pk", flat=True))
    assert item.told.address == address_of(statement)


def test_a_warning_restricts_nothing_and_has_none(client, newcomer, moderator, settings):
    settings.CONTACT = "desk@example.org"
    held = sanction(moderator=moderator, reader=newcomer, kind="warning", reason="abusive")
    acknowledge(reader=newcomer, sanction=held)
    client.force_login(newcomer)
    page = client.get("/me/standing/").content.decode()
    assert not Statement.objects.exists() and "how to appeal" not in page and "write to the newsroom" in page
