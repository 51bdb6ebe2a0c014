"""The moderators' desk: who may enter, what a card tells, how queues turn their pages, and what each button does."""

from __future__ import annotations

import re
from itertools import chain, pairwise

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from broadsheet.accounts.models import Reader
from broadsheet.discussion.actions import edit_comment, withdraw_comment
from broadsheet.discussion.happenings import Happening, Kind
from broadsheet.discussion.models import Comment, Flag, Status
from broadsheet.moderation import likeness, queues, urls
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Bulk, Decision, Outcome, Queue, Report, View
from broadsheet.moderation.narrowing import cursor_in
from broadsheet.moderation.tests.queueing import many, numbers, put

PENDING, PUBLISHED, REJECTED = Status.PENDING, Status.PUBLISHED, Status.REJECTED


def report(comment, number=7, **facts):
    return report_comment(
        **{"comment": comment, "reporter": None, "address": f"192.0.2.{number}", "reason": "spam", **facts}
    )


def main_of(answer):
    return answer.content.decode().split("<main")[1].split("</main")[0]


def forms_of(answer, comment):
    """What each form on the comment's card would send, by the act of its button."""
    card = re.search(rf'<article[^>]*id="card-{comment.pk}".*?</article>', main_of(answer), re.DOTALL).group()
    found = {}
    for form in re.findall(r"<form.*?</form>", card, re.DOTALL):
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        sent.pop("csrfmiddlewaretoken")
        if chosen := re.search(r'<option value="([^"]+)" selected', form):
            sent["reason"] = chosen.group(1)
        name, value = re.search(r'<button type="submit" name="([^"]+)" value="([^"]+)"', form).groups()
        found[value] = {**sent, name: value}
    return found


def post(client, comment, sent, **facts):
    return client.post(reverse("moderation:decide", args=[comment.pk]), {**sent, **facts})


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


# --- Who may enter ----------------------------------------------------------------------------------------------------


def addresses(comment):
    """Every address of this app's desk, for this comment, an act on many and a saved view."""
    rows = {
        "discussion": comment.thread_id,
        "sections": comment.thread.story.section_id,
        "people": comment.author_id,
        "bulk": 0,
        "view": 0,
    }
    moderator = Reader.objects.filter(user_permissions__codename="decide").first()
    if moderator:
        rows["bulk"] = Bulk.objects.get_or_create(moderator=moderator, after=PUBLISHED)[0].pk
        rows["view"] = View.objects.get_or_create(name="Mine", queue="pending")[0].pk
    for pattern in chain.from_iterable(getattr(one, "url_patterns", [one]) for one in urls.urlpatterns):
        row = next((pk for word, pk in rows.items() if word in str(pattern.pattern)), comment.pk)
        arguments = [row] if pattern.pattern.converters else []
        assert set(pattern.pattern.converters) <= {"pk"}
        yield reverse(f"moderation:{pattern.name}", args=arguments)


def pages(comment, somebody):
    """Those that this person may open; some are for supervisors, somebody else's act on many for nobody."""
    kept = () if somebody.is_supervisor else ("/texts/", "/hours/newsroom/", "/hours/sections/", "/audit/")
    return [address for address in addresses(comment) if not any(part in address for part in kept)]


def test_every_page_of_the_desk_sends_the_signed_out_to_sign_in(client, make_comment):
    for address in addresses(make_comment()):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, address
            assert answer.url == f"/accounts/login/?next={address}"


@pytest.mark.any_database
@pytest.mark.parametrize("somebody", ["reader", "newcomer", "reporter", "photo_editor"])
def test_every_page_of_the_desk_turns_away_who_may_not_decide(client, make_comment, request, somebody):
    comment = make_comment(body="Xhidden", status=REJECTED)
    client.force_login(request.getfixturevalue(somebody))
    for address in addresses(comment):
        for answer in (client.get(address), client.post(address, {"seen": REJECTED, "after": PUBLISHED})):
            assert answer.status_code == 403, address
            assert "Xhidden" not in answer.content.decode()
    assert fresh(comment).status == REJECTED


