"""Nothing of a reader is left out of their copy, and nothing of them stays when their account goes.

Both walk the tables themselves, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from broadsheet.accounts import deletion, exports
from broadsheet.accounts.models import Deletion, Export, Reader
from broadsheet.core import clock
from broadsheet.discussion import personal
from broadsheet.discussion.actions import post_comment, thread_for
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Reaction, Status, Thread, Version
from broadsheet.moderation.actions import decide, pick
from broadsheet.moderation.models import Decision, Report
from broadsheet.moderation.personal import decisions_on_comments
from broadsheet.stories.models import Person
from tests.personal import (
    DESK,
    EMAIL,
    FORMER,
    NAME,
    OTHERS,
    columns,
    leave_the_staff,
    make_colleague,
    make_well_known,
)

pytestmark = pytest.mark.django_db
COUNT = "SELECT count(*) FROM {} WHERE lower({}) LIKE %s"


@pytest.fixture
def quillon(story, reader, moderator):
    return make_well_known(story, reader, moderator)


@pytest.fixture
def copy(quillon, settings, tmp_path):
    """The finished copy: data.json, index.html."""
    settings.EXPORTS_DIR = tmp_path / "exports"
    export = exports.ask_for_export(reader=quillon)
    export.refresh_from_db()
    assert export.state == Export.State.READY
    with zipfile.ZipFile(exports.file_of(export, clock.now())) as archive:
        assert sorted(archive.namelist()) == ["data.json", "index.html", "style.css"]
        return json.loads(archive.read("data.json")), archive.read("index.html").decode()


def ask(reader, choice, due=timedelta(0)):
    now = clock.now()
    return Deletion.objects.create(reader=reader, choice=choice, asked_at=now, due_at=now + due)


# --- The copy ---------------------------------------------------------------------------------------------------------


def test_every_column_that_points_at_a_reader_is_in_a_section_of_the_copy():
    covered = {column for exporter in exports.exporters() for column in getattr(exporter, "covers", ())}
    wanted = {name for name, _, _ in columns()} - DESK - OTHERS
    assert wanted - covered == set(), "write a section for it in the app's personal.py, or say above whose it is"
    assert covered - wanted - {"moderation.ThreadDecision.moderator"} == set()


def test_the_well_known_reader_has_a_row_in_every_table(quillon):
    """Or these tests would prove nothing about it."""
    make_colleague(quillon)
    empty = {
        name for name, model, field in columns() if not model._base_manager.filter(**{field.name: quillon}).exists()
    }
    desk = ("moderation.Decision", "moderation.ThreadDecision", "moderation.ModeratorScope", "moderation.PersonNote.by",
            "moderation.Sanction.by", "moderation.Sanction.lifted_by", "legal.Hold", "legal.Order",
            "legal.Appeal.decided", "moderation.Bulk", "moderation.Opinion", "moderation.Entry", "moderation.View",
            "moderation.Change", "moderation.Preference")  # fmt: skip
    only_staff = {name for name in empty if name.startswith(desk)}
    assert empty - only_staff - DESK - {"accounts.Deletion.reader"} == set()


@pytest.mark.any_database
def test_every_section_holds_what_it_promises(copy):
    data, _ = copy
    assert data["version"] == 1
    sections = data["sections"]
    of_the_desk = {"decisions_made", "desk_days", "desk_mail", "work_with_people", "legal_work"}
    assert {name for name, rows in sections.items() if not rows} <= of_the_desk
    assert sections["profile"][0]["email"] == EMAIL
    assert sections["former_names"][0]["name"] == FORMER
    assert {row["kind"] for row in sections["sign_in_methods"]} == {"password", "totp", "github", "publisher"}
    assert {row["status"] for row in sections["comments"]} == {"published", "rejected"}
    assert any(
        row["versions"] == [{"until": row["created_at"], "body": "Canary edited words."}]
        for row in sections["comments"]
    )
    assert sections["reports"][0]["note"] == "Not so."
    assert {row["outcome"] for row in sections["decisions_on_comments"]} == {"published", "rejected"}


@pytest.mark.any_database
def test_the_copy_holds_nothing_of_others(copy):
    data, page = copy
    for text in (json.dumps(data), page):
        assert "Somebody else's words" not in text, "whose comment it is, whose words they are"
        assert "N!" not in text and "Mona" not in text, "a moderator's name and notes stay at the desk"
        assert "Nina North" not in text, "who muted somebody does not come out"
        assert '"secret"' not in text and "session_key" not in text


class Names(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


@pytest.mark.any_database
def test_the_page_is_to_be_read_anywhere_and_runs_nothing(copy):
    _, page = copy
    assert "Canary published words." in page and "Canary edited words." in page
    found = Names()
    found.feed(page)
    assert not {tag for tag, _ in found.tags} & {"script", "style", "iframe", "img", "form"}
    addresses = [attributes.get("href") for tag, attributes in found.tags if tag in {"a", "link"}]
    assert all(address == "style.css" or address.startswith("#") for address in addresses)
    assert not any(name.startswith("on") or name == "style" for _, attributes in found.tags for name in attributes)


@pytest.mark.any_database
def test_what_programs_read_as_codes_the_page_says_in_words(copy):
    data, page = copy
    sections = data["sections"]
    assert {row["status"] for row in sections["comments"]} == {"published", "rejected"}
    assert (sections["notification_choices"][0], sections["requests"][0]["state"]) == (
        {"kind": "reply", "how": "never"},
        "failed",
    )
    for words in ("Published", "Rejected", "Replies to your comments", "Never", "Could not be made"):
        assert f">{words}</dd>" in page, words
    for code in ("published", "rejected", "never", "failed", "reply"):
        assert f">{code}</dd>" not in page, code


def test_a_pick_is_told_as_one_in_the_copy(story, reader, moderator):
    comment = post_comment(author=reader, thread=thread_for(story), body="Worth a pick.")
    pick(moderator=moderator, comment=comment)
    (row,) = decisions_on_comments(reader)[1]
    assert (row["outcome"], row["picked"]) == ("published", True)


def test_hostile_words_are_words_in_the_copy(story, reader, settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"
    post_comment(author=reader, thread=thread_for(story), body="</dd><script>alert(1)</script> {{ x }}")
    size = exports.write_archive(reader, exports.folder() / "x.zip")
    with zipfile.ZipFile(exports.folder() / "x.zip") as archive:
        assert "<script>" not in archive.read("index.html").decode()
        assert json.loads(archive.read("data.json"))["sections"]["comments"][0]["body"].startswith("</dd><script>")
    assert size and not list(exports.folder().glob("*.part"))


def test_a_story_that_is_not_public_is_not_named_in_the_copy(make_story, reader, settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"
    secret = make_story("Xembargoed headline")
    post_comment(author=reader, thread=thread_for(secret), body="My own words.")
    type(secret).objects.filter(pk=secret.pk).update(published_at=clock.now() + timedelta(days=1))
    exports.write_archive(reader, exports.folder() / "x.zip")
    with zipfile.ZipFile(exports.folder() / "x.zip") as archive:
        data = archive.read("data.json").decode()
        assert "My own words." in data and "Xembargoed" not in data + archive.read("index.html").decode()


def test_a_long_history_comes_whole(story, reader, settings, tmp_path, monkeypatch):
    settings.EXPORTS_DIR = tmp_path / "exports"
    monkeypatch.setattr(personal, "AT_A_TIME", 7)
    monkeypatch.setattr(exports, "ROWS_AT_A_TIME", 5)
    for number in range(23):
        post_comment(author=reader, thread=thread_for(story), body=f"Reading {number} of the gauge.")
    exports.write_archive(reader, exports.folder() / "x.zip")
    with zipfile.ZipFile(exports.folder() / "x.zip") as archive:
        rows = json.loads(archive.read("data.json"))["sections"]["comments"]
        assert [row["body"] for row in rows] == [f"Reading {number} of the gauge." for number in range(23)]
        assert archive.read("index.html").decode().count("of the gauge.") == 23


# --- The end ----------------------------------------------------------------------------------------------------------


def stored(*needles):
    """(table, column) of every value in the database, of any type, that holds one of these texts."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                name = connection.ops.quote_name(column.name)
                cast = f"CAST({name} AS TEXT)" if connection.vendor == "sqlite" else f"{name}::text"
                for needle in needles:
                    cursor.execute(COUNT.format(connection.ops.quote_name(table), cast), [f"%{needle.lower()}%"])
                    if cursor.fetchone()[0]:
                        found.append((table, column.name, needle))
    return found


