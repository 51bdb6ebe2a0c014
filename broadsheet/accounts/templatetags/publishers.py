"""Signing in by way of a publisher, on the pages about signing in."""

from __future__ import annotations

from typing import Any

from django import template

from broadsheet.accounts.publisher.actions import known_publishers

register = template.Library()


@register.inclusion_tag("accounts/publisher/_buttons.html", takes_context=True)
def publisher_buttons(context: template.Context) -> dict[str, Any]:
    """A button for each publisher that signs its readers in; nothing where there is none."""
    request = context["request"]
    return {
        "publishers": list(known_publishers()),
        "next": request.GET.get("next", ""),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def publisher_connections(context: template.Context) -> dict[str, Any]:
    """The publishers that sign this reader in, with the way to end that."""
    identities = list(context["request"].user.publisher_identities.all())
    found = [(identity, known_publishers().with_issuer(identity.issuer)) for identity in identities]
    return {"connections": [(identity, publisher) for identity, publisher in found if publisher]}
