"""Quoting somebody: their words before one's own, cut at a word, with their name."""

from __future__ import annotations

import pytest

from broadsheet.core.text import comment_html
from broadsheet.discussion.actions import withdraw_comment
from broadsheet.discussion.quoting import LONGEST_QUOTATION, cut, quotation, quoted

pytestmark = pytest.mark.django_db


def test_every_line_of_a_quotation_is_one():
    assert quotation("One.\n\nTwo.", "Ann") == "> One.\n>\n> Two.\n>\n> — Ann\n\n"


def test_a_quotation_in_the_box_becomes_one_on_the_page():
    html = comment_html(quotation("One.\n\n- a list\n- of two", "Ann") + "I disagree.")
    assert html.count("<blockquote>") == 1 and "<li>of two</li>" in html
    assert html.rstrip().endswith("<p>I disagree.</p>") and "<p>— Ann</p>" in html


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("short", "short"),
        ("one two three", "one two…"),
        ("exactly ten", "exactly…"),
        ("abcdefghijkl", "abcdefghi…"),
        ("12345678 \u05e9\u05dc\u05d5\u05dd", "12345678…"),
        ("意見意見意見意見意見意見", "意見意見意見意見意…"),
        ("abcdefgh\u0065\u0301x", "abcdefgh…"),
        ("abcdefg👩\u200d🚀!", "abcdefg…"),
        ("abcdefgh👍🏽x", "abcdefgh…"),
    ],
)
def test_a_cut_falls_between_words_or_letters(words, expected):
    assert cut(words, 10) == expected


def test_a_quotation_has_a_longest(make_comment):
    comment = make_comment("word " * 300)
    passage = quoted(comment).split("\n")[0].removeprefix("> ")
    assert len(passage) <= LONGEST_QUOTATION and passage.endswith("word…")


def test_what_a_comment_quotes_itself_is_left_out(make_comment):
    comment = make_comment("> Earlier words.\n>\n> — Ned\n\nMy own words.")
    assert "Earlier" not in quoted(comment) and "My own words." in quoted(comment)


def test_a_comment_that_only_quotes_is_quoted_whole(reader, thread):
    from broadsheet.discussion.actions import post_comment

    assert "> > All of it." in quoted(post_comment(author=reader, thread=thread, body="> All of it."))


def test_nothing_of_a_comment_that_is_gone_is_quoted(make_comment, reader, client, newcomer):
    comment = make_comment("Xgone words")
    withdraw_comment(author=reader, comment=comment)
    comment.refresh_from_db()
    assert quoted(comment) == ""
    client.force_login(newcomer)
    for answer in (
        client.get(f"/comments/{comment.pk}/reply/?quote=1"),
        client.post(f"/comments/{comment.pk}/reply/", {"quote": "1", "body": ""}),
    ):
        assert "Xgone" not in answer.content.decode()


def test_a_name_cannot_bring_markup_with_it():
    html = comment_html(quotation("Words.", "*[x](https://a.example)*"))
    assert "<em>" not in html and "<a " not in html.split("—")[1].split("(")[0]


def test_without_a_script_a_reply_is_begun_with_a_quotation(client, newcomer, make_comment):
    comment = make_comment("The bridge is *older*.")
    client.force_login(newcomer)
    address = f"/comments/{comment.pk}/reply/"
    page = client.get(f"{address}?quote=1").content.decode()
    assert "\n&gt; The bridge is *older*." in page and "&gt; — Ruth Reader" in page
    page = client.post(address, {"quote": "1", "body": "Mine so far."}).content.decode()
    assert "&gt; — Ruth Reader\n\nMine so far.</textarea>" in page
    assert comment.replies.count() == 0
