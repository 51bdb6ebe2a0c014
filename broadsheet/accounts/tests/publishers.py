"""A publisher of our own making: its keys, and tokens good and bad."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NEWS, OTHER, WEEKLY = "https://news.example", "https://other.example", "https://weekly.example"
SITE = "http://127.0.0.1:8000"
ED, ED_OLD = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)
SECRET, OLD_SECRET, STRANGER = "0123456789abcdefghij" * 4, "o" * 40, "x" * 40
SMALL_RSA = """\
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDmHqaY+m/gvjee7LuClTgJvUQ2
xkd8WJ7T+isdhsuaXBX5U53LB0dbcJZBauUJD4zbwUp6bE8osQ0Dy8eEwheOX2tN
mVkXAaJgp/Nwzo5OL8Bs7J/rs46Oqa5yDEKTVkyy9sANjeuD0ybv1JE6exzlsNHx
PmNFylrlcUxl5aTeNQIDAQAB
-----END PUBLIC KEY-----
"""  # of 1024 bits
PRIVATE = {
    "news-ed": ED,
    "news-old": ED_OLD,
    "news-rsa": RSA,
    "news-hmac": SECRET,
    "other-ed": Ed25519PrivateKey.generate(),
}
PRIVATE["weekly"] = OLD_SECRET
ALGORITHMS = {"news-rsa": "RS256", "news-hmac": "HS256", "weekly": "HS256"}


def public_pem(private) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def private_pem(private) -> str:
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.PEM, form, none).decode()


def facts() -> dict:
    """The file of keys, as JSON has it."""
    return {
        "publishers": [
            {
                "issuer": NEWS,
                "slug": "news",
                "name": "The News",
                "sign_in_url": "https://news.example/comments/sign-in",
                "sign_out_url": "https://news.example/sign-out",
                "keys": [
                    {
                        "kid": "news-ed",
                        "algorithm": "EdDSA",
                        "pem": public_pem(ED),
                        "roles": {"moderator": "Moderators", "boss": "Administrators", "ghost": "Nobody"},
                        "names_experts": True,
                    },
                    {
                        "kid": "news-old",
                        "algorithm": "EdDSA",
                        "pem": public_pem(ED_OLD),
                        "not_after": "2020-01-01T00:00:00Z",
                    },
                    {"kid": "news-rsa", "algorithm": "RS256", "pem": public_pem(RSA)},
                    {"kid": "news-hmac", "algorithm": "HS256", "secret": SECRET},
                ],
            },
            {
                "issuer": OTHER,
                "slug": "other",
                "name": "The Other",
                "sign_in_url": "https://other.example/in?from=broadsheet",
                "keys": [{"kid": "other-ed", "algorithm": "EdDSA", "pem": public_pem(PRIVATE["other-ed"])}],
            },
            {
                "issuer": WEEKLY,
                "slug": "weekly",
                "name": "The Weekly",
                "sign_in_url": "https://weekly.example/in",
                "keys": [{"kid": "weekly", "algorithm": "HS256", "secret": OLD_SECRET}],
            },
        ]
    }


def claims(**changes) -> dict:
    """Those of a good token; None leaves one out."""
    now = int(time.time())
    good = {"iss": NEWS, "aud": SITE, "sub": "reader-7", "iat": now, "exp": now + 120, "jti": str(uuid.uuid4())}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def token(kid="news-ed", *, header=None, sign=None, alg=None, **changes) -> str:
    """A token signed with that key, unless told to sign with another."""
    algorithm = alg or ALGORITHMS.get(kid, "EdDSA")
    return jwt.encode(claims(**changes), sign or PRIVATE[kid], algorithm, headers={"kid": kid, **(header or {})})


def part(value) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header, payload, secret: str | bytes = SECRET) -> str:
    """Signed with HMAC whatever the header says; header and payload may be bytes that no library would write."""
    signed = f"{part(header)}.{part(payload)}"
    key = secret.encode() if isinstance(secret, str) else secret
    return f"{signed}.{part(hmac.new(key, signed.encode(), hashlib.sha256).digest())}"


def elliptic() -> str:
    return public_pem(ec.generate_private_key(ec.SECP256R1()))
