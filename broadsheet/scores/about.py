"""What a scorer is told beside a comment's words: the story and what was said under it, and how the comment came in."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.text import search_words
from broadsheet.discussion.checks import Submission
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.moderation import likeness
from broadsheet.scores.asking import Asked
from broadsheet.scores.models import Linked
from broadsheet.scoring.answers import Facts, Link, Story
from broadsheet.scoring.detectors import find_links
from broadsheet.scoring.relevance import LOOKED_AT, OPENING_WORDS
from broadsheet.stories.models import Story as Published

HOSTS = 8  # of one comment that are looked up
OF_A_HOST = 200  # comments with a link there, the latest
LATELY = timedelta(days=7)  # in which a repeat is one
RATE = timedelta(hours=1)
MOST_COUNTED = 60  # of an author's comments: more say nothing more
STORIES = 64  # remembered in a process
ELSEWHERE = 12  # other stories, the newest


@dataclass(frozen=True)
class Comes:
    """How a comment came in: who wrote it, when, and as which row, where it has one."""

    text: str
    author: Reader | None
    at: datetime
    number: int = 0
    honeypot: bool = False


def of_submission(submission: Submission) -> Asked:
    """What the scorer is asked about something that is about to be posted or changed."""
    before = submission.comment
    comes = Comes(
        submission.body,
        submission.author,
        before.created_at if before else clock.now(),
        before.pk if before else 0,
        submission.honeypot,
    )
    return Asked(submission.body, story_of(submission.thread, submission.parent, comes.number), facts_of(comes))


def of_comment(comment: Comment, *, honeypot: bool = False) -> Asked:
    """What the scorer is asked about a comment that is there."""
    comes = Comes(comment.body, comment.author, comment.created_at, comment.pk, honeypot)
    return Asked(comment.body, story_of(comment.thread, comment.parent, comment.pk), facts_of(comes))


_stories: OrderedDict[str, Story] = OrderedDict()
_lock = Lock()


def story_of(thread: Thread, parent: Comment | None, number: int) -> Story:
    """What a comment stands under, as it is at this revision of the discussion; remembered for the next."""
    key = f"{thread.pk}.{thread.revision}.{parent.pk if parent else ''}.{number}"
    with _lock:
        if known := _stories.get(key):
            return known
    made = _story(thread, parent, number, key)
    with _lock:
        _stories[key] = made
        while len(_stories) > STORIES:
            _stories.popitem(last=False)
    return made


def _story(thread: Thread, parent: Comment | None, number: int, key: str) -> Story:
    words = thread.story.words or thread.story.standfirst  # of a story on another site only that is here
    others = thread.comments.filter(status=Status.PUBLISHED).exclude(pk=number).order_by("-pk")
    accepted = tuple(reversed(others.values_list("body", flat=True)[:LOOKED_AT]))
    hosts = {host for text in (words, *accepted) for _, _, host in find_links(text)}
    return Story(
        key=key,
        headline=thread.story.headline,
        opening=" ".join(words.split()[:OPENING_WORDS]),
        accepted=accepted,
        parent=parent.body if parent and parent.is_public else "",
        others=_others(thread.pk),
        hosts=tuple(sorted(hosts)),
    )


def _others(number: int) -> tuple[str, ...]:
    """What else the paper writes about these days: a comment that is nearer to that is not about its own story."""
    newest = Published.objects.public(clock.now()).exclude(pk=number).values_list("headline", "standfirst")
    return tuple(f"{headline}. {standfirst}".strip(". ") for headline, standfirst in newest[:ELSEWHERE])


def facts_of(comes: Comes) -> Facts:
    """How a comment came in, as far as the site knows it: at most eight short queries."""
    return Facts(
        links=records(hosts_in(comes.text), comes.number),
        own_hosts=(urlsplit(settings.SITE_URL).hostname or "",),
        near_duplicates=_repeats(comes),
        honeypot=comes.honeypot,
        **_author(comes),
    )


def hosts_in(text: str) -> list[str]:
    """The servers that a text links to, each once."""
    return list(dict.fromkeys(host for _, _, host in find_links(text)))[:HOSTS]


def records(hosts: Iterable[str], number: int = 0) -> tuple[Link, ...]:
    """What became of the latest comments that link there, that one left out."""
    return tuple(_record(host, number) for host in hosts)


def _record(host: str, number: int) -> Link:
    rows = Linked.objects.filter(host=host).exclude(comment=number).order_by("-comment")
    became = Counter(rows.values_list("comment__status", flat=True)[:OF_A_HOST])
    return Link(host, became[Status.PUBLISHED], became[Status.REJECTED])


def _repeats(comes: Comes) -> int:
    """How many comments say nearly the same, lately."""
    asked = Comment(pk=comes.number, words=search_words(comes.text))
    return sum(
        comes.at - LATELY < each.comment.created_at <= comes.at for each in likeness.alike([asked])[comes.number]
    )


def _author(comes: Comes) -> dict[str, Any]:
    """What the account has done until then. Minutes only say whether it is an hour old, or five minutes."""
    if comes.author is None:
        return {}
    minutes = (comes.at - comes.author.date_joined) / timedelta(minutes=1)
    own = Comment.objects.filter(author=comes.author, created_at__lte=comes.at).exclude(pk=comes.number).order_by()
    return {
        "account_minutes": next((limit for limit in (4.0, 59.0) if minutes <= limit + 1), 60.0),
        "approved_before": own.filter(status=Status.PUBLISHED)[:MOST_COUNTED].count(),
        "posts_last_hour": own.filter(created_at__gt=comes.at - RATE)[:MOST_COUNTED].count(),
    }
