"""What supervisors do with rules and lists. Each act is one transaction with a row in the record of changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable, refuse_if
from broadsheet.core.standard_webhooks import new_secret
from broadsheet.core.text import readable
from broadsheet.intake import kinds, runs
from broadsheet.intake.facts import facts_of
from broadsheet.intake.kinds import KINDS
from broadsheet.intake.listings import Read
from broadsheet.intake.models import LONGEST_NAME, Asks, Edition, Listing, Rule, Run, State, Switch, period_words
from broadsheet.moderation import changes, rules
from broadsheet.moderation.models import COMPLAINTS
from broadsheet.stories.models import Section, Story

LONGEST_MINUTES = 72 * 60  # moderation.urgency: no ground is worth more
LONGEST_PERIOD = timedelta(days=366)
CHANGED_SHOWN = 20  # entries of a list that the record of changes names


def why_not_set_rules(person: Reader | None) -> str | None:
    """Why this person sets no rules; None when they may."""
    return None if rules.may_supervise(person) else _("Only those who supervise the moderators set their rules.")


# --- Rules ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_rule(
    *,
    by: Reader,
    rule: Rule | None,
    kind: str,
    name: str,
    params: dict[str, Any],
    asks_for: str,
    section: Section | None = None,
    story: Story | None = None,
    spares_staff: bool = True,
    reason: str = "",
    minutes: int = 0,
) -> Rule:
    """Make a rule, which is off at first, or change one. `params` are what the kind's form takes.

    Raises Refused, and Unacceptable for a name that is taken or settings that its kind does not have.
    """
    refuse_if(why_not_set_rules(by))
    name = readable(name, most=LONGEST_NAME, what=_("Name"), lines=False)
    _require_acceptable(name, kind, asks_for, reason, minutes, section, story)
    cleaned = cleaned_params(kind, params)
    before = facts_of(rule) if rule else None
    saved = rule or Rule(kind=kind, position=(Rule.objects.aggregate(last=Max("position"))["last"] or 0) + 1)
    if kind == "outside":
        cleaned["secret"] = saved.params.get("secret") or new_secret()
    saved.name, saved.params, saved.asks_for, saved.minutes = name, cleaned, asks_for, minutes
    saved.section, saved.story, saved.spares_staff = section, story, spares_staff
    saved.reason = reason if asks_for == Asks.REJECT else ""
    saved.changed_at = clock.now()
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise Unacceptable(_("There is a rule of that name already.")) from None
    saved.listings.set(kinds.listings_in(cleaned))
    return _changed(by, saved, before)


@transaction.atomic
def set_state(*, by: Reader, rule: Rule, state: str) -> Rule:
    """Turn a rule off, put it on trial, or turn it on."""
    refuse_if(why_not_set_rules(by))
    if state not in State.values:
        raise Unacceptable(_("A rule is off, on trial, or on."))
    rule = Rule.objects.select_for_update().get(pk=rule.pk)
    before = facts_of(rule)
    if state == State.TRIAL and rule.state != State.TRIAL:
        rule.trial_since = clock.now()
    rule.state, rule.changed_at = state, clock.now()
    rule.save(update_fields=["state", "trial_since", "changed_at"])
    return _changed(by, rule, before)


@transaction.atomic
def move_rule(*, by: Reader, rule: Rule, up: bool) -> None:
    """Let a rule speak before the one above it, or after the one below."""
    refuse_if(why_not_set_rules(by))
    order = list(Rule.objects.select_for_update().order_by("position", "pk"))
    place = next(place for place, each in enumerate(order) if each.pk == rule.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    before = [each.name for each in order]
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order):
        each.position = position
    Rule.objects.bulk_update(order, ["position"])
    changes.record(by=by, what="order of rules", before=before, after=[each.name for each in order])
    Edition.next()


@transaction.atomic
def remove_rule(*, by: Reader, rule: Rule) -> None:
    """Delete a rule. What it found stays on the comments; what was decided stays decided."""
    refuse_if(why_not_set_rules(by))
    changes.record(by=by, what="rule", about=rule.name, before=facts_of(rule), after=None)
    rule.delete()
    Edition.next()


@transaction.atomic
def set_switch(
    *, by: Reader, rule: Rule, section: Section | None = None, story: Story | None = None, is_on: bool | None
) -> None:
    """Turn a rule on or off for one section or one story; None takes the switch away again."""
    refuse_if(why_not_set_rules(by))
    if (section is None) == (story is None):
        raise Unacceptable(_("Please choose a section, or a story."))
    before = facts_of(rule)
    if is_on is None:
        Switch.objects.filter(rule=rule, section=section, story=story).delete()
    else:
        Switch.objects.update_or_create(rule=rule, section=section, story=story, defaults={"is_on": is_on})
    _changed(by, rule, before)


def cleaned_params(kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """A kind's settings as they are kept. Raises Unacceptable with the first thing that is wrong with them."""
    form = KINDS[kind].form(params)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise Unacceptable(f"{label}: {errors[0]}" if label else str(errors[0]))
    return dict(form.cleaned_data)


