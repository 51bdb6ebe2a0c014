"""Discussions of other systems as they stand here afterwards: once each, whole, and touched by nobody's mail."""

from __future__ import annotations

import io
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from broadsheet.accounts.deletion import erase
from broadsheet.accounts.models import Deletion, Reader
from broadsheet.accounts.tests.ways import ask_for_code, prove_address, sign_in_by_code
from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.discussion.actions import post_comment, thread_for, withdraw_comment
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Status, Thread, ThreadFollow
from broadsheet.moderation import actions as moderation
from broadsheet.moderation.models import Decision, Entry, Source
from broadsheet.moderation.people.models import Sanction
from broadsheet.notifications.models import Notification
from broadsheet.stories.addresses import remember, story_at
from broadsheet.stories.models import Section, Story
from broadsheet.wire.discussions.actions import BATCH
from broadsheet.wire.discussions.found import FoundStory
from broadsheet.wire.discussions.sorting import staging
from broadsheet.wire.models import SourceComment, SourcePerson

FILES = Path(__file__).parent / "files"

pytestmark = pytest.mark.django_db


def bring(kind, file, **options):
    """Import with the command; returns what it printed."""
    out = io.StringIO()
    call_command("import", kind, str(file), stdout=out, **options)
    return out.getvalue()


def bring_disqus(**options):
    return bring("disqus", FILES / "disqus.xml", **{"make_stories": True, **options})


def comment(key):
    return SourceComment.objects.get(key=key).comment


def changed(tmp_path, name, *pairs):
    """The same file with some of it changed."""
    words = (FILES / name).read_text()
    for before, after in pairs:
        assert before in words
        words = words.replace(before, after)
    (tmp_path / name).write_text(words)
    return tmp_path / name


# --- Disqus -----------------------------------------------------------------------------------------------------------


def test_a_thread_is_found_by_its_storys_address_whatever_scheme_and_marks_it_has():
    bring_disqus()
    ferry = Story.objects.get(home__contains="portmere.example")
    assert ferry.is_public() and ferry.published_at == datetime(2012, 3, 7, 23, 40, tzinfo=UTC)
    assert comment("disqus 1007").thread_id == comment("disqus 1001").thread_id == ferry.pk, "two threads, one story"
    assert comment("disqus 1008").thread_id != ferry.pk, "the same path and title on another host is another story"


def test_without_make_stories_what_has_no_story_is_reported_and_left():
    said = bring_disqus(make_stories=False)
    assert "0 made, 0 made as drafts, 3 unknown and left" in said
    assert "https://other.example/2012/03/ferry.html; it has 1 comments" in said
    assert not Story.objects.exists() and not Comment.objects.exists()


def test_replies_stand_under_what_they_answer_whatever_the_order_of_the_file():
    bring_disqus()
    first, reply = comment("disqus 1001"), comment("disqus 1003")
    assert (reply.parent, reply.number, reply.reply_number) == (first, first.number, 1)
    assert reply.created_at == datetime(2012, 3, 8, 0, 20, 30, tzinfo=UTC)
    assert first.author is None and first.author_name == "Björk Ísdóttir"


def test_what_was_deleted_is_a_tombstone_so_that_its_replies_keep_their_place():
    bring_disqus()
    gone, reply = comment("disqus 1004"), comment("disqus 1005")
    assert (gone.status, gone.body, reply.parent) == (Status.WITHDRAWN, "", gone)
    assert Comment.objects.placed().filter(pk=gone.pk).exists()
    assert not Decision.objects.filter(comment=gone).exists()


def test_spam_stays_from_readers_and_its_decision_says_where_from():
    bring_disqus()
    spam = comment("disqus 1006")
    decision = spam.decisions.get()
    assert (spam.status, decision.source, decision.reason) == (Status.REJECTED, Source.IMPORT, "spam")
    assert decision.note == "From Disqus, 1006: it was taken for spam there."
    assert not Comment.objects.placed().filter(pk=spam.pk).exists()


