"""The words in which an import tells what it did."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.core import clock
from broadsheet.stories.models import Credit
from broadsheet.wire.pages.actions import Imported
from broadsheet.wire.pages.page_text import PageText
from broadsheet.wire.pages.sheet import Remark

LONGEST_QUOTE = 90  # characters of a line that are repeated in the report; its number finds the rest


def lines(page: PageText, imported: Imported) -> Iterator[str]:
    """The report, line by line: what was made, what is missing, and each line that has no place."""
    yield f"Story:      {page.headline}"
    yield f"            {_fate(imported)}"
    yield f"Dateline:   {page.place}, {clock.story_moment(page.moment)} ({page.moment:%Y-%m-%d %H:%M} UTC)"
    if page.agency:
        yield f"Agency:     {page.agency}"
    if page.caption or page.picture_credit:
        yield f"Picture:    caption and credit ({page.picture_credit or 'none'}), without the picture"
    yield f"Topics:     {', '.join(page.topics) or 'none on the page'}"
    yield f"Body:       {_counted(len(page.body), 'part')}"
    yield f"Credits:    {'; '.join(_credits(page)) or 'none on the page'}"
    yield f"Comments:   {_comments(page, imported)}"
    yield f"Discussion: {'closed' if page.closed else 'the page does not say that it is closed'}"
    yield f"File:       {page.encoding}"
    yield from imported.notes
    yield from _remarks("Recognised as the page's own furniture and not stored", page.furniture)
    yield from _remarks("To look at", page.unplaced)
    if not page.unplaced:
        yield "Every line of the file has its place."


def _fate(imported: Imported) -> str:
    story = imported.story
    if not imported.is_new:
        return f"known since an earlier import, as story {story.pk}; not changed"
    where = f"in the section {imported.section}{' (made now)' if imported.section_made else ''}"
    if imported.lacks:
        return f"made as a draft {where}; to be published it needs more. {' '.join(imported.lacks)}"
    if not story.is_public():
        return f"made {where}, under embargo until its own moment"
    return f"made and published {where}"


def _credits(page: PageText) -> Iterator[str]:
    for role in Credit.Role:
        names = [credit.name for credit in page.credits if credit.role == role.value]
        if names:
            yield f"{role.label} by {' and '.join(names)}"


def _comments(page: PageText, imported: Imported) -> str:
    said = f"{imported.comments_added} added, {imported.comments_known} known before"
    if page.claimed is None:
        return f"{said}; the page does not say how many there are"
    shown = len(page.comments)
    if page.claimed == shown:
        return f"{said}; the page says {page.claimed} and shows {shown}"
    said = f"{said}; the page says {page.claimed} comments and shows {shown}"
    return f"{said}: {imported.missing} counted as missing, nothing invented" if imported.missing else said


def _remarks(title: str, remarks: tuple[Remark, ...]) -> Iterator[str]:
    if remarks:
        yield f"{title} ({_counted(len(remarks), 'line')}):"
    for remark in remarks:
        words = remark.text if len(remark.text) <= LONGEST_QUOTE else remark.text[: LONGEST_QUOTE - 1] + "…"
        yield f"  line {remark.line}: {remark.why}: {words}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
