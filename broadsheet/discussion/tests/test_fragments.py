"""A comment's HTML is made once, and anew whenever anything in it changes."""

from __future__ import annotations

import pytest

from broadsheet.discussion import fragments
from broadsheet.discussion.fragments import branch_fragment, fragment
from broadsheet.discussion.models import Comment
from broadsheet.discussion.reading import OLDEST, story_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings, monkeypatch):
    settings.DEBUG = False
    monkeypatch.setattr(fragments, "_kept", {})
    return fragments._kept


def read_again(comment):
    return fragment(Comment.objects.get(pk=comment.pk), open_now=True)


def page_html(thread):
    thread.refresh_from_db()
    return "".join(branch_fragment(b, open_now=True, whole=False) for b in story_page(thread, 1, OLDEST).branches)


def test_a_comment_is_rendered_once_for_all_who_read_it(make_comment):
    comment = make_comment("The lamps are out again.")
    assert read_again(comment) is read_again(comment)
    assert "The lamps are out again." in read_again(comment)


def test_a_withheld_comment_is_a_tombstone_at_the_next_reading(make_comment, thread):
    comment = make_comment("Words that will be removed.")
    assert "Words that will be removed." in page_html(thread)
    Comment.objects.filter(pk=comment.pk).update(status="rejected")
    assert "Words that will be removed." not in page_html(thread)
    assert "removed by an editor" in page_html(thread)


def test_an_edit_and_a_new_name_show_at_the_next_reading(make_comment, thread):
    comment = make_comment("First words.")
    page_html(thread)
    Comment.objects.filter(pk=comment.pk).update(html="<p>Second words.</p>", author_name="Ruth R.")
    assert "Second words." in page_html(thread)
    assert "Ruth R." in page_html(thread)


def test_a_reply_shows_in_its_conversation(make_comment, thread):
    first = make_comment("A question.")
    page_html(thread)
    make_comment("An answer.", parent=first)
    assert "An answer." in page_html(thread)


def test_open_and_closed_discussions_do_not_share_a_fragment(make_comment):
    comment = make_comment()
    assert "Reply" in fragment(comment, open_now=True)
    assert "Reply" not in fragment(comment, open_now=False)


def test_so_many_are_kept_and_not_more(make_comment, monkeypatch, kept):
    monkeypatch.setattr(fragments, "MOST_KEPT", 3)
    for number in range(5):
        fragment(
            Comment(
                pk=number + 1,
                thread=make_comment().thread,
                status="published",
                html=f"<p>{number}</p>",
                created_at=make_comment().created_at,
            ),
            open_now=True,
        )
    assert len(kept) <= 3
