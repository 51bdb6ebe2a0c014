"""Sessions: new at every turn, shorter for staff, and ended by their owner."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts import sessions
from broadsheet.accounts.browsers import browser_of
from broadsheet.accounts.tests.ways import (
    WORDS,
    app_code,
    ask_for_code,
    give_app,
    is_signed_in,
    say_again,
    sign_in,
    sign_in_by_code,
)

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


@pytest.fixture(autouse=True)
def _no_limit_left_over():
    cache.clear()


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""
    import time

    start, moved = time.time(), [0.0]
    monkeypatch.setattr(time, "time", lambda: start + moved[0])

    def move(seconds):
        moved[0] += seconds

    return move


def own_page(client):
    return client.get("/me/comments/").status_code


@pytest.mark.parametrize("way", ["password", "code"])
def test_the_session_s_key_is_new_after_signing_in(client, reader, way):
    before = client.session
    before["kept"] = "x"
    before.save()
    if way == "password":
        sign_in(client)
    else:
        ask_for_code(client)
        sign_in_by_code(client)
    assert client.session.session_key != before.session_key and client.session["kept"] == "x"
    assert not Session.objects.filter(pk=before.session_key).exists()


def set_up_app(client):
    secret = client.get("/accounts/second-factor/app/").context["form"].secret
    return client.post("/accounts/second-factor/app/", {"code": app_code(secret)})


@pytest.mark.any_database
@pytest.mark.parametrize("step", ["password", "second factor", "new second factor"])
def test_the_session_s_key_is_new_whenever_somebody_shows_who_they_are(client, moderator, step, monkeypatch):
    """Whoever had the old key would do what was asked for this; the reader's list goes on with the same session."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_: act())  # as outside a test, in the request
    sign_in(client, "mona@example.org")
    if step == "new second factor":
        say_again(client)
    listed, key = UserSession.objects.get(), client.session.session_key
    if step == "password":
        say_again(client)
    elif step == "second factor":
        client.post("/accounts/second-factor/again/", {"code": app_code(give_app(moderator))})
    else:
        assert set_up_app(client).status_code == 302
    assert client.session.session_key != key and not Session.objects.filter(pk=key).exists()
    assert own_page(client) == 200
    now = UserSession.objects.get()
    assert (now.pk, now.created_at, now.session_key) == (listed.pk, listed.created_at, client.session.session_key)
    assert "this one" in client.get("/accounts/sessions/").text


@pytest.mark.parametrize("step", ["password", "second factor"])
def test_a_wrong_answer_leaves_the_session_as_it_is(client, moderator, step):
    sign_in(client, "mona@example.org")
    give_app(moderator)
    key = client.session.session_key
    if step == "password":
        say_again(client, password="not this one, surely")
    else:
        client.post("/accounts/second-factor/again/", {"code": "000000"})
    assert client.session.session_key == key


def test_signing_out_ends_the_session_on_the_server(client, reader):
    sign_in(client)
    key = client.session.session_key
    client.post("/accounts/logout/")
    assert not Session.objects.filter(pk=key).exists()
    thief = Client()
    thief.cookies["session"] = key
    assert own_page(thief) == 302


def test_a_new_password_renews_this_session_and_ends_all_others(client, reader):
    other = Client()
    for each in (client, other):
        sign_in(each)
    key = client.session.session_key
    form = {"oldpassword": WORDS, "password1": "an entirely new phrase"}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert own_page(client) == 200 and own_page(other) == 302
    assert client.session.session_key != key and not Session.objects.filter(pk=key).exists()
    assert "password" in mail.outbox[-1].subject.lower(), "the owner hears of it"


def test_a_wrong_present_password_changes_nothing(client, reader):
    sign_in(client)
    answer = client.post("/accounts/password/change/", {"oldpassword": "no", "password1": "an entirely new phrase"})
    reader.refresh_from_db()
    assert answer.status_code == 200 and reader.check_password(WORDS)


