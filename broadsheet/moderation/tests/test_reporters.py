"""Reporters: how far they can be relied on, reports that look agreed on, and misuse of reporting."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.moderation import reporters
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.coordination import coordination_of
from broadsheet.moderation.models import Entry, Queue, Report
from broadsheet.moderation.parts import parts_of
from broadsheet.moderation.people import parts, scopes, traces
from broadsheet.moderation.people.models import Trace
from broadsheet.moderation.reporters import Reliability, reliability_of
from broadsheet.moderation.urgency import weigh

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Six readers who have been here for a year."""
    since = clock.now() - timedelta(days=365)
    return [
        Reader.objects.create_user(f"r{number}@example.org", f"Rea {'abcdef'[number]}der", None, date_joined=since)
        for number in range(6)
    ]


def report(comment, reporter, reason="spam"):
    return report_comment(comment=comment, reporter=reporter, address="192.0.2.7", reason=reason)


@pytest.fixture
def answered(make_comment, moderator, settings):
    """Lets somebody have made reports of which so many were agreed with."""
    settings.REPORTS_PER_HOUR = 100

    def make(reader, agreed, others):
        for after in ["rejected"] * agreed + ["published"] * others:
            comment = make_comment()
            report(comment, reader)
            decide(
                moderator=moderator,
                comment=comment,
                seen="published",
                after=after,
                reason="spam" if after == "rejected" else "",
            )
        Report.objects.update(created_at=clock.now() - timedelta(days=2))

    return make


def minutes(comment, code="reports"):
    return sum(ground.minutes for ground in weigh(comment, Queue.REPORTED).grounds if ground.code == code)


# --- Reliability ------------------------------------------------------------------------------------------------------


def test_it_is_the_share_editors_agreed_with_drawn_to_the_middle(people, answered, django_assert_num_queries):
    right, wrong, unknown = people[:3]
    answered(right, 4, 1)
    answered(wrong, 0, 4)
    with django_assert_num_queries(1):
        known = reliability_of([right.pk, wrong.pk, unknown.pk])
    assert known[right.pk] == Reliability(4, 5) and known[unknown.pk] == Reliability()
    assert known[wrong.pk].share == 0.25 and known[unknown.pk].share == 0.5
    assert 0.6 < known[right.pk].share < 0.7 and known[right.pk].percent == 80
    assert reliability_of([]) == {}


def test_what_is_waiting_or_withdrawn_counts_neither_way(people, make_comment):
    comment = make_comment()
    report(comment, people[0])
    assert reliability_of([people[0].pk])[people[0].pk].answered == 0
    Report.objects.update(outcome="gone")
    assert reliability_of([people[0].pk])[people[0].pk].answered == 0


def test_a_report_weighs_as_much_as_its_reporter_was_right_before(people, answered, make_comment):
    answered(people[0], 6, 0)
    answered(people[1], 0, 6)
    one, other, plain = make_comment(), make_comment(), make_comment()
    report(one, people[0])
    report(other, people[1])
    report(plain, people[2])
    assert minutes(one) > minutes(plain) == 120 > minutes(other) > 0


# --- Coordinated reports ----------------------------------------------------------------------------------------------


def test_independent_readers_look_like_nothing(make_comment, people):
    comment = make_comment()
    for each in people:
        report(comment, each)
    assert coordination_of(comment) is None and minutes(comment, "coordinated") == 0


def test_several_accounts_of_a_day_on_one_author_look_agreed_on(make_comment, people, reader):
    Reader.objects.filter(pk__in=[each.pk for each in people[:3]]).update(date_joined=clock.now() - timedelta(hours=5))
    comments = [make_comment(author=reader) for _ in range(3)]
    for comment, each in zip(comments, people, strict=False):
        report(comment, each)
    found = coordination_of(comments[0])
    assert (found.facts["count"], found.new) == (3, 3)


def test_those_who_report_the_same_comments_again_and_again_look_agreed_on(make_comment, people, newcomer):
    for _ in range(3):
        comment = make_comment(author=newcomer)
        for each in people[:3]:
            report(comment, each)
    assert coordination_of(comment).together == 3
    assert coordination_of(make_comment(author=people[5])) is None, "another author"