@pytest.mark.any_database
@pytest.mark.parametrize("somebody", ["moderator", "editor", "administrator"])
def test_moderators_editors_and_administrators_enter(client, make_comment, request, somebody):
    request.getfixturevalue("moderator")
    person = request.getfixturevalue(somebody)
    client.force_login(person)
    for address in pages(make_comment(), person):
        assert client.get(address, follow=True).status_code == (
            404 if "/bulk/" in address and not person.is_supervisor and somebody != "moderator" else 200
        ), address


def test_a_moderator_s_page_is_nobody_else_s_to_keep(desk, make_comment, moderator):
    for address in pages(make_comment(), moderator):
        answer = desk.get(address)
        assert answer["Cache-Control"] == "private, no-store" and answer["X-Robots-Tag"] == "noindex, nofollow"


def test_the_groups_that_decide_have_the_right_and_a_newsroom_may_change_its_mind(db):
    right = Permission.objects.get(content_type__app_label="moderation", codename="decide")
    assert set(right.group_set.values_list("name", flat=True)) == {"Moderators", "Editors", "Administrators"}
    Group.objects.get(name="Editors").permissions.remove(right)
    call_command("migrate", verbosity=0)
    assert set(right.group_set.values_list("name", flat=True)) == {"Moderators", "Administrators"}


def test_decisions_need_the_form_s_token(make_comment, moderator):
    from django.test import Client

    strict, comment = Client(enforce_csrf_checks=True), make_comment()
    strict.force_login(moderator)
    assert post(strict, comment, {"seen": PUBLISHED, "after": REJECTED, "reason": "spam"}).status_code == 403
    assert not Decision.objects.exists()


def test_coming_back_from_signing_in_shows_the_comment_and_decides_nothing(desk, make_comment):
    comment = make_comment()
    answer = desk.get(reverse("moderation:decide", args=[comment.pk]))
    assert answer.url == reverse("moderation:comment", args=[comment.pk])


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_a_comment_that_is_not_there_is_a_page_that_says_so(desk, pk):
    assert desk.get(f"/moderation/comments/{pk}/").status_code == 404
    assert desk.post(f"/moderation/comments/{pk}/decide/", {"seen": PENDING, "after": PUBLISHED}).status_code == 404


# --- What a card tells ------------------------------------------------------------------------------------------------


def test_a_reported_comment_stands_with_its_story_its_parent_and_everything_readers_said(
    desk, make_comment, newcomer, story
):
    parent = make_comment(body="The *parent* words", author=newcomer)
    comment = make_comment(body="The reported words", parent=parent)
    make_comment(status=REJECTED)
    report(comment, note="See the second link.")
    report(comment, 8, note="Again!")
    report(comment, reporter=newcomer, reason="private", note="That is my street.")
    text = main_of(desk.get("/moderation/reported/"))
    for words in (
        story.headline,
        story.standfirst,
        "The <em>parent</em> words",
        "In reply to",
        "<bdi>Ned Newcomer</bdi>",
        "The reported words",
        "It is advertising or repeats itself</strong> – 2 reports",
        "It gives away private matters</strong> – 1 report,",
        "See the second link.",
        "That is my street.",
        "A reader without an account",
        "1 published",
        "1 rejected",
    ):
        assert words in text, words
    assert f'href="{story.get_absolute_url()}"' in text
    assert text.count("<article") == 1


def test_a_pending_comment_says_which_check_held_it_and_why(desk, make_comment):
    comment = make_comment(status=PENDING, body="Held *words*")
    Flag.objects.create(comment=comment, check_name="links", reason="It has five links.")
    text = main_of(desk.get("/moderation/pending/"))
    assert "Held <em>words</em>" in text
    assert "It has five links." in text and "(check “links”)" in text


def test_words_on_the_desk_are_cleaned_once_more(desk, make_comment):
    comment = make_comment(status=PENDING)
    Comment.objects.filter(pk=comment.pk).update(html="<p>x<script>alert(1)</script><img src=x onerror=alert(1)></p>")
    for address in ("/moderation/pending/", f"/moderation/comments/{comment.pk}/"):
        assert not re.search("<script>|<img|onerror", main_of(desk.get(address)))


