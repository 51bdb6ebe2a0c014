"""Traces of network addresses: what is kept, for how long, and what they hint at."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts.deletion import erase
from broadsheet.accounts.models import Deletion, Reader
from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.moderation.people import clocks, traces
from broadsheet.moderation.people.models import Sanction, Trace

ADDRESS = "192.0.2.7"


def left(reader, address=ADDRESS, days_ago=0):
    """A trace of some days ago."""
    day = clock.now().astimezone(UTC).date() - timedelta(days=days_ago)
    key, other_key = traces.keys(address, day)
    return Trace.objects.create(reader=reader, key=key, other_key=other_key, day=day)


def hints(reader):
    return [(hint.other.name, hint.count) for hint in traces.hints([reader.pk]).get(reader.pk, [])]


def test_an_address_is_kept_as_two_hashes_that_name_nothing(reader):
    traces.leave(reader, ADDRESS)
    row = Trace.objects.get()
    assert len(row.key) == len(row.other_key) == 64 and row.key != row.other_key
    assert not [value for value in vars(row).values() if ADDRESS in str(value)]


def test_a_household_s_addresses_are_one(reader):
    today = clock.now().date()
    two = [reader_address({"REMOTE_ADDR": f"2001:db8:1:2:{end}"}) for end in ("1::7", "f00:1:2:3")]
    assert traces.keys(two[0], today) == traces.keys(two[1], today)
    assert traces.keys("2001:db8:1:3::/64", today) != traces.keys(two[0], today)


def test_any_two_days_within_a_month_share_a_key_and_days_far_apart_share_none():
    start = clock.now().date()
    for apart in range(31):
        for offset in range(0, 120, 7):
            day = start + timedelta(days=offset)
            assert set(traces.keys(ADDRESS, day)) & set(traces.keys(ADDRESS, day + timedelta(days=apart)))
    assert not set(traces.keys(ADDRESS, start)) & set(traces.keys(ADDRESS, start + timedelta(days=120)))


def test_there_is_a_row_a_day_and_address_and_no_question_after_it(reader, django_assert_num_queries):
    traces.leave(reader, ADDRESS)
    with django_assert_num_queries(0):
        traces.leave(reader, ADDRESS)
    traces.leave(reader, "192.0.2.8")
    assert Trace.objects.count() == 2


def test_signing_in_commenting_and_reporting_leave_one_and_reading_leaves_none(reader, make_comment, thread):
    client = Client(REMOTE_ADDR=ADDRESS)
    client.post("/accounts/login/", {"login": reader.email, "password": "a long enough pass phrase"})
    assert Trace.objects.get().reader == reader
    Trace.objects.all().delete()
    cache.clear()
    comment = make_comment(author=Reader.objects.create_user("w@example.org", "Will Wood", None))
    client.get(f"/comments/{comment.pk}/")
    assert not Trace.objects.exists()
    client.post(f"/stories/{thread.pk}/comments/new/", {"body": "Hello."})
    assert Trace.objects.filter(reader=reader).count() == 1
    Trace.objects.all().delete()
    cache.clear()
    client.post(f"/comments/{comment.pk}/report/", {"reason": "spam"})
    assert Trace.objects.filter(reader=reader).count() == 1


def test_staff_leave_none(moderator):
    traces.leave(moderator, ADDRESS)
    assert not Trace.objects.exists()


def test_an_account_at_the_same_address_is_hinted_at_with_its_ban(reader, newcomer, moderator):
    stranger = Reader.objects.create_user("x@example.org", "Xavier Fox", None)
    left(reader)
    for days in (20, 21, 29):
        left(newcomer, days_ago=days)
    left(stranger, "198.51.100.4")
    assert hints(reader) == [("Ned Newcomer", 3)] and hints(newcomer) == [("Ruth Reader", 1)] and not hints(stranger)
    ban = Sanction.objects.create(reader=newcomer, by=moderator, kind="ban", reason="spam")
    left(stranger)
    found = traces.hints([reader.pk])[reader.pk]
    assert [(hint.other, hint.sanctions) for hint in found] == [(newcomer, [ban]), (stranger, [])]


def test_an_address_of_a_crowd_says_nothing(reader):
    left(reader)
    for number in range(traces.CROWD):
        left(Reader.objects.create_user(f"c{number}@example.org", f"Crowd {number}x", None))
    assert hints(reader) == []


def test_hints_cost_the_same_for_one_author_and_for_many(reader, newcomer, django_assert_num_queries):
    people = [Reader.objects.create_user(f"p{number}@example.org", f"Person {number}x", None) for number in range(8)]
    for number, each in enumerate([*people, reader, newcomer]):
        left(each, f"192.0.2.{number // 2}")
    with django_assert_num_queries(4):
        traces.hints([reader.pk])
    with django_assert_num_queries(4):
        assert len(traces.hints([each.pk for each in people])) == 8


def test_after_thirty_days_it_is_forgotten(reader, newcomer):
    left(reader)
    left(newcomer, days_ago=30)
    assert hints(reader) == []
    clocks.traces(clock.now())
    assert [row.reader for row in Trace.objects.all()] == [reader]


def test_an_account_deleted_while_banned_leaves_a_mark_for_a_year(newcomer, moderator):
    email = newcomer.email
    held = Sanction.objects.create(reader=newcomer, by=moderator, kind="ban", reason="spam", told="Enough, Ned.")
    now = clock.now()
    Deletion.objects.create(reader=newcomer, choice="anonymise", asked_at=now, due_at=now)
    erase(newcomer.pk)
    held.refresh_from_db()
    assert (held.reader, held.told) == (None, "") and held.mark and email not in held.mark
    back = Reader.objects.create_user(email, "Nat Newman", None)
    assert traces.marked(back) == held
    assert traces.marked(moderator) is None
    clocks.marks(now + timedelta(days=366))
    assert traces.marked(back) is None


def test_the_words_about_a_guest_who_was_forgotten_are_deleted(moderator):
    guest = Reader.objects.create_user("g@guest.invalid", "Guest Gale", None, is_guest=True)
    Sanction.objects.create(reader=guest, by=moderator, kind="ban", reason="spam", told="Gale, stop.", note="Gale")
    guest.delete()
    assert clocks.ownerless(clock.now())[0] == 1
    row = Sanction.objects.get()
    assert (row.told, row.note, row.reason) == ("", "", "spam")


@pytest.mark.parametrize("address", ["", "nonsense"])
def test_without_an_address_nothing_is_kept(reader, address):
    traces.leave(reader, reader_address({"REMOTE_ADDR": address}))
    assert not Trace.objects.exists()
