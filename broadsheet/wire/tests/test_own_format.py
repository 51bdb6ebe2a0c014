"""Our own format: what goes out comes in again as the same discussion, here or in an empty newsroom."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion import modes
from broadsheet.discussion.actions import close_thread, edit_comment, post_comment, thread_for, withdraw_comment
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.discussion.reactions import respect
from broadsheet.moderation import actions as moderation
from broadsheet.stories.models import Story
from broadsheet.wire.tests.test_bringing import bring, bring_disqus

pytestmark = pytest.mark.django_db


def taken_out(tmp_path, name="out.jsonl", **options):
    """Export to a file; returns it."""
    file = tmp_path / name
    call_command("export", "discussions", out=file, stderr=io.StringIO(), **options)
    return file


def without(lines, *names):
    """The records of such a file without some of what a comment has."""
    records = [json.loads(line) for line in lines.read_text().splitlines()]
    for record in records:
        for name in names:
            record.get("comment", {}).pop(name, None)
    return records


def talk_of(given):
    """A discussion in which everything has happened once."""
    thread, reader, newcomer, moderator = thread_for(given("story")), *map(given, ("reader", "newcomer", "moderator"))
    first = post_comment(
        author=reader, thread=thread, body="I *walked* it.\n\n> It stays.\n\nSee https://a.example/x_y"
    )
    reply = post_comment(author=newcomer, thread=thread, body="So did I.", parent=first)
    edit_comment(author=newcomer, comment=reply, body="So did I, twice.")
    respect(reader=newcomer, comment=first)
    moderation.pick(moderator=moderator, comment=first)
    rude = post_comment(author=newcomer, thread=thread, body="You fool.")
    moderation.decide(
        moderator=moderator, comment=rude, seen="published", after="rejected", reason="abusive", note="Again."
    )
    gone = post_comment(author=newcomer, thread=thread, body="I take this back.")
    post_comment(author=reader, thread=thread, body="Why?", parent=gone)
    withdraw_comment(author=newcomer, comment=gone)
    return close_thread(thread=thread)


@pytest.fixture
def talk(request):
    return talk_of(request.getfixturevalue)


@pytest.fixture
def elsewhere(request, tmp_path):
    """What another newsroom writes that has made this; nothing of it is here afterwards."""

    def write(make=talk_of, **options):
        with transaction.atomic(), override_settings(SITE_URL="https://paper.example"):
            make(request.getfixturevalue)
            file = taken_out(tmp_path, **options)
            transaction.set_rollback(True)
        assert not Comment.objects.exists() and not Story.objects.exists() and not Reader.objects.exists()
        return file

    return write


def test_what_goes_out_comes_into_an_empty_newsroom_as_the_same(elsewhere, tmp_path):
    options = {"with_moderation": True, "with_addresses": True}
    out = elsewhere(**options)
    said = bring("discussions", out, make_stories=True, accounts=True)
    assert "5 made" in said and "Lost" not in said and "0 refused" in said
    assert taken_out(tmp_path, "again.jsonl", **options).read_text() == out.read_text()
    thread = Thread.objects.get()
    assert (thread.published, thread.rejected, thread.withdrawn, thread.picks) == (3, 1, 1, 1)
    assert list(differences()) == []


def test_without_accounts_only_respects_are_lost_and_the_report_says_so(elsewhere, tmp_path):
    out = elsewhere()
    said = bring("discussions", out, make_stories=True)
    assert "Lost:      1 × respects of readers who have no account here" in said
    again = taken_out(tmp_path, "again.jsonl")
    assert without(again, "respects", "respected") == without(out, "respects", "respected")


def test_what_came_from_disqus_keeps_its_numbers_wherever_it_goes(elsewhere, tmp_path):
    out = elsewhere(lambda given: bring_disqus(), with_moderation=True)
    bring("discussions", out, make_stories=True)
    assert taken_out(tmp_path, "again.jsonl", with_moderation=True).read_text() == out.read_text()
    assert "0 made" in bring_disqus(), "the old file makes nothing twice"
    assert list(differences()) == []


def test_ones_own_export_makes_nothing_twice(talk, tmp_path):
    out = taken_out(tmp_path)
    assert "0 made, 0 updated, 5 known" in bring("discussions", out, make_stories=True)
    assert Story.objects.count() == 1


def test_what_its_author_took_back_does_not_go_out(talk, tmp_path):
    for kind in ("lines", "csv"):
        assert "I take this back" not in taken_out(tmp_path, format=kind).read_text()


def test_moderators_and_addresses_go_out_only_where_that_is_asked_for(talk, tmp_path):
    plain = taken_out(tmp_path).read_text()
    assert "@example.org" not in plain and "Mona" not in plain and "Again." not in plain
    more = taken_out(tmp_path, with_moderation=True, with_addresses=True).read_text()
    assert "ruth@example.org" in more and "Mona Marsh" in more and "Again." in more


def test_the_file_is_its_owners_alone_and_the_command_says_what_is_in_it(talk, tmp_path):
    (tmp_path / "out.jsonl").write_text("")
    (tmp_path / "out.jsonl").chmod(0o644)
    said = io.StringIO()
    call_command("export", "discussions", out=tmp_path / "out.jsonl", stderr=said)
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o600
    assert "personal data" in said.getvalue()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_ends_an_export_with_a_sentence_and_a_device_keeps_its_mode(talk):
    before = Path("/dev/full").stat().st_mode
    for kind in ("lines", "csv"):
        with pytest.raises(CommandError, match="/dev/full was not written to its end"):
            call_command("export", "discussions", format=kind, out=Path("/dev/full"))
    assert Path("/dev/full").stat().st_mode == before


def test_a_discussion_of_a_story_that_is_not_public_makes_no_public_one(elsewhere, tmp_path):
    out = elsewhere()
    words = out.read_text().replace('"public":true,', "")
    out.write_text(words)
    assert "was not public there, and its 5 comments were left" in bring("discussions", out, make_stories=True)
    assert not Story.objects.exists() and not Comment.objects.exists()


def test_a_sheet_holds_no_formula(story, reader, tmp_path):
    post_comment(author=reader, thread=thread_for(story), body='=HYPERLINK("http://evil.example")')
    rows = list(csv.reader(io.StringIO(taken_out(tmp_path, format="csv").read_text("utf-8-sig"))))
    assert rows[0][-1] == "words" and rows[1][-1].startswith("'=")


def test_coral_gets_its_three_files_and_gives_the_same_back(request, tmp_path):
    said = io.StringIO()
    with transaction.atomic(), override_settings(SITE_URL="https://paper.example"):
        thread = talk_of(request.getfixturevalue)
        thread.comments.filter(body="Why?").update(status=Status.PENDING)
        call_command("export", "discussions", format="coral", out=tmp_path / "coral", stderr=said)
        transaction.set_rollback(True)
    assert "1 comments wait for a moderator here" in said.getvalue()
    bring("coral", tmp_path / "coral", make_stories=True)
    first = Comment.objects.get(number=1, reply_number=0)
    assert first.body == "I *walked* it.\n\n> It stays.\n\nSee https://a.example/x_y"
    states = list(Comment.objects.order_by("number", "reply_number").values_list("status", flat=True))
    assert states == ["published", "published", "rejected", "rejected"]


def test_only_what_is_asked_for_goes_out(talk, story, tmp_path):
    since = (story.published_at + timedelta(days=2)).date().isoformat()
    assert len(taken_out(tmp_path, since=since).read_text().splitlines()) == 1
    assert len(taken_out(tmp_path, story=str(story.pk)).read_text().splitlines()) == 7
    assert len(taken_out(tmp_path, section=story.section.name).read_text().splitlines()) == 7
    with pytest.raises(CommandError, match="There is no section Nowhere"):
        taken_out(tmp_path, section="Nowhere")


def test_hostile_lines_do_no_harm(tmp_path):
    """A file that somebody has written by hand: each record is taken or refused, and never a trace."""
    opening = {"format": "broadsheet discussions", "version": 1}
    story = {"story": {"address": "https://x.example/1", "headline": "H", "discussion": {"public": True}}}
    none = {"story": {"address": "https://x.example/2", "headline": "H", "discussion": {"opens_at": 5}}}
    at = clock.now().isoformat()
    good = {
        "id": "x 1",
        "story": "https://x.example/1",
        "author": {"name": "A"},
        "words": "Hi.",
        "written_at": at,
        "status": "published",
    }
    odd = [
        {"badge": "editor"}, {"earlier": [{"written_at": "never"}]}, {"respects": "all"}, {"picked_at": "yes"},
        {"id": "x" * 300}, {"words": "<script>alert(1)</script>"}, {"rating": 9}, {"status": "gone"}, {"author": None},
        {"respects": [{"by": "y 1"}]}, {"badge": ["author"]}, {"badge_label": "x" * 500}, {"words": "\x00"},
        {"decisions": "no"}, {"respected": "many"}, {"earlier": [{"written_at": at, "rating": "x"}]}, {"parent": 5},
        {"reason": ["x"], "status": "rejected"}, {"decisions": [{"by": "x"}], "status": "rejected"},
    ]  # fmt: skip
    records = [
        opening,
        story,
        none,
        *({"comment": {**good, "id": f"x {place}", **each}} for place, each in enumerate(odd)),
    ]
    (tmp_path / "odd.jsonl").write_text("\n".join(map(json.dumps, records)))
    said = bring("discussions", tmp_path / "odd.jsonl", make_stories=True)
    assert "1 made" in said and "18 refused" in said
    assert list(differences()) == []
    assert "<script>" not in "".join(Comment.objects.filter(brought_from__isnull=False).values_list("html", flat=True))


def test_questions_and_their_answers_stay_what_they_are(elsewhere, tmp_path):
    def ask(given):
        thread = modes.set_mode(thread=thread_for(given("story")), mode="questions")
        modes.add_expert(thread=thread, reader=given("newcomer"))
        question = post_comment(author=given("reader"), thread=thread, body="How long does it last?")
        post_comment(author=given("newcomer"), thread=thread, body="Forty years.", parent=question)

    out = elsewhere(ask)
    bring("discussions", out, make_stories=True)
    assert Thread.objects.get().answered == 1
    assert taken_out(tmp_path, "again.jsonl").read_text() == out.read_text()
    assert list(differences()) == []
