"""Filters that every template has: moments in the newsroom's zone, and text on its way out."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils.html import format_html, json_script
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe

from broadsheet.core import clock, language, text, troubles
from broadsheet.core.words import spoken

register = template.Library()


def _time(moment: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment.astimezone(UTC).isoformat(timespec="seconds"), words)


@register.filter
def story_time(moment: datetime) -> SafeString:
    """<time>Sat Feb 8, 2014 1:05pm EST</time>"""
    return _time(moment, clock.story_moment(moment))


@register.filter
def comment_time(moment: datetime) -> SafeString:
    """<time>Feb 08, 2014 3:42pm EST</time>"""
    return _time(moment, clock.comment_moment(moment))


@register.filter
def month(moment: datetime) -> str:
    """February 2014"""
    return clock.month(moment)


@register.filter
def cleaned_comment(html: str) -> SafeString:
    """A comment's stored HTML, cleaned once more on its way out."""
    return mark_safe(text.clean_comment_html(html))


@register.simple_tag
def marked_comment(html: str, body: str, spans: list[tuple[int, int]]) -> SafeString:
    """The same with what stands at these places of its body marked: for the moderators' desk."""
    return mark_safe(text.marked_comment_html(html, body, spans))


@register.filter
def cleaned_story(html: str) -> SafeString:
    """A story's stored HTML, cleaned once more on its way out."""
    return mark_safe(text.story_html(html))


@register.filter
def number(value: int) -> str:
    """1,234 as the newsroom's language writes it; for what people read, never for attributes and addresses."""
    return language.number(value)


@register.filter
def percent(hundredths: int) -> str:
    """37% as the newsroom's language writes it."""
    return language.percent(hundredths)


@register.simple_tag(name="troubles")
def standing_troubles() -> list[troubles.Trouble]:
    """What stands still just now, for the desk: `{% troubles as found %}`."""
    return troubles.standing()


@register.simple_tag
def words(app: str) -> SafeString:
    """What this page's scripts say: `{% words "discussion" %}` takes them from discussion/words.py. Once a page."""
    return json_script(spoken(import_string(f"broadsheet.{app}.words.WORDS")), "words")
