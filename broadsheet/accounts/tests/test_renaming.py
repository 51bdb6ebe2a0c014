"""Names that change: now and then, with a history, and never into somebody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template

from broadsheet.accounts import rules
from broadsheet.accounts.actions import rename
from broadsheet.accounts.models import NameChange, Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable

pytestmark = pytest.mark.django_db


def test_a_reader_changes_their_name_and_moderators_see_the_old_one(reader):
    rename(reader=reader, name="Ruth Rowan")
    reader.refresh_from_db()
    assert reader.name == "Ruth Rowan"
    shown = Template("{% load people %}{% name_history reader %}").render(Context({"reader": reader}))
    assert "Ruth Reader" in shown and "Ruth Rowan" in shown
    assert not Template("{% load people %}{% name_history reader %}").render(Context({"reader": None})).strip()


def test_what_was_written_keeps_the_name_it_was_written_under(reader, make_comment):
    comment = make_comment()
    rename(reader=reader, name="Ruth Rowan")
    comment.refresh_from_db()
    assert comment.author_name == "Ruth Reader"


def test_a_name_can_be_changed_again_after_fourteen_days(reader, monkeypatch):
    rename(reader=reader, name="Ruth Rowan")
    with pytest.raises(Refused, match="once in 14 days"):
        rename(reader=reader, name="Ruth Rule")
    reader.refresh_from_db()
    due = rules.may_rename_at(reader)
    assert rules.why_not_rename(reader, due - timedelta(seconds=1)) and rules.why_not_rename(reader, due) is None
    monkeypatch.setattr(clock, "now", lambda: due)
    rename(reader=reader, name="Ruth Rule")
    assert [change.before for change in reader.name_changes.order_by("at")] == ["Ruth Reader", "Ruth Rowan"]


def test_where_names_stay_nobody_changes_theirs(reader, settings):
    settings.NAME_CHANGE_PERIOD = timedelta(0)
    with pytest.raises(Refused, match="cannot be changed here"):
        rename(reader=reader, name="Ruth Rowan")


@pytest.mark.parametrize("name", ["Ned Newcomer", "ned  newcomer", "Nеd Newcomer", "The Editor", "", "<b>Ruth</b>"])
def test_no_name_is_changed_into_somebody_else_s_or_the_newsroom_s(reader, newcomer, name):
    with pytest.raises(Unacceptable):
        rename(reader=reader, name=name)
    assert not NameChange.objects.exists()


def test_a_name_that_was_given_up_is_nobody_else_s_for_a_year(reader, newcomer):
    rename(reader=reader, name="Ruth Rowan")
    with pytest.raises(Unacceptable, match="is taken"):
        rename(reader=newcomer, name="Ruth Reader")
    now = clock.now()
    assert rules.is_name_taken("Ruth Reader", now + rules.NAME_REST - timedelta(minutes=1))
    assert not rules.is_name_taken("Ruth Reader", now + rules.NAME_REST + timedelta(minutes=1))
    assert not rules.is_name_taken("Ruth Reader", now, besides=reader), "its bearer may have it back"


def test_one_s_own_name_written_otherwise_is_a_change(reader):
    rename(reader=reader, name="RUTH READER")
    reader.refresh_from_db()
    assert reader.name == "RUTH READER"
    with pytest.raises(Unacceptable, match="already"):
        rename(reader=reader, name="RUTH READER")


@pytest.mark.any_database
def test_the_page_changes_the_name_and_says_when_it_can_be_again(client, reader):
    client.force_login(reader)
    answer = client.post("/accounts/name/", {"name": "Ruth Rowan"}, follow=True)
    assert "Your name is changed." in answer.text and "once in 14 days" in answer.text
    assert 'name="name"' not in answer.text, "no form that would be refused"
    assert client.post("/accounts/name/", {"name": "Ruth Rule"}).status_code == 403
    assert Reader.objects.get(pk=reader.pk).name == "Ruth Rowan"


def test_the_page_says_which_name_cannot_be_had(client, reader, newcomer):
    client.force_login(reader)
    answer = client.post("/accounts/name/", {"name": "Ned Newcomer"})
    assert answer.status_code == 200 and "is taken" in answer.text


@pytest.mark.any_database
def test_moderators_see_former_names_on_the_card(client, moderator, reader, make_comment):
    make_comment(status="pending")
    rename(reader=reader, name="Ruth Rowan")
    client.force_login(moderator)
    card = client.get("/moderation/", follow=True).text
    assert "Ruth Rowan" in card and "before:" in card
