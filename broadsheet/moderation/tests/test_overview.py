"""The overview's numbers are right, cheap, and shown to whom they concern."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Thread
from broadsheet.moderation import entries
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Decision, Opinion
from broadsheet.moderation.overview import agreement, charts, figures
from broadsheet.moderation.overview.agreement import Judged
from broadsheet.moderation.overview.models import Day, DayIn, DayOf, Sampled
from broadsheet.moderation.people.models import ModeratorScope
from broadsheet.stories.models import Section, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db, moderator):
    other = Reader.objects.create_user("carl@example.org", "Carl Cole", "a long enough pass phrase")
    other.user_permissions.set(moderator.user_permissions.all())
    return other


def decided(comment, moderator, *, days=0, hours=1.0, after="rejected", source="person", reason="abusive", number=None):
    """A decision so many days ago, at the newsroom's noon or now, about a comment that had waited for so many hours."""
    begins, _ = figures.span_of(figures.today() - timedelta(days=days))
    last = comment.decisions.count()
    return Decision.objects.create(
        comment=comment,
        number=number or last + 1,
        moderator=moderator,
        source=source,
        seen="pending",
        after=after,
        reason=reason if after == "rejected" else "fine",
        waited=timedelta(hours=hours) if hours else None,
        created_at=begins + timedelta(hours=12) if days else clock.now(),
    )


def test_less_than_one_percent_and_more_by_five_read_so_from_right_to_left_too():
    with override("ar"):  # a left-to-right mark: without it the sign stands mirrored behind its number
        assert charts.percent(0.001).startswith("\u200e<1")
        assert charts.points(0.05).startswith("\u200e+5")
    assert (charts.percent(0.001), charts.points(0.05)) == ("<1%", "+5%")


def test_a_percentile_is_within_its_promise_of_the_exact_one():
    dice = random.Random(7)
    times = [dice.lognormvariate(8, 2) for _ in range(5000)]
    buckets = Counter(map(figures.bucket_of, times))
    for share in (0.01, 0.5, 0.9, 0.99, 1.0):
        exact = sorted(times)[math.ceil(share * len(times)) - 1]
        told = figures.percentile(buckets, share).total_seconds()
        assert abs(told / exact - 1) <= figures.MOST_WRONG + 1e-9, share
    assert figures.percentile(Counter(), 0.5) is None
    assert figures.percentile(Counter({0: 1}), 0.9) == timedelta(seconds=1)


def test_days_are_counted_once_and_add_up_with_today(make_comment, moderator, colleague, reader):
    comment = make_comment()
    decided(comment, moderator, days=40, hours=100)
    decided(comment, moderator, days=3, hours=2, after="published")
    decided(comment, colleague, days=3, hours=4, reason="spam")
    decided(comment, None, days=2, hours=None, source="rule", reason="other")
    assert figures.count_days() == 40, "every day since the first decision that is over"
    midnight = figures.span_of(figures.today())[0]
    Day.objects.filter(day=figures.today() - timedelta(days=1)).update(counted_at=midnight + timedelta(minutes=5))
    assert figures.count_days() == 1, "yesterday once more: a late commit may belong to it"
    Day.objects.update(counted_at=midnight + timedelta(hours=1))
    assert figures.count_days() == 0
    decided(comment, moderator, hours=8)
    report_comment(comment=comment, reporter=colleague, address="", reason="spam")

    week, quarter = figures.period(7), figures.period(90)
    assert (len(week.days), len(quarter.days)) == (7, 90)
    assert week.whole.acts == {"approved": 1, "rejected": 3}
    assert (week.whole.people, week.whole.rules) == (3, 1)
    assert week.whole.reasons == {"spam": 1, "other": 1, "abusive": 1}
    assert (week.whole.timed, quarter.whole.timed) == (3, 4)
    assert week.whole.reports["made"] == 1
    half = figures.percentile(week.whole.buckets(), 0.5)
    assert abs(half / timedelta(hours=4) - 1) <= figures.MOST_WRONG
    assert [row.acts for row in DayOf.objects.order_by("day", "moderator__name")] == [1, 1, 1]


