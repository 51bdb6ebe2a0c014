"""A request is read as UTF-8, whatever it says of itself."""

from __future__ import annotations

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from broadsheet.core.requests import Utf8Request

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
CODECS = ["base64", "idna", "punycode", "undefined", "rot13", "utf-16", "latin-1", "zlib", "x" * 300, "no such codec"]


@pytest.fixture
def status():
    """The status with which the server's own handler answers."""
    handler = WSGIHandler()
    handler.request_class = Utf8Request

    def ask(environ, content_type):
        head = []
        for signal in (request_started, request_finished):  # the test's own connection stays open
            signal.disconnect(close_old_connections)
        handler({**environ, "CONTENT_TYPE": content_type}, lambda *given: head.append(given)).close()
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        return int(head[0][0].split()[0])

    return ask


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    ("kind", "body"),
    [(FORM, b"login=%FF&password=a"), ("multipart/form-data; boundary=b", b"--b\r\n\r\nx\r\n--b--")],
    ids=["urlencoded", "multipart"],
)
def test_a_form_in_a_strange_encoding_is_answered(status, client, codec, kind, body):
    token = client.get("/accounts/login/").cookies["csrf"].value
    environ = RequestFactory().generic("POST", "/accounts/login/", body).environ
    environ |= {"HTTP_COOKIE": f"csrf={token}", "HTTP_X_CSRFTOKEN": token}
    assert status(environ, f"{kind}; charset={codec}") == 200, "the form again"


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("address", ["/search/?q=%E9t", "/about/?page=%FF"])
def test_a_page_asked_for_in_a_strange_encoding_is_answered(status, codec, address):
    assert status(RequestFactory().get(address).environ, f"{FORM}; charset={codec}") == 200


def test_words_are_read_as_utf_8():
    environ = RequestFactory().generic("POST", "/", b"body=caf%C3%A9", f"{FORM}; charset=latin-1").environ
    assert Utf8Request(environ).POST["body"] == "caf\xe9"
