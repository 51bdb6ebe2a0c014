"""What people do in a discussion. Each action is one transaction that holds the thread's row, so that numbers, counts
and the live cursor stay in order; slow work (checks, HTML) is done before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock, text
from broadsheet.core.refusals import NotFound, Refused, Stale, Unacceptable, refuse_if
from broadsheet.delivery.freshness import touch
from broadsheet.discussion import ledger, nudges, reviews, rules, withholding
from broadsheet.discussion.arrivals import Coming, is_answer, take_in
from broadsheet.discussion.badges import badge_of, standing
from broadsheet.discussion.checks import Judgement, Submission, Verdict, and_desk_hours, judge, judge_again
from broadsheet.discussion.happenings import Kind, tell
from broadsheet.discussion.merit import said
from broadsheet.discussion.models import (
    LONGEST_IMPORTED,
    LONGEST_KEY,
    Comment,
    Flag,
    Status,
    Thread,
    Version,
)
from broadsheet.stories.models import Story


def thread_for(story: Story) -> Thread:
    """The story's discussion, made now if nobody has written there yet."""
    return Thread.objects.get_or_create(story=story)[0]


def post_comment(
    *,
    author: Reader,
    thread: Thread,
    body: str,
    parent: Comment | None = None,
    key: str | None = None,
    rating: int | None = None,
    honeypot: bool = False,
    may_nudge: bool = False,
) -> Comment:
    """Add a reader's comment, or their reply to `parent`, and tell everyone reading.

    A doubtful one waits as pending. The same author and `key` (one intent) give the same comment again. `rating` is
    asked for where the discussion takes reviews, and left out elsewhere. `honeypot` says that the field was filled
    which people do not see: a program's doing, mostly, so checks may ask for it; nobody is refused for it. With
    `may_nudge` its author may be asked first whether they mean it so (discussion.nudges): Nudged then, nothing stored.
    Raises Refused when the author can't speak here, Unacceptable for the words, TooSoon, NotFound.
    """
    key = _readable_key(key)
    body = rules.readable_body(body)
    if earlier := _posted_before(author, thread, body, parent, key):
        return earlier
    _require_public(thread)
    refuse_if(rules.why_not_comment(author, thread, clock.now(), parent))
    reviews.readable_rating(thread, parent, rating)
    submission = Submission(author, thread, body, text.comment_html(body), parent, honeypot=honeypot, key=key)
    judgement = judge(submission)
    if may_nudge:
        nudges.ask(submission)
    said(submission.html, submission.language)  # it is kept, so that nobody waits for it under the lock
    try:
        return _post(submission, judgement, key, rating)
    except (IntegrityError, Refused):  # perhaps because the same form was sent twice at the same moment
        if earlier := _posted_before(author, thread, body, parent, key):
            return earlier
        raise


@transaction.atomic
def _post(submission: Submission, judgement: Judgement, key: str | None, rating: int | None) -> Comment:
    thread = Thread.objects.take_up(submission.thread.pk)
    now = clock.database_now()
    parent = _present(thread, submission.parent)
    _require_public(thread)
    refuse_if(rules.why_not_comment(submission.author, thread, now, parent))
    rating = reviews.readable_rating(thread, parent, rating)
    refuse_if(reviews.why_not_review(submission.author, thread) if rating else None)
    judgement = and_desk_hours(judge_again(submission, judgement), thread, now)
    who = standing(submission.author, thread)
    badge, label = badge_of(submission.author, who, now)
    comment = _insert(
        thread,
        parent,
        author=submission.author,
        badge=badge,
        badge_label=label,
        answers=is_answer(submission.author, who, parent),
        rating=rating,
        author_name=submission.author.name,
        body=submission.body,
        html=submission.html,
        language=submission.language,
        status=judgement.status,
        created_at=now,
        key=key,
    )
    keep_findings(comment, judgement.findings, now)
    tell(Kind.POSTED, comment, submission.author, judgement)
    if comment.is_public:
        tell(Kind.PUBLISHED, comment, submission.author)
    return comment


