"""The file of sign-in keys: what it may say, and the one sentence that a bad one is answered with."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from broadsheet.accounts.publisher.keys import BadKeys, read_publishers
from broadsheet.accounts.tests import publishers


def read(tmp_path, facts):
    file = tmp_path / "keys.json"
    file.write_text(facts if isinstance(facts, str) else json.dumps(facts))
    return read_publishers(file)


def changed(path, value):
    """The good file with one thing changed: `publishers.0.keys.0.kid`; a value of None takes it out."""
    facts = publishers.facts()
    *way, last = path.split(".")
    where = facts
    for step in way:
        where = where[int(step) if step.isdigit() else step]
    if value is None:
        del where[last]
    else:
        where[last] = value
    return facts


def test_a_file_of_three_publishers_and_six_keys_is_read(tmp_path):
    found = read(tmp_path, publishers.facts())
    assert [publisher.name for publisher in found] == ["The News", "The Other", "The Weekly"]
    assert found.key("news-rsa").algorithm == "RS256"
    assert found.key("news-ed").roles["moderator"] == "Moderators"
    assert found.key("nobody") is None
    assert publishers.SECRET not in repr(found), "no secret reaches a log by way of a repr"


def test_toml_and_a_key_in_a_file_of_its_own_are_read_too(tmp_path):
    (tmp_path / "news.pem").write_text(publishers.public_pem(publishers.ED))
    file = tmp_path / "keys.toml"
    file.write_text(
        '[[publishers]]\nissuer = "https://news.example"\nslug = "news"\nname = "The News"\n'
        'sign_in_url = "https://news.example/in"\n[[publishers.keys]]\nkid = "2026"\nalgorithm = "EdDSA"\n'
        'pem_file = "news.pem"\nnot_after = 2031-01-31T00:00:00Z\n'
    )
    assert read_publishers(file).key("2026").not_after.year == 2031


def test_a_certificate_stands_for_its_key(tmp_path):
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example")])
    builder = x509.CertificateBuilder(name, name, publishers.RSA.public_key(), 1)
    dated = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
    pem = dated.sign(publishers.RSA, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    assert read(tmp_path, changed("publishers.0.keys.2.pem", pem)).key("news-rsa")


KEY = "publishers.0.keys.0"
HMAC = "publishers.0.keys.3"
BAD = [
    ("publishers", [], "must have [[publishers]]"),
    ("publishers.0.keys", [], "must have [[keys]]"),
    ("publishers.0.colour", "red", "'colour', which is not known"),
    ("publishers.0.issuer", "", "issuer of a publisher"),
    ("publishers.0.issuer", publishers.OTHER, "is there twice"),
    ("publishers.0.slug", "other", "is there twice"),
    ("publishers.0.slug", "return", "no address of ours"),
    ("publishers.0.slug", "../x", "no address of ours"),
    ("publishers.0.name", None, "name of the publisher"),
    ("publishers.0.sign_in_url", "http://news.example/in", "must be an https:// address"),
    ("publishers.0.sign_in_url", "javascript:alert(1)", "must be an https:// address"),
    ("publishers.0.sign_out_url", "https://a@news.example/", "must be an https:// address"),
    (f"{KEY}.kid", "other-ed", "is there twice"),
    (f"{KEY}.kid", 7, "kid of a key"),
    (f"{KEY}.algorithm", "none", "must be one of EdDSA, RS256, HS256"),
    (f"{KEY}.algorithm", "HS512", "must be one of EdDSA, RS256, HS256"),
    (f"{KEY}.algorithm", "RS256", "not of the kind that RS256 needs"),
    (f"{KEY}.algorithm", "HS256", "must have secret"),
    (f"{KEY}.secret", "s" * 40, "and nothing else of the kind"),
    (f"{KEY}.pem", None, "must have pem or pem_file"),
    (f"{KEY}.pem", "no key at all", "is no public key in PEM"),
    (f"{KEY}.pem", publishers.private_pem(publishers.ED), "is a private key"),
    (f"{KEY}.pem", publishers.elliptic(), "not of the kind that EdDSA needs"),
    ("publishers.0.keys.2.pem", publishers.SMALL_RSA, "has 1024 bits"),
    (f"{HMAC}.secret", "s" * 31, "has 31 bytes"),
    (f"{HMAC}.secret", "base64:c2hvcnQ=", "has 5 bytes"),
    (f"{HMAC}.secret", "base64:***", "is no base64"),
    (f"{HMAC}.secret", publishers.public_pem(publishers.RSA), "which is no secret"),
    (f"{KEY}.not_after", "2027-01-01T00:00:00", "with its zone"),
    (f"{KEY}.not_after", "soon", "with its zone"),
    (f"{KEY}.roles", ["Moderators"], "must name a group"),
    (f"{KEY}.roles", {"moderator": 3}, "must name a group"),
    (f"{KEY}.names_experts", "yes", "must be true or false"),
]


@pytest.mark.parametrize(("path", "value", "said"), BAD, ids=[f"{path}={value}"[:60] for path, value, _ in BAD])
def test_a_bad_file_is_refused_with_a_sentence(tmp_path, path, value, said):
    with pytest.raises(BadKeys) as fault:
        read(tmp_path, changed(path, value))
    assert said in str(fault.value) and "\n" not in str(fault.value).strip().replace(publishers.NEWS, "")
    assert publishers.SECRET not in str(fault.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"publishers": 3}', "[" * 100_000])
def test_what_is_no_such_file_is_refused(tmp_path, text):
    with pytest.raises(BadKeys):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadKeys, match=r"none\.toml cannot be read \(No such file or directory\): correct it"):
        read_publishers(tmp_path / "none.toml")


def test_a_bad_file_stops_the_start_with_one_sentence(tmp_path):
    (tmp_path / "keys.toml").write_text("[[publishers]]\nissuer = 3\n")
    settings = {
        "BROADSHEET_SECRET_KEY": "scratch-only-0123456789abcdefghijklmnopqrstuvwxyzABCDEF",
        "BROADSHEET_DATA_DIR": str(tmp_path),
        "BROADSHEET_SSO_KEYS": str(tmp_path / "keys.toml"),
    }
    code = "import sys; sys.argv = ['broadsheet', 'check']; from broadsheet.config.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", code], env={**os.environ, **settings}, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1 and "issuer of a publisher must be a text" in ran.stderr
