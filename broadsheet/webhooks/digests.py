"""When moderators are written to about what waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.jobs.schedule import next_at_hour
from broadsheet.moderation import rules
from broadsheet.notifications.posting import post
from broadsheet.webhooks.models import Digest, MailChoice


def choose(*, moderator: Reader, digest: str, each: bool) -> MailChoice:
    """Keep what a moderator wants by mail."""
    if not rules.may_decide(moderator):
        raise Refused(_("Only moderators are written to about the desk."))
    wanted = Digest(digest)
    return MailChoice.objects.update_or_create(
        moderator=moderator,
        defaults={"digest": wanted, "each": each, "next_digest_at": next_moment(wanted, clock.now())},
    )[0]


def next_moment(digest: Digest, now: datetime) -> datetime | None:
    """When the next one is due: at the newsroom's `digest_hour`, or at the next full hour."""
    if digest == Digest.NEVER:
        return None
    if digest == Digest.DAILY:
        return next_at_hour(settings.DIGEST_HOUR, now)
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def send_due() -> int:
    """Have those written to whose moment has come; how many (a job of the setting JOBS). Each is claimed first."""
    now, asked = clock.now(), 0
    for choice in MailChoice.objects.filter(next_digest_at__lte=now).order_by("next_digest_at")[:500]:
        mine = MailChoice.objects.filter(pk=choice.pk, next_digest_at=choice.next_digest_at)
        if choice.next_digest_at and mine.update(next_digest_at=next_moment(Digest(choice.digest), now)):
            post("broadsheet.webhooks.letters.digest", choice.moderator_id, f"{choice.next_digest_at:%Y%m%d%H}")
            asked += 1
    return asked