@transaction.atomic
def import_comment(
    *,
    thread: Thread,
    author_name: str,
    body: str,
    created_at: datetime,
    parent: Comment | None = None,
    author: Reader | None = None,
    rating: int | None = None,
) -> Comment:
    """Add a comment that was published elsewhere, with the name and the moment it had there.

    No check and no clock applies; the words are made readable and their HTML is cleaned like any other's. Who has an
    account here has their badge, but nobody is new here for what they wrote elsewhere.
    Raises Unacceptable when they are unreadable, empty or longer than an import may be.
    """
    body = text.readable(body, most=LONGEST_IMPORTED, what=_("Comment"))
    author_name = text.readable(author_name, most=120, what=_("Name"), lines=False)
    if text.is_blank(body) or text.is_blank(author_name):
        raise Unacceptable(_("A comment needs words and the name of whoever wrote them."))
    parent = _present(thread, parent)
    rating = reviews.readable_rating(thread, parent, rating) if rating else None
    refuse_if(reviews.why_not_review(author, thread) if author and rating else None)
    html = text.comment_html(body)
    coming = Coming(author_name, body, html, created_at, parent=parent, author=author, rating=rating)
    return take_in(thread=thread, comings=[coming])[0]


def edit_comment(*, author: Reader, comment: Comment, body: str, rating: int | None = None) -> Comment:
    """Change the words of one's own comment, within the edit window. They are judged again; the old ones are kept.

    An edit can hold a published comment but never publishes a held one. `rating` changes a review's stars, and makes a
    review of a comment from before there were any; None leaves them. Raises Refused, Unacceptable, NotFound.
    """
    body = rules.readable_body(body)
    _require_public(comment.thread)
    refuse_if(rules.why_not_edit(author, comment, clock.now()))
    submission = Submission(author, comment.thread, body, text.comment_html(body), comment.parent, comment)
    judgement = judge(submission)
    said(submission.html, submission.language)
    with transaction.atomic():
        thread, comment = _take_up(comment)
        now = clock.database_now()
        _require_public(thread)
        refuse_if(rules.why_not_edit(author, comment, now))
        stars = reviews.changed_rating(thread, comment, rating)
        refuse_if(reviews.why_not_review(author, thread, comment) if stars else None)
        if (body, stars) == (comment.body, comment.rating):
            return comment
        judgement = and_desk_hours(judge_again(submission, judgement), thread, now)
        _keep_version(comment)
        before, status, shown = ledger.worth(comment), comment.status, comment.html
        comment.body, comment.html, comment.edited_at, comment.rating = body, submission.html, now, stars
        comment.language = submission.language
        withholding.set_quotations(comment, shown)
        held = judgement.status != Status.PUBLISHED
        after = judgement.status if held else Status(comment.status)
        edited = ["body", "html", "words", "language", "edited_at", "rating", "quotes", "withheld"]
        _move(thread, comment, after, now, before, edited)
        keep_findings(comment, judgement.findings, now)
        if comment.status != status:
            tell(Kind.JUDGED, comment, author, judgement, before=status)
        tell(Kind.EDITED, comment, author, judgement)
    return comment


def withdraw_comment(*, author: Reader, comment: Comment) -> Comment:
    """Take back one's own comment, at any time; where it had been public its tombstone stays.

    Raises Refused when it is not theirs or already gone, NotFound when the story is not public.
    """
    with transaction.atomic():
        thread, comment = _take_up(comment)
        _require_public(thread)
        refuse_if(rules.why_not_withdraw(author, comment))
        _move(thread, comment, Status.WITHDRAWN, clock.database_now(), ledger.worth(comment))
    return comment


