"""What supervisors do with other scorers. Each act is in the record of changes, and no secret is in it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock, outbound
from broadsheet.core.refusals import Refused, Unacceptable, refuse_if
from broadsheet.core.text import readable
from broadsheet.delivery.freshness import touch
from broadsheet.delivery.tags import SECTIONS
from broadsheet.moderation import changes, rules
from broadsheet.scores.backends.models import LONGEST_NAME, LONGEST_POLICY, Backend, OtherScore, new_salt

MOST = 5  # each is asked about every comment
LEAST_SECONDS, MOST_SECONDS = 0.5, outbound.LONGEST
CHAT = "/chat/completions"


def why_not_set(person: Reader | None) -> str | None:
    """Why this person sets no other scorer up; None when they may."""
    return None if rules.may_supervise(person) else _("Only those who supervise the moderators look after scorers.")


@transaction.atomic
def save_backend(
    *,
    by: Reader,
    backend: Backend | None,
    name: str,
    kind: str,
    address: str,
    language_model: str = "",
    policy: str = "",
    seconds: float = 10.0,
    tells_story: bool = True,
    is_on: bool = False,
    counts: bool = False,
) -> Backend:
    """Set another scorer up, or change one. Raises Refused, Unacceptable."""
    refuse_if(why_not_set(by))
    before = facts_of(backend) if backend else None
    made = backend or Backend()
    made.name = readable(name, most=LONGEST_NAME, what=_("Name"), lines=False)
    made.kind = kind if kind in Backend.Kind.values else Backend.Kind.WEBHOOK
    made.address = _address(made.kind, address.strip())
    made.language_model, made.policy = language_model.strip(), policy.strip()[:LONGEST_POLICY]
    made.seconds, made.tells_story, made.is_on = seconds, tells_story, is_on
    if counts and is_on and not made.counts:
        made.counts_since = clock.now()
    made.counts = counts and is_on
    _require_possible(made)
    if made.counts:
        Backend.objects.exclude(pk=made.pk).filter(counts=True).update(counts=False)
    made.save()
    if not made.is_on:
        OtherScore.objects.filter(backend=made, made_at=None).delete()  # what was not asked is not asked later
    changes.record(by=by, what="scorer", about=made.name, before=before, after=facts_of(made))
    touch(SECTIONS)  # the model card says whether comments are sent anywhere
    return made


@transaction.atomic
def renew_secret(*, by: Reader, backend: Backend) -> Backend:
    """Give it a new secret; the old one is worth nothing from then on."""
    refuse_if(why_not_set(by))
    backend.salt = new_salt()
    backend.save(update_fields=["salt"])
    changes.record(by=by, what="scorer", about=backend.name, before={"secret": ""}, after={"secret": "changed"})
    return backend


@transaction.atomic
def remove_backend(*, by: Reader, backend: Backend) -> None:
    """Take it away, with everything that it has said."""
    refuse_if(why_not_set(by))
    changes.record(by=by, what="scorer", about=backend.name, before=facts_of(backend), after=None)
    backend.delete()
    touch(SECTIONS)


def facts_of(backend: Backend) -> dict[str, Any]:
    """How it is set, for the record of changes."""
    names = ("name", "kind", "address", "language_model", "policy", "seconds", "tells_story", "is_on", "counts")
    return {name: getattr(backend, name) for name in names}


def _address(kind: str, address: str) -> str:
    """The address that is called: of a language model's server one may give what its programs call the base."""
    try:
        parts = urlsplit(address)
    except ValueError:  # none at all, which `_require_callable` says
        return address
    path = parts.path.rstrip("/")
    is_base = kind == Backend.Kind.CHAT and not path.endswith(CHAT)
    return parts._replace(path=path + CHAT).geturl() if is_base else address


def _require_possible(made: Backend) -> None:
    if not made.name:
        raise Unacceptable(_("It needs a name."))
    if Backend.objects.exclude(pk=made.pk).filter(name=made.name).exists():
        raise Unacceptable(_("There is a scorer of that name already."))
    if made._state.adding and Backend.objects.count() >= MOST:
        raise Refused(_("There are as many scorers as there may be."))
    if not LEAST_SECONDS <= made.seconds <= MOST_SECONDS:
        raise Unacceptable(_("It cannot be waited for so long, or so briefly."))
    if made.kind == Backend.Kind.CHAT and not made.language_model:
        raise Unacceptable(_("Please say which language model is asked."))
    _require_callable(made.address)


def _require_callable(address: str) -> None:
    """Comments' words go over the network encrypted, or stay within it."""
    try:
        outbound.may_call(address)
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or f"{parts.hostname}:{parts.port}" in settings.OUTBOUND_INSIDE
    except (outbound.Unreachable, ValueError):
        is_safe = False
    if not is_safe:
        raise Unacceptable(
            _(
                "This address cannot be called: it must begin with https://, or be that of a server of your own that "
                "the setting outbound_inside names with its port; and the setting outbound_hosts must allow it."
            )
        )
