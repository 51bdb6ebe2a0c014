"""What `email_url` may say, and what becomes of it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from broadsheet.config.mail import mail_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", ("localhost", 587, "", "", False, False)),
        ("smtp://mail.example", ("mail.example", 587, "", "", False, False)),
        ("smtp://ada%40news:p%2Fw@mail.example:2525", ("mail.example", 2525, "ada@news", "p/w", False, True)),
        ("smtps://ada:pw@mail.example", ("mail.example", 465, "ada", "pw", True, False)),
    ],
)
def test_mail_goes_by_starttls_with_a_user_and_by_tls_from_the_start_with_smtps(url, server):
    assert mail_server(url) == server


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mail.example.org", "email_url must begin with"),
        ("smtp://mail.example:port", "email_url has a port that is no number"),
    ],
)
def test_an_address_that_cannot_be_meant_is_told_in_one_sentence(url, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        mail_server(url)
