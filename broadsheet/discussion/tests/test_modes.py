"""Questions with answers, reviews with stars, and switching between them and comments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion import modes, reviews
from broadsheet.discussion.actions import (
    change_status,
    close_thread,
    edit_comment,
    import_comment,
    post_comment,
    set_pick,
    withdraw_comment,
)
from broadsheet.discussion.changes import since
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment, Mode, Thread
from broadsheet.stories.models import Credit, Person

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def page_of(client, story):
    return client.get(story.get_absolute_url()).content.decode()


def decide(comment, after):
    with transaction.atomic():
        return change_status(comment=comment, seen=fresh(comment).status, after=after)


@pytest.fixture(autouse=True)
def counts_are_true_in_the_end(db):
    yield
    assert list(differences()) == []


# --- Questions


@pytest.fixture
def asked(thread):
    return modes.set_mode(thread=thread, mode=Mode.QUESTIONS)


@pytest.fixture
def expert(asked):
    expert = Reader.objects.create_user("dr@example.org", "Dr. Sills", "a long enough pass phrase", expertise="Ticks")
    modes.add_expert(thread=asked, reader=expert)
    return expert


@pytest.mark.any_database
def test_an_expert_s_reply_answers_a_question(make_comment, newcomer, expert, asked, client, story):
    question = make_comment("How long is a sock?", author=newcomer)
    make_comment(parent=question)
    assert not fresh(question).answered and "Questions (1)" in page_of(client, story)
    cursor = fresh(asked).revision
    answer = make_comment("Up to the knee.", author=expert, parent=question)
    assert answer.answers and fresh(question).answered
    assert (fresh(asked).answered, fresh(asked).started) == (1, 1)
    told = since(story.pk, cursor)
    assert {row["id"] for row in told["comments"]} == {question.pk, answer.pk}
    assert "Questions (1), 1 answered" in told["summary"]
    page = page_of(client, story)
    assert "Questions (1), 1 answered" in page and "Answered" in page
    assert "Dr. Sills" in page and "Ticks" in page and "Ask a question" in page


def test_so_does_the_author_s_of_the_story(make_comment, newcomer, asked, story):
    writer = Reader.objects.create_user("w@example.org", "Wanda Writer", None)
    Credit.objects.create(story=story, person=Person.objects.create(name="W", slug="w", account=writer), role="writing")
    question = make_comment(author=newcomer)
    make_comment(author=writer, parent=question)
    assert fresh(question).answered


def test_nobody_else_s_reply_does_and_no_question_answers_itself(make_comment, newcomer, moderator, expert, asked):
    question, own = make_comment(author=newcomer), make_comment(author=expert)
    stranger = Reader.objects.create_user("x@example.org", "Xenia", None, expertise="Ticks")
    for person in (newcomer, moderator, stranger):
        make_comment(author=person, parent=question)
    make_comment(author=expert, parent=own)
    assert not fresh(question).answered and not fresh(own).answered
    assert fresh(asked).answered == 0


def test_an_answer_deeper_in_the_conversation_answers_too(make_comment, reader, newcomer, expert, asked):
    question = make_comment(author=newcomer)
    further = make_comment(author=reader, parent=question)
    make_comment(author=expert, parent=further)
    assert fresh(question).answered


def test_a_question_is_open_again_when_its_answer_goes(make_comment, newcomer, expert, asked):
    question = make_comment(author=newcomer)
    answers = [make_comment(author=expert, parent=question) for _ in range(2)]
    withdraw_comment(author=expert, comment=answers[0])
    assert fresh(question).answered, "there is another answer"
    decide(answers[1], "rejected")
    assert not fresh(question).answered and fresh(asked).answered == 0
    decide(answers[1], "published")
    assert fresh(question).answered and fresh(asked).answered == 1
    modes.remove_expert(thread=asked, reader=expert)
    assert not fresh(question).answered and fresh(asked).answered == 0
    modes.add_expert(thread=asked, reader=expert)
    assert fresh(question).answered


def test_a_held_answer_answers_nothing_until_it_is_published(make_comment, newcomer, expert, asked, settings):
    question = make_comment(author=newcomer)
    settings.PRE_MODERATION = True
    answer = post_comment(author=expert, thread=asked, body="Held.", parent=question)
    assert not fresh(question).answered
    decide(answer, "published")
    assert fresh(question).answered


def test_a_hidden_question_is_counted_neither_as_asked_nor_as_answered(make_comment, newcomer, expert, asked):
    question = make_comment(author=newcomer)
    make_comment(author=expert, parent=question)
    decide(question, "rejected")
    assert (fresh(asked).started, fresh(asked).answered) == (0, 0)
    decide(question, "published")
    assert (fresh(asked).started, fresh(asked).answered) == (1, 1)


def test_an_answer_stays_one_when_its_writer_s_account_goes(make_comment, newcomer, expert, asked):
    question = make_comment(author=newcomer)
    make_comment(author=expert, parent=question)
    expert.delete()
    assert fresh(question).answered


def test_a_discussion_has_so_many_experts_and_no_more(asked, monkeypatch):
    monkeypatch.setattr(modes, "MOST_EXPERTS", 2)
    for number in range(2):
        modes.add_expert(thread=asked, reader=Reader.objects.create_user(f"{number}@example.org", f"E {number}", None))
    with pytest.raises(Refused, match="at most 2"):
        modes.add_expert(thread=asked, reader=Reader.objects.create_user("3@example.org", "E 3", None))


# --- Reviews


@pytest.fixture
def reviewed(thread):
    return modes.set_mode(thread=thread, mode=Mode.REVIEWS)


def review(author, thread, rating, body="I have tried it."):
    return post_comment(author=author, thread=thread, body=body, rating=rating)


@pytest.mark.parametrize("rating", [None, 0, 6, -1])
def test_a_review_needs_one_to_five_stars(reader, reviewed, rating):
    with pytest.raises(Unacceptable, match="one to five stars"):
        review(reader, reviewed, rating)
    assert not Comment.objects.exists()


def test_the_average_and_its_spread_are_shown_in_numbers(client, reader, newcomer, moderator, reviewed, story):
    for person, rating in ((reader, 5), (newcomer, 4), (moderator, 4)):
        review(person, reviewed, rating)
    thread = fresh(reviewed)
    assert (thread.ratings, thread.rating_total, thread.rated_5, thread.rated_4) == (3, 13, 1, 2)
    page = page_of(client, story)
    assert (
        "Reviews (3)" in page
        and "4.3 of 5 stars</strong> on average, by 3 readers" in page
        and "Write a review" in page
    )
    assert [(row.stars, row.count, row.percent) for row in reviews.distribution(thread)] == [
        (5, 1, 33), (4, 2, 67), (3, 0, 0), (2, 0, 0), (1, 0, 0)
    ]  # fmt: skip
    assert page.count("4 of 5 stars") >= 2
    assert "AggregateRating" not in page, "what is rated is not the story, so no machine is told that it is"


def test_a_reader_has_one_review_of_a_story(reader, newcomer, reviewed):
    first = review(reader, reviewed, 5)
    with pytest.raises(Refused, match="reviewed this already"):
        review(reader, reviewed, 1, "Once more.")
    review(newcomer, reviewed, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(author=newcomer).update(author=reader)
    withdraw_comment(author=reader, comment=first)
    review(reader, reviewed, 2, "I have changed my mind.")
    assert (fresh(reviewed).ratings, fresh(reviewed).rating_total) == (2, 3)


def test_a_review_that_was_replaced_is_not_restored_beside_the_new_one(reader, reviewed):
    first = decide(review(reader, reviewed, 5), "rejected")
    second = review(reader, reviewed, 3, "A kinder one.")
    with pytest.raises(Refused, match="another review"):
        decide(first, "published")
    withdraw_comment(author=reader, comment=second)
    decide(first, "published")
    assert fresh(reviewed).rating_total == 5


def test_replies_to_a_review_have_no_stars_and_there_may_be_many(reader, newcomer, reviewed):
    top = review(reader, reviewed, 5)
    for number in range(2):
        reply = post_comment(author=newcomer, thread=reviewed, body=f"Really {number}?", parent=top, rating=1)
        assert reply.rating is None
    assert fresh(reviewed).ratings == 1


def test_an_edit_may_change_the_stars_and_the_desk_keeps_the_old_ones(reader, reviewed):
    comment = review(reader, reviewed, 2)
    comment = edit_comment(author=reader, comment=comment, body=comment.body, rating=4)
    assert comment.rating == 4 and comment.edited_at
    assert [version.rating for version in comment.versions.all()] == [2]
    comment = edit_comment(author=reader, comment=comment, body="Other words.")
    assert comment.rating == 4, "no stars sent: they stay"
    assert (fresh(reviewed).ratings, fresh(reviewed).rating_total, fresh(reviewed).rated_2) == (1, 4, 0)
    with pytest.raises(Unacceptable):
        edit_comment(author=reader, comment=comment, body="Six.", rating=6)


def test_hidden_and_withdrawn_reviews_leave_the_average(reader, newcomer, reviewed):
    first, second = review(reader, reviewed, 5), review(newcomer, reviewed, 1)
    decide(first, "rejected")
    assert reviews.average(fresh(reviewed)) == 1
    withdraw_comment(author=newcomer, comment=second)
    assert reviews.average(fresh(reviewed)) is None


def test_a_held_review_is_not_in_the_average_and_takes_its_reader_s_place(reader, reviewed, settings):
    settings.PRE_MODERATION = True
    review(reader, reviewed, 5)
    assert fresh(reviewed).ratings == 0
    with pytest.raises(Refused, match="reviewed this already"):
        review(reader, reviewed, 4, "Again.")


def test_an_import_may_bring_stars_and_need_not(reader, reviewed):
    facts = {"thread": reviewed, "author_name": "R", "created_at": clock.now() - timedelta(days=9)}
    assert import_comment(body="With.", rating=3, **facts).rating == 3
    assert import_comment(body="Without.", **facts).rating is None
    assert fresh(reviewed).ratings == 1


@pytest.mark.any_database
def test_the_form_asks_for_stars_and_says_what_is_missing(client, reader, reviewed, story):
    client.force_login(reader)
    address = f"/stories/{story.pk}/comments/new/"
    form = client.get(address).content.decode()
    assert form.count('type="radio" name="rating"') == 5 and "Your rating" in form and "5 of 5 stars" in form
    answer = client.post(address, {"body": "No stars."})
    assert answer.status_code == 422 and "one to five stars" in answer.content.decode()
    assert "No stars." in answer.content.decode()
    for wrong in ("6", "x", "5.0", ""):
        assert client.post(address, {"body": "Wrong.", "rating": wrong}).status_code == 422
    assert client.post(address, {"body": "Four stars.", "rating": "4"}).status_code == 303
    own = Comment.objects.get()
    assert own.rating == 4
    form = client.get(f"/comments/{own.pk}/edit/").content.decode()
    assert 'value="4" required checked' in form
    assert client.post(f"/comments/{own.pk}/edit/", {"body": "Five.", "rating": "5"}).status_code == 303
    assert fresh(own).rating == 5
    reply = client.get(f"/comments/{own.pk}/reply/").content.decode()
    assert "Your rating" not in reply


# --- The numbers beside headlines


@pytest.mark.any_database
def test_a_front_says_questions_and_reviews_where_there_are_some(client, make_story, reader, newcomer):
    for name, mode in (("Ask", Mode.QUESTIONS), ("Rate", Mode.REVIEWS), ("Talk", Mode.COMMENTS)):
        thread = modes.set_mode(thread=Thread(story=make_story(name)), mode=mode)
        top = review(reader, thread, 5, f"About {name}.")
        post_comment(author=newcomer, thread=thread, body=f"In reply about {name}.", parent=top)
    front = client.get("/").content.decode()
    for words in ("1 question<", "1 review<", "2 comments<"):
        assert front.count(words) == 1, words


# --- Switching


def test_switching_keeps_everything_that_is_there(client, reader, newcomer, moderator, thread, story, make_comment):
    plain = make_comment(author=reader)
    modes.set_mode(thread=thread, mode=Mode.REVIEWS)
    assert edit_comment(author=reader, comment=plain, body="No review.").rating is None
    starred = review(newcomer, fresh(thread), 3)
    modes.set_mode(thread=thread, mode=Mode.QUESTIONS)
    assert "Questions (2)" in page_of(client, story)
    modes.set_mode(thread=thread, mode=Mode.COMMENTS)
    page = page_of(client, story)
    assert "Comments (2)" in page and "3 of 5 stars" in page
    assert edit_comment(author=newcomer, comment=starred, body="Still three.").rating == 3
    assert review(moderator, fresh(thread), 5).rating is None, "stars are left out where none are asked for"
    modes.set_mode(thread=thread, mode=Mode.REVIEWS)
    assert "3 of 5 stars</strong> by 1 reader" in page_of(client, story)


def test_a_comment_from_before_may_become_its_author_s_one_review(reader, thread, make_comment):
    first, second = make_comment(author=reader), make_comment(author=reader)
    modes.set_mode(thread=thread, mode=Mode.REVIEWS)
    assert edit_comment(author=reader, comment=first, body="Now with stars.", rating=5).rating == 5
    with pytest.raises(Refused, match="reviewed this already"):
        edit_comment(author=reader, comment=second, body="Also with stars.", rating=1)


def test_a_mode_changed_while_somebody_wrote_is_the_one_that_counts(reader, thread):
    stale = Thread.objects.get(pk=thread.pk)
    modes.set_mode(thread=thread, mode=Mode.REVIEWS)
    with pytest.raises(Unacceptable, match="stars"):
        post_comment(author=reader, thread=stale, body="I opened the form earlier.")
    modes.set_mode(thread=thread, mode=Mode.COMMENTS)
    stale.mode = Mode.REVIEWS
    assert post_comment(author=reader, thread=stale, body="And now this.", rating=5).rating is None


def test_there_are_only_these_modes(thread):
    with pytest.raises(Unacceptable):
        modes.set_mode(thread=thread, mode="chat")


# --- Words


@pytest.mark.parametrize(
    ("mode", "none_yet", "none_ever"),
    [
        (Mode.COMMENTS, "No comments yet.", "Nobody commented on this story."),
        (Mode.QUESTIONS, "No questions yet.", "Nobody asked a question."),
        (Mode.REVIEWS, "No reviews yet.", "Nobody wrote a review."),
    ],
)
def test_an_empty_discussion_says_what_there_is_none_of(client, story, thread, mode, none_yet, none_ever):
    modes.set_mode(thread=thread, mode=mode)
    assert none_yet in page_of(client, story)
    close_thread(thread=thread, at=clock.now())  # as when its period is over
    assert none_ever in page_of(client, story)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("mode", "everything"),
    [(Mode.COMMENTS, "All comments"), (Mode.QUESTIONS, "All questions"), (Mode.REVIEWS, "All reviews")],
)
def test_the_view_of_everything_has_the_mode_s_word(client, story, thread, moderator, make_comment, mode, everything):
    set_pick(comment=make_comment(), picked=True, by=moderator)
    modes.set_mode(thread=thread, mode=mode)
    assert f'<span aria-current="true">{everything}</span>' in page_of(client, story)
