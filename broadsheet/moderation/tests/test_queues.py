"""The queues: what stands where and why, what narrows them, and that a long one opens like a short one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.core import clock
from broadsheet.discussion.actions import edit_comment, post_comment
from broadsheet.discussion.models import Comment, Flag, Status
from broadsheet.moderation import entries, places, queues, rules
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Entry, Queue
from broadsheet.moderation.narrowing import Cursor, Narrowed, cursor_in, in_order, places_in
from broadsheet.moderation.tests.queueing import many, numbers, put
from broadsheet.stories.models import Notice, Section

PENDING, PUBLISHED, REJECTED = Status.PENDING, Status.PUBLISHED, Status.REJECTED


def report(comment, number=7, reason="spam", **facts):
    return report_comment(comment=comment, reporter=None, address=f"192.0.2.{number}", reason=reason, **facts)


def main_of(answer):
    return answer.content.decode().split("<main")[1].split("</main")[0]


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


# --- The order --------------------------------------------------------------------------------------------------------


def test_a_comment_stands_where_its_age_and_its_risk_put_it_and_the_card_says_why(desk, make_comment, moderator):
    old, risky, fresh_one = make_comment(), make_comment(), make_comment()
    for row in (old, risky, fresh_one):
        report(row, reason="irrelevant")
    Entry.objects.filter(comment=old, queue=Queue.REPORTED).update(
        since=clock.now() - timedelta(hours=30), due=clock.now() - timedelta(hours=31)
    )
    report(risky, 8, reason="abusive")
    report(risky, 9, reason="abusive")
    assert numbers(queues.page_of(Queue.REPORTED, moderator)) == [old.pk, risky.pk, fresh_one.pk]
    text = main_of(desk.get("/moderation/reported/"))
    card = text.split(f'id="card-{risky.pk}"')[1].split("</article>")[0]
    assert "as if it had waited longer by: 10 hours" in card
    assert "2 reports: It insults, threatens or harasses somebody" in card and "(+9 hours)" in card
    report(fresh_one, 8, reason="illegal")
    report(fresh_one, 9, reason="illegal")
    assert numbers(queues.page_of(Queue.REPORTED, moderator)) == [fresh_one.pk, old.pk, risky.pk]


def test_no_risk_is_worth_more_than_three_days_so_nothing_starves(make_comment, moderator):
    old, loud = make_comment(), make_comment()
    report(old, reason="irrelevant")
    Entry.objects.filter(comment=old).update(due=clock.now() - timedelta(hours=73))
    for number in range(60):
        report(loud, number, reason="illegal")
    assert numbers(queues.page_of(Queue.REPORTED, moderator)) == [old.pk, loud.pk]


def test_a_finding_that_weighs_moves_a_comment_forward(make_comment, thread, newcomer, settings):
    settings.PRE_MODERATION = True
    comment = post_comment(author=newcomer, thread=thread, body="Hm.")
    Flag.objects.create(comment=comment, check_name="phrases", rule="Threats", reason="A threat.", minutes=600)
    place = entries.enter(comment, Queue.PENDING)
    assert place.since - place.due >= timedelta(hours=10)
    assert place.why[0] == ["flag", 600, {"check": "phrases", "rule": "Threats"}]


def test_unread_comments_wait_two_weeks_and_no_longer(make_comment, moderator, reader, settings):
    read, unread, edited = make_comment(), make_comment(), make_comment()
    for row in (read, edited):
        decide(moderator=moderator, comment=row, seen=PUBLISHED, after=PUBLISHED)
    edit_comment(author=reader, comment=edited, body="Something else.")
    assert set(Entry.objects.values_list("queue", "comment")) == {("unreviewed", unread.pk), ("unreviewed", edited.pk)}
    Entry.objects.filter(comment=unread).update(since=clock.now() - timedelta(days=15))
    call_command("tidy", verbosity=0)
    assert [place.comment for place in Entry.objects.all()] == [edited]
    assert decide(moderator=moderator, comment=edited, seen=PUBLISHED, after=PUBLISHED).waited < timedelta(minutes=1)


# --- What narrows -----------------------------------------------------------------------------------------------------


def test_a_queue_is_narrowed_by_whatever_is_known_of_a_comment(make_comment, make_story, moderator, newcomer, reader):
    from broadsheet.discussion.models import Thread

    other = Thread.objects.create(story=make_story(section=Section.objects.create(name="Sports", slug="sports")))
    bridge = make_comment("The Bridge, über alles", status=PENDING)
    goal = make_comment("What a goal", author=newcomer, thread=other, status=PENDING)
    Entry.objects.filter(comment=bridge).update(score=0.9, language="de", author_state="known")
    Entry.objects.filter(comment=goal).update(
        asked_by=moderator, holder=moderator, held_until=clock.now() + timedelta(1)
    )
    both = {bridge.pk, goal.pk}
    for given, wanted in (
        ({}, both),
        ({"section": str(other.story.section_id)}, {goal.pk}),
        ({"story": str(bridge.thread_id)}, {bridge.pk}),
        ({"author": str(newcomer.pk)}, {goal.pk}),
        ({"state": "known"}, {bridge.pk}),
        ({"language": "de"}, {bridge.pk}),
        ({"least": "0.5"}, {bridge.pk}),
        ({"least": "0.5", "most": "0.8"}, set()),
        ({"words": "UBER bridge"}, {bridge.pk}),
        ({"words": "%"}, set()),
        ({"asked": "1"}, {goal.pk}),
        ({"mine": "1"}, {goal.pk}),
        ({"section": "x", "state": "<b>", "least": "1e9", "language": "'", "story": "9" * 30, "words": "\ud800"}, both),
    ):
        narrowed = Narrowed.read(given)
        assert set(numbers(queues.page_of(Queue.PENDING, moderator, narrowed))) == wanted, given
        assert Narrowed.read(narrowed.facts) == narrowed


def test_a_moderator_of_some_sections_sees_and_decides_only_there(
    desk, make_comment, make_story, moderator, newcomer, monkeypatch
):
    from broadsheet.core.refusals import Refused
    from broadsheet.discussion.models import Thread

    other = Thread.objects.create(story=make_story(section=Section.objects.create(name="Sports", slug="sports")))
    own, theirs = make_comment(status=PENDING), make_comment(author=newcomer, thread=other, status=PENDING)
    monkeypatch.setattr(rules, "sections_of", lambda moderator: {own.thread.story.section_id})
    assert numbers(queues.page_of(Queue.PENDING, moderator)) == [own.pk]
    assert queues.waiting_counts(moderator)["pending"] == "1"
    with pytest.raises(Refused):
        decide(moderator=moderator, comment=theirs, seen=PENDING, after=PUBLISHED)
    assert "Sports" not in main_of(desk.get("/moderation/pending/"))


def test_what_waits_under_a_story_follows_it_to_another_section(make_comment, story, moderator):
    comment = make_comment(status=PENDING)
    story.section = Section.objects.create(name="Sports", slug="sports")
    story.save()
    narrowed = Narrowed(section=story.section_id)
    assert numbers(queues.page_of(Queue.PENDING, moderator, narrowed)) == [comment.pk]


def test_a_cursor_is_a_place_between_two_comments(thread, reader, moderator):
    rows = many(thread, reader, 4)
    place = Entry.objects.get(comment=rows[1])
    cursor = cursor_in(str(Cursor(place.due, place.pk)))
    assert cursor == Cursor(place.due, place.pk)
    behind = in_order(places_in(Queue.PENDING, moderator), cursor)
    assert [each.comment_id for each in behind] == [rows[2].pk, rows[3].pk]
    for nonsense in ("", "x", "1", "-1-1", "1-", "9" * 30 + "-1", "1-" + "9" * 30, "٣-٣"):
        assert cursor_in(nonsense) is None


# --- Long queues ------------------------------------------------------------------------------------------------------


def test_a_queue_of_thousands_opens_like_a_short_one(desk, thread, reader):
    def cost(address="/moderation/pending/"):
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    many(thread, reader, 50)
    few = cost()
    many(thread, reader, 3000)
    assert cost() == few
    page = desk.get("/moderation/pending/").context["page"]
    assert cost(f"/moderation/pending/?after={page.after}") == few


@pytest.mark.parametrize(
    "given", [{}, {"section": 1}, {"story": 1}, {"state": "new"}, {"language": "en"}], ids=lambda given: str([*given])
)
def test_a_page_is_a_range_of_an_index_in_its_order(thread, reader, moderator, given):
    many(thread, reader, 2000)
    put(many(thread, reader, 300, status=PUBLISHED), Queue.REPORTED)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE moderation_entry")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is read whole, whatever index there is
    known = {"section": thread.story.section_id, "story": thread.pk}
    narrowed = Narrowed(**{name: known.get(name, value) for name, value in given.items()})
    middle = in_order(places_in(Queue.PENDING, moderator))[1000]
    rows = in_order(places_in(Queue.PENDING, moderator, narrowed), Cursor(middle.due, middle.pk))
    plan = rows[: queues.PAGE + 1].explain()
    assert "entry_" in plan and "SCAN moderation_entry\n" not in plan + "\n"
    for sorting in ("TEMP B-TREE", "Sort Key: due", "Seq Scan"):
        assert sorting not in plan, plan


# --- What a card tells besides ----------------------------------------------------------------------------------------


def test_a_card_marks_what_the_checks_found_and_names_every_finding(desk, make_comment):
    comment = make_comment("You are an *idiot*, and so are all idiots", status=PENDING)
    start = comment.body.index("idiots")
    Flag.objects.create(
        comment=comment, check_name="phrases", rule="Insults", reason="A phrase of the list.", asks_for="pending",
        score=0.8, threshold=0.5, spans=[[start, start + 6]],
    )  # fmt: skip
    Flag.objects.create(comment=comment, check_name="links", reason="It has no links.", asks_for="published")
    text = main_of(desk.get("/moderation/pending/"))
    assert "<em>idiot</em>, and so are all <mark>idiots</mark>" in text
    for words in ("A phrase of the list.", "Insults", "0.80 / 0.50", "Noticed:", "It has no links."):
        assert words in text, words
    Comment.objects.filter(pk=comment.pk).update(html="<p><mark>x</mark><script>y</script>idiots</p>")
    assert "<mark>x" not in main_of(desk.get("/moderation/pending/"))


@pytest.mark.any_database
def test_a_card_shows_the_whole_chain_above_it_and_what_was_corrected_in_the_story(
    desk, make_comment, story, newcomer, reader
):
    Notice.objects.create(story=story, kind="correction", text="The vote was six to five.", made_at=clock.now())
    parent = None
    for number in range(16):
        parent = make_comment(f"Level {number}.", author=newcomer if number % 2 else reader, parent=parent)
    comment = make_comment("Deep", parent=parent, status=PENDING)
    text = main_of(desk.get(f"/moderation/comments/{comment.pk}/"))
    assert "The vote was six to five." in text and "Between these there are more." in text
    chain = text.split('class="card-chain"')[1].split("card-who")[0]
    shown = [number for number in range(16) if f"Level {number}." in chain]
    assert shown == [0, *range(5, 16)]


def test_a_card_shows_the_author_s_record_and_texts_much_the_same(desk, make_comment, moderator, newcomer):
    words = "Earn $5000 a week from home, it really works! Ask me at https://work.example how it is done."
    spam = make_comment(words, author=newcomer)
    decide(moderator=moderator, comment=spam, seen=PUBLISHED, after=REJECTED, reason="spam", note="Again.")
    make_comment("I like the old bridge and its ducks very much.", author=newcomer)
    again = make_comment(words.replace("Earn", "Get"), status=PENDING)
    own = make_comment("Another thing altogether is the ferry.", author=newcomer, status=PENDING)
    text = main_of(desk.get("/moderation/pending/"))
    card = text.split(f'id="card-{again.pk}"')[1].split("</article>")[0]
    alike = card.split("Much the same words elsewhere:")[1]
    assert f"/moderation/comments/{spam.pk}/" in alike and "Rejected" in alike and "ducks" not in alike
    card = text.split(f'id="card-{own.pk}"')[1].split("</article>")[0]
    assert "1 rejected (50%)" in card and "Another comment of this author" in card and "Again." in card
    assert "Much the same words elsewhere:" not in card


# --- The proof --------------------------------------------------------------------------------------------------------


def test_recount_proves_the_queues_and_mends_them(make_comment, moderator, capsys):
    held, reported, read, public = make_comment(status=PENDING), make_comment(), make_comment(), make_comment()
    report(reported)
    decide(moderator=moderator, comment=read, seen=PUBLISHED, after=PUBLISHED)
    assert list(places.differences()) == []
    before = sorted(Entry.objects.values_list("queue", "comment"))
    Entry.objects.filter(comment__in=[held, reported]).delete()
    put([read], Queue.UNREVIEWED)
    put([public], Queue.PENDING)
    put([read], Queue.PICKS)
    Entry.objects.filter(comment=public, queue=Queue.UNREVIEWED).update(language="xx", due=clock.now())
    found = {(each.queue, each.comment, each.what) for each in places.differences()}
    assert found == {
        ("pending", held.pk, "missing"), ("reported", reported.pk, "missing"), ("unreviewed", reported.pk, "missing"),
        ("unreviewed", read.pk, "superfluous"), ("pending", public.pk, "superfluous"),
        ("unreviewed", public.pk, "wrong"), ("picks", read.pk, "wrong"),
    } - {("picks", read.pk, "wrong")} | {("picks", read.pk, "wrong")}  # fmt: skip
    with pytest.raises(SystemExit):
        call_command("recount", check=True)
    assert f"comment {held.pk} is missing in the queue “pending”" in capsys.readouterr().out
    call_command("recount")
    assert list(places.differences()) == []
    assert sorted(Entry.objects.exclude(queue=Queue.PICKS).values_list("queue", "comment")) == before
