"""The publishers whose word we take, and the keys by which we know it: read once, from the file `sso_keys` names.

Knows no Django: the settings read it, and a bad file stops the start with one sentence.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

ALGORITHMS = ("EdDSA", "RS256", "HS256")
SHORTEST_SECRET = 32  # bytes: as long as what HS256 makes of it (RFC 7518, 3.2)
SMALLEST_RSA = 2048  # bits (RFC 7518, 3.3)
LONGEST = 200  # characters of an issuer or a key's name
KEPT_SLUGS = frozenset({"return", "finish", "name", "connect"})  # addresses of ours beside the publishers'

Material = Ed25519PublicKey | RSAPublicKey | bytes


class BadKeys(Exception):
    """The file of keys cannot be used; the message is a sentence for whoever starts the newsroom."""


@dataclass(frozen=True)
class Key:
    """One key of one publisher. Its algorithm is its own: no token's header can choose another."""

    kid: str
    issuer: str
    algorithm: str
    material: Material = field(repr=False)
    not_after: datetime | None = None  # from then on it is retired
    roles: dict[str, str] = field(default_factory=dict)  # a role of the publisher's -> a group of ours
    names_experts: bool = False  # whether its tokens may say what somebody is an expert in

    def is_retired(self, now: datetime) -> bool:
        return self.not_after is not None and now >= self.not_after


@dataclass(frozen=True)
class Publisher:
    """One site that signs its readers in to ours."""

    issuer: str
    slug: str  # in our addresses
    name: str  # on the button
    sign_in_url: str  # where we send a reader, with our nonce
    sign_out_url: str  # "" for none
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Publishers:
    """All of them."""

    listed: tuple[Publisher, ...] = ()

    def __iter__(self) -> Iterator[Publisher]:
        return iter(self.listed)

    def __bool__(self) -> bool:
        return bool(self.listed)

    def with_slug(self, slug: str) -> Publisher | None:
        return next((publisher for publisher in self.listed if publisher.slug == slug), None)

    def with_issuer(self, issuer: str) -> Publisher | None:
        return next((publisher for publisher in self.listed if publisher.issuer == issuer), None)

    def key(self, kid: str) -> Key | None:
        return next((key for publisher in self.listed for key in publisher.keys if key.kid == kid), None)


def read_publishers(path: Path) -> Publishers:
    """The publishers of a TOML or JSON file. Raises BadKeys with one sentence that says what to mend."""
    try:
        written = path.read_bytes()
        text = written.decode("utf-8")
        facts = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise BadKeys(f"The file of sign-in keys {path} cannot be read ({reason}): correct it.") from None
    try:
        return _publishers(facts, path.parent)
    except BadKeys as fault:
        raise BadKeys(f"The file of sign-in keys {path} cannot be used: {fault}") from None


def _publishers(facts: Any, folder: Path) -> Publishers:
    rows = _rows(facts, "publishers", "the file")
    _only(facts, {"publishers"}, "the file")
    listed = tuple(_publisher(row, folder) for row in rows)
    for what, values in (
        ("issuer", [publisher.issuer for publisher in listed]),
        ("slug", [publisher.slug for publisher in listed]),
        ("kid", [key.kid for publisher in listed for key in publisher.keys]),
    ):
        if twice := next((value for value in values if values.count(value) > 1), None):
            raise BadKeys(f"the {what} {twice!r} is there twice; each must be one of its own.")
    return Publishers(listed)


def _publisher(row: Any, folder: Path) -> Publisher:
    issuer = _text(row, "issuer", "a publisher")
    who = f"the publisher {issuer!r}"
    _only(row, {"issuer", "slug", "name", "sign_in_url", "sign_out_url", "keys"}, who)
    slug = _text(row, "slug", who)
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", slug) or slug in KEPT_SLUGS:
        raise BadKeys(f"the slug {slug!r} of {who} must be small letters, figures and hyphens, and no address of ours.")
    return Publisher(
        issuer=issuer,
        slug=slug,
        name=_text(row, "name", who),
        sign_in_url=_address(row, "sign_in_url", who),
        sign_out_url=_address(row, "sign_out_url", who) if "sign_out_url" in row else "",
        keys=tuple(_key(key, issuer, who, folder) for key in _rows(row, "keys", who)),
    )


def _key(row: Any, issuer: str, who: str, folder: Path) -> Key:
    kid = _text(row, "kid", f"a key of {who}")
    what = f"the key {kid!r} of {who}"
    _only(row, {"kid", "algorithm", "secret", "pem", "pem_file", "not_after", "roles", "names_experts"}, what)
    algorithm = row.get("algorithm")
    if algorithm not in ALGORITHMS:
        raise BadKeys(f"{what} has the algorithm {algorithm!r}; it must be one of {', '.join(ALGORITHMS)}.")
    experts = row.get("names_experts", False)
    if not isinstance(experts, bool):
        raise BadKeys(f"names_experts of {what} must be true or false.")
    return Key(
        kid, issuer, algorithm, _material(row, algorithm, what, folder), _moment(row, what), _roles(row, what), experts
    )


