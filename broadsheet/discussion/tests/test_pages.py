"""What readers are shown: the discussion under a story, its numbered pages, conversations and permalinks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from broadsheet.core import clock
from broadsheet.delivery.freshness import Freshness
from broadsheet.discussion.actions import (
    change_status,
    close_thread,
    edit_comment,
    import_comment,
    reopen_thread,
    withdraw_comment,
)
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.reading import NEWEST, OLDEST, Page, conversation_page, story_page

pytestmark = pytest.mark.django_db


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def page_of(client, story, query=""):
    return client.get(story.get_absolute_url() + query)


def said(thread, number, parent=None):
    return import_comment(
        thread=thread, author_name="Ada", body=f"Said {number}.", created_at=clock.now(), parent=parent
    )


def shown(page):
    """The words of a page's comments in the order in which they stand."""

    def walk(branches):
        for branch in branches:
            yield branch.comment
            yield from walk(branch.replies)

    return list(walk(page.branches))


def decide(comment, after):
    with transaction.atomic():
        return change_status(comment=comment, seen=comment.status, after=after)


def test_a_comment_stands_as_on_the_page_everything_starts_from(client, story, make_comment):
    comment = make_comment("I walked across it.")
    text = text_of(page_of(client, story))
    assert "Comments (1)" in text
    moment = clock.comment_moment(comment.created_at)
    foot = f"{moment} Respect Reply Share Report as abuse"
    assert re.search(rf"Ruth Reader wrote: (New here )?I walked across it\. \(\d+\) {foot}", text)
    assert "We welcome comments" in text and "comment policy" in text


def test_the_count_says_what_is_held_and_removed(client, story, thread, reader, make_comment):
    make_comment()
    make_comment(status="pending")
    make_comment(status="rejected")
    withdraw_comment(author=reader, comment=make_comment())
    assert "Comments (1) 1 held for review 1 removed 1 withdrawn" in text_of(page_of(client, story))


def test_the_count_of_an_imported_page_says_what_was_not_on_it(client, story, thread):
    said(thread, 1)
    Thread.objects.filter(pk=thread.pk).update(missing=1)
    assert "Comments (1) 1 more counted on the page this came from, but not shown there" in text_of(
        page_of(client, story)
    )


def test_a_discussion_without_comments_invites_one(client, story):
    text = text_of(page_of(client, story))
    assert "Comments (0)" in text and "Yours could be the first" in text and "Write a comment" in text


def test_a_closed_discussion_says_so_and_takes_nothing(client, story, thread, make_comment):
    make_comment()
    close_thread(thread=thread)
    text = text_of(page_of(client, story))
    assert "This discussion is now closed. An editor has ended it" in text
    assert "Write a comment" not in text and "Reply" not in text and "Respect" not in text
    assert "Report as abuse" in text and "Share" in text


def test_a_story_whose_discussion_was_closed_before_anybody_wrote_takes_no_comments(client, story, thread):
    assert "Go to the comments" in text_of(page_of(client, story))
    close_thread(thread=thread)
    answer = page_of(client, story)
    text = text_of(answer)
    assert "This story takes no comments." in text
    assert "This discussion is now closed" not in text and "Nobody commented" not in text
    assert "Go to the comments" not in text and "We welcome comments" not in text


def test_a_discussion_closed_by_its_period_without_a_comment_says_so(client, story, thread):
    close_thread(thread=thread, at=clock.now() - timedelta(days=1))
    text = text_of(page_of(client, story))
    assert "We welcome comments on our stories for a limited period" in text and "Nobody commented" in text
    assert "Go to the comments" in text


@pytest.mark.parametrize("mode", ["questions", "reviews"])
def test_the_head_leads_to_the_discussion_in_the_word_that_fits(client, story, thread, mode):
    Thread.objects.filter(pk=thread.pk).update(mode=mode)
    text = text_of(page_of(client, story))
    assert f"Go to the {mode}" in text and "Go to the comments" not in text


def test_a_discussion_that_opens_later_says_when(client, story, thread):
    moment = clock.now() + timedelta(hours=2)
    Thread.objects.filter(pk=thread.pk).update(opens_at=moment)
    assert f"This discussion opens on {clock.comment_moment(moment)}" in text_of(page_of(client, story))


def test_an_open_discussion_says_until_when(client, story, thread):
    assert f"Open until {clock.comment_moment(thread.closing)}" in text_of(page_of(client, story))
    story.published_at -= timedelta(days=90)
    story.save()
    reopen_thread(thread=Thread.objects.get())
    assert "Open until" not in text_of(page_of(client, story))