def test_names_and_notes_of_people_are_only_words(desk, make_comment, moderator):
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).update(author_name="<b>Bo</b>")
    report(comment, note="<i>slanted</i>")
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam", note="<u>under</u>")
    for address in (f"/moderation/comments/{comment.pk}/", "/moderation/decisions/"):
        text = main_of(desk.get(address))
        assert not re.search("<b>Bo|<i>slanted|<u>under", text)
        assert "&lt;b&gt;Bo&lt;/b&gt;" in text and "&lt;u&gt;under&lt;/u&gt;" in text


def test_the_history_of_a_comment_is_on_one_page(desk, make_comment, reader, moderator, newcomer):
    comment = make_comment(body="First words")
    edit_comment(author=reader, comment=comment, body="Second words")
    report(comment, reporter=newcomer, note="Look here")
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PUBLISHED)
    report(comment, 9, note="No, look there")
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="private", note="Names a child")
    text = main_of(desk.get(f"/moderation/comments/{comment.pk}/"))
    for words in (
        "First words",
        "Second words",
        "Ned Newcomer",
        "Look here",
        "No, look there",
        "Names a child",
        "Kept",
        "Rejected",
        "It gives away private matters",
        "left the comment as it is",
        "removed the comment",
        "Readers cannot see these words.",
        "Restore",
    ):
        assert words in text, words
    assert text.index("Rejected</span>") < text.index("Kept</span>")


def test_recent_decisions_say_who_did_what_without_the_removed_words(desk, make_comment, moderator):
    comment = make_comment(body="Xremoved")
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam")
    text = main_of(desk.get("/moderation/decisions/"))
    assert "Rejected" in text and "Mona Marsh" in text and "Ruth Reader" in text
    assert "Xremoved" not in text


# --- Queues -----------------------------------------------------------------------------------------------------------


def test_the_desk_opens_with_what_readers_see_now(desk, make_comment):
    assert desk.get("/moderation/").url == "/moderation/reported/"
    pending = make_comment(status=PENDING)
    assert desk.get("/moderation/").url == "/moderation/pending/"
    report(make_comment())
    assert desk.get("/moderation/").url == "/moderation/reported/"
    assert str(pending.pk) in main_of(desk.get("/moderation/pending/"))


def test_an_empty_queue_says_so_and_the_tabs_say_where_something_waits(desk, make_comment):
    assert "No report is waiting." in main_of(desk.get("/moderation/reported/"))
    assert "No comment is waiting." in main_of(desk.get("/moderation/pending/"))
    make_comment(status=PENDING)
    bar = desk.get("/moderation/reported/").content.decode().split("<main")[0]
    assert re.search(r'href="/moderation/pending/"[^>]*>Pending <span class="desk-count" data-count="1">', bar)


def test_a_page_that_stays_open_can_ask_what_waits_by_now(desk, make_comment):
    assert desk.get("/moderation/waiting/").json()["counts"]["pending"] == "0"
    make_comment(status=PENDING)
    counts = desk.get("/moderation/waiting/").json()["counts"]
    assert counts["pending"] == "1" and counts["reported"] == counts["mine"] == "0" and "audit" not in counts


def test_the_pending_queue_goes_oldest_first_and_misses_none_between_pages(thread, reader, moderator):
    rows = many(thread, reader, 2 * queues.PAGE + 5)
    seen, after = [], ""
    for size in (queues.PAGE, queues.PAGE, 5):
        page = queues.page_of(Queue.PENDING, moderator, after=cursor_in(after))
        assert len(page.cards) == size
        seen += numbers(page)
        after = page.after
    assert after == ""
    assert seen == [row.pk for row in rows]


@pytest.mark.any_database
def test_a_page_begins_in_the_same_place_after_the_work_before_it_is_done(thread, reader, moderator):
    many(thread, reader, queues.PAGE + 3)
    first = queues.page_of(Queue.PENDING, moderator)
    for card in first.cards:
        decide(moderator=moderator, comment=card.comment, seen=PENDING, after=PUBLISHED)
    assert len(queues.page_of(Queue.PENDING, moderator, after=cursor_in(first.after)).cards) == 3
    assert len(queues.page_of(Queue.PENDING, moderator).cards) == 3


