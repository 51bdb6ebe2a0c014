"""Notices of illegal content: by anybody, with a receipt, first in the queue, answered with the decision."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, TooSoon, Unacceptable
from broadsheet.discussion.actions import withdraw_comment
from broadsheet.legal import clocks
from broadsheet.legal.models import Answer, Flagger, Notice
from broadsheet.legal.notices import Content, Sender, answer_about_person, content_at
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Change, Entry, Report
from broadsheet.moderation.tests.together import needs_two_writers

pytestmark = pytest.mark.django_db
FORM = {
    "category": "VIOLENCE",
    "legal_ground": "Section 126",
    "explanation": "It threatens a named person.",
    "name": "Nora Notice",
    "email": "nora@example.com",
    "good_faith": "on",
}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def send(client, comment, **facts):
    page = client.get(f"/comments/{comment.pk}/notice/")
    key = re.search(r'name="key" value="([^"]+)"', page.text).group(1)
    return client.post(f"/comments/{comment.pk}/notice/", {**FORM, "key": key, **facts})


def test_anybody_sends_a_notice_without_an_account_and_gets_a_receipt_at_once(client, make_comment, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    comment = make_comment()
    answer = send(client, comment)
    notice = Notice.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/notices/{notice.token}/")
    page = client.get(answer.url)
    assert "An editor has not looked at it yet." in page.text and "It threatens a named person." in page.text
    assert page["X-Robots-Tag"].startswith("noindex") and "no-store" in page["Cache-Control"]
    assert comment.body not in page.text, "the receipt repeats no comment"
    (letter,) = mail.outbox
    assert letter.to == ["nora@example.com"] and f"/notices/{notice.token}/" in letter.body
    assert "threatens" not in letter.body and "Nora" not in letter.body, "nobody makes us mail their words"


@needs_two_writers
def test_a_notice_takes_the_discussion_before_the_comment_as_decisions_do(client, make_comment):
    comment = make_comment()
    with CaptureQueriesContext(connection) as asked:
        send(client, comment)
    held = [query["sql"].split('FROM "')[1].split('"')[0] for query in asked if "FOR UPDATE" in query["sql"]]
    assert held == ["discussion_thread", "discussion_comment"]


def test_the_form_is_linked_from_the_report_and_the_policy_and_takes_any_address_of_ours(client, make_comment, reader):
    comment = make_comment()
    assert f'href="/comments/{comment.pk}/notice/"' in client.get(f"/comments/{comment.pk}/report/").text
    assert 'href="/notices/new/"' in client.get("/policy/comments/").text
    story = comment.thread.story
    for address in (
        f"http://testserver/comments/{comment.pk}/",
        f"/comments/{comment.pk}/?page=2",
        f"{story.get_absolute_url()}#comment-{comment.pk}",
    ):
        assert content_at(address).comment == comment
    assert content_at(f"/readers/{reader.pk}/").person == reader
    for wrong in ("https://elsewhere.example/comments/1/", "/comments/999999/", story.get_absolute_url(), "x"):
        answer = client.post("/notices/new/", {**FORM, "address": wrong})
        assert answer.status_code == 422 and not Notice.objects.exists(), wrong
    assert client.post("/notices/new/", {**FORM, "address": f"/comments/{comment.pk}/"}).status_code == 302


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        ({"category": ""}, "choose what it is about"),
        ({"category": "OTHER_VIOLATION_TC"}, "Select a valid choice"),
        ({"explanation": " \u2800 "}, "explain why"),
        ({"name": ""}, "give your name"),
        ({"email": "nowhere"}, "e-mail address at which"),
        ({"good_faith": ""}, "confirm that what you say"),
        ({"website": "spam"}, "only programs fill it in"),
    ],
)
def test_what_the_law_asks_for_is_asked_for(client, make_comment, without, sentence):
    answer = send(client, make_comment(), **without)
    assert answer.status_code == 422 and sentence in answer.text and not Notice.objects.exists()
    assert "It threatens" in answer.text or "explanation" in without, "what was typed is still there"


def test_abuse_of_children_may_be_told_of_without_a_name(client, make_comment):
    assert send(client, make_comment(), category="PROTECTION_OF_MINORS", name="", email="").status_code == 302
    assert (Notice.objects.get().name, Notice.objects.get().email) == ("", "")


def test_the_same_form_sent_twice_gives_one_notice(client, make_comment):
    comment = make_comment()
    key = re.search(r'name="key" value="([^"]+)"', client.get(f"/comments/{comment.pk}/notice/").text).group(1)
    urls = {client.post(f"/comments/{comment.pk}/notice/", {**FORM, "key": key}).url for _ in range(2)}
    assert len(urls) == 1 and Notice.objects.count() == Report.objects.count() == 1


def test_floods_are_slowed_and_nobody_s_mailbox_is_filled_by_others(make_comment, give_notice, settings):
    settings.EMAIL_URL, settings.REPORTS_PER_HOUR = "smtp://mail.example", 5
    comment = make_comment()
    for _ in range(5):
        give_notice(comment)
    with pytest.raises(TooSoon):
        give_notice(comment)
    assert len(mail.outbox) == 3
    give_notice(comment, number=8)
    assert Notice.objects.count() == 6


def test_a_notice_goes_before_reports_a_flagger_s_before_it_and_danger_before_all(
    make_comment, give_notice, reader, newcomer
):
    reported, noticed, flagged, danger = (make_comment(author=reader) for _ in range(4))
    report_comment(comment=reported, reporter=newcomer, address="", reason="illegal")
    give_notice(noticed)
    Flagger.objects.create(name="Safe Net", email="ned@example.org")
    give_notice(flagged, sender=Sender(newcomer, "", "Ned", "ned@example.org"))
    give_notice(danger, number=9, is_danger=True)
    order = Entry.objects.filter(queue="reported").order_by("due").values_list("comment", flat=True)
    assert list(order) == [danger.pk, flagged.pk, noticed.pk, reported.pk]
    report_comment(comment=noticed, reporter=None, address="192.0.2.9", reason="spam")
    assert Entry.objects.get(comment=noticed, queue="reported").why[0][0] == "notice", (
        "a later report does not forget it"
    )


def test_only_an_account_with_the_proved_address_is_a_trusted_flagger(make_comment, give_notice, newcomer):
    from allauth.account.models import EmailAddress

    Flagger.objects.create(name="Safe Net", email="ned@example.org")
    assert give_notice(make_comment(), sender=Sender(None, "192.0.2.9", "N", "ned@example.org")).flagger is None
    EmailAddress.objects.filter(user=newcomer).update(verified=False)
    assert give_notice(make_comment(), sender=Sender(newcomer, "", "N", "ned@example.org")).flagger is None


def test_the_decision_answers_the_notice_with_reason_automation_and_redress(
    client, make_comment, give_notice, moderator, settings
):
    settings.EMAIL_URL = "smtp://mail.example"
    gone, stays = make_comment(), make_comment()
    first, second = give_notice(gone), give_notice(stays, number=8)
    mail.outbox.clear()
    decide(moderator=moderator, comment=gone, seen="published", after="rejected", reason="illegal")
    decide(moderator=moderator, comment=stays, seen="published", after="published", reason="fine")
    assert (fresh(first).answer, fresh(second).answer) == (Answer.REMOVED, Answer.KEPT)
    assert fresh(first).decision.statement.source == "ARTICLE_16"
    removed, kept = mail.outbox
    assert "agreed and removed" in removed.body and "A person decided it" in removed.body
    assert "you can appeal" in kept.body and "go to court" in kept.body
    page = client.get(f"/notices/{second.token}/").text
    assert f"/notices/{second.token}/appeal/" in page and "no automatic means" in page
    assert "appeal" not in client.get(f"/notices/{first.token}/").text.split("<main")[1]


def test_what_is_held_for_another_look_leaves_the_notice_waiting_and_what_is_withdrawn_answers_it(
    make_comment, give_notice, moderator, reader
):
    comment = make_comment()
    notice = give_notice(comment)
    decide(moderator=moderator, comment=comment, seen="published", after="pending")
    assert fresh(notice).answer == Answer.WAITING
    withdraw_comment(author=reader, comment=fresh(comment))
    assert (fresh(notice).answer, fresh(notice).answered_at is not None) == (Answer.GONE, True)


def test_a_hidden_comment_s_form_says_no_more_than_a_wrong_address(client, removed):
    assert client.get(f"/comments/{removed.pk}/notice/").status_code == 404
    assert client.get("/notices/no-such-token/").status_code == 404


def test_a_comment_that_went_in_between_is_not_shown_again(make_comment, give_notice, moderator):
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    with pytest.raises(Stale):
        give_notice(comment)


def test_a_notice_about_a_reader_s_page_is_answered_at_the_desk(client, reader, moderator, newcomer, give_notice):
    notice = give_notice(None, content=Content(person=reader))
    with pytest.raises(Refused):
        answer_about_person(moderator=newcomer, notice=notice, acted=True)
    Reader.objects.filter(pk=reader.pk).update(about="Xunlawful")
    client.force_login(moderator)
    page = client.get(f"/moderation/legal/notices/{notice.pk}/").text
    assert "nora@example.com" in page and "Ruth Reader" in page
    assert "Xunlawful" in page and "Xunlawful" in client.get(f"/readers/{reader.pk}/").text
    client.post(f"/moderation/legal/notices/{notice.pk}/", {"acted": "yes", "words": "We emptied the text."})
    assert (fresh(notice).answer, fresh(notice).words) == (Answer.REMOVED, "We emptied the text.")
    assert "Xunlawful" not in client.get(f"/readers/{reader.pk}/").text
    assert list(Change.objects.values_list("what", "about", "by__name")) == [
        ("reader page", f"account {reader.pk}", "Mona Marsh")
    ]
    again = client.post(f"/moderation/legal/notices/{notice.pk}/", {"acted": "no"})
    assert again.status_code == 409 and fresh(notice).answer == Answer.REMOVED
    about_comment = give_notice(None, content=Content(person=newcomer), number=8)
    Reader.objects.get(pk=newcomer.pk).delete()
    assert not Notice.objects.filter(pk=about_comment.pk).exists()


def test_danger_tells_the_desk_what_to_do_and_whom_to_call(client, make_comment, give_notice, moderator, settings):
    settings.DANGER_CONTACT = "Police control room, 112"
    notice = give_notice(make_comment(), is_danger=True)
    client.force_login(moderator)
    page = client.get(f"/moderation/legal/notices/{notice.pk}/").text
    assert "tell the police at once" in page and "Police control room, 112" in page


def test_who_gave_notice_is_forgotten_in_time_and_their_address_after_a_day(make_comment, give_notice, moderator):
    comment = make_comment()
    notice = give_notice(comment)
    assert clocks.addresses(clock.now() + timedelta(days=2))[0] == 1
    assert clocks.notices(clock.now() + timedelta(days=2000))[0] == 0, "what waits is not old"
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="illegal")
    assert clocks.notices(clock.now() + timedelta(days=500))[0] == 0, "an appeal may still need it"
    assert clocks.notices(clock.now() + timedelta(days=600))[0] == 1
    row = fresh(notice)
    assert (row.name, row.email, row.explanation, row.category) == ("", "", "", "ILLEGAL_OR_HARMFUL_SPEECH")
    with pytest.raises(Unacceptable):
        give_notice(make_comment(), explanation="")
