"""Statements of reasons: one for each decision that restricts, complete, unchangeable, for its recipient alone."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from broadsheet.core import clock
from broadsheet.discussion.actions import edit_comment, post_comment
from broadsheet.discussion.models import Flag, Status
from broadsheet.legal import codes, export
from broadsheet.legal.models import Recipient, Statement
from broadsheet.legal.statements import for_sanction
from broadsheet.moderation import guard
from broadsheet.moderation.actions import decide, pick, report_comment
from broadsheet.moderation.models import Reason
from broadsheet.moderation.people.actions import sanction
from broadsheet.notifications.items import items
from broadsheet.notifications.models import Notification

pytestmark = pytest.mark.django_db
REJECT = {"seen": "published", "after": "rejected"}


# --- When there is one ------------------------------------------------------------------------------------------------


def test_what_restricts_has_a_statement_and_nothing_else_has(make_comment, moderator, reader):
    removed, hidden, kept, picked, waiting = (make_comment() for _ in range(5))
    decide(moderator=moderator, comment=removed, reason="hateful", **REJECT)
    decide(moderator=moderator, comment=hidden, seen="published", after="pending")
    report_comment(comment=kept, reporter=None, address="192.0.2.1", reason="spam")
    decide(moderator=moderator, comment=kept, seen="published", after="published")
    pick(moderator=moderator, comment=picked)
    found = {row.decision.comment_id: row for row in Statement.objects.select_related("decision")}
    assert set(found) == {removed.pk, hidden.pk}
    assert (found[removed.pk].restriction, found[hidden.pk].restriction) == (
        "VISIBILITY_CONTENT_REMOVED",
        "VISIBILITY_CONTENT_DISABLED",
    )
    assert set(Recipient.objects.values_list("reader", flat=True)) == {reader.pk}
    decide(moderator=moderator, comment=removed, seen="rejected", after="published")
    assert Statement.objects.count() == 2, "putting back restricts nothing"
    assert waiting.is_public


def test_an_edit_that_a_rule_holds_is_no_restriction_and_what_a_rule_removes_is_one(thread, reader, settings):
    comment = post_comment(author=reader, thread=thread, body="Good words.")
    settings.PRE_MODERATION = True
    edit_comment(author=reader, comment=comment, body="Other words.")
    post_comment(author=reader, thread=thread, body="Held from the first.")
    assert not Statement.objects.exists()
    settings.PRE_MODERATION = False
    settings.DISCUSSION_CHECKS = ["broadsheet.legal.tests.test_statements.rejects"]
    post_comment(author=reader, thread=thread, body="Refused by a rule.")
    statement = Statement.objects.get()
    assert (statement.automation, statement.is_detected, statement.source) == ("FULLY", True, "VOLUNTARY")
    assert "decided automatically" in statement.facts
    told = items(reader, Notification.objects.filter(kind="decision").select_related("thread__story", "comment"))
    assert f"/statements/{statement.puid}/" in {item.told.address for item in told}


def rejects(submission):
    from broadsheet.discussion.checks import Verdict

    return Verdict(Status.REJECTED, "A rule.")


def test_what_led_to_it_and_what_it_stands_on_is_told(make_comment, moderator, newcomer, give_notice):
    own, reported, noticed = make_comment(), make_comment(), make_comment()
    Flag.objects.create(comment=own, check_name="links", reason="Many links.")
    report_comment(comment=reported, reporter=newcomer, address="", reason="private")
    give_notice(noticed, category="SCAMS_AND_FRAUD")
    for comment, reason in ((own, "spam"), (reported, "private"), (noticed, "illegal")):
        decide(moderator=moderator, comment=comment, reason=reason, **REJECT)
    rows = list(Statement.objects.order_by("pk"))
    assert [row.source for row in rows] == ["VOLUNTARY", "TYPE_OTHER_NOTIFICATION", "ARTICLE_16"]
    assert [row.is_detected for row in rows] == [True, False, False]
    assert [row.ground for row in rows] == ["INCOMPATIBLE_CONTENT"] * 2 + ["ILLEGAL_CONTENT"]
    assert [row.category for row in rows] == [
        "OTHER_VIOLATION_TC",
        "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        "SCAMS_AND_FRAUD",
    ]


def test_every_reason_is_a_category_and_the_lawyer_s_page_says_which():
    assert set(codes.MEANINGS) == set(Reason) - {Reason.FINE}
    page = (Path(__file__).parents[3] / "docs/legal.md").read_text()
    for reason, meaning in codes.MEANINGS.items():
        assert re.search(rf"^\| `{reason}` \|.*\| `{meaning.category}` \|", page, re.MULTILINE), reason


def test_a_sanction_that_restricts_has_one_and_a_warning_has_none(client, newcomer, moderator, section):
    until = clock.now() + timedelta(days=7)
    for kind, facts in [
        ("warning", {}),
        ("suspension", {"until": until}),
        ("ban", {}),
        ("ban", {"section": section}),
        ("premod", {}),
    ]:
        sanction(moderator=moderator, reader=newcomer, kind=kind, reason="abusive", told="Enough.", **facts)
    rows = list(Statement.objects.order_by("pk"))
    assert [row.restriction for row in rows] == [
        "ACCOUNT_SUSPENDED", "ACCOUNT_TERMINATED", "ACCOUNT_SUSPENDED", "VISIBILITY_OTHER",
    ]  # fmt: skip
    assert rows[0].ends_at == until and {row.recipient.reader for row in rows} == {newcomer}
    for row in rows:
        assert export.faults(export.record(row)) == [] and "Enough." not in str(export.record(row))
    assert for_sanction(newcomer.sanctions.get(kind="suspension")) is None, "told twice, it is made once"
    client.force_login(newcomer)
    page = client.get("/me/standing/").text
    assert all(f"/statements/{row.puid}/" in page for row in rows)
    told = {item.told.address for item in items(newcomer, Notification.objects.filter(reader=newcomer))}
    assert {f"/statements/{row.puid}/" for row in rows} < told
    assert "Enough." in client.get(f"/statements/{rows[0].puid}/").text


# --- Who reads it -----------------------------------------------------------------------------------------------------


def test_its_author_and_supervisors_read_it_and_nobody_else(client, removed, reader, newcomer, moderator, supervisor):
    statement = Statement.objects.get()
    address = f"/statements/{statement.puid}/"
    assert client.get(address).status_code == 302, "the signed-out sign in"
    for somebody in (newcomer, moderator):
        client.force_login(somebody)
        assert client.get(address).status_code == 404
        assert client.get(address + "appeal/").status_code == 404
    client.force_login(supervisor)
    assert client.get(address).status_code == 200
    assert Recipient.objects.get().read_at is None, "a supervisor's look is not its recipient's"
    client.force_login(reader)
    page = client.get(address).text
    for told in (
        "The comment was removed",
        "It insults, threatens or harasses somebody",
        "Mind it.",
        "Our own initiative",
        "No: a person decided",
        "everywhere",
        statement.puid,
        f"{address}appeal/",
        "go to court",
    ):
        assert told in page, told
    assert "Mona" not in page and "Xremovedwords" not in page
    assert Recipient.objects.get().read_at is not None


def test_the_notice_of_the_decision_leads_to_it_and_the_account_lists_it(client, removed, reader, newcomer):
    statement = Statement.objects.get()
    (told,) = items(reader, Notification.objects.filter(kind="decision").select_related("thread__story", "comment"))
    assert told.told.address == f"/statements/{statement.puid}/"
    client.force_login(reader)
    assert f'href="/statements/{statement.puid}/"' in client.get("/me/statements/").text
    assert 'href="/me/statements/"' in client.get("/me/").text
    client.force_login(newcomer)
    assert statement.puid not in client.get("/me/statements/").text


def test_a_hosting_newsroom_names_the_court_alone(client, make_comment, moderator, reader, settings):
    settings.LEGAL_TIER = "hosting"
    decide(moderator=moderator, comment=make_comment(), reason="spam", **REJECT)
    statement = Statement.objects.get()
    assert statement.appeal_until is None
    client.force_login(reader)
    page = client.get(f"/statements/{statement.puid}/").text
    assert "takes no appeals" in page and "go to court" in page and "/appeal/" not in page


# --- It stays as it is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE legal_statement SET facts = 'x'",
        "DELETE FROM legal_statement",
        "INSERT OR REPLACE INTO legal_statement SELECT * FROM legal_statement",
    ],
)
def test_the_database_lets_nobody_change_one(removed, statement):
    if "REPLACE" in statement and connection.vendor != "sqlite":
        pytest.skip("SQLite's own")
    assert guard.stands(connection)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    row = Statement.objects.get()
    for change in (row.save, row.delete, Statement.objects.all().delete, lambda: Statement.objects.update(facts="x")):
        with pytest.raises(TypeError):
            change()


# --- What goes to the Commission --------------------------------------------------------------------------------------


CANARIES = ("ruth", "mona", "nora", "example.", "xremovedwords", "mind it", "calls for violence", "desk says")


def test_the_export_keeps_the_database_s_rules_and_names_nobody(
    make_comment, moderator, newcomer, give_notice, tmp_path, capsys
):
    for reason in codes.MEANINGS:
        comment = make_comment("Xremovedwords")
        report_comment(comment=comment, reporter=newcomer, address="", reason="spam", note="Nora says.")
        if reason == Reason.ILLEGAL:
            give_notice(comment, legal_ground="Nora v. Ruth")
        decide(moderator=moderator, comment=comment, reason=reason, told="Mind it, Ruth.", note="Desk says.", **REJECT)
    rows = list(export.between(clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)))
    assert len(rows) == len(codes.MEANINGS)
    for row in rows:
        assert export.faults(export.record(row)) == []
    today = clock.in_newsroom(clock.now()).date()
    for how in ("jsonl", "csv"):
        out = tmp_path / how
        call_command("statements", "export", "--from", str(today), "--until", str(today), "--format", how, "--out", out)
        text = out.read_text("utf-8-sig")
        assert len(text.splitlines()) == len(rows) + (how == "csv")
        assert [word for word in CANARIES if word in text.casefold()] == []
    first = json.loads((tmp_path / "jsonl").read_text().splitlines()[0])
    assert first["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_REMOVED"]
    assert first["territorial_scope"][0] == "AT" and first["content_type"] == ["CONTENT_TYPE_TEXT"]


def test_the_rules_notice_what_is_wrong(removed):
    sound = export.record(Statement.objects.get())
    for change, said in [
        ({"puid": "a b"}, "puid"),
        ({"puid": ""}, "puid is missing"),
        ({"decision_visibility": []}, "decision_visibility is missing"),
        ({"decision_visibility": ["DECISION_VISIBILITY_OTHER"]}, "decision_visibility_other is missing"),
        ({"category": "STATEMENT_CATEGORY_RUDE"}, "category is no value"),
        ({"decision_facts": "x" * 5001}, "decision_facts is too long"),
        ({"incompatible_content_ground": ""}, "incompatible_content_ground is missing"),
        ({"application_date": "28.11.2026"}, "application_date is no day"),
        ({"author": "Ruth"}, "author is no field"),
    ]:
        assert any(said in fault for fault in export.faults({**sound, **change})), said


def test_supervisors_export_and_moderators_do_not(client, removed, moderator, supervisor):
    today = clock.in_newsroom(clock.now()).date()
    address = f"/moderation/legal/statements.file/?start={today}&end={today}&how="
    client.force_login(moderator)
    assert client.get(address + "jsonl").status_code == 403
    client.force_login(supervisor)
    assert json.loads(client.get(address + "jsonl").content)["puid"] == Statement.objects.get().puid
    assert client.get(address + "csv").content.decode("utf-8-sig").startswith("puid,decision_visibility,")
    assert client.get("/moderation/legal/statements.file/?start=x").status_code == 422
