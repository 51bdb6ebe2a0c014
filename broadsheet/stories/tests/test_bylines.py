"""Whoever stands on stories is spoken for by nobody else in the discussion."""

from __future__ import annotations

import pytest

from broadsheet.accounts.actions import make_guest, rename
from broadsheet.accounts.models import Reader
from broadsheet.accounts.tests.ways import sign_up
from broadsheet.core.refusals import Unacceptable
from broadsheet.stories.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def una():
    return Person.objects.create(name="Una Umber", slug="una-umber")


@pytest.mark.parametrize("name", ["Una Umber", "una  umber", "\N{CYRILLIC CAPITAL LETTER U}na Umber", "Úna Umber"])
def test_no_reader_signs_up_under_a_reporter_s_name_or_one_that_looks_like_it(client, una, name):
    answer = sign_up(client, name=name)
    assert answer.status_code == 200 and not Reader.objects.exists()


def test_nobody_renames_themselves_so_and_no_guest_is_called_so(una, reader, settings):
    settings.GUESTS = True
    with pytest.raises(Unacceptable):
        rename(reader=reader, name="Una Umber")
    with pytest.raises(Unacceptable):
        make_guest(name="Una Umber")


def test_the_reporter_s_own_account_may_have_the_name(una, reader):
    una.account = reader
    una.save()
    assert rename(reader=reader, name="Una Umber").name == "Una Umber"


def test_an_administrator_gives_it_to_whom_they_know(client, administrator, una, reader):
    client.force_login(administrator)
    form = {"name": "Una Umber", "email": reader.email, "is_active": "on", "expertise": ""}
    assert client.post(f"/desk/users/edit/{reader.pk}/", form).status_code == 302
    reader.refresh_from_db()
    assert reader.name == "Una Umber"


def test_other_names_are_free(client, una):
    sign_up(client, name="Uma Umber")
    assert Reader.objects.get().name == "Uma Umber"


def test_the_desk_ties_an_account_to_a_byline_by_its_name_and_lists_no_readers(client, una, reader, newcomer, editor):
    client.force_login(editor)
    address = f"/desk/people/edit/{una.pk}/"
    page = client.get(address).text
    assert editor.name in page, "the newsroom's own are offered"
    assert reader.name not in page and reader.email not in page and newcomer.name not in page
    sent = {"name": una.name, "slug": una.slug}
    refused = client.post(address, sent | {"account": reader.email})
    assert "There is no account of that name." in refused.text, "an address is nobody's business"
    assert client.post(address, sent | {"account": f" {reader.name.upper()} "}).status_code == 302
    una.refresh_from_db()
    assert una.account == reader
    assert f'value="{reader.name}"' in client.get(address).text
    client.post(address, sent | {"account": ""})
    una.refresh_from_db()
    assert una.account is None


def test_a_guest_and_the_account_of_another_byline_are_none_to_tie(client, una, reader, editor, settings):
    settings.GUESTS = True
    guest = make_guest(name="Gail Guest")
    Person.objects.create(name="Ruth Reader", slug="ruth-reader", account=reader)
    client.force_login(editor)
    for name, told in ((guest.name, "There is no account of that name."), (reader.name, "already exists")):
        sent = {"name": una.name, "slug": una.slug, "account": name}
        assert told in client.post(f"/desk/people/edit/{una.pk}/", sent).text, name
