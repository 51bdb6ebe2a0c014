"""What stands round a story's body: credits, topics, notices, related stories. Two queries, however much there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db.models import CharField, DateTimeField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.html import format_html

from broadsheet.core.text import plain
from broadsheet.stories import release
from broadsheet.stories.models import Credit, Notice, RelatedStory, Story, Topic

MOST_RELATED = 6
Credited = TypeVar("Credited")
LISTED = ("body", "body_html")  # what no list shows, and so no list reads


class Name(NamedTuple):
    """A person or a topic as the story names it."""

    name: str
    slug: str
    job: str = ""


class Word(NamedTuple):
    """A dated notice."""

    kind: str
    text: str
    made_at: datetime
    number: int = 0
    thanks_to: int = 0  # the number of the comment that led to it; 0 for none

    @property
    def label(self) -> str:
        return str(Notice.Kind(self.kind).label)


@dataclass
class Furniture:
    """What a story page shows beside the story's own row."""

    credits: dict[str, list[Name]] = field(default_factory=dict)  # role -> people, in the desk's order
    topics: list[Name] = field(default_factory=list)
    notices: list[Word] = field(default_factory=list)  # newest first
    related: list[Any] = field(default_factory=list)  # stories, the chosen ones first
    next_change: datetime | None = None  # when an embargo ends somewhere, and with it the related stories

    @property
    def byline(self) -> list[Name]:
        return byline(self.credits)

    @property
    def credit_line(self) -> list[tuple[Credit.Role, list[Name]]]:
        """The line at the end: who did what, in the order newsrooms print it."""
        return [(role, self.credits[role]) for role in Credit.Role if self.credits.get(role)]


def byline(credits: dict[str, list[Credited]]) -> list[Credited]:
    """Who stands under the headline: who reported and who wrote, each once; in a photo feature who photographed."""
    roles = [Credit.Role.REPORTING, Credit.Role.WRITING]
    named = [one for role in roles for one in credits.get(role, [])]
    return list(dict.fromkeys(named or credits.get(Credit.Role.PHOTOGRAPHY, [])))


def furniture(story: Story, now: datetime) -> Furniture:
    """Read what stands round a public story: one query for its rows and one for the related stories."""
    found = Furniture()
    chosen: list[int] = []
    by_topic: list[tuple[datetime, int]] = []
    for what, _, one, two, three, moment in sorted(_rows(story, now), key=lambda row: (row[0], row[1] or 0)):
        if what == "credit":
            found.credits.setdefault(one, []).append(Name(two, three.partition(" ")[0], three.partition(" ")[2]))
        elif what == "topic":
            found.topics.append(Name(one, two))
        elif what == "notice":
            number, _, thanks_to = three.partition(" ")
            found.notices.append(Word(one, two, moment, int(number), int(thanks_to or 0)))
        elif what == "chosen":
            chosen.append(int(one))
        elif what == "by topic":
            by_topic.append((moment, int(one)))
        elif what == "next":
            found.next_change = moment
    found.topics.sort()
    found.notices.sort(key=lambda word: word.made_at, reverse=True)
    by_age = [pk for _, pk in sorted(by_topic, reverse=True)]
    found.related = stories_in_order([*chosen, *by_age], now)[:MOST_RELATED]
    return found


def draft_furniture(story: Story, now: datetime) -> Furniture:
    """The same for a draft at the desk, whose relations are not in the database yet."""
    found = Furniture(topics=sorted(Name(topic.name, topic.slug) for topic in story.topics.all()))
    for credit in story.credits.all():
        person = credit.person
        found.credits.setdefault(credit.role, []).append(Name(person.name, person.slug, person.job))
    shown = release.shown_from(story, now) or now
    found.notices = [Word(notice.kind, notice.text, notice.made_at or shown) for notice in story.notices.all()]
    found.notices.sort(key=lambda word: word.made_at, reverse=True)
    chosen = [related.other_id for related in story.related.all() if related.other_id]
    found.related = stories_in_order(chosen, now)[:MOST_RELATED]
    return found


