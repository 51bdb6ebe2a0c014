"""What readers are told of decisions: whom it concerns, and in which words (setting NOTIFICATION_TELLERS)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.discussion.models import Status
from broadsheet.moderation.models import Decision, Outcome, Reason, Report
from broadsheet.notifications.actions import notify
from broadsheet.notifications.items import Told
from broadsheet.notifications.models import Kind, Notification
from broadsheet.stories.models import Story


def tell(made: Decision) -> None:
    """Tell the comment's author what was decided, and those who reported it what came of that.

    Inside the decision's transaction. That a comment stays as it was is told to those who reported it alone.
    """
    comment = made.comment
    if made.after != made.seen:
        notify(reader=comment.author, kind=Kind.DECISION, comment=comment, by=made.moderator, number=made.pk)
    for report in made.reports.exclude(reporter=None).select_related("reporter"):
        notify(reader=report.reporter, kind=Kind.OUTCOME, comment=comment, by=made.moderator, number=report.pk)


def decision(notification: Notification) -> Told | None:
    """What was decided about one's own comment, with the reason."""
    made = Decision.objects.filter(pk=notification.number or 0, comment=notification.comment_id).first()
    if made is None:
        return None
    sentence = {
        "rejected": _("An editor removed your comment on “%(story)s”"),
        "approved": _("An editor read your comment on “%(story)s”: everybody can read it now"),
        "restored": _("An editor put your comment on “%(story)s” back: everybody can read it again"),
    }.get(made.act)
    if sentence is None:
        return None
    detail = ""
    if made.after == Status.REJECTED:
        given = Reason(made.reason)
        detail = (
            _("What we remove and why is in our comment policy.")
            if given == Reason.OTHER
            else _("The reason: %(reason)s.") % {"reason": given.label}
        )
    shown = made.after != Status.REJECTED
    address = reverse("comment", args=[notification.comment_id]) if shown else reverse("my_comments")
    return Told(sentence, address, {"story": notification.thread.story.headline}, detail=detail)


def outcome(notification: Notification) -> Told | None:
    """What came of one's report; of a story that is not public nothing is named."""
    report = Report.objects.select_related("comment", "decision").filter(pk=notification.number or 0).first()
    if report is None or report.result == Outcome.WAITING:
        return None
    address = reverse("report_receipt", args=[report.token])
    detail = f"{report.result.label}."
    story = Story.objects.filter(pk=notification.thread_id).first()
    if story is None or not story.is_public():
        return Told(_("Your report of a comment has been answered"), address, detail=detail)
    sentence = _("Your report of a comment on “%(story)s” has been answered")
    return Told(sentence, address, {"story": story.headline}, detail=detail)
