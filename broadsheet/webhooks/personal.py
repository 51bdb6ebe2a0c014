"""What is kept of a moderator for mail to them: for their export, and to be forgotten when their account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.accounts.sections import section
from broadsheet.core.tidying import delete_all
from broadsheet.webhooks.models import Digest, MailChoice, Offer


@section("desk_mail", _("Mail you get as a moderator"), "webhooks.MailChoice.moderator", "webhooks.Offer.moderator")
def desk_mail(reader: Reader) -> Iterator[dict[str, Any]]:
    """What they chose, and about which comments they were written to lately; never the links."""
    for choice in MailChoice.objects.filter(moderator=reader):
        yield {"digest": Digest(choice.digest), "each_comment": choice.each}
    for offer in Offer.objects.filter(moderator=reader).order_by("pk").iterator():
        yield {"comment": offer.comment_id, "made_at": offer.made_at, "used_at": offer.used_at}


def erase(reader: Reader, choice: str) -> None:
    """Both go."""
    delete_all(MailChoice.objects.filter(moderator=reader))
    delete_all(Offer.objects.filter(moderator=reader))
