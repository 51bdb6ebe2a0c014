"""Sections, people and topics by the names that come over the wire."""

from __future__ import annotations

from django.utils.text import slugify

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import is_blank, readable
from broadsheet.stories.models import Person, Section, Topic


def section_named(name: str) -> tuple[Section, bool]:
    """The section of that name, and whether it was made now. Raises Unacceptable."""
    name = readable(name, most=60, what="Name of the section", lines=False)
    slug = slugify(name)[:60].strip("-")
    found = Section.objects.filter(name__iexact=name).first() or Section.objects.filter(slug=slug).first()
    if found is not None:
        return found, False
    if is_blank(name) or not slug:
        raise Unacceptable("A section needs a name with letters in it: --section Archive.")
    return Section.objects.create(name=name, slug=slug), True


def person_named(name: str) -> Person:
    """The person of that name, made if there is none."""
    found = Person.objects.filter(name__iexact=name).order_by("pk").first()
    return found or Person.objects.create(name=name, slug=_free_slug(name, Person))


def topic_named(name: str) -> Topic:
    """The topic of that name, made if there is none."""
    found = Topic.objects.filter(name__iexact=name).first()
    return found or Topic.objects.create(name=name, slug=_free_slug(name, Topic))


def _free_slug(name: str, table: type[Person] | type[Topic]) -> str:
    """The name as an address that nobody else has: jane-poe, jane-poe-2..."""
    most = 70
    wanted = slugify(name)[:most].strip("-") or table._meta.model_name or "name"
    taken = set(table._default_manager.filter(slug__startswith=wanted).values_list("slug", flat=True))
    tries = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in tries if slug not in taken)


def within(text: str, most: int) -> str:
    """One line of at most so many characters; an ellipsis stands for what is left out."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
