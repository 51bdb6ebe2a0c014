"""What supervisors do with webhooks. Each act is kept in the audit log, and no secret is in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.core.text import readable
from broadsheet.moderation import changes, rules
from broadsheet.webhooks import events
from broadsheet.webhooks.models import CHOSEN, LONGEST_ADDRESS, Delivery, Endpoint, Event, Kind, new_salt

BOTH_SIGN = timedelta(hours=24)  # the old secret beside a new one
MOST = 20  # endpoints: each is looked at with every comment


def save_endpoint(
    *,
    by: Reader,
    endpoint: Endpoint | None,
    name: str,
    address: str,
    kinds: Iterable[str],
    with_words: bool,
    is_on: bool = True,
) -> Endpoint:
    """Make an endpoint, or change one. Raises Refused, Unacceptable."""
    _require_supervisor(by)
    name = readable(name, most=80, what=_("Name"), lines=False)
    address = address.strip()
    if why := why_not_address(address):
        raise Unacceptable(why)
    chosen = [kind.value for kind in CHOSEN if kind in set(kinds)]
    if not name or not chosen:
        raise Unacceptable(_("A webhook needs a name and at least one kind of event."))
    with transaction.atomic():
        others = Endpoint.objects.exclude(pk=endpoint.pk) if endpoint else Endpoint.objects.all()
        if others.filter(name=name).exists():
            raise Unacceptable(_("There is a webhook of that name already."))
        if endpoint is None and others.count() >= MOST:
            raise Refused(_("There are as many webhooks as there may be."))
        before = _facts(endpoint) if endpoint else None
        made = endpoint or Endpoint()
        if is_on and not made.is_on:
            made.failing_since = None
        made.name, made.address, made.events = name, address, chosen
        made.with_words, made.is_on = with_words, is_on
        made.off_why = "" if is_on else made.off_why
        made.save()
        changes.record(by=by, what="webhook", about=name, before=before, after=_facts(made))
    return made


def renew_secret(*, by: Reader, endpoint: Endpoint) -> Endpoint:
    """Give an endpoint a new secret; for a day both sign, so that its owner can change over."""
    _require_supervisor(by)
    with transaction.atomic():
        endpoint.old_salt, endpoint.old_until = endpoint.salt, clock.now() + BOTH_SIGN
        endpoint.salt = new_salt()
        endpoint.save(update_fields=["salt", "old_salt", "old_until"])
        changes.record(by=by, what="webhook", about=endpoint.name, before={"secret": ""}, after={"secret": "changed"})
    return endpoint


def remove_endpoint(*, by: Reader, endpoint: Endpoint) -> None:
    """Take an endpoint away, with the log of what it was sent."""
    _require_supervisor(by)
    with transaction.atomic():
        changes.record(by=by, what="webhook", about=endpoint.name, before=_facts(endpoint), after=None)
        endpoint.delete()


def send_test(*, by: Reader, endpoint: Endpoint) -> Event:
    """Send an endpoint an event that means nothing."""
    _require_supervisor(by)
    _require_on(endpoint)
    with transaction.atomic():
        event = Event.objects.create(kind=Kind.TEST, data={"site": settings.SITE_URL})
        events.send(event, [endpoint])
    return event


def send_again(*, by: Reader, delivery: Delivery) -> None:
    """Send an event once more. It keeps its name, by which receivers know that they had it."""
    _require_supervisor(by)
    _require_on(delivery.endpoint)
    Delivery.objects.filter(pk=delivery.pk).update(tries=0, next_try_at=clock.now(), done_at=None)
    transaction.on_commit(events.deliver_soon.enqueue)


def why_not_address(address: str) -> str | None:
    """Why an address cannot be a webhook's; None when it can. Where it leads is looked at with every call."""
    sentence = _("Please give a full address that begins with https://.")
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable() or " " in address:
        return sentence
    try:
        parts = urlsplit(address)
        inside = f"{parts.hostname}:{parts.port}" in settings.OUTBOUND_INSIDE
    except ValueError:
        return sentence
    if not parts.hostname or parts.username or parts.fragment or parts.scheme not in {"https", "http"}:
        return sentence
    return None if parts.scheme == "https" or inside else sentence


def _facts(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "name": endpoint.name,
        "address": endpoint.address,
        "events": list(endpoint.events),
        "words": endpoint.with_words,
        "on": endpoint.is_on,
    }


def _require_supervisor(by: Reader) -> None:
    if not rules.may_supervise(by):
        raise Refused(_("Only supervisors look after webhooks."))


def _require_on(endpoint: Endpoint) -> None:
    if not endpoint.is_on:
        raise Refused(_("This webhook is switched off."))