def test_orphans_stand_alone_and_rings_and_empty_words_are_refused(tmp_path):
    said = bring_disqus(refused=tmp_path / "refused.txt")
    assert comment("disqus 1009").parent is None and "1 replies stand alone" in said
    lines = dict(line.split("\t") for line in (tmp_path / "refused.txt").read_text().splitlines())
    assert set(lines) == {"1010", "1011", "1012"}
    assert "answers itself" in lines["1010"] and lines["1012"] == "it has no words"
    assert "3 refused" in said and (tmp_path / "refused.txt").stat().st_mode & 0o777 == 0o600


def test_a_comment_whose_moment_has_not_come_is_refused(tmp_path):
    file = changed(tmp_path, "disqus.xml", ("2013-01-02T00:00:00Z", "2999-01-02T00:00:00Z"))
    bring("disqus", file, make_stories=True, refused=tmp_path / "refused.txt")
    assert "its moment, 2999-01-02, has not come yet" in (tmp_path / "refused.txt").read_text()
    assert not Comment.objects.filter(created_at__gt=clock.now()).exists()


def test_the_same_file_again_makes_nothing_twice():
    assert "8 made, 0 updated, 0 known" in bring_disqus()
    before = list(Comment.objects.order_by("pk").values())
    assert "0 made, 0 updated, 8 known" in bring_disqus()
    assert list(Comment.objects.order_by("pk").values()) == before


def test_a_closed_thread_is_closed_and_an_open_one_goes_by_the_newsrooms_period():
    bring_disqus()
    ferry, other = Thread.objects.order_by("story__published_at")
    assert ferry.closed_at is not None and other.closed_at is None


def test_what_was_changed_there_is_brought_up_to_date(tmp_path):
    bring_disqus()
    file = changed(
        tmp_path,
        "disqus.xml",
        ("Written as an answer, and in the file before it.", "Written anew."),
        ("<p>Why did you?</p>]]></message>", "<p>Why did you?</p>]]></message><isSpam>true</isSpam>"),
    )
    assert "0 made, 2 updated, 6 known, 0 changed here and left" in bring("disqus", file)
    assert comment("disqus 1003").body == "Written anew."
    spam = comment("disqus 1005")
    assert (spam.status, [each.after for each in spam.decisions.order_by("number")]) == (
        Status.REJECTED, ["published", "rejected"],
    )  # fmt: skip
    assert list(differences()) == []


def test_what_somebody_here_has_touched_stays_as_it_is(tmp_path, moderator):
    bring_disqus()
    removed, kept = comment("disqus 1003"), comment("disqus 1007")
    moderation.decide(moderator=moderator, comment=removed, seen="published", after="rejected", reason="abusive")
    moderation.pick(moderator=moderator, comment=kept)
    file = changed(
        tmp_path,
        "disqus.xml",
        ("Written as an answer, and in the file before it.", "Written anew."),
        ("Under the thread's other address.", "Written anew."),
    )
    assert "0 updated, 6 known, 2 changed here and left" in bring("disqus", file)
    assert comment("disqus 1003").status == Status.REJECTED
    assert "anew" not in comment("disqus 1003").body + comment("disqus 1007").body


def test_nobody_is_told_and_every_count_is_true(reader, mailoutbox):
    bring_disqus()
    assert list(differences()) == []
    assert not Notification.objects.exists() and not mailoutbox and not mail.outbox
    assert not Entry.objects.exists()
    out = io.StringIO()
    call_command("recount", check=True, stdout=out)
    assert "Every count is true." in out.getvalue()


def test_a_dry_run_says_the_same_and_changes_nothing():
    wet = re.sub(r"(?s)^.*?From", "From", bring_disqus(dry_run=True))
    assert not Story.objects.exists() and not Comment.objects.exists() and not SourceComment.objects.exists()
    assert "8 made, 0 updated, 0 known" in wet and "3 refused" in wet and "1 replies stand alone" in wet


