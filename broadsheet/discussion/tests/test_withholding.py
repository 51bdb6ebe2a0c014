"""What is quoted of a comment goes from readers with it, wherever it is quoted, and comes back with it."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.accounts.actions import rename
from broadsheet.core import clock
from broadsheet.core.text import comment_html
from broadsheet.discussion import quotations
from broadsheet.discussion.actions import (
    change_status,
    edit_comment,
    import_comment,
    part_from_author,
    post_comment,
    withdraw_comment,
)
from broadsheet.discussion.changes import since
from broadsheet.discussion.models import Comment
from broadsheet.discussion.quoting import quoted
from broadsheet.discussion.search import find
from broadsheet.notifications.items import excerpt_of

pytestmark = pytest.mark.django_db

SAID = "The bridge was sold to a cousin of the mayor, and everybody in town knows it."
SENTENCE = "The words quoted here are from a comment that is not shown any more."


@pytest.fixture
def said(make_comment):
    return make_comment(SAID)


@pytest.fixture
def answer(said, newcomer, thread):
    """A reply that was begun with "Quote"."""
    return post_comment(author=newcomer, thread=thread, body=f"{quoted(said)}I doubt that.", parent=said)


def remove(comment):
    return change_status(comment=comment, seen="published", after="rejected")


def seen(comment):
    """A comment's words as readers see them now."""
    return Comment.objects.get(pk=comment.pk).public_html


def say(author, thread, body, parent=None):
    return post_comment(author=author, thread=thread, body=body, parent=parent)


def test_a_quotation_goes_with_the_comment_and_comes_back_with_it(said, answer):
    before = seen(answer)
    assert "cousin" in before and "Ruth" in before
    remove(said)
    assert "cousin" not in seen(answer) and "Ruth" not in seen(answer)
    assert SENTENCE in seen(answer) and "I doubt that." in seen(answer)
    change_status(comment=said, seen="rejected", after="published")
    assert seen(answer) == before


def test_what_is_withdrawn_or_held_is_not_quoted_either(said, answer, reader):
    held = change_status(comment=said, seen="published", after="pending")
    assert "cousin" not in seen(answer)
    change_status(comment=held, seen="pending", after="published")
    withdraw_comment(author=reader, comment=said)
    assert "cousin" not in seen(answer)


def test_words_of_a_deleted_account_are_not_quoted_when_they_are_gone_themselves(said, answer):
    part_from_author(comment=said, name="A former reader", withdraw=True)
    assert "cousin" not in seen(answer)
    revisions = list(Comment.objects.values_list("revision", flat=True))
    assert len(set(revisions)) == len(revisions)


def test_the_author_of_the_answer_and_moderators_still_read_what_was_typed(said, answer, newcomer, moderator, client):
    remove(said)
    client.force_login(newcomer)
    assert "cousin" in client.get("/me/comments/").content.decode()
    client.force_login(moderator)
    card = client.get(f"/moderation/comments/{answer.pk}/").content.decode()
    assert "cousin" in card and "Readers do not see all of what it quotes" in card
    assert "cousin" not in client.get(f"/comments/{answer.pk}/", follow=True).content.decode()


def test_readers_of_the_open_page_get_the_answer_again(said, answer, thread):
    thread.refresh_from_db()
    before = thread.revision
    remove(said)
    thread.refresh_from_db()
    told = {each["id"]: each["html"] for each in since(thread.pk, before)["comments"]}
    assert set(told) == {said.pk, answer.pk} and SENTENCE in told[answer.pk]


def test_it_is_found_by_what_readers_see_of_it(said, answer, thread):
    assert len(find(thread, "cousin", "").found) == 2
    remove(said)
    assert find(thread, "cousin", "").found == []
    assert [one.comment.pk for one in find(thread, "doubt", "").found] == [answer.pk]