def test_the_reported_queue_goes_by_age_and_what_the_reports_say(thread, reader, moderator):
    rows = many(thread, reader, queues.PAGE + 2, status=PUBLISHED)
    for number, row in enumerate(reversed(rows)):
        report(row, number, reason="irrelevant")
    report(rows[0], 99, reason="illegal")
    first = queues.page_of(Queue.REPORTED, moderator)
    second = queues.page_of(Queue.REPORTED, moderator, after=cursor_in(first.after))
    assert numbers(first) + numbers(second) == [row.pk for row in [rows[0], *reversed(rows[1:])]]
    assert first.cards[0].reported == 2


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "٣", "1.5", "%00", "999999"])
def test_a_made_up_place_in_a_queue_is_no_fault(desk, make_comment, after):
    report(make_comment())
    for queue in ("pending", "reported", "unreviewed", "asked", "decisions"):
        assert desk.get(f"/moderation/{queue}/?after={after}").status_code == 200


def test_what_no_longer_needs_a_decision_leaves_the_queue(make_comment, reader, moderator):
    withdrawn, rejected, kept = (make_comment() for _ in range(3))
    for number, comment in enumerate((withdrawn, rejected, kept)):
        report(comment, number)
    assert queues.waiting_counts(moderator)["reported"] == "3"
    withdraw_comment(author=reader, comment=withdrawn)
    decide(moderator=moderator, comment=rejected, seen=PUBLISHED, after=REJECTED, reason="spam")
    decide(moderator=moderator, comment=kept, seen=PUBLISHED, after=PUBLISHED)
    assert queues.waiting_counts(moderator)["reported"] == "0"
    assert queues.page_of(Queue.REPORTED, moderator).cards == []


def test_a_comment_kept_once_comes_back_with_a_new_report(make_comment, moderator):
    comment = make_comment()
    report(comment)
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PUBLISHED)
    report(comment, 8, reason="private")
    (card,) = queues.page_of(Queue.REPORTED, moderator).cards
    assert [grievance.reason for grievance in card.grievances] == ["private"]
    assert card.decisions[0].act == "kept"


def test_a_reported_comment_held_by_an_edit_waits_with_its_reports_among_the_pending(
    desk, make_comment, reader, moderator
):
    comment = make_comment()
    report(comment)
    edit_comment(author=reader, comment=comment, body="https://a.example https://b.example https://c.example")
    assert queues.page_of(Queue.REPORTED, moderator).cards == []
    assert fresh(comment).decisions.get().act == "held"
    assert "1 report" in main_of(desk.get("/moderation/pending/"))


def test_tabs_count_up_to_fifty(thread, reader, moderator):
    many(thread, reader, 50)
    assert queues.waiting_counts(moderator)["pending"] == "50"
    many(thread, reader, 5)
    assert queues.waiting_counts(moderator)["pending"] == "50+"


def test_a_campaign_of_reports_is_summed_up_and_its_notes_come_first(make_comment, moderator):
    comment = make_comment()
    rows = [Report(comment=comment, reason="spam") for n in range(40)]
    for row in rows[30:38]:
        row.note = "A word."
    Report.objects.bulk_create(rows)
    put([comment], Queue.REPORTED)
    (card,) = queues.page_of(Queue.REPORTED, moderator).cards
    (grievance,) = card.grievances
    assert (grievance.count, len(grievance.reports), grievance.unshown) == (40, queues.REPORTS_SHOWN, 35)
    assert {row.note for row in grievance.reports} == {"A word."}
    assert card.screen.last_report == Report.objects.latest("pk").pk


def test_a_queue_costs_the_same_queries_however_much_is_in_it(desk, thread, reader, newcomer, moderator):
    def cost(address):
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    def fill(number):
        for status in (PENDING, PUBLISHED):
            for place, row in enumerate(many(thread, newcomer if status == PENDING else reader, number, status=status)):
                likeness.note(Happening(Kind.POSTED, row))
                Flag.objects.create(comment=row, check_name="links", reason="Links.", spans=[[0, 3]])
                if status == PUBLISHED:
                    report(row, place)
                    decide(moderator=moderator, comment=row, seen=PUBLISHED, after=PUBLISHED)
                    report(row, place + 100, reason="abusive")

    fill(3)
    decide(moderator=moderator, comment=many(thread, newcomer, 1)[0], seen=PENDING, after=REJECTED, reason="spam")
    few = {name: cost(f"/moderation/{name}/") for name in ("pending", "reported", "decisions")}
    fill(30)
    assert {name: cost(f"/moderation/{name}/") for name in few} == few
    assert max(few.values()) <= 48


