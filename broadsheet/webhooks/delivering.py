"""The way of events to their endpoints: tried at once, then after ever longer pauses for three days.

Each round takes the oldest due event of every endpoint, calls them side by side, and writes down what came of it. An
endpoint that fails leaves the run, so that a dead server costs the others one time-out and no more.
"""

from __future__ import annotations

import json
import logging
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.core import clock, text
from broadsheet.core.numbers import whole
from broadsheet.core.outbound import Unreachable, fetch
from broadsheet.discussion.models import Comment
from broadsheet.moderation import changes
from broadsheet.notifications.posting import post
from broadsheet.webhooks import people, signing
from broadsheet.webhooks.models import Delivery, Endpoint, Event

log = logging.getLogger(__name__)

# After each try, as the Standard Webhooks specification advises; after the last it is given up.
PAUSES = [timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)]
SPREAD = 0.2  # a pause is up to so much longer, or a server that comes back meets everything in one second
FAILS_FOR = timedelta(days=4)  # after which an endpoint is switched off
RUN = 15.0  # seconds of one run; what is left is due for the next
AT_ONCE = 8  # endpoints side by side
GONE = 410
LONGEST_WAIT = timedelta(days=1)  # of what a server asks us to wait


@dataclass(frozen=True)
class Outcome:
    """What came of one try."""

    status: int  # 0: no answer
    took: int  # milliseconds
    fault: str = ""
    wait: timedelta | None = None  # what the server asked for

    @property
    def arrived(self) -> bool:
        return 200 <= self.status < 300


def send_due() -> int:
    """Send what is due; how many arrived (a job of the setting JOBS)."""
    until, failed, arrived = time.monotonic() + RUN, set[int](), 0
    with ThreadPoolExecutor(AT_ONCE) as callers:
        while time.monotonic() < until and (claimed := _claim_round(failed)):
            calls = [(each, callers.submit(_call, *_prepared(each))) for each in claimed]
            for each, call in calls:
                outcome = call.result()
                _keep(each, outcome)
                arrived += outcome.arrived
                if not outcome.arrived:
                    failed.add(each.endpoint_id)
    return arrived


def _claim_round(failed: set[int]) -> list[Delivery]:
    """The oldest due delivery of each endpoint, claimed: nobody else tries it until its pause is over."""
    now = clock.now()
    due = Delivery.objects.filter(next_try_at__lte=now, endpoint__is_on=True).exclude(endpoint__in=failed)
    claimed = []
    for pk in list(due.order_by().values_list("endpoint", flat=True).distinct()[:AT_ONCE]):
        each = due.filter(endpoint=pk).select_related("endpoint", "event").order_by("next_try_at", "pk").first()
        if each and _claim(each, now):
            claimed.append(each)
    return claimed


def _claim(each: Delivery, now: datetime) -> bool:
    mine = Delivery.objects.filter(pk=each.pk, tries=each.tries, next_try_at=each.next_try_at)
    over = each.tries >= len(PAUSES)
    # The last try has no pause behind it; if its worker dies over it, it is tried once more within the hour.
    pause = timedelta(hours=1) if over else pause_after(each.tries, each.event_id)
    if not mine.update(tries=each.tries + 1, next_try_at=now + pause):
        return False
    each.tries += 1
    each.next_try_at = now + pause
    return True


def pause_after(tries: int, identity: str) -> timedelta:
    """How long to wait after so many tries before: the same for the same event each time it is asked."""
    return PAUSES[tries] * (1 + SPREAD * random.Random(f"{identity} {tries}").random())


def body_of(event: Event, *, with_words: bool) -> bytes:
    """What is sent. Words come in the moment they go, and only those that everybody can read in that moment."""
    data = json.loads(json.dumps(event.data))
    if with_words and event.comment_id and "comment" in data:
        shown = Comment.objects.visible_to(None).filter(pk=event.comment_id).first()
        if shown:
            data["comment"]["words"] = text.plain(shown.public_html)
    whole = {"type": event.kind, "timestamp": event.at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _prepared(each: Delivery) -> tuple[str, dict[str, str], bytes]:
    body = body_of(each.event, with_words=each.endpoint.with_words)
    return each.endpoint.address, signing.headers(each.endpoint, each.event_id, clock.now(), body), body


def _call(address: str, headers: dict[str, str], body: bytes) -> Outcome:
    """One call, in a thread of its own that knows no database."""
    began = time.monotonic()

    def took() -> int:
        return round((time.monotonic() - began) * 1000)

    try:
        answer = fetch(address, method="POST", headers=headers, body=body)
    except Unreachable as why:
        return Outcome(0, took(), str(why))
    fault = "It sends us on, and we do not follow." if 300 <= answer.status < 400 else ""
    return Outcome(answer.status, took(), fault, _asked_wait(answer.headers.get("Retry-After", "")))


def _asked_wait(written: str) -> timedelta | None:
    seconds = whole(written, 8)
    return None if seconds is None else min(timedelta(seconds=seconds), LONGEST_WAIT)


@transaction.atomic
def _keep(each: Delivery, outcome: Outcome) -> None:
    """Write down what came of a try, and what follows from it for the event and its endpoint."""
    now = clock.now()
    facts: dict[str, Any] = {}
    if outcome.arrived:
        facts = {"done_at": now, "next_try_at": None}
        Endpoint.objects.filter(pk=each.endpoint_id).exclude(failing_since=None).update(failing_since=None)
    elif each.tries > len(PAUSES):
        facts = {"next_try_at": None}
    elif outcome.wait:
        facts = {"next_try_at": max(each.next_try_at or now, now + outcome.wait)}
    row = Delivery.objects.select_for_update().get(pk=each.pk)
    attempts = [*row.attempts, [now.isoformat(), outcome.status, outcome.took, outcome.fault]]
    Delivery.objects.filter(pk=each.pk).update(attempts=attempts, **facts)
    if not outcome.arrived:
        _fault(each.endpoint, outcome, now)


def _fault(endpoint: Endpoint, outcome: Outcome, now: datetime) -> None:
    Endpoint.objects.filter(pk=endpoint.pk, failing_since=None).update(failing_since=now)
    log.warning("The webhook %s was not taken (%d %s).", endpoint.name, outcome.status, outcome.fault)
    since = Endpoint.objects.get(pk=endpoint.pk).failing_since or now
    if outcome.status == GONE:
        switch_off(endpoint, _("Its server says that it is gone for good (410)."))
    elif now - since > FAILS_FOR:
        switch_off(endpoint, _("Nothing has arrived for four days."))


@transaction.atomic
def switch_off(endpoint: Endpoint, why: str) -> None:
    """Send an endpoint nothing more, and tell those who supervise the desk. What waits can be sent again by hand."""
    if not Endpoint.objects.filter(pk=endpoint.pk, is_on=True).update(is_on=False, off_why=why[:200]):
        return
    Delivery.objects.filter(endpoint=endpoint).exclude(next_try_at=None).update(next_try_at=None)
    changes.record(by=None, what="webhook", about=endpoint.name, before={"on": True}, after={"on": False, "why": why})
    for supervisor in people.supervisors():
        post("broadsheet.webhooks.letters.switched_off", supervisor.pk, endpoint.pk)
