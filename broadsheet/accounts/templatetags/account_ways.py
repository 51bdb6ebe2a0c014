"""Signing in by way of a provider, on the pages about signing in."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django import template
from django.urls import reverse

from broadsheet.accounts.provider import provider_named

register = template.Library()


@register.inclusion_tag("socialaccount/_buttons.html", takes_context=True)
def provider_buttons(context: template.Context, connect: bool = False) -> dict[str, Any]:
    """A button for each provider that this newsroom has set; nothing where there is none."""
    request = context["request"]
    offered = get_adapter().list_providers(request)
    return {
        "providers": [{"name": each.name, "address": reverse(f"{each.id}_login")} for each in offered],
        "connect": connect,
        "next": "" if connect else request.GET.get("next", ""),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def connected_providers(context: template.Context) -> list[tuple[SocialAccount, str, str]]:
    """The accounts elsewhere that sign this person in: each with the provider's name and theirs there."""
    found = SocialAccount.objects.filter(user=context["request"].user).order_by("pk")
    return [(account, provider_named(account.provider), _name_there(account)) for account in found]


def _name_there(account: SocialAccount) -> str:
    told = account.extra_data
    return str(told.get("email") or told.get("mail") or told.get("login") or told.get("name") or "")
