"""Public pages carry no cookie and are the same bytes for everyone, signed in or not."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.test import Client

from tests.test_leaks import newsroom as newsroom
from tests.test_leaks import values_for
from tests.walking import addresses, own_patterns

pytestmark = pytest.mark.django_db


class Answer(NamedTuple):
    """What is looked at of an answer."""

    status: int
    headers: dict[str, str]
    cookies: bool
    content: bytes

    @property
    def is_public(self):
        return "public" in self.headers.get("Cache-Control", "")


def everything(client, newsroom):
    """The answer to every address of ours."""
    found = {}
    for route, entry in own_patterns():
        for address in addresses(route, entry, values_for(route, newsroom)):
            answer = client.get(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[address] = Answer(answer.status_code, dict(answer.headers), bool(answer.cookies), content)
    return found


def test_public_answers_are_the_same_for_everyone_others_are_nobodys_to_keep_and_all_carry_the_safety_headers(
    newsroom, reader, moderator
):
    signed_out, signed_in, staff = Client(), Client(HTTP_USER_AGENT="another", HTTP_ACCEPT_LANGUAGE="de"), Client()
    signed_in.force_login(reader)
    staff.force_login(moderator)
    everybodys, theirs, staffs = (everything(client, newsroom) for client in (signed_out, signed_in, staff))
    public = {address: answer for address, answer in everybodys.items() if answer.is_public}
    assert len(public) > 12
    for address, answer in public.items():
        assert theirs[address].is_public and staffs[address].is_public, address
        assert not answer.cookies, address
        assert not theirs[address].cookies, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
        assert answer.content == theirs[address].content == staffs[address].content, address
        assert b"csrfmiddlewaretoken" not in answer.content, address
    for address, answer in theirs.items():
        control = answer.headers.get("Cache-Control", "")
        assert answer.is_public or "no-store" in control or "immutable" in control, (address, control)
    for address, answer in everybodys.items():
        if answer.status not in {301, 302}:
            assert_safe(address, answer.headers)


def assert_safe(address, headers):
    policy = headers.get("Content-Security-Policy", "")
    assert "script-src 'self'" in policy and "'unsafe" not in policy, address
    assert "require-trusted-types-for 'script'" in policy, address
    assert headers["X-Content-Type-Options"] == "nosniff", address
    assert headers["X-Frame-Options"] == "DENY", address
    assert headers["Referrer-Policy"], address