def _material(row: dict[str, Any], algorithm: str, what: str, folder: Path) -> Material:
    given = [name for name in ("secret", "pem", "pem_file") if name in row]
    wanted = ["secret"] if algorithm == "HS256" else ["pem", "pem_file"]
    if len(given) != 1 or given[0] not in wanted:
        raise BadKeys(f"{what} must have {' or '.join(wanted)}, and nothing else of the kind.")
    written = _text(row, given[0], what, most=20_000)
    if algorithm == "HS256":
        return _secret(written, what)
    if given[0] == "pem_file":
        try:
            written = (folder / written).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else fault
            raise BadKeys(f"the pem_file {folder / written} of {what} cannot be read ({reason}).") from None
    return _public_key(written, algorithm, what)


def _secret(written: str, what: str) -> bytes:
    """The secret in base64 where it begins with "base64:", else the bytes of its letters."""
    if written.startswith("base64:"):
        try:
            secret = base64.b64decode(written.removeprefix("base64:"), validate=True)
        except (binascii.Error, ValueError):
            raise BadKeys(f"the secret of {what} is no base64.") from None
    else:
        secret = written.encode()
    if b"-----BEGIN" in secret or secret.startswith((b"ssh-", b"ecdsa-")):
        raise BadKeys(
            f"the secret of {what} is a public key, which is no secret; give its algorithm, or make a secret."
        )
    if len(secret) < SHORTEST_SECRET:
        raise BadKeys(f"the secret of {what} has {len(secret)} bytes; it must have at least {SHORTEST_SECRET}.")
    return secret


def _public_key(pem: str, algorithm: str, what: str) -> Material:
    if "PRIVATE KEY" in pem:
        raise BadKeys(f"{what} is a private key, which must never leave the publisher: give us the public one.")
    try:
        data = pem.encode("ascii")
        found = (
            load_pem_x509_certificate(data).public_key() if "BEGIN CERTIFICATE" in pem else load_pem_public_key(data)
        )
    except (ValueError, UnsupportedAlgorithm):
        raise BadKeys(f"{what} is no public key in PEM.") from None
    if algorithm == "EdDSA" and isinstance(found, Ed25519PublicKey):
        return found
    if algorithm == "RS256" and isinstance(found, RSAPublicKey):
        if found.key_size < SMALLEST_RSA:
            raise BadKeys(f"{what} has {found.key_size} bits; RSA must have at least {SMALLEST_RSA}.")
        return found
    raise BadKeys(f"{what} is not of the kind that {algorithm} needs ({'Ed25519' if algorithm == 'EdDSA' else 'RSA'}).")


def _moment(row: dict[str, Any], what: str) -> datetime | None:
    written = row.get("not_after")
    if isinstance(written, str):
        try:
            written = datetime.fromisoformat(written)
        except ValueError:
            written = ""
    if written is None or (isinstance(written, datetime) and written.tzinfo):
        return written.astimezone(UTC) if written else None
    raise BadKeys(f"not_after of {what} must be a moment with its zone, as 2027-01-31T00:00:00Z.")


def _roles(row: dict[str, Any], what: str) -> dict[str, str]:
    roles = row.get("roles", {})
    if not isinstance(roles, dict) or not all(
        isinstance(group, str) and group and role for role, group in roles.items()
    ):
        raise BadKeys(f'roles of {what} must name a group for each role, as {{ moderator = "Moderators" }}.')
    return dict(roles)


def _rows(facts: Any, name: str, what: str) -> list[Any]:
    rows = facts.get(name) if isinstance(facts, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BadKeys(f"{what} must have [[{name}]], at least one.")
    return rows


def _text(row: dict[str, Any], name: str, what: str, *, most: int = LONGEST) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise BadKeys(f"{name} of {what} must be a text of at most {most} characters.")
    return value if name == "secret" else value.strip()


def _address(row: dict[str, Any], name: str, what: str) -> str:
    value = _text(row, name, what, most=500)
    parts = urlsplit(value)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    secure = parts.scheme == "https" or (parts.scheme == "http" and local)
    if not secure or not parts.hostname or parts.username or parts.fragment or not value.isprintable() or " " in value:
        raise BadKeys(f"{name} of {what} must be an https:// address.")
    return value


def _only(row: Any, known: set[str], what: str) -> None:
    for name in row:
        if name not in known:
            raise BadKeys(f"{what} has {name!r}, which is not known here.")
