"""Who is named in a comment: people who speak in the same discussion, and nobody else."""

from __future__ import annotations

import time

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.discussion.actions import edit_comment, post_comment, withdraw_comment
from broadsheet.discussion.mentions import MOST_MENTIONS
from broadsheet.discussion.models import Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def speaker(make_comment):
    """Gives an account of that name which has a published comment in the discussion."""

    def make(name, **more):
        number = Reader.objects.count()
        person = Reader.objects.create_user(f"p{number}@example.org", name)
        make_comment(author=person, **more)
        return person

    return make


def named(comment):
    return {mention.reader.name for mention in comment.mentions.select_related("reader")}


def say(author, thread, body, **more):
    return post_comment(author=author, thread=thread, body=body, **more)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Ann Ash", "I agree, @Ann Ash, entirely."),
        ("Ann Ash", "@ann ash: no."),
        ("Ann Ash", "(@AnnAsh)"),
        ("Ann Ash", "So says @Ann Ash"),
        ("Ann Ash", "@Ann Ash's view"),
        ("Zoë", "@zoe!"),
        ("O'Neill", "@O'Neill and others"),
        ("山田", "@山田さんの意見に賛成です"),
        ("김철수", "@김철수님 감사합니다"),
        ("Дарья", "Спасибо, @Дарья."),
        ("ليلى", "شكرا @ليلى على التعليق"),
    ],
)
def test_whoever_speaks_here_is_found_by_name(speaker, thread, reader, name, body):
    speaker(name)
    assert named(say(reader, thread, body)) == {name}


def test_the_longest_name_that_fits_is_meant(speaker, thread, reader):
    speaker("Ann")
    speaker("Ann Ash")
    assert named(say(reader, thread, "@Ann Ash is right.")) == {"Ann Ash"}
    assert named(say(reader, thread, "@Ann is right.")) == {"Ann"}


@pytest.mark.any_database
@pytest.mark.parametrize(
    "body",
    [
        "@Annette",
        "mail ann@ann.example",
        "Ann Ash",
        "@",
        "@ Ann Ash",
        "> said @Ann Ash yesterday\n\nNo.",
        "a.b@Ann Ash",
    ],
)
def test_what_is_no_mention_names_nobody(speaker, thread, reader, body):
    speaker("Ann Ash")
    speaker("Ann")
    assert named(say(reader, thread, f"{body} Well.")) == set()


def test_nobody_is_found_who_has_not_spoken_here_in_public(
    thread, reader, newcomer, make_comment, make_story, settings
):
    elsewhere = Thread.objects.create(story=make_story())
    make_comment(author=newcomer, thread=elsewhere)
    withdrawn = make_comment(author=newcomer)
    withdraw_comment(author=newcomer, comment=withdrawn)
    settings.PRE_MODERATION = True
    make_comment(author=newcomer, status="pending")
    settings.PRE_MODERATION = False
    assert named(say(reader, thread, "@Ned Newcomer?")) == set()


def test_nobody_mentions_themselves(thread, reader, make_comment):
    make_comment(author=reader)
    assert named(say(reader, thread, "I, @Ruth Reader, said so.")) == set()


def test_a_crowd_is_not_called(speaker, thread, reader):
    names = [f"Guest{letter}" for letter in "abcdefgh"]
    for name in names:
        speaker(name)
    assert named(say(reader, thread, " ".join(f"@{name}" for name in names))) == set(names[:MOST_MENTIONS])


def test_twice_named_is_once_mentioned(speaker, thread, reader):
    speaker("Ann Ash")
    assert say(reader, thread, "@Ann Ash and @Ann Ash").mentions.count() == 1


def test_an_edit_changes_who_is_named(speaker, thread, reader):
    speaker("Ann Ash")
    speaker("Bob Birch")
    comment = say(reader, thread, "@Ann Ash")
    kept = comment.mentions.get()
    edited = edit_comment(author=reader, comment=comment, body="@Ann Ash and @Bob Birch")
    assert named(edited) == {"Ann Ash", "Bob Birch"} and kept in edited.mentions.all()
    assert named(edit_comment(author=reader, comment=edited, body="@Bob Birch")) == {"Bob Birch"}


@pytest.mark.parametrize("body", ["@a" * 2500, "@" + "a " * 2490, "@é\u0301" * 1200, "@山" * 2500])
def test_no_text_keeps_the_thread_locked_for_long(thread, reader, body):
    say(reader, thread, "Hello.")  # names of letters are looked up once
    began = time.process_time()
    say(reader, thread, body)
    assert time.process_time() - began < 0.5
