"""What a reader sees of their own reports, and what moderation forgets when its time is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from broadsheet.accounts.actions import make_guest
from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.core.tidying import tidy
from broadsheet.discussion.actions import edit_comment, post_comment, thread_for, withdraw_comment
from broadsheet.discussion.models import Comment, Version, Visit
from broadsheet.moderation import clocks
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Report

pytestmark = pytest.mark.django_db


def report(comment, reporter, note="Xnote of mine"):
    return report_comment(comment=comment, reporter=reporter, address="192.0.2.7", reason="spam", note=note)


def page_of(person, query=""):
    client = Client()
    client.force_login(person)
    return client.get(f"/me/reports/{query}").content.decode()


def test_a_reader_sees_what_came_of_each_report(make_comment, newcomer, moderator):
    removed, kept, waiting = make_comment("One"), make_comment("Two"), make_comment("Three")
    for comment in (removed, kept, waiting):
        report(comment, newcomer)
    decide(moderator=moderator, comment=removed, seen="published", after="rejected", reason="spam", note="Xsecret")
    decide(moderator=moderator, comment=kept, seen="published", after="published", reason="fine")
    page = page_of(newcomer)
    assert "An editor agreed and removed the comment" in page
    assert "left the comment as it is" in page and "has not looked at it yet" in page
    assert page.count("The receipt") == 3 and page.count("The comment") == 2
    assert "Xsecret" not in page and "Mona" not in page


def test_nobody_sees_another_s_reports(make_comment, newcomer, reader, client):
    made = report(make_comment(), newcomer)
    assert made.token not in page_of(reader)
    answer = client.get("/me/reports/")
    assert answer.status_code == 302 and answer.url.startswith("/accounts/login/")


def test_a_story_that_is_not_public_any_more_is_not_named(make_comment, newcomer, story):
    report(make_comment(), newcomer)
    type(story).objects.filter(pk=story.pk).update(headline="Xheadline", withdrawn_at=clock.now())
    page = page_of(newcomer)
    assert "Xheadline" not in page and "not published any more" in page


def test_the_list_goes_on(make_comment, newcomer, settings):
    settings.REPORTS_PER_HOUR = 1000
    for _ in range(23):
        report(make_comment(), newcomer)
    first = page_of(newcomer)
    assert first.count("The receipt") == 20
    assert page_of(newcomer, "?before=" + first.split('href="?before=')[1].split('"')[0]).count("The receipt") == 3


# --- Clocks -----------------------------------------------------------------------------------------------------------


def days_ago(days):
    return clock.now() - timedelta(days=days)


def test_the_words_of_a_comment_rejected_long_ago_go_and_the_decision_stays(make_comment, moderator, reader):
    comment = make_comment("Out of line")
    edit_comment(author=reader, comment=comment, body="Still out of line.")
    decision = decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="abusive")
    Comment.objects.filter(pk=comment.pk).update(created_at=days_ago(400))
    assert clocks.rejected_words(clock.now())[0] == 0, "it was rejected today, whenever it was written"
    later = clock.now() + timedelta(days=191)
    assert clocks.rejected_words(later)[0] == 1
    comment.refresh_from_db()
    assert (comment.body, comment.html, comment.words, comment.status) == ("", "", "", "rejected")
    assert not Version.objects.exists()
    decision.refresh_from_db()
    assert decision.reason == "abusive"
    assert clocks.rejected_words(later)[0] == 0
    with pytest.raises(Refused, match="nothing to put back"):
        decide(moderator=moderator, comment=comment, seen="rejected", after="published", reason="fine")


def test_comments_that_are_not_rejected_keep_their_words(make_comment, settings):
    shown = make_comment()
    settings.PRE_MODERATION = True
    held = make_comment(status="pending")
    Comment.objects.update(created_at=days_ago(4000))
    assert clocks.rejected_words(clock.now())[0] == 0
    assert all(Comment.objects.get(pk=comment.pk).body for comment in (shown, held))


def test_the_words_of_a_withdrawn_comment_go_a_month_after_it_was_withdrawn(make_comment, reader, client):
    comment, kept = make_comment("Xsaid in haste"), make_comment("Xstays")
    edit_comment(author=reader, comment=comment, body="Xsaid in more haste")
    Comment.objects.update(created_at=days_ago(400))
    withdraw_comment(author=reader, comment=comment)
    assert tidy()["withdrawn comments emptied"] == 0, "it was withdrawn today, whenever it was written"
    Comment.objects.filter(pk=comment.pk).update(withdrawn_at=days_ago(31))
    assert tidy()["withdrawn comments emptied"] == 1
    comment.refresh_from_db()
    assert (comment.body, comment.html, comment.words, comment.status) == ("", "", "", "withdrawn")
    assert not Version.objects.exists()
    assert Comment.objects.get(pk=kept.pk).body == kept.body
    assert tidy()["withdrawn comments emptied"] == 0
    client.force_login(reader)
    page = client.get("/me/comments/").content.decode()
    assert "Its words have been deleted" in page and "Xsaid" not in page


def test_a_guest_is_forgotten_after_a_month_and_the_name_stays_beside_the_words(story, settings, client):
    settings.GUESTS = True
    guest, lately = make_guest(name="Gus Guest"), make_guest(name="Gil Guest")
    comment = post_comment(author=guest, thread=thread_for(story), body="I was there.")
    number = guest.pk
    address = story.get_absolute_url()
    assert f'data-by="{number}"' in client.get(address).content.decode()
    Reader.objects.filter(pk=number).update(date_joined=days_ago(31))
    assert tidy()["guests forgotten"] == 1
    assert list(Reader.objects.filter(is_guest=True)) == [lately]
    comment.refresh_from_db()
    assert (comment.author, comment.author_name, comment.status) == (None, "Gus Guest", "published")
    page = client.get(address).content.decode()
    assert "Gus Guest" in page and f'data-by="{number}"' not in page
    call_command("recount", "--check")


def test_notes_of_answered_reports_go_after_a_year_and_of_waiting_ones_never(make_comment, newcomer, moderator):
    answered, waiting = make_comment(), make_comment()
    report(answered, newcomer)
    report(waiting, newcomer)
    decide(moderator=moderator, comment=answered, seen="published", after="rejected", reason="spam")
    Report.objects.update(created_at=days_ago(366))
    assert clocks.report_notes(clock.now())[0] == 1
    assert list(Report.objects.order_by("pk").values_list("note", flat=True)) == ["", "Xnote of mine"]


def test_visits_go_after_a_year(thread, reader, newcomer):
    Visit.objects.create(reader=reader, thread=thread, revision=1, at=days_ago(366))
    Visit.objects.create(reader=newcomer, thread=thread, revision=1, at=days_ago(364))
    assert tidy()["old visits forgotten"] == 1
    assert Visit.objects.get().reader == newcomer


def test_one_command_runs_every_clock_as_often_as_one_likes(make_comment, capsys, settings):
    make_comment()
    call_command("tidy")
    first = capsys.readouterr().out
    assert first.count("\n") == len(settings.CLOCKS)
    call_command("tidy")
    assert "0 rejected comments emptied." in capsys.readouterr().out


def test_a_clock_that_fails_stops_no_other(settings, thread, reader):
    Visit.objects.create(reader=reader, thread=thread, revision=1, at=days_ago(366))
    settings.CLOCKS = ["broadsheet.moderation.tests.test_own_reports.breaks", *settings.CLOCKS]
    with pytest.raises(ZeroDivisionError):
        tidy()
    assert not Visit.objects.exists()


def breaks(now):
    raise ZeroDivisionError
