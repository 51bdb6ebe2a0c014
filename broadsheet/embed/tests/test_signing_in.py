"""Signing in to a frame: a code from a session on our own site, and a session that does what a reader does there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts.sessions import LIMITS
from broadsheet.core import clock
from broadsheet.discussion.models import Comment
from broadsheet.embed.handing_over import old_codes
from broadsheet.embed.middleware import _ours as _taken
from broadsheet.embed.models import Handover
from broadsheet.embed.tests.hosts import NEWS

pytestmark = pytest.mark.django_db
SAME = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"}


@pytest.fixture(autouse=True)
def sites(settings):
    settings.EMBED_SITES = [NEWS]


@pytest.fixture
def at_home(reader):
    """Ruth's browser on our own site, where she is signed in."""
    client = Client()
    client.force_login(reader)
    return client


def code_from(client):
    return client.post("/embed/sign-in/", headers={"accept": "application/json"}).json()["code"]


def enter(client, code):
    return client.post("/embed/session/", {"code": code}, headers={"accept": "application/json"})


@pytest.fixture
def frame(at_home):
    """The same browser's frame on another site, where she has signed in."""
    client = Client()
    assert enter(client, code_from(at_home)).status_code == 200
    return client


def who_is_in(client):
    return client.get("/embed/session/", headers={"accept": "application/json"}).json()["reader"]


def test_a_frame_s_cookies_are_kept_apart_for_each_site_and_bear_names_of_their_own(at_home):
    frame = Client()
    given = enter(frame, code_from(at_home)).cookies
    assert set(given) == {"frame-session", "frame-csrf", "frame-reader"}
    for cookie in given.values():
        written = cookie.OutputString()
        assert "SameSite=None" in written and "Secure" in written and written.endswith("; Partitioned"), written
    assert given["frame-session"]["httponly"] and given["frame-csrf"]["httponly"]


def test_who_is_signed_in_on_our_site_writes_in_a_frame_after_one_code(frame, reader, story):
    assert who_is_in(frame) == reader.pk
    posted = frame.post(f"/embed/stories/{story.pk}/comments/new/", {"body": "From the other site.", "key": "k1"})
    comment = Comment.objects.get()
    assert comment.author == reader and posted.headers["Location"] == f"/embed/stories/{story.pk}/#comment-{comment.pk}"
    assert frame.get(f"/embed/threads/{story.pk}/me/").json()["reader"]["name"] == reader.name
    own, everybodys = (frame.get(f"/embed/{path}").content.decode() for path in ("session/", f"stories/{story.pk}/"))
    assert f'data-sign-in dir="auto">{reader.name}</a>' in own
    assert 'data-sign-in dir="auto">Sign in</a>' in everybodys, "the same bytes for everyone"


def test_a_code_is_good_once_for_a_minute_and_only_while_its_session_stands(at_home):
    used, late, gone = (code_from(at_home) for _ in range(3))
    assert enter(Client(), used).status_code == 200
    assert enter(Client(), used).status_code == 403
    Handover.objects.filter(session="").update(good_until=clock.now() - timedelta(seconds=1))
    assert enter(Client(), late).status_code == 403
    Handover.objects.update(good_until=clock.now() + timedelta(seconds=30))
    at_home.session.delete()
    assert enter(Client(), gone).status_code == 403
    assert enter(Client(), "").status_code == 403
    assert not Handover.objects.filter(code__in=(used, late, gone)).exists(), "only its hash is kept"


def test_a_new_password_ends_the_code_too(at_home, reader):
    code = code_from(at_home)
    reader.set_password("another long pass phrase")
    reader.save()
    assert enter(Client(), code).status_code == 403


def test_nobody_who_is_signed_out_or_a_guest_gets_a_code(client, db, settings):
    assert client.post("/embed/sign-in/").status_code == 403
    assert client.get("/embed/sign-in/").headers["Location"] == "/accounts/login/?next=/embed/sign-in/"


