"""Legal matters on the demo's desk: two notices, an appeal that waits, a discussion under hold, an order on file."""

from __future__ import annotations

from datetime import timedelta

from broadsheet.core import clock
from broadsheet.demo.cast import Cast
from broadsheet.discussion.models import Comment, Status
from broadsheet.legal.appeals import appeal
from broadsheet.legal.codes import Category
from broadsheet.legal.holds import set_hold
from broadsheet.legal.models import Flagger, Hold, Order, Statement
from broadsheet.legal.notices import Content, Sender, send_notice
from broadsheet.moderation.actions import decide
from broadsheet.stories.models import Story


def legal_matters(stories: dict[str, Story], cast: Cast) -> None:
    """After the discussions: what the lawyer and the moderators find."""
    waiting, answered = quiet(stories["mill-bridge"])[:2]
    notice(
        waiting,
        "Margit Holm",
        Category.PRIVACY,
        "I am that dentist. With the comment above it says which street I live in, and nobody asked me.",
    )
    notice(
        answered, "Dorothea Finch", Category.PROPERTY, "The second sentence is from my book on the mills of the valley."
    )
    decide(moderator=cast.moderator, comment=answered, seen=Status.PUBLISHED, after=Status.PUBLISHED)
    appealed(cast)
    set_hold(
        moderator=cast.moderator,
        thread=stories["late-bell"].thread,
        why=Hold.Why.MINORS,
        effect=Hold.Effect.READ_FIRST,
        note="The school's lawyer rang on Monday: pupils can be recognised. Until the end of term.",
        expires_at=clock.now() + timedelta(days=24),
    )
    Flagger.objects.create(name="Safe Screens Trust", email="desk@safescreens.example")
    Order.objects.create(
        kind=Order.Kind.ACT,
        authority="County court of Pennoway",
        reference="Cv 114/26",
        language="English",
        received_at=clock.now() - timedelta(days=3),
        scope="One comment under the story about the ferry landing, which names a witness.",
        given="Removed the same afternoon; the court was told by letter, the author by the statement of reasons.",
        answered_at=clock.now() - timedelta(days=2),
        by=cast.moderator,
    )


def quiet(story: Story) -> list[Comment]:
    """Published comments that nobody has reported or decided about, the oldest first."""
    said = story.thread.comments.filter(status=Status.PUBLISHED, reports=None, decisions__moderator=None, replies=None)
    return list(said.order_by("pk").distinct()[:2])


def notice(comment: Comment, name: str, category: Category, explanation: str) -> None:
    """A notice by somebody without an account."""
    sender = Sender(None, "192.0.2.77", name, f"{name.split()[0].lower()}@readers.example")
    send_notice(
        content=Content(comment=comment), sender=sender, category=category, explanation=explanation, good_faith=True
    )


def appealed(cast: Cast) -> None:
    """The author of a removed comment does not agree."""
    statement = Statement.objects.filter(reason="false", decision__moderator=cast.moderator).order_by("pk").first()
    if statement is None:
        return
    words = "I had the figure from the council's own minutes, page 4. I can send them. Please look again."
    appeal(reader=statement.recipient.reader, about=statement, words=words)