def test_mail_and_notifications_are_without_it(said, answer):
    remove(said)
    assert "cousin" not in excerpt_of(Comment.objects.get(pk=answer.pk))


@pytest.mark.parametrize(
    "passage",
    [
        "sold to a cousin of the mayor, and everybody",
        "SOLD  to a *cousin* of\n> the Mayor and everybody…",
        "[...] was sold to a cóusin of the mayor and everybody [sic]",
        "was s\u200bold to a c&#8203;\u3164ousin of the m\u0430y\u043er, and everybody",
        "w4s s0ld to a [cousin](https://harbour.example/) of the may\u00ador, and **every**body",
        "Look:\n>\n> > > sold to a cousin of the mayor, and everybody",
        "Look:\n>\n> — sold to a cousin of the mayor, and everybody",
        "The bridge was sold\n\nYes, and\n\n> to a cousin of the\n\nvery\n\n> mayor, and everybody",
    ],
)
def test_a_part_is_found_wherever_in_the_discussion_it_is_quoted(said, newcomer, thread, passage):
    elsewhere = say(newcomer, thread, f"> {passage}\n\nSomebody wrote this above.")
    remove(said)
    assert "ousin" not in seen(elsewhere).casefold() and "Somebody wrote this" in seen(elsewhere)


@pytest.mark.parametrize("words", ["You liar!", "🖕", "嘘つき", "na"])
def test_a_few_words_are_found_in_the_answer_to_them(reader, newcomer, thread, words):
    short = say(reader, thread, f"{words} He is one of them.")
    reply = say(newcomer, thread, f"{quoted(short)}Not at all, and I can show it.", parent=short)
    below = say(newcomer, thread, f"> {words}\n\nHe did say that.", parent=reply)
    remove(short)
    assert words not in seen(reply) and words not in seen(below)


def test_what_the_story_or_somebody_else_said_stays(said, make_comment, newcomer, thread):
    other = make_comment("The council voted on it in public, twice, and the minutes are on its site.")
    reply = say(newcomer, thread, f"{quoted(other)}Thank you.", parent=said)
    both = make_comment(f"> {other.body}\n\nThat proves nothing about what the mayor and his cousin have agreed on.")
    remove(both)
    remove(said)
    assert "The council voted" in seen(reply)


def test_what_the_removed_comment_has_from_elsewhere_stays(make_comment, newcomer, thread):
    thread.story.body_html = "<p>The harbour was closed on Monday after two cranes had failed their inspection.</p>"
    thread.story.save()
    other = make_comment("Their brakes were of the wrong kind and everybody on the quay had known it for years.")
    passage = "closed on Monday after two cranes had failed their inspection"
    of_story = say(newcomer, thread, f"> {passage}\n\nAt last.")
    of_other = say(newcomer, thread, f"> {other.body}\n\nI had not.")
    gone = make_comment(f"{other.body} The harbour was {passage}, and it takes a crook like you to cheer.")
    to_gone = say(newcomer, thread, f"> it takes a crook like you to cheer\n\nHardly. And:\n\n> {passage}", parent=gone)
    remove(gone)
    assert "two cranes" in seen(of_story) and "Their brakes" in seen(of_other)
    assert "crook" not in seen(to_gone) and "two cranes" in seen(to_gone)
    remove(other)
    assert "Their brakes" not in seen(of_other)


def test_what_is_said_behind_a_quotation_mark_is_said(make_comment, newcomer, thread):
    gone = make_comment(f"> {SAID}\n\nJust saying.")
    elsewhere = say(newcomer, thread, f"> {SAID}\n\nIs it?")
    remove(gone)
    assert "cousin" not in seen(elsewhere)


def test_a_chinese_sentence_is_found_in_a_longer_comment(make_comment, newcomer, thread):
    gone = make_comment("昨天我在市政厅门口等了三个小时。市长把大桥卖给了他的表弟。谁都不说话。")
    elsewhere = say(newcomer, thread, "> 市长把大桥卖给了他的表弟\n\n真的吗？")
    remove(gone)
    assert "表弟" not in seen(elsewhere)


