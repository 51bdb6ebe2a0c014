"""The pages of the desk's hours: who may change them, what is kept of a change, and one discussion's way out."""

from __future__ import annotations

import pytest

from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.discussion.models import Hours, Thread
from broadsheet.discussion.tests.desk import GONE, HERE, hours
from broadsheet.moderation.hours import Sheet, change_hours, drop_hours
from broadsheet.moderation.models import Change, ThreadDecision

pytestmark = pytest.mark.django_db
NEWSROOM = "/moderation/hours/newsroom/"
OFFICE = {
    **{f"from_{day}_0": "09:00" for day in range(5)},
    **{f"to_{day}_0": "12:30" for day in range(5)},
    **{f"from_{day}_1": "13:00" for day in range(5)},
    **{f"to_{day}_1": "18:00" for day in range(5)},
    "from_5_0": "22:00",
    "to_5_0": "02:00",
    "holiday_day_0": "2026-12-25",
    "holiday_name_0": "Christmas Day",
    "holiday_day_1": "2026-12-24",
    "holiday_name_1": "Christmas Eve",
    "holiday_from_1": "09:00",
    "holiday_to_1": "12:00",
    "away": "hold",
    "full_at": "50",
    "free_at": "30",
    "full": "close",
}


def test_a_supervisor_sets_the_week_its_holidays_and_what_is_too_many(client, editor):
    client.force_login(editor)
    assert client.get(NEWSROOM).status_code == 200
    shown = client.post(NEWSROOM, {**OFFICE, "preview": "1"}).content.decode()
    assert "This is what it would be" in shown and "9:00am–12:30pm" in shown and not Hours.objects.exists()
    assert client.post(NEWSROOM, OFFICE).status_code == 302
    made = Hours.objects.get()
    assert made.week == [[[540, 750], [780, 1080]]] * 5 + [[[1320, 1560]], []]
    assert made.holidays == [["2026-12-24", "Christmas Eve", [[540, 720]]], ["2026-12-25", "Christmas Day", []]]
    assert (made.away, made.full_at, made.free_at, made.full) == ("hold", 50, 30, "close")
    again = client.get(NEWSROOM).content.decode()
    assert 'name="to_5_0" id="to-5-0" value="02:00"' in again and "Christmas Eve" in again
    kept = Change.objects.get()
    assert (kept.by, kept.what, kept.about, kept.before) == (editor, "schedule", "newsroom", None)
    assert kept.after["away"] == "hold"
    client.post(NEWSROOM, OFFICE)
    assert Change.objects.count() == 1, "what changes nothing leaves no row"
    client.post(NEWSROOM, {**OFFICE, "drop": "1"})
    assert not Hours.objects.exists() and Change.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"to_0_0": ""}, "has a beginning and an end"),
        ({"from_0_0": "25:00"}, "has a beginning and an end"),
        ({"to_0_0": "14:00"}, "overlap"),
        ({"holiday_day_0": "Christmas"}, "A holiday has a date"),
        ({"holiday_name_0": ""}, "give each holiday a name"),
        ({"holiday_day_1": "2026-12-25"}, "One date has two holidays"),
        ({"full_at": "many"}, "whole number"),
        ({"free_at": "51"}, "lower number"),
        ({"away": "never"}, "choose what becomes"),
    ],
)
def test_what_cannot_be_is_refused_with_everything_still_in_the_form(client, editor, wrong, sentence):
    client.force_login(editor)
    answer = client.post(NEWSROOM, {**OFFICE, **wrong})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page and "Nothing was changed." in page and 'value="22:00"' in page
    assert not Hours.objects.exists() and not Change.objects.exists()


def test_moderators_read_and_do_not_change(client, moderator, section):
    hours(HERE, away="hold")
    client.force_login(moderator)
    page = client.get("/moderation/hours/").content.decode()
    assert "Every comment waits for an editor" in page and "This week" in page and NEWSROOM not in page
    for address in (NEWSROOM, f"/moderation/hours/sections/{section.pk}/"):
        assert client.get(address).status_code == 403
        assert client.post(address, OFFICE).status_code == 403
    with pytest.raises(Refused, match="supervise"):
        change_hours(by=moderator, section=None, sheet=Sheet())
    with pytest.raises(Refused, match="supervise"):
        drop_hours(by=moderator, section=None)
    assert Hours.objects.get().away == "hold"


def test_readers_and_the_signed_out_are_turned_away(client, reader, section):
    addresses = ("/moderation/hours/", NEWSROOM, f"/moderation/hours/sections/{section.pk}/")
    for address in addresses:
        assert client.get(address).status_code == 302
    client.force_login(reader)
    for address in addresses:
        assert client.get(address).status_code == 403


def test_a_section_is_given_hours_of_its_own_and_goes_back(client, editor, section):
    client.force_login(editor)
    address = f"/moderation/hours/sections/{section.pk}/"
    client.post(address, OFFICE)
    assert Hours.objects.get().section == section
    assert "Go by the newsroom’s again" in client.get(address).content.decode()
    client.post(address, {"drop": "1"})
    assert not Hours.objects.exists()
    assert client.get("/moderation/hours/sections/999999/").status_code == 404


def test_the_desk_shows_what_the_hours_make_of_a_discussion_and_opens_it_all_the_same(client, moderator, thread):
    hours(GONE, away="close")
    client.force_login(moderator)
    address = f"/moderation/discussions/{thread.pk}/"
    assert "Comments are closed while our desk is away" in client.get("/moderation/discussions/").content.decode()
    page = client.get(address).content.decode()
    assert "Comments are closed while our desk is away" in page and "Open it again" in page
    client.post(address, {"act": "open"})
    row = ThreadDecision.objects.get()
    assert (row.before, row.after) == ("closed by the desk's hours", "open outside the desk's hours")
    assert "An editor has opened this discussion outside" in client.get(address).content.decode()


def test_a_discussion_leaves_the_hours_and_the_record_says_so(client, moderator, thread):
    hours(GONE, away="close")
    client.force_login(moderator)
    address = f"/moderation/discussions/{thread.pk}/"
    client.post(address, {"act": "leave hours"})
    held = Thread.objects.with_story().get(pk=thread.pk)
    assert held.without_hours and held.is_open(clock.now())
    assert "The desk’s hours do not bear on it any more" in client.get(address).content.decode()
    client.post(address, {"act": "keep hours"})
    assert not Thread.objects.get(pk=thread.pk).without_hours
    assert "It goes by the desk’s hours again" in client.get(address).content.decode()
