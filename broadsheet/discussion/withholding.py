"""What others quote of a comment goes from readers with it, and comes back with it.

A quotation is the text of whoever said it first. It is looked for by its words, in the whole discussion, so it does not
matter whom the comment that quotes answers. The words as typed stay, for its author and for moderators; only the name
below them goes from there too, once the account of whoever said it is deleted. Everything here is for a transaction
that has taken the thread up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from django.utils.html import escape

from broadsheet.core import text
from broadsheet.discussion import ledger
from broadsheet.discussion.happenings import Kind, tell
from broadsheet.discussion.models import Comment, Flag, Status, Thread, Version
from broadsheet.discussion.quotations import (
    Signed,
    Source,
    above,
    blocks,
    left_out,
    letters,
    name_of,
    own_words,
    signed,
    withheld,
    wordings,
)
from broadsheet.discussion.quoting import signature


def withhold(thread: Thread, gone: Comment) -> list[Comment]:
    """Leave out what others quote of a comment that readers could see until now; returns those that do, stored.

    Their pages are for the caller to drop, with its own. A revision of the thread is left for the comment itself.
    """
    said = [*filter(None, _said(gone))]
    quoting = list(thread.comments.filter(quotes=True).exclude(pk=gone.pk).defer("body", "words")) if said else []
    if not quoting:
        return []
    parents, known, changed = _parents(thread, gone.number), _known(thread, gone), []
    inside, outside = Source(gone.pk, said, is_above=True), Source(gone.pk, said, is_above=False)
    for comment in quoting:
        source = inside if gone.pk in above(comment.parent_id, parents) else outside
        if new := [each for each in withheld(comment.html, [source], known) if each not in comment.withheld]:
            comment.withheld = [*comment.withheld, *new]
            changed.append(comment)
    return _store(thread, changed)


def show_again(thread: Thread, back: Comment) -> list[Comment]:
    """Show what others quote of a comment that readers can see again; otherwise as `withhold`."""
    changed = []
    for comment in thread.comments.filter(quotes=True).exclude(withheld=[]):
        left = [[name, of] for name, of in comment.withheld if of != back.pk]
        if left != comment.withheld:
            comment.withheld = left
            changed.append(comment)
    return _store(thread, changed)


def sign_anew(thread: Thread, parted: Comment, name: str) -> list[Comment]:
    """Put `name` below what is quoted of a comment whose author's account goes; returns those that quote it, stored.

    What its author is called until now, `parted` still says. The line changes in what was typed, and in what that was
    before its edits, as nothing of somebody stays stored: but only one that names them, as the box writes it, below
    words of this comment. Where nobody knows its words any more, it is one in an answer to it, or where they were
    withheld. Pages as for `withhold`.
    """
    line, instead = signature(parted.author_name), signature(name)
    quoting = list(thread.comments.filter(quotes=True, body__contains=line).exclude(pk=parted.pk))
    earlier = Version.objects.filter(comment__thread=thread, body__contains=line).exclude(comment=parted)
    versions = list(earlier.select_related("comment"))
    if not quoting and not versions:
        return []
    source = Source(parted.pk, [*filter(None, _said(parted))], is_above=True)
    parents = {} if source.said else _parents(thread, parted.number)

    def places(body: str, comment: Comment) -> list[Signed]:
        is_known = any(of == parted.pk for _, of in comment.withheld) or parted.pk in above(comment.parent_id, parents)
        found = signed(body, line)
        return [each for each in found if (source.is_quoted(each.letters) if source.said else is_known)]

    for version in versions:
        version.body = _signed_anew(version.body, places(version.body, version.comment), instead)
    Version.objects.bulk_update(versions, ["body"], batch_size=200)
    changed = []
    for comment in quoting:
        if found := places(comment.body, comment):
            _move_findings(comment, found, len(instead) - len(line))
            _set_words(comment, _signed_anew(comment.body, found, instead))
            changed.append(comment)
    return _store(thread, changed, "body", "html")


def _signed_anew(body: str, places: list[Signed], instead: str) -> str:
    for place in reversed(places):
        body = body[: place.start] + instead + body[place.end :]
    return body


def _set_words(comment: Comment, body: str) -> None:
    """Other words that quote the same: what of it is withheld stays so, under its new name."""
    before, comment.body, comment.html = comment.html, body, text.comment_html(body)
    names = [[name_of(html[begin:end]) for begin, end in blocks(html)] for html in (before, comment.html)]
    renamed = dict(zip(*names, strict=False))
    comment.withheld = [[renamed.get(name, name), of] for name, of in comment.withheld]


def _move_findings(comment: Comment, places: list[Signed], longer: int) -> None:
    """Let the checks' findings mark the same words when lines are so much longer."""
    flags = list(comment.flags.current().exclude(spans=[]))
    for place in reversed(places):
        for flag in flags:
            flag.spans = [[place.moved(each, longer) for each in span] for span in flag.spans]
    Flag.objects.bulk_update(flags, ["spans"], batch_size=200)


