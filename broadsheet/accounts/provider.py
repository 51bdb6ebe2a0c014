"""Sign-in by the newsroom's own OpenID Connect provider. allauth looks for providers under this module's name.

allauth's own provider leaves three checks to others; they are made here: the answer belongs to the question (nonce),
the assertion's signature is always verified, and both sources of facts are about the same person.
Source: OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2; Discovery 1.0, section 4.3; ASVS 5.0, 6.8 and 10.5.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

# Signatures that only the provider's private key makes; a shared secret or none at all is no signature here.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY = 60  # seconds by which the provider's clock may differ from ours


def nonce_for(state: str) -> str:
    """What the assertion has to repeat: it follows from the state, which is kept in the session and good once."""
    return salted_hmac("accounts.oidc.nonce", state, algorithm="sha256").hexdigest()


class NewsroomAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to the provider, and believes only what is signed, for us, now, and in answer to our question."""

    def __init__(self, request: HttpRequest, provider_id: str = "oidc") -> None:
        super().__init__(request, provider_id)

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises OAuth2Error when that is another provider's."""
        config: dict[str, Any] = super().openid_config
        issuer = self.get_provider().app.settings["server_url"].partition("/.well-known/")[0]
        if str(config.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
            raise OAuth2Error(f"{issuer} calls itself {config.get('issuer')!r}")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(build_absolute_uri(request, reverse("oidc_callback"), self.redirect_uri_protocol))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **facts: Any) -> SocialLogin:
        claims = self._claims(app, facts["response"].get("id_token") or "")
        if not constant_time_compare(str(claims.get("nonce", "")), nonce_for(request.GET.get("state", ""))):
            raise OAuth2Error("the assertion answers another question")
        told = self._fetch_user_info(token.token) if self.openid_config.get("userinfo_endpoint") else claims
        if told.get("sub") != claims["sub"]:
            raise OAuth2Error("the assertion and the user's facts are about different people")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": told, "id_token": claims})

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(id_token)
            key = jwt.PyJWK(self._key(header), algorithm=header["alg"])
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=[name for name in ALGORITHMS if name == header["alg"]],
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, KeyError, ValueError) as fault:
            raise OAuth2Error(f"the assertion is not to be believed: {fault}") from fault
        many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if many else app.client_id) != app.client_id:
            raise OAuth2Error("the assertion was made for another client")
        return claims

    def _key(self, header: dict[str, Any]) -> dict[str, Any]:
        """The provider's published key that the assertion names. Raises OAuth2Error when there is none."""
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error(f"{header.get('alg')!r} is no signature we take")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = [key for key in answer.json().get("keys", []) if key.get("use", "sig") == "sig"]
        fitting = [
            key
            for key in keys
            if key.get("kid") == header.get("kid") and key.get("alg", header["alg"]) == header["alg"]
        ]
        if len(fitting) != 1:
            raise OAuth2Error(f"the provider has no key {header.get('kid')!r} for {header['alg']}")
        found: dict[str, Any] = fitting[0]
        return found


class NewsroomProvider(OpenIDConnectProvider):
    """The newsroom's own OpenID Connect provider, by the settings `oidc_...`."""

    id = "oidc"
    name = "OpenID Connect"
    oauth2_adapter_class = NewsroomAdapter
    supports_token_authentication = False

    def get_login_url(self, request: HttpRequest, **query: Any) -> str:
        return str(OAuth2Provider.get_login_url(self, request, **query))

    def get_callback_url(self) -> str:
        return reverse("oidc_callback")

    def get_oauth2_adapter(self, request: HttpRequest) -> NewsroomAdapter:
        return NewsroomAdapter(request)

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Who somebody is: the issuer and its name for them, so that another provider's numbers are other people."""
        who = json.dumps([self.app.settings["server_url"], str(data["id_token"]["sub"])])
        return hashlib.sha256(who.encode()).hexdigest()

    def stash_redirect_state(self, request: HttpRequest, *rest: Any, **facts: Any) -> str:
        state: str = super().stash_redirect_state(request, *rest, **facts)
        self._auth_params["nonce"] = nonce_for(state)
        return state

    def redirect(self, request: HttpRequest, process: str, *rest: Any, **facts: Any) -> HttpResponse:
        """The way out, with the nonce that belongs to its state (known only when the parameters are made already)."""
        self._auth_params: dict[str, str] = self.get_auth_params()
        answer: HttpResponse = super().redirect(request, process, *rest, auth_params=self._auth_params, **facts)
        return answer


callback = OAuth2CallbackView.adapter_view(NewsroomAdapter)
provider_classes = [NewsroomProvider]


def provider_named(provider: str) -> str:
    """What a provider is called; one that is no longer set is called by its id."""
    apps = get_adapter().list_apps(None, provider=provider)
    found = registry.get_class(provider)
    return str((apps and apps[0].name) or (found.name if found else provider))
