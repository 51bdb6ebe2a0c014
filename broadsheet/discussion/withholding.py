"""What others quote of a comment goes from readers with it, and comes back with it.

A quotation is the text of whoever said it first. It is looked for by its words, in the whole discussion, so it does not
matter whom the comment that quotes answers. The words as typed stay, for its author and for moderators. Everything here
is for a transaction that has taken the thread up.
"""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.core import text
from broadsheet.delivery.freshness import touch
from broadsheet.delivery.tags import reader_tag
from broadsheet.discussion import ledger
from broadsheet.discussion.happenings import Kind, tell
from broadsheet.discussion.models import Comment, Status, Thread
from broadsheet.discussion.quotations import Source, above, blocks, left_out, letters, name_of, own_words, withheld


def withhold(thread: Thread, gone: Comment) -> None:
    """Leave out what others quote of a comment that readers could see until now."""
    quoting = list(thread.comments.filter(quotes=True).exclude(pk=gone.pk))
    if not quoting:
        return
    said, parents, changed = list(_said(gone)), _parents(thread, gone.number), []
    for comment in quoting:
        source = Source(gone.pk, said, gone.pk in above(comment.parent_id, parents))
        if new := [each for each in withheld(comment.html, [source]) if each not in comment.withheld]:
            comment.withheld = [*comment.withheld, *new]
            changed.append(comment)
    _keep(thread, changed)


def show_again(thread: Thread, back: Comment) -> None:
    """Show what others quote of a comment that readers can see again."""
    changed = []
    for comment in thread.comments.filter(quotes=True).exclude(withheld=[]):
        left = [[name, of] for name, of in comment.withheld if of != back.pk]
        if left != comment.withheld:
            comment.withheld = left
            changed.append(comment)
    _keep(thread, changed)


def set_quotations(comment: Comment, before: str = "") -> None:
    """What a comment that is about to be stored quotes, and what of it readers cannot see any more where it was said.

    `before` is its HTML before an edit: what was withheld there stays so where it is merely cut differently, even if
    the words that were quoted have been deleted since.
    """
    sources = list(_earlier(comment, before))
    comment.quotes, comment.withheld = any(blocks(comment.html)), []
    if comment.quotes:
        gone = comment.thread.comments.exclude(status=Status.PUBLISHED).filter(published_at__isnull=False)
        answered = above(comment.parent_id, _parents(comment.thread, comment.number))
        sources += [Source(each.pk, list(_said(each)), each.pk in answered) for each in gone.exclude(pk=comment.pk)]
        comment.withheld = withheld(comment.html, sources)
    comment.words = searched(comment)


def searched(comment: Comment) -> str:
    """The words by which a comment is found: as typed, or as readers see them where a quotation is withheld."""
    if not comment.withheld:
        return text.search_words(comment.body)
    return text.search_words(text.plain(left_out(comment.html, {name for name, _ in comment.withheld})))


def _keep(thread: Thread, changed: list[Comment]) -> None:
    for comment in changed:
        ledger.stamp(thread)
        comment.words, comment.revision = searched(comment), thread.revision
    if not changed:
        return
    Comment.objects.bulk_update(changed, ["withheld", "words", "revision"], batch_size=200)
    ledger.keep(thread)
    touch(*{reader_tag(comment.author_id) for comment in changed if comment.author_id})
    for comment in changed:
        if comment.is_public:
            tell(Kind.SHOWN_ANEW, comment)


def _earlier(comment: Comment, html: str) -> Iterator[Source]:
    """What was withheld in it before an edit, as if it were what the comment quoted had said."""
    for begin, end in blocks(html):
        for name, of in comment.withheld:
            if name == name_of(html[begin:end]):
                yield Source(of, [letters(html[begin:end])], is_above=True)


def _said(comment: Comment) -> Iterator[str]:
    """The letters of a comment's own words, and of those it had before its edits."""
    yield letters(own_words(comment.html))
    for version in comment.versions.all():
        yield letters(own_words(text.comment_html(version.body)))


def _parents(thread: Thread, number: int) -> dict[int, int | None]:
    """What each comment of a conversation answers."""
    return dict(thread.comments.filter(number=number).values_list("pk", "parent"))
