"""Accept-Encoding and If-None-Match, as clients really send them."""

from __future__ import annotations

import pytest

from broadsheet.delivery.negotiation import accepts_gzip, has_it


@pytest.mark.parametrize(
    "header", ["gzip", "gzip, deflate, br, zstd", "br;q=1.0, GZIP;q=0.8, *;q=0.1", "*", "x-gzip", "gzip; q=0.001"]
)
def test_these_take_gzip(header):
    assert accepts_gzip(header)


@pytest.mark.parametrize(
    "header", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, *", "*;q=0", "gzip;q=much", "gzipped"]
)
def test_these_do_not(header):
    assert not accepts_gzip(header)


@pytest.mark.parametrize("header", ["", '"b"', "abc", '"a', '"a-gz"', ',,"', "W/"])
def test_a_header_that_does_not_name_the_tag_has_nothing(header):
    assert not has_it(header, '"a"')
