from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.stories.models import Person, Section, Story, Topic
from broadsheet.wire.pages.actions import import_page
from broadsheet.wire.pages.page_text import read
from broadsheet.wire.tests.test_page_text import FERRY, utc

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared"
SEED = SHARED / "seed" / "story.txt"
SAMPLES = SHARED / "data" / "security"

pytestmark = pytest.mark.django_db


@pytest.fixture
def capture(tmp_path):
    """Import these bytes with the command; returns what it printed."""

    def bring(data=FERRY, **options):
        file = tmp_path / "page.txt"
        file.write_bytes(data)
        out = StringIO()
        call_command("import", "page-text", str(file), stdout=out, **options)
        return out.getvalue()

    return bring


def rows():
    return [table.objects.count() for table in (Story, Section, Person, Topic, Thread, Comment)]


def test_a_captured_page_becomes_a_published_story_with_its_discussion(capture):
    capture()
    story = Story.objects.get()
    assert story.is_public()
    assert (story.place, story.agency, story.published_at) == (
        "PORTMERE, Maine",
        "Coastal Press",
        utc(2012, 3, 7, 23, 40),
    )
    assert (story.lead_creator, story.lead_credit) == ("Dana Whitlock", "Coastal Press/Dana Whitlock")
    assert str(story.section) == "Archive"
    assert [topic.name for topic in story.topics.all()] == ["Ferries", "Island schools"]
    assert [str(credit) for credit in story.credits.all()][-2:] == ["Writing: Lena Aldous", "Editing: Per Nash"]
    assert "<h2>TWO WHO SAID NO</h2>" in story.body_html
    assert "(Coastal Press)" not in story.body_html  # the story page prints that itself
    assert [comment.author_name for comment in Comment.objects.order_by("number")] == [
        "islander_9",
        "Harbour Watch",
        "P. Nielsen",
    ]


def test_comments_keep_their_exact_moments_and_have_no_account(capture):
    capture()
    first = Comment.objects.get(number=1)
    assert (first.created_at, first.published_at) == (utc(2012, 3, 8, 0, 2),) * 2
    assert first.author is None
    assert first.status == Status.PUBLISHED


def test_the_discussion_is_closed_and_what_the_page_does_not_show_is_counted_and_not_invented(capture):
    said = capture()
    thread = Thread.objects.get()
    assert thread.is_closed(datetime.now(UTC))
    assert utc(2012, 3, 12) < thread.closed_at < utc(2012, 4, 1)
    assert (thread.published, thread.missing) == (3, 2)
    assert "the page says 5 comments and shows 4: 2 counted as missing, nothing invented" in said
    assert "The comment by quiet1 of Mar 12, 2012 9:00am EDT has no words; it was not imported." in said
    assert ": The wharf at dawn" in said


def test_the_same_file_twice_makes_nothing_twice(capture):
    capture()
    before = rows()
    assert "0 added, 3 known before" in capture()
    assert rows() == before
    assert Thread.objects.get().missing == 2


def test_a_later_capture_brings_only_what_is_new(capture):
    early = FERRY[: FERRY.index(b"P. Nielsen wrote:")].replace(b"Comments (5)", b"Comments (2)")
    capture(early)
    assert not Thread.objects.get().closed_at
    said = capture()
    assert "1 added, 2 known before" in said
    assert Story.objects.count() == 1
    assert Thread.objects.get().closed_at


def test_a_comment_that_a_moderator_has_removed_is_known_and_not_brought_back(capture, moderator):
    from broadsheet.moderation.actions import decide

    capture()
    comment = Comment.objects.get(number=2)
    decide(moderator=moderator, comment=comment, seen=Status.PUBLISHED, after=Status.REJECTED, reason="spam")
    assert "0 added, 3 known before" in capture()
    comment.refresh_from_db()
    assert comment.status == Status.REJECTED


