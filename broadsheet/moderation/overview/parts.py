"""A change's parts in the words of the desk's forms, for people. Programs read the names they are kept under."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.core import clock
from broadsheet.core.language import comma_list


def in_words(value: Any) -> str:
    """Any value as one reads it: yes and no, and lists without brackets."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return comma_list(f"{name}: {in_words(each)}" for name, each in value.items())
    if isinstance(value, list):
        return comma_list(map(in_words, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


class Part(NamedTuple):
    """What a part is called, and its values; `parts` where it is made of named ones itself."""

    label: str | Promise
    words: Callable[[Any], str] = in_words
    parts: Mapping[str, Part] | None = None
    is_told: bool = True  # False: another part says the same


class Told(NamedTuple):
    """One part of a change as the log shows it; `is_known` says that the name is words, and none that programs use."""

    name: str
    is_known: bool
    before: str
    after: str


def told(what: str, before: Any, after: Any) -> list[Told]:
    """A change in words, by the setting AUDIT_PARTS; a part that has none there keeps its name."""
    facts = {name: value for side in (before, after) if isinstance(side, dict) for name, value in side.items()}
    return list(_told(parts_of(what, facts), before, after))


def parts_of(what: str, facts: Mapping[str, Any]) -> Mapping[str, Part]:
    """What a thing of that code is made of; `facts` are what the change says of it."""
    path = settings.AUDIT_PARTS.get(what)
    found: Mapping[str, Part] = import_string(path)(facts) if path else {}
    return found


def _told(parts: Mapping[str, Part], before: Any, after: Any) -> Iterator[Told]:
    for name, old, new in differing(before, after):
        part = parts.get(name)
        if part is None:
            yield Told(name, False, in_words(old), in_words(new))
        elif part.parts is not None:
            yield from _told(part.parts, old, new)
        elif part.is_told:
            yield Told(str(part.label), True, _said(part, old), _said(part, new))


def _said(part: Part, value: Any) -> str:
    """A value in its part's words; as it is where it was kept in another shape once: the record is for ever."""
    try:
        return "" if value is None else part.words(value)
    except (TypeError, ValueError, LookupError):
        return in_words(value)


def differing(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    """What is another, part by part where both are made of named parts: name, before, after.

    Of what was made or removed as a whole, nothing is said of its empty parts.
    """
    if not isinstance(before or {}, dict) or not isinstance(after or {}, dict):
        return [("", before, after)]
    was, now = before or {}, after or {}
    pairs = [(name, was.get(name), now.get(name)) for name in dict.fromkeys([*was, *now])]
    return [(name, old, new) for name, old, new in pairs if old != new and ((was and now) or old or new)]


# --- For those who have parts -----------------------------------------------------------------------------------------

SECRET = Part(gettext_lazy("A new secret"), lambda value: _("yes") if value else "")


def of_form(form: type[forms.Form], **also: str) -> dict[str, Part]:
    """What a form asks for, in its words and those of its choices; `also` has the record's own names of some fields."""
    fields: dict[str, forms.Field] = dict(form.base_fields)
    fields |= {name: fields[field] for name, field in also.items()}
    return {name: Part(field.label or name, _words(field)) for name, field in fields.items()}


def _words(field: forms.Field) -> Callable[[Any], str]:
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return chosen(lambda: dict(list(field.choices)))  # type: ignore[arg-type]  # Django's iterator of pairs
    return in_words


def chosen(choices: Callable[[], Mapping[Any, Any]]) -> Callable[[Any], str]:
    """One or several of some choices, in their words."""

    def words(value: Any) -> str:
        if isinstance(value, list):
            return comma_list(map(words, value))
        return str(choices().get(value, value)) if value else in_words(value)

    return words


def row(model: type[Model]) -> Callable[[Any], str]:
    """A row by its number, as it is called now; the number where it is gone."""
    return lambda number: str(model._default_manager.filter(pk=number).first() or number)


def moment(written: str) -> str:
    """A moment that the record has as ISO 8601; "" is none."""
    return clock.comment_moment(datetime.fromisoformat(written)) if written else ""
