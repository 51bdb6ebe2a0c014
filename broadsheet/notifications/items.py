"""A notification in words: looked up in the moment it is shown, from what its reader may read now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.accounts.models import Reader
from broadsheet.core import text
from broadsheet.core.language import number, with_html
from broadsheet.discussion.models import Comment
from broadsheet.notifications.models import GATHERED, Kind, Notification
from broadsheet.notifications.sight import MOST_COUNTED, gathered_by, standing
from broadsheet.stories.models import Notice

LONGEST_EXCERPT = 280  # characters: what a phone shows of it without scrolling


@dataclass(frozen=True)
class Told:
    """A sentence with places for `parts`, what follows it, and where it leads to."""

    sentence: str
    address: str
    parts: dict[str, str] = field(default_factory=dict)
    excerpt: str = ""  # somebody's words, as plain text
    detail: str = ""  # ours


@dataclass(frozen=True)
class Item:
    """One notification as a list or an e-mail shows it."""

    notification: Notification
    told: Told

    @property
    def pk(self) -> int:
        return self.notification.pk

    @property
    def is_seen(self) -> bool:
        return self.notification.is_seen

    @property
    def moment(self) -> datetime:
        return self.notification.created_at

    @property
    def html(self) -> SafeString:
        """The sentence for a page; a name or a headline keeps its own direction in it."""
        parts = {name: format_html("<bdi>{}</bdi>", part) for name, part in self.told.parts.items()}
        return with_html(self.told.sentence, **parts)

    @property
    def words(self) -> str:
        """The sentence for an e-mail or a browser's notice: one line, nothing in it that a program makes a link of."""
        return self.told.sentence % {name: harmless(part) for name, part in self.told.parts.items()}

    @property
    def excerpt(self) -> str:
        return harmless(self.told.excerpt)

    @property
    def link(self) -> str:
        """The full address, for an e-mail. It leads straight there: opening it says nothing about who opened it."""
        return f"{settings.SITE_URL}{self.told.address}"


def items(reader: Reader, notifications: Iterable[Notification]) -> list[Item]:
    """These notifications in words, but for those that have nothing left to tell."""
    found = ((each, _tell(each, reader)) for each in notifications)
    return [Item(each, told) for each, told in found if told]


def still_standing(reader: Reader, numbers: Iterable[int]) -> list[Item]:
    """What these notifications tell now, the latest first."""
    rows = standing(reader).filter(pk__in=list(numbers)).order_by("-pk")
    return items(reader, rows.select_related("thread__story", "comment", "person"))


def _tell(notification: Notification, reader: Reader) -> Told | None:
    if notification.kind in settings.NOTIFICATION_TELLERS:
        told: Told | None = import_string(settings.NOTIFICATION_TELLERS[notification.kind])(notification)
        return told
    if notification.kind in GATHERED:
        return _gathered(notification, reader)
    comment = notification.comment
    if comment is None:
        return None
    return {Kind.MENTION: _mention, Kind.PICK: _pick, Kind.CORRECTION: correction}[Kind(notification.kind)](
        notification, comment
    )


def _gathered(notification: Notification, reader: Reader) -> Told | None:
    """Of one new comment its words, of several their number."""
    rows = gathered_by(notification, reader).only("author_name", "html", "withheld", "thread")
    found = list(rows[: MOST_COUNTED + 1])
    if not found:
        return None
    first, story = found[-1], notification.headline
    address = reverse("comment", args=[first.pk])
    if len(found) == 1:
        sentence = {
            Kind.REPLY: _("%(name)s replied to your comment on “%(story)s”"),
            Kind.THREAD: _("%(name)s commented on “%(story)s”, which you follow"),
            Kind.PERSON: _("%(name)s, whom you follow, commented on “%(story)s”"),
        }[Kind(notification.kind)]
        return Told(sentence, address, {"name": first.author_name, "story": story}, excerpt_of(first))
    many = len(found) > MOST_COUNTED
    parts = {"number": number(min(len(found), MOST_COUNTED)), "name": first.author_name, "story": story}
    return Told(_several(Kind(notification.kind), min(len(found), MOST_COUNTED), many), address, parts)


def _several(kind: Kind, count: int, many: bool) -> str:
    if many:
        return {
            Kind.REPLY: _("More than %(number)s new replies to your comment on “%(story)s”"),
            Kind.THREAD: _("More than %(number)s new comments on “%(story)s”, which you follow"),
            Kind.PERSON: _("%(name)s, whom you follow, wrote more than %(number)s comments on “%(story)s”"),
        }[kind]
    return {
        Kind.REPLY: ngettext(
            "%(number)s new reply to your comment on “%(story)s”",
            "%(number)s new replies to your comment on “%(story)s”",
            count,
        ),
        Kind.THREAD: ngettext(
            "%(number)s new comment on “%(story)s”, which you follow",
            "%(number)s new comments on “%(story)s”, which you follow",
            count,
        ),
        Kind.PERSON: ngettext(
            "%(name)s, whom you follow, wrote %(number)s comment on “%(story)s”",
            "%(name)s, whom you follow, wrote %(number)s comments on “%(story)s”",
            count,
        ),
    }[kind]


def _mention(notification: Notification, comment: Comment) -> Told:
    parts = {"name": comment.author_name, "story": notification.headline}
    sentence = _("%(name)s named you in a comment on “%(story)s”")
    return Told(sentence, reverse("comment", args=[comment.pk]), parts, excerpt_of(comment))


def _pick(notification: Notification, comment: Comment) -> Told:
    parts = {"story": notification.headline}
    sentence = _("An editor picked your comment on “%(story)s”")
    return Told(sentence, reverse("comment", args=[comment.pk]), parts, excerpt_of(comment))


def correction(notification: Notification, comment: Comment) -> Told:
    """With the notice's own words, which are public; without them where it has been taken back."""
    story = comment.thread.story
    notice = Notice.objects.filter(pk=notification.number or 0, story=story).first()
    sentence = _("Thank you: your comment on “%(story)s” led to a correction")
    address = f"{story.get_absolute_url()}#notice-{notice.pk}" if notice else story.get_absolute_url()
    return Told(sentence, address, {"story": story.headline}, detail=notice.text if notice else "")


def excerpt_of(comment: Comment) -> str:
    """The beginning of a comment as plain text: no link, no picture, no mark-up."""
    return Truncator(text.plain(comment.shown_html())).chars(LONGEST_EXCERPT)


_SCHEME = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}:(?:/+|(?=\w))")
_WWW_DOT = re.compile(r"(?<=\w)[.。．｡](?=[^\W\d_]{2})")  # "3.14" and "e.g." are no addresses
_AT = re.compile(r"(?<=\w)[@＠](?=\w)")


def harmless(words: str) -> str:
    """Text in which no mail program finds a link: "example[.]org". A reader's link in our mail would look like ours."""
    return _AT.sub("[@]", _WWW_DOT.sub("[.]", _SCHEME.sub("", " ".join(words.split()))))
