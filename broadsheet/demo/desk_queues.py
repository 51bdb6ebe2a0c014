"""What waits at the demo's desk: new reports, picks to consider, a question to a colleague, a heated exchange closed."""

from __future__ import annotations

from datetime import timedelta

from broadsheet.core import clock
from broadsheet.demo.cast import ACCOUNTS, Cast
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import candidates, opinions, saved
from broadsheet.moderation.actions import lock, report_comment
from broadsheet.moderation.models import COMPLAINTS, Entry, Queue, Report
from broadsheet.moderation.narrowing import Narrowed
from broadsheet.stories.models import Section

REPORTED = 12  # comments, each once or twice
NOTES = ("Please have a look at the second sentence.", "", "This is not how we talk to each other here.", "")
ASKED = "Sharp, but is it more than that? I know her, so I would rather you decided."


def queues(cast: Cast) -> None:
    """Everything that the queues show besides what came in by itself."""
    _reports(cast)
    candidates.propose()
    moderator, editor = cast.moderator, cast.reader(ACCOUNTS[0][1])
    if waiting := _first(Queue.REPORTED):
        opinions.ask(moderator=moderator, comment=waiting, note=ASKED)
    deepest = Comment.objects.filter(status=Status.PUBLISHED, depth__gte=2).exclude(author=moderator).order_by("-pk")
    if heated := deepest.first():
        lock(moderator=moderator, comment=heated.root or heated)
    saved.save(
        moderator=editor, name="New authors", queue=Queue.UNREVIEWED, narrowed=Narrowed(state="new"), for_everybody=True
    )
    if section := Section.objects.order_by("position").first():
        saved.save(moderator=moderator, name=section.name, queue=Queue.REPORTED, narrowed=Narrowed(section=section.pk))


def _reports(cast: Cast) -> None:
    """Readers complain about a dozen of the latest comments, for all the reasons there are, in the last hours."""
    rows = list(Comment.objects.filter(status=Status.PUBLISHED, badge="").order_by("-created_at")[: 4 * REPORTED : 4])
    for number, comment in enumerate(rows):
        for place in range(1 + number % 2):
            report_comment(
                comment=comment,
                reporter=None,
                address=f"198.51.100.{number * 2 + place}",  # an address for examples (RFC 5737)
                reason=COMPLAINTS[(number * 3 + place) % len(COMPLAINTS)],
                note=NOTES[(number + place) % len(NOTES)],
            )
        age = clock.now() - comment.created_at  # nobody reports what is not written yet
        back = min(timedelta(hours=number, minutes=7 * number), age / 2)
        Report.objects.filter(comment=comment).update(created_at=clock.now() - back)
        for entry in Entry.objects.filter(comment=comment, queue=Queue.REPORTED):
            Entry.objects.filter(pk=entry.pk).update(since=entry.since - back, due=entry.due - back)


def _first(queue: Queue) -> Comment | None:
    place = Entry.objects.filter(queue=queue).select_related("comment__thread__story").order_by("due", "pk").first()
    return place.comment if place else None
