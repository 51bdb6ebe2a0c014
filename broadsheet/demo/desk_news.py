"""What the demo's news desk has to do: the hours of its desk, corrections that readers asked for, a lead for a reporter."""

from __future__ import annotations

from datetime import date, datetime

from broadsheet.core import clock
from broadsheet.demo.cast import Cast
from broadsheet.discussion.hours import Way
from broadsheet.discussion.models import Comment
from broadsheet.moderation.hours import HolidayRow, Sheet, change_hours
from broadsheet.newsdesk.actions import accept, choose_thanks, mark_lead, note, send_to_desk, take
from broadsheet.newsdesk.models import Lead
from broadsheet.stories.models import Section, Story

WEEK = [[("08:00", "20:00")]] * 5 + [[("10:00", "18:00")]] * 2
EDITOR = "Ellen Marsh"


def fill(stories: dict[str, Story], cast: Cast, now: datetime) -> None:
    """Everything, through the actions that people use."""
    _hours(cast, now)
    _published(stories["water-bills"], cast)
    _open(stories["water-meadow"], cast)
    _lead(stories["mill-bridge"], cast, now)


def _hours(cast: Cast, now: datetime) -> None:
    """Somebody is there by day. Only in one section does every comment wait at night."""
    year = clock.in_newsroom(now).year
    holidays = [
        HolidayRow(date(year, 12, 24).isoformat(), "Christmas Eve", "09:00", "13:00"),
        HolidayRow(date(year, 12, 25).isoformat(), "Christmas Day"),
        HolidayRow(date(year + 1, 1, 1).isoformat(), "New Year’s Day"),
    ]
    editor = cast.reader(EDITOR)
    newsroom = Sheet(WEEK, holidays, Way.OPEN, "200", "150", Way.HOLD)
    change_hours(by=editor, section=None, sheet=newsroom)
    change_hours(by=editor, section=Section.objects.get(slug="culture"), sheet=Sheet(WEEK, [], Way.HOLD))


def _published(story: Story, cast: Cast) -> None:
    said = _said(story, "Lars P.", "88 million gallons")
    claim = "“88 million gallons” is a year’s loss. The story does not say over what time."
    brought = send_to_desk(moderator=cast.moderator, comment=said, claim=claim)
    words = (
        "An earlier version of this story did not say over what time 88 million gallons are lost. It is a year: about "
        "240,000 gallons a day."
    )
    accept(by=cast.reader(EDITOR), correction=brought, kind="clarification", text=words, publish=True)
    choose_thanks(reader=cast.reader("Lars P."), by_name=True)


def _open(story: Story, cast: Cast) -> None:
    said = _said(story, "Beto", "letter of 1987")
    claim = "Neighbours say that the letter of 1987 promises “good order” and no lawn. Does the story say otherwise?"
    brought = send_to_desk(moderator=cast.moderator, comment=said, claim=claim, note="Two of them live there.")
    take(by=cast.reader(EDITOR), correction=brought)
    note(by=cast.reader(EDITOR), correction=brought, text="Asked Nell for her copy of the letter.")


def _lead(story: Story, cast: Cast, now: datetime) -> None:
    said = _said(story, "truth_teller_44", "page 9")
    words = "Removed, and the clerk says there is no such page. You may want to look at the binder all the same."
    lead = mark_lead(moderator=cast.moderator, comment=said, note=words)
    Lead.objects.filter(pk=lead.pk).update(told_at=now)  # nobody reads the mail of people who are invented


def _said(story: Story, name: str, words: str) -> Comment:
    return Comment.objects.with_story().get(thread=story.pk, author_name=name, body__contains=words)