def test_two_pages_of_readers_are_dropped_in_one_statement(said, answer, thread):
    """Two discussions of the same people would each wait for the other's second one."""
    with CaptureQueriesContext(connection) as asked:
        remove(said)
    assert sum("delivery_version" in query["sql"] for query in asked) == 1


def test_quoting_costs_no_query_more_for_each_comment_that_is_gone(make_comment, newcomer, thread):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            import_comment(thread=thread, author_name="Ada", body="> Nobody said this.", created_at=clock.now())
        return len(asked)

    remove(make_comment("The first that goes."))
    one = cost()
    for number in "abc":
        remove(make_comment(f"One more that goes, {number}."))
    assert cost() == one


def test_one_of_two_quotations_goes(said, make_comment, newcomer, thread):
    other = make_comment("The council voted on it in public, twice, and the minutes are on its site.")
    reply = say(newcomer, thread, f"> {SAID}\n\nNo:\n\n> {other.body}\n\nThere.", parent=said)
    remove(said)
    assert "cousin" not in seen(reply) and "The council voted" in seen(reply) and "There." in seen(reply)


def test_a_quotation_of_two_comments_comes_back_with_the_second(said, make_comment, newcomer, thread):
    second = make_comment("And his brother, the contractor from Pennoway, was paid for it before it began.")
    reply = say(newcomer, thread, f"> {SAID}\n>\n> {second.body}\n\nBoth untrue.")
    remove(said)
    remove(second)
    change_status(comment=said, seen="rejected", after="published")
    assert "cousin" not in seen(reply)
    change_status(comment=second, seen="rejected", after="published")
    assert "cousin" in seen(reply)


def test_what_is_gone_already_cannot_be_brought_back_by_quoting_it(said, newcomer, thread):
    remove(said)
    late = say(newcomer, thread, f"> {SAID}\n\nThey took this away.")
    brought = import_comment(thread=thread, author_name="Ada", body=f"> {SAID}", created_at=late.created_at)
    assert "cousin" not in seen(late) and "cousin" not in seen(brought)
    assert "cousin" not in Comment.objects.get(pk=late.pk).words


def test_an_edit_of_the_answer_does_not_bring_it_back(said, answer, newcomer):
    remove(said)
    Comment.objects.filter(pk=said.pk).update(body="", html="", words="")  # deleted when its time is over
    edit_comment(
        author=newcomer, comment=answer, body=f"> {SAID.removesuffix(' and everybody in town knows it.')}\n\nNo."
    )
    assert "cousin" not in seen(answer) and "No." in seen(answer)
    edit_comment(author=newcomer, comment=answer, body="Without a quotation.")
    answer.refresh_from_db()
    assert (answer.quotes, answer.withheld) == (False, []) and "Without" in answer.public_html


def test_an_earlier_wording_is_somebody_s_words_too(said, answer, reader):
    edit_comment(author=reader, comment=said, body="I take back what I wrote of the bridge, more or less.")
    assert "cousin" in seen(answer)  # nobody has removed anything
    said.refresh_from_db()
    remove(said)
    assert "cousin" not in seen(answer)


def test_a_page_kept_ready_of_the_quoting_reader_is_made_again(said, answer, newcomer, client):
    address = f"/readers/{newcomer.pk}/"
    first = client.get(address)
    remove(said)
    assert "cousin" not in client.get(address).content.decode()
    assert first.status_code == 200


def test_an_answer_that_only_quotes_is_not_quoted_when_that_is_withheld(said, newcomer, thread):
    echo = say(newcomer, thread, f"> {SAID}", parent=said)
    assert "cousin" in quoted(echo)
    remove(said)
    assert quoted(Comment.objects.get(pk=echo.pk)) == ""


