"""The demo's desk has people on it: each kind of sanction, a note, a hint, and reports that were agreed on."""

from __future__ import annotations

from broadsheet.accounts.models import Reader
from broadsheet.demo import desk_people
from broadsheet.demo.tests.test_demo import demo as demo
from broadsheet.demo.tests.test_demo import loaded as loaded
from broadsheet.moderation.models import Entry, Queue
from broadsheet.moderation.people.models import Sanction
from broadsheet.moderation.people.traces import hints


def test_there_is_somebody_under_each_sanction_and_something_to_look_into(demo, client):
    held = dict(Sanction.objects.in_force().values_list("reader__name", "kind"))
    assert held == {
        desk_people.WARNED: "warning",
        desk_people.SUSPENDED: "suspension",
        desk_people.READ_FIRST: "premod",
        desk_people.BANNED: "ban",
    }
    codes = {row[0] for entry in Entry.objects.filter(queue=Queue.REPORTED) for row in entry.why}
    assert "coordinated" in codes
    friend = Reader.objects.get(name="Half-Price Hank")
    assert hints([friend.pk])[friend.pk][0].sanctions
    client.force_login(Reader.objects.get(name="Theo Brandt"))
    suspended = Reader.objects.get(name=desk_people.SUSPENDED)
    text = client.get(f"/moderation/people/{suspended.pk}/").content.decode()
    assert "Third time." in text and "Ellen knows." in text
