"""The lines of the log."""

from __future__ import annotations

import logging
import re

import django
import pytest


def written(record):
    """The line, as the settings have it written."""
    ours = next(handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler)
    return ours.format(record)


@pytest.mark.django_db
def test_a_request_for_a_host_that_is_not_ours_is_one_line(client, caplog):
    django.setup()  # once more, as in a process that serves
    logging.getLogger().addHandler(caplog.handler)  # which that took away
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    (line,) = [written(record) for record in caplog.records]
    assert re.match(r"\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d{4} WARNING django\.security\.DisallowedHost: ", line)
    assert "for the host 'evil.example'" in line
    assert "\n" not in line
