"""Waking browsers: who is, who is not, and that nothing but an empty letter leaves."""

from __future__ import annotations

import base64
import http.server
import threading
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import call_command

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion.models import ThreadFollow
from broadsheet.moderation.actions import decide
from broadsheet.notifications import push, sending
from broadsheet.notifications.actions import see
from broadsheet.notifications.models import PushSubscription

pytestmark = pytest.mark.django_db


class PushService(http.server.ThreadingHTTPServer):
    """A browser maker's push service, on loopback."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken, self.status = [], 201
        self.address = f"127.0.0.1:{self.server_port}"
        self.endpoint = f"http://{self.address}/push/ruth"


class Taking(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.server.taken.append((self.path, dict(self.headers), self.rfile.read(length)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def service(settings):
    settings.PUSH_KEY = push.make_key()
    with PushService() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.OUTBOUND_INSIDE = [server.address]
        yield server
        server.shutdown()


@pytest.fixture
def ruths(service, reader):
    """Ruth's browser."""
    push.subscribe(reader=reader, endpoint=service.endpoint)
    PushSubscription.objects.update(created_at=clock.now() - timedelta(minutes=5))
    return PushSubscription.objects.get()


@pytest.fixture
def answer(make_comment, reader, newcomer):
    return lambda body="Xcanary": make_comment(body, author=newcomer, parent=make_comment())


def test_a_browser_is_woken_with_an_empty_letter_that_we_have_signed(service, ruths, answer, settings):
    answer()
    assert push.wake_due() == 1
    path, headers, body = service.taken[0]
    assert (path, body, headers["Content-Length"], headers["Topic"]) == ("/push/ruth", b"", "0", "news")
    assert int(headers["TTL"]) > 0
    assert "Xcanary" not in str(service.taken) and "Ned" not in str(service.taken)
    scheme, token, key = headers["Authorization"].replace(",", "").split()
    assert scheme == "vapid" and key == f"k={push.public_key()}"
    point = base64.urlsafe_b64decode(push.public_key() + "=")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(token.removeprefix("t="), public, algorithms=["ES256"], audience=f"http://{service.address}")
    assert claims["sub"] == settings.SITE_URL
    assert 0 < claims["exp"] - clock.now().timestamp() <= 24 * 3600


def test_it_is_woken_once_for_what_comes_within_a_minute(service, ruths, answer):
    answer()
    assert [push.wake_due(), push.wake_due()] == [1, 0]
    answer()
    assert push.wake_due() == 0
    PushSubscription.objects.update(pushed_at=clock.now() - timedelta(minutes=2))
    assert push.wake_due() == 1


def test_it_is_not_woken_for_what_was_seen_or_goes_with_the_digest_or_was_withheld(
    service, ruths, answer, reader, thread, newcomer, moderator, make_comment
):
    answer()
    see(reader=reader)
    assert push.wake_due() == 0
    ThreadFollow.objects.create(reader=reader, thread=thread)
    make_comment(author=newcomer)
    assert push.wake_due() == 0
    reply = answer()
    decide(moderator=moderator, comment=reply, seen="published", after="rejected", reason="spam")
    assert push.wake_due() == 0
    assert service.taken == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service, ruths, answer, status):
    service.status = status
    answer()
    assert push.wake_due() == 0
    assert not PushSubscription.objects.exists()


@pytest.mark.any_database
def test_a_service_that_keeps_failing_is_given_up(service, ruths, answer):
    service.status = 500
    for _ in range(push.MOST_FAULTS):
        answer()
        push.wake_due()
        PushSubscription.objects.update(pushed_at=clock.now() - timedelta(minutes=2))
    assert not PushSubscription.objects.exists()


def test_an_address_inside_the_newsroom_is_not_called(service, ruths, answer, settings):
    settings.OUTBOUND_INSIDE = []
    answer()
    assert push.wake_due() == 0
    assert service.taken == []


def test_trouble_with_push_keeps_no_mail_back(ruths, answer, proved, reader, due, mailoutbox, monkeypatch):
    proved(reader)
    answer()
    due()
    monkeypatch.setattr(push, "wake_due", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sending.send_due()
    assert len(mailoutbox) == 1


def test_without_a_key_there_is_nothing_of_it(client, reader, settings, answer):
    settings.PUSH_KEY = ""
    client.force_login(reader)
    assert b"browser-notices" not in client.get("/me/notifications/settings/").content
    with pytest.raises(Refused):
        push.subscribe(reader=reader, endpoint="https://push.example/x")
    assert push.wake_due() == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "http://push.example/x", "javascript:alert(1)", "https://" + "x" * 700, "https://[", "https://push.example/\0",
        "https://push.example/\u202e",
    ],
)  # fmt: skip
def test_only_a_push_service_s_address_is_kept(service, reader, endpoint):
    with pytest.raises(Unacceptable):
        push.subscribe(reader=reader, endpoint=endpoint)


def test_a_reader_keeps_ten_browsers_and_a_browser_one_reader(service, reader, newcomer):
    for number in range(12):
        push.subscribe(reader=reader, endpoint=f"https://push.example/{number}")
    assert reader.push_subscriptions.count() == push.MOST_BROWSERS
    push.subscribe(reader=newcomer, endpoint="https://push.example/11")
    assert not reader.push_subscriptions.filter(endpoint="https://push.example/11").exists()


def test_the_page_offers_it_and_the_address_keeps_and_forgets_a_browser(service, client, reader):
    client.force_login(reader)
    page = client.get("/me/notifications/settings/").content.decode()
    assert f'key="{push.public_key()}"' in page
    address = "/me/notifications/browser/"
    assert client.post(address, {"endpoint": "https://push.example/1"}, headers={"accept": "application/json"}).json()
    assert reader.push_subscriptions.count() == 1
    client.post(address, {"endpoint": "https://push.example/1", "stop": "1"})
    assert reader.push_subscriptions.count() == 0


def test_whoever_signs_out_at_a_browser_has_it_woken_no_more_and_others_still(service, client, reader):
    push.subscribe(reader=reader, endpoint="https://push.example/elsewhere")
    client.force_login(reader)
    client.post("/me/notifications/browser/", {"endpoint": "https://push.example/here"})
    client.post("/accounts/logout/")
    assert [each.endpoint for each in reader.push_subscriptions.all()] == ["https://push.example/elsewhere"]


def test_one_forgets_no_browser_of_another_s(service, client, reader, newcomer):
    push.subscribe(reader=reader, endpoint="https://push.example/1")
    client.force_login(newcomer)
    client.post("/me/notifications/browser/", {"endpoint": "https://push.example/1", "stop": "1"})
    assert reader.push_subscriptions.count() == 1


def test_a_woken_browser_learns_what_its_reader_may_read_and_nothing_signed_out(client, reader, answer):
    reply = answer("Yes.")
    assert client.get("/me/notifications/latest/").json() == {"reader": None}
    client.force_login(reader)
    told = client.get("/me/notifications/latest/").json()
    assert told["body"].startswith("Ned Newcomer replied to your comment")
    assert client.get(told["address"])["Location"] == f"/comments/{reply.pk}/"
    assert client.get("/me/notifications/latest/").json()["body"] == "There is nothing new."


def test_the_script_lies_where_it_may_be_kept_from_and_the_policy_lets_it_run(client):
    script = client.get("/push.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert "worker-src 'self'" in client.get("/accounts/login/")["Content-Security-Policy"]


def test_the_command_makes_a_key_that_the_settings_take(capsys):
    call_command("pushkeys")
    line = capsys.readouterr().out.strip()
    assert len(line.split('"')[1]) == 43
