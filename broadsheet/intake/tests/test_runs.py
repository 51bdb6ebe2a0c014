"""What a rule would have found is known before it is turned on; what it found may be held, save what people decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.discussion.actions import edit_comment, import_comment, post_comment
from broadsheet.discussion.models import Comment
from broadsheet.intake import actions, runs
from broadsheet.intake.models import Found, Rule, Run, State
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Decision, Entry

pytestmark = pytest.mark.django_db


def say(author, thread, body, **facts):
    return post_comment(author=author, thread=thread, body=body, **facts)


def a_month(supervisor, rule):
    now = clock.now()
    return actions.start_run(by=supervisor, rule=rule, since=now - timedelta(days=30), until=now + timedelta(minutes=1))


@pytest.fixture
def untried(insults, supervisor):
    """The rule "No insults", as it is before anybody turns it on."""
    return actions.set_state(by=supervisor, rule=insults, state=State.OFF)


@pytest.fixture
def said(thread, reader, moderator, untried):
    """With a listed word: one left alone, one approved, one rejected, one before the period; and one without."""
    found = {name: say(reader, thread, f"blorpet, {name}") for name in ("alone", "approved", "rejected", "long ago")}
    found["clean"] = say(reader, thread, "Nothing here")
    for name in ("alone", "approved"):
        report_comment(comment=found[name], reporter=None, address="192.0.2.7", reason="abusive")
    decide(moderator=moderator, comment=found["approved"], seen="published", after="published", reason="fine")
    decide(moderator=moderator, comment=found["rejected"], seen="published", after="rejected", reason="abusive")
    Comment.objects.filter(pk=found["long ago"].pk).update(created_at=clock.now() - timedelta(days=31))
    return found


def test_a_dry_run_says_what_a_rule_would_have_found_and_what_became_of_it(supervisor, untried, said):
    run = a_month(supervisor, untried)
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == ("looked", 4, 4)
    result = runs.result_of(run)
    assert (result.all, result.published, result.rejected) == (3, 2, 1)
    assert [found.comment for found in runs.examples_of(run, supervisor, "rejected")] == [said["rejected"]]
    assert not Entry.objects.filter(comment=said["alone"], queue="pending").exists()
    assert Comment.objects.get(pk=said["alone"].pk).status == "published"
    assert not Found.objects.exists()


def test_holding_what_was_found_leaves_alone_what_people_have_decided(supervisor, untried, said, thread):
    run = a_month(supervisor, untried)
    actions.hold_found(by=supervisor, run=run)
    run.refresh_from_db()
    assert (run.state, run.held, run.passed) == ("held", 1, 1)
    statuses = {name: Comment.objects.get(pk=comment.pk).status for name, comment in said.items()}
    assert statuses == {
        "alone": "pending", "approved": "published", "rejected": "rejected", "long ago": "published",
        "clean": "published",
    }  # fmt: skip
    made = Decision.objects.get(comment=said["alone"])
    assert (made.source, made.seen, made.after, made.moderator, made.note) == (
        "rule", "published", "pending", None, "No insults",
    )  # fmt: skip
    assert [entry.queue for entry in Entry.objects.filter(comment=said["alone"])] == ["pending"]
    flag = said["alone"].flags.get()
    assert (flag.rule, flag.asks_for, flag.spans) == ("No insults", "pending", [[0, 7]])
    thread.refresh_from_db()
    assert (thread.published, thread.pending, thread.rejected) == (3, 1, 1)
    with pytest.raises(Refused, match="only once"):
        actions.hold_found(by=supervisor, run=run)


def test_a_comment_that_is_decided_in_the_meantime_is_left_alone(supervisor, untried, said, moderator):
    run = a_month(supervisor, untried)
    decide(moderator=moderator, comment=said["alone"], seen="published", after="published", reason="fine")
    actions.hold_found(by=supervisor, run=run)
    run.refresh_from_db()
    assert (run.held, run.passed) == (0, 2)
    assert not said["alone"].flags.exists()


def test_a_rule_that_was_changed_must_look_again_before_it_holds(supervisor, untried, said, make_list):
    run = a_month(supervisor, untried)
    other = make_list("nothing", name="Other")
    actions.save_rule(
        by=supervisor, rule=untried, kind="phrases", name=untried.name, asks_for="hold",
        params={"listings": [other.pk]},
    )  # fmt: skip
    with pytest.raises(Refused, match="look again"):
        actions.hold_found(by=supervisor, run=Run.objects.get(pk=run.pk))


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(supervisor, untried, said, monkeypatch, settings):
    settings.TASKS_AT_ONCE = []
    run = a_month(supervisor, untried)
    monkeypatch.setattr(runs, "STEP", 1)
    found = runs._found
    seen = []

    def dies_at_the_third(run, rules, comment):
        seen.append(comment.pk)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return found(run, rules, comment)

    monkeypatch.setattr(runs, "_found", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        runs.look.func(run.pk)
    assert Run.objects.get(pk=run.pk).done == 2
    runs.look.func(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done) == ("looked", 4)
    assert len(seen) == 5  # the third twice, no other again
    assert runs.result_of(run).all == 3


def test_a_holding_that_was_cut_off_counts_nothing_twice(
    supervisor, untried, said, thread, newcomer, monkeypatch, settings
):
    say(newcomer, thread, "blorpet, once more")
    run = a_month(supervisor, untried)
    settings.TASKS_AT_ONCE = []
    actions.hold_found(by=supervisor, run=run)
    hold_one, seen = runs._hold, []

    def dies_at_the_third(run, rules, comment):
        seen.append(comment)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return hold_one(run, rules, comment)

    monkeypatch.setattr(runs, "_hold", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        runs.hold.func(run.pk)
    runs.hold.func(run.pk)
    run.refresh_from_db()
    assert (run.state, run.held, run.passed) == ("held", 2, 1)
    assert len(seen) == 4  # the third twice, no other again


def test_a_run_that_says_nothing_for_long_has_failed(supervisor, untried, settings):
    settings.TASKS_AT_ONCE = []
    run = a_month(supervisor, untried)
    assert runs.state_of(run) == "waiting"
    run.heard_at = clock.now() - timedelta(hours=1)
    assert runs.state_of(run) == "failed"


def test_in_hindsight_an_author_is_what_they_were_then(supervisor, thread, reader, newcomer, moderator, make_rule):
    """First comments, rates, records and repeats look at what was before the comment, not at what is now."""
    now = clock.now()

    def at(days, author, body):
        comment = say(author, thread, body)
        moment = now - timedelta(days=days)
        Comment.objects.filter(pk=comment.pk).update(created_at=moment, published_at=moment)
        return Comment.objects.get(pk=comment.pk)

    first, second = at(20, reader, "The first one."), at(10, reader, "The second one.")
    again = at(9, newcomer, "A long text about the bridge that somebody says again and again and again.")
    repeat = at(8.5, reader, "A long text about the bridge that somebody says again and again and again!")
    quick = at(8.499, reader, "And one more right behind it.")

    def found(kind, **params):
        run = a_month(supervisor, make_rule(kind, name=f"Rule {Rule.objects.count()}", state="off", params=params))
        return list(Run.objects.get(pk=run.pk).found.order_by("comment__created_at").values_list("comment", flat=True))

    assert found("first", comments=1) == [first.pk, again.pk]
    assert found("rate", comments=1, minutes=5) == [quick.pk]
    assert found("repeats", hours=24, share=80, least_words=8, others=1) == [repeat.pk]
    decide(moderator=moderator, comment=second, seen="published", after="rejected", reason="spam")
    assert found("record", days=30, share=10, least=1) == []  # by then nothing had been rejected
    later = say(reader, thread, "After that.")
    assert found("record", days=30, share=10, least=1) == [later.pk]


def test_imported_comments_are_looked_at_too(supervisor, thread, untried):
    import_comment(
        thread=thread, author_name="Old Hand", body="blorpet of old", created_at=clock.now() - timedelta(days=2)
    )
    assert runs.result_of(a_month(supervisor, untried)).published == 1


@pytest.mark.parametrize("days", [(1, 2), (-400, 0), (0, -1)])
def test_a_period_that_is_none_is_refused(supervisor, untried, days):
    now = clock.now()
    with pytest.raises(Unacceptable, match="period"):
        actions.start_run(
            by=supervisor, rule=untried, since=now + timedelta(days=days[0]), until=now + timedelta(days=days[1])
        )


def test_what_asks_another_server_cannot_be_asked_about_the_past(supervisor, make_rule):
    rule = make_rule("outside", params={"url": "https://x.example/", "seconds": 1, "on_failure": "pass"})
    with pytest.raises(Refused, match="Put it on trial"):
        a_month(supervisor, rule)


def test_an_edited_comment_s_last_words_are_looked_at(supervisor, thread, reader, untried):
    comment = say(reader, thread, "blorpet")
    edit_comment(author=reader, comment=comment, body="Better put.")
    assert runs.result_of(a_month(supervisor, untried)).all == 0
