"""Changes of the newsroom's settings, which stand in a file and in variables: noticed at the start, and kept.

Of a secret it is only kept that it was changed: what tells it apart from the next is keyed by the newsroom's own
secret, and is worth nothing to anybody who reads the table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.crypto import salted_hmac

from broadsheet.moderation import changes
from broadsheet.moderation.overview.models import KnownSetting

KEY = "secret_key"  # by which the other secrets are told apart, so that when it changes they cannot be
CHANGED = "changed"  # what is kept of a secret
_MARK = ".known"  # a row that says the settings have been looked at before; no setting has such a name


@transaction.atomic
def compare(given: Mapping[str, str], secret: Collection[str]) -> dict[str, str]:
    """Keep what is another than at the last start, as a change that nobody in particular made; returns it.

    `given` are the settings that have a value, by name; `secret` the names of those whose values nobody may read. The
    first time there is nothing to compare with, so nothing is kept as a change.
    """
    _, is_new = KnownSetting.objects.get_or_create(name=_MARK)
    known = {row.name: row for row in KnownSetting.objects.select_for_update().exclude(name=_MARK)}
    now = {name: _row(name, value, name in secret) for name, value in given.items()}
    before, after = dict[str, str | None](), dict[str, str | None]()
    new_key = not is_new and KEY in known and KEY in now and known[KEY].digest != now[KEY].digest
    for name in sorted({*known, *now}):
        was, is_ = known.get(name), now.get(name)
        if was and is_ and (was.value, was.digest) == (is_.value, is_.digest):
            continue
        if was and is_ and is_.digest and name != KEY and new_key:
            continue  # told apart by another key now
        before[name], after[name] = _told(was), _told(is_)
        if before[name] == after[name]:
            after[name] = CHANGED
    for row in now.values():
        row.save(force_update=row.name in known, force_insert=row.name not in known)
    KnownSetting.objects.filter(name__in=set(known) - set(now)).delete()
    if is_new or not after:
        return {}
    changes.record(by=None, what="settings", before=before, after=after)
    return {name: value or "" for name, value in after.items()}


def _row(name: str, value: str, is_secret: bool) -> KnownSetting:
    if not is_secret:
        return KnownSetting(name=name, value=value)
    # The key is long and random, so that its own digest tells nothing of it; the others may be short, and are keyed.
    secret = value if name == KEY else None
    return KnownSetting(
        name=name, digest=salted_hmac("broadsheet.known", value, secret, algorithm="sha256").hexdigest()
    )


def _told(row: KnownSetting | None) -> str | None:
    return None if row is None else "set" if row.digest else row.value