def test_no_network_address_and_no_mail_address_is_stored():
    bring_disqus()
    stored = repr([list(table.objects.values()) for table in (Comment, SourceComment, SourcePerson, Decision, Story)])
    assert "192.0.2" not in stored and "islander@mail" not in stored
    assert SourcePerson.objects.filter(key="disqus harbour").count() == 1
    assert SourceComment.objects.filter(person__key="disqus harbour").count() == 2, "one person's comments are together"


def test_a_file_that_breaks_off_keeps_what_stood_before(tmp_path):
    whole = (FILES / "disqus.xml").read_bytes()
    (tmp_path / "cut.xml").write_bytes(whole[: whole.index(b'<post dsq:id="1005"')])
    with pytest.raises(CommandError, match=r"line \d+, column \d+: it is no well-formed XML .*What stood before"):
        bring("disqus", tmp_path / "cut.xml", make_stories=True)
    assert SourceComment.objects.count() == 3
    assert "5 made, 0 updated, 3 known" in bring_disqus(), "the whole file afterwards brings the rest"


def test_a_file_that_is_none_of_the_kind_ends_with_a_sentence(tmp_path):
    (tmp_path / "no.xml").write_text("<html></html>")
    for kind in ("disqus", "wordpress", "coral", "discussions"):
        with pytest.raises(CommandError, match=r"no.xml was not imported: .*[^.]\.$"):
            bring(kind, tmp_path / "no.xml", make_stories=True)


def test_an_import_stops_where_too_much_is_refused(tmp_path):
    with pytest.raises(CommandError, match="more than 1 records were refused"):
        bring_disqus(limit_errors=1)


