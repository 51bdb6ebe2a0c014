"""Turns what a format's reader found into stories and discussions, in one transaction for each file."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.html import escape

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.core.text import is_blank, plain, readable
from broadsheet.delivery.freshness import touch
from broadsheet.discussion.actions import close_thread, import_comment, thread_for
from broadsheet.discussion.models import Comment, Thread
from broadsheet.stories.actions import publish_story
from broadsheet.stories.models import Credit, Story
from broadsheet.stories.rules import missing_for_publication
from broadsheet.wire.by_name import person_named, section_named, topic_named
from broadsheet.wire.pages.discussion_text import PageComment
from broadsheet.wire.pages.page_text import PageText


@dataclass
class Imported:
    """What one file became, for the report."""

    story: Story
    is_new: bool
    section: str = ""  # the name of the one it was put in
    section_made: bool = False
    comments_added: int = 0
    comments_known: int = 0
    missing: int = 0  # comments that the page counts and does not show
    lacks: list[str] = field(default_factory=list)  # what keeps a new story from publication; empty: it is published
    notes: list[str] = field(default_factory=list)  # sentences about what differs from the page or could not be taken


def import_page(page: PageText, *, section: str = "", dry_run: bool = False) -> Imported:
    """Make the story and the discussion of a captured page, or bring those it made before up to date.

    The same page is known by headline, moment and place: then only comments that are new are added, and the story stays
    in its section. A new one goes to `section`, made if it is not there, or to the archive. With `dry_run`
    everything is done and undone. Raises Unacceptable (nothing has changed then); Stale when the same page is being
    imported at this moment.
    """
    try:
        with transaction.atomic():
            imported = _import(page, section)
            if dry_run:
                transaction.set_rollback(True)
    except IntegrityError:
        raise Stale("Somebody has changed the same things at this moment; nothing was imported. Try again.") from None
    return imported


def source_key(page: PageText) -> str:
    """What tells this page from every other: its headline, moment and place."""
    return hashlib.sha256(f"{page.headline}\n{page.moment.isoformat()}\n{page.place}".encode()).hexdigest()


def _import(page: PageText, section: str) -> Imported:
    standing = Story.objects.filter(source_key=source_key(page)).first()
    imported = Imported(standing, is_new=False) if standing else _make_story(page, section)
    if standing and section.strip().casefold() not in ("", str(standing.section).casefold()):
        imported.notes.append(
            f"The story was left in its section ({standing.section or 'none'}); the desk can move it."
        )
    if standing and _parts(standing) != [(part.kind, _flat(part.text)) for part in page.body]:
        imported.notes.append("The body on the page is not the story's body any more; the story was left as it is.")
    _bring_comments(page, imported)
    return imported


def _make_story(page: PageText, section: str) -> Imported:
    imported = Imported(Story(), is_new=True)
    story = imported.story = Story(
        headline=readable(page.headline, most=200, what="Headline", lines=False),
        place=readable(page.place, most=120, what="Place in the dateline", lines=False),
        agency=_fitting(page.agency, 80, "Agency", imported),
        published_at=page.moment,
        source_key=source_key(page),
        lead_caption=_fitting(page.caption, 1000, "Caption", imported),
        lead_creator=_fitting(page.creator, 120, "Name of the picture's creator", imported),
        lead_credit=_fitting(page.picture_credit, 120, "Credit of the picture", imported),
        body=[
            (part.kind, f"<p>{escape(part.text)}</p>" if part.kind == "paragraph" else part.text) for part in page.body
        ],
    )
    story.section, imported.section_made = section_named(section or "Archive")
    imported.section = story.section.name
    for order, credit in enumerate(page.credits):
        story.credits.add(Credit(role=credit.role, person=person_named(credit.name), sort_order=order))
    story.topics.set([topic_named(name) for name in page.topics])
    story.fill_slug()
    if lacks := missing_for_publication(story):
        imported.lacks = lacks
        story.live = False
        story.save()
        story.save_revision()
    else:
        imported.story = publish_story(story=story, at=page.moment)
    return imported


def _fitting(text: str, most: int, what: str, imported: Imported) -> str:
    """The text, or nothing where it is too long to store; that is noted."""
    try:
        return readable(text, most=most, what=what, lines=False)
    except Unacceptable as refusal:
        imported.notes.append(f"Left out: {refusal.sentence}")
        return ""


def _parts(story: Story) -> list[tuple[str, str]]:
    """A stored body as the reader of a page would have found it."""
    return [(part.block_type, plain(str(getattr(part.value, "source", escape(part.value))))) for part in story.body]


def _flat(text: str) -> str:
    return plain(str(escape(text)))


def _bring_comments(page: PageText, imported: Imported) -> None:
    if page.claimed is None and not page.comments and not page.closed:
        return
    thread = thread_for(imported.story)
    known = Counter(_imported_before(thread))
    for comment in page.comments:
        mark = _mark(comment.author_name, comment.written_at, comment.words)
        if known[mark]:
            known[mark] -= 1
            imported.comments_known += 1
        elif _bring_comment(thread, comment, imported):
            imported.comments_added += 1
    shown = sum(known.values()) + imported.comments_known + imported.comments_added
    imported.missing = max(0, (page.claimed or 0) - shown)
    if page.closed:
        _close(thread, page)
    if Thread.objects.filter(pk=thread.pk).exclude(missing=imported.missing).update(missing=imported.missing):
        touch(thread.tag)


def _imported_before(thread: Thread) -> list[str]:
    """Marks of the comments that came from captures of this page, whatever has become of them since."""
    rows = Comment.objects.filter(thread=thread, author=None).values_list("author_name", "created_at", "body")
    return [_mark(*row) for row in rows]


def _mark(name: str, moment: datetime, body: str) -> str:
    return f"{' '.join(name.split())}\n{moment.isoformat()}\n{body.strip()}"


def _bring_comment(thread: Thread, comment: PageComment, imported: Imported) -> bool:
    if is_blank(comment.words):
        imported.notes.append(
            f"The comment by {comment.author_name} of {clock.comment_moment(comment.written_at)} has no words; "
            "it was not imported."
        )
        return False
    try:
        import_comment(
            thread=thread, author_name=comment.author_name, body=comment.words, created_at=comment.written_at
        )
    except Refused as refusal:
        imported.notes.append(f"A comment by {comment.author_name} was not imported: {refusal.sentence}")
        return False
    return True


def _close(thread: Thread, page: PageText) -> None:
    """Close what the page shows closed. When that happened no page says; it cannot have been before its last comment.

    Stored, not left to the newsroom's period, so that a longer period does not open an old discussion again.
    """
    thread = thread_for(thread.story)
    if thread.closed_at is not None:
        return
    last = max([page.moment, *(comment.written_at for comment in page.comments)])
    close_thread(thread=thread, at=min(clock.now(), max(page.moment + thread.period, last)))
