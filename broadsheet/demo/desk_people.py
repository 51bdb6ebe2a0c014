"""What the demo's moderators know of people: somebody warned, suspended, read first, banned; reports that were agreed on.

The names are of townspeople who have commented; three accounts of yesterday are here to report.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from broadsheet.accounts.models import Reader
from broadsheet.demo.cast import DOMAIN, Cast
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.actions import report_comment
from broadsheet.moderation.models import Canned
from broadsheet.moderation.people import actions, traces
from broadsheet.moderation.people.models import Kind, Trace
from broadsheet.stories.models import Section

WARNED, SUSPENDED, READ_FIRST, BANNED = "Graham T.", "truth_teller_44", "Vic", "BuyCheapTiresNow"
CAMPAIGNERS = ("Straight Talk", "Fair Play", "Just Asking")
TARGET = "Greta H."  # of the public works department, which raised the water bills
OFFICE = "192.0.2.77"  # an address for examples (RFC 5737)


def people(cast: Cast, now: datetime) -> None:
    """Everything that was done about people, and what waits because of them."""
    _canned()
    _sanctions(cast, now)
    _campaign(cast, now)
    _same_place(cast, now)


def _canned() -> None:
    for name, reason, text in (
        ("Tone", "abusive", "Argue with what people say, not with who they are."),
        ("Off topic", "irrelevant", "This discussion is about the story above it. For anything else, write to us."),
        ("Advertising", "spam", "Advertising has no place in the comments."),
    ):
        Canned.objects.get_or_create(name=name, defaults={"reason": reason, "text": text})


def _sanctions(cast: Cast, now: datetime) -> None:
    moderator = cast.moderator
    actions.sanction(
        moderator=moderator,
        reader=cast.reader(WARNED),
        kind=Kind.WARNING,
        reason="abusive",
        told="You went for a child of the person you disagree with. Argue with what people say, not with who they are.",
    )
    actions.sanction(
        moderator=moderator,
        reader=cast.reader(SUSPENDED),
        kind=Kind.SUSPENSION,
        reason="false",
        until=now + timedelta(days=7),
        told="You repeated what the story shows to be wrong after we had asked you not to.",
        note="Third time. The warning of last month is read.",
    )
    actions.sanction(
        moderator=moderator,
        reader=cast.reader(READ_FIRST),
        kind=Kind.PREMODERATION,
        reason="private",
        until=now + timedelta(days=30),
        section=Section.objects.order_by("position").first(),
        told="Please leave neighbors' names and addresses out of it.",
    )
    actions.sanction(moderator=moderator, reader=cast.reader(BANNED), kind=Kind.BAN, reason="spam")
    actions.note_person(
        moderator=moderator,
        reader=cast.reader(SUSPENDED),
        text="Wrote to the newsroom on Monday and wants to talk to the reporter. Ellen knows.",
    )


def _campaign(cast: Cast, now: datetime) -> None:
    """Three accounts of yesterday report one woman's comments, within minutes."""
    hers = Comment.objects.filter(author=cast.reader(TARGET), status=Status.PUBLISHED).order_by("pk")[:3]
    campaign = [_newcomer(name, now) for name in CAMPAIGNERS]
    for comment in hers:
        for reporter in campaign:
            report_comment(comment=comment, reporter=reporter, address=OFFICE, reason="false", note="Paid by the town!")
    for reporter in campaign:
        _trace(reporter, now)


def _same_place(cast: Cast, now: datetime) -> None:
    """The banned advertiser has a friend at the same address."""
    for number, reader in enumerate((cast.reader(BANNED), _newcomer("Half-Price Hank", now))):
        for days in range(3):
            _trace(reader, now - timedelta(days=days + 2 * number), address="192.0.2.99")


def _newcomer(name: str, now: datetime) -> Reader:
    """Somebody who signed up yesterday; they have no password."""
    address = f"{name.lower().replace(' ', '.')}@readers.{DOMAIN}"
    return Reader.objects.create_user(address, name, None, date_joined=now - timedelta(hours=26))


def _trace(reader: Reader, moment: datetime, address: str = OFFICE) -> None:
    day = moment.astimezone(UTC).date()
    key, other_key = traces.keys(address, day)
    Trace.objects.get_or_create(reader=reader, key=key, other_key=other_key, day=day)