def pointing_at(pk):
    return {name for name, model, field in columns() if model._base_manager.filter(**{f"{field.name}_id": pk}).exists()}


def erased(quillon, choice):
    ask(quillon, choice)
    before = list(differences())
    deletion.erase(quillon.pk)
    assert before == [] and list(differences()) == [], "every count is still true"
    return quillon.pk


@pytest.mark.parametrize("choice", Deletion.Choice.values)
def test_nothing_of_somebody_is_stored_when_their_account_is_deleted(quillon, choice):
    assert stored(NAME, EMAIL, FORMER), "the search finds what is there"
    pk = erased(quillon, choice)
    assert stored(NAME, EMAIL, FORMER, "quillonxanthe") == []
    assert pointing_at(pk) == set() and not Reader.objects.filter(pk=pk).exists()
    assert not UserSession.objects.exists() and not Session.objects.exists()


def test_comments_stay_without_a_name_where_that_was_chosen(quillon, client, story):
    address = f"/comments/{quillon.comments.get(body__startswith='Canary published').pk}/"
    erased(quillon, "anonymise")
    public = Comment.objects.filter(author_name="Former reader")
    assert {comment.status for comment in public} == {Status.PUBLISHED, Status.REJECTED}
    assert all(comment.body and not comment.author_id and not comment.key and not comment.badge for comment in public)
    page = client.get(address).content.decode()
    assert "Canary published words." in page and "Former reader" in page and NAME not in page
    assert not Version.objects.filter(comment__author_name="Former reader").exists()