def test_what_is_said_of_an_import_that_ends_early_is_true(tmp_path):
    with pytest.raises(CommandError, match=r"more than 0 records were refused\. Nothing of it was taken\."):
        bring_wordpress(limit_errors=0)
    assert not Comment.objects.exists() and not Story.objects.exists()
    broken = tmp_path / "broken.xml"
    broken.write_text((FILES / "disqus.xml").read_text().replace("</disqus>", ""))
    with pytest.raises(CommandError, match="nothing was changed"):
        bring("disqus", broken, make_stories=True, dry_run=True)
    with pytest.raises(CommandError, match="What stood before that was taken"):
        bring("disqus", broken, make_stories=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_ends_an_import_with_a_sentence():
    with pytest.raises(CommandError, match="/dev/full could not be written to its end"):
        bring_disqus(refused=Path("/dev/full"))


class Interrupted(io.StringIO):
    """A terminal at which somebody presses Ctrl+C while the report is printed."""

    def write(self, words):
        if words.startswith("From:"):
            raise KeyboardInterrupt
        return super().write(words)


@pytest.mark.parametrize(("dry_run", "says"), [(False, "what had come in stays"), (True, "nothing was changed")])
def test_whoever_stops_an_import_is_told_what_stays(dry_run, says):
    with pytest.raises(CommandError, match=says) as stopped:
        file = str(FILES / "disqus.xml")
        call_command("import", "disqus", file, stdout=Interrupted(), make_stories=True, dry_run=dry_run)
    assert stopped.value.returncode == 130


def test_no_room_to_put_a_file_in_order_is_a_sentence(tmp_path):
    with pytest.raises(Unacceptable, match="needs as much room"), staging(tmp_path, by_file=False) as staged:
        staged._base.execute("PRAGMA max_page_count = 12")
        for number in range(1000):
            staged.add_story(FoundStory(str(number), "https://paper.example/", "Ferry"))


def test_comments_are_added_to_a_discussion_that_has_some_and_its_followers_hear_nothing(reader, newcomer, story):
    mine = post_comment(author=reader, thread=thread_for(story), body="I was here before.")
    ThreadFollow.objects.create(reader=newcomer, thread=mine.thread)
    remember(story=story, url="https://portmere.example/2012/03/ferry.html")
    bring_disqus()
    assert comment("disqus 1001").thread_id == story.pk
    assert comment("disqus 1001").number > mine.number
    assert not Notification.objects.exists()
    withdraw_comment(author=reader, comment=mine)
    assert list(differences()) == []


def test_a_machine_in_another_zone_makes_the_same_moments(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        bring_disqus()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert comment("disqus 1001").created_at == datetime(2012, 3, 8, 0, 2, 15, tzinfo=UTC)


def test_a_reply_whose_clock_was_slow_stands_behind_what_it_answers(tmp_path):
    file = changed(tmp_path, "disqus.xml", ("2012-03-08T00:20:30Z", "2012-03-07T23:59:00Z"))
    bring("disqus", file, make_stories=True)
    assert comment("disqus 1003").parent == comment("disqus 1001")
    assert comment("disqus 1003").created_at == datetime(2012, 3, 7, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>hi", '<a href="javascript:alert(1)">x</a>', "<svg onload=x>y"]
)
def test_hostile_names_and_words_are_harmless_on_the_page(tmp_path, client, value):
    file = changed(
        tmp_path, "disqus.xml",
        ("<p>Under the thread's other address.</p>", value),
        ("<name>Harbour Watch</name>", f"<name><![CDATA[{value}]]></name>"),
    )  # fmt: skip
    bring("disqus", file, make_stories=True)
    page = client.get(Story.objects.get(home__contains="portmere").get_absolute_url()).text.partition("<main")[2]
    assert not re.search(r"<script>alert|href=\"javascript|<svg", page)
    assert Reader.objects.count() == 0


# --- Coral ------------------------------------------------------------------------------------------------------------


def bring_coral(folder=None, **options):
    return bring("coral", folder or FILES / "coral", **{"make_stories": True, **options})


def test_corals_comments_keep_state_moment_and_stars():
    said = bring_coral()
    first, rejected, reply, review = (comment(f"coral c-{number}") for number in (1, 2, 3, 4))
    assert first.created_at == datetime(2014, 2, 8, 22, 0, 0, 123000, tzinfo=UTC)
    assert first.body == 'At last, "they" did.\n\nIt rained.'
    assert (rejected.status, rejected.parent, rejected.decisions.get().reason) == (Status.REJECTED, first, "other")
    assert (reply.body, reply.status) == ("Two lines\nin one cell.", Status.PUBLISHED)
    assert (review.rating, review.thread.mode, review.thread.ratings) == (4, "reviews", 1)
    assert "1 refused" in said and "c-5: its status 'MAYBE'" in said
    assert list(differences()) == []


def test_a_discussion_closes_when_coral_closed_it():
    bring_coral()
    assert Thread.objects.get(story__headline__startswith="Island").closed_at == datetime(
        2014, 2, 15, 18, 5, tzinfo=UTC
    )


def test_no_account_is_made_unless_it_is_asked_for():
    bring_coral()
    assert not Reader.objects.exists()
    assert comment("coral c-1").author_name == "islander_9"
    assert SourceComment.objects.filter(person__key="coral u-1").count() == 2


def test_accounts_are_made_without_password_mail_or_role_and_have_their_history(mailoutbox):
    said = bring_coral(accounts=True)
    author = comment("coral c-1").author
    assert (author.email, author.name, author.has_usable_password()) == ("nine@mail.example", "islander_9", False)
    assert comment("coral c-4").author == author
    assert author.date_joined == datetime(2014, 1, 1, 10, tzinfo=UTC)
    mona = Reader.objects.get(email="mona@mail.example")
    assert not mona.is_staff and not mona.groups.exists() and not mona.user_permissions.exists()
    assert "1 with the role MODERATOR there, which is not given here" in said
    assert not mailoutbox and list(differences()) == []


def test_whoever_owns_the_address_signs_in_with_a_code_and_finds_their_comments(client):
    bring_coral(accounts=True)
    ask_for_code(client, "nine@mail.example")
    assert sign_in_by_code(client).url == "/accounts/confirm-email/"
    prove_address(client)  # with a second code, once: until then nothing else is ever sent there
    assert "It rained." in client.get("/me/comments/").text


def test_accounts_that_come_later_are_given_the_comments_of_an_earlier_import():
    bring_coral()
    assert "4 comments given to their accounts" in bring_coral(accounts=True)
    assert comment("coral c-1").author.name == "islander_9"
    assert list(differences()) == []


def test_a_ban_without_a_moderator_who_gives_it_is_told_and_not_made():
    said = bring_coral(accounts=True)
    assert "1 banned there and not here" in said
    assert not Sanction.objects.exists()


def test_a_ban_has_its_reason_and_whose_it_is(moderator):
    bring_coral(accounts=True, moderator=moderator.email)
    ban = Sanction.objects.get()
    assert (ban.kind, ban.by, ban.reader.email, ban.reason) == ("ban", moderator, "rude@mail.example", "other")
    assert "Banned at Coral" in ban.note and not Notification.objects.exists()


def test_a_name_that_is_taken_or_a_role_is_given_in_another_form(tmp_path, reader):
    for name in ("users.csv", "stories.csv", "comments.csv"):
        (tmp_path / name).write_bytes((FILES / "coral" / name).read_bytes())
    people = (tmp_path / "users.csv").read_text()
    people = people.replace("islander_9", "Ruth Rеader").replace("Mona of the desk", "Moderator")  # with a Cyrillic е
    (tmp_path / "users.csv").write_text(people.replace("Rude One", "Ruth Reader"))
    said = bring_coral(tmp_path, accounts=True)
    names = dict(Reader.objects.exclude(pk=reader.pk).values_list("email", "name"))
    assert names["rude@mail.example"] == "Ruth Reader 2"
    assert names["nine@mail.example"].startswith("Reader ") and names["mona@mail.example"].startswith("Reader ")
    assert "3 under another name" in said
    assert comment("coral c-2").author_name == "Ruth Reader", "beside the comment stands what stood there"


def test_an_address_of_two_people_or_of_a_colleague_proves_nobody(tmp_path, moderator):
    for name in ("users.csv", "stories.csv", "comments.csv"):
        (tmp_path / name).write_bytes((FILES / "coral" / name).read_bytes())
    people = (tmp_path / "users.csv").read_text().replace("rude@mail.example", "NINE@mail.example")
    (tmp_path / "users.csv").write_text(people.replace("mona@mail.example", moderator.email))
    said = bring_coral(tmp_path, accounts=True)
    assert "2 with an address that several have" in said and "1 with the address of somebody who works here" in said
    assert Reader.objects.get() == moderator and not moderator.comments.exists()


def test_an_account_that_was_deleted_is_not_made_again():
    bring_coral(accounts=True)
    author = comment("coral c-1").author
    Deletion.objects.create(reader=author, choice="anonymise", asked_at=author.date_joined, due_at=author.date_joined)
    erase(author.pk)
    bring_coral(accounts=True)
    assert not Reader.objects.filter(email="nine@mail.example").exists()
    assert comment("coral c-1").author_name == "Former reader" and comment("coral c-1").author is None
    assert SourceComment.objects.get(key="coral c-1").person is None


# --- WordPress --------------------------------------------------------------------------------------------------------


def bring_wordpress(file=None, **options):
    facts = {"make_stories": True, "zone": "America/New_York", "place": "PORTMERE", **options}
    return bring("wordpress", file or FILES / "wordpress.xml", **facts)


def wordpress(number):
    return comment(f"wordpress:pilot.example/news {number}")


def test_a_post_becomes_a_story_of_ours(client):
    said = bring_wordpress()
    story = Story.objects.get(live=True)
    assert story.published_at == datetime(2014, 2, 8, 18, 5, tzinfo=UTC)
    assert (story.headline, story.slug, story.standfirst) == (
        "Island school keeps its roof", "island-school", "Slate it is.",
    )  # fmt: skip
    assert (str(story.section), [str(topic) for topic in story.topics.order_by("name")]) == (
        "Island",
        ["Roofs", "Schools"],
    )
    assert [str(credit) for credit in story.credits.all()] == ["Writing: Dana Whitlock"]
    assert "<h2>What was voted</h2>" in story.body_html and "<li>Slate</li>" in story.body_html
    assert '<a href="https://council.example/minutes"' in story.body_html and "<blockquote" in story.body_html
    assert "roof.jpg" not in story.body_html
    assert (
        "1 × pictures in the bodies of stories" in said and "1 × pictures and other files of the media library" in said
    )
    page = client.get(story.get_absolute_url()).text
    assert "At last." in page and "Mine too." not in page


def test_the_old_address_is_remembered():
    bring_wordpress()
    assert story_at("https://www.pilot.example/news/2014/02/island-school") == Story.objects.get(live=True)


def test_nothing_that_was_kept_from_readers_becomes_public(client):
    said = bring_wordpress()
    assert "1 made, 2 made as drafts" in said and "it is private" in said and "it has a password" in said
    assert list(Story.objects.filter(live=False).values_list("headline", flat=True).order_by("headline")) == [
        "Behind a password", "What the council keeps to itself",
    ]  # fmt: skip
    assert wordpress(601).status == Status.PUBLISHED, "kept, and not to be seen before its story is"
    for story in Story.objects.filter(live=False):
        assert client.get(story.get_absolute_url()).status_code == 404
    assert not Comment.objects.visible_to(None).filter(body__contains="CANARY").exists()


def test_a_story_that_lacks_something_is_a_draft_and_the_report_says_what():
    said = bring_wordpress(place="")
    assert not Story.objects.filter(live=True).exists()
    assert "“Island school keeps its roof” (11) is a draft: Its dateline has no place" in said


def test_a_post_without_a_headline_is_a_draft_and_the_dry_run_says_so_too(tmp_path):
    file = changed(tmp_path, "wordpress.xml", ("<title>Island school keeps its roof</title>", "<title></title>"))
    would = bring_wordpress(file, dry_run=True)
    said = bring_wordpress(file)
    assert "0 made, 3 made as drafts" in would and "“” (11) would be a draft: It has no headline." in would
    assert "0 made, 3 made as drafts" in said and "“” (11) is a draft: It has no headline." in said
    assert not Story.objects.filter(live=True).exists()
    pictures = [[line for line in report.splitlines() if "pictures in the bodies" in line] for report in (would, said)]
    assert pictures[0] == pictures[1] != []


def test_names_and_titles_are_read_as_they_were_shown_and_not_as_its_database_writes_them(tmp_path):
    file = changed(
        tmp_path, "wordpress.xml",
        ("<title>Island school keeps its roof</title>", "<title><![CDATA[Roof &amp; wall]]></title>"),
        ("<![CDATA[Dana Whitlock]]>", "<![CDATA[Dana O&#039;Whit]]>"),
        ("<![CDATA[Island]]>", "<![CDATA[Arts &amp; Culture]]>"),
        ("<![CDATA[Roofs]]>", "<![CDATA[Lead &amp; slate]]>"),
        ("<![CDATA[islander_9]]>", "<![CDATA[Tom &amp; Ann]]>"),
    )  # fmt: skip
    bring_wordpress(file)
    story = wordpress(501).thread.story
    assert (story.headline, story.section.name) == ("Roof & wall", "Arts & Culture")
    assert "Lead & slate" in [each.name for each in story.topics.all()]
    assert [each.person.name for each in story.credits.all()] == ["Dana O'Whit"]
    assert wordpress(501).author_name == "Tom & Ann"


def test_a_picture_that_is_not_fetched_leaves_no_caption_among_the_paragraphs(tmp_path):
    figure = '<figure class="wp-block-image"><img src="http://pilot.example/w.jpg"/><figcaption>A wave.</figcaption>'
    file = changed(
        tmp_path, "wordpress.xml", ("<p>Work begins in May.</p>", f"{figure}</figure><p>Work begins in May.</p>")
    )
    assert "2 × pictures in the bodies of stories" in bring_wordpress(file)
    assert "A wave" not in str(wordpress(501).thread.story.body.raw_data)


def test_wordpress_comments_keep_their_states_and_the_desk_reads_what_waited(moderator, client):
    said = bring_wordpress()
    states = {number: wordpress(number).status for number in (501, 502, 503, 504, 506)}
    assert list(states.values()) == ["published", "pending", "rejected", "rejected", "published"]
    assert wordpress(502).flags.get().reason == "From WordPress, 502: it waited there for a moderator."
    assert Entry.objects.get().comment == wordpress(502)
    assert wordpress(502).parent == wordpress(501)
    assert wordpress(501).body == "At last.\n\nIt *rained* on my daughter's desk\\her books."
    assert "1 × pingback" in said and "1 refused" in said and "stands in the file already" in said
    client.force_login(moderator)
    assert "it waited there for a moderator" in client.get(f"/moderation/comments/{wordpress(502).pk}/").text
    assert list(differences()) == []


def test_what_waited_may_be_approved_there_since(tmp_path, reader, mailoutbox):
    bring_wordpress()
    file = changed(
        tmp_path, "wordpress.xml",
        ("<wp:comment_content>Mine too.</wp:comment_content><wp:comment_approved>0<",
         "<wp:comment_content>Mine too.</wp:comment_content><wp:comment_approved>1<"),
    )  # fmt: skip
    assert "0 made, 1 updated" in bring_wordpress(file)
    assert wordpress(502).status == Status.PUBLISHED and not Entry.objects.exists()
    assert not mailoutbox and not Notification.objects.exists()
    assert [each.after for each in wordpress(502).decisions.order_by("number")] == ["pending", "published"]
    assert list(differences()) == []


def test_posts_are_made_once_and_without_make_stories_never(tmp_path):
    assert "0 made, 0 made as drafts, 2 unknown and left" in bring_wordpress(make_stories=False)
    bring_wordpress()
    assert "0 made, 0 made as drafts" in bring_wordpress()
    assert Story.objects.count() == 3


def test_a_dry_run_of_posts_makes_nothing():
    assert "1 made, 2 made as drafts" in bring_wordpress(dry_run=True)
    assert not Story.objects.exists() and not Section.objects.exists()


def test_an_address_in_a_wordpress_file_may_be_an_account_here(client):
    bring_wordpress(accounts=True)
    assert wordpress(501).author.email == "nine@mail.example"
    assert wordpress(506).author is None
    assert list(differences()) == []


def test_serialized_php_is_words_and_nothing_else():
    bring_wordpress()
    assert "stdClass" not in repr(list(Comment.objects.values()))


# --- Size -------------------------------------------------------------------------------------------------------------


def test_an_import_that_was_stopped_goes_on_where_it_was(tmp_path):
    """Hundreds of answers to one comment: they come in by hundreds, and it counts all of them."""
    post = (
        '<post dsq:id="{n}"><message>{words}</message><createdAt>2014-02-08T18:{m:02}:{s:02}Z</createdAt>'
        '<author><name>N</name></author><thread dsq:id="t"/>{parent}</post>'
    )
    posts = [
        post.format(
            n=n, m=n // 60, s=n % 60, words="" if n == 300 else f"Words {n}", parent='<parent dsq:id="0"/>' if n else ""
        )
        for n in range(450)
    ]
    thread = '<thread dsq:id="t"><link>https://old.example/</link><title>T</title></thread>'
    namespaces = 'xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"'
    (tmp_path / "many.xml").write_text(f"<disqus {namespaces}>{thread}{''.join(posts)}</disqus>")
    with pytest.raises(CommandError, match="more than 0 records were refused"):
        bring("disqus", tmp_path / "many.xml", make_stories=True, limit_errors=0)
    assert Comment.objects.count() == BATCH, "whole batches stay"
    assert list(differences()) == []
    assert f"{449 - BATCH} made, 0 updated, {BATCH} known" in bring("disqus", tmp_path / "many.xml")
    first = comment("disqus 0")
    assert (first.reply_count, first.replies_given) == (448, 448)
    assert [each.reply_number for each in first.conversation.order_by("created_at")] == list(range(1, 449))
    assert list(differences()) == []