def test_a_session_of_a_frame_is_good_for_discussions_alone(frame, moderator, story, make_comment):
    """Neither under its own name, which nothing but frames looks at, nor under that of our site's sessions."""
    staff = Client()
    staff.force_login(moderator)
    desk = Client()
    enter(desk, code_from(staff))
    assert "desk" not in desk.get(f"/embed/threads/{story.pk}/me/").json()
    for client in (frame, desk):
        for address in ("/me/", "/me/data/", "/moderation/", "/accounts/email/", "/desk/"):
            answer = client.get(address)
            assert answer.status_code in (302, 403) and "login" in answer.headers.get("Location", "login"), address
        client.cookies["session"] = client.cookies["frame-session"].value
        for address in ("/me/", "/me/data/", "/moderation/", "/accounts/email/"):
            answer = client.get(address)
            assert answer.status_code in (302, 403) and "login" in answer.headers.get("Location", "login"), address


def test_our_site_s_own_session_is_not_seen_in_a_frame(at_home):
    assert who_is_in(at_home) is None


def test_a_frame_s_session_stands_in_the_list_and_ends_with_the_others(at_home, frame, reader):
    from allauth.usersessions.models import UserSession

    assert UserSession.objects.filter(user=reader, session_key=frame.cookies["frame-session"].value).exists()
    assert "in the page of another site" in at_home.get("/accounts/sessions/").content.decode()
    UserSession.objects.get(session_key=frame.cookies["frame-session"].value).end()
    assert who_is_in(frame) is None


def test_signing_out_on_our_site_ends_what_it_began_in_frames(at_home, frame):
    at_home.post("/accounts/logout/")
    assert who_is_in(frame) is None


def test_signing_out_in_a_frame_leaves_our_site_alone(at_home, frame):
    frame.post("/embed/session/", {"end": "1"})
    assert who_is_in(frame) is None
    assert at_home.get("/me/").status_code == 200


def test_a_frame_s_session_ends_no_later_than_the_one_it_came_from(at_home, reader):
    session = SessionStore(at_home.cookies["session"].value)
    session[LIMITS] = {"until": clock.now().timestamp() + 600, "idle": 0, "seen": clock.now().timestamp()}
    session.save()
    frame = Client()
    enter(frame, code_from(at_home))
    assert SessionStore(frame.cookies["frame-session"].value)[LIMITS]["until"] <= clock.now().timestamp() + 600


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_the_host_s_page_cannot_post_in_the_reader_s_name(frame, story, site):
    """Its requests carry the frame's cookies, which are kept for whatever stands on its pages."""
    address = f"/embed/stories/{story.pk}/comments/new/"
    answer = frame.post(address, {"body": "Not by Ruth."}, HTTP_SEC_FETCH_SITE=site, HTTP_ORIGIN=NEWS)
    assert answer.status_code == 403 and not Comment.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = frame.cookies
    assert strict.post(address, {"body": "Not by Ruth."}, HTTP_ORIGIN=NEWS).status_code == 403  # an old browser
    assert strict.post(address, {"body": "Not by Ruth."}, **SAME).status_code == 403  # without a token
    assert not Comment.objects.exists()
    token = strict.get(f"/embed/threads/{story.pk}/me/").json()["csrf"]
    strict.post(address, {"body": "By Ruth."}, HTTP_X_CSRFTOKEN=token, **SAME)
    assert Comment.objects.count() == 1


def test_only_the_pop_up_s_pages_keep_their_tie_to_the_frame(client, db, reader):
    opener = "Cross-Origin-Opener-Policy"
    assert client.get("/accounts/login/").headers[opener] == "same-origin"
    assert client.get("/embed/sign-in/").headers[opener] == "unsafe-none"
    assert client.get("/accounts/login/?next=/embed/sign-in/").headers[opener] == "unsafe-none"
    from_publisher = Client().post("/accounts/publisher/return/", {"token": "x"}, HTTP_ORIGIN="https://news.example")
    assert from_publisher.headers[opener] == "unsafe-none", "no cookie says in which window it stands"
    for address in ("/", "/policy/comments/", "/me/"):
        assert client.get(address).headers[opener] == "same-origin"
    client.force_login(reader)
    assert client.get("/embed/sign-in/").headers[opener] == "unsafe-none"
    assert client.get("/accounts/methods/").headers[opener] == "same-origin", "it is over when they are signed in"


def test_who_is_signed_out_is_asked_to_sign_in_inside_the_frame(client, story):
    answer = client.get(f"/embed/stories/{story.pk}/comments/new/")
    assert answer.headers["Location"] == f"/embed/session/?next=%2Fembed%2Fstories%2F{story.pk}%2Fcomments%2Fnew%2F"
    page = client.get(answer.headers["Location"]).content.decode()
    assert re.search(r'href="/embed/sign-in/" target="_blank" rel="opener" data-sign-in', page)


