"""`broadsheet embed`: begin the discussion of a page of another site, or say what is wrong with how it holds one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from broadsheet.core.refusals import Refused
from broadsheet.embed.checking import faults_of
from broadsheet.embed.host_page import HostPage, Told, moment
from broadsheet.embed.outside import ask, begin
from broadsheet.embed.sites import is_allowed
from broadsheet.stories.addresses import story_at
from broadsheet.stories.models import Section


class Command(BaseCommand):
    """For the engineer who puts discussions into pages of another site."""

    help = "Begin the discussion of a story on another site, or check a page that is to hold one."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help="begin the discussion of a page before its first reader comes")
        add.add_argument("url")
        add.add_argument("--headline", default="", help="with it the page is not asked")
        add.add_argument("--published", default="", help="when it was published, as 2026-11-30T08:00:00Z")
        add.add_argument("--section", default="", help="the slug of a section")
        acts.add_parser("check", help="say what is wrong with how a page holds its discussion").add_argument("url")

    def handle(self, *args: Any, **given: Any) -> None:
        if given["act"] == "check":
            self._check(given["url"])
        else:
            self._add(given["url"], Told(given["headline"], given["published"], given["section"]))

    def _add(self, url: str, told: Told) -> None:
        if told.published and moment(told.published) is None:
            raise CommandError("--published must be a moment such as 2026-11-30T08:00:00Z.")
        if told.section and not Section.objects.filter(slug=told.section).exists():
            raise CommandError(f"There is no section {told.section!r}.")
        if not is_allowed(url):
            raise CommandError(f"{url} is on no site that the setting embed_sites names.")
        try:
            page = HostPage(url) if told.title else ask(url)
            page.told = told
            story = begin(page=page, asks_for_it=False)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"“{story.headline}” has its discussion at {settings.SITE_URL}{story.get_absolute_url()}")

    def _check(self, url: str) -> None:
        faults = faults_of(url)
        for fault in faults:
            self.stdout.write(f"- {fault}")
        if faults:
            raise CommandError(f"{len(faults)} to mend at {url}")
        story = story_at(url)
        self.stdout.write(f"{url} can hold its discussion.")
        self.stdout.write(
            f"It is that of “{story.headline}”, {settings.SITE_URL}{story.get_absolute_url()}"
            if story
            else "Nobody has read it there yet: it begins with the first reader, or with `broadsheet embed add`."
        )