def test_who_looks_after_a_section_sees_its_figures_by_themselves(
    client, make_comment, make_story, moderator, colleague
):
    sport, culture = (Section.objects.create(name=name, slug=name.lower()) for name in ("Sport", "Culture"))
    match = make_story(headline="The match", section=sport)
    decided(make_comment(), moderator, days=3)
    there = make_comment(thread=Thread.objects.create(story=match))
    decided(there, moderator, days=2, reason="spam")
    figures.count_days()
    decided(there, moderator, reason="false")
    report_comment(comment=there, reporter=colleague, address="", reason="spam")

    of_sport, whole = figures.period(7, sport.pk).whole, figures.period(7).whole
    assert (of_sport.acts, of_sport.reasons, of_sport.timed) == ({"rejected": 2}, {"spam": 1, "false": 1}, 2)
    assert (of_sport.reports["made"], whole.acts) == (1, {"rejected": 3})
    assert not figures.period(7, culture.pk).whole.acts

    ModeratorScope.objects.create(moderator=moderator, section=sport)
    client.force_login(moderator)
    page = client.get("/moderation/overview/").text
    assert f"?days=7&amp;section={sport.pk}" in page and "Culture" not in page and "insults" in page
    own = client.get(f"/moderation/overview/?section={sport.pk}").text
    assert f"?days=30&amp;section={sport.pk}" in own and "insults" not in own and "kappa" not in own
    assert "insults" in client.get(f"/moderation/overview/?section={culture.pk}").text, "not theirs: the whole paper's"


def test_days_that_were_not_counted_by_sections_are_counted_again(make_comment, moderator):
    decided(make_comment(), moderator, days=3)
    figures.count_days()
    Day.objects.update(counted_at=clock.now())
    DayIn.objects.filter(day=figures.today() - timedelta(days=2)).delete()
    assert figures.count_days() == 1


def test_a_paper_without_sections_counts_each_day_once_too(make_comment, moderator):
    decided(make_comment(), moderator, days=3)
    Story.objects.update(section=None)
    Section.objects.all().delete()
    assert figures.count_days() == 3
    Day.objects.update(counted_at=clock.now())
    assert figures.count_days() == 0


def test_reports_are_told_with_how_many_were_agreed_with(make_comment, moderator, reporter, editor, client):
    good, bad = make_comment(), make_comment()
    for comment in (good, bad):
        report_comment(comment=comment, reporter=reporter, address="", reason="spam")
    decide(moderator=moderator, comment=bad, seen="published", after="rejected", reason="spam")
    decide(moderator=moderator, comment=good, seen="published", after="published")
    whole = figures.period(7).whole
    assert whole.reports == {"made": 2, "agreed": 1, "kept": 1} and whole.answered == 2
    assert (whole.acts["rejected"], whole.acts["kept"]) == (1, 1)


def test_the_page_asks_as_much_of_the_database_however_many_decisions_there_are(
    client, make_comment, moderator, editor
):
    client.force_login(editor)
    comment = make_comment()
    client.get("/moderation/overview/")  # what is looked up once a process

    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/moderation/overview/?days=90").status_code == 200
        return len(asked)

    decided(comment, moderator, days=1)
    figures.count_days()
    few = queries()
    for number in range(60):
        decided(comment, moderator, days=number % 30, hours=number, number=number + 2)
    figures.count_days()
    assert queries() == few
    assert few < 40


def test_the_page_shows_what_waits_and_its_charts_have_tables(client, make_comment, moderator, settings):
    comment = make_comment()
    decided(comment, moderator, days=2, hours=5)
    decided(comment, None, days=1, hours=None, source="rule")
    figures.count_days()
    settings.PRE_MODERATION = True
    make_comment(status="pending")
    client.force_login(moderator)
    page = client.get("/moderation/overview/").text
    assert 'data-queue="pending"' in page and "<td data-count>1</td>" in page
    assert page.count("<svg") >= 4 and page.count('<details class="chart-table">') == 2 and " style=" not in page
    assert "5 hours" in page and "It insults, threatens or harasses somebody" in page
    assert client.get("/moderation/overview/?days=12").status_code == 200, "a length that is none is the usual one"


