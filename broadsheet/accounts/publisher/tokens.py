"""What a publisher's token says, once it has proved that it may say it.

A JSON Web Token (RFC 7515, 7519; RFC 8725 for how to read one safely). PyJWT checks the signature; everything else is
checked here, as libraries are lenient about what is not their business. Used once: see `actions.use`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import jwt

from broadsheet.accounts.publisher.keys import Key, Publishers

LONGEST_TOKEN = 8 * 1024  # bytes; with every claim of ours a token has under one kilobyte
LONGEST_LIFE = 5 * 60  # seconds from iat to exp: it is made for one redirect, and a stolen one is soon worth nothing
LEEWAY = 30  # seconds by which two machines' clocks may differ
SUBJECT = (1, 200)  # characters
TOKEN_NAME = (8, 200)  # of jti: shorter ones repeat
LATEST = 2**40  # seconds; past it a moment is a mistake (milliseconds) and no calendar has it
_COMPACT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HEADER = {"alg", "typ", "kid"}  # no crit, b64, zip; no jwk, jku, x5c, x5u: keys come from our file alone


class BadToken(Exception):
    """Why a token is refused: for the log and the command line. A browser is told one sentence for all of them."""


@dataclass(frozen=True)
class Told:
    """What a good token says."""

    issuer: str
    subject: str
    told_at: datetime
    expires_at: datetime  # past every leeway: after it the token is refused for its age alone
    digest: str  # the issuer's and the token's own name, hashed
    nonce: str  # ours, where the sign-in began here; "" when there is none
    name: str = ""
    email: str = ""  # only where the publisher says that it is verified
    groups: tuple[str, ...] = ()  # of ours, for the roles that the key's own line in the file maps
    expertise: str | None = None  # None: nothing is said about it


def read_token(token: str, publishers: Publishers, audience: str, now: datetime) -> Told:
    """What the token says. Raises BadToken with the precise reason."""
    header, claims, key = _opened(token, publishers, now)
    _require_signature(token, header, key)
    if _text(claims, "iss") != key.issuer:
        _refuse(f"iss is {claims['iss']!r}, and the key {key.kid!r} is of {key.issuer!r}")
    _require_audience(claims.get("aud"), audience)
    issued, expires = _times(claims, now)
    named = _text(claims, "jti", *TOKEN_NAME)
    return Told(
        issuer=key.issuer,
        subject=_text(claims, "sub", *SUBJECT),
        told_at=issued,
        expires_at=expires + timedelta(seconds=2 * LEEWAY),
        digest=hashlib.sha256(f"{key.issuer}\0{named}".encode()).hexdigest(),
        nonce=_text(claims, "nonce", 0) if "nonce" in claims else "",
        name=_text(claims, "name", 0) if "name" in claims else "",
        email=_email(claims),
        groups=_groups(claims, key),
        expertise=_text(claims, "expertise", 0, 80) if key.names_experts and "expertise" in claims else None,
    )


def _opened(token: str, publishers: Publishers, now: datetime) -> tuple[dict[str, Any], dict[str, Any], Key]:
    """The parts of the token and the key it must be signed with. Nothing of it is believed yet."""
    if len(token) > LONGEST_TOKEN:
        _refuse(f"it has {len(token)} characters, and at most {LONGEST_TOKEN} are read")
    if not token.isascii() or not _COMPACT.fullmatch(token.encode("ascii", "replace")):
        _refuse("it is not three parts of base64url with dots between them")
    first, second, third = token.split(".")
    header, claims = _json(_unpacked(first, "header"), "header"), _json(_unpacked(second, "claims"), "claims")
    _unpacked(third, "signature")
    if odd := sorted(set(header) - _HEADER):
        _refuse(f"its header has {', '.join(map(repr, odd))}; only alg, typ and kid are taken")
    if header.get("typ", "JWT") != "JWT":
        _refuse(f"its typ is {header['typ']!r} and not 'JWT'")
    key = _key(header, claims, publishers, now)
    if header.get("alg") != key.algorithm:
        _refuse(f"its alg is {header.get('alg')!r}, and the key {key.kid!r} is for {key.algorithm}")
    if key.is_retired(now):
        _refuse(f"the key {key.kid!r} is retired since {key.not_after:%Y-%m-%d %H:%M} UTC")
    return header, claims, key


def _key(header: dict[str, Any], claims: dict[str, Any], publishers: Publishers, now: datetime) -> Key:
    if "kid" in header:
        kid = header["kid"]
        key = publishers.key(kid) if isinstance(kid, str) else None
        return key or _refuse(f"no key is known by the kid {kid!r}")
    issuer = claims.get("iss")
    publisher = publishers.with_issuer(issuer) if isinstance(issuer, str) else None
    if publisher is None:
        _refuse(f"it has no kid, and {issuer!r} is no issuer we know")
    in_force = [key for key in publisher.keys if not key.is_retired(now)]
    if len(in_force) != 1:
        _refuse(f"it has no kid, and {publisher.issuer!r} has {len(in_force)} keys in force")
    return in_force[0]


def _require_signature(token: str, header: dict[str, Any], key: Key) -> None:
    try:
        jwt.PyJWS().decode(token, key.material, algorithms=[key.algorithm])
    except jwt.PyJWTError as fault:
        _refuse(f"its signature is not of the key {key.kid!r} ({type(fault).__name__})")


def _unpacked(part: str, what: str) -> bytes:
    """The bytes of one part; written in the one way there is, so that no token has two spellings."""
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        _refuse(f"its {what} is no base64url")
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != part:
        _refuse(f"its {what} is written in an unusual base64url")
    return data


def _json(data: bytes, what: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            _refuse(f"its {what} says something twice")
        return found

    def no_number(name: str) -> NoReturn:
        _refuse(f"its {what} has {name}, which is no JSON")

    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=no_number)
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        _refuse(f"its {what} is no JSON ({type(fault).__name__})")
    return found if isinstance(found, dict) else _refuse(f"its {what} is no JSON object")


def _require_audience(said: Any, audience: str) -> None:
    if said not in (audience, [audience]) or isinstance(said, bool):
        _refuse(f"aud is {said!r} and not {audience!r}")


def _times(claims: dict[str, Any], now: datetime) -> tuple[datetime, datetime]:
    second = now.timestamp()
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    if not 0 < expires - issued <= LONGEST_LIFE:
        _refuse(f"it is good for {expires - issued} seconds; it must be between 1 and {LONGEST_LIFE}")
    if second >= expires + LEEWAY:
        _refuse(f"it expired {second - expires:.0f} seconds ago")
    if issued > second + LEEWAY:
        _refuse(f"iat is {issued - second:.0f} seconds ahead of our clock")
    if "nbf" in claims and _moment(claims, "nbf") > second + LEEWAY:
        _refuse("nbf has not come yet")
    return datetime.fromtimestamp(issued, UTC), datetime.fromtimestamp(expires, UTC)


def _moment(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int or not 0 < value < LATEST:  # True is an int to Python
        _refuse(f"{name} is {value!r}; it must be a whole number of seconds since 1970")
    return value


def _text(claims: dict[str, Any], name: str, least: int = 1, most: int = 200) -> str:
    """A claim that is text: nothing invisible in it, no half of a character, no space at its ends."""
    value = claims.get(name)
    if not isinstance(value, str) or not least <= len(value) <= most:
        _refuse(f"{name} must be a text of {least} to {most} characters")
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value) or value != value.strip():
        _refuse(f"{name} has a control character, half a character, or a space at its end")
    return value


def _email(claims: dict[str, Any]) -> str:
    """The address, where the publisher says that it is verified; nobody is known by one that is not."""
    verified = claims.get("email_verified", False)
    if not isinstance(verified, bool):
        _refuse("email_verified must be true or false")
    email = _text(claims, "email", 0, 254) if "email" in claims else ""
    return email if verified else ""


def _groups(claims: dict[str, Any], key: Key) -> tuple[str, ...]:
    roles = claims.get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles) or len(roles) > 50:
        _refuse("roles must be a list of texts")
    return tuple(sorted({key.roles[role] for role in roles if role in key.roles}))


def _refuse(reason: str) -> NoReturn:
    raise BadToken(reason)
