"""What readers are told of corrections (setting NOTIFICATION_TELLERS)."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.newsdesk.models import Correction, State, Thanks
from broadsheet.notifications import items
from broadsheet.notifications.items import Told
from broadsheet.notifications.models import Notification


def correction(notification: Notification) -> Told | None:
    """That a comment led to a correction, with the question whether to thank by name; or what the desk has answered."""
    comment = notification.comment
    if comment is None:
        return None
    if notification.number is None:
        return _declined(notification)
    told = items.correction(notification, comment)
    if Thanks.objects.filter(reader=notification.reader_id).exists():
        return told
    question = _("May we thank you by name beside it? You can say so on this page.")
    return replace(told, address=reverse("my_corrections"), detail=f"{told.detail} {question}".strip())


def _declined(notification: Notification) -> Told | None:
    rows = Correction.objects.filter(comment=notification.comment_id, state=State.DECLINED).select_related("story")
    answered = rows.exclude(told="").order_by("-pk").first()
    if answered is None:
        return None
    sentence = _("Our editors have answered what you wrote about “%(story)s”")
    parts = {"story": answered.story.headline}
    return Told(sentence, reverse("my_corrections"), parts, detail=answered.told)