def test_the_live_part_answers_unchanged_until_something_changes(client, make_comment, moderator, settings):
    client.force_login(moderator)
    first = client.get("/moderation/overview/now/")
    assert json.loads(first.content)["said"] == "0 comments are waiting."
    again = client.get("/moderation/overview/now/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    settings.PRE_MODERATION = True
    make_comment(status="pending")
    cache.clear()
    changed = client.get("/moderation/overview/now/", headers={"If-None-Match": first["ETag"]})
    facts = json.loads(changed.content)
    assert facts["said"] == "1 comment is waiting." and facts["busiest"][0]["comments"] == "1"
    assert {row["name"]: row["count"] for row in facts["waiting"]}["pending"] == "1"


@pytest.mark.parametrize("path", ["overview/", "overview/now/", "blind/", "audit/", "audit/sheet/"])
def test_readers_and_the_signed_out_are_turned_away(client, reader, path):
    assert client.get(f"/moderation/{path}").status_code == 302
    client.force_login(reader)
    assert client.get(f"/moderation/{path}").status_code == 403
    assert client.post(f"/moderation/{path}").status_code in {403, 405}


def test_figures_of_single_people_are_for_themselves_and_for_supervisors(
    client, make_comment, moderator, colleague, editor
):
    comment = make_comment()
    decided(comment, moderator, days=1)
    decided(comment, colleague, days=1)
    figures.count_days()
    client.force_login(moderator)
    mine = client.get("/moderation/overview/").text
    assert "Mona Marsh" in mine and "Carl Cole" not in mine
    client.force_login(editor)
    all_of_us = client.get("/moderation/overview/").text
    assert all_of_us.index("Carl Cole") < all_of_us.index("Mona Marsh"), "by name: this is no ranking"


def test_who_reads_much_abuse_is_told_kindly(client, make_comment, moderator, monkeypatch):
    from broadsheet.moderation.overview import shown

    client.force_login(moderator)
    monkeypatch.setattr(shown, "MUCH", 2)
    comment = make_comment()
    decided(comment, moderator)
    assert "overview-care" not in client.get("/moderation/overview/").text
    decided(comment, moderator, reason="hateful")
    assert "You have rejected 2 comments" in client.get("/moderation/overview/").text


# --- The blind sample -------------------------------------------------------------------------------------------------


def sample(make_comment, moderator, count=1):
    comments = [make_comment(f"Number {each}.") for each in range(count)]
    for comment in comments:
        decided(comment, moderator, days=1)
    return comments


def test_the_sample_is_drawn_by_lot_once_and_is_the_same_when_drawn_again(make_comment, moderator, settings):
    settings.BLIND_SAMPLE_PER_DAY = 3
    comments = sample(make_comment, moderator, 12)
    decided(make_comment(), None, days=1, hours=None, source="rule")
    assert agreement.draw() == 3
    first = set(Sampled.objects.values_list("comment", flat=True))
    assert first < {comment.pk for comment in comments}, "what a rule decided is nobody's judgement"
    assert agreement.draw() == 0, "the day's sample is full"
    Sampled.objects.all().delete()
    agreement.draw()
    assert set(Sampled.objects.values_list("comment", flat=True)) == first
    settings.BLIND_SAMPLE_PER_DAY = 0
    Sampled.objects.all().delete()
    assert agreement.draw() == 0


def test_a_colleague_judges_blind_and_nothing_happens_to_the_comment(
    client, make_comment, moderator, colleague, reader
):
    (comment,) = sample(make_comment, moderator)
    Decision.objects.create(
        comment=comment, number=2, moderator=moderator, seen="pending", after="rejected", reason="spam", note="Xnote"
    )
    agreement.draw_for(figures.today() - timedelta(days=1))
    client.force_login(colleague)
    page = client.get("/moderation/blind/").text
    assert "Number 0." in page and comment.thread.story.headline in page
    for secret in (reader.name, "Mona", "Xnote", "Rejected"):
        assert secret not in page.partition("<main")[2], secret
    sampled = Sampled.objects.get()
    refused = client.post("/moderation/blind/", {"sampled": sampled.pk, "after": "rejected"})
    assert refused.status_code == 422 and not Opinion.objects.exists()
    client.post("/moderation/blind/", {"sampled": sampled.pk, "after": "published"})
    said = Opinion.objects.get()
    assert (said.after, said.is_blind, said.moderator, said.comment) == ("published", True, colleague, comment)
    before = comment.status
    comment.refresh_from_db()
    assert comment.status == before and Decision.objects.count() == 2
    again = client.post("/moderation/blind/", {"sampled": sampled.pk, "after": "rejected", "reason": "spam"})
    assert again.status_code == 409 and Opinion.objects.count() == 1
    assert "nothing for you" in client.get("/moderation/blind/").text


def test_a_form_sent_without_an_answer_shows_nothing_that_is_not_one_s_own_to_judge(
    client, make_comment, moderator, colleague
):
    (comment,) = sample(make_comment, moderator)
    agreement.draw()
    colleague.moderated_sections.create(section=Section.objects.create(name="Sport", slug="sport"))
    client.force_login(Reader.objects.get(pk=colleague.pk))
    answer = client.post("/moderation/blind/", {"sampled": Sampled.objects.get().pk})
    assert answer.status_code == 409 and comment.body not in answer.text


def test_who_looks_after_some_sections_is_told_of_what_waits_there(client, make_comment, moderator, colleague):
    comment = make_comment(status="pending")
    entries.enter(comment, "pending")
    colleague.moderated_sections.create(section=Section.objects.create(name="Sport", slug="sport"))
    for person, waits in ((colleague, "0"), (moderator, "1")):
        client.force_login(Reader.objects.get(pk=person.pk))
        now = client.get("/moderation/overview/now/").json()
        assert {each["name"]: each["count"] for each in now["waiting"]}["pending"] == waits
        assert [each["headline"] for each in now["busiest"]] == [comment.thread.story.headline] * int(waits)
        assert ("of your sections" in client.get("/moderation/overview/").text) == (waits == "0")


def test_nobody_judges_what_they_decided_or_wrote(client, make_comment, moderator, colleague):
    mine = make_comment(author=colleague)
    decided(mine, moderator, days=1)
    agreement.draw()
    sampled = Sampled.objects.get()
    for person in (moderator, colleague):
        client.force_login(person)
        assert "nothing for you" in client.get("/moderation/blind/").text
        answer = client.post("/moderation/blind/", {"sampled": sampled.pk, "after": "published"})
        assert answer.status_code in {403, 409}
    assert not Opinion.objects.exists()


def test_who_looks_after_one_section_judges_only_that(client, make_comment, moderator, colleague, section):
    sample(make_comment, moderator)
    agreement.draw()
    ModeratorScope.objects.create(moderator=colleague, section=Section.objects.create(name="Sport", slug="sport"))
    assert not agreement.open_to(colleague).exists()
    ModeratorScope.objects.create(moderator=colleague, section=section)
    assert agreement.open_to(Reader.objects.get(pk=colleague.pk)).count() == 1


def test_kappa_and_share_are_those_of_the_books():
    both_reject, both_publish, differ = Judged(2, 2), Judged(2, 0), Judged(2, 1)
    found = agreement.agreement([both_reject] * 40 + [both_publish] * 45 + [differ] * 15)
    p = (2 * 40 + 15) / 200
    scott = (0.85 - (p**2 + (1 - p) ** 2)) / (1 - (p**2 + (1 - p) ** 2))
    assert found.kappa.value == pytest.approx(scott) == pytest.approx(0.6992, abs=1e-3)
    assert found.share.value == pytest.approx(0.85)
    assert found.share.low == pytest.approx(0.7672, abs=1e-3) and found.share.high == pytest.approx(0.9069, abs=1e-3)
    assert found.kappa.low < scott < found.kappa.high <= 1
    # The jackknife's range is near that of resampling ten thousand times: 0.559 to 0.839.
    assert found.kappa.low == pytest.approx(0.559, abs=0.02) and found.kappa.high == pytest.approx(0.839, abs=0.02)

    more = agreement.agreement([Judged(3, 3)] * 10 + [Judged(3, 0)] * 10 + [Judged(3, 1)] * 10)
    assert more.share.value == pytest.approx((10 + 10 + 10 / 3) / 30) and more.opinions == 60
    assert more.kappa.value == pytest.approx(1 - (10 * 2 / 3) / (60 * (40 / 90) * (50 / 90)))


def test_too_few_and_too_alike_say_nothing():
    assert agreement.agreement([Judged(2, 1)] * 9).share is None
    alike = agreement.agreement([Judged(2, 0)] * 30)
    assert alike.share.value == 1 and alike.share.low < 0.9 and alike.kappa is None


def test_drift_is_told_in_its_direction_to_oneself_and_to_supervisors(
    client, make_comment, moderator, colleague, editor
):
    for comment in sample(make_comment, moderator, 12):
        Sampled.objects.create(
            comment=comment, decision=comment.decisions.get(), day=figures.today() - timedelta(days=1)
        )
        Opinion.objects.create(comment=comment, moderator=colleague, after="published", is_blind=True)
    (drift,) = agreement.drifts()
    assert (drift.moderator, drift.opinions, drift.milder, drift.stricter, drift.same) == (colleague, 12, 12, 0, 0)
    assert drift.lean.value == -1 and drift.lean.high > -1
    for person, sees in ((colleague, True), (moderator, False), (editor, True)):
        client.force_login(person)
        assert ("Carl Cole" in client.get("/moderation/overview/").text.partition("agree-head")[2]) == sees
    assert agreement.measured().comments == 12


def test_the_charts_stand_in_their_frames(make_comment, moderator):
    comment = make_comment()
    for days in range(1, 6):
        decided(comment, moderator, days=days, hours=10**days / 1000)
    figures.count_days()
    period = figures.period(7)
    for chart in (charts.acts_by_day(period), charts.times_by_day(period)):
        assert not chart.is_empty and len(chart.columns) == 7
        for column in chart.columns:
            assert column.x >= charts.LEFT and column.x + column.width <= chart.width
            for y in (column.low, column.high):
                assert y is None or 0 <= y <= chart.base
    times = [timedelta(seconds=40), timedelta(minutes=100), timedelta(hours=4, minutes=58), timedelta(hours=70)]
    assert [charts.how_long(each) for each in times] == ["40 seconds", "100 minutes", "5 hours", "3 days"]
    assert charts.shares([("a", 1), ("b", 3), ("c", 0)]) == [
        charts.Share("b", 3, "75%", 100.0),
        charts.Share("a", 1, "25%", 33.3),
    ]
    assert Comment.objects.count() == 1
