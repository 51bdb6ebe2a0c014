"""Supervisors find every act in one list, settings changes among them; what readers may see of it names nobody."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.config import recording
from broadsheet.core import clock, sheets
from broadsheet.discussion.actions import thread_for
from broadsheet.moderation import changes
from broadsheet.moderation.actions import decide
from broadsheet.moderation.arranging import close_discussion
from broadsheet.moderation.models import Change, Decision
from broadsheet.moderation.overview import audit, figures, known, public_log
from broadsheet.moderation.overview.models import Day, KnownSetting
from broadsheet.moderation.people.actions import lift, sanction

pytestmark = pytest.mark.django_db


def reject(comment, moderator, reason="abusive", **facts):
    return decide(moderator=moderator, comment=comment, seen=comment.status, after="rejected", reason=reason, **facts)


def test_every_kind_of_act_is_in_one_list_the_latest_first(client, make_comment, moderator, editor, thread):
    reject(make_comment("Xwords of the comment"), moderator, note="Read the third line.")
    close_discussion(moderator=moderator, thread=thread)
    changes.record(by=editor, what="rule", about="Links", before={"most": 2, "on": True}, after={"most": 3, "on": True})
    client.force_login(editor)
    page = client.get("/moderation/audit/").text
    main = page.partition("<main")[2]
    assert main.index("Links") < main.index("The discussion was closed") < main.index("Read the third line.")
    assert "Mona Marsh" in main and "most" in main and "Xwords" not in main
    assert ">on<" not in main, "what stayed as it was is not told"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_follow_each_other_without_gap_or_repeat(make_comment, moderator, thread, size):
    comment, same = make_comment(), clock.now().replace(microsecond=123457)
    for number in range(1, 8):
        at = same - timedelta(seconds=number // 3)
        Decision.objects.create(
            comment=comment, number=number, moderator=moderator, seen="pending", after="published", created_at=at
        )
        Change.objects.create(what="rule", about=str(number), at=at)
    whole, none_left = audit.page(audit.Asked(), size=100)
    assert len(whole) == 14 and not none_left
    assert [act.at for act in whole] == sorted((act.at for act in whole), reverse=True)
    read, cursor = [], ""
    while True:
        acts, cursor = audit.page(audit.Asked(), cursor, size)
        read += acts
        if not cursor:
            break
    assert read == whole
    assert audit.page(audit.Asked(), "no.such.cursor", 100)[0] == whole


def test_the_log_is_narrowed_by_kind_person_and_day(client, make_comment, moderator, editor):
    first, second = make_comment(), make_comment()
    reject(first, moderator, note="by Mona")
    reject(second, editor, note="by Edna")
    changes.record(by=editor, what="schedule", about="Nights", after={"from": "22:00"})
    client.force_login(editor)

    def shown(query):
        return client.get(f"/moderation/audit/?{query}").text.partition("<main")[2]

    assert "by Mona" in shown("who=MONA+marsh") and "by Edna" not in shown("who=MONA+marsh")
    assert "Nights" in shown("kind=changes") and "by Edna" not in shown("kind=changes")
    tomorrow = figures.today() + timedelta(days=1)
    assert "Nothing was found." in shown(f"first={tomorrow}") and "by Mona" in shown(f"last={figures.today()}")
    for wrong in ("who=Nobody+Known", "first=yesterday", "kind=x"):
        answer = client.get(f"/moderation/audit/?{wrong}")
        assert answer.status_code == 422 and "by Mona" not in answer.text
        assert client.get(f"/moderation/audit/sheet/?{wrong}").status_code == 422


def test_sanctions_and_their_lifting_are_in_the_log(client, moderator, reader, editor):
    made = sanction(moderator=moderator, reader=reader, kind="ban", reason="hateful", note="Third time.", told="Xtold")
    lift(moderator=editor, sanction=made, why="A mix-up.")
    client.force_login(editor)
    page = client.get("/moderation/audit/?kind=people").text.partition("<main")[2]
    assert page.index("Lifted: Ban") < page.index("Third time.") and "A mix-up." in page and reader.name in page
    mine, _ = audit.page(audit.Asked(person=reader.pk))
    assert [act.who for act in mine] == ["Edna Eames", "Mona Marsh"], "what was done about somebody is found by them"


def test_a_large_import_drowns_nothing(client, make_comment, moderator, editor):
    comment = make_comment()
    reject(comment, moderator)
    Decision.objects.create(comment=comment, number=9, source="import", seen="", after="published")
    assert "Imported" not in {act.what for act in audit.page(audit.Asked())[0]}
    (act,) = audit.page(audit.Asked(kind="imports"))[0]
    assert (act.what, act.who) == ("Imported", "The newsroom")


def test_a_moderator_who_supervises_nobody_reads_no_audit_log(client, moderator):
    client.force_login(moderator)
    for path in ("audit/", "audit/sheet/"):
        assert client.get(f"/moderation/{path}").status_code == 403
    assert "/moderation/audit/" not in client.get("/moderation/overview/").text


def test_the_sheet_holds_the_log_and_no_formula(client, make_comment, moderator, editor):
    reject(make_comment(), moderator, note="=HYPERLINK(1)")
    client.force_login(editor)
    answer = client.get("/moderation/audit/sheet/")
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    head, row = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = dict(zip(head, row, strict=True))
    assert (found["by"], found["what"], found["note"]) == ("Mona Marsh", "Rejected", "'=HYPERLINK(1)")
    assert found["address"].startswith("http://testserver/moderation/comments/")


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_words(begins):
    (cell,) = next(csv.reader(io.StringIO(sheets.write([[begins]]).decode("utf-8-sig"), newline="")))
    assert cell == f"'{begins}"


def test_a_sheet_keeps_numbers_quotes_lines_and_nothing():
    text = sheets.write([["a", None, -1.5], ['say "x"', "two\nlines", "fine"]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "", "-1.5"], ['say "x"', "two\nlines", "fine"]]


# --- Settings ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def _never_looked(db):
    KnownSetting.objects.all().delete()


@pytest.mark.usefixtures("_never_looked")
def test_a_changed_setting_is_kept_with_what_it_was_and_a_secret_only_as_changed(client, editor):
    secret = {"secret_key", "email_url"}
    first = {"pre_moderation": "false", "email_url": "smtp://a:Xpassword@b", "secret_key": "Xkey" * 15}
    assert known.compare(first, secret) == {}, "there was nothing to compare with"
    assert known.compare(first, secret) == {} and not Change.objects.exists()
    known.compare({**first, "pre_moderation": "true", "guests": "true", "email_url": "smtp://a:Xother@b"}, secret)
    (change,) = Change.objects.all()
    assert (change.what, change.by) == ("settings", None)
    assert change.before == {"pre_moderation": "false", "guests": None, "email_url": "set"}
    assert change.after == {"pre_moderation": "true", "guests": "true", "email_url": "changed"}
    kept = "".join(f"{row.name}{row.value}{row.digest}" for row in KnownSetting.objects.all())
    assert "Xpassword" not in kept and "Xother" not in kept and "Xkey" not in kept
    client.force_login(editor)
    page = client.get("/moderation/audit/?kind=changes").text
    assert "pre_moderation" in page and "The newsroom" in page and "Xother" not in page


@pytest.mark.usefixtures("_never_looked")
def test_a_setting_that_goes_is_kept_and_a_new_key_does_not_make_every_secret_look_new(settings):
    secret = {"secret_key", "email_url"}
    before = {"guests": "true", "email_url": "smtp://a:b@c", "secret_key": settings.SECRET_KEY}
    known.compare(before, secret)
    settings.SECRET_KEY = "another" * 10
    changed = known.compare({"email_url": "smtp://a:b@c", "secret_key": settings.SECRET_KEY}, secret)
    assert changed == {"guests": "", "secret_key": "changed"}
    assert known.compare({"email_url": "smtp://x:y@z", "secret_key": settings.SECRET_KEY}, secret) == {
        "email_url": "changed"
    }


@pytest.mark.usefixtures("_never_looked")
def test_the_start_looks_at_the_newsroom_s_own_settings(monkeypatch):
    monkeypatch.setenv("BROADSHEET_PRE_MODERATION", "false")
    monkeypatch.setenv("BROADSHEET_OIDC_SECRET", "Xsecret")
    recording.record()
    monkeypatch.setenv("BROADSHEET_PRE_MODERATION", "true")
    monkeypatch.setenv("BROADSHEET_PORT", "9999")
    recording.record()
    (change,) = Change.objects.all()
    assert change.after == {"pre_moderation": "true"}, "the port is the command's and no setting of the newsroom's"
    assert not KnownSetting.objects.filter(value__contains="Xsecret").exists()
    secrets = {name for name in recording.given() if recording.is_secret(name)}
    assert {"secret_key", "oidc_secret"} <= secrets


# --- The log that readers may see -------------------------------------------------------------------------------------


def test_there_is_no_public_log_unless_the_newsroom_wants_one(client, settings):
    assert client.get("/moderation-log/").status_code == 404
    settings.PUBLIC_LOG = True
    assert client.get("/moderation-log/").status_code == 200


def test_the_public_log_names_reasons_and_nobody(client, make_comment, make_story, moderator, reader, settings):
    settings.PUBLIC_LOG = True
    secret = make_story("Xsecret headline")
    removed = make_comment("Xremoved words")
    reject(removed, moderator, reason="spam", note="Xnote", told="Xtold")
    hidden = make_comment("Xhidden words", thread=thread_for(secret))
    reject(hidden, moderator)
    type(secret).objects.filter(pk=secret.pk).update(live=False)
    Decision.objects.create(comment=removed, number=9, source="rule", seen="", after="rejected", reason="other")
    Decision.objects.create(comment=removed, number=10, source="import", seen="", after="rejected", reason="false")
    answer = client.get("/moderation-log/")
    page = answer.text
    assert "public" in answer["Cache-Control"]
    assert removed.thread.story.headline in page and "It is advertising or repeats itself" in page
    assert "by a moderator" in page and "by a rule" in page and "It states as fact" not in page
    for withheld in (
        "Xsecret",
        "Xremoved",
        "Xhidden",
        "Xnote",
        "Xtold",
        "Mona",
        reader.name,
        f"/comments/{removed.pk}/",
    ):
        assert withheld not in page.partition("<main")[2].partition("</main")[0], withheld


def test_the_public_log_counts_by_week_and_month(client, make_comment, moderator, settings):
    today = figures.today()
    for back, reasons in ((1, {"spam": 2}), (8, {"spam": 1, "false": 4}), (70, {"illegal": 1})):
        Day.objects.create(day=today - timedelta(days=back), figures={"reasons": reasons})
    assert sum(week.total for week in public_log.weeks()) == 7
    assert sum(month.total for month in public_log.months()) == 8
    assert len(public_log.weeks()) == public_log.WEEKS and public_log.weeks()[0].first.weekday() == 0
    months = public_log.months()
    assert {month.first.day for month in months} == {1} and len(months) < public_log.MONTHS, "none before the counting"


def test_every_kind_of_change_has_words():
    """Recorded under a code, read by people: a new code without words would stand in the log as it is."""
    root = Path(audit.__file__).parents[2]
    sources = [file.read_text("utf-8") for file in root.rglob("*.py") if "tests" not in file.parts]
    codes = {code for source in sources for code in re.findall(r'changes\.record\([^)]*?what="([^"]+)"', source)}
    assert len(codes) > 15 and codes - set(audit.WHAT) == set()


def test_of_what_is_made_the_empty_parts_are_left_out():
    assert audit.difference(None, {"name": "Links", "lists": [], "most": 2}) == [
        ("name", "", "Links"),
        ("most", "", "2"),
    ]
    assert audit.difference({"lists": ["a"]}, {"lists": []}) == [("lists", '["a"]', "[]")]
