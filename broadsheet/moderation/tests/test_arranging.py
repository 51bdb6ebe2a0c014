"""Arranging a discussion: mode, slow mode, experts, clocks; each act leaves a row that nobody changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion.models import Mode, Thread
from broadsheet.moderation import arranging
from broadsheet.moderation.models import ThreadDecision

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def page_of(story):
    return f"/moderation/discussions/{story.pk}/"


def shown(client, story):
    return client.get(page_of(story)).content.decode()


def test_every_act_leaves_a_row_with_who_and_what_and_the_desk_tells_it(desk, story, moderator, newcomer):
    for sent in (
        {"act": "close"},
        {"act": "open"},
        {"act": "period", "days": "3"},
        {"act": "period", "days": ""},
        {"act": "mode", "mode": "questions"},
        {"act": "slow", "seconds": "60"},
        {"act": "slow", "seconds": ""},
        {"act": "expert", "who": newcomer.name},
        {"act": "dismiss", "reader": str(newcomer.pk)},
    ):
        assert desk.post(page_of(story), sent).status_code == 302, sent
    rows = ThreadDecision.objects.order_by("pk")
    assert [(row.act, row.before, row.after) for row in rows] == [
        ("closed", "open", "closed by hand"),
        ("opened", "closed by hand", "open"),
        ("timed", "", "259200"),
        ("timed", "259200", ""),
        ("mode", "comments", "questions"),
        ("slowed", "", "60"),
        ("slowed", "60", ""),
        ("expert", "", str(newcomer.pk)),
        ("no expert", str(newcomer.pk), ""),
    ]
    assert {row.moderator for row in rows} == {moderator}
    page = shown(desk, story)
    for sentence in (
        "The discussion was closed",
        "The discussion was opened again",
        "Its period was changed to: 3 days",
        "Its period is the section&#x27;s or the newsroom&#x27;s again",
        "What it takes was changed to: Questions and answers",
        "Seconds between a reader&#x27;s comments here: 60",
        "Slow mode is the newsroom&#x27;s own again",
        "Named as an expert: Ned Newcomer",
        "No longer an expert: Ned Newcomer",
    ):
        assert sentence in page, sentence
    assert "Mona Marsh" in page


def test_what_changes_nothing_leaves_no_row(desk, story, newcomer):
    for sent in ({"act": "mode", "mode": "comments"}, {"act": "slow", "seconds": ""}, {"act": "open"}):
        desk.post(page_of(story), sent)
    assert not ThreadDecision.objects.exists()
    for _ in range(2):
        desk.post(page_of(story), {"act": "close"})
        desk.post(page_of(story), {"act": "expert", "who": newcomer.name})
    assert ThreadDecision.objects.count() == 2


def test_readers_are_told_who_closed_a_discussion_the_clock_or_an_editor(client, moderator, story, make_comment):
    make_comment()
    arranging.close_discussion(moderator=moderator, thread=Thread.objects.get())
    assert "An editor has ended it" in client.get(story.get_absolute_url()).content.decode()
    arranging.open_discussion(moderator=moderator, thread=Thread.objects.get())
    arranging.time_discussion(moderator=moderator, thread=Thread.objects.get(), period=timedelta(minutes=1))
    page = client.get(story.get_absolute_url()).content.decode()
    assert "limited period" in page and "An editor has ended it" not in page


@pytest.mark.parametrize("seconds", ["-1", "1.5", "a", "86401", "99999999", "\u0663", "<b>"])
def test_slow_mode_takes_seconds_and_keeps_what_was_typed(desk, story, seconds):
    answer = desk.post(page_of(story), {"act": "slow", "seconds": seconds})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Thread.objects.filter(slow_seconds__isnull=False).exists()


@pytest.mark.any_database
@pytest.mark.parametrize("mode", ["", "chat", "COMMENTS", "questions\x00"])
def test_only_the_modes_there_are_can_be_set(desk, story, mode):
    assert desk.post(page_of(story), {"act": "mode", "mode": mode}).status_code == 422
    assert not ThreadDecision.objects.exists()


def test_an_expert_is_found_by_name_or_address_and_named_once(desk, story, newcomer, editor):
    assert desk.post(page_of(story), {"act": "expert", "who": "  NED newcomer "}).status_code == 302
    refused = desk.post(page_of(story), {"act": "expert", "who": "Ned@Example.org"})
    assert refused.status_code == 422 and "only those who supervise" in refused.text
    supervisors = Client()
    supervisors.force_login(editor)
    assert supervisors.post(page_of(story), {"act": "expert", "who": "Ned@Example.org"}).status_code == 302
    assert list(Thread.objects.get().experts.all()) == [newcomer]
    assert "Ned Newcomer" in shown(desk, story)
    assert desk.post(page_of(story), {"act": "dismiss", "reader": str(newcomer.pk)}).status_code == 302
    assert not Thread.objects.get().experts.exists()


@pytest.mark.any_database
@pytest.mark.parametrize("who", ["", "   ", "Nobody At All", "nobody@example.org", "x" * 5000])
def test_who_is_not_there_cannot_be_named_and_stays_in_the_box(desk, story, who):
    answer = desk.post(page_of(story), {"act": "expert", "who": who})
    assert answer.status_code == 422
    assert not ThreadDecision.objects.exists()


def test_closed_accounts_and_guests_are_no_experts(desk, story, newcomer, reader):
    newcomer.is_active = False
    newcomer.save()
    assert desk.post(page_of(story), {"act": "expert", "who": newcomer.name}).status_code == 403
    type(reader).objects.filter(pk=reader.pk).update(is_guest=True)
    assert desk.post(page_of(story), {"act": "expert", "who": reader.name}).status_code == 422
    assert not ThreadDecision.objects.exists()


@pytest.mark.any_database
@pytest.mark.parametrize("reader", ["", "0", "999999", "x", "9" * 30, "\u0663"])
def test_who_is_no_expert_cannot_be_taken_off(desk, story, reader):
    assert desk.post(page_of(story), {"act": "dismiss", "reader": reader}).status_code == 422


def test_nobody_else_arranges_discussions(client, reader, reporter, story, newcomer):
    for person in (reader, reporter):
        client.force_login(person)
        for act in ("close", "open", "period", "mode", "slow", "expert", "dismiss"):
            sent = {"act": act, "mode": "reviews", "seconds": "9", "who": newcomer.name, "reader": str(newcomer.pk)}
            assert client.post(page_of(story), sent).status_code == 403
    thread = Thread(story=story)
    for act in (
        lambda: arranging.close_discussion(moderator=reader, thread=thread),
        lambda: arranging.open_discussion(moderator=reader, thread=thread),
        lambda: arranging.time_discussion(moderator=reader, thread=thread, period=None),
        lambda: arranging.set_discussion_mode(moderator=reader, thread=thread, mode=Mode.REVIEWS),
        lambda: arranging.slow_discussion(moderator=reader, thread=thread, seconds=9),
        lambda: arranging.name_expert(moderator=reader, thread=thread, reader=newcomer),
        lambda: arranging.dismiss_expert(moderator=reader, thread=thread, reader=newcomer),
    ):
        with pytest.raises(Refused, match="Only moderators"):
            act()
    assert not ThreadDecision.objects.exists() and not Thread.objects.exists()


def test_a_moderator_learns_nothing_of_the_comments_on_an_embargoed_story(desk, make_story):
    later = make_story("Xsecret", published_at=clock.now() + timedelta(days=1))
    assert desk.get(f"{page_of(later)}comments/").status_code == 404


@pytest.fixture
def row(moderator, story):
    arranging.set_discussion_mode(moderator=moderator, thread=Thread(story=story), mode=Mode.REVIEWS)
    return ThreadDecision.objects.get()


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: ThreadDecision.objects.update(after=""),
        lambda row: ThreadDecision.objects.all().delete(),
        lambda row: ThreadDecision.objects.bulk_update([row], ["after"]),
    ],
    ids=range(5),
)
def test_the_models_refuse_to_change_what_was_done(row, change):
    with pytest.raises(TypeError, match="never changed"):
        change(row)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE moderation_threaddecision SET after = ''",
        "DELETE FROM moderation_threaddecision",
        "INSERT OR REPLACE INTO moderation_threaddecision SELECT * FROM moderation_threaddecision",
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE moderation_threaddecision",
    ],
)
def test_the_database_refuses_too(row, statement):
    foreign = {"INSERT OR REPLACE": "postgresql", "TRUNCATE": "sqlite"}
    if any(words in statement and connection.vendor == vendor for words, vendor in foreign.items()):
        pytest.skip("not a statement of this database")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ThreadDecision.objects.get().after == "reviews"


def test_a_draft_goes_and_what_was_done_with_its_discussion_stays(moderator, make_story):
    draft = make_story("Draft", live=False, published_at=None)
    arranging.set_discussion_mode(moderator=moderator, thread=Thread(story=draft), mode=Mode.REVIEWS)
    draft.delete()
    assert ThreadDecision.objects.count() == 1


def test_an_expert_whose_account_is_gone_leaves_a_row_without_a_name(desk, moderator, story, newcomer):
    arranging.name_expert(moderator=moderator, thread=Thread(story=story), reader=newcomer)
    newcomer.delete()
    page = shown(desk, story)
    assert "Named as an expert: an account that is gone" in page and "Ned" not in page


def test_an_act_that_fails_leaves_no_row(moderator, story):
    with pytest.raises(Unacceptable):
        arranging.slow_discussion(moderator=moderator, thread=Thread(story=story), seconds=-1)
    assert not ThreadDecision.objects.exists() and not Thread.objects.exists()