@pytest.mark.parametrize("choice", Deletion.Choice.values)
def test_what_others_quoted_stays_without_a_name_too(quillon, reader, client, choice):
    quoting = Comment.objects.filter(author=reader, body__contains=NAME)
    assert all(comment.html.count(NAME) == 1 for comment in quoting) and len(quoting) == 1
    assert Version.objects.filter(body__contains=NAME).exclude(comment__author=quillon).count() == 3
    address = f"/readers/{reader.pk}/"
    assert NAME in client.get(address).content.decode()
    comment = quoting.get()
    erased(quillon, choice)
    comment.refresh_from_db()
    assert comment.body == "> Canary quoted words.\n>\n> — Former reader\n\nSo far, 1."
    page = client.get(address).content.decode()
    assert NAME not in page and ("— Former reader" in page) == (choice == "anonymise")


def test_comments_are_withdrawn_where_that_was_chosen(quillon, client):
    comment = quillon.comments.get(body__startswith="Canary published")
    erased(quillon, "withdraw")
    mine = Comment.objects.filter(author_name="Former reader")
    assert {row.status for row in mine} == {Status.WITHDRAWN, Status.REJECTED}
    assert not any(row.body or row.html or row.words for row in mine)
    page = client.get(f"/comments/{comment.pk}/").content.decode()
    assert "This comment was withdrawn by its author." in page and "An answer." in page and "Canary" not in page
    assert stored("canary published words", "canary rejected words", "canary edited words") == []


def test_what_waits_for_an_editor_goes_with_its_author(story, reader, settings):
    settings.PRE_MODERATION = True
    held = post_comment(author=reader, thread=thread_for(story), body="Held words.")
    erased(reader, "anonymise")
    held.refresh_from_db()
    assert (held.status, held.body) == (Status.WITHDRAWN, "")


