"""How tests sign up and in: the forms as a browser sends them, and the codes out of the mail."""

from __future__ import annotations

import re

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail

WORDS = "a long enough pass phrase"  # the cast's password
NEW_WORDS = "correct horse battery"
CODE = re.compile(r"^[B-Z]{4}-[B-Z]{4}$", re.MULTILINE)


def sign_in(client, email="ruth@example.org", password=WORDS, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password, **extra})


def sign_up(client, query="", **facts):
    form = {"email": "new@example.org", "name": "Nora New", "password1": NEW_WORDS, **facts}
    return client.post(f"/accounts/signup/{query}", form)


def code_in(message) -> str:
    return CODE.search(message.body)[0]


def last_code() -> str:
    return code_in(mail.outbox[-1])


def prove_address(client, code=None, **extra):
    return client.post("/accounts/confirm-email/", {"code": code or last_code(), "action": "verify", **extra})


def ask_for_code(client, email="ruth@example.org", query=""):
    return client.post(f"/accounts/login/code/{query}", {"email": email})


def sign_in_by_code(client, code=None, query=""):
    return client.post(f"/accounts/login/code/confirm/{query}", {"code": code or last_code(), "action": "verify"})


def say_again(client, password=WORDS, following="/accounts/methods/"):
    """Show once more who one is, by the password."""
    return client.post(f"/accounts/reauthenticate/?next={following}", {"password": password, "next": following})


def give_app(reader) -> str:
    """Set up an authenticator app for somebody; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(reader, secret)
    return secret


def app_code(secret: str, step: int = 0) -> str:
    """What the app shows now, or some steps of half a minute later."""
    import time

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session
