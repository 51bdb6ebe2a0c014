"""What allauth asks of us."""

from __future__ import annotations

import logging
import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sessions import mark
from broadsheet.core.addresses import reader_address

log = logging.getLogger("broadsheet.accounts")

# Our own addresses as we make them. Whatever else a browser might read as another site (a second slash, a colon, a
# dot, a backslash, an escape) is no address of ours, so it need not be understood.
_OWN_PATH = re.compile(r"/(?:[\w~-]+/)*(?:\?[\w=&-]*)?(?:#[\w-]*)?", re.ASCII)


class AccountAdapter(DefaultAccountAdapter):
    """Signs readers up with a name of their own; leads only to our own pages; goes on without a mail server."""

    def save_user(self, request: HttpRequest, user: Reader, form: Form, commit: bool = True) -> Reader:
        user.name = form.cleaned_data["name"]
        saved: Reader = super().save_user(request, user, form, commit)
        return saved

    def is_safe_url(self, url: str | None) -> bool:
        """True for a path of this site, and for nothing that names a site, this one included."""
        return bool(url and _OWN_PATH.fullmatch(url))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that failed sign-ins are counted by."""
        return reader_address(request.META) or "unknown"

    def post_login(self, request: HttpRequest, user: Reader, **facts: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **facts)
        mark(response)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or say in the log that it could not be: without a mail server everything else goes on."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as fault:  # every fault of a mail server is one
            log.error("A mail (%s) could not be sent: %s", template_prefix, fault)
