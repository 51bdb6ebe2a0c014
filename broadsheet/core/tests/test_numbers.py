"""What is a whole number, and what only looks like one."""

from __future__ import annotations

import pytest

from broadsheet.core.numbers import whole


@pytest.mark.parametrize(("written", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_is_read(written, number):
    assert whole(written) == number


@pytest.mark.parametrize("written", [None, "", "-1", "+1", "1.0", " 1", "1\x00", "٣", "²", "9" * 19, "9" * 5000])
def test_nothing_else_is(written):
    assert whole(written) is None


def test_a_caller_may_want_fewer_digits():
    assert (whole("5", 1), whole("10", 1)) == (5, None)
