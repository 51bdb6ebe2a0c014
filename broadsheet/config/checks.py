"""What `broadsheet check --deploy` says of a site that readers reach by https (docs/deployment.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from broadsheet.config.recording import given


def production(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What a paper in public lacks; one that is tried out on http:// lacks nothing."""
    return list(_lacking()) if settings.SECURE else []


def _lacking() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        yield Warning(
            "email_url is not set: mail is only printed to the log, so nobody new can confirm an address.",
            hint="Name your mail server in email_url.",
            id="broadsheet.W001",
        )
    if not settings.TRUSTED_PROXIES:
        yield Warning(
            "trusted_proxies is 0: behind a proxy that speaks TLS, all readers count as one address.",
            hint="Set trusted_proxies to the number of proxies in front that add to X-Forwarded-For.",
            id="broadsheet.W002",
        )
    if settings.LIVE_URL and "live_url" not in given():
        yield Warning(
            f"live_url is not set: browsers look for the live stream at {settings.LIVE_URL}, where we speak no TLS.",
            hint="Let the proxy map /live/ and set live_url to site_url, or set live_port to 0.",
            id="broadsheet.W003",
        )