def stories_in_order(pks: Iterable[int], now: datetime) -> list[Story]:
    """These stories in this order, each once, without those that readers may not see."""
    wanted = list(dict.fromkeys(pks))
    rows: dict[int, Story] = Story.objects.public(now).select_related("section", "lead_picture").defer(
        *LISTED
    ).in_bulk(wanted) if wanted else {}  # fmt: skip
    return [rows[pk] for pk in wanted if pk in rows]


def _rows(story: Story, now: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """(what, place, three texts, moment) of everything, in one UNION: each part comes from one index."""
    through = Story.topics.through.objects
    on_topic = through.filter(topic__in=through.filter(story=story.pk).values("topic_id"))
    nearest = (
        Story.objects.public(now)
        .ours()
        .filter(pk__in=on_topic.values("story_id"))
        .exclude(pk=story.pk)
        .order_by("-published_at", "-pk")
        .values("pk")[: MOST_RELATED + 2]
    )
    embargoed = Story.objects.filter(live=True, published_at__gt=now, withdrawn_at__isnull=True)
    upcoming = embargoed.order_by("published_at").values("pk")[:1]
    parts = [
        _part(
            Credit.objects.filter(story=story.pk), "credit", "sort_order", "role", "person__name",
            _joined("person__slug", "person__job"),
        ),
        _part(Topic.objects.filter(stories=story.pk), "topic", None, "name", "slug"),
        _part(
            Notice.objects.filter(story=story.pk), "notice", "sort_order", "kind", "text",
            _joined(_text("pk"), Coalesce(_text("thanks_to"), Value(""), output_field=TextField())), moment="made_at",
        ),
        _part(RelatedStory.objects.filter(story=story.pk), "chosen", "sort_order", _text("other_id")),
        _part(Story.objects.filter(pk__in=nearest), "by topic", None, _text("pk"), moment="published_at"),
        _part(Story.objects.filter(pk__in=upcoming), "next", None, moment="published_at"),
    ]  # fmt: skip
    rows: QuerySet[Any, tuple[Any, ...]] = parts[0].union(*parts[1:], all=True)
    return rows


def _part(rows: Any, what: str, place: str | None, *texts: Any, moment: str | None = None) -> Any:
    """One arm of the union, each column cast to one type, as PostgreSQL wants it."""
    columns = {
        "bs_what": Value(what, output_field=CharField()),
        "bs_place": Cast(F(place) if place else Value(0), IntegerField()),
        # A moment that is there needs no cast, which on SQLite would round it.
        "bs_moment": F(moment) if moment else Cast(Value(None), DateTimeField()),
    }
    for number in range(3):
        value = texts[number] if number < len(texts) else Value("")
        columns[f"bs_text_{number}"] = Cast(F(value) if isinstance(value, str) else value, TextField())
    return (
        rows.order_by()
        .annotate(**columns)
        .values_list("bs_what", "bs_place", "bs_text_0", "bs_text_1", "bs_text_2", "bs_moment")
    )


def _text(name: str) -> Any:
    return Cast(F(name), TextField())


def _joined(first: Any, second: Any) -> Any:
    """Two columns as one text, a space between them; the first has none of its own (a slug, a number)."""
    return Concat(first, Value(" "), second, output_field=TextField())


def dateline(story: Story) -> str:
    """SOCHI, Russia (Reuters) - : what leads the first paragraph; empty for a story without a place."""
    if not story.place:
        return ""
    agency = story.agency or settings.AGENCY
    return f"{story.place} ({agency}) - " if agency else f"{story.place} - "


def body_with_dateline(story: Story) -> str:
    """The story's HTML with the dateline leading its first paragraph; still to be cleaned on the way out."""
    lead, body = dateline(story), str(story.body_html)
    if not lead or story.kind == Story.Kind.FEATURE or plain(body[:2000]).startswith(lead.strip()):
        return body
    words = format_html('<span class="dateline">{}</span>', lead.rstrip())
    if body.startswith("<p>"):
        return f"<p>{words} {body[3:]}"
    return f"<p>{words}</p>{body}"
