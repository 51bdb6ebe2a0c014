"""The pages of one's own account: for oneself alone, with proof before what matters, and failing in the open."""

from __future__ import annotations

import os
import time
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as conf
from django.core import mail
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts import clocks, deletion, exports
from broadsheet.accounts.actions import make_guest
from broadsheet.accounts.models import Deletion, Export, Reader
from broadsheet.core import clock
from broadsheet.core.tidying import tidy

pytestmark = pytest.mark.django_db
PHRASE = "a long enough pass phrase"
PAGES = ["/me/", "/me/profile/", "/me/data/", "/me/delete/", "/me/comments/", "/me/reports/"]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"
    cache.clear()


def signed_in(email="ruth@example.org"):
    client = Client()
    assert client.post("/accounts/login/", {"login": email, "password": PHRASE}).status_code == 302
    return client


def long_ago(client):
    """The same session, in which the password was typed an hour ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    return client


@pytest.mark.parametrize("address", PAGES)
def test_one_s_own_pages_are_for_those_who_are_signed_in(client, reader, address):
    answer = client.get(address)
    assert answer.status_code == 302 and answer.url.startswith("/accounts/login/?next=")
    answer = signed_in().get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/me/data/", "/me/delete/", "/me/delete/keep/", "/me/delete/now/", "/me/profile/"])
def test_nothing_is_done_for_somebody_who_is_signed_out(client, reader, address):
    answer = client.post(address, {"choice": "withdraw", "sure": "on", "about": "x"})
    assert answer.status_code == 302 and answer.url.startswith("/accounts/login/")
    assert not Export.objects.exists() and not Deletion.objects.exists()


def test_a_get_changes_nothing(reader):
    client = signed_in()
    for address in ("/me/delete/keep/", "/me/delete/now/"):
        assert client.get(address).status_code == 405


def test_the_way_leads_to_every_page_of_one_s_own(reader):
    page = signed_in().get("/me/").content.decode()
    for address in ("/me/comments/", "/me/reports/", "/me/profile/", "/me/data/"):
        assert f'href="{address}"' in page
    assert "/moderation/" not in page and "/desk/" not in page


# --- Profile ----------------------------------------------------------------------------------------------------------


def test_what_one_says_of_oneself_is_made_readable_and_shown(reader, make_comment):
    make_comment()
    client = signed_in()
    answer = client.post(
        "/me/profile/", {"about": "I row.\u202e\r\nOn the <b>mill race</b>. ", "has_public_page": "on"}
    )
    assert (answer.status_code, answer.url) == (302, "/me/profile/")
    reader.refresh_from_db()
    assert reader.about == "I row.\nOn the <b>mill race</b>."
    assert "On the &lt;b&gt;mill race" in Client().get(f"/readers/{reader.pk}/").content.decode()


@pytest.mark.parametrize("about", ["x" * 301, "half a \ud800 character"])
def test_what_cannot_be_kept_comes_back_with_a_sentence(reader, about):
    answer = signed_in().post(
        "/me/profile/", {"about": about.encode("utf-8", "replace") if "\ud800" in about else about}
    )
    reader.refresh_from_db()
    assert (answer.status_code == 422 and b"errorlist" in answer.content) or "\ud800" not in reader.about
    assert len(reader.about) <= 300


def test_a_profile_takes_no_facts_that_are_not_asked_for(reader):
    signed_in().post("/me/profile/", {"about": "x", "is_staff": "1", "expertise": "Everything", "name": "Editor"})
    reader.refresh_from_db()
    assert (reader.is_staff, reader.expertise, reader.name) == (False, "", "Ruth Reader")


def test_a_guest_has_no_profile(settings):
    settings.GUESTS = True
    client = Client()
    client.force_login(make_guest(name="Gail Guest"))
    assert client.get("/me/profile/").status_code == 403
    assert client.post("/me/profile/", {"about": "x"}).status_code == 403


# --- The copy ---------------------------------------------------------------------------------------------------------


def test_a_reader_asks_for_a_copy_and_fetches_it(reader, make_comment):
    make_comment("Mine to keep")
    client = signed_in()
    assert client.post("/me/data/").url == "/me/data/"
    export = Export.objects.get(reader=reader)
    assert b"Download your copy" in client.get("/me/data/").content
    answer = client.get(f"/me/data/{export.pk}/")
    assert answer["Content-Type"] == "application/zip" and "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "Mine to keep" in archive.read("data.json").decode()
    assert (conf.EXPORTS_DIR / export.file_name).stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"


def test_a_copy_is_for_nobody_else(reader, newcomer, moderator, administrator, client):
    export = exports.ask_for_export(reader=reader)
    assert client.get(f"/me/data/{export.pk}/").status_code == 302
    for email in ("ned@example.org", "mona@example.org", "ada@example.org"):
        assert signed_in(email).get(f"/me/data/{export.pk}/").status_code == 404
    assert signed_in().get("/me/data/999999/").status_code == 404


def test_a_copy_is_fetched_only_by_who_has_proved_who_they_are_lately(reader):
    export = exports.ask_for_export(reader=reader)
    answer = long_ago(signed_in()).get(f"/me/data/{export.pk}/")
    assert answer.status_code == 302 and answer.url == f"/accounts/reauthenticate/?next=%2Fme%2Fdata%2F{export.pk}%2F"


def test_one_copy_is_made_at_a_time(reader, settings):
    exports.ask_for_export(reader=reader)
    client = signed_in()
    answer = client.post("/me/data/")
    assert answer.status_code == 429 and int(answer["Retry-After"]) <= 600
    Export.objects.update(state="waiting")
    assert client.post("/me/data/").status_code == 403
    assert b"It is being made" in client.get("/me/data/").content
    assert Export.objects.count() == 1


def test_of_one_reader_s_copies_the_last_few_are_kept(reader, newcomer):
    other = exports.ask_for_export(reader=newcomer)
    for _ in range(exports.MOST_KEPT + 2):
        exports.ask_for_export(reader=reader)
        Export.objects.filter(reader=reader).update(asked_at=clock.now() - exports.PAUSE)
    kept = list(reader.exports.values_list("file_name", flat=True))
    assert len(kept) == exports.MOST_KEPT
    other.refresh_from_db()
    assert {path.name for path in conf.EXPORTS_DIR.iterdir()} == {*kept, other.file_name}


def test_a_copy_that_fails_says_so_and_can_be_asked_for_again(reader, settings):
    settings.ACCOUNT_EXPORTS = ["broadsheet.accounts.tests.test_own_pages.breaks"]
    client = signed_in()
    client.post("/me/data/")
    export = Export.objects.get()
    assert export.state == Export.State.FAILED
    assert not list(conf.EXPORTS_DIR.iterdir()), "nothing half-made is left"
    page = client.get("/me/data/").content.decode()
    assert "could not be made" in page and "Make a copy of my data" in page
    assert client.get(f"/me/data/{export.pk}/").status_code == 404
    settings.ACCOUNT_EXPORTS = ["broadsheet.accounts.personal.profile"]
    client.post("/me/data/")
    assert Export.objects.latest("pk").state == Export.State.READY


def breaks(reader):
    raise ZeroDivisionError


def test_a_copy_whose_machine_stopped_counts_as_failed_after_an_hour(reader):
    Export.objects.create(reader=reader, asked_at=clock.now() - timedelta(minutes=61))
    client = signed_in()
    assert b"could not be made" in client.get("/me/data/").content
    assert client.post("/me/data/").status_code == 302
    assert Export.objects.latest("pk").state == Export.State.READY


def test_copies_go_after_a_week_with_their_files(reader):
    export = exports.ask_for_export(reader=reader)
    export.refresh_from_db()
    path = conf.EXPORTS_DIR / export.file_name
    now = clock.now()
    stray = conf.EXPORTS_DIR / "half.part"
    stray.write_bytes(b"x")
    assert clocks.exports(now)[0] == 0 and path.exists() and stray.exists()
    os.utime(stray, (1, 1))
    later = now + timedelta(days=7, seconds=5)
    assert exports.file_of(export, later) is None, "and nobody gets it, whether or not the clock has run"
    assert clocks.exports(later)[0] >= 2 and not path.exists() and not stray.exists()
    assert not Export.objects.exists() and clocks.exports(later)[0] == 0


def test_a_copy_that_is_finished_after_its_account_went_leaves_no_file(reader, monkeypatch):
    export = Export.objects.create(reader=reader, asked_at=clock.now())

    def write(person, path):
        Export.objects.all().delete()
        path.write_bytes(b"x")
        return 1

    monkeypatch.setattr(exports, "write_archive", write)
    exports.make_export.call(export.pk)
    assert not list(conf.EXPORTS_DIR.iterdir())


def test_what_was_noted_of_a_session_goes_with_it(reader):
    signed_in()
    now = clock.now()
    assert UserSession.objects.get(user=reader).ip
    assert clocks.sessions(now)[0] == 0 and UserSession.objects.count() == 1
    assert clocks.sessions(now + timedelta(days=400))[0] >= 1
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("whole", "left"),
    [("192.0.2.77", "192.0.2.0"), ("2001:db8:12:34::", "2001:db8:12::"), ("203.0.113.0", "203.0.113.0")],
)
def test_where_a_session_came_from_is_shortened_after_a_week(reader, whole, left):
    signed_in()
    UserSession.objects.update(ip=whole)
    now = clock.now()
    assert clocks.addresses(now + timedelta(days=6))[0] == 0 and UserSession.objects.get().ip == whole
    assert clocks.addresses(now + timedelta(days=8))[0] == (whole != left)
    assert UserSession.objects.get().ip == left
    assert clocks.addresses(now + timedelta(days=9))[0] == 0


# --- The end ----------------------------------------------------------------------------------------------------------


def ask_to_delete(client, choice="anonymise", **more):
    return client.post("/me/delete/", {"choice": choice, "sure": "on", **more})


def test_a_reader_asks_for_the_end_and_has_a_week(reader, make_comment):
    make_comment()
    client, phone = signed_in(), signed_in()
    answer = ask_to_delete(client)
    assert answer.status_code == 200 and b"will be deleted on" in answer.content
    assert answer.cookies["reader"].value == ""
    due = Deletion.objects.get(reader=reader).due_at - clock.now()
    assert timedelta(days=6, hours=23) < due <= timedelta(days=7)
    assert client.get("/me/").status_code == phone.get("/me/").status_code == 302, "signed out everywhere"
    assert not UserSession.objects.filter(user=reader).exists()
    assert [message.to for message in mail.outbox] == [["ruth@example.org"]]
    assert "sign in before then" in mail.outbox[0].body and "/me/delete/" in mail.outbox[0].body
    assert clocks.deletions(clock.now())[0] == 0 and Reader.objects.filter(pk=reader.pk).exists()


def test_who_signs_in_again_is_asked_and_may_keep_the_account(reader):
    ask_to_delete(signed_in())
    client = Client()
    assert (
        client.post("/accounts/login/", {"login": "ruth@example.org", "password": PHRASE, "next": "/about/"}).url
        == "/me/delete/"
    )
    assert b"Keep my account" in client.get("/me/delete/").content
    assert client.post("/me/delete/keep/").url == "/me/"
    assert not Deletion.objects.exists()
    assert clocks.deletions(clock.now() + timedelta(days=30))[0] == 0


def test_who_is_sure_need_not_wait(reader, make_comment):
    comment = make_comment()
    ask_to_delete(signed_in(), "withdraw")
    answer = signed_in().post("/me/delete/now/")
    assert answer.status_code == 200 and b"is being deleted" in answer.content
    assert not Reader.objects.filter(pk=reader.pk).exists()
    comment.refresh_from_db()
    assert (comment.status, comment.body, comment.author_name) == ("withdrawn", "", "Former reader")


def test_without_days_of_grace_it_happens_at_once(reader, settings):
    settings.DELETION_GRACE = timedelta(0)
    answer = ask_to_delete(signed_in())
    assert b"is being deleted" in answer.content
    assert not Reader.objects.filter(pk=reader.pk).exists() and not mail.outbox


def test_when_the_days_are_over_the_daily_job_does_it(reader):
    ask_to_delete(signed_in())
    Deletion.objects.update(due_at=clock.now())
    assert tidy()["accounts sent to be deleted"] == 1
    assert not Reader.objects.filter(pk=reader.pk).exists()


@pytest.mark.parametrize("form", [{}, {"choice": "anonymise"}, {"sure": "on"}, {"choice": "everything", "sure": "on"}])
def test_the_end_needs_a_choice_and_a_tick(reader, form):
    answer = signed_in().post("/me/delete/", form)
    assert answer.status_code == 422 and b"Nothing was deleted" in answer.content
    assert not Deletion.objects.exists()


def test_the_end_is_asked_for_only_by_who_has_proved_who_they_are_lately(reader):
    client = long_ago(signed_in())
    assert client.get("/me/delete/").url == "/accounts/reauthenticate/?next=%2Fme%2Fdelete%2F"
    assert ask_to_delete(client).status_code == 302 and not Deletion.objects.exists()
    Deletion.objects.create(
        reader=reader, choice="withdraw", asked_at=clock.now(), due_at=clock.now() + timedelta(days=1)
    )
    assert (
        client.post("/me/delete/now/").status_code == 302
        and Reader.objects.filter(pk=reader.pk, is_active=True).exists()
    )


def test_nobody_ends_or_keeps_somebody_else_s_account(reader, newcomer):
    ask_to_delete(signed_in())
    other = signed_in("ned@example.org")
    other.post("/me/delete/keep/")
    assert other.post("/me/delete/now/").status_code == 404
    assert Deletion.objects.get().reader == reader and Reader.objects.filter(pk=reader.pk).exists()


@pytest.mark.parametrize("who", ["moderator", "editor", "administrator"])
def test_staff_are_told_to_hand_over_first(request, who, settings):
    settings.STAFF_SECOND_FACTOR = False
    person = request.getfixturevalue(who)
    client = signed_in(person.email)
    assert client.get("/me/delete/").status_code == 403
    answer = ask_to_delete(client)
    assert answer.status_code == 403 and b"Ask an administrator" in answer.content
    assert not Deletion.objects.exists()
    with pytest.raises(Exception, match="administrator"):
        deletion.ask_to_delete(reader=person, choice="anonymise")


def test_a_guest_may_go_too(settings):
    """At once: nobody could sign in again to take it back, or to say that they are sure."""
    settings.GUESTS, settings.DELETION_GRACE = True, timedelta(days=7)
    guest = make_guest(name="Gail Guest")
    client = Client()
    client.force_login(guest)
    assert "It happens at once" in client.get("/me/delete/").content.decode()
    assert ask_to_delete(client).status_code == 200
    assert not Reader.objects.filter(pk=guest.pk).exists()


def test_a_guest_is_shown_the_way_to_no_page_that_guests_have_not(settings):
    settings.GUESTS = True
    client = Client()
    client.force_login(make_guest(name="Gail Guest"))
    for page in ("/me/", "/me/data/", "/me/comments/", "/me/reports/"):
        text = client.get(page).content.decode()
        assert "/me/comments/" in text and "/me/data/" in text
        for other in ("/me/profile/", "/accounts/name/", "/accounts/methods/", "/me/notifications/", "/me/following/"):
            assert f'href="{other}"' not in text


def test_an_erasure_that_nobody_asked_for_does_nothing(reader):
    deletion.erase(reader.pk)
    deletion.erase(999_999)
    Deletion.objects.create(
        reader=reader, choice="withdraw", asked_at=clock.now(), due_at=clock.now() + timedelta(hours=1)
    )
    deletion.erase(reader.pk)
    assert Reader.objects.get(pk=reader.pk).is_active
