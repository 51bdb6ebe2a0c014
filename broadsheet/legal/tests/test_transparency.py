"""The transparency report: true figures, for everybody, without anybody's name or words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.core import clock
from broadsheet.legal import figures, periods
from broadsheet.legal.appeals import appeal, decide_appeal
from broadsheet.legal.models import Appeal, Notice, Order, Statement
from broadsheet.legal.periods import Period
from broadsheet.moderation.actions import decide, report_comment

pytestmark = pytest.mark.django_db
NAMES = ("Ruth", "Mona", "Nora", "Sue", "Xwords", "Xappeal", "Xanswer", "example.")


def cells(table, row):
    return dict(zip(table.head, next(each for each in table.rows if each[0] == row), strict=True))


@pytest.fixture
def busy(make_comment, moderator, supervisor, reader, newcomer, give_notice):
    """A day's work: two notices, a report, an own action, an appeal that was upheld."""
    for number, after in ((1, "rejected"), (2, "published")):
        comment = make_comment("Xwords")
        give_notice(comment, number=number, category="VIOLENCE")
        decide(
            moderator=moderator, comment=comment, seen="published", after=after, reason="illegal" if number == 1 else ""
        )
    reported, own = make_comment(), make_comment()
    report_comment(comment=reported, reporter=newcomer, address="", reason="hateful")
    for comment in (reported, own):
        decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="hateful")
    made = appeal(reader=reader, about=Statement.objects.get(decision__comment=own), words="Xappeal")
    decide_appeal(moderator=supervisor, appeal=made, upheld=True, answer="Xanswer")
    Notice.objects.update(answered_at=clock.now() + timedelta(hours=3))


def test_the_figures_are_those_of_the_rows(busy):
    Order.objects.create(
        kind="act",
        authority="A",
        reference="R",
        received_at=clock.now(),
        scope="S",
        by_id=Appeal.objects.get().decided_by_id,
    )
    tables = figures.report(clock.now() - timedelta(days=1), clock.now() + timedelta(days=1))
    notices, actions, kinds, automation, appeals, orders = tables
    assert cells(notices, "Violence and threats of it") == {
        "About": "Violence and threats of it",
        "Notices": 2,
        "By trusted flaggers": 0,
        "Content removed": 1,
        "Content left": 1,
        "Median time to an answer": "3 hours",
    }
    assert cells(actions, "Illegal or harmful speech") == {
        "About": "Illegal or harmful speech",
        "Our own initiative": 1,
        "Readers’ reports": 1,
        "A notice of illegal content": 0,
        "A notice by a trusted flagger": 0,
    }
    assert cells(actions, "All together")["A notice of illegal content"] == 1
    assert cells(kinds, "The comment was removed")["Number"] == 3
    assert [row[1] for row in automation.rows] == [0, 0, 0]
    assert cells(appeals, "Upheld: the first decision was changed")["Number"] == 1
    assert orders.rows[0][1] == 1
    sheet = figures.as_sheet(tables).decode()
    assert [word for word in NAMES if word in sheet] == []
    nothing = figures.report(clock.now() + timedelta(days=2), clock.now() + timedelta(days=3))
    assert all(table.is_empty for table in nothing)


def test_the_pages_are_public_the_same_for_everybody_and_off_where_the_newsroom_says_so(client, busy, reader, settings):
    now = clock.now()
    period = periods.period_of(now)
    addresses = ("/transparency/", f"/transparency/{period.slug}/", f"/transparency/{period.slug}/figures.csv")
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200 and "public" in answer["Cache-Control"], address
        for word in NAMES:
            assert word not in answer.content.decode(), (address, word)
    assert client.get("/transparency/1999-1/").status_code == client.get("/transparency/2031-1/").status_code == 404
    sheet = client.get(addresses[2]).content.decode("utf-8-sig").splitlines()
    assert sheet[0] == "Table,Row,Figure,Value" and len(sheet) > 20 and any(line.endswith(",3") for line in sheet)
    assert 'href="/transparency/"' in client.get("/policy/comments/").text
    settings.TRANSPARENCY_PAGE = False
    assert {client.get(address).status_code for address in addresses} == {404}


def test_half_years_are_those_of_the_newsroom_s_calendar(settings, removed):
    settings.TIME_ZONE = "America/New_York"
    assert periods.period_of(datetime(2026, 7, 1, 3, tzinfo=UTC)) == Period(2026, 1)
    assert Period(2026, 2).end == Period(2027, 1).start
    now = datetime(2028, 2, 3, 12, tzinfo=UTC)
    assert periods.periods(now)[0] == Period(2028, 1) and periods.period_called("2028-2", now) is None
    assert Period(2027, 2).is_over(now) and not Period(2028, 1).is_over(now)
    assert periods.next_hour(now) == datetime(2028, 2, 3, 13, tzinfo=UTC)
