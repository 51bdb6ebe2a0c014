"""What is taken for a publisher's word, and every way of forging one."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from broadsheet.accounts.publisher.keys import read_publishers
from broadsheet.accounts.publisher.tokens import LONGEST_LIFE, BadToken, read_token
from broadsheet.accounts.tests import publishers as made
from broadsheet.accounts.tests.publishers import ED, NEWS, OTHER, RSA, SITE, by_hand, claims, part, token


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    file.write_text(json.dumps(made.facts()))
    return read_publishers(file)


def read(text, known, now=None):
    return read_token(text, known, SITE, now or datetime.now(UTC))


GOOD = [
    ("plain", lambda: token()),
    ("by RSA", lambda: token("news-rsa")),
    ("by HMAC", lambda: token("news-hmac")),
    ("without typ", lambda: by_hand({"alg": "HS256", "kid": "news-hmac"}, claims())),
    (
        "without kid, by the issuer's only key",
        lambda: by_hand({"alg": "HS256"}, claims(iss=made.WEEKLY), made.OLD_SECRET),
    ),
    ("an audience in a list of one", lambda: token(aud=[SITE])),
    ("a clock half a minute ahead", lambda: token(iat=int(time.time()) + 29, nbf=int(time.time()) + 29)),
    ("a clock half a minute behind", lambda: token(iat=int(time.time()) - 100, exp=int(time.time()) - 25)),
    ("the longest life", lambda: token(exp=int(time.time()) + LONGEST_LIFE)),
    ("a subject of 200 letters", lambda: token(sub="é" * 200)),
    ("claims we do not know", lambda: token(staff=True, is_superuser=True, admin=1, groups=["Administrators"])),
]


@pytest.mark.parametrize("make", [make for _, make in GOOD], ids=[name for name, _ in GOOD])
def test_a_good_token_is_read(known, make):
    told = read(make(), known)
    assert told.issuer in {NEWS, made.WEEKLY}
    assert told.groups == (), "and gives nothing that the file does not"


def now(seconds=0):
    return int(time.time()) + seconds


def unsigned(header):
    return f"{part(header)}.{part(claims())}."


def spelt(text):
    """The same signature in another base64: the last letter of an odd length carries bits that decoders ignore."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = letters[letters.index(text[-1]) ^ 1]
    return text[:-1] + last


def hs(payload, header=None):
    return by_hand({"alg": "HS256", "kid": "news-hmac", "typ": "JWT", **(header or {})}, payload)


def pem(key):
    return made.public_pem(key).encode()