def _changed(by: Reader, rule: Rule, before: dict[str, Any] | None) -> Rule:
    if changes.record(by=by, what="rule", about=rule.name, before=before, after=facts_of(rule)):
        Edition.next()
    return rule


def _require_acceptable(
    name: str, kind: str, asks_for: str, reason: str, minutes: int, section: Section | None, story: Story | None
) -> None:
    if not name:
        raise Unacceptable(_("Please give it a name."))
    if kind not in KINDS or not KINDS[kind].offered():
        raise Unacceptable(_("There is no such kind of rule in this newsroom."))
    if asks_for not in KINDS[kind].may_ask_for:
        raise Unacceptable(_("Please choose what the rule asks for."))
    if asks_for == Asks.REJECT and reason not in COMPLAINTS:
        raise Unacceptable(_("A comment is only rejected with a reason: please choose one."))
    if not 0 <= minutes <= LONGEST_MINUTES:
        raise Unacceptable(
            _("What a rule finds is moved forward by at most %(most)s minutes.") % {"most": LONGEST_MINUTES}
        )
    if section and story:
        raise Unacceptable(_("Please choose a section, or a story."))


# --- Lists ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_listing(
    *, by: Reader, listing: Listing | None, kind: str, name: str, read: Read, language: str = "", note: str = ""
) -> Listing:
    """Make a list, or change one. `read` is what intake.listings read of its lines; faulty lines are left out.

    Raises Refused, and Unacceptable for a name that is taken.
    """
    refuse_if(why_not_set_rules(by))
    if kind not in Listing.Kind.values or (listing and listing.kind != kind):
        raise Unacceptable(_("A list keeps its kind."))
    name = readable(name, most=LONGEST_NAME, what=_("Name"), lines=False)
    if not name:
        raise Unacceptable(_("Please give it a name."))
    saved = Listing.objects.select_for_update().get(pk=listing.pk) if listing else Listing(kind=kind)
    before = _listing_facts(saved) if listing else None
    entries_before = saved.entries
    saved.name = name
    saved.language = readable(language, most=LONGEST_NAME, what=_("Language"), lines=False)
    saved.note = readable(note, most=300, what=_("Note"), lines=False)
    saved.lines, saved.size, saved.changed_at = "\n".join(read.entries), len(read.entries), clock.now()
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise Unacceptable(_("There is a list of that name already.")) from None
    after = {**_listing_facts(saved), **_difference(entries_before, read.entries)}
    if changes.record(by=by, what="list", about=saved.name, before=before, after=after):
        Edition.next()
    return saved


@transaction.atomic
def remove_listing(*, by: Reader, listing: Listing) -> None:
    """Delete a list that no rule looks in. Raises Refused while one does."""
    refuse_if(why_not_set_rules(by))
    if used := ", ".join(listing.rules.values_list("name", flat=True)):
        raise Refused(_("These rules look in this list: %(rules)s. Take it out of them first.") % {"rules": used})
    changes.record(by=by, what="list", about=listing.name, before=_listing_facts(listing), after=None)
    listing.delete()
    Edition.next()


def _listing_facts(listing: Listing) -> dict[str, Any]:
    return {
        "name": listing.name, "kind": listing.kind, "language": listing.language, "note": listing.note,
        "lines": listing.size,
    }  # fmt: skip


def _difference(before: list[str], after: list[str]) -> dict[str, Any]:
    """What came and went, by number, and the first few by name."""
    facts: dict[str, Any] = {}
    for word, some, others in (("added", after, before), ("removed", before, after)):
        there = set(others)
        only = [entry for entry in some if entry not in there]
        if only:
            facts[word] = {"number": len(only), "first": only[:CHANGED_SHOWN]}
    return facts


# --- In hindsight -----------------------------------------------------------------------------------------------------


@transaction.atomic
def start_run(*, by: Reader, rule: Rule, since: datetime, until: datetime) -> Run:
    """Look in the background for what a rule would have found in a period; nothing is done to any comment.

    Raises Refused for a kind that cannot be asked in hindsight, Unacceptable for a period that is none.
    """
    refuse_if(why_not_set_rules(by))
    if not KINDS[rule.kind].in_hindsight:
        raise Refused(_("This kind of rule cannot be asked about the past. Put it on trial, and see what it finds."))
    until = min(until, clock.now())
    if since >= until or until - since > LONGEST_PERIOD:
        raise Unacceptable(_("Please choose a period that has begun, of a year at most."))
    run = Run.objects.create(rule=rule, facts=facts_of(rule), since=since, until=until, total=runs.size(since, until))
    changes.record(by=by, what="dry run", about=rule.name, after=period_words(since, until))
    runs.look.enqueue(run.pk)
    return run


@transaction.atomic
def hold_found(*, by: Reader, run: Run) -> Run:
    """Hold in the background what a finished run has found, where no moderator has decided. Raises Refused, Stale."""
    refuse_if(why_not_set_rules(by))
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(runs.why_not_hold(run))
    run.state, run.after, run.heard_at = Run.State.HOLDING, 0, clock.now()
    run.save(update_fields=["state", "after", "heard_at"])
    changes.record(by=by, what="held in hindsight", about=run.rule.name, after=period_words(run.since, run.until))
    runs.hold.enqueue(run.pk)
    return run