# --- The buttons ------------------------------------------------------------------------------------------------------


def test_approving_goes_on_to_the_next_card_of_the_same_page(desk, make_comment):
    first, second = make_comment(status=PENDING), make_comment(status=PENDING)
    sent = forms_of(desk.get("/moderation/pending/?after=0"), first)["published"]
    answer = post(desk, first, sent)
    assert answer.status_code == 302 and answer.url == f"/moderation/pending/#card-{second.pk}"
    text = main_of(desk.get("/moderation/pending/"))
    assert "You approved the comment by Ruth Reader." in text
    assert fresh(first).status == PUBLISHED
    assert "You approved" not in main_of(desk.get("/moderation/pending/"))


def test_rejecting_keeps_reason_and_note(desk, make_comment, moderator):
    comment = make_comment(status=PENDING)
    sent = forms_of(desk.get("/moderation/pending/"), comment)["rejected"]
    assert "reason" not in sent
    post(desk, comment, sent, reason="hateful", note="Second time this week.")
    made = Decision.objects.get()
    assert (made.act, made.reason, made.note) == ("rejected", "hateful", "Second time this week.")
    assert made.moderator == moderator


def test_what_readers_say_most_is_the_reason_chosen_already(desk, make_comment, newcomer):
    comment = make_comment()
    report(comment, 1, reason="abusive")
    report(comment, 2, reason="private")
    report(comment, 3, reason="private")
    forms = forms_of(desk.get("/moderation/reported/"), comment)
    assert forms["rejected"]["reason"] == "private"
    post(desk, comment, forms["rejected"])
    assert Decision.objects.get().reason == "private"


def test_keeping_from_the_queue_answers_the_reports_that_were_shown(desk, make_comment, moderator):
    comment = make_comment()
    shown = report(comment)
    forms = forms_of(desk.get("/moderation/reported/"), comment)
    later = report(comment, 8)
    post(desk, comment, forms["published"])
    assert (fresh(shown).outcome, fresh(later).outcome) == (Outcome.KEPT, Outcome.WAITING)
    assert len(queues.page_of(Queue.REPORTED, moderator).cards) == 1


def test_restoring_from_the_comment_s_own_page_comes_back_to_it(desk, make_comment):
    comment = make_comment(status=REJECTED)
    address = reverse("moderation:comment", args=[comment.pk])
    answer = post(desk, comment, forms_of(desk.get(address), comment)["published"])
    assert answer.url == address
    assert fresh(comment).status == PUBLISHED


def test_a_rejection_without_a_reason_says_so_and_keeps_the_note(desk, make_comment):
    comment = make_comment(status=PENDING)
    sent = forms_of(desk.get("/moderation/pending/"), comment)["rejected"]
    answer = post(desk, comment, sent, note="Typed at night <3")
    assert answer.status_code == 422
    text = main_of(answer)
    assert "Please choose the reason for which you reject the comment." in text
    assert 'value="Typed at night &lt;3"' in text
    assert fresh(comment).status == PENDING


@pytest.mark.parametrize(("field", "name"), [("note", "Desk note"), ("told", "Note to the author")])
def test_an_over_long_note_says_which_it_is_and_is_kept(desk, make_comment, field, name):
    comment = make_comment(status=PENDING)
    sent = forms_of(desk.get("/moderation/pending/"), comment)["rejected"]
    answer = post(desk, comment, sent, **{field: "x" * 1001}, reason="abusive")
    assert answer.status_code == 422
    text = main_of(answer)
    assert f"{name}: " in text and "1,001 characters" in text and "x" * 1001 in text
    assert '<option value="abusive" selected' in text


@pytest.mark.any_database
def test_the_second_moderator_reads_who_was_first_and_what_they_did(desk, make_comment, administrator):
    comment = make_comment(status=PENDING)
    forms = forms_of(desk.get("/moderation/pending/"), comment)
    decide(moderator=administrator, comment=comment, seen=PENDING, after=REJECTED, reason="hateful")
    answer = post(desk, comment, forms["published"])
    assert answer.status_code == 409
    text = main_of(answer)
    assert "Ada Ash rejected this comment on" in text and "It attacks people for who they are" in text
    assert "Nothing was changed." in text and "Restore" in text
    assert fresh(comment).status == REJECTED and Decision.objects.count() == 1