def test_two_comments_alike_in_everything_are_two(capture):
    twice = b"P. Nielsen wrote:\nAgain.\n\nMar 11, 2012 2:30am EDT -- Report as abuse\n" * 2
    page = FERRY.replace(b"P. Nielsen wrote:", twice + b"P. Nielsen wrote:")
    assert "5 added" in capture(page)
    assert "0 added, 5 known before" in capture(page)


def test_a_section_named_for_a_page_that_is_known_is_answered(capture):
    capture()
    assert "The story was left in its section (Archive)" in capture(section="Sport")
    for section in ("", "archive"):
        assert "was left in its section" not in capture(section=section)
    assert [section.name for section in Section.objects.all()] == ["Archive"]
    Story.objects.update(section=None)
    assert "The story was left in its section (none)" in capture(section="Sport")


def test_a_changed_body_is_reported_and_the_story_left_as_it_is(capture):
    capture()
    before = Story.objects.get().body_html
    said = capture(FERRY.replace(b"22 cars", b"23 cars"))
    assert "The body on the page is not the story's body any more" in said
    assert Story.objects.get().body_html == before


def test_a_dry_run_tells_everything_and_changes_nothing(capture):
    before = rows()
    assert "made and published in the section Archive (made now)" in capture(dry_run=True)
    assert rows() == before


def test_the_story_goes_where_the_editor_says(capture, section):
    capture(section="town")
    assert Story.objects.get().section == section
    assert Section.objects.count() == 1


def test_a_page_without_credits_becomes_a_draft_that_says_what_it_lacks(capture, client):
    start, end = FERRY.index(b"(Reporting by"), FERRY.index(b"We welcome")
    said = capture(FERRY[:start] + FERRY[end:])
    story = Story.objects.get()
    assert not story.live
    assert "made as a draft" in said
    assert "Nobody is credited" in said


def test_people_and_topics_who_are_there_are_used_again(capture):
    person = Person.objects.create(name="Per Nash", slug="per")
    capture()
    assert Story.objects.get().credits.get(role="editing").person == person


def test_what_is_too_long_for_its_place_is_left_out_and_said(capture):
    said = capture(FERRY.replace(b"Deckhand Ivo Lund", b"Deckhand " * 120 + b"Ivo Lund"))
    assert Story.objects.get().lead_caption == ""
    assert "Left out: Caption: it has" in said


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01\x02" * 99, b"<!doctype html><p>Hello</p>", b"Only prose, and no page.\n" * 20, b"x" * 5_000_001],
)
def test_a_file_that_is_no_page_is_refused_and_changes_nothing(capture, data):
    before = rows()
    with pytest.raises(CommandError, match="was not imported") as refusal:
        capture(data)
    assert refusal.value.returncode == 1
    assert rows() == before


