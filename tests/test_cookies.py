"""Public pages carry no cookie and are the same bytes for everyone, signed in or not."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.test_leaks import newsroom as newsroom
from tests.test_leaks import values_for
from tests.walking import addresses, own_patterns

pytestmark = pytest.mark.django_db


def public_answers(client, newsroom):
    for route, entry in own_patterns():
        for address in addresses(route, entry, values_for(newsroom)):
            answer = client.get(address)
            if "public" in answer.headers.get("Cache-Control", ""):
                yield address, answer


def test_public_pages_set_no_cookie_and_are_byte_identical_between_readers(newsroom, reader, moderator):
    signed_out, signed_in, staff = Client(), Client(HTTP_USER_AGENT="another", HTTP_ACCEPT_LANGUAGE="de"), Client()
    signed_in.force_login(reader)
    staff.force_login(moderator)
    theirs = {address: answer for address, answer in public_answers(signed_in, newsroom)}
    staffs = {address: answer for address, answer in public_answers(staff, newsroom)}
    count = 0
    for address, answer in public_answers(signed_out, newsroom):
        count += 1
        assert not answer.cookies, address
        assert not theirs[address].cookies, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
        assert answer.content == theirs[address].content == staffs[address].content, address
        assert b"csrfmiddlewaretoken" not in answer.content, address
    assert count > 12


def test_what_is_not_public_is_nobodys_to_keep(newsroom, reader):
    client = Client()
    client.force_login(reader)
    for route, entry in own_patterns():
        for address in addresses(route, entry, values_for(newsroom)):
            answer = client.get(address)
            control = answer.headers.get("Cache-Control", "")
            assert "public" in control or "no-store" in control or "immutable" in control, (address, control)


def test_every_answer_carries_the_safety_headers(newsroom, client):
    for route, entry in own_patterns():
        for address in addresses(route, entry, values_for(newsroom)):
            answer = client.get(address)
            if answer.status_code in {301, 302}:
                continue
            policy = answer.headers.get("Content-Security-Policy", "")
            assert "script-src 'self'" in policy and "'unsafe" not in policy, address
            assert "require-trusted-types-for 'script'" in policy, address
            assert answer.headers["X-Content-Type-Options"] == "nosniff", address
            assert answer.headers["X-Frame-Options"] == "DENY", address
            assert answer.headers["Referrer-Policy"], address
