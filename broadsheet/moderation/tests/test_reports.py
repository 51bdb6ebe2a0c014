"""Readers' reports: who may report what, how often, what is kept of them, and what they hear back."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from broadsheet.core import clock
from broadsheet.core.addresses import reader_address
from broadsheet.core.refusals import Refused, Stale, TooSoon, Unacceptable
from broadsheet.discussion.actions import withdraw_comment
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.addresses import address_key
from broadsheet.moderation.forms import new_key, token_in
from broadsheet.moderation.models import LONGEST_NOTE, Outcome, Report
from broadsheet.moderation.rules import wait_before_report
from broadsheet.moderation.tests.together import at_once, needs_two_writers

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "security"


def report(comment, address="192.0.2.7", **facts):
    return report_comment(**{"comment": comment, "reporter": None, "address": address, "reason": "spam", **facts})


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def page(client, comment):
    return client.get(f"/comments/{comment.pk}/report/")


def send(client, comment, reason="spam", note="", **facts):
    return client.post(f"/comments/{comment.pk}/report/", {"reason": reason, "note": note, **facts})


# --- The action -------------------------------------------------------------------------------------------------------


def test_a_report_never_changes_a_comment(make_comment):
    comment = make_comment()
    before = (comment.status, comment.revision)
    for number in range(9):
        report(comment, address=f"192.0.2.{number}")
    assert (fresh(comment).status, fresh(comment).revision) == before


def test_a_comment_has_one_place_in_the_queue_however_many_report_it(make_comment, reader, newcomer):
    comment = make_comment()
    rows = [report(comment), report(comment, address="192.0.2.8"), report(comment, reporter=newcomer)]
    place = comment.entries.get(queue="reported")
    assert place.since == rows[0].created_at
    assert [(code, facts["count"]) for code, _, facts in place.why if code == "reports"] == [("reports", 3)]


def test_a_reader_s_second_report_of_a_comment_is_their_first(make_comment, newcomer):
    comment = make_comment()
    first = report(comment, reporter=newcomer, note="First.")
    assert report(comment, reporter=newcomer, reason="abusive", note="Second.") == first
    assert fresh(first).note == "First."


def test_one_address_reports_a_comment_once_and_is_shown_nobody_s_receipt(make_comment):
    comment = make_comment()
    report(comment)
    with pytest.raises(Refused, match="from your network address today") as refusal:
        report(comment)
    assert Report.objects.get().token not in refusal.value.sentence
    report(comment, address="192.0.2.8")
    report(make_comment(), address="192.0.2.7")
    assert Report.objects.count() == 3


def test_a_form_sent_twice_reports_once(make_comment):
    comment = make_comment()
    assert report(comment, token="a" * 22) == report(comment, token="a" * 22)


def test_nobody_reports_their_own_words(make_comment, reader):
    with pytest.raises(Refused, match="your own comment"):
        report(make_comment(author=reader), reporter=reader)


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_only_what_readers_see_can_be_reported(make_comment, status):
    with pytest.raises(Stale):
        report(make_comment(status=status))


def test_comments_of_stories_that_are_not_public_cannot_be_reported(make_comment, story, client):
    comment = make_comment()
    type(story).objects.filter(pk=story.pk).update(published_at=clock.now() + timedelta(hours=1))
    with pytest.raises(Stale):
        report(comment)
    assert page(client, comment).status_code == send(client, comment).status_code == 404


@pytest.mark.parametrize("reason", ["", "fine", "SPAM", "x" * 50, "spam\x00", "<b>"])
def test_a_reason_must_be_one_of_ours(make_comment, client, reason):
    comment = make_comment()
    with pytest.raises(Unacceptable):
        report(comment, reason=reason)
    answer = send(client, comment, reason=reason, note="Typed with care.")
    assert answer.status_code == 422
    assert "Please choose what is wrong with the comment." in answer.content.decode()
    assert "Typed with care." in answer.content.decode()
    assert not Report.objects.exists()


def test_reports_are_limited_by_reader_and_by_address(make_comment, newcomer, settings):
    settings.REPORTS_PER_HOUR = 2
    comments = [make_comment() for _ in range(3)]
    for who in ({"reporter": newcomer}, {"address": "192.0.2.7"}):
        report(comments[0], **who)
        report(comments[1], **who)
        with pytest.raises(TooSoon) as refusal:
            report(comments[2], **who)
        assert 3590 < refusal.value.wait <= 3600
    report(comments[2], address="192.0.2.8")


def test_the_limit_looks_back_an_hour(make_comment, settings):
    settings.REPORTS_PER_HOUR = 1
    first = report(make_comment())
    with pytest.raises(TooSoon):
        report(make_comment())
    Report.objects.filter(pk=first.pk).update(created_at=clock.now() - timedelta(minutes=61))
    report(make_comment())


@needs_two_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("signed_in", [False, True])
def test_many_reports_at_once_do_not_slip_past_the_limit(make_comment, newcomer, settings, signed_in):
    settings.REPORTS_PER_HOUR = 2
    who = {"reporter": newcomer} if signed_in else {}
    answers = at_once(*(partial(report, make_comment(), **who) for _ in range(8)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Report"] * 2 + ["TooSoon"] * 6
    assert Report.objects.count() == 2


@needs_two_writers
@pytest.mark.django_db(transaction=True)
def test_one_place_in_the_queue_however_many_report_at_once(make_comment):
    comment = make_comment()
    answers = at_once(*(partial(report, comment, address=f"192.0.2.{number}") for number in range(8)))
    assert all(isinstance(answer, Report) for answer in answers)
    assert comment.entries.filter(queue="reported").count() == 1


def test_the_wait_ends_when_enough_reports_are_an_hour_old(settings):
    settings.REPORTS_PER_HOUR = 2
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    ago = [now - timedelta(minutes=minutes) for minutes in (70, 50, 20, 5)]
    assert wait_before_report(ago, now) == 40 * 60
    assert wait_before_report(ago[:2], now) == 0


def test_a_note_is_cleaned_and_a_long_one_refused(make_comment):
    comment = make_comment()
    with pytest.raises(Unacceptable, match="1,001 characters"):
        report(comment, note="x" * (LONGEST_NOTE + 1))
    with pytest.raises(Unacceptable):
        report(comment, note="\udfff")
    assert report(comment, note=" See\x00 line\u202e 2.\r\n ").note == "See line 2."


def test_the_constraints_hold_when_code_forgets(make_comment, newcomer):
    comment = make_comment()
    right = {"comment": comment, "reason": "spam"}
    Report.objects.create(**right, reporter=newcomer)
    Report.objects.create(**right, address_key="k")
    for wrong in (
        {"reporter": newcomer},
        {"address_key": "k"},
        {"reason": "fine"},
        {"outcome": "x"},
        {"outcome": Outcome.KEPT},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(**{**right, **wrong})
    Report.objects.create(**right)
    Report.objects.create(**right)


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_an_address_is_kept_only_as_a_keyed_hash_of_the_day(make_comment, settings):
    comment = make_comment()
    row = report(comment, address="192.0.2.7")
    assert re.fullmatch("[0-9a-f]{64}", row.address_key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM moderation_report")
        assert "192.0.2" not in str(cursor.fetchall())
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    key = address_key("192.0.2.7", noon)
    assert key == address_key("192.0.2.7", noon + timedelta(hours=11))
    assert key != address_key("192.0.2.8", noon)
    assert key != address_key("192.0.2.7", noon + timedelta(days=1))
    settings.SECRET_KEY = "another secret" * 5
    assert key != address_key("192.0.2.7", noon)


def test_a_signed_in_reader_s_address_is_not_kept_at_all(make_comment, newcomer):
    assert report(make_comment(), reporter=newcomer).address_key == ""


def test_keys_of_addresses_are_forgotten_after_a_day(make_comment, capsys):
    old, young = report(make_comment()), report(make_comment(), address="192.0.2.8")
    Report.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(hours=25))
    report(make_comment(), address="192.0.2.9")
    assert fresh(old).address_key == "" != fresh(young).address_key
    Report.objects.update(created_at=clock.now() - timedelta(hours=25))
    call_command("tidy")
    assert "2 reporters' addresses forgotten." in capsys.readouterr().out
    assert not Report.objects.exclude(address_key="").exists()


@pytest.mark.parametrize(
    "proxies, remote, header, address",
    [
        (0, "192.0.2.7", "", "192.0.2.7"),
        (0, "192.0.2.7", "203.0.113.9", "192.0.2.7"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        (1, "10.0.0.1", "[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.7", "", "192.0.2.7"),
        (0, "192.0.2.7:50000", "", "192.0.2.7"),
        (1, "10.0.0.1", "unknown", ""),
        (0, "", "", ""),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(settings, proxies, remote, header, address):
    settings.TRUSTED_PROXIES = proxies
    assert reader_address({"REMOTE_ADDR": remote, **({"HTTP_X_FORWARDED_FOR": header} if header else {})}) == address


# --- The pages --------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_reported_and_asks_why(client, make_comment):
    comment = make_comment(body="Buy *cheap* watches")
    answer = page(client, comment)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Buy <em>cheap</em> watches" in text and "Ruth Reader" in text
    assert text.count('type="radio"') == 8
    assert "keeps to the comment policy" not in text


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_report_ends_at_a_receipt_of_its_own(client, make_comment, newcomer, signed_in):
    comment = make_comment()
    if signed_in:
        client.force_login(newcomer)
    answer = send(client, comment, note="Third time today.")
    row = Report.objects.get()
    assert answer.status_code == 302 and answer.url == f"/reports/{row.token}/"
    assert row.reporter == (newcomer if signed_in else None)
    receipt = client.get(answer.url).content.decode()
    assert "Thank you for your report" in receipt
    assert f"http://testserver/reports/{row.token}/" in receipt
    assert ("It is the only way back" in receipt, 'href="/me/reports/"' in receipt) == (not signed_in, signed_in)
    assert "An editor has not looked at it yet" in receipt
    assert "Third time today." in receipt and "It is advertising or repeats itself" in receipt
    assert "I walked across it this morning" in receipt


def test_these_pages_are_nobody_s_to_keep_and_in_no_search_engine(client, make_comment):
    comment = make_comment()
    receipt = f"/reports/{report(comment).token}/"
    for address in (f"/comments/{comment.pk}/report/", receipt):
        answer = client.get(address)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "same-origin"
        assert 'name="robots" content="noindex' in answer.content.decode()
    assert not client.get(receipt).cookies


def test_the_form_s_own_key_makes_a_double_click_one_report(client, make_comment):
    comment = make_comment()
    key = re.search(r'name="key" value="([^"]+)"', page(client, comment).content.decode()).group(1)
    answers = [send(client, comment, key=key) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Report.objects.count() == 1


def test_a_key_made_up_or_of_another_comment_names_no_receipt(client, make_comment):
    comment, other = make_comment(), make_comment()
    assert token_in(new_key(comment), comment)
    for key in ("", None, "x", f"{comment.pk} token", new_key(other), new_key(comment) + "x", "\x00", "é:é"):
        assert token_in(key, comment) is None
    mine = report(comment)
    answer = send(client, comment, key=f"{comment.pk} {mine.token}:x", REMOTE_ADDR="192.0.2.9")
    assert mine.token not in answer.get("Location", "")


def test_a_second_report_from_an_address_is_told_so_and_keeps_its_note(client, make_comment):
    comment = make_comment()
    first = send(client, comment)
    answer = send(client, comment, note="Somebody else in the same house.")
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "from your network address today" in text and "Somebody else in the same house." in text
    assert first.url not in text


def test_a_signed_in_reader_who_comes_again_finds_their_receipt(client, make_comment, newcomer):
    comment = make_comment()
    client.force_login(newcomer)
    first = send(client, comment)
    assert page(client, comment).url == send(client, comment, reason="other").url == first.url


def test_the_limit_says_when_to_come_back_and_keeps_the_note(client, make_comment, settings):
    settings.REPORTS_PER_HOUR = 1
    send(client, make_comment())
    answer = send(client, make_comment(), note="<script>alert(1)</script> & so on")
    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so on" in answer.content.decode()


def test_one_s_own_comment_is_pointed_to_withdrawal(client, make_comment, reader):
    comment = make_comment(author=reader)
    client.force_login(reader)
    for answer in (page(client, comment), send(client, comment)):
        assert answer.status_code == 403
        assert "you can withdraw it" in answer.content.decode()
        assert "<form" not in answer.content.decode().split("<main")[1].split("</main")[0]
    assert not Report.objects.exists()


def test_a_program_that_fills_in_every_field_is_told_which_to_leave(client, make_comment):
    answer = send(client, make_comment(), website="http://spam.example")
    assert answer.status_code == 422 and "only programs fill it in" in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_what_is_not_there_answers_as_what_is_withheld(client, make_comment, pk):
    withheld = make_comment(status="pending")
    absent, hidden = client.get(f"/comments/{pk}/report/"), page(client, withheld)
    assert absent.status_code == hidden.status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 22, "A" * 500, "-", "%00", "%ff", "a%27"])
def test_a_wrong_receipt_is_a_page_that_says_so(client, db, token):
    assert client.get(f"/reports/{token}/").status_code == 404


def test_an_over_long_note_is_said_to_be_and_kept(client, make_comment):
    note = "long " * 300
    answer = send(client, make_comment(), note=note)
    assert answer.status_code == 422
    assert "1,499 characters; at most 1,000" in answer.content.decode() and note.strip() in answer.content.decode()
    assert "maxlength" not in answer.content.decode(), "a browser would cut a pasted note without a word"


def test_line_ends_of_a_browser_do_not_count_twice(client, make_comment):
    assert send(client, make_comment(), note="a\r\n" * 499 + "bc").status_code == 302


def test_a_report_needs_the_form_s_token(make_comment):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = send(strict, make_comment(), note="Typed with care.")
    assert answer.status_code == 403
    assert not Report.objects.exists()


def samples():
    if not SAMPLES.exists():
        return ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "{{7*7}}"]
    found = []
    for name in ("xss-payloadbox-sample.jsonl", "xss-h5sc-sample.jsonl", "xss-fields-sample.jsonl"):
        found += [json.loads(line)["value"] for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]
    return found + json.loads((SAMPLES / "naughty-strings-sample.json").read_text(encoding="utf-8"))


def test_hostile_notes_are_only_words_wherever_they_are_shown(client, make_comment, moderator, settings):
    settings.REPORTS_PER_HOUR = 10_000
    comment, tokens = make_comment(), []
    for number, note in enumerate(samples()):
        try:
            tokens.append(report(comment, address=f"10.0.{number // 250}.{number % 250}", note=str(note)).token)
        except Unacceptable:
            continue
    client.force_login(moderator)
    addresses = [f"/reports/{token}/" for token in tokens]
    for address in [*addresses[::7], "/moderation/reported/", f"/moderation/comments/{comment.pk}/"]:
        main = client.get(address).content.decode().split("<main")[1].split("</main")[0]
        tags = set(re.findall(r"<(/?[a-zA-Z!][a-zA-Z0-9-]*)", main))
        assert not tags & {
            "script",
            "img",
            "svg",
            "iframe",
            "style",
            "object",
            "embed",
            "math",
            "video",
            "link",
            "base",
        }
        assert not re.search(r"<[^>]*\son\w+\s*=", main)


# --- The outcome ------------------------------------------------------------------------------------------------------


def receipt(client, row):
    return client.get(f"/reports/{row.token}/").content.decode()


def test_the_reporter_sees_that_the_comment_was_removed_and_why_but_not_by_whom(client, make_comment, moderator):
    comment = make_comment(body="Xunrepeatable")
    row = report(comment)
    decide(
        moderator=moderator,
        comment=comment,
        seen="published",
        after="rejected",
        reason="abusive",
        note="Xnote for colleagues",
    )
    text = receipt(client, row)
    assert "An editor agreed and removed the comment" in text
    assert "It insults, threatens or harasses somebody" in text
    for hidden in ("Xunrepeatable", "Xnote", "Mona", "Ruth Reader"):
        assert hidden not in text
    assert "Keep this link" not in text


def test_the_reporter_sees_that_the_comment_was_kept(client, make_comment, moderator):
    comment = make_comment()
    row = report(comment)
    decide(moderator=moderator, comment=comment, seen="published", after="published")
    text = receipt(client, row)
    assert "An editor looked at it and left the comment as it is" in text
    assert "It keeps to the comment policy" in text
    assert "I walked across it" in text and "Mona" not in text


def test_an_author_who_withdraws_the_comment_settles_the_report(client, make_comment, reader, capsys):
    comment = make_comment(body="Xunrepeatable")
    row = report(comment)
    withdraw_comment(author=reader, comment=comment)
    text = receipt(client, row)
    assert "The comment&#x27;s author withdrew it" in text
    assert "Xunrepeatable" not in text and "Ruth Reader" not in text
    call_command("tidy")
    assert "1 reports of withdrawn comments settled." in capsys.readouterr().out
    assert fresh(row).outcome == Outcome.GONE and not comment.entries.exists()
    assert "author withdrew it" in receipt(client, row)


def test_a_receipt_says_what_became_of_the_comment_later(client, make_comment, moderator, newcomer):
    comment = make_comment()
    first = report(comment)
    decide(moderator=moderator, comment=comment, seen="published", after="published")
    second = report(comment, reporter=newcomer)
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    assert "left the comment as it is" in receipt(client, first)
    assert "looked at it again since, and has removed the comment" in receipt(client, first)
    decide(moderator=moderator, comment=comment, seen="rejected", after="published")
    assert "the comment is shown once more" in receipt(client, second)
    assert "I walked across it" in receipt(client, second)


def test_a_receipt_repeats_nothing_of_a_story_that_is_gone(client, make_comment, story):
    row = report(make_comment(body="Xunrepeatable"))
    type(story).objects.filter(pk=story.pk).update(withdrawn_at=clock.now())
    text = receipt(client, row)
    assert "Xunrepeatable" not in text and story.headline not in text
    assert "It is not published any more." in text


def test_a_comment_held_again_after_an_edit_is_not_repeated_either(client, make_comment):
    comment = make_comment(body="Xunrepeatable")
    row = report(comment)
    Comment.objects.filter(pk=comment.pk).update(status=Status.PENDING)
    assert "Xunrepeatable" not in receipt(client, row)


def test_a_report_outlives_its_reporter_s_account(make_comment, newcomer):
    row = report(make_comment(), reporter=newcomer)
    newcomer.delete()
    assert fresh(row).reporter is None
