"""A reader's side: their page, what they are told on the site and by e-mail, and what is in their copy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.moderation.people import actions
from broadsheet.moderation.people.models import Sanction
from broadsheet.moderation.people.personal import sanctions as section
from broadsheet.notifications import mailing
from broadsheet.notifications.actions import choose, stop
from broadsheet.notifications.models import Kind, Notification, Preference
from broadsheet.notifications.sight import standing

ADDRESS = "/me/standing/"


@pytest.fixture
def page(client, newcomer):
    """What stands on Ned's page."""
    client.force_login(newcomer)

    def get():
        answer = client.get(ADDRESS)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


@pytest.fixture
def post(newcomer):
    """Everything that is due goes; the letters to Ned."""
    EmailAddress.objects.filter(user=newcomer).update(verified=True)

    def send():
        mailing._rest.update(until=0.0, length=mailing.REST[0])
        later = clock.now() + timedelta(hours=2)
        mailing.gather(later)
        mailing.send(later)
        return [message for message in mail.outbox if message.to == [newcomer.email]]

    return send


def test_a_reader_without_a_sanction_reads_that_nothing_holds(page):
    assert "nothing holds against your account" in page()


def test_it_says_what_why_until_when_and_what_the_editor_wrote(page, do):
    until = clock.now() + timedelta(days=3)
    do("suspension", until=until, told="Twice this week.", note="Xcolleagues")
    text = page()
    for words in (
        "An editor has suspended you",
        clock.comment_moment(until),
        "It insults, threatens or harasses somebody",
        "Twice this week.",
    ):
        assert words in text
    assert "Xcolleagues" not in text and "Mona" not in text


def test_a_warning_is_acknowledged_there_and_by_nobody_else(client, page, do, newcomer, reader):
    held = do("warning")
    assert "I have read this" in page()
    client.force_login(reader)
    assert client.post(ADDRESS, {"sanction": held.pk}).status_code == 404
    assert Sanction.objects.get().acknowledged_at is None
    client.force_login(newcomer)
    assert client.post(ADDRESS, {"sanction": held.pk}, follow=True).status_code == 200
    assert Sanction.objects.get().acknowledged_at
    text = page()
    assert "You read this on" in text and "I have read this" not in text


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "1 OR 1=1"])
def test_what_is_no_sanction_of_theirs_is_a_wrong_address(client, page, number):
    assert client.post(ADDRESS, {"sanction": number}).status_code == 404


def test_the_signed_out_sign_in_first(client, db):
    assert client.get(ADDRESS).status_code == 302
    assert client.post(ADDRESS, {"sanction": 1}).status_code == 302


def test_the_way_to_it_is_on_one_s_own_pages_and_where_one_is_refused(client, do, newcomer, thread):
    do("warning")
    client.force_login(newcomer)
    assert ADDRESS in client.get("/me/").content.decode()
    refused = client.get(f"/stories/{thread.pk}/comments/new/").content.decode()
    assert "sent you a warning" in refused and f'href="{ADDRESS}"' in refused


def test_a_banned_reader_signs_in_reads_and_has_a_copy_of_their_data(client, do, newcomer, story):
    do("ban")
    client.post("/accounts/login/", {"login": newcomer.email, "password": "a long enough pass phrase"})
    for address in ("/me/", "/me/data/", "/me/comments/", story.get_absolute_url(), ADDRESS):
        assert client.get(address).status_code == 200
    assert Reader.objects.get(pk=newcomer.pk).is_active


def test_they_are_told_on_the_site_and_by_mail_whatever_they_chose(client, do, newcomer, post):
    stop(reader=newcomer, kind=None)
    choose(reader=newcomer, choices=[("decision", "never")])
    do("suspension", until=clock.now() + timedelta(days=3), told="Twice this week.")
    assert not Preference.objects.filter(kind=Kind.STANDING).exists()
    (letter,) = post()
    assert letter.subject.startswith("An editor has suspended you")
    assert "Twice this week." in letter.body and "/statements/" in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers and "No more e-mail" not in letter.body
    assert "In-Reply-To" not in letter.extra_headers
    client.force_login(newcomer)
    listed = client.get("/me/notifications/").content.decode()
    assert "An editor has suspended you" in listed


def test_they_are_told_that_it_is_lifted(do, newcomer, moderator, post):
    held = do("ban")
    actions.lift(moderator=moderator, sanction=held, why="We were wrong.")
    rows = list(standing(newcomer).order_by("pk"))
    assert [row.kind for row in rows] == ["standing", "standing"]
    text = "".join(letter.body for letter in post())
    assert "has lifted" in text and "We were wrong." in text


def test_nobody_chooses_not_to_hear_of_it(client, newcomer):
    client.force_login(newcomer)
    text = client.get("/me/notifications/settings/").content.decode()
    assert 'name="standing"' not in text and "always sent at once" in text
    sent = {kind.value: "never" for kind in Kind}
    assert client.post("/me/notifications/settings/", sent).status_code == 302
    assert not Preference.objects.filter(kind="standing").exists()


def test_a_guest_is_sanctioned_and_told_on_the_page_alone(client, do, settings):
    settings.GUESTS = True
    guest = Reader.objects.create_user("g@guest.invalid", "Guest Gale", None, is_guest=True)
    do("ban", reader=guest)
    assert not Notification.objects.exists()
    client.force_login(guest)
    text = client.get(ADDRESS).content.decode()
    assert "banned your account" in text and ADDRESS in client.get("/me/").content.decode()


def test_their_copy_says_what_they_were_told_and_no_more(do, newcomer):
    do("warning", told="Please stop.", note="Xcolleagues")
    (row,) = section(newcomer)[1]
    assert row["told"] == "Please stop." and "Xcolleagues" not in str(row) and "Mona" not in str(row)


def test_a_mail_about_several_things_can_still_be_stopped(do, newcomer, make_comment, post, reader):
    own = make_comment(author=newcomer)
    make_comment("I disagree.", author=reader, parent=own)
    do("warning")
    (letter,) = post()
    assert "List-Unsubscribe" in letter.extra_headers and "sent you a warning" in letter.body
