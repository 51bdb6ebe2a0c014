"""The desk's pages about people: looking up, reading, doing, and who is turned away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from broadsheet.accounts.models import NameChange, Reader
from broadsheet.accounts.names import name_key
from broadsheet.core import clock
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Canned, Change
from broadsheet.moderation.people.models import Sanction, Trace
from broadsheet.moderation.people.tests.test_traces import left

pytestmark = pytest.mark.django_db


def address(reader, page=""):
    return f"/moderation/people/{reader.pk}/{page}"


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


@pytest.fixture
def renamed(newcomer):
    NameChange.objects.create(
        reader=newcomer, before="Otto Olden", before_key=name_key("Otto Olden"), at=clock.now() - timedelta(days=5)
    )
    return newcomer


def hidden_in(page, last=False):
    """What a form of the page would send, from its hidden fields; of the preview by default."""
    form = page[page.index('class="person-preview"') :] if not last else page
    form = form[: form.index("</form>")]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', form))
    found.pop("csrfmiddlewaretoken", None)
    return found


# --- Who may enter ----------------------------------------------------------------------------------------------------


@pytest.mark.any_database
@pytest.mark.parametrize("somebody", [None, "reader", "newcomer", "reporter"])
def test_nobody_else_enters_or_does_anything(client, newcomer, request, somebody):
    if somebody:
        client.force_login(request.getfixturevalue(somebody))
    for page in ("/moderation/people/", address(newcomer), address(newcomer, "sanction/")):
        for answer in (client.get(page), client.post(page, {"act": "note", "text": "x", "kind": "ban", "do": "1"})):
            assert answer.status_code in ({302} if somebody is None else {403, 405}), page
    assert not Sanction.objects.exists() and not newcomer.desk_notes.exists()


def test_only_supervisors_see_and_search_e_mail_addresses(client, moderator, supervisor, newcomer):
    client.force_login(moderator)
    assert newcomer.email not in client.get(address(newcomer)).content.decode()
    found = client.get("/moderation/people/", {"q": newcomer.email}).content.decode()
    assert address(newcomer) not in found and "Only those who supervise" in found
    client.force_login(supervisor)
    assert newcomer.email in client.get(address(newcomer)).content.decode()
    assert address(newcomer) in client.get("/moderation/people/", {"q": newcomer.email.upper()}).content.decode()


def test_a_person_who_is_not_there_is_a_page_that_says_so(desk):
    for pk in ("0", "999999", "9" * 30):
        assert desk.get(f"/moderation/people/{pk}/").status_code == 404
        assert desk.post(f"/moderation/people/{pk}/sanction/", {"kind": "ban"}).status_code == 404


# --- Looking up -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["Ned", "ned new", "NED NEWCOMER", "Otto"])
def test_people_are_found_by_how_a_name_begins_and_by_a_former_one(desk, renamed, asked):
    text = desk.get("/moderation/people/", {"q": asked}).content.decode()
    assert address(renamed) in text and ("Otto Olden" in text) == (asked == "Otto")


@pytest.mark.parametrize("asked", ["Nobody", "%", "'; DROP TABLE", "\x00", "x" * 5000, "<script>"])
def test_nobody_is_found_by_nonsense(desk, newcomer, asked):
    answer = desk.get("/moderation/people/", {"q": asked})
    assert answer.status_code == 200 and address(newcomer) not in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def test_without_a_question_everybody_is_listed_against_whom_something_holds(desk, do, newcomer, reader, moderator):
    do("ban")
    now = clock.now()
    Sanction.objects.create(
        reader=reader, by=moderator, kind="suspension", reason="spam",
        at=now - timedelta(days=2), until=now - timedelta(days=1),
    )  # fmt: skip
    text = desk.get("/moderation/people/").content.decode()
    assert address(newcomer) in text and address(reader) not in text


# --- One person -------------------------------------------------------------------------------------------------------


def test_the_page_tells_everything_that_is_known(desk, do, renamed, make_comment, reader, moderator):
    for number in range(3):
        make_comment(f"Words {number}.", author=renamed)
    gone = make_comment("Xremoved", author=renamed)
    decide(moderator=moderator, comment=gone, seen="published", after="rejected", reason="spam")
    do("warning", note="Xnote to colleagues")
    theirs = make_comment("Somebody's")
    report_comment(comment=theirs, reporter=renamed, address="192.0.2.1", reason="spam")
    decide(moderator=moderator, comment=theirs, seen="published", after="published")
    left(renamed)
    left(reader)
    text = desk.get(address(renamed)).content.decode()
    for words in (
        "Otto Olden",
        "Xremoved",
        "Xnote to colleagues",
        "Published 3",
        "Rejected 1",
        "editors agreed with 0 of 1 report",
        "Ruth Reader",
        "at the same network address on 1 day",
    ):
        assert words in text, words
    rejected = desk.get(address(renamed), {"status": "rejected"}).content.decode()
    assert "Xremoved" in rejected and "Words 1." not in rejected


def test_their_comments_come_in_pages_whatever_is_asked(desk, newcomer, make_comment, django_assert_max_num_queries):
    for number in range(25):
        make_comment(f"Words {number}x.", author=newcomer)
    first = desk.get(address(newcomer)).content.decode()
    after = re.search(r"after=(\d+)", first)[1]
    with django_assert_max_num_queries(36):
        second = desk.get(address(newcomer), {"after": after}).content.decode()
    assert "Words 24x." in first and "Words 0x." not in first
    assert "Words 0x." in second and "Words 24x." not in second
    for odd in ("x", "-1", "9" * 40):
        assert desk.get(address(newcomer), {"after": odd, "status": "odd"}).status_code == 200


def test_notes_are_kept_and_taken_away_by_their_author(client, moderator, administrator, newcomer):
    client.force_login(moderator)
    client.post(address(newcomer), {"act": "note", "text": "Wrote to us <b>twice</b>."})
    note = newcomer.desk_notes.get()
    assert "Wrote to us &lt;b&gt;twice" in client.get(address(newcomer)).content.decode()
    client.force_login(administrator)
    refused = client.post(address(newcomer), {"act": "remove_note", "note": note.pk})
    assert refused.status_code == 403 and "Only its author" in refused.content.decode()
    client.force_login(moderator)
    client.post(address(newcomer), {"act": "remove_note", "note": note.pk})
    assert not newcomer.desk_notes.exists()
    assert client.post(address(newcomer), {"act": "dance"}).status_code == 422


def test_supervisors_alone_choose_a_moderator_s_sections(client, supervisor, moderator, administrator, sport):
    client.force_login(moderator)
    assert 'value="scope"' not in client.get(address(moderator)).content.decode()
    assert client.post(address(moderator), {"act": "scope", "section": sport.pk}).status_code == 403
    client.force_login(supervisor)
    assert 'value="scope"' in client.get(address(moderator)).content.decode()
    client.post(address(moderator), {"act": "scope", "section": [sport.pk]})
    assert moderator.moderated_sections.get().section == sport and Change.objects.get().by == supervisor
    client.post(address(moderator), {"act": "scope"})
    assert not moderator.moderated_sections.exists()


def test_no_act_is_offered_about_a_colleague_or_oneself(desk, moderator, reporter):
    assert "works here" in desk.get(address(reporter)).content.decode()
    assert "their own account" in desk.get(address(moderator)).content.decode()
    assert "works here" in desk.get(address(reporter, "sanction/?kind=ban")).content.decode()
    answer = desk.post(address(reporter, "sanction/"), {"kind": "ban", "reason": "spam", "do": "1"})
    assert answer.status_code == 403 and not Sanction.objects.exists()


# --- Doing something --------------------------------------------------------------------------------------------------


@pytest.mark.any_database
def test_a_sanction_is_seen_before_it_is_done_and_done_once(desk, newcomer):
    page = address(newcomer, "sanction/")
    begun = desk.get(page, {"kind": "suspension"}).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', begun)[1]
    sent = {"kind": "suspension", "key": key, "length": "7", "reason": "abusive", "told": "Twice.\n\nThis week."}
    look = desk.post(page, {**sent, "look": "1"}).content.decode()
    assert "An editor has suspended you" in look and "Twice." in look and not Sanction.objects.exists()
    assert len(re.findall(r'id="([^"]+)"', look)) == len(set(re.findall(r'id="([^"]+)"', look)))
    again = hidden_in(look)
    assert again["told"].replace("\r", "") == sent["told"]
    for _ in range(2):
        assert desk.post(page, {**again, "do": "1"}).url == address(newcomer)
    made = Sanction.objects.get()
    assert timedelta(days=6, hours=23) < made.until - made.at <= timedelta(days=7) and made.told == sent["told"]


def test_until_any_moment_of_the_newsroom_s_clock(desk, newcomer):
    page = address(newcomer, "sanction/")
    moment = clock.in_newsroom(clock.now() + timedelta(days=40)).replace(second=0, microsecond=0)
    sent = {"kind": "premod", "length": "moment", "reason": "spam", "do": "1"}
    assert desk.post(page, sent).status_code == 422
    assert desk.post(page, {**sent, "moment": "soon"}).status_code == 422
    desk.post(page, {**sent, "moment": f"{moment:%Y-%m-%dT%H:%M}"})
    assert Sanction.objects.get().until == moment


@pytest.mark.any_database
def test_a_ban_shows_how_many_comments_go_and_where(desk, newcomer, make_comment):
    kept = [make_comment(author=newcomer), make_comment(author=newcomer)]
    page = address(newcomer, "sanction/")
    sent = {"kind": "ban", "reason": "spam", "removes": "on", "look": "1"}
    look = desk.post(page, sent).content.decode()
    assert "2 comments would be rejected" in look and kept[0].thread.story.headline in look
    late = make_comment(author=newcomer)
    stale = hidden_in(look)
    decide(moderator=Reader.objects.get(name="Mona Marsh"), comment=kept[0], seen="published", after="rejected",
           reason="spam")  # fmt: skip
    refused = desk.post(page, {**stale, "do": "1"})
    assert refused.status_code == 409 and not Sanction.objects.exists()
    desk.post(page, {**hidden_in(refused.content.decode()), "do": "1"})
    late.refresh_from_db()
    assert late.status == "rejected" and newcomer.comments.filter(status="published").count() == 0


def test_words_sent_often_are_put_in_without_a_script(desk, newcomer):
    often = Canned.objects.create(name="Tone", reason="abusive", text="Please argue with the story.")
    page = address(newcomer, "sanction/")
    filled = desk.post(page, {"kind": "warning", "canned": often.pk, "use": "1", "note": "Mine"}).content.decode()
    assert "Please argue with the story." in filled and 'value="abusive" selected' in filled and "Mine" in filled
    assert not Sanction.objects.exists()


def test_what_holds_is_lifted_with_a_word_to_the_reader(desk, do, newcomer):
    held = do("ban")
    other = do("warning", reader=Reader.objects.create_user("o@example.org", "Olga Orr", None))
    assert desk.post(address(newcomer), {"act": "lift", "sanction": other.pk}).status_code == 404
    desk.post(address(newcomer), {"act": "lift", "sanction": held.pk, "why": "A mistake."})
    held.refresh_from_db()
    assert (
        held.lifted_why == "A mistake."
        and desk.post(address(newcomer), {"act": "lift", "sanction": held.pk}).status_code == 409
    )
    assert Trace.objects.count() == 0


def test_a_scoped_moderator_is_offered_their_sections_alone(client, of_sport, newcomer, section, sport):
    client.force_login(of_sport)
    text = client.get(address(newcomer, "sanction/"), {"kind": "warning"}).content.decode()
    assert f'name="section" value="{section.pk}"' not in text
    answer = client.post(
        address(newcomer, "sanction/"), {"kind": "warning", "reason": "spam", "section": section.pk, "do": "1"}
    )
    assert answer.status_code == 422
    client.post(address(newcomer, "sanction/"), {"kind": "warning", "reason": "spam", "section": sport.pk, "do": "1"})
    assert Sanction.objects.get().section == sport