BAD = [
    ("no token", lambda: ""),
    ("one word", lambda: "token"),
    ("two parts", lambda: token().rpartition(".")[0]),
    ("four parts", lambda: token() + ".x"),
    ("alg none, no signature", lambda: unsigned({"alg": "none", "kid": "news-ed"})),
    ("alg none, no kid", lambda: unsigned({"alg": "none"})),
    ("alg None with a signature", lambda: by_hand({"alg": "None", "kid": "news-hmac"}, claims())),
    ("alg missing", lambda: by_hand({"kid": "news-hmac"}, claims())),
    ("alg a list", lambda: by_hand({"kid": "news-hmac", "alg": ["HS256"]}, claims())),
    ("alg HS512 by the right secret", lambda: token("news-hmac", alg="HS512")),
    ("RSA public key as HMAC secret", lambda: by_hand({"alg": "HS256", "kid": "news-rsa"}, claims(), pem(RSA))),
    ("the same, trimmed", lambda: by_hand({"alg": "HS256", "kid": "news-rsa"}, claims(), pem(RSA).strip())),
    ("EdDSA public key as HMAC secret", lambda: by_hand({"alg": "HS256", "kid": "news-ed"}, claims(), pem(ED))),
    ("RS256 under the EdDSA key's name", lambda: token("news-ed", sign=RSA, alg="RS256")),
    ("PS256 under the RSA key's name", lambda: token("news-rsa", alg="PS256")),
    ("signed by a stranger", lambda: token("news-hmac", sign=made.STRANGER)),
    ("signed by a stranger's Ed25519", lambda: token("news-ed", sign=made.ED_OLD)),
    ("signed by a retired key", lambda: token("news-old")),
    ("another publisher's key for this issuer", lambda: token("other-ed")),
    ("this key for another issuer", lambda: token("news-ed", iss=OTHER)),
    ("an unknown kid", lambda: token("news-ed", header={"kid": "nobody"})),
    ("a kid that is a path", lambda: token("news-ed", header={"kid": "../../dev/null"})),
    ("no kid where the issuer has several keys", lambda: by_hand({"alg": "HS256"}, claims())),
    ("no kid and an unknown issuer", lambda: by_hand({"alg": "HS256"}, claims(iss="https://x.example"))),
    ("no kid and no issuer", lambda: by_hand({"alg": "HS256"}, claims(iss=None))),
    ("typ at+jwt", lambda: token(header={"typ": "at+jwt"})),
    ("typ a list", lambda: hs(claims(), {"typ": ["JWT"]})),
    ("crit", lambda: hs(claims(), {"crit": ["exp"]})),
    ("crit of nothing", lambda: hs(claims(), {"crit": []})),
    ("b64", lambda: hs(claims(), {"b64": False})),
    ("zip", lambda: hs(claims(), {"zip": "DEF"})),
    ("a key of its own (jwk)", lambda: hs(claims(), {"jwk": {"kty": "oct", "k": "eA"}})),
    ("the address of a key (jku)", lambda: hs(claims(), {"jku": "https://attacker.example/keys"})),
    ("a certificate of its own (x5c)", lambda: hs(claims(), {"x5c": ["MII"]})),
    ("a changed claim", lambda: _with_claims(token(), claims(sub="reader-8"))),
    ("a changed header", lambda: _with_header(token(), {"alg": "EdDSA", "kid": "news-rsa"})),
    ("expired", lambda: token(iat=now(-400), exp=now(-100))),
    ("expired before it was made", lambda: token(exp=now(-400))),
    ("just past the leeway", lambda: token(iat=now(-200), exp=now(-31))),
    ("good for no time", lambda: token(exp=now())),
    ("good for five minutes and a second", lambda: token(exp=now(LONGEST_LIFE + 1))),
    ("good for ten years", lambda: token(exp=now(315_360_000))),
    ("no exp", lambda: token(exp=None)),
    ("no iat", lambda: token(iat=None)),
    ("made in the future", lambda: token(iat=now(40), exp=now(100))),
    ("not yet", lambda: token(nbf=now(40))),
    ("nbf of another kind", lambda: token(nbf="now")),
    ("exp true", lambda: hs(claims(exp=True))),
    ("iat true", lambda: hs(claims(iat=True, exp=2))),
    ("exp a text", lambda: hs(claims(exp=str(now(100))))),
    ("exp with a fraction", lambda: hs(claims(exp=now(100) + 0.5))),
    ("exp NaN", lambda: hs(_raw(exp="NaN"))),
    ("exp Infinity", lambda: hs(_raw(exp="Infinity"))),
    ("exp 1e9999", lambda: hs(_raw(exp="1e9999"))),
    ("iat before 1970", lambda: hs(claims(iat=-5, exp=5))),
    ("milliseconds", lambda: hs(claims(iat=now() * 1000, exp=now() * 1000 + 100))),
    ("iat in the year 300,000", lambda: hs(claims(iat=2**60, exp=2**60 + 5))),
    ("no aud", lambda: token(aud=None)),
    ("another audience", lambda: token(aud="https://else.example")),
    ("the audience with a slash", lambda: token(aud=SITE + "/")),
    ("the audience in capitals", lambda: token(aud=SITE.upper())),
    ("ours among other audiences", lambda: token(aud=[SITE, "https://else.example"])),
    ("ours twice", lambda: token(aud=[SITE, SITE])),
    ("no audience in the list", lambda: token(aud=[])),
    ("an audience in a list of lists", lambda: hs(claims(aud=[[SITE]]))),
    ("an audience with a list in it", lambda: hs(claims(aud={SITE: 1}))),
    ("no iss", lambda: token(iss=None)),
    ("iss with a slash", lambda: token(iss=NEWS + "/")),
    ("iss in a list", lambda: hs(claims(iss=[NEWS]))),
    ("no sub", lambda: token(sub=None)),
    ("an empty sub", lambda: token(sub="")),
    ("a blank sub", lambda: token(sub=" ")),
    ("a sub of 201 letters", lambda: token(sub="x" * 201)),
    ("a sub that is a number", lambda: hs(claims(sub=7))),
    ("a sub that is null", lambda: hs(_raw(sub="null"))),
    ("a sub with NUL", lambda: hs(claims(sub="reader\0-7"))),
    ("a sub with a line feed", lambda: hs(claims(sub="reader\n-7"))),
    ("a sub with half a character", lambda: hs(_raw(sub='"reader\\ud800"'))),
    ("no jti", lambda: token(jti=None)),
    ("a jti of seven letters", lambda: token(jti="1234567")),
    ("a jti of 201 letters", lambda: token(jti="j" * 201)),
    ("a jti that is a number", lambda: hs(claims(jti=123456789))),
    ("a name that is a list", lambda: hs(claims(name=["Ruth"]))),
    ("a name with half a character", lambda: hs(_raw(name='"\\udfff"'))),
    ("email_verified as a text", lambda: hs(claims(email="a@b.example", email_verified="true"))),
    ("roles that are a text", lambda: token(roles="moderator")),
    ("roles with a list in them", lambda: hs(claims(roles=[["moderator"]]))),
    ("a nonce that is a number", lambda: hs(claims(nonce=5))),
    ("a claim twice", lambda: hs(json.dumps(claims())[:-1].encode() + b', "sub": "reader-1"}')),
    ("a claim twice, deep inside", lambda: hs(json.dumps(claims())[:-1].encode() + b', "x": {"a": 1, "a": 2}}')),
    ("a header member twice", lambda: by_hand(b'{"alg": "HS256", "kid": "news-hmac", "alg": "none"}', claims())),
    ("a list for claims", lambda: hs([claims()])),
    ("a text for a header", lambda: by_hand(b'"HS256"', claims())),
    ("claims that are no JSON", lambda: hs(b"{'iss': 1}")),
    ("claims that are no UTF-8", lambda: hs(json.dumps(claims(sub="@")).replace("@", "\xff").encode("latin-1"))),
    ("a mark of byte order first", lambda: hs(b"\xef\xbb\xbf" + json.dumps(claims()).encode())),
    ("brackets without end", lambda: hs(b"[" * 5000)),
    ("more than eight kilobytes", lambda: token(x="y" * 8192)),
    ("a padded part", lambda: token() + "="),
    ("base64 with + and /", lambda: token().replace(".", "+.", 1)),
    ("another spelling of the signature", lambda: spelt(token())),
    ("a space in front", lambda: " " + token()),
    ("a line feed at the end", lambda: token() + "\n"),
    ("letters that are no ASCII", lambda: token() + "é"),
    ("figures of another script", lambda: token().replace("1", "١") + "١"),
    ("JSON serialisation", lambda: json.dumps({"protected": "e30", "payload": "e30", "signature": "e30"})),
    ("an encrypted token", lambda: token() + ".e30.e30"),
]  # fmt: skip


