"""A provider of sign-in on this machine: OpenID Connect as the standard has it, and what we use of GitHub's."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
CLIENT, SECRET = "the-courier", "a client secret"


class FakeProvider:
    """What it says can be changed by a test before it is asked."""

    def __init__(self) -> None:
        self.person = {"sub": "4711", "email": "oona@example.net", "email_verified": True, "name": "Oona Overby"}
        self.claims: dict = {}  # what replaces a claim of the next assertion; None leaves it out
        self.userinfo: dict = {}  # the same for the user's facts
        self.sign = lambda claims: jwt.encode(claims, KEY, "RS256", headers={"kid": "one"})
        self.issuer: str | None = None  # what the discovery document calls it
        self.emails: list[dict] = []  # GitHub's
        self.asked: list[tuple[str, dict]] = []
        self.codes: dict[str, dict] = {}

    def authorize(self, address: str) -> dict[str, str]:
        """The person signs in there: what their browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, str]) -> tuple[int, dict]:
        asked = self.codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        good = asked and form["client_secret"] == SECRET and proof.decode() == asked["code_challenge"]
        if not good or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            **self.person,
        }
        return 200, {
            "access_token": "let-me-in",
            "token_type": "Bearer",
            "id_token": self.sign(changed(claims, self.claims)),
        }

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, object]:
        self.asked.append((path, form))
        public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        answers = {
            "/.well-known/openid-configuration": lambda: (
                200,
                {
                    "issuer": self.issuer or self.url,
                    "authorization_endpoint": f"{self.url}/authorize",
                    "token_endpoint": f"{self.url}/token",
                    "userinfo_endpoint": f"{self.url}/userinfo",
                    "jwks_uri": f"{self.url}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                },
            ),
            "/keys": lambda: (200, {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}),
            "/token": lambda: self.token(form),
            "/userinfo": lambda: (200, changed(self.person, self.userinfo)),
            "/user": lambda: (
                200,
                {"id": 99, "login": "oona", "name": "Oona Overby", "avatar_url": "https://x.example/a"},
            ),
            "/user/emails": lambda: (200, self.emails),
        }
        return answers[path]() if path in answers else (404, {})


def changed(facts: dict, by: dict) -> dict:
    return {name: value for name, value in {**facts, **by}.items() if value is not None}


@contextmanager
def served():
    """The provider, answering on loopback."""
    provider = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer({})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form):
            status, facts = provider.answer(urlsplit(self.path).path, form)
            body = json.dumps(facts).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *rest):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
