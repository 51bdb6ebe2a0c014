"""Whatever moderators do, in whatever order and whenever: who may speak is what the rows say, and no row is lost."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused
from broadsheet.discussion.actions import thread_for
from broadsheet.moderation.people import actions, rules
from broadsheet.moderation.people.models import Kind, Sanction
from broadsheet.stories.models import Section, Story

DAY = timedelta(days=1)
FEW = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
places = strategies.integers(0, 2)


class Standing(RuleBasedStateMachine):
    """One reader, two sections, a moderator; time goes by as sanctions that began and ended some days ago."""

    @initialize()
    def begin(self):
        self.around, self.numbers, self.rows = transaction.atomic(), count(1), 0
        self.around.__enter__()
        self.reader = Reader.objects.create_user("r@example.org", "Ruth Reader", None)
        self.moderator = Reader.objects.create_superuser("m@example.org", "Mona Marsh", None)
        self.sections = [None, *(Section.objects.create(name=name, slug=name) for name in ("a", "b"))]
        self.threads = [
            thread_for(
                Story.objects.create(headline="x", slug="x", section=section, live=True, published_at=clock.now())
            )
            for section in self.sections[1:]
        ]

    def teardown(self):
        if hasattr(self, "around"):
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    @rule(kind=strategies.sampled_from(Kind.values), place=places, days=strategies.integers(1, 30))
    def sanction(self, kind, place, days):
        ends = kind == Kind.SUSPENSION or (kind in {Kind.PREMODERATION, Kind.NO_REPORTS} and days % 2)
        actions.sanction(
            moderator=self.moderator, reader=self.reader, kind=kind, reason="spam", section=self.sections[place],
            until=clock.now() + days * DAY if ends else None,
        )  # fmt: skip
        self.rows += 1

    @rule(kind=strategies.sampled_from([Kind.SUSPENSION, Kind.PREMODERATION]), place=places)
    def one_of_last_week(self, kind, place):
        now = clock.now()
        Sanction.objects.create(
            reader=self.reader, by=self.moderator, kind=kind, reason="spam", section=self.sections[place],
            at=now - 9 * DAY, until=now - DAY,
        )  # fmt: skip
        self.rows += 1

    @rule(which=strategies.integers(0, 20))
    def lift(self, which):
        if held := Sanction.objects.order_by("pk")[which : which + 1]:
            try:
                actions.lift(moderator=self.moderator, sanction=held[0])
            except Refused:
                assert Sanction.objects.get(pk=held[0].pk).lifted_at

    @rule()
    def read_everything(self):
        for row in Sanction.objects.all():
            actions.acknowledge(reader=self.reader, sanction=row)

    @invariant()
    def nothing_is_lost(self):
        if hasattr(self, "reader"):
            assert Sanction.objects.filter(reader=self.reader).count() == self.rows

    @invariant()
    def the_rules_say_what_the_rows_say(self):
        if not hasattr(self, "reader"):
            return
        now, rows = clock.now(), list(Sanction.objects.all())
        held = [row for row in rows if row.holds(now)]
        assert {row.pk for row in held} == set(Sanction.objects.in_force().values_list("pk", flat=True))
        for thread in self.threads:
            here = [row for row in held if row.section_id in {None, thread.story.section_id}]
            silenced = any(row.kind in {Kind.WARNING, Kind.SUSPENSION, Kind.BAN} for row in here)
            assert bool(rules.why_not_speak(self.reader, thread)) == silenced
            assert rules.reads_first(self.reader, thread) == any(row.kind == Kind.PREMODERATION for row in here)
        assert bool(rules.why_not_report(self.reader)) == any(row.kind == Kind.NO_REPORTS for row in held)


@pytest.mark.django_db
def test_in_any_order():
    run_state_machine_as_test(Standing, settings=FEW)
