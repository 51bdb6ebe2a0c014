"""The way about one's own account."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

# The names of the addresses, some of which apps above this one own, in the order of the list, and what is there.
PAGES: list[tuple[str, str | Promise, str | Promise]] = [
    ("me", _("Overview"), ""),
    ("my_comments", _("Comments"), _("All that you wrote, and what became of it.")),
    ("notifications", _("Notifications"), _("Answers, decisions and what else concerns you.")),
    ("my_following", _("Following"), _("The discussions and people you follow, and those you muted.")),
    ("my_reports", _("Reports"), _("What editors decided about comments you reported.")),
    ("my_corrections", _("Corrections"), _("What your comments put right, and whether we thank you by name.")),
    ("my_standing", _("Standing"), _("What editors decided about your taking part.")),
    ("my_statements", _("Statements of reasons"), _("Why a comment of yours was restricted, and your appeals.")),
    ("my_profile", _("Profile"), _("What your public page says.")),
    ("my_name", _("Display name"), _("The name that stands beside what you write.")),
    ("sign_in_methods", _("Signing in"), _("Address, password, passkeys, and where you are signed in.")),
    ("my_data", _("Your data"), _("A copy of everything, and the end of your account.")),
]
GUEST_PAGES = {"me", "my_comments", "my_reports", "my_standing", "my_statements", "my_data"}


@dataclass(frozen=True)
class OwnPage:
    """One page of the account, as the list links to it."""

    name: str
    label: str | Promise
    what: str | Promise
    address: str


@register.simple_tag(takes_context=True)
def own_pages(context: Context) -> list[OwnPage]:
    """The pages of one's own account that this newsroom has; to a guest, those that are good for one visit."""
    found, is_guest = [], context["request"].user.is_guest
    for name, label, what in PAGES:
        if is_guest and name not in GUEST_PAGES:
            continue
        try:
            found.append(OwnPage(name, label, what, reverse(name)))
        except NoReverseMatch:
            continue
    return found
