"""Loads the demo's stories: sections, people, topics, pictures and the stories themselves, through the newsroom's own actions."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

from django.utils.html import escape

from broadsheet.demo.story_file import CONTENT, Part, StoryText
from broadsheet.demo.when import moment, with_days
from broadsheet.stories.actions import add_notice, publish_story
from broadsheet.stories.models import Credit, Person, Picture, RelatedStory, Section, Story, Topic
from broadsheet.stories.pictures import add_picture

MARK = "demo:"  # begins the source key of every story of the demo

ROLES = {
    "Reporting": Credit.Role.REPORTING,
    "Additional reporting": Credit.Role.ADDITIONAL_REPORTING,
    "Writing": Credit.Role.WRITING,
    "Editing": Credit.Role.EDITING,
    "Photography": Credit.Role.PHOTOGRAPHY,
}


class Newsroom:
    """The demo's tables, by the names its files use."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        facts: dict[str, Any] = tomllib.loads((CONTENT / "newsroom.toml").read_text(encoding="utf-8"))
        self.sections = {row["slug"]: Section.objects.create(**row) for row in facts["section"]}
        self.people = {row["name"]: Person.objects.create(**row) for row in facts["person"]}
        self.topics = {row["name"]: Topic.objects.create(**row) for row in facts["topic"]}
        self.pictures = {row["file"]: _picture(**row) for row in facts["picture"]}
        self.experts: dict[str, str] = {row["name"]: row["expertise"] for row in facts["expert"]}
        self.stories: dict[str, Story] = {}

    def publish(self, text: StoryText) -> Story:
        """One story, published at its moment (which may be tomorrow), without its notices."""
        published = moment(text.facts["published"], self.now)
        story = Story(
            headline=text.facts["headline"],
            standfirst=with_days(text.facts.get("standfirst", ""), published),
            slug=text.name,
            slugline=text.facts.get("slugline", ""),
            kind=text.facts.get("kind", Story.Kind.STORY),
            section=self.sections[text.facts["section"]],
            urgency=int(text.facts.get("urgency", "5")),
            place=text.facts.get("place", "PENNOWAY"),
            lead_picture=self.pictures.get(text.facts.get("picture", "")),
            source_key=f"{MARK}{text.name}",
            body=[self._part(part, published) for part in text.body],
        )
        for order, credit in enumerate(text.listed("credits")):
            role, _, name = credit.partition(" by ")
            story.credits.add(Credit(role=ROLES[role], person=self.people[name], sort_order=order))
        story.topics.set([self.topics[name] for name in text.listed("topics")])
        self.stories[text.name] = publish_story(story=story, at=published)
        return self.stories[text.name]

    def relate(self, text: StoryText) -> None:
        """The stories the desk chose to show beside this one; they are published by now."""
        for order, name in enumerate(text.listed("related")):
            RelatedStory.objects.create(story=self.stories[text.name], other=self.stories[name], sort_order=order)

    def notify(self, text: StoryText) -> None:
        """The story's notices, the withdrawal among them; readers have commented by then."""
        published = moment(text.facts["published"], self.now)
        for notice in text.notices:
            words, when = with_days(notice.text, published), moment(notice.when, self.now)
            add_notice(story=self.stories[text.name], kind=notice.kind, text=words, at=when)

    def _part(self, part: Part, published: datetime) -> tuple[str, Any]:
        kind, words, more = part
        words = with_days(words, published)
        match kind:
            case "paragraph":
                return kind, f"<p>{escape(words)}</p>"
            case "quotation":
                return kind, {"words": words, "speaker": more}
            case "list":
                return kind, [escape(item) for item in words.splitlines()]
            case "picture":
                return kind, {"picture": self.pictures[words], "caption": more, "alt": "", "credit": ""}
            case "embed":
                return kind, {"address": more, "label": words}
        return kind, words


def _picture(*, file: str, title: str) -> Picture:
    """The caption, credit and alternative text are inside the file, and read from there like any supplier's."""
    with (CONTENT / "pictures" / f"{file}.jpg").open("rb") as opened:
        return add_picture(file=opened, title=title)
