"""Turns what other systems' files hold into discussions: each record once, however often the file comes.

All of the file is read and put in order first (`sorting`). Then comments come in by hundreds, each hundred in one
transaction: an import that is stopped keeps what it has, and goes on when it is started again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.discussion.actions import close_thread, thread_for
from broadsheet.discussion.arrivals import Coming, bring_up_to_date, give_to, take_in
from broadsheet.discussion.models import Comment, Mode, Thread
from broadsheet.discussion.modes import set_mode
from broadsheet.stories.actions import add_outside_story
from broadsheet.stories.addresses import plain_address, story_at
from broadsheet.stories.models import Story
from broadsheet.wire.by_name import section_named, within
from broadsheet.wire.discussions.coming import coming_of
from broadsheet.wire.discussions.found import (
    Found,
    FoundComment,
    FoundPerson,
    FoundStory,
    LeftOut,
    Lost,
    UnreadableFile,
    Unusable,
    instant,
)
from broadsheet.wire.discussions.known import as_left, known_by, touched_of
from broadsheet.wire.discussions.people import Cast, People
from broadsheet.wire.discussions.report import Brought, TooManyRefused
from broadsheet.wire.discussions.sorting import Row, Staging, staging
from broadsheet.wire.discussions.stories import make_story, named, standing_story, would_lack
from broadsheet.wire.models import LONGEST_KEY, SourceComment

BATCH = 200  # comments in one transaction: others who write wait for a tenth of a second


@dataclass(frozen=True)
class Wishes:
    """What whoever imports has asked for."""

    dry_run: bool = False
    make_stories: bool = False
    accounts: bool = False
    moderator: Reader | None = None  # in whose name those who were banned there are banned here
    section: str = ""
    place: str = ""


def bring_discussions(*, found: Iterable[Found], source: str, wishes: Wishes, brought: Brought) -> Brought:
    """Bring in what a reader has found. `source` stands before every number; empty where numbers have theirs already.

    Where the file breaks off, what stood before that comes in, and `brought.fault` says where. Raises Stale when
    another import of the same is under way.
    """
    with staging(settings.RUN_DIR, by_file=not source) as staged:
        try:
            _read(found, staged, brought)
            _Bringing(source, staged, wishes, brought).run()
        except TooManyRefused:
            brought.fault = brought.fault or f"more than {brought.most_refused} records were refused"
    return brought


def _read(found: Iterable[Found], staged: Staging, brought: Brought) -> None:
    try:
        for each in found:
            _stage(each, staged, brought)
    except UnreadableFile as fault:
        brought.fault = str(fault)


def _stage(each: Found, staged: Staging, brought: Brought) -> None:
    match each:
        case FoundStory():
            if not staged.add_story(each):
                brought.refuse(each.id, "a story of that number stands in the file already")
        case FoundPerson():
            staged.add_person(each)
        case FoundComment():
            if not staged.add_comment(each):
                brought.refuse(each.id, "a comment of that number stands in the file already")
        case LeftOut():
            brought.left_out[each.kind] += 1
        case Lost():
            brought.lost[each.what] += 1
        case Unusable():
            brought.refuse(each.id, each.why)


class _Bringing:
    """One import, from its file in order to rows."""

    def __init__(self, source: str, staged: Staging, wishes: Wishes, brought: Brought) -> None:
        self._source, self._staged, self._wishes, self._brought = source, staged, wishes, brought
        self._people = People(source, staged, wishes.accounts and not wishes.dry_run, wishes.moderator, brought)
        self._closed: dict[int, datetime | None] = {}

    def run(self) -> None:
        """Stories first, then their comments, then what is closed is closed."""
        for number in self._staged.homeless():
            self._brought.refuse(number, "the file does not hold what it was written under")
        self._settle_stories()
        self._people.list_all()
        self._staged.place()
        for number in self._staged.rings():
            self._brought.refuse(number, "it answers itself, by way of others")
        for target, rows in self._staged.batches(BATCH):
            self._bring(target, rows)
        if not self._wishes.dry_run:
            for target, closed_at in self._closed.items():
                _close(target, closed_at, self._staged.last_moment(target))

    # --- Stories ---

    def _settle_stories(self) -> None:
        for place, (found, comments, first) in enumerate(self._staged.stories(), start=1):
            story = self._standing(found)
            if story is not None:
                self._count("found", comments)
            elif self._wishes.make_stories and (comments or found.page):
                made = self._would_make if self._wishes.dry_run else self._make_story
                story = made(found, comments, first, place)
            elif comments:
                where = found.address or "(none)"
                self._leave(f"No story here has the address {where}; it has {comments} comments.", comments)
            self._staged.put(found.id, story.pk if story else None)
            if story and not self._wishes.dry_run:
                self._set_state(story, found)

    def _standing(self, found: FoundStory) -> Story | None:
        made = standing_story(self._source, found) if found.page else None
        return made or story_at(found.address)

    def _count(self, what: str, comments: int) -> None:
        if comments:
            self._brought.stories[what] += 1

    def _leave(self, why: str, comments: int) -> None:
        self._brought.stories["unknown and left"] += 1
        self._brought.comments["without a story and left"] += comments
        self._brought.note(why)

    def _may_stand_outside(self, found: FoundStory, comments: int) -> bool:
        """Whether a page here may be made for something on another site."""
        plain = plain_address(found.address)
        if plain is None:
            self._leave(f"“{found.headline[:80]}” has no address of a web page; it has {comments} comments.", comments)
        elif plain.startswith(f"{plain_address(settings.SITE_URL)}/"):
            self._leave(f"{found.address} is an address of this newsroom, and no story stands there.", comments)
        elif found.facts is not None and found.facts.get("public") is not True:
            self._leave(f"{found.address} was not public there, and its {comments} comments were left.", comments)
        else:
            return True
        return False

    def _would_make(self, found: FoundStory, comments: int, first: float | None, place: int) -> Story | None:
        """For a dry run: a story that is stored nowhere."""
        if found.page:
            lacks = would_lack(found, found.page, self._wishes.section, self._wishes.place, self._brought)
            self._brought.stories["made as drafts" if lacks else "made"] += 1
            if lacks:
                self._brought.note(f"{named(found)} would be a draft: {lacks}.")
        elif self._may_stand_outside(found, comments):
            self._brought.stories["made"] += 1
        else:
            return None
        return Story(pk=-place)

    def _make_story(self, found: FoundStory, comments: int, first: float | None, place: int) -> Story | None:
        """The story itself, where the file holds it; else a page here for what stands elsewhere. None: neither is."""
        if found.page:
            return make_story(
                found=found,
                page=found.page,
                source=self._source,
                section=self._wishes.section,
                place=self._wishes.place,
                brought=self._brought,
            )
        if not self._may_stand_outside(found, comments):
            return None
        at = found.published_at or (datetime.fromtimestamp(first, UTC) if first is not None else clock.now())
        headline = within(found.headline, 200) or plain_address(found.address) or found.address
        try:
            section = self._wishes.section or (found.facts or {}).get("section")
            where = section_named(section)[0] if section else None
            story = add_outside_story(headline=headline, home=found.address, published_at=at, section=where)
        except Refused as refusal:
            self._leave(f"“{headline[:80]}” was not made a story: {refusal.sentence}", comments)
            return None
        self._brought.stories["made"] += 1
        return story

    def _set_state(self, story: Story, found: FoundStory) -> None:
        """What the discussion is for, and when it is over. One that has comments here goes its own way."""
        if found.closed:
            self._closed.setdefault(story.pk, found.closed_at)
        if not (found.mode or found.facts) or Comment.objects.filter(thread=story.pk).exists():
            return
        thread = thread_for(story)
        if found.mode in Mode.values:
            thread = set_mode(thread=thread, mode=found.mode)
        if found.facts:
            _set_facts(thread, found.facts)

    # --- Comments ---

    def _bring(self, target: int, rows: list[Row]) -> None:
        keys = {row.found.id: self._key(row.found.id) for row in rows}
        keys |= {row.found.parent: self._key(row.found.parent) for row in rows if row.found.parent}
        known = known_by(keys.values())
        new: list[tuple[Row, str, Coming]] = []
        by_key: dict[str, Coming] = {}
        changed: list[tuple[Row, SourceComment, Coming]] = []
        waiting: list[tuple[Row, SourceComment]] = []
        for row in rows:
            key = keys[row.found.id]
            standing = known.get(key)
            if isinstance(standing, Comment) or (standing and standing.told == row.mark):
                self._brought.comments["known"] += 1
                if isinstance(standing, SourceComment):
                    waiting.append((row, standing))
                continue
            coming = self._coming(row.found, key)
            if coming is None:
                continue
            if standing:
                changed.append((row, standing, coming))
                continue
            coming.parent = self._parent(row.found, keys, known, by_key, target)
            by_key[key] = coming
            new.append((row, key, coming))
        if self._wishes.dry_run:
            self._count_only(new, changed)
            return
        try:
            self._store(target, new, changed, waiting)
        except IntegrityError:
            raise Stale("Somebody has imported the same at this moment. Start this import again; it goes on.") from None

    def _key(self, number: str) -> str:
        return f"{self._source} {number}" if self._source else number

    def _parent(
        self, found: FoundComment, keys: dict[str, str], known: dict[str, SourceComment | Comment],
        coming: dict[str, Coming], target: int,
    ) -> Coming | Comment | None:  # fmt: skip
        if not found.parent:
            return None
        key = keys[found.parent]
        if key in coming:
            return coming[key]
        standing = known.get(key)
        comment = standing.comment if isinstance(standing, SourceComment) else standing
        if comment and comment.thread_id == target:
            return comment
        if not (self._wishes.dry_run and self._staged.has(found.parent)):
            self._brought.alone += 1
        return None

    def _count_only(
        self, new: Sequence[tuple[Row, str, Coming]], changed: Sequence[tuple[Row, SourceComment, Coming]]
    ) -> None:
        self._brought.comments["made"] += len(new)
        self._brought.states.update(str(coming.status) for _row, _key, coming in new)
        touched = touched_of([standing for _row, standing, _coming in changed])
        self._brought.comments["changed here and left"] += len(touched)
        self._brought.comments["updated"] += len(changed) - len(touched)

    def _store(
        self,
        target: int,
        new: Sequence[tuple[Row, str, Coming]],
        changed: Sequence[tuple[Row, SourceComment, Coming]],
        waiting: Sequence[tuple[Row, SourceComment]],
    ) -> None:
        if not (new or changed or (waiting and self._wishes.accounts)):
            return
        touched = touched_of([standing for _row, standing, _coming in changed])
        with transaction.atomic():
            people = self._people.of([row.found for rows in (new, changed, waiting) for row, *_rest in rows])
            for row, _key, coming in new:
                coming.author = people.reader_of(row.found)
                coming.respects = people.respects_of(row.found, coming.author)
            if new:
                take_in(thread=Thread(pk=target), comings=[coming for _row, _key, coming in new])
            _remember(new, people)
            updated = self._update(changed, touched)
            for author, comments in people.unclaimed([*waiting, *((row, each) for row, each, _coming in changed)]):
                self._brought.people["comments given to their accounts"] += give_to(comments=comments, author=author)
        self._brought.comments["made"] += len(new)
        self._brought.comments["updated"] += updated
        self._brought.comments["changed here and left"] += len(touched)
        self._brought.states.update(str(coming.status) for _row, _key, coming in new)
        for _row, _key, coming in new:
            self._brought.lost.update(coming.lost)

    def _update(self, changed: Sequence[tuple[Row, SourceComment, Coming]], touched: set[int]) -> int:
        """Bring up to date what is another in the file and has been left alone here."""
        updated = 0
        for row, standing, coming in changed:
            if standing.pk not in touched:
                comment = bring_up_to_date(comment=standing.comment, coming=coming)
                standing.left = as_left(comment)
                updated += 1
            standing.told = row.mark
            standing.save(update_fields=["told", "left"])
        return updated

    # --- Words ---

    def _coming(self, found: FoundComment, key: str) -> Coming | None:
        """The comment as it is to stand here; None where it is refused."""
        try:
            if len(key) > LONGEST_KEY:
                raise Unacceptable("its number is too long")
            return coming_of(found, self._brought.source)
        except Refused as refusal:
            self._brought.refuse(found.id, refusal.sentence)
        return None


def _remember(new: Sequence[tuple[Row, str, Coming]], people: Cast) -> None:
    """Keep where comments came from, and how they were left."""
    SourceComment.objects.bulk_create(
        SourceComment(
            key=key,
            comment=coming.comment,
            person=people.person_of(row.found),
            told=row.mark,
            left=as_left(coming.comment),
            decisions=(row.found.facts or {}).get("decisions", []),
        )
        for row, key, coming in new
        if coming.comment
    )


# --- Discussions as a whole -------------------------------------------------------------------------------------------


def _close(target: int, closed_at: datetime | None, last: float) -> None:
    """Close what was closed there; by its moment, or after the last comment where the format does not know it."""
    thread = Thread.objects.with_story().filter(pk=target).first() or thread_for(Story.objects.get(pk=target))
    if thread.closed_at is not None or thread.kept_open:
        return
    now, published = clock.now(), thread.story.published_at or clock.now()
    written = datetime.fromtimestamp(last, UTC)
    close_thread(thread=thread, at=closed_at or min(now, max(published + thread.period, written)))


_BOOLEANS = ("closed_by_hand", "kept_open", "without_hours")


def _set_facts(thread: Thread, facts: dict[str, Any]) -> None:
    """The rest of a discussion's state, from our own format."""
    for name in _BOOLEANS:
        setattr(thread, name, facts.get(name) is True)
    for name in ("closed_at", "opens_at"):
        setattr(thread, name, instant(facts[name]) if facts.get(name) else None)
    seconds = facts.get("open_for")
    thread.open_for = timedelta(seconds=seconds) if seconds else None
    thread.slow_seconds, thread.missing = facts.get("slow_seconds"), facts.get("missing", 0)
    thread.save(update_fields=[*_BOOLEANS, "closed_at", "opens_at", "open_for", "slow_seconds", "missing"])