def test_what_was_public_leaves_a_line_without_its_words_or_name(client, story, thread, reader, make_comment):
    removed, withdrawn, held = make_comment("Xone"), make_comment("Xtwo"), make_comment("Xthree")
    make_comment("A reply that stays", parent=removed)
    decide(removed, "rejected")
    withdraw_comment(author=reader, comment=withdrawn)
    decide(held, "pending")
    answer = page_of(client, story)
    text = text_of(answer)
    assert "removed by an editor" in text and "withdrawn by its author" in text and "being looked at" in text
    assert not re.search("Xone|Xtwo|Xthree", answer.content.decode())
    assert text.count("Ruth Reader wrote") == 1 and "A reply that stays" in text


def test_what_never_was_public_leaves_nothing(client, story, make_comment, settings):
    settings.PRE_MODERATION = True
    held = make_comment("Xheld", status="pending")
    answer = page_of(client, story)
    assert f"comment-{held.pk}" not in answer.content.decode()
    assert "Comments (0) 1 held for review" in text_of(answer)


def test_an_edited_comment_is_marked(client, story, reader, make_comment):
    edit_comment(author=reader, comment=make_comment(), body="Better words.")
    assert re.search(r"Better words\. .{20,40} edited .{20,40} Respect", text_of(page_of(client, story)))


def test_the_page_s_order_is_oldest_or_newest_first(client, story, thread):
    for number in range(3):
        said(thread, number)
    oldest, newest = (text_of(page_of(client, story, query)) for query in ("", "?order=newest"))
    assert re.findall(r"Said (\d)", oldest) == ["0", "1", "2"]
    assert re.findall(r"Said (\d)", newest) == ["2", "1", "0"]


def test_pages_are_numbered_for_ever(client, story, thread):
    made = [said(thread, number) for number in range(120)]
    fresh = Thread.objects.get()
    assert [len(shown(story_page(fresh, number, OLDEST))) for number in (1, 2, 3)] == [50, 50, 20]
    decide(made[3], "rejected")
    assert shown(story_page(fresh, 2, OLDEST))[0] == made[50], "a removal moves nobody to another page"
    assert shown(story_page(fresh, 1, NEWEST))[0] == made[119]
    assert shown(story_page(fresh, 3, NEWEST))[-1] == made[0]
    answer = page_of(client, story, "?page=2")
    assert "Said 50." in text_of(answer) and 'href="?page=3#comments"' in answer.content.decode()
    assert 'aria-current="page">2<' in answer.content.decode()


@pytest.mark.parametrize("query", ["?page=2", "?page=0", "?page=-1", "?page=x", "?page=99999999999999", "?order=best"])
def test_a_page_that_is_not_there_is_not_found(client, story, query):
    assert page_of(client, story, query).status_code == 404


def test_page_links_name_the_first_the_last_and_the_near_ones():
    assert Page([], 1, 1).numbers == [1]
    assert Page([], 5, 9).numbers == [1, None, 4, 5, 6, None, 9]
    assert Page([], 3, 5).numbers == [1, 2, 3, 4, 5]


def test_replies_stand_under_what_they_answer_to_a_set_depth(client, story, thread):
    chain = [said(thread, 0)]
    for number in range(1, 6):
        chain.append(said(thread, number, parent=chain[-1]))
    answer = page_of(client, story)
    text = text_of(answer)
    assert "Said 3." in text and "Said 4." not in text
    assert f'<a href="/comments/{chain[3].pk}/">Continue this conversation</a>' in answer.content.decode()
    assert "3 of 5 replies" in text and "Show all 5 replies" in text
    whole = client.get(f"/comments/{chain[0].pk}/")
    assert re.findall(r"Said (\d)\.", text_of(whole)) == ["0", "1", "2", "3", "4", "5"]
    assert "In reply to Ada" in text_of(whole)


def test_more_replies_than_the_story_s_page_shows_are_one_link_away(client, story, thread):
    first = said(thread, 0)
    for number in range(1, 8):
        said(thread, number, parent=first)
    text = text_of(page_of(client, story))
    assert "Said 5." in text and "Said 6." not in text and "Show all 7 replies" in text
    assert "5 of 7 replies" in text, "the list over that link does not count otherwise"


def test_a_page_of_comments_is_one_index_range(thread, django_assert_num_queries):
    roots = [said(thread, number) for number in range(60)]
    for number in range(60):
        said(thread, number, parent=roots[number % 7])
    fresh = Thread.objects.get()
    with CaptureQueriesContext(connection) as asked:
        story_page(fresh, 2, OLDEST)
    (query,) = [query["sql"] for query in asked]
    assert "OFFSET" not in query and "COUNT" not in query
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "USING INDEX comment_page" in plan and "TEMP B-TREE" not in plan


def test_a_story_page_costs_the_same_queries_however_many_comments(client, story, thread):
    for number in range(100):
        said(thread, number)
    with CaptureQueriesContext(connection) as asked:
        assert page_of(client, story).status_code == 200
    assert len(asked) <= 6, [query["sql"][:120] for query in asked]


