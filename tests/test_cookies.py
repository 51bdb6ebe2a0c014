"""Public pages carry no cookie and are the same bytes for everyone, signed in or not."""

from __future__ import annotations

import pytest

from tests.test_leaks import crawled as crawled
from tests.test_leaks import newsroom as newsroom

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def is_public(answer):
    return "public" in answer.headers.get("Cache-Control", "")


def test_public_answers_are_the_same_for_everyone_others_are_nobodys_to_keep_and_all_carry_the_safety_headers(crawled):
    everybodys, theirs, staffs = (
        {answer.address: answer for answer in crawled[who] if "?" not in answer.address}
        for who in ("nobody", "reader", "moderator")
    )
    public = {address: answer for address, answer in everybodys.items() if is_public(answer)}
    assert len(public) > 12
    for address, answer in public.items():
        assert is_public(theirs[address]) and is_public(staffs[address]), address
        assert not answer.cookies, address
        assert not theirs[address].cookies, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
        assert answer.text == theirs[address].text == staffs[address].text, address
        assert "csrfmiddlewaretoken" not in answer.text, address
    for address, answer in theirs.items():
        control = answer.headers.get("Cache-Control", "")
        assert is_public(answer) or "no-store" in control or "immutable" in control, (address, control)
    for address, answer in everybodys.items():
        if answer.status not in {301, 302}:
            assert_safe(address, answer.headers)


def assert_safe(address, headers):
    policy = headers.get("Content-Security-Policy", "")
    if headers["Content-Type"] == "application/xml":
        policy = policy.replace("style-src 'unsafe-inline'", "")  # browsers show XML with a style sheet of their own
    assert "script-src 'self'" in policy and "'unsafe" not in policy, address
    assert "require-trusted-types-for 'script'" in policy, address
    assert headers["X-Content-Type-Options"] == "nosniff", address
    assert headers["X-Frame-Options"] == "DENY", address
    assert headers["Referrer-Policy"], address