def set_quotations(comment: Comment, before: str = "") -> None:
    """What a comment that is about to be stored quotes, and what of it readers cannot see any more where it was said.

    `before` is its HTML before an edit: what was withheld there stays so where it is merely cut differently, even if
    the words that were quoted have been deleted since.
    """
    sources = list(_earlier(comment, before))
    comment.quotes, comment.withheld = any(blocks(comment.html)), []
    if comment.quotes:
        thread = comment.thread
        gone = (
            thread.comments.exclude(status=Status.PUBLISHED).filter(published_at__isnull=False).exclude(pk=comment.pk)
        )
        answered = above(comment.parent_id, _parents(thread, comment.number))
        for each in gone.only("thread", "html", "withheld").prefetch_related("versions"):
            sources.append(Source(each.pk, [*filter(None, _said(each))], each.pk in answered))
        comment.withheld = withheld(comment.html, sources, _known(thread, comment))
    comment.words = searched(comment)


def searched(comment: Comment) -> str:
    """The words by which a comment is found: as typed, or as readers see them where a quotation is withheld."""
    if not comment.withheld:
        return text.search_words(comment.body)
    return text.search_words(text.plain(left_out(comment.html, {name for name, _ in comment.withheld})))


def _store(thread: Thread, changed: list[Comment], *edited: str) -> list[Comment]:
    for comment in changed:
        comment.words, comment.revision = searched(comment), thread.revision
        ledger.stamp(thread)
    if changed:
        Comment.objects.bulk_update(changed, ["withheld", "words", "revision", *edited], batch_size=200)
    for comment in changed:
        if comment.is_public:
            tell(Kind.SHOWN_ANEW, comment)
    return changed


def _known(thread: Thread, but: Comment) -> Callable[[], str]:
    """The letters of what readers can see, read once: the story, and what each comment but one says itself."""

    @cache
    def read() -> str:
        others = thread.comments.filter(status=Status.PUBLISHED).exclude(pk=but.pk)
        said = [own_words(html) for html in others.values_list("html", flat=True)]
        story = thread.story
        return "\n".join(map(letters, [escape(story.headline), escape(story.standfirst), story.body_html, *said]))

    return read


def _earlier(comment: Comment, html: str) -> Iterator[Source]:
    """What was withheld in it before an edit, as if it were what the comment quoted had said."""
    for begin, end in blocks(html):
        for name, of in comment.withheld:
            if name == name_of(html[begin:end]):
                yield Source(of, [letters(html[begin:end])], is_above=True)


def _said(comment: Comment) -> Iterator[str]:
    """What a comment says, and what it said before its edits."""
    others = {name for name, _ in comment.withheld}
    yield from wordings(comment.html, others)
    for version in comment.versions.all():
        yield from wordings(text.comment_html(version.body), others)


def _parents(thread: Thread, number: int) -> dict[int, int | None]:
    """What each comment of a conversation answers."""
    return dict(thread.comments.filter(number=number).values_list("pk", "parent"))