@transaction.atomic
def part_from_author(*, comment: Comment, name: str, withdraw: bool) -> Comment:
    """Leave a comment without its author, whose account is being deleted, under `name`.

    `withdraw` takes it back too and deletes its words. That happens in any case to what waits for an editor, as nobody
    is left to be answered. What an editor has rejected stays rejected. Earlier words go; done twice it changes nothing.
    Where others quote it, the line that says whose words they are has the same name.
    """
    thread, comment = _take_up(comment)
    before = ledger.worth(comment)
    quoting = withholding.sign_anew(thread, comment, name) if comment.author_name != name else []
    comment.author, comment.author_name, comment.key = None, name, None
    comment.badge, comment.badge_label = "", ""
    parted = ["author", "author_name", "key", "badge", "badge_label"]
    comment.save(update_fields=parted)
    goes = withdraw or comment.status == Status.PENDING
    if goes and comment.status in {Status.PENDING, Status.PUBLISHED}:
        _move(thread, comment, Status.WITHDRAWN, clock.database_now(), before, others=quoting)
    else:
        ledger.change(thread, comment, before, parted, others=quoting)
    comment.versions.all().delete()  # words go last: until then what others quote is found by them
    if goes:
        comment.body = comment.html = comment.words = ""
        comment.save(update_fields=["body", "html", "words"])
    return comment


def change_status(*, comment: Comment, seen: str, after: str) -> Comment:
    """Publish or take down a comment, inside the caller's transaction, which is to keep the decision with it.

    `seen` is the status on the moderator's screen. Raises Stale when it is another by now; nothing has changed then.
    With `after` equal to `seen` it only makes sure of that. What an author withdrew stays withdrawn.
    """
    thread, comment = _take_up(comment)
    if comment.status != seen:
        sentence = _("This comment is not as you saw it. By now it is: %(status)s. Please look at it again.")
        raise Stale(sentence % {"status": Status(comment.status).label})
    if Status.WITHDRAWN in {seen, after}:
        raise Refused(_("Only its author withdraws a comment, and it stays withdrawn."))
    if after != seen:
        refuse_if(reviews.why_not_publish_review(thread, comment) if after in reviews.COUNTED else None)
        _move(thread, comment, Status(after), clock.database_now(), ledger.worth(comment))
    return comment


@transaction.atomic
def release(comment: Comment, author: Reader) -> Comment:
    """Publish what waited for something that has come true since: a proved address, a score.

    What an editor is to read first by now goes on waiting, with that finding. Raises Stale, Refused as `change_status`.
    """
    thread, held = _take_up(comment)
    submission = Submission(author, thread, held.body, held.html, held.parent, held)
    by_now = judge_again(submission)
    if held.status == Status.PENDING and by_now.status != Status.PUBLISHED:
        keep_findings(held, by_now.findings, clock.database_now())
        return held
    published = change_status(comment=held, seen=Status.PENDING, after=Status.PUBLISHED)
    tell(Kind.CONFIRMED, published)
    return published


def set_pick(*, comment: Comment, picked: bool, by: Reader | None) -> Comment:
    """Put an editor's pick on a comment or take it back, inside the caller's transaction, which is to keep who did it.

    Raises Stale for what readers cannot see: nobody is shown as picked in their absence.
    """
    thread, comment = _take_up(comment)
    if not comment.is_public:
        raise Stale(_("Readers cannot see this comment, so it cannot be picked."))
    before = ledger.worth(comment)
    comment.picked_at = clock.database_now() if picked else None
    ledger.change(thread, comment, before, ["picked_at"])
    if picked:
        tell(Kind.PICKED, comment, by)
    return comment


def set_locked(*, comment: Comment, locked: bool) -> int:
    """Take no more replies to a comment and to everything under it, or take them again; how many comments changed.

    Inside the caller's transaction, which is to keep who did it.
    """
    thread, comment = _take_up(comment)
    rows = [row for row in _branch_of(thread, comment) if row.is_locked != locked]
    for place, row in enumerate(rows):
        if place:
            ledger.stamp(thread)
        row.is_locked, row.revision = locked, thread.revision
    Comment.objects.bulk_update(rows, ["is_locked", "revision"], batch_size=200)
    ledger.keep(thread)
    return len(rows)