@pytest.mark.any_database
def test_a_permalink_leads_to_the_conversation(client, thread, story):
    first = said(thread, 0)
    replies = [said(thread, number, parent=first) for number in range(1, 103)]
    assert "Said 0." in text_of(client.get(f"/comments/{first.pk}/"))
    assert client.get(f"/comments/{replies[0].pk}/").url == f"/comments/{first.pk}/#comment-{replies[0].pk}"
    late = client.get(f"/comments/{replies[101].pk}/")
    assert late.url == f"/comments/{first.pk}/?page=2#comment-{replies[101].pk}"
    text = text_of(client.get(late.url))
    assert "Said 0." in text and "Said 102." in text and "Said 50." not in text


@pytest.mark.any_database
def test_a_reply_to_an_earlier_page_says_whom_it_answers(client, thread):
    first = said(thread, 0)
    replies = [said(thread, number, parent=first) for number in range(1, 101)]
    said(thread, 101, parent=replies[4])
    answer = client.get(f"/comments/{first.pk}/?page=2")
    assert f'<a href="/comments/{replies[4].pk}/">In reply to <bdi>Ada</bdi></a>' in answer.content.decode()


@pytest.mark.parametrize("query", ["?page=2", "?page=0", "?page=x", "?page=1e3", "?page=9999999999999999999999"])
def test_a_conversation_has_no_other_pages(client, thread, query):
    assert client.get(f"/comments/{said(thread, 1).pk}/{query}").status_code == 404


def test_a_tombstone_s_own_address_is_gone_unless_replies_remain(client, thread):
    alone, answered = said(thread, 1), said(thread, 2)
    said(thread, 3, parent=answered)
    for comment in (alone, answered):
        decide(comment, "rejected")
    gone, kept = client.get(f"/comments/{alone.pk}/"), client.get(f"/comments/{answered.pk}/")
    assert (gone.status_code, kept.status_code) == (410, 200)
    assert "removed by an editor" in text_of(gone) and "Said 3." in text_of(kept)
    assert "Said 1." not in text_of(gone) and "Said 2." not in text_of(kept)


def test_a_comment_that_never_was_public_has_no_address(client, make_comment, settings, reader):
    settings.PRE_MODERATION = True
    held = make_comment(status="pending")
    client.force_login(reader)
    assert client.get(f"/comments/{held.pk}/").status_code == 404


@pytest.mark.parametrize("facts", [{"live": False}, {"withdrawn_at": clock.now()}])
def test_conversations_of_stories_that_are_not_public_are_not_there(client, story, thread, facts):
    comment = said(thread, 1)
    type(story).objects.filter(pk=story.pk).update(**facts)
    for address in (f"/comments/{comment.pk}/", f"/threads/{story.pk}/changes/?since=0"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "-1", "x", "1'", "%00"])
@pytest.mark.parametrize(
    "address", ["/comments/{}/", "/comments/{}/reply/", "/comments/{}/edit/", "/threads/{}/changes/?since=0"]
)
def test_wrong_numbers_are_not_found(client, reader, address, number):
    client.force_login(reader)
    assert client.get(address.format(number)).status_code == 404


def test_right_to_left_and_long_words_are_kept_apart(client, story, thread, make_comment):
    make_comment("مرحبا! " + "x" * 400)
    assert '<div class="comment-body" dir="auto">' in page_of(client, story).content.decode()


def test_counts_of_many_stories_cost_two_queries(make_story, thread, make_comment):
    make_comment()
    stories = [thread.story, *(make_story() for _ in range(5))]
    template = Template("{% load discussion %}{% comment_counts stories as counts %}{{ counts }}")
    freshness = Freshness()
    with CaptureQueriesContext(connection) as asked:
        text = template.render(Context({"stories": stories, "freshness": freshness}))
    assert len(asked) == 2
    assert f"{thread.pk}: 1" in text and text.count(": 0") == 5
    assert freshness.seen.keys() == {f"thread:{story.pk}" for story in stories}


def test_the_page_is_stale_when_the_discussion_closes_by_itself(thread):
    freshness = Freshness()
    Template("{% load discussion %}{% thread story %}").render(
        Context({"story": thread.story, "freshness": freshness, "asked": {}})
    )
    assert freshness.ends == thread.closing


def test_a_conversation_costs_two_queries_at_most(thread):
    first = said(thread, 0)
    replies = [said(thread, number, parent=first) for number in range(1, 103)]
    said(thread, 103, parent=replies[0])
    root = Comment.objects.get(pk=first.pk)
    root.thread = thread
    with CaptureQueriesContext(connection) as asked:
        page = conversation_page(root, 2)
    assert len(asked) == 2 and len(shown(page)) == 4