def test_a_password_by_the_link_in_the_mail_ends_all_sessions(client, reader):
    sign_in(client)
    mailed = Client()
    mailed.post("/accounts/password/reset/", {"email": "ruth@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = mailed.get(link.removeprefix("http://testserver"), follow=True)
    mailed.post(page.request["PATH_INFO"], {"password1": "an entirely new phrase"})
    assert own_page(client) == 302
    assert "no longer good" in Client().get(link.removeprefix("http://testserver"), follow=True).text, "once"


def test_a_reader_signs_in_again_after_thirty_days(client, reader, clock):
    sign_in(client)
    key = client.session.session_key
    clock(29 * DAY)
    assert own_page(client) == 200
    clock(DAY)
    assert own_page(client) == 302
    assert not Session.objects.filter(pk=key).exists()


def test_staff_sign_in_again_after_an_hour_without_a_page(client, moderator, clock):
    sign_in(client, "mona@example.org")
    for _ in range(3):
        clock(50 * MINUTE)
        assert own_page(client) == 200
    clock(60 * MINUTE)
    assert own_page(client) == 302


@pytest.mark.any_database
def test_staff_sign_in_again_after_a_day_however_busy(client, moderator, clock):
    sign_in(client, "mona@example.org")
    for _ in range(47):
        clock(30 * MINUTE)
        assert own_page(client) == 200
    clock(30 * MINUTE)
    assert own_page(client) == 302


def test_who_joins_the_staff_gets_the_shorter_session_with_the_first_of_their_pages(client, reader, clock):
    sign_in(client)
    reader.is_staff = True
    reader.save()
    client.get("/moderation/")
    assert client.session[sessions.LIMITS]["idle"]
    clock(61 * MINUTE)
    assert own_page(client) == 302


def test_a_session_s_last_use_is_written_at_most_once_a_minute(client, moderator, clock, django_assert_num_queries):
    sign_in(client, "mona@example.org")
    own_page(client)
    seen = client.session[sessions.LIMITS]["seen"]
    clock(30)
    own_page(client)
    assert client.session[sessions.LIMITS]["seen"] == seen
    clock(31)
    own_page(client)
    assert client.session[sessions.LIMITS]["seen"] == seen + 61


def test_a_reader_sees_where_they_are_signed_in_and_ends_one(client, reader):
    other = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    for each in (client, other):
        sign_in(each)
    page = client.get("/accounts/sessions/").text
    assert "Firefox on Linux" in page and "this one" in page
    theirs = UserSession.objects.get(session_key=other.session.session_key)
    client.post("/accounts/sessions/", {"end": theirs.pk})
    assert own_page(client) == 200 and own_page(other) == 302


def test_a_reader_ends_all_sessions_but_this_one(client, reader):
    others = [Client(), Client()]
    for each in (client, *others):
        cache.clear()
        sign_in(each)
    client.post("/accounts/sessions/")
    assert [own_page(each) for each in (client, *others)] == [200, 302, 302]


def test_ending_this_session_signs_out(client, reader):
    sign_in(client)
    answer = client.post("/accounts/sessions/", {"end": UserSession.objects.get().pk})
    assert answer.url == "/accounts/login/" and answer.cookies["reader"].value == "" and own_page(client) == 302


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "٣", "9" * 30])
def test_no_other_number_ends_a_session(client, reader, number):
    sign_in(client)
    assert client.post("/accounts/sessions/", {"end": number}).status_code == 404
    assert own_page(client) == 200


def test_nobody_ends_somebody_else_s_session(client, reader, newcomer):
    theirs = Client()
    sign_in(theirs, "ned@example.org")
    sign_in(client)
    answer = client.post("/accounts/sessions/", {"end": UserSession.objects.get(user=newcomer).pk})
    assert answer.status_code == 404 and own_page(theirs) == 200
    assert is_signed_in(theirs)


@pytest.mark.parametrize(
    ("user_agent", "names"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", ("Chrome", "Android")),
        ("curl/8.0", ("", "")),
    ],
)
def test_a_browser_is_called_what_its_owner_calls_it(user_agent, names):
    assert browser_of(user_agent) == names
