"""Who is signed out, and who has nothing to do with it, changes nothing by any form: a walk over every address.

Each is sent one form with what every form of ours asks for, so that nothing but the person stands in the way.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts.models import Reader
from tests.test_leaks import newsroom as newsroom
from tests.test_leaks import values_for
from tests.walking import own_patterns, visit

pytestmark = pytest.mark.django_db

FORM = {
    "body": "Mine now.", "choice": "yes", "seen": "published", "after": "rejected", "reason": "spam", "note": "x",
    "pick": "yes", "act": "close", "mode": "questions", "who": "sam@example.org", "seconds": "60", "days": "1",
    "about": "Mine now.", "sure": "on", "reply": "never", "revision": "999999", "rating": "1", "name": "Gus Guest",
    "endpoint": "https://push.example/x",
}  # fmt: skip
FREE = ("moderation.Report", "moderation.Entry")  # anybody may report, and what is reported waits at the desk
WATCHED = ("accounts.", "account.", "auth.", "discussion.", "mfa.", "moderation.", "notifications.", "stories.")
# What is counted of a comment and its discussion follows from rows that others may add.
COUNTED = {"discussion.Comment": ["author_id", "body", "status", "rating", "picked_at", "withdrawn_at"]}
COUNTED["discussion.Thread"] = ["opens_at", "open_for", "closed_at", "kept_open", "mode", "slow_seconds"]


def rows(facts=None):
    """What stands in every table of ours, row by row."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if label.startswith(WATCHED) and label not in FREE:
            names = (facts or {}).get(label) or [field.attname for field in model._meta.concrete_fields]
            found[label] = {row[0]: row for row in model._base_manager.values_list("pk", *names)}
    return found


def send_everywhere(client, newsroom):
    """The statuses of the answers to the form, sent to every address."""

    def send(address):
        cache.clear()  # no limit stands in the way either
        return client.post(address, FORM)

    met, secrets = set(), {"token": [newsroom["report"].token, "no-such-token"]}  # not the one that stops the mail
    for route, entry in own_patterns():
        for _, answer in visit(send, route, entry, values_for(route, newsroom) | secrets):
            met.add(answer.status_code)
    return met


def test_who_is_signed_out_changes_nothing(newsroom):
    before = rows()
    assert send_everywhere(Client(), newsroom) >= {302, 403, 404, 405}
    after = rows()
    assert [label for label in before if before[label] != after[label]] == []


def test_a_reader_changes_nothing_that_is_others_or_the_newsroom_s(newsroom, client):
    sam = Reader.objects.create_user("sam@example.org", "Sam Stone", "a long enough pass phrase")
    client.force_login(sam)
    before = rows(COUNTED)
    assert send_everywhere(client, newsroom) >= {200, 302, 403, 404, 405}
    after, changed = rows(COUNTED), set()
    for label, kept in before.items():
        changed |= {(label, pk) for pk, row in kept.items() if after[label].get(pk) != row}
    assert changed <= {("accounts.Reader", sam.pk)}
    for label in ("moderation.Decision", "moderation.ThreadDecision", "auth.Group", "stories.Story"):
        assert len(after[label]) == len(before[label]), label
    assert len(after["discussion.Comment"]) > len(before["discussion.Comment"]), "the walk did what a reader may"