def _branch_of(thread: Thread, comment: Comment) -> list[Comment]:
    """The comment and everything written under it, in order."""
    rows = thread.comments.filter(number=comment.number, reply_number__gte=comment.reply_number)
    branch: dict[int, Comment] = {}
    for row in rows.only("parent", "is_locked", "revision").order_by("reply_number"):
        if row.pk == comment.pk or row.parent_id in branch:  # a reply is numbered behind what it answers
            branch[row.pk] = row
    return list(branch.values())


@transaction.atomic
def close_thread(*, thread: Thread, at: datetime | None = None) -> Thread:
    """Close the discussion by hand, now; or at the moment at which it was over (for an imported page)."""
    thread = Thread.objects.take_up(thread.pk)
    thread.closed_at, thread.kept_open = at or clock.database_now(), False
    thread.closed_by_hand, thread.opened_at = at is None, None
    thread.save(update_fields=["closed_at", "kept_open", "closed_by_hand", "opened_at"])
    touch(thread.tag)
    return thread


@transaction.atomic
def reopen_thread(*, thread: Thread) -> Thread:
    """Open the discussion, now: for the rest of its period, or, when that is over, until it is closed by hand.

    While the desk's hours or its queue have closed it, it is open all the same until the desk is back.
    """
    thread = Thread.objects.take_up(thread.pk)
    now = clock.database_now()
    thread.closed_at, thread.kept_open, thread.closed_by_hand = None, False, False
    thread.kept_open = thread.is_closed(now)
    thread.opened_at, thread.opens_at = now, None
    thread.save(update_fields=["closed_at", "kept_open", "closed_by_hand", "opened_at", "opens_at"])
    touch(thread.tag)
    return thread


@transaction.atomic
def set_period(*, thread: Thread, period: timedelta | None) -> Thread:
    """Give this discussion a period of its own, counted from publication; None is the section's or the newsroom's.

    What was closed by hand stays closed; what was opened by hand goes by the period again.
    """
    thread = Thread.objects.take_up(thread.pk)
    thread.open_for, thread.kept_open = period, False
    thread.save(update_fields=["open_for", "kept_open"])
    touch(thread.tag)
    return thread


@transaction.atomic
def set_opening(*, thread: Thread, moment: datetime | None) -> Thread:
    """Let this discussion open at a moment of its own; None is with the story's publication.

    Raises Unacceptable when it would be over before it opens.
    """
    thread = Thread.objects.take_up(thread.pk)
    if moment and thread.closing and moment >= thread.closing:
        over = {"moment": clock.comment_moment(thread.closing)}
        raise Unacceptable(_("It would be over before it opens: it closes on %(moment)s.") % over)
    thread.opens_at = moment
    thread.save(update_fields=["opens_at"])
    touch(thread.tag)
    return thread


@transaction.atomic
def leave_hours(*, thread: Thread, leaves: bool) -> Thread:
    """Let the desk's hours and its queue never bear on this discussion; or let it go by them again."""
    thread = Thread.objects.take_up(thread.pk)
    thread.without_hours = leaves
    thread.save(update_fields=["without_hours"])
    touch(thread.tag)
    return thread


def _take_up(comment: Comment) -> tuple[Thread, Comment]:
    """The thread, locked with its next revision taken, and the comment as it is under that lock."""
    thread = Thread.objects.take_up(comment.thread_id)
    comment = thread.comments.select_related("parent", "author").get(pk=comment.pk)
    comment.thread = thread
    return thread, comment


def _present(thread: Thread, parent: Comment | None) -> Comment | None:
    """The comment replied to, as it is under the lock, with the first comment of its conversation."""
    if parent is None:
        return None
    found = thread.comments.filter(pk=parent.pk).select_related("root").first()
    if found is None:
        raise NotFound(_("The comment you wanted to reply to is not in this discussion."))
    return found