@pytest.mark.parametrize("marked", ["> Listen.\n{}", "- > {}", "1. > Listen.\n{}"])
def test_a_quotation_that_goes_on_without_its_sign_is_none_of_its_writer_s_words(marked, said, newcomer, thread):
    echo = say(newcomer, thread, f"{marked.format(SAID)}\n\nNo.", parent=said)
    assert "cousin" not in quoted(echo) and "> No." in quoted(echo)
    remove(said)
    assert "cousin" not in quoted(Comment.objects.get(pk=echo.pk))


def test_comments_from_before_are_looked_at_once(said, answer, newcomer, thread):
    short = say(newcomer, thread, "> You liar!\n\nIs that so?")
    remove(said)
    Comment.objects.update(quotes=False, withheld=[], words="cousin")
    importlib.import_module("broadsheet.discussion.migrations.0013_fill_quotations").fill(apps, None)
    assert "cousin" not in seen(answer) and "You liar" in seen(short)
    assert "cousin" not in Comment.objects.get(pk=answer.pk).words
    assert set(Comment.objects.filter(quotes=True).values_list("pk", flat=True)) == {answer.pk, short.pk}


def test_a_quotation_inside_another_goes_with_the_outer_one():
    html = comment_html("> Mine.\n>\n> > Theirs.\n\nOwn.\n\n> Third.")
    found = [html[begin:end] for begin, end in quotations.blocks(html)]
    assert ["Theirs" in block for block in found] == [True, False]
    assert quotations.own_words(html).split() == ["<p>Own.</p>"]
    assert "Third" in quotations.left_out(html, {quotations.name_of(found[0])}, "—")


def test_looking_for_a_run_takes_time_with_the_length_only():
    """All against all would be two thousand million comparisons of long runs; it is a hundred thousand."""
    runs = quotations.Runs(["ab" * 25_000])
    assert not runs.is_in(("ab" * 14 + "c") * 2_000)
    assert all(runs.is_in("c" * before + "ab" * 15) for before in (0, 1, 14, 15, 50_000))


# --- Whose words they are, once nobody is to know ---------------------------------------------------------------------

LINE = "> — Ruth Reader"


def part(comment, *, withdraw=False, name="Former reader"):
    part_from_author(comment=comment, name=name, withdraw=withdraw)


def test_the_name_below_a_quotation_goes_with_the_one_beside_the_comment(said, answer, newcomer, thread):
    nested = say(newcomer, thread, f"> > {SAID}\n> {LINE}\n>\n> Is that so?\n>\n> — Ned\n\nIt is.")
    elsewhere = say(newcomer, thread, f"> a cousin of the mayor\n{LINE}\n\nHe has none.")
    before = Comment.objects.get(pk=answer.pk).thread.revision
    part(said)
    for comment in (answer, nested, elsewhere):
        comment.refresh_from_db()
        assert not any("Ruth" in words for words in (comment.body, comment.html, comment.words, comment.public_html))
        assert "— Former reader" in comment.public_html and "cousin" in comment.public_html
        assert comment.html == comment_html(comment.body)
    assert nested.body.endswith("> — Ned\n\nIt is.")
    told = {each["id"]: each["html"] for each in since(thread.pk, before)["comments"]}
    assert set(told) == {said.pk, answer.pk, nested.pk, elsewhere.pk} and "Ruth" not in "".join(told.values())
    assert find(thread, "ruth", "").found == [] and len(find(thread, "former reader", "").found) == 3
    assert "Ruth" not in excerpt_of(answer)
    changed = list(Comment.objects.values_list("revision", flat=True))
    assert len(set(changed)) == len(changed)


