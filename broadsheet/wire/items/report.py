"""The words in which an import of items tells what it did."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.core import clock
from broadsheet.stories.models import Credit
from broadsheet.wire.items.arrival import Arrival, Fate
from broadsheet.wire.items.item import CANCELED

_FATES = {
    Fate.KNOWN: "known; nothing was changed",
    Fate.OLDER: "an older version than the one that is here; nothing was changed",
    Fate.LEFT: "left as it is",
    Fate.WITHDRAWN: "withdrawn, with a notice that says so",
    Fate.STOPPED: "killed before it was published: the draft has the notice, and cannot be published with it",
    Fate.NEVER: "killed; it is not here, and will not be taken when an earlier version comes late",
}


def lines(arrival: Arrival) -> Iterator[str]:
    """The report of one item, line by line: what became of it, what it brought, and what has no place."""
    item, story = arrival.item, arrival.story
    yield f"Item:       {item.uri}, version {item.version}"
    number = f", as story {story.pk}" if story else ""
    yield f"            {_fate(arrival)}{number}"
    if item.status != CANCELED and arrival.fate in {Fate.MADE, Fate.UPDATED} and story:
        yield f"Story:      {item.headline}"
        yield f"Dateline:   {story.place or 'none'}{f' ({story.agency})' if story.agency else ''}"
        yield f"Section:    {story.section or 'none'}{' (made now)' if arrival.section_made else ''}"
        yield f"Credits:    {'; '.join(_credits(arrival)) or 'none'}"
        yield f"Topics:     {', '.join(topic.name for topic in item.topics) or 'none'}"
    yield from arrival.notes


def _fate(arrival: Arrival) -> str:
    story = arrival.story
    if arrival.fate not in {Fate.MADE, Fate.UPDATED} or story is None:
        return _FATES[arrival.fate]
    made = "made" if arrival.fate is Fate.MADE else "brought up to date"
    lacks = f"; to be published it needs more. {' '.join(arrival.lacks)}" if arrival.lacks else ""
    if story.live and story.published_at:
        when = clock.story_moment(story.published_at)
        if story.has_unpublished_changes:
            return f"{made} as a draft behind the published story{lacks}"
        return f"{made} and published" if story.is_public() else f"{made}, under embargo until {when}"
    embargo = f", under embargo until {clock.story_moment(story.published_at)}" if story.published_at else ""
    return f"{made} as a draft at the desk{embargo}{lacks}"


def _credits(arrival: Arrival) -> Iterator[str]:
    for role in Credit.Role:
        names = [one.name for one in arrival.item.contributors if one.role == role.value]
        if names:
            yield f"{role.label} by {' and '.join(names)}"
