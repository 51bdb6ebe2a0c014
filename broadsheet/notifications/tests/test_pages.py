"""The pages: one's own list, the choice of what is sent, and the link that stops e-mail."""

from __future__ import annotations

import re

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from broadsheet.notifications import personal, tokens
from broadsheet.notifications.actions import choose
from broadsheet.notifications.models import How, Kind, Notification, Preference
from broadsheet.notifications.rules import preferences

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(make_comment, reader, newcomer):
    """Ned has answered Ruth."""
    return make_comment("I disagree.", author=newcomer, parent=make_comment())


@pytest.fixture
def ruth(client, reader):
    client.force_login(reader)
    return client


def test_the_list_says_who_answered_and_in_which_words(ruth, answered):
    page = ruth.get("/me/notifications/").content.decode()
    assert "<bdi>Ned Newcomer</bdi> replied to your comment on" in page
    assert "I disagree." in page
    assert page.count("news-new") == 1


def test_opening_one_leads_to_the_comment_and_takes_it_as_read(ruth, answered, told, reader):
    one = Notification.objects.get(reader=reader)
    answer = ruth.get(f"/me/notifications/{one.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/comments/{answered.pk}/")
    assert told(reader) == []
    assert "news-new" not in ruth.get("/me/notifications/").content.decode()


def test_a_link_that_is_only_looked_at_takes_nothing_as_read(ruth, answered, told, reader):
    ruth.head(f"/me/notifications/{Notification.objects.get().pk}/")
    assert told(reader) == ["reply"]


def test_one_or_all_are_taken_as_read_by_a_plain_form(ruth, make_comment, reader, newcomer, told):
    for _ in range(3):
        make_comment("Yes.", author=newcomer, parent=make_comment())
    first = Notification.objects.earliest("pk")
    assert ruth.post(f"/me/notifications/{first.pk}/seen/").status_code == 302
    assert len(told(reader)) == 2
    assert ruth.get("/me/notifications/seen/").status_code == 405
    ruth.post("/me/notifications/seen/")
    assert told(reader) == []


@pytest.mark.any_database
@pytest.mark.parametrize("way", ["", "seen/"])
def test_another_reader_s_notification_is_a_wrong_address(client, answered, newcomer, told, reader, way):
    client.force_login(newcomer)
    path = f"/me/notifications/{Notification.objects.get().pk}/{way}"
    answer = client.post(path) if way else client.get(path)
    assert answer.status_code == 404
    assert told(reader) == ["reply"]
    absent = client.post("/me/notifications/999999/seen/") if way else client.get("/me/notifications/999999/")
    assert re.sub(r"\d+", "", absent.content.decode()) == re.sub(r"\d+", "", answer.content.decode())


@pytest.mark.parametrize("path", ["", "settings/", "seen/", "browser/", "1/", "1/seen/"])
def test_who_is_signed_out_is_asked_to_sign_in(client, path):
    for ask in (client.get, client.post):
        answer = ask(f"/me/notifications/{path}")
        assert answer.status_code in {302, 405}, (ask, path)
        if answer.status_code == 302:
            assert answer["Location"].startswith(reverse("account_login"))


def test_a_form_from_another_site_changes_nothing(answered, reader, told):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    for path in ("/me/notifications/seen/", "/me/notifications/settings/", "/me/notifications/browser/"):
        assert client.post(path, {"reply": "never"}).status_code == 403
    assert told(reader) == ["reply"]


def test_the_list_goes_back_page_by_page_and_costs_the_same_on_each(
    ruth, make_comment, reader, newcomer, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("broadsheet.notifications.views.AT_A_TIME", 3)
    for _ in range(7):
        make_comment("Yes.", author=newcomer, parent=make_comment())
    seen, path = [], "/me/notifications/"
    while path:
        with django_assert_max_num_queries(14):
            page = ruth.get(path).content.decode()
        seen += re.findall(r'id="notice-(\d+)"', page)
        further = re.search(r"\?before=\d+", page)
        path = f"/me/notifications/{further[0]}" if further else None
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, key=int, reverse=True)


@pytest.mark.any_database
@pytest.mark.parametrize("before", ["x", "-1", "٣", "9" * 40, ""])
def test_a_page_that_nobody_offered_is_the_first_one(ruth, answered, before):
    assert b"I disagree." in ruth.get("/me/notifications/", {"before": before}).content