def _insert(
    thread: Thread, parent: Comment | None, *, status: Status, created_at: datetime, **facts: object
) -> Comment:
    """Give a new comment its number, place and revision, and count it. The thread's row is locked."""
    comment = Comment(thread=thread, parent=parent, status=status, created_at=created_at, **facts)
    comment.published_at = created_at if status == Status.PUBLISHED else None
    ledger.place(thread, comment, parent)
    if comment.root:
        comment.root.save(update_fields=["replies_given", "reply_count"])
    withholding.set_quotations(comment)
    ledger.enter(thread, comment)
    return comment


def _move(
    thread: Thread,
    comment: Comment,
    after: Status,
    now: datetime,
    before: Counter[str],
    edited: Iterable[str] = (),
    others: Iterable[Comment] = (),
) -> None:
    """Give a comment its next status, and keep every count; `before` is what it was worth. The thread is locked.

    `edited` are further columns that are stored with it: only an author's own edit has any. `others` look
    different too.
    """
    published = (after == Status.PUBLISHED) - comment.is_public
    if comment.root_id and published:
        Comment.objects.filter(pk=comment.root_id).update(reply_count=F("reply_count") + published)
    if published < 0:
        others = [*others, *withholding.withhold(thread, comment)]
    elif published and comment.published_at:
        others = [*others, *withholding.show_again(thread, comment)]
    comment.status = after
    is_first = after == Status.PUBLISHED and comment.published_at is None
    if is_first:
        comment.published_at = now
    if after == Status.WITHDRAWN:
        comment.withdrawn_at = now
    ledger.change(thread, comment, before, ["status", "published_at", "withdrawn_at", *edited], others=others)
    if published < 0:
        tell(Kind.HIDDEN, comment)
    elif published:
        tell(Kind.PUBLISHED if is_first else Kind.RESTORED, comment)
    if after == Status.WITHDRAWN:
        tell(Kind.WITHDRAWN, comment)


def _keep_version(comment: Comment) -> None:
    Version.objects.create(
        comment=comment,
        body=comment.body,
        rating=comment.rating,
        written_at=comment.edited_at or comment.created_at,
    )


def keep_findings(comment: Comment, findings: Iterable[Verdict], at: datetime) -> None:
    """Keep what checks found about a comment, for the desk."""
    Flag.objects.bulk_create(
        Flag(
            comment=comment,
            check_name=found.check[:60],
            reason=found.reason[:300],
            created_at=at,
            asks_for="" if found.status == Status.PUBLISHED else found.status,
            rule=found.rule[:120],
            score=found.score,
            threshold=found.threshold,
            spans=[list(span) for span in found.spans],
            minutes=found.minutes,
        )
        for found in findings
    )


def _require_public(thread: Thread) -> None:
    """What is written under a story that is not public is refused as a wrong address is, whoever writes."""
    if not thread.story.is_public():
        raise NotFound(_("There is no such story."))


def _readable_key(key: str | None) -> str | None:
    if key is None:
        return None
    return text.readable(key, most=LONGEST_KEY, what="Idempotency-Key", lines=False) or None


def _posted_before(
    author: Reader, thread: Thread, body: str, parent: Comment | None, key: str | None
) -> Comment | None:
    """The comment this intent has made already. Raises Unacceptable when the key was used for something else."""
    earlier = Comment.objects.filter(author=author, key=key).first() if key else None
    if earlier is None:
        return None
    if (earlier.thread_id, earlier.parent_id) != (thread.pk, parent.pk if parent else None):
        raise Unacceptable(_("This form has been sent already, for another discussion. Please open it again."))
    if body != earlier.body and not earlier.versions.filter(body=body).exists():
        raise Unacceptable(_("Your comment has been posted already. To change its words, please edit it."))
    return earlier
