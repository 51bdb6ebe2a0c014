"""What readers are told of decisions: whom it concerns, and in which words (setting NOTIFICATION_TELLERS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.discussion.models import Status
from broadsheet.moderation.models import AUTOMATIC, NEW, Decision, Outcome, Reason, Report
from broadsheet.notifications.actions import notify
from broadsheet.notifications.items import Told
from broadsheet.notifications.models import Kind, Notification
from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


# What an author is told of. What a check held or an import brought is nobody's decision yet.
TOLD = {
    "approved": gettext_lazy("An editor read your comment on “%(story)s”: everybody can read it now"),
    "rejected": gettext_lazy("An editor removed your comment on “%(story)s”"),
    "restored": gettext_lazy("An editor put your comment on “%(story)s” back: everybody can read it again"),
    "held": gettext_lazy("An editor took your comment on “%(story)s” off the page to look at it again"),
    "reopened": gettext_lazy("An editor took back the removal of your comment on “%(story)s” to look at it again"),
    "confirmed": gettext_lazy("Your appeal about your comment on “%(story)s” has been decided: it stays removed"),
}
# The same where the newsroom's rules decided and no person did.
TOLD_OF_RULES = {
    "approved": gettext_lazy("Your comment on “%(story)s” is published: everybody can read it now"),
    "rejected": gettext_lazy("Your comment on “%(story)s” was removed by the newsroom's rules"),
    "held": gettext_lazy("Your comment on “%(story)s” is off the page until an editor has looked at it"),
}


def _sentence(made: Decision) -> StrPromise | None:
    if made.seen == NEW and made.after != Status.REJECTED:
        return None  # its author was told on the page that it waits
    return (TOLD_OF_RULES if made.source in AUTOMATIC else TOLD).get(made.change)


def tell(made: Decision) -> None:
    """Tell the comment's author what was decided, and those who reported it what came of that.

    Inside the decision's transaction. That a comment stays as it was is told to those who reported it alone, and to
    an author who has not heard of a removal nothing is told of its undoing where the comment waits as before.
    """
    comment = made.comment
    is_news = made.undoes is None or _take_back(made.undoes) or made.change != "reopened"
    if is_news and _sentence(made):
        notify(reader=comment.author, kind=Kind.DECISION, comment=comment, by=made.moderator, number=made.pk)
    for report in made.reports.exclude(reporter=None).select_related("reporter"):
        notify(reader=report.reporter, kind=Kind.OUTCOME, comment=comment, by=made.moderator, number=report.pk)


def _take_back(undone: Decision) -> bool:
    """Let nobody hear any more what that decision told; True where its author has heard it.

    The reports it answered wait again: nothing has come of them, whoever has heard something.
    """
    told = Notification.objects.filter(comment=undone.comment_id)
    waiting = Report.objects.filter(comment=undone.comment_id, outcome=Outcome.WAITING)
    told.filter(kind=Kind.OUTCOME, number__in=waiting.values("pk")).delete()
    to_author = told.filter(kind=Kind.DECISION, number=undone.pk)
    to_author.filter(Q(mail=None) | Q(mail__tries=0), seen_at=None).delete()
    return to_author.exists()


def decision(notification: Notification) -> Told | None:
    """What was decided about one's own comment, with the reason."""
    made = Decision.objects.filter(pk=notification.number or 0, comment=notification.comment_id).first()
    if made is None:
        return None
    sentence = _sentence(made)
    if sentence is None:
        return None
    shown = made.after == Status.PUBLISHED
    address = reverse("comment", args=[notification.comment_id]) if shown else reverse("my_comments")
    return Told(str(sentence), address, {"story": notification.headline}, detail=_detail(made))


def _detail(made: Decision) -> str:
    """The line of the policy, and what the moderator wrote besides."""
    if made.after != Status.REJECTED:
        return made.told
    given = Reason(made.reason)
    line = (
        _("What we remove and why is in our comment policy.")
        if given == Reason.OTHER
        else _("The reason: %(reason)s.") % {"reason": given.label}
    )
    return f"{line} {made.told}".strip()


def outcome(notification: Notification) -> Told | None:
    """What came of one's report; of a story that is not public nothing is named."""
    report = Report.objects.select_related("comment", "decision").filter(pk=notification.number or 0).first()
    if report is None or report.result == Outcome.WAITING:
        return None
    address = reverse("report_receipt", args=[report.token])
    detail = f"{report.result.label}."
    story = Story.objects.filter(pk=notification.thread_id or 0).first()
    if story is None or not story.is_public():
        return Told(_("Your report of a comment has been answered"), address, detail=detail)
    sentence = _("Your report of a comment on “%(story)s” has been answered")
    return Told(sentence, address, {"story": story.headline}, detail=detail)