def _with_claims(text, payload):
    first, _, third = text.split(".")
    return f"{first}.{part(payload)}.{third}"


def _with_header(text, header):
    _, second, third = text.split(".")
    return f"{part(header)}.{second}.{third}"


def _raw(**values):
    """Claims with values that no Python object becomes: NaN, halves of characters."""
    facts = claims(**dict.fromkeys(values, "@"))
    text = json.dumps({**facts, **{name: f"@{name}@" for name in values}})
    for name, value in values.items():
        text = text.replace(f'"@{name}@"', value)
    return text.encode()


@pytest.mark.parametrize("make", [make for _, make in BAD], ids=[name for name, _ in BAD])
def test_a_bad_token_is_refused_with_the_reason(known, make):
    with pytest.raises(BadToken) as refusal:
        read(make(), known)
    assert str(refusal.value)


def test_pyjwt_would_have_taken_many_of_them(known):
    """The checks are ours: this says how many of the bad ones a library lets through that is asked in the usual way."""
    passed = 0
    for _, make in BAD:
        try:
            kid = jwt.get_unverified_header(made_token := make()).get("kid")
            key = known.key(kid) if isinstance(kid, str) else None
            if key:
                jwt.decode(made_token, key.material, algorithms=[key.algorithm], audience=SITE, issuer=key.issuer)
                passed += 1
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError):
            continue
    assert passed >= 15


@pytest.mark.parametrize("seconds", [-31, 400])
def test_a_good_token_is_bad_at_another_time(known, seconds):
    with pytest.raises(BadToken):
        read(token(), known, datetime.now(UTC) + timedelta(seconds=seconds))


def test_roles_are_those_the_key_maps_and_no_others(known):
    asked = ["moderator", "admin", "staff", "Administrators", "moderator"]
    assert read(token(roles=asked), known).groups == ("Moderators",)
    assert read(token("news-rsa", roles=asked), known).groups == (), "another key of the publisher's maps none"


def test_only_a_verified_address_is_taken(known):
    assert read(token(email="r@example.org"), known).email == ""
    assert read(token(email="r@example.org", email_verified=False), known).email == ""
    assert read(token(email="r@example.org", email_verified=True), known).email == "r@example.org"


def test_expertise_is_taken_from_keys_that_may_say_so(known):
    assert read(token(expertise="Hydrology"), known).expertise == "Hydrology"
    assert read(token("news-rsa", expertise="Hydrology"), known).expertise is None
    assert read(token(), known).expertise is None


def test_two_issuers_may_give_the_same_jti(known):
    one = read(token(jti="the-same-name"), known)
    two = read(token("other-ed", iss=OTHER, jti="the-same-name"), known)
    assert one.digest != two.digest