def test_guests_write_in_a_frame_without_an_account(client, story, settings):
    settings.GUESTS = True
    sent = {"body": "I was there.", "name": "Gus Guest", "key": "k2"}
    assert client.post(f"/embed/stories/{story.pk}/comments/new/", sent).status_code == 303
    assert Comment.objects.get().author_name == "Gus Guest"
    assert who_is_in(client) is not None and "session" not in client.cookies


def test_where_a_browser_keeps_no_cookies_at_all_a_reader_is_shown_the_same_page_on_our_site(
    story, make_comment, settings
):
    """Nobody needs an account to report a comment, and nobody is sent round in a circle."""
    settings.SITE_URL = "http://testserver"
    strict, comment = Client(enforce_csrf_checks=True), make_comment()
    answer = strict.post(f"/embed/comments/{comment.pk}/report/", {"reason": "spam", "body": "typed"}, **SAME)
    page = answer.content.decode()
    assert answer.status_code == 403 and "If you read this a second time" in page and "typed" in page
    assert re.search(rf'<a href="http://testserver/comments/{comment.pk}/report/"[^>]* target="_blank"', page)
    own = strict.post(f"/comments/{comment.pk}/report/", {"reason": "spam"}, **SAME).content.decode()
    assert "If you read this a second time" not in own
    out = strict.post("/embed/session/", {"end": "1"}, **SAME).content.decode()
    assert "If you read this a second time" not in out, "there is no such page on our own site"


def test_codes_are_forgotten_when_their_session_is(at_home, frame):
    code_from(at_home)
    assert old_codes(clock.now() + timedelta(minutes=5))[0] == 1
    assert old_codes(clock.now() + timedelta(minutes=5))[0] == 0
    frame.post("/embed/session/", {"end": "1"})
    assert old_codes(clock.now() + timedelta(minutes=5))[0] == 1


@pytest.mark.parametrize("name", ["frame-__Host-session", "frame-frame-session", "__Host-__Host-frame-session"])
def test_a_cookie_that_a_neighbour_of_our_host_can_set_is_none_of_a_frame_s(at_home, settings, name):
    """__Host- keeps others from setting it; a name that only ends like it is theirs to set, for all below a domain."""
    settings.SESSION_COOKIE_NAME = "__Host-session"
    assert _taken({"__Host-frame-session": "ours"}) == {"__Host-session": "ours"}
    assert "__Host-session" not in _taken({name: "theirs"}) and "session" not in _taken({name: "theirs"})


def test_no_address_to_go_on_to_breaks_the_page_to_sign_in_on(client):
    for following in (
        "http://[",
        "//[",
        "/\\evil.example/",
        "javascript:alert(1)",
        "/embed/\x00",
        "https://evil.example/",
    ):
        answer = client.get("/embed/session/", {"next": following})
        assert answer.status_code == 200, following
        assert "evil" not in answer.content.decode() and "javascript:" not in answer.content.decode()


def test_one_reader_gets_only_so_many_codes_and_one_address_so_many_windows_in_a_minute(at_home):
    cache.clear()
    given = [at_home.post("/embed/sign-in/", headers={"accept": "application/json"}).status_code for _ in range(25)]
    assert given.count(200) == 20 and given[-1] == 429 and Handover.objects.count() == 20
    opened = [Client().get("/embed/sign-in/").status_code for _ in range(65)]
    assert opened.count(302) == 60 and opened[-1] == 429
    cache.clear()


def test_a_session_that_is_ended_from_the_list_takes_along_what_it_began_in_frames(reader, frame):
    from allauth.usersessions.models import UserSession

    stolen = Client()
    stolen.force_login(reader)
    row = UserSession.objects.create(
        user=reader, session_key=stolen.session.session_key, ip="127.0.0.1", user_agent="x"
    )
    theirs = Client()
    enter(theirs, code_from(stolen))
    assert who_is_in(theirs) == reader.pk
    row.refresh_from_db()
    row.end()
    assert who_is_in(theirs) is None and who_is_in(frame) == reader.pk


def test_staff_leave_a_frame_after_an_hour_without_a_page_as_they_leave_ours(moderator):
    staff, desk = Client(), Client()
    staff.force_login(moderator)
    enter(desk, code_from(staff))
    assert SessionStore(desk.cookies["frame-session"].value)[LIMITS]["idle"] > 0
