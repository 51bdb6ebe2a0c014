"""The orders and views of a discussion: what stands first, keyset pages, and what they cost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.core import clock
from broadsheet.delivery.keys import page_key
from broadsheet.discussion import orders
from broadsheet.discussion.actions import import_comment
from broadsheet.discussion.models import Comment, Thread

pytestmark = pytest.mark.django_db


def said(thread, number, parent=None, **facts):
    comment = import_comment(
        thread=thread, author_name="Ada", body=f"Said {number}.", created_at=clock.now(), parent=parent
    )
    if facts:
        Comment.objects.filter(pk=comment.pk).update(**facts)
    return comment


def page_of(client, story, query=""):
    return client.get(story.get_absolute_url() + query)


def numbers_on(answer):
    return [int(number) for number in re.findall(r"Said (\d+)\.", answer.content.decode())]


def further_on(answer):
    found = re.search(r'href="(\?[^"]*after=[^"#]*)#comments"', answer.content.decode())
    return found and found[1].replace("&amp;", "&")


FIELDS = {"respected": "respects", "discussed": "reply_count", "picks": "merit"}


@pytest.mark.parametrize("order", FIELDS)
def test_the_best_come_first_and_the_older_of_equals(client, story, thread, order):
    for number, value in enumerate([0, 3, 1, 3]):
        said(thread, number, **{FIELDS[order]: value})
    assert numbers_on(page_of(client, story, f"?order={order}")) == [1, 3, 2, 0]


@pytest.mark.parametrize("order", FIELDS)
def test_pages_go_on_where_the_last_ended_each_comment_once(client, story, thread, order):
    for number in range(120):
        said(thread, number, **{FIELDS[order]: number // 40})
    seen, query = [], f"?order={order}"
    while query:
        answer = page_of(client, story, query)
        assert answer.status_code == 200
        seen.append(numbers_on(answer))
        query = further_on(answer)
    assert [len(page) for page in seen] == [50, 50, 20]
    assert [number for page in seen for number in page] == [*range(80, 120), *range(40, 80), *range(40)]


def test_the_page_names_its_order(client, story, thread, settings):
    for number in range(2):
        said(thread, number)
    assert "Order: <b>Oldest first</b>" in page_of(client, story).content.decode()
    assert "Order: <b>Most respected first</b>" in page_of(client, story, "?order=respected").content.decode()
    settings.COMMENTS_ORDER = "picks"
    assert "Order: <b>Editors’ picks and contributions first</b>" in page_of(client, story).content.decode()


def test_the_newsroom_s_order_is_what_a_story_opens_in(client, story, thread, settings):
    for number, value in enumerate([0, 3, 1]):
        said(thread, number, respects=value)
    settings.COMMENTS_ORDER = "respected"
    answer = page_of(client, story)
    assert numbers_on(answer) == [1, 2, 0]
    assert f'href="{story.get_absolute_url()}?order=oldest#comments"' in answer.content.decode()
    assert numbers_on(page_of(client, story, "?order=oldest")) == [0, 1, 2]


def test_a_comment_is_found_on_its_page_whatever_order_the_story_opens_in(thread, settings):
    from broadsheet.discussion.reading import address_on_story

    comments = [said(thread, number) for number in range(51)]
    address = thread.story.get_absolute_url()
    assert address_on_story(comments[50]) == f"{address}?page=2#comment-{comments[50].pk}"
    settings.COMMENTS_ORDER = "newest"
    assert address_on_story(comments[50]) == f"{address}?order=oldest&page=2#comment-{comments[50].pk}"


def test_a_tombstone_earns_no_place_but_keeps_its_replies(client, story, thread):
    gone = said(thread, 0, respects=9, status="rejected")
    kept = said(thread, 1, respects=8, status="rejected")
    said(thread, 2, parent=kept)
    answer = page_of(client, story, "?order=respected").content.decode()
    assert f"comment-{gone.pk}" not in answer and f"comment-{kept.pk}" in answer and "Said 2." in answer


@pytest.mark.parametrize(
    "query",
    [
        "order=best", "order=", "order=Respected", "order=respected&page=1", "order=oldest&after=3n1n0123456789",
        "order=respected&after=3n1n0123456789", "order=respected&after=x", "order=respected&after=",
        "order=respected&after=99999999n1n0123456789", "view=all", "view=picks&order=newest", "view=picks&page=2",
        "view=answered", "view=unanswered", "view=picks&after=1n0n0123456789", "page=0", "page=x", "order=respected%00",
    ],
)  # fmt: skip
def test_what_is_no_page_is_not_found(client, story, thread, query):
    said(thread, 0)
    assert page_of(client, story, f"?{query}").status_code == 404


def test_a_cursor_belongs_to_its_order_and_its_discussion(client, story, thread, make_story):
    for number in range(51):
        said(thread, number)
    query = further_on(page_of(client, story, "?order=respected"))
    assert page_of(client, story, query).status_code == 200
    assert page_of(client, story, query.replace("respected", "discussed")).status_code == 404
    assert client.get(make_story().get_absolute_url() + query).status_code == 404


def test_every_page_has_one_key_and_strangers_cannot_invent_more(client, story, thread):
    for number in range(51):
        said(thread, number)
    query = further_on(page_of(client, story, "?order=respected"))[1:]
    assert page_key("/x/", query) == page_key("/x/", "&".join(reversed(query.split("&")))) != page_key("/x/", "")
    forged = re.sub(r"after=\d+", "after=7", query)
    assert page_of(client, story, f"?{forged}").status_code == 404, "and what is not found is not kept"


def test_picks_and_answers_have_their_own_views_with_what_they_reply_to(client, story, thread):
    first = said(thread, 0)
    said(thread, 1, parent=first, notable=True, picked_at=clock.now())
    said(thread, 2, notable=True, badge="staff")
    Thread.objects.update(picks=1, notable=2)
    page = page_of(client, story).content.decode()
    assert "Editors’ picks (1)" in page and "Answers and picks (2)" in page
    picks, voices = (page_of(client, story, f"?view={view}").content.decode() for view in ("picks", "answers"))
    assert "Said 1." in picks and "Said 2." not in picks
    assert "In reply to <bdi>Ada</bdi>" in picks and '<blockquote class="comment-context" dir="auto">Said 0.' in picks
    assert "Said 1." in voices and "Said 2." in voices


def test_a_view_is_linked_only_where_there_is_something_in_it(client, story, thread):
    said(thread, 0)
    assert "?view=" not in page_of(client, story).content.decode()


def test_a_view_quotes_nothing_that_is_gone(client, story, thread):
    first = said(thread, 0, status="rejected")
    said(thread, 1, parent=first, notable=True, picked_at=clock.now())
    page = page_of(client, story, "?view=picks").content.decode()
    assert "Said 0." not in page and "Ada</bdi>" not in page and "In reply to a comment that is gone" in page


def test_questions_have_views_of_the_answered_and_the_unanswered(client, story, thread):
    Thread.objects.update(mode="questions")
    said(thread, 0, answered=True)
    said(thread, 1)
    assert numbers_on(page_of(client, story, "?view=answered")) == [0]
    assert numbers_on(page_of(client, story, "?view=unanswered")) == [1]


def test_an_order_costs_the_same_queries_however_many_comments(thread):
    for _ in range(3):
        for number in range(60):
            first = said(thread, number, notable=True, picked_at=clock.now())
            said(thread, number, parent=first)
        fresh = Thread.objects.select_related("story").get(pk=thread.pk)
        for asked in ({"order": "respected"}, {"order": "picks"}, {"view": "picks"}, {"view": "answers"}):
            with CaptureQueriesContext(connection) as queries:
                orders.page_of(fresh, orders.read(asked, fresh))
            assert len(queries) <= 3, asked


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"order": "respected"}, "comment_respected"),
        ({"order": "discussed"}, "comment_discussed"),
        ({"order": "picks"}, "comment_merit"),
        ({"view": "picks"}, "comment_notable"),
        ({"view": "answers"}, "comment_notable"),
        ({"view": "unanswered"}, "comment_answered"),
    ],
)
def test_a_page_is_a_range_of_its_index(thread, query, index):
    Thread.objects.filter(pk=thread.pk).update(mode="questions", conversations=1)
    if index == "comment_answered":  # both databases choose between two indexes here, by what there is in the table
        for number in range(60):
            said(thread, number, answered=True)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE discussion_comment")
    fresh = Thread.objects.select_related("story").get(pk=thread.pk)
    name = query.get("view") or query["order"]
    after = orders._cursor(fresh, name, 0, 500)
    with CaptureQueriesContext(connection) as queries:
        assert orders.page_of(fresh, orders.read({**query, "after": after}, fresh)) is not None
    ranges = [q["sql"] for q in queries if "parent_id" in q["sql"] or "notable" in q["sql"]][:2]
    assert len(ranges) == (1 if "answered" in index else 2)
    for sql in ranges:
        assert "OFFSET" not in sql and "COUNT" not in sql
        plan = plan_of(sql)
        assert index in plan, plan
        assert "TEMP B-TREE FOR ORDER" not in plan, plan


def plan_of(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return " ".join(str(row) for row in cursor.fetchall())


def test_an_old_comment_published_late_stands_where_it_belongs(client, story, thread):
    said(thread, 0, created_at=clock.now() - timedelta(days=1), respects=1)
    said(thread, 1)
    assert numbers_on(page_of(client, story, "?order=respected")) == [0, 1]
