"""Loads the demo once, in one transaction."""

from __future__ import annotations

import random
from datetime import datetime

from django.db import transaction

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused
from broadsheet.demo import (
    applause,
    composing,
    desk_figures,
    desk_legal,
    desk_news,
    desk_people,
    desk_queues,
    desk_rules,
    desk_scores,
    talk,
)
from broadsheet.demo.cast import Cast
from broadsheet.demo.newsroom import MARK, Newsroom
from broadsheet.demo.story_file import StoryText, read_stories
from broadsheet.demo.thread_file import Remark, read_thread
from broadsheet.demo.when import moment
from broadsheet.discussion.actions import thread_for
from broadsheet.discussion.models import Comment, Thread
from broadsheet.moderation import arranging
from broadsheet.notifications.actions import send_nothing
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
        newsroom, dice = Newsroom(now), random.Random(SEED)
        cast, said = Cast(now, newsroom.people, newsroom.experts), list[tuple[Comment, Remark]]()
        for text in texts:
            newsroom.publish(text)
        for text in texts:
            newsroom.relate(text)
            remarks = read_thread(text.name)
            if text.name == LONG:
                remarks = composing.lengthened(remarks, LONG_COUNT, dice)
            if remarks:
                thread = arranged(thread_for(newsroom.stories[text.name]), text, cast)
                end = min([talk.end_of(thread, now), *withdrawals(text, now)])
                start = moment(text.facts["published"], now)
                said += zip(talk.hold(thread, remarks, cast, start=start, end=end, dice=dice), remarks, strict=True)
            newsroom.notify(text)
        applause.respect(said, cast, dice)
        applause.follow(newsroom.stories[LONG].thread, cast, now)
        desk_figures.show(cast, random.Random(SEED))
        desk_people.people(cast, now)
        desk_legal.legal_matters(newsroom.stories, cast)
        desk_rules.rules(cast, newsroom.stories[LONG].thread, now)
        desk_news.fill(newsroom.stories, cast, now)
        desk_queues.queues(cast)
        desk_scores.scores(cast, newsroom.stories[LONG].thread)
        send_nothing(readers=cast.everybody)  # to them it is no news, and nobody reads their mail
        return len(texts), Comment.objects.count()


def arranged(thread: Thread, text: StoryText, cast: Cast) -> Thread:
    """The discussion as its story's file wants it: what it takes, and who answers."""
    for name in text.listed("experts"):
        thread = arranging.name_expert(moderator=cast.moderator, thread=thread, reader=cast.reader(name))
    if mode := text.facts.get("mode"):
        thread = arranging.set_discussion_mode(moderator=cast.moderator, thread=thread, mode=mode)
    return thread


def withdrawals(text: StoryText, now: datetime) -> list[datetime]:
    """When the story is withdrawn: nobody writes under it after that."""
    return [moment(notice.when, now) for notice in text.notices if notice.kind == "withdrawal"]