def test_a_double_click_decides_once_and_is_no_fault(desk, make_comment):
    comment = make_comment(status=PENDING)
    forms = forms_of(desk.get("/moderation/pending/"), comment)
    answers = [post(desk, comment, forms["published"]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Decision.objects.count() == 1


@pytest.mark.any_database
def test_an_edit_in_between_is_shown_before_anything_is_published(desk, make_comment, reader):
    comment = make_comment(status=PENDING)
    forms = forms_of(desk.get("/moderation/pending/"), comment)
    edit_comment(author=reader, comment=comment, body="Quite other words")
    answer = post(desk, comment, forms["published"])
    assert answer.status_code == 409
    assert "has changed this comment" in main_of(answer) and "Quite other words" in main_of(answer)
    assert post(desk, comment, forms_of(answer, comment)["published"]).status_code == 302
    assert fresh(comment).status == PUBLISHED


def test_a_script_is_told_the_same_in_json(desk, make_comment, administrator):
    comment = make_comment(status=PENDING)
    decide(moderator=administrator, comment=comment, seen=PENDING, after=PUBLISHED)
    answer = desk.post(
        reverse("moderation:decide", args=[comment.pk]),
        {"seen": PENDING, "after": REJECTED, "reason": "spam"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 409
    assert "Ada Ash approved this comment" in answer.json()["refused"]


@pytest.mark.any_database
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"seen": "x" * 300, "after": "published"},
        {"seen": "pending", "after": "withdrawn"},
        {"seen": "pending\x00", "after": "published"},
        {"seen": "pending", "after": "published", "last_decision": "-1", "last_report": "x"},
        {"seen": "pending", "after": "published", "edited_at": "yesterday"},
        {"seen": "pending", "after": "published", "cursor": "9" * 41},
        {"seen": "pending", "after": "rejected", "reason": "because"},
    ],
)
def test_a_mangled_form_is_refused_with_a_sentence_and_changes_nothing(desk, make_comment, sent):
    comment = make_comment(status=PENDING)
    answer = post(desk, comment, sent)
    assert answer.status_code == 422
    assert "Nothing was changed." in main_of(answer)
    assert fresh(comment).status == PENDING and not Decision.objects.exists()


@pytest.mark.any_database
def test_the_way_back_leads_to_our_own_queues_only(desk, make_comment):
    for queue in ("//evil.example", "https://evil.example/", "decisions", "../.."):
        comment = make_comment(status=PENDING)
        answer = post(desk, comment, {"seen": PENDING, "after": PUBLISHED, "queue": queue[:10]})
        assert answer.url == f"/moderation/comments/{comment.pk}/"


@pytest.mark.any_database
def test_one_s_own_comment_has_no_buttons(desk, make_comment, moderator):
    comment = make_comment(author=moderator, status=PENDING)
    answer = desk.get("/moderation/pending/")
    assert "a colleague has to decide about it" in main_of(answer)
    assert forms_of(answer, comment) == {}


def test_every_field_and_button_of_a_card_has_a_name_and_ids_are_unique(desk, make_comment):
    for _ in range(3):
        report(make_comment())
    text = desk.get("/moderation/reported/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for tag in re.findall(
        r"<(?:select|input(?! type=\"(?:hidden|checkbox))|textarea)[^>]*>", main_of(desk.get("/moderation/reported/"))
    ):
        name = re.search(r'id="([^"]+)"', tag).group(1)
        assert f'<label for="{name}">' in text
    assert all(label.strip() for label in re.findall(r"<button[^>]*>([^<]*)", text))


def test_headings_go_down_one_step_at_a_time(desk, make_comment):
    comment = make_comment()
    report(comment)
    for address in ("/moderation/reported/", f"/moderation/comments/{comment.pk}/", "/moderation/decisions/"):
        steps = [int(step) for step in re.findall(r"<h([1-6])", desk.get(address).content.decode())]
        assert steps[0] == 1 and steps.count(1) == 1
        assert all(below - above <= 1 for above, below in pairwise(steps))
