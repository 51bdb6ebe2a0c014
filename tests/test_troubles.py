"""While mail does not go out or Valkey does not answer, both desks say so in a line, and nobody else does."""

from __future__ import annotations

import socketserver
import threading

import pytest
from django.core.cache import cache
from django.core.mail import send_mail

from broadsheet.core import troubles
from broadsheet.core.cache import SharedCache

NOBODY = 9  # a port at which nobody listens
SENTENCES = {"mail": "No mail has gone out since", "cache": "Valkey has not answered since"}


class Taking(socketserver.StreamRequestHandler):
    """A mail server that takes everything, but for what goes to nobody@example.org."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper().strip()
            answer = b"250 good"
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline().strip() != b".":
                    pass
            if word == b"RCPT" and b"nobody@" in line:
                answer = b"550 there is no such person"
            self.wfile.write(answer + b"\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def mail_server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.RUN_DIR = tmp_path
    settings.EMAIL_BACKEND = "broadsheet.core.mail.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", NOBODY


def write(to="ruth@example.org"):
    send_mail("Your code", "ABCD-EFGH", None, [to])


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("what", [troubles.MAIL, troubles.CACHE])
def test_both_desks_and_the_watcher_are_told_and_readers_are_not(client, editor, moderator, reader, what):
    troubles.note(what)
    for person, address in ((editor, "/desk/"), (moderator, "/moderation/reported/")):
        client.force_login(person)
        assert SENTENCES[what] in client.get(address).content.decode(), address
    assert list(client.get("/readyz").json()["troubles"]) == [what]
    client.force_login(reader)
    for address in ("/", "/me/", "/accounts/methods/"):
        assert SENTENCES[what] not in client.get(address).content.decode()
    troubles.over(what)
    client.force_login(moderator)
    assert SENTENCES[what] not in client.get("/moderation/reported/").content.decode()
    assert client.get("/readyz").json()["troubles"] == {}


def test_mail_that_cannot_be_sent_is_a_trouble_until_some_can(settings, mail_server):
    for _ in range(2):
        with pytest.raises(OSError, match="refused"):
            write()
    (first,) = troubles.standing()
    assert first.what == troubles.MAIL
    with pytest.raises(OSError, match="refused"):
        write()
    assert troubles.standing() == [first], "its beginning stays"
    settings.EMAIL_PORT = mail_server
    write()
    assert troubles.standing() == []


def test_an_address_that_is_none_is_no_trouble_of_the_server_s(settings, mail_server):
    settings.EMAIL_PORT = mail_server
    with pytest.raises(OSError, match="no such person"):
        write("nobody@example.org")
    assert troubles.standing() == []


def test_valkey_that_does_not_answer_is_a_trouble(settings):
    settings.CACHES = {"default": {"BACKEND": "broadsheet.core.cache.SharedCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    SharedCache._away_until = 0.0
    cache.add("one", 1, 60)
    cache.clear()
    SharedCache._away_until = 0.0
    assert [each.what for each in troubles.standing()] == [troubles.CACHE]