def test_what_others_did_and_quoted_stays(quillon, reader):
    own = set(Comment.objects.filter(author=reader).values_list("pk", flat=True))
    erased(quillon, "withdraw")
    assert set(Comment.objects.filter(author=reader).values_list("pk", flat=True)) == own
    assert Report.objects.filter(reporter=reader).count() == 1
    kept = Report.objects.get(note="Not so.")
    assert kept.reporter is None and kept.reason == "false"
    assert Decision.objects.count() == 3, "decisions about their comments stay"
    assert not Reaction.objects.exclude(reader=reader).exists()
    assert Comment.objects.get(body="Somebody else's words.").respects == 0
    assert Person.objects.get(slug="q-x").account is None


def test_comments_under_a_story_that_is_not_public_any_more_part_from_their_author_too(quillon, story):
    type(story).objects.filter(pk=story.pk).update(withdrawn_at=clock.now())
    pk = erased(quillon, "withdraw")
    assert pointing_at(pk) == set() and stored("canary published words") == []


def test_everybody_who_has_the_page_open_hears_of_it(quillon, story):
    since = Thread.objects.get(pk=story.pk).revision
    mine = set(quillon.comments.values_list("pk", flat=True))
    erased(quillon, "anonymise")
    changed = dict(Comment.objects.filter(revision__gt=since).values_list("pk", "revision"))
    assert mine <= set(changed) and len(set(changed.values())) == len(changed), "each change has a revision of its own"


def test_an_interrupted_deletion_goes_on_where_it_was(quillon, monkeypatch):
    ask(quillon, "anonymise")
    real, calls = personal.part_from_author, []

    def stops(**facts):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(facts["comment"].pk)
        return real(**facts)

    monkeypatch.setattr(personal, "part_from_author", stops)
    with pytest.raises(KeyboardInterrupt):
        deletion.erase(quillon.pk)
    assert not Reader.objects.get(pk=quillon.pk).is_active, "there is no way back into it"
    assert Comment.objects.filter(author_name="Former reader").count() == 2
    monkeypatch.setattr(personal, "part_from_author", real)
    assert deletion.enqueue_due(clock.now()) == 1
    assert not Reader.objects.filter(pk=quillon.pk).exists()
    deletion.erase(quillon.pk)
    assert list(differences()) == []


def test_a_comment_that_comes_in_between_is_parted_too(quillon, monkeypatch):
    ask(quillon, "anonymise")
    real = deletion._finished
    late = []

    def finish(pk):
        if not late:
            thread = Thread.objects.first()
            late.append(thread.comments.first().pk)
            Comment.objects.filter(pk=late[0]).update(author=pk, author_name=NAME)
        return real(pk)

    monkeypatch.setattr(deletion, "_finished", finish)
    deletion.erase(quillon.pk)
    assert Comment.objects.get(pk=late[0]).author_name == "Former reader"


def test_staff_hand_over_first_and_their_decisions_stay(quillon, reader, story):
    make_colleague(quillon)
    colleague = Reader.objects.get(pk=quillon.pk)
    judged = post_comment(author=reader, thread=thread_for(story), body="To be judged.")
    decide(moderator=colleague, comment=judged, seen="published", after="rejected", reason="spam")
    assert "belongs to the newsroom" in deletion.why_not_delete(colleague)
    ask(colleague, "anonymise")
    deletion.erase(colleague.pk)
    assert Reader.objects.get(pk=colleague.pk).is_active and not Deletion.objects.exists()

    former = leave_the_staff(colleague)
    pk = erased(former, "anonymise")
    assert stored(NAME, EMAIL, FORMER) == []
    assert pointing_at(pk) == {"moderation.Decision.moderator"}
    empty = Reader.objects.get(pk=pk)
    assert not empty.is_active and not empty.has_usable_password() and empty.email.endswith("@deleted.invalid")
    assert Decision.objects.get(comment=judged).moderator == empty


@pytest.mark.any_database
def test_the_public_page_is_gone_with_the_account(quillon):
    assert Client().get(f"/readers/{quillon.pk}/").status_code == 200
    pk = erased(quillon, "anonymise")
    assert Client().get(f"/readers/{pk}/").status_code == 404
