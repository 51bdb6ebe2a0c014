"""Statements of reasons: for every decision that restricts a comment, and every sanction that restricts an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Status
from broadsheet.legal.codes import MEANINGS, Automation, Category, Ground, Meaning, Restriction, SourceType
from broadsheet.legal.models import Recipient, Statement, takes_appeals
from broadsheet.moderation.models import AUTOMATIC, Decision, Reason, Source
from broadsheet.moderation.people.models import Kind, Sanction

# Checks that say nothing of the words: what they hold, nothing has found.
NOT_FINDING = ("pre_moderation", "newcomer", "unverified", "legal_hold", "scores.late")
# The sanctions that restrict what somebody writes: a warning does not.
SANCTIONS = {
    Kind.SUSPENSION: Restriction.SUSPENDED,
    Kind.BAN: Restriction.BANNED,
    Kind.PREMODERATION: Restriction.READ_FIRST,
}
DONE = {
    Restriction.REMOVED: gettext_lazy("A comment was removed from a discussion."),
    Restriction.HIDDEN: gettext_lazy("A published comment was hidden until somebody has looked at it."),
    Restriction.READ_FIRST: gettext_lazy("Comments of an account are read before they are published."),
    Restriction.SUSPENDED: gettext_lazy("An account was suspended: it cannot take part in discussions for a time."),
    Restriction.BANNED: gettext_lazy("An account was banned: it cannot take part in discussions any more."),
}
LED = {
    SourceType.NOTICE: gettext_lazy("We looked at it because of a notice of illegal content."),
    SourceType.FLAGGER: gettext_lazy("We looked at it because of a notice by a trusted flagger."),
    SourceType.REPORTS: gettext_lazy("We looked at it because readers reported it."),
    SourceType.OWN: gettext_lazy("We looked at it on our own initiative."),
}
FOUND = gettext_lazy("One of our automatic checks had found something in it.")
DECIDED = {
    Automation.NOT: gettext_lazy("A moderator of the newsroom read it and decided."),
    Automation.FULLY: gettext_lazy("This was decided automatically, by a setting of the newsroom."),
}


def for_decision(decision: Decision) -> Statement | None:
    """The statement of reasons of a decision about a comment; None where it restricts nothing."""
    restriction = _restriction(decision)
    if restriction is None:
        return None
    comment, source = decision.comment, _source(decision)
    reason = Reason(decision.reason) if decision.reason not in {"", Reason.FINE} else Reason.OTHER
    found = comment.flags.exclude(check_name__in=NOT_FINDING).exists()
    automation = Automation.FULLY if decision.source in AUTOMATIC else Automation.NOT
    return _make(
        comment.author,
        restriction,
        reason,
        decision=decision,
        category=_noticed(decision) if reason == Reason.ILLEGAL else None,
        source=source,
        is_detected=found and source == SourceType.OWN,
        automation=automation,
        content_at=comment.created_at,
        applied_at=decision.created_at,
        language=comment.language,
    )


def for_sanction(sanction: Sanction) -> Statement | None:
    """The statement of reasons of a sanction; None where it restricts nothing, or has one."""
    restriction = SANCTIONS.get(Kind(sanction.kind))
    if restriction is None or Statement.objects.filter(sanction=sanction.pk).exists():
        return None
    if restriction == Restriction.BANNED and sanction.section_id:
        restriction = Restriction.SUSPENDED  # elsewhere they take part as before
    return _make(
        sanction.reader,
        restriction,
        Reason(sanction.reason),
        sanction=sanction.pk,
        source=SourceType.OWN,
        automation=Automation.NOT,
        applied_at=sanction.at,
        ends_at=sanction.until,
    )


def address_of(statement: Statement) -> str:
    """Where its recipient reads it."""
    return reverse("statement", args=[statement.puid])


def why_not_read(reader: Reader | None, statement: Statement) -> str | None:
    """Why this person may not read that statement; None when they may: for whom it is, and supervisors."""
    if reader is None:
        return _("Please sign in first.")
    mine = Recipient.objects.filter(statement=statement, reader=reader).exists()
    return None if mine or reader.is_supervisor else _("This statement of reasons is for somebody else.")


def note_reading(statement: Statement, reader: Reader) -> None:
    """Keep that its recipient has seen it, the first time they do."""
    Recipient.objects.filter(statement=statement, reader=reader, read_at=None).update(read_at=clock.now())


def _make(
    reader: Reader | None, restriction: Restriction, reason: Reason, *, category: Category | None = None, **facts: Any
) -> Statement:
    meaning = MEANINGS[reason]
    now = clock.now()
    with override(settings.LANGUAGE_CODE):
        statement = Statement.objects.create(
            restriction=restriction,
            ground=meaning.ground,
            reason=reason,
            legal_ground=_legal_ground(meaning, reason, category or meaning.category),
            explanation=_explanation(meaning, reason),
            category=category or meaning.category,
            facts=_facts(restriction, facts["source"], facts["automation"], bool(facts.get("is_detected"))),
            appeal_until=now + settings.APPEAL_PERIOD if takes_appeals() else None,
            created_at=now,
            **facts,
        )
    if reader is not None:
        Recipient.objects.create(statement=statement, reader=reader)
    return statement


def _restriction(decision: Decision) -> Restriction | None:
    """What a decision restricts. A confirmed one restricts nothing more than the first, which has its statement."""
    if decision.picked is not None or decision.locked is not None or decision.source == Source.IMPORT:
        return None
    if decision.after == Status.REJECTED and decision.seen != Status.REJECTED:
        return Restriction.REMOVED
    if (decision.seen, decision.after) == (Status.PUBLISHED, Status.PENDING) and not follows_edit(decision):
        return Restriction.HIDDEN
    return None


def follows_edit(made: Decision) -> bool:
    """Whether a rule holds new words of a comment, which nobody has seen yet, right after its author wrote them."""
    edited = made.comment.edited_at
    return bool(made.source == Source.RULE and edited and made.created_at - edited < timedelta(minutes=1))


def _source(decision: Decision) -> SourceType:
    """What led to it: the notices and reports it answers; of what is only held, those that wait."""
    waiting = decision.after == Status.PENDING
    comment = decision.comment
    notices = comment.notices.filter(answer="waiting") if waiting else decision.notices.all()
    flaggers = list(notices.values_list("flagger", flat=True)[:50])
    if flaggers:
        return SourceType.FLAGGER if any(flaggers) else SourceType.NOTICE
    reports = comment.reports.filter(outcome="waiting") if waiting else decision.reports.all()
    return SourceType.REPORTS if reports.exists() else SourceType.OWN


def _noticed(decision: Decision) -> Category | None:
    """What the notices that led to it said it is about."""
    said = decision.notices.exclude(category=Category.NOT_SPECIFIED).order_by("pk")
    found = said.values_list("category", flat=True).first()
    return Category(found) if found else None


def _legal_ground(meaning: Meaning, reason: Reason, category: Category) -> str:
    if meaning.ground == Ground.ILLEGAL:
        return _("The law that applies to the newsroom: %(category)s") % {"category": category.label}
    return _("Our comment policy, which removes this: %(reason)s") % {"reason": reason.label}


def _explanation(meaning: Meaning, reason: Reason) -> str:
    if meaning.ground == Ground.ILLEGAL:
        return _("Whoever decided found that it is against the law, whatever our own rules say of it.")
    return _("Whoever decided found that this holds: %(reason)s") % {"reason": reason.label}


def _facts(restriction: Restriction, source: SourceType, automation: Automation, is_detected: bool) -> str:
    """What happened, in sentences that name nobody and quote nothing."""
    said = [DONE[restriction], LED[source], *([FOUND] if is_detected else []), DECIDED[automation]]
    return " ".join(map(str, said))
