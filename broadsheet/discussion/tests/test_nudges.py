"""A question before a comment is stored: asked once, kindly, and whatever comes next is taken."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion import nudges
from broadsheet.discussion.actions import post_comment
from broadsheet.discussion.models import Comment
from broadsheet.discussion.nudges import Nudge, passages

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
JSON = {"Accept": "application/json"}
RUDE = "Everybody says that the mayor is an old goat and that nobody will vote for him again, whatever he builds."
SENTENCE = "Some readers may take these words as an attack."
asked = []


def of_goats(submission):
    asked.append(submission)
    at = submission.body.find("old goat")
    return Nudge(SENTENCE, ((at, at + 8),)) if at >= 0 else None


def of_nobody(submission):
    return None


@pytest.fixture(autouse=True)
def asks(settings):
    asked.clear()
    settings.DISCUSSION_NUDGES = [f"{__name__}.of_nobody", f"{__name__}.of_goats"]


@pytest.fixture
def ruth(client, reader):
    client.force_login(reader)
    return client


def new(story):
    return f"/stories/{story.pk}/comments/new/"


def token(answer):
    return re.search(r'name="nudged" value="([^"]+)"', answer.content.decode())[1]


def test_nothing_is_stored_and_the_form_comes_back_with_every_word_and_what_it_is_about(ruth, story):
    answer = ruth.post(new(story), {"body": RUDE, "key": "k" * 20})
    page = answer.content.decode()
    assert answer.status_code == 409 and not Comment.objects.exists()
    assert SENTENCE in page and f"\n{RUDE}</textarea>" in page and "<title>Not posted yet" in page
    assert "<mark>old goat</mark>" in page and f'name="key" value="{"k" * 20}"' in page


@pytest.mark.parametrize("second", [RUDE, "I would not vote for him.", "What an old goat!"])
def test_whatever_is_sent_next_is_taken_under_the_same_key(ruth, story, second):
    first = ruth.post(new(story), {"body": RUDE, "key": "k" * 20})
    answer = ruth.post(new(story), {"body": second, "key": "k" * 20, "nudged": token(first)})
    assert answer.status_code == 303
    assert [(comment.body, comment.key) for comment in Comment.objects.all()] == [(second, "k" * 20)]
    again = ruth.post(new(story), {"body": second, "key": "k" * 20})
    assert again.url == answer.url and len(asked) == 1


def test_an_element_gets_what_goes_into_its_form(ruth, story):
    answer = ruth.post(new(story), {"body": RUDE}, headers={**JSON, "Idempotency-Key": "k" * 20})
    told = answer.json()
    assert answer.status_code == 409 and told["refused"] == SENTENCE
    assert "<mark>old goat</mark>" in told["nudge"] and 'tabindex="-1">' in told["nudge"]
    found = re.search(r'name="nudged" value="([^"]+)"', told["nudge"])[1]
    made = ruth.post(new(story), {"body": RUDE, "nudged": found}, headers={**JSON, "Idempotency-Key": "k" * 20})
    assert made.status_code == 201 and Comment.objects.get().body == RUDE


def test_a_reply_is_asked_about_too_and_an_edit_is_not(ruth, make_comment, reader):
    parent = make_comment()
    assert ruth.post(f"/comments/{parent.pk}/reply/", {"body": RUDE}).status_code == 409
    own = make_comment()
    assert ruth.post(f"/comments/{own.pk}/edit/", {"body": RUDE}).status_code == 303


def test_a_guest_is_asked_before_there_is_one(client, story, settings):
    settings.GUESTS = True
    first = client.post(new(story), {"body": RUDE, "name": "Gil", "key": "k" * 20})
    assert first.status_code == 409 and not Reader.objects.filter(is_guest=True).exists()
    assert (asked[0].author.pk, asked[0].author.is_guest, asked[0].author.name) == (None, True, "Gil")
    client.post(new(story), {"body": RUDE, "name": "Gil", "key": "k" * 20, "nudged": token(first)})
    assert Comment.objects.get().author.is_guest and len(asked) == 1


def test_a_preview_in_between_forgets_nothing(ruth, story):
    first = ruth.post(new(story), {"body": RUDE})
    preview = ruth.post(new(story), {"body": RUDE, "nudged": token(first), "preview": "1"})
    assert preview.status_code == 200 and token(preview) == token(first)
    assert SENTENCE not in preview.content.decode()


def test_a_token_is_one_reader_s_for_one_discussion_and_an_hour(ruth, story, make_story, reader, newcomer, thread):
    good = nudges.token_for(reader, thread)
    assert nudges.is_asked(good, reader, thread)
    assert not nudges.is_asked(good, newcomer, thread) and not nudges.is_asked(good, None, thread)
    for bad in ("", good[:-1], "guest 1:x:y", "\x00", "9" * 10_000):
        assert not nudges.is_asked(bad, reader, thread)
        assert ruth.post(new(story), {"body": RUDE, "nudged": bad}).status_code == 409
    old = signing.TimestampSigner(salt="broadsheet.discussion.nudges")
    old.timestamp = lambda: signing.b62_encode(int((clock.now() - timedelta(hours=2)).timestamp()))
    assert not nudges.is_asked(old.sign(f"{reader.pk} {thread.pk}"), reader, thread)


def test_what_is_refused_is_refused_before_anything_is_asked(ruth, story):
    assert ruth.post(new(story), {"body": " "}).status_code == 422
    assert asked == []


def test_nobody_tries_out_words_without_end(ruth, story, reader, monkeypatch):
    monkeypatch.setattr(nudges, "MOST", 2)
    answers = [ruth.post(new(story), {"body": f"{RUDE} {n}", "key": str(n) * 20}).status_code for n in range(3)]
    assert answers == [409, 409, 303] and Comment.objects.get().body == f"{RUDE} 2"


def test_guests_are_counted_by_where_they_come_from(client, story, settings, monkeypatch):
    settings.GUESTS = True
    monkeypatch.setattr(nudges, "MOST", 1)
    for n, (name, address) in enumerate([("Gil", "198.51.100.1"), ("Gus", "198.51.100.2")]):
        answer = client.post(new(story), {"body": f"{RUDE} {n}", "name": name}, REMOTE_ADDR=address)
        assert answer.status_code == 409
    client.post(new(story), {"body": RUDE, "name": "Gil"}, REMOTE_ADDR="198.51.100.1")
    assert Comment.objects.get().body == RUDE


def test_whoever_posts_by_an_action_is_not_asked(reader, thread):
    assert post_comment(author=reader, thread=thread, body=RUDE).pk
    assert asked == []


# --- The words that are shown -----------------------------------------------------------------------------------------


def test_marked_words_are_shown_with_a_few_around_them():
    at = RUDE.index("old goat")
    (passage,) = passages(RUDE, [(at, at + 8)])
    assert passage == [
        ("Everybody says that the mayor is an ", False),
        ("old goat", True),
        (" and that nobody will vote for him", False),
        ("…", False),
    ]


def test_marks_that_meet_or_lie_in_each_other_are_shown_once():
    assert passages("You old goat, you.", [(4, 12), (8, 12), (4, 7), (14, 17)]) == [
        [("You ", False), ("old goat", True), (", ", False), ("you", True), (".", False)]
    ]
    assert passages("abc", [(2, 2), (3, 9), (-5, 0)]) == []


@given(body=st.text(max_size=300), spans=st.lists(st.tuples(st.integers(-5, 310), st.integers(-5, 310)), max_size=8))
def test_what_is_shown_stands_in_the_words(body, spans):
    for passage in passages(body, spans):
        assert any(is_marked for _, is_marked in passage)
        assert "".join(words for words, _ in passage if words != "…").replace("…", "") in body.replace("…", "")