@pytest.mark.parametrize("name", ["nothing-here.txt", "", "/dev/null", "\x00"])
def test_what_is_no_file_is_refused(name, tmp_path):
    with pytest.raises(CommandError, match="was not imported"):
        call_command("import", "page-text", str(tmp_path / name) if not name.startswith("/") else name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_we_may_not_read_is_refused(tmp_path):
    file = tmp_path / "page.txt"
    file.write_bytes(FERRY)
    file.chmod(0)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import", "page-text", str(file))


def test_a_fault_half_way_leaves_nothing_behind():
    before = rows()
    page = read(FERRY.replace(b"PORTMERE, Maine Wed", b"PORTMERE " * 20 + b"Wed"))
    with pytest.raises(Unacceptable):
        import_page(page, section="Archive")
    assert rows() == before


def test_a_section_needs_a_name(capture):
    with pytest.raises(CommandError, match="section"):
        capture(section="?!")
    assert Story.objects.count() == 0


def test_a_page_of_tomorrow_stays_under_embargo(capture, client):
    moment = datetime.now(UTC) + timedelta(days=1)
    line = f"{moment:%a %b} {moment.day}, {moment.year} 6:40pm GMT".encode()
    said = capture(FERRY.replace(b"Wed Mar 7, 2012 6:40pm EST", line))
    story = Story.objects.get()
    assert not story.is_public()
    assert "under embargo" in said
    assert client.get(story.get_absolute_url()).status_code == 404


# --- what hostile pages try -------------------------------------------------------------------------------------------


def _samples():
    if not SAMPLES.is_dir():
        return [("own", "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x00[x](javascript:alert(1))")]
    found = []
    for name in ("xss-dompurify", "xss-h5sc", "xss-payloadbox", "xss-fields", "unicode"):
        for line in (SAMPLES / f"{name}-sample.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append((row["id"], row["value"]))
    naughty = json.loads((SAMPLES / "naughty-strings-sample.json").read_text(encoding="utf-8"))
    return found + [(f"blns{number}", text) for number, text in enumerate(naughty)]


def test_hostile_words_in_every_part_of_a_page_reach_no_reader_as_markup(capture):
    client = Client()
    samples = _samples()
    words = [" ".join(value.split()) for _, value in samples]
    body = "\n\n".join(f"the {word} end" for word in words)
    talk = "\n".join(
        f"<b onclick=alert(1)>{number}</b> wrote:\n{value}\n\nMar 07, 2012 7:02pm EST -- Report as abuse"
        for number, (_, value) in enumerate(samples)
    )
    page = (
        f"A <script>alert(1)</script>\u202e\x00 headline\n\nOSLO<svg onload=alert(1)> Wed Mar 7, 2012 6:40pm EST\n\n"
        f"<img src=x onerror=alert(1)> a caption. AP<x>/Dana\n\nCredit: <script>x</script>/Dana\n\n"
        f"Related Topics\n<script>alert(2)</script>\n\nOSLO (<b>AP</b>) - {body}\n\n"
        f"(Writing by <img src=x onerror=alert(3)>; Editing by \u202eEvil)\n\nComments (9)\n{talk}\n"
    )
    capture(page.encode("utf-8", "replace"))
    story = Story.objects.get()
    assert "\x00" not in story.headline
    assert "\u202e" not in story.headline
    seen = client.get(story.get_absolute_url())
    assert seen.status_code == 200
    looked_at = Elements(seen.content.decode())
    assert not looked_at.hostile
    assert "alert(1)" in seen.content.decode()  # as words


class Elements(HTMLParser):
    """Notes every element of a page that could run something a stranger wrote."""

    def __init__(self, html):
        super().__init__()
        self.hostile = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        inert = facts.get("type") in {"application/ld+json", "application/json"}
        own = inert or (facts.get("src") or "").startswith("/")
        runs = (
            any(name.startswith("on") or name == "style" for name in facts)
            or any("script:" in (facts.get(name) or "").lower() for name in ("href", "src", "action", "xlink:href"))
            or tag in {"iframe", "object", "embed", "base", "style", "svg", "math"}
            or (tag in {"script", "img"} and not own)
        )
        if runs:
            self.hostile.append((tag, attributes))


# --- the page everything starts from ---------------------------------------------------------------------------------


@pytest.mark.skipif(not SEED.exists(), reason="the captured page lies beside the checkout, not in it")
def test_the_real_page(capture):
    said = capture(SEED.read_bytes())
    story, thread = Story.objects.get(), Thread.objects.get()
    assert story.published_at == utc(2014, 2, 8, 18, 5)
    assert [str(credit) for credit in story.credits.all()] == [
        "Writing: Timothy Heritage",
        "Editing: Andrew Heavens",
    ]
    assert (story.lead_credit, len(story.body), story.topics.count()) == ("Reuters/Yuya Shino", 19, 0)
    assert [comment.created_at for comment in Comment.objects.order_by("number")] == [
        utc(2014, 2, 8, 20, 42),
        utc(2014, 2, 8, 22, 35),
        utc(2014, 2, 9, 1, 13),
    ]
    assert (thread.published, thread.missing) == (3, 1)
    assert thread.is_closed(datetime.now(UTC))
    assert "the page says 4 comments and shows 3: 1 counted as missing" in said
    assert "Every line of the file has its place." in said
    assert "0 added, 3 known before" in capture(SEED.read_bytes())