@pytest.mark.parametrize(
    "body",
    [
        f"> The minutes are on the council's site, all of them, for anybody who asks.\n>\n{LINE}\n\nThe mayor's wife.",
        f"> {SAID}\n\n— Ruth Reader\n\nIs that her?",
        f"{SAID}\n\n— Ruth Reader",
        f"> {SAID}\n>\n{LINE}\n>\n> And so on.",
        f"> {SAID}\n>\n{LINE} the mayor's wife",
        f"Ruth Reader knows it.\n\n> {SAID}\n>\n> — Ned",
    ],
    ids=["others words", "prose below", "prose", "in the midst", "longer", "another's name"],
)
def test_a_name_that_is_no_quotation_s_source_stays(body, said, newcomer, thread):
    comment = say(newcomer, thread, body, parent=said)
    html = comment.html
    part(said)
    comment.refresh_from_db()
    assert (comment.body, comment.html) == (body, html)


def test_a_namesake_s_words_keep_their_name(said, thread, newcomer):
    other = import_comment(thread=thread, author_name="Ruth Reader", body="I saw him.", created_at=clock.now())
    reply = say(newcomer, thread, f"{quoted(other)}So did I.", parent=other)
    part(said)
    assert "— Ruth Reader" in seen(reply)


def test_what_is_withheld_stays_so_under_a_new_name(said, answer):
    remove(said)
    part(said)
    answer.refresh_from_db()
    assert "Ruth" not in answer.body + answer.html and "cousin" in answer.body
    assert "cousin" not in answer.public_html and SENTENCE in answer.public_html
    change_status(comment=said, seen="rejected", after="published")
    assert "cousin" in seen(answer) and "— Former reader" in seen(answer)


def test_the_name_goes_from_answers_to_what_has_no_words_any_more(said, answer, newcomer, thread):
    elsewhere = say(newcomer, thread, f"{quoted(said)}I doubt that, too.")
    edit_comment(author=newcomer, comment=elsewhere, body=f"{quoted(said)}I do not know.")
    withdraw_comment(author=said.author, comment=said)
    Comment.objects.filter(pk=said.pk).update(body="", html="", words="")  # deleted when its time is over
    part(said)
    for comment in (answer, elsewhere):
        comment.refresh_from_db()
        assert "Ruth" not in comment.body + comment.html
    assert "Ruth" not in elsewhere.versions.get().body


def test_findings_mark_the_same_words_beside_a_name_of_another_length(said, answer):
    words = answer.body
    start, name = words.index("I doubt"), words.index("Ruth")
    facts = {"check_name": "words", "reason": "Found.", "spans": [[start, start + 7], [0, 5], [name, start]]}
    flag = answer.flags.create(created_at=answer.created_at, **facts)
    part(said, name="Somebody who has left")
    flag.refresh_from_db()
    answer.refresh_from_db()
    found = [answer.body[begin:end] for begin, end in flag.spans]
    assert found[:2] == ["I doubt", words[:5]] and found[2].endswith("Somebody who has left\n\n")


@pytest.mark.parametrize("name", ["A_B *C*", "O'Brien & Son", "Dr. <Q>", "harbour.example", "\u05e8\u05d5\u05ea"])
def test_a_name_with_signs_is_found_as_the_box_writes_it(name, said, newcomer, thread):
    Comment.objects.filter(pk=said.pk).update(author_name=name)
    said.refresh_from_db()
    reply = say(newcomer, thread, f"{quoted(said)}No.", parent=said)
    part(said)
    reply.refresh_from_db()
    assert reply.body == f"> {said.body}\n>\n> — Former reader\n\nNo."


def test_a_new_name_is_for_what_is_written_from_then_on(said, answer, reader):
    rename(reader=reader, name="Ruth Rider")
    said.refresh_from_db()
    assert said.author_name == "Ruth Reader" and "— Ruth Reader" in seen(answer)
    part(said)
    assert "Ruth" not in seen(answer)


def test_pages_of_readers_are_dropped_in_one_statement_when_an_account_goes(said, answer):
    with CaptureQueriesContext(connection) as asked:
        part(said, withdraw=True)
    assert sum("delivery_version" in query["sql"] for query in asked) == 1