def test_the_number_for_the_head_of_every_page(ruth, answered, story):
    assert ruth.get(f"/threads/{story.pk}/me/").json()["unread"] == 1


def test_choices_are_kept_and_a_wrong_one_is_not(ruth, reader):
    chosen = {kind: "never" for kind in Kind.values}
    assert ruth.post("/me/notifications/settings/", chosen).status_code == 302
    assert set(preferences(reader).values()) == {How.NEVER}
    assert ruth.post("/me/notifications/settings/", {**chosen, "reply": "hourly"}).status_code == 200
    assert ruth.post("/me/notifications/settings/", {"reply": "now"}).status_code == 200
    assert set(preferences(reader).values()) == {How.NEVER}
    page = ruth.get("/me/notifications/settings/").content.decode()
    assert page.count("checked") == len(preferences(reader))


# --- The link that stops e-mail ---


def test_opening_the_link_stops_nothing_and_its_button_stops_one_kind(client, reader):
    address = tokens.stop_address(reader, Kind.THREAD)
    for ask in (client.get, client.head):
        assert ask(address).status_code == 200
    assert not Preference.objects.exists()
    assert b"New comments in discussions you follow" in client.post(address).content
    assert preferences(reader)[Kind.THREAD] == How.NEVER
    assert preferences(reader)[Kind.REPLY] == How.NOW


def test_one_press_in_a_mail_program_stops_it_without_cookie_or_token_of_a_form(reader):
    program = Client(enforce_csrf_checks=True)
    answer = program.post(tokens.stop_address(reader, None), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies) == (200, {})
    assert set(preferences(reader).values()) == {How.NEVER}
    assert program.post(tokens.stop_address(reader, None)).status_code == 200, "pressed twice"


def forged(reader):
    good = tokens.stop_address(reader, Kind.REPLY).split("/")[-2]
    other_salt = signing.dumps([reader.pk, "reply", "x"], salt="another")
    return {
        "nonsense": "x",
        "cut": good[:-3],
        "changed": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "another purpose": other_salt,
        "another secret": signing.dumps(
            [reader.pk, "reply", tokens._mark(reader)], salt=tokens._SALT, key="not the newsroom's secret"
        ),
        "unknown kind": signing.dumps([reader.pk, "everything", tokens._mark(reader)], salt=tokens._SALT),
        "another shape": signing.dumps({"reader": reader.pk}, salt=tokens._SALT),
        "nobody": signing.dumps([999999, "reply", "x"], salt=tokens._SALT),
        "wrong mark": signing.dumps([reader.pk, "reply", "0" * 12], salt=tokens._SALT),
    }


@pytest.mark.parametrize(
    "name",
    [
        "nonsense",
        "cut",
        "changed",
        "another purpose",
        "another secret",
        "unknown kind",
        "another shape",
        "nobody",
        "wrong mark",
    ],
)
def test_a_forged_link_stops_nothing(client, reader, name):
    address = reverse("notifications_stop", args=[forged(reader)[name]])
    for ask in (client.get, client.post):
        assert ask(address).status_code == 404
    assert not Preference.objects.exists()


def test_an_old_link_and_one_for_an_address_given_up_stop_nothing(client, reader, monkeypatch):
    address = tokens.stop_address(reader, Kind.REPLY)
    monkeypatch.setattr("django.core.signing.time.time", lambda: 4e9)
    assert client.post(address).status_code == 404
    monkeypatch.undo()
    assert client.get(address).status_code == 200
    reader.email = "new@example.org"
    reader.save()
    assert client.post(address).status_code == 404
    assert not Preference.objects.exists()


def test_the_link_says_nothing_of_whose_it_is(client, reader):
    page = client.get(tokens.stop_address(reader, Kind.REPLY)).content.decode()
    assert reader.name not in page and reader.email not in page


def test_what_one_chose_is_in_the_export_and_gone_with_the_account(answered, reader, newcomer):
    choose(reader=reader, choices=[(Kind.REPLY, How.NEVER)])
    name, rows = personal.notifications(reader)
    assert (name, [row["kind"] for row in rows]) == ("notifications", ["reply"])
    assert {"kind": "reply", "how": "never"} in list(personal.choices(reader)[1])
    assert "I disagree." not in str([list(each(reader)[1]) for each in (personal.notifications, personal.letters)])
    personal.erase(reader, "anonymise")
    assert not Notification.objects.filter(reader=reader).exists()
    assert not Preference.objects.exists()
