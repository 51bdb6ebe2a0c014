"""Sanctions: what each keeps somebody from, how it ends, who may give and lift one, and that none is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from broadsheet.accounts.actions import rename
from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.discussion.actions import edit_comment, post_comment, thread_for, withdraw_comment
from broadsheet.discussion.following import follow_thread
from broadsheet.discussion.models import Status
from broadsheet.discussion.reactions import respect, take_back_respect
from broadsheet.discussion.verified import publish_waiting
from broadsheet.moderation import guard
from broadsheet.moderation.actions import report_comment
from broadsheet.moderation.people import actions, rules
from broadsheet.moderation.people.models import Kind, Sanction
from broadsheet.moderation.tests.together import at_once, needs_two_writers

DAY = timedelta(days=1)


def soon(days=7):
    return clock.now() + timedelta(days=days)


def given(reader, by, kind, *, began=3, ended=1, **facts):
    """A sanction of some days ago, whose end has passed."""
    now = clock.now()
    return Sanction.objects.create(
        reader=reader, by=by, kind=kind, reason="spam", at=now - began * DAY, until=now - ended * DAY, **facts
    )


# --- What each does ---------------------------------------------------------------------------------------------------


def test_a_suspended_reader_can_neither_comment_nor_edit_nor_show_respect(do, make_comment, newcomer, thread):
    others, own = make_comment(), make_comment("Mine.", author=newcomer)
    respect(reader=newcomer, comment=others)
    do("suspension", until=soon())
    for act in (
        lambda: post_comment(author=newcomer, thread=thread, body="Hello."),
        lambda: edit_comment(author=newcomer, comment=own, body="Better."),
        lambda: respect(reader=newcomer, comment=make_comment("Another.")),
    ):
        with pytest.raises(Refused, match=r"You cannot take part until .*Standing"):
            act()


def test_what_is_one_s_own_can_be_taken_back_and_the_discussion_followed(do, make_comment, newcomer, thread):
    others, own = make_comment(), make_comment("Mine.", author=newcomer)
    respect(reader=newcomer, comment=others)
    do("ban")
    assert withdraw_comment(author=newcomer, comment=own).status == Status.WITHDRAWN
    take_back_respect(reader=newcomer, comment=others)
    follow_thread(reader=newcomer, thread=thread)
    assert report_comment(comment=others, reporter=newcomer, address="192.0.2.1", reason="spam")


@pytest.mark.parametrize("kind", ["ban", "suspension", "warning"])
def test_who_may_not_take_part_says_nothing_new_by_their_name_or_on_their_page(client, do, newcomer, kind):
    newcomer.about = "I fish."
    newcomer.save(update_fields=["about"])
    do(kind, until=soon() if kind == "suspension" else None)
    with pytest.raises(Refused, match="“Standing”"):
        rename(reader=newcomer, name="Ned Insult")
    client.force_login(newcomer)
    refused = client.post("/me/profile/", {"about": "Xinsult", "has_public_page": "on"})
    assert refused.status_code == 422 and "“Standing”" in refused.text
    assert Reader.objects.get(pk=newcomer.pk).about == "I fish."
    assert client.post("/me/profile/", {"about": "I fish."}).status_code == 302, "the page itself can be closed"
    assert client.post("/me/profile/", {"about": ""}).status_code == 302
    assert Reader.objects.get(pk=newcomer.pk).about == ""


def test_a_warning_is_read_before_they_speak_again(do, newcomer, thread):
    warning = do("warning", told="Please keep to the story.")
    with pytest.raises(Refused, match="sent you a warning"):
        post_comment(author=newcomer, thread=thread, body="Hello.")
    actions.acknowledge(reader=newcomer, sanction=warning)
    first = Sanction.objects.get().acknowledged_at
    actions.acknowledge(reader=newcomer, sanction=warning)
    assert post_comment(author=newcomer, thread=thread, body="Hello.").is_public
    assert Sanction.objects.get().acknowledged_at == first


def test_nobody_reads_a_warning_for_another(do, reader):
    warning = do("warning")
    with pytest.raises(Refused, match="somebody else"):
        actions.acknowledge(reader=reader, sanction=warning)
    assert Sanction.objects.get().acknowledged_at is None


def test_what_a_pre_moderated_reader_writes_waits_with_its_reason(do, newcomer, thread):
    do("premod")
    comment = post_comment(author=newcomer, thread=thread, body="Hello.")
    assert comment.status == Status.PENDING
    assert [flag.check_name for flag in comment.flags.all()] == ["standing"]
    assert comment.entries.get().queue == "pending"


def test_a_ban_holds_until_it_is_lifted(do, newcomer, thread, moderator):
    ban = do("ban")
    with pytest.raises(Refused, match="banned this account"):
        post_comment(author=newcomer, thread=thread, body="Hello.")
    actions.lift(moderator=moderator, sanction=ban, why="We mistook you for another.")
    assert post_comment(author=newcomer, thread=thread, body="Hello.").is_public
    row = Sanction.objects.get()
    assert (row.lifted_by, row.lifted_why) == (moderator, "We mistook you for another.")


def test_the_gravest_is_named_first(do, newcomer, thread):
    for kind, facts in (("warning", {}), ("suspension", {"until": soon()}), ("ban", {})):
        do(kind, **facts)
    assert "banned" in rules.why_not_speak(newcomer, thread)


def test_somebody_whose_reports_are_switched_off_is_told_so_and_can_do_everything_else(
    do, make_comment, newcomer, client
):
    do("no_reports", until=soon(3))
    comment = make_comment()
    with pytest.raises(Refused, match="switched off reports for your account until"):
        report_comment(comment=comment, reporter=newcomer, address="192.0.2.1", reason="spam")
    client.force_login(newcomer)
    page = client.get(f"/comments/{comment.pk}/report/")
    assert page.status_code == 403 and "switched off reports" in page.content.decode()
    assert post_comment(author=newcomer, thread=comment.thread, body="Hello.").is_public


def test_what_waited_for_a_proved_address_alone_does_not_come_out_for_who_may_not_speak(do, newcomer, thread, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    newcomer.emailaddress_set.update(verified=False)
    held = post_comment(author=newcomer, thread=thread, body="Hello.")
    ban = do("ban")
    publish_waiting(newcomer)
    held.refresh_from_db()
    assert held.status == Status.PENDING
    actions.lift(moderator=ban.by, sanction=ban)
    publish_waiting(newcomer)
    held.refresh_from_db()
    assert held.is_public


def test_what_waited_for_a_proved_address_goes_on_waiting_when_its_author_is_read_first_by_then(
    do, newcomer, thread, settings
):
    settings.EMAIL_URL = "smtp://mail.example"
    newcomer.emailaddress_set.update(verified=False)
    held = post_comment(author=newcomer, thread=thread, body="Hello.")
    do("premod")
    for _ in range(2):
        publish_waiting(newcomer)
        held.refresh_from_db()
        assert held.status == Status.PENDING
    assert sorted(held.flags.values_list("check_name", flat=True)) == ["standing", "unverified"]


_meanwhile = []


def while_others_check(submission):
    """A check that takes long enough for a moderator to act."""
    if _meanwhile:
        _meanwhile.pop()()


def test_a_sanction_made_while_a_comment_is_checked_holds_for_it(do, newcomer, reader, thread, settings):
    settings.DISCUSSION_CHECKS = [*settings.DISCUSSION_CHECKS, f"{__name__}.while_others_check"]
    _meanwhile.append(lambda: do("premod"))
    comment = post_comment(author=newcomer, thread=thread, body="Hello.")
    assert comment.status == Status.PENDING
    assert list(comment.flags.values_list("check_name", flat=True)) == ["standing"]
    public = post_comment(author=reader, thread=thread, body="Good morning.")
    _meanwhile.append(lambda: do("premod", reader=reader))
    assert edit_comment(author=reader, comment=public, body="Hello again.").status == Status.PENDING
    _meanwhile.append(lambda: do("ban"))
    with pytest.raises(Refused, match="banned"):
        post_comment(author=newcomer, thread=thread, body="Hello once more.")


# --- Where and how long -----------------------------------------------------------------------------------------------


def test_one_section_s_sanction_holds_there_alone(do, newcomer, thread, make_story, sport):
    elsewhere = thread_for(make_story(section=sport))
    do("suspension", until=soon(), section=sport)
    with pytest.raises(Refused, match="in the section Sport"):
        post_comment(author=newcomer, thread=elsewhere, body="Hello.")
    assert post_comment(author=newcomer, thread=thread, body="Hello.").is_public
    do("premod", section=sport)
    assert post_comment(author=newcomer, thread=thread, body="Once more.").is_public
    assert rules.why_not_speak(newcomer, None) is None


@pytest.mark.parametrize("kind", ["suspension", "premod", "no_reports"])
def test_a_sanction_ends_at_its_moment_without_a_job(newcomer, moderator, make_comment, kind):
    given(newcomer, moderator, kind)
    others = make_comment()
    assert post_comment(author=newcomer, thread=others.thread, body="Hello.").is_public
    assert report_comment(comment=others, reporter=newcomer, address="192.0.2.1", reason="spam")
    assert not Sanction.objects.in_force().exists()


def test_the_end_is_exact_by_the_database_s_clock(newcomer, moderator, thread):
    now = clock.database_now()
    until = now + timedelta(milliseconds=400)
    row = Sanction.objects.create(reader=newcomer, by=moderator, kind="suspension", reason="spam", at=now, until=until)
    assert rules.why_not_speak(newcomer, thread)
    while clock.database_now() < until:
        pass
    assert rules.why_not_speak(newcomer, thread) is None
    assert row.holds(until - timedelta(microseconds=1)) and not row.holds(until)


@pytest.mark.parametrize(
    ("kind", "until", "sentence"),
    [
        ("suspension", None, "until when"),
        ("suspension", timedelta(days=-1), "in the future"),
        ("suspension", timedelta(days=9999), "in the future"),
        ("ban", timedelta(days=1), "a ban when it is lifted"),
        ("warning", timedelta(days=1), "A warning ends"),
        ("exile", None, "what is to be done"),
    ],
)
def test_there_is_no_such_sanction(do, kind, until, sentence):
    with pytest.raises(Unacceptable, match=sentence):
        do(kind, until=clock.now() + until if until else None)
    assert not Sanction.objects.exists()


@pytest.mark.parametrize("reason", ["", "fine", "because"])
def test_a_sanction_needs_a_line_of_the_policy(do, reason):
    with pytest.raises(Unacceptable, match="reason"):
        do("warning", reason=reason)


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_nobody_but_a_moderator_sanctions_lifts_or_notes(do, reader, reporter, moderator, newcomer):
    held = do("ban")
    for somebody in (reader, reporter, newcomer):
        with pytest.raises(Refused, match="Only moderators"):
            do("warning", by=somebody, reader=moderator)
        with pytest.raises(Refused, match="Only moderators"):
            actions.lift(moderator=somebody, sanction=held)
        with pytest.raises(Refused, match="Only moderators"):
            actions.note_person(moderator=somebody, reader=newcomer, text="x")
    assert Sanction.objects.in_force().count() == 1


def test_nobody_decides_about_themselves(do, moderator, administrator):
    for somebody in (moderator, administrator):
        with pytest.raises(Refused, match="their own account"):
            do("warning", by=somebody, reader=somebody)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sanction.objects.create(reader=moderator, by=moderator, kind="warning", reason="spam")


def test_who_works_here_loses_their_role_first(do, moderator, reporter, administrator):
    for colleague in (reporter, administrator):
        with pytest.raises(Refused, match=r"works here\. An administrator takes their role"):
            do("ban", reader=colleague)
    reporter.is_staff = False
    reporter.save()
    reporter.groups.clear()
    assert do("ban", reader=Reader.objects.get(pk=reporter.pk))


def test_what_is_over_cannot_be_lifted(do, moderator):
    held = do("ban")
    actions.lift(moderator=moderator, sanction=held)
    with pytest.raises(Stale, match="over already"):
        actions.lift(moderator=moderator, sanction=held)


def test_sent_twice_a_form_sanctions_once(do, newcomer, reader):
    first = do("warning", token="same")
    assert do("warning", token="same") == first
    assert Sanction.objects.count() == 1


@needs_two_writers
@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_once_sanctions_once(do):
    answers = at_once(*[lambda: do("warning", token="same")] * 4)
    assert {answer.pk for answer in answers} == {Sanction.objects.get().pk}


# --- Kept for ever ----------------------------------------------------------------------------------------------------


def test_a_sanction_is_never_deleted_or_changed_by_any_way(do, moderator, reader, newcomer):
    held = do("suspension", until=soon(), told="Cool down.", note="Third time.")
    with pytest.raises(TypeError, match="never deleted"):
        held.delete()
    with pytest.raises(TypeError, match="never deleted"):
        Sanction.objects.all().delete()
    assert guard.stands(connection)
    now = clock.now()
    for change in (
        {"kind": "premod"}, {"reason": "spam"}, {"until": now}, {"told": ""}, {"note": ""}, {"at": now},
        {"reader": reader}, {"by": reader},
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Sanction.objects.update(**change)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM moderation_sanction")
    actions.lift(moderator=moderator, sanction=held)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Sanction.objects.update(lifted_at=None, lifted_by=None)


def test_the_database_knows_which_kinds_end(newcomer, moderator):
    for kind, until in (("suspension", None), ("ban", soon()), ("warning", soon()), ("exile", None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sanction.objects.create(reader=newcomer, by=moderator, kind=kind, reason="spam", until=until)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sanction.objects.create(reader=newcomer, by=moderator, kind="ban", reason="fine")


# --- Notes ------------------------------------------------------------------------------------------------------------


def test_a_note_is_its_author_s_to_take_away(moderator, administrator, newcomer):
    note = actions.note_person(moderator=moderator, reader=newcomer, text="Wrote to us: will calm down.")
    with pytest.raises(Refused, match="Only its author"):
        actions.remove_note(moderator=administrator, note=note)
    actions.remove_note(moderator=moderator, note=note)
    assert not newcomer.desk_notes.exists()
    with pytest.raises(Unacceptable, match="nothing in the note"):
        actions.note_person(moderator=moderator, reader=newcomer, text="  ")
    with pytest.raises(Refused, match="their own account"):
        actions.note_person(moderator=moderator, reader=moderator, text="I am great.")


def test_every_kind_has_words(newcomer, moderator, section):
    from broadsheet.moderation.people.notices import facts_of, sentence_of

    for kind in Kind:
        for where in (None, section):
            for until in (None, soon()):
                row = Sanction(kind=kind, section=where, until=until)
                said = sentence_of(row) % facts_of(row)
                assert "%" not in said and (where is None or kind in {"warning", "no_reports"} or "Town" in said)
