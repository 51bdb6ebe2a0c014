"""Loads the demo once, in one transaction."""

from __future__ import annotations

import random
from datetime import datetime

from django.db import transaction

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused
from broadsheet.demo import composing, talk
from broadsheet.demo.cast import Cast
from broadsheet.demo.newsroom import MARK, Newsroom
from broadsheet.demo.story_file import StoryText, read_stories
from broadsheet.demo.thread_file import read_thread
from broadsheet.demo.when import moment
from broadsheet.discussion.actions import thread_for
from broadsheet.discussion.models import Comment
from broadsheet.stories.models import Story

SEED = 1887  # the year the mill was built; any number would do, as long as it stays the same
LONG = "mill-bridge"  # the story whose discussion is the long one
LONG_COUNT = 400


def is_loaded() -> bool:
    """True when the demo's stories are here."""
    found: bool = Story.objects.filter(source_key__startswith=MARK).exists()
    return found


def load(now: datetime, *, force: bool = False) -> tuple[int, int]:
    """Make the demo newsroom; returns how many stories and comments it has.

    Raises Refused, unless `force`, where the newsroom has stories or accounts of its own: the demo's passwords are known
    to everybody.
    """
    if not force and (Story.objects.exists() or Reader.objects.exists()):
        raise Refused(
            "This newsroom has stories or accounts of its own, and everybody knows the demo's passwords: nothing was "
            "loaded. Use an empty newsroom, or say --force."
        )
    texts = read_stories()
    with transaction.atomic():
        newsroom, cast, dice = Newsroom(now), Cast(now), random.Random(SEED)
        for text in texts:
            newsroom.publish(text)
        for text in texts:
            newsroom.relate(text)
            remarks = read_thread(text.name)
            if text.name == LONG:
                remarks = composing.lengthened(remarks, LONG_COUNT, dice)
            if remarks:
                thread = thread_for(newsroom.stories[text.name])
                end = min([talk.end_of(thread, now), *withdrawals(text, now)])
                talk.hold(thread, remarks, cast, start=moment(text.facts["published"], now), end=end, dice=dice)
            newsroom.notify(text)
        return len(texts), Comment.objects.count()


def withdrawals(text: StoryText, now: datetime) -> list[datetime]:
    """When the story is withdrawn: nobody writes under it after that."""
    return [moment(notice.when, now) for notice in text.notices if notice.kind == "withdrawal"]