def test_those_at_one_network_address_look_agreed_on(make_comment, people):
    today = clock.now().astimezone(UTC).date()
    key, other_key = traces.keys("192.0.2.9", today)
    for each in people[:3]:
        Trace.objects.create(reader=each, key=key, other_key=other_key, day=today)
    comment = make_comment()
    for each in people[:4]:
        report(comment, each)
    found = coordination_of(comment)
    assert found.places == 3 and found.reporters == {each.pk for each in people[:3]}


@pytest.mark.parametrize(("others", "agreed"), [(20, False), (6, True)])
def test_at_a_crowd_s_address_they_look_agreed_on_only_where_they_are_half_of_it(make_comment, people, others, agreed):
    """A telephone company's customers say nothing by it; a dozen accounts that somebody made at home do."""
    today = clock.now().astimezone(UTC).date()
    key, other_key = traces.keys("192.0.2.9", today)
    crowd = [Reader.objects.create_user(f"c{number}@example.org", f"Cal {number}", None) for number in range(others)]
    for each in [*people, *crowd]:
        Trace.objects.create(reader=each, key=key, other_key=other_key, day=today)
    comment = make_comment()
    for each in people:
        report(comment, each)
    assert (coordination_of(comment) is not None) == agreed
    assert traces.hints([people[0].pk]) == {}, "about a single account a crowd says nothing"


def test_they_weigh_as_one_report_and_hide_nothing(make_comment, people):
    for _ in range(3):
        comment = make_comment()
        for each in people[:5]:
            report(comment, each, "hateful")
    alone = make_comment()
    Report.objects.update(created_at=clock.now() - timedelta(minutes=1))
    report(alone, people[5], "hateful")
    whole = weigh(comment, Queue.REPORTED)
    assert {ground.code for ground in whole.grounds} >= {"reports", "coordinated"}
    assert minutes(comment) + minutes(comment, "coordinated") == minutes(alone)
    comment.refresh_from_db()
    assert comment.is_public and Entry.objects.filter(comment=comment, queue=Queue.REPORTED).exists()


def test_yesterday_s_reports_are_not_of_one_piece(make_comment, people):
    for _ in range(3):
        comment = make_comment()
        for each in people[:3]:
            report(comment, each)
    Report.objects.update(created_at=clock.now() - timedelta(days=2))
    assert coordination_of(comment) is None


# --- On a card --------------------------------------------------------------------------------------------------------


@pytest.mark.any_database
def test_a_card_names_the_reporters_with_their_record_and_what_looks_agreed_on(
    client, make_comment, people, answered, moderator
):
    answered(people[0], 1, 1)
    for _ in range(3):
        comment = make_comment()
        for each in people[:3]:
            report(comment, each)
    report(comment, people[4])
    places = {part.template: part.facts for part in parts_of([comment], moderator)[comment.pk]}
    shown = places["moderation/people/_reporters.html"]
    assert next(known for _, known in shown["reporters"]) == Reliability(1, 2) and shown["coordinated"]["count"] == 3


@pytest.mark.any_database
def test_parts_cost_the_same_for_one_card_and_for_twenty(
    make_comment, people, moderator, django_assert_num_queries, newcomer
):
    comments = [make_comment(author=each) for each in (*people, newcomer)]
    for comment in comments:
        for each in people[:2]:
            if each.pk != comment.author_id:
                report(comment, each)
    scopes.sections_of(moderator)  # every page of the desk has asked already
    for some in (comments[:1], comments):
        with django_assert_num_queries(6):
            list(parts.parts(some, moderator))


# --- Misuse -----------------------------------------------------------------------------------------------------------


@pytest.mark.any_database
def test_many_unfounded_reports_are_hinted_at_and_nothing_follows_by_itself(client, people, answered, moderator):
    answered(people[0], 1, reporters.MISUSE_ANSWERED - 1)
    answered(people[1], 1, reporters.MISUSE_ANSWERED - 2)
    answered(people[2], 3, reporters.MISUSE_ANSWERED)
    now = clock.now()
    assert [bool(reporters.misuses(each, now)) for each in people[:3]] == [True, False, False]
    client.force_login(moderator)
    assert "may be misuse of reporting" in client.get(f"/moderation/people/{people[0].pk}/").content.decode()
    assert "may be misuse" not in client.get(f"/moderation/people/{people[1].pk}/").content.decode()
    assert not people[0].sanctions.exists()
    Report.objects.update(created_at=now - timedelta(days=200))
    assert reporters.misuses(people[0], now) is None
