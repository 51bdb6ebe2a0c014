"""Guests: a name for one visit, where the newsroom wants it, and nothing besides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from broadsheet.accounts import guests, rules
from broadsheet.accounts.actions import GUESTS_ADDRESS, SHORTEST_INTENT, guest_of, make_guest, rename
from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import LIMITS
from broadsheet.accounts.tests.ways import is_signed_in, sign_in
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable

pytestmark = pytest.mark.django_db


@pytest.fixture
def _open(settings):
    settings.GUESTS = True


@pytest.fixture
def visit(client, _open):
    """A browser in which a guest has entered, as the form for a comment does it."""
    request = RequestFactory().post("/")
    request.session = client.session
    request.session["draft"] = "kept"
    guest = guests.enter(request, "Gus Guest")
    request.session.save()
    client.cookies["session"] = request.session.session_key
    return guest


def test_there_are_no_guests_unless_the_newsroom_wants_them():
    with pytest.raises(Refused):
        make_guest(name="Gus Guest")
    assert not Reader.objects.exists()


def test_a_guest_has_a_name_and_no_way_to_sign_in(_open, client):
    guest = make_guest(name="Gus Guest")
    assert guest.is_guest and not guest.has_usable_password() and guest.email.endswith(f"@{GUESTS_ADDRESS}")
    assert rules.is_verified(guest)
    assert sign_in(client, guest.email, "").status_code == 200 and not is_signed_in(client)


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize("name", ["Ruth Reader", "rutн reader", "Moderator", "", "\u202egus", "<b>Gus</b>"])
def test_a_guest_s_name_is_checked_like_all_names(reader, name):
    with pytest.raises(Unacceptable):
        make_guest(name=name)


@pytest.mark.usefixtures("_open")
def test_two_guests_of_one_day_do_not_share_a_name_and_a_member_may_have_it(monkeypatch):
    make_guest(name="Gus Guest")
    with pytest.raises(Unacceptable):
        make_guest(name="gus guest")
    assert not rules.is_name_taken("Gus Guest", clock.now())
    tomorrow = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert make_guest(name="Gus Guest").name == "Gus Guest"


@pytest.mark.usefixtures("_open")
def test_a_guest_comes_again_with_the_same_form_for_a_day_and_with_no_other(monkeypatch):
    guest = make_guest(name="Gus Guest", intent="a" * SHORTEST_INTENT)
    assert guest_of("a" * SHORTEST_INTENT) == guest
    assert guest_of("b" * SHORTEST_INTENT) is guest_of("") is None
    tomorrow = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert guest_of("a" * SHORTEST_INTENT) is None
    assert make_guest(name="Gus Guest", intent="a" * SHORTEST_INTENT) != guest


def test_a_guest_is_signed_in_for_the_visit_and_what_was_typed_stays(client, visit):
    assert is_signed_in(client) and client.session["draft"] == "kept"
    assert client.session.get_expire_at_browser_close()
    assert client.session[LIMITS]["until"] <= clock.now().timestamp() + 24 * 3600


def test_a_guest_cannot_change_their_name(visit):
    with pytest.raises(Refused, match="for one visit"):
        rename(reader=visit, name="Gil Guest")


@pytest.mark.parametrize(
    "page",
    ["email/", "password/set/", "password/change/", "methods/", "sessions/", "name/", "second-factor/app/", "with/"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_guest_has_no_account_to_look_after(client, visit, page, method):
    answer = getattr(client, method)(f"/accounts/{page}", {"email": "g@example.org", "action_add": "1"})
    assert answer.status_code == 302 and "/accounts/login/" in answer.url
    visit.refresh_from_db()
    assert not visit.has_usable_password() and visit.email.endswith(f"@{GUESTS_ADDRESS}")


def test_a_guest_may_sign_in_to_an_account_of_theirs(client, visit, reader):
    assert client.get("/accounts/login/").status_code == 200
    assert sign_in(client).url == "/"
    assert client.session["_auth_user_id"] == str(reader.pk)


def test_a_guest_may_end_the_visit(client, visit):
    assert "Your visit under this name ends" in client.get("/accounts/logout/").text
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_a_guest_is_turned_away_from_the_newsroom_s_pages(client, visit):
    assert client.get("/desk/").status_code == 403
    assert client.get("/moderation/").status_code in {302, 403, 404}


def test_where_guests_are_no_longer_wanted_they_are_not_verified(visit, settings):
    settings.GUESTS = False
    assert not rules.is_verified(visit)


@pytest.mark.usefixtures("_open")
def test_a_new_name_for_each_comment_is_no_way_round_the_pace(story):
    """Each guest has a pace of their own, so their number is what is limited."""
    answers = []
    for number in range(guests.GUESTS_PER_HOUR + 1):
        client = Client(REMOTE_ADDR="192.0.2.9")
        facts = {"name": f"Gus {'abcdefghjkmnpqrstuvwxyz'[number] * 3}", "body": f"Words {number}."}
        answers.append(client.post(f"/stories/{story.pk}/comments/new/", facts))
    assert [answer.status_code for answer in answers] == [303] * guests.GUESTS_PER_HOUR + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= guests.HOUR
    assert Reader.objects.filter(is_guest=True).count() == guests.GUESTS_PER_HOUR
    other = Client(REMOTE_ADDR="192.0.2.10")
    assert other.post(f"/stories/{story.pk}/comments/new/", {"name": "Gil", "body": "Mine."}).status_code == 303
