"""Appeals: in time, once, decided by somebody else, and nothing is lost where they are upheld."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import IntegrityError, transaction

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.discussion.actions import post_comment, withdraw_comment
from broadsheet.discussion.counts import differences
from broadsheet.discussion.models import Comment
from broadsheet.discussion.reactions import respect
from broadsheet.legal.appeals import appeal, decide_appeal, why_not_appeal
from broadsheet.legal.models import Appeal, Statement
from broadsheet.moderation import clocks
from broadsheet.moderation.actions import decide, pick, report_comment
from broadsheet.moderation.models import Decision, Entry, Report
from broadsheet.moderation.people.actions import sanction
from broadsheet.moderation.undoing import undo
from broadsheet.notifications.items import items
from broadsheet.notifications.models import Notification

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def statement(removed):
    return Statement.objects.get(decision__comment=removed)


@pytest.fixture
def waiting(statement, reader):
    return appeal(reader=reader, about=statement, words="It was a quotation.")


def queued():
    return set(Entry.objects.filter(queue="appeals").values_list("comment", flat=True))


@pytest.mark.any_database
def test_the_author_appeals_without_javascript_and_sees_what_became_of_it(client, statement, removed, reader):
    client.force_login(reader)
    address = f"/statements/{statement.puid}/appeal/"
    assert client.post(address, {"words": "  "}).status_code == 422
    answer = client.post(address, {"words": "It was a quotation."})
    made = Appeal.objects.get()
    assert answer.url == f"/appeals/{made.token}/" and queued() == {removed.pk}
    page = client.get(answer.url).text
    assert "Waiting" in page and "It was a quotation." in page and "Xremovedwords" not in page
    assert f"/appeals/{made.token}/" in client.get(f"/statements/{statement.puid}/").text
    again = client.get(address)
    assert again.status_code == 403 and "being looked at again already" in again.text


def test_nobody_else_appeals_and_nobody_after_the_time(statement, newcomer, reader, settings):
    assert "Only the person" in why_not_appeal(newcomer, statement, clock.now())
    assert why_not_appeal(reader, statement, clock.now() + timedelta(days=182)) is None
    late = clock.now() + timedelta(days=184)
    assert "The time for an appeal ended" in why_not_appeal(reader, statement, late)
    settings.LEGAL_TIER = "hosting"
    with pytest.raises(Refused):
        appeal(reader=reader, about=statement, words="Why?")


def test_one_appeal_of_a_decision_is_open_at_a_time_and_the_database_says_so(waiting, statement, reader):
    with pytest.raises(Refused):
        appeal(reader=reader, about=statement, words="Again.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(statement=statement, first=statement.decision, words="x")


def test_upheld_it_puts_the_comment_back_with_all_that_it_had(
    thread, make_comment, reader, newcomer, moderator, supervisor
):
    comment = make_comment()
    make_comment(parent=comment, author=newcomer)
    respect(reader=newcomer, comment=comment)
    pick(moderator=moderator, comment=comment)
    before = Comment.objects.values().get(pk=comment.pk)
    thread.refresh_from_db()
    counts = (thread.published, thread.picks, thread.notable)
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="abusive")
    made = appeal(reader=reader, about=Statement.objects.get(), words="It was a quotation.")
    decide_appeal(moderator=supervisor, appeal=made, upheld=True, answer="You are right.")
    after = Comment.objects.values().get(pk=comment.pk)
    assert {name for name in before if before[name] != after[name]} == {"revision"}
    thread.refresh_from_db()
    assert (thread.published, thread.picks, thread.notable) == counts and list(differences()) == []
    row = fresh(made)
    assert (row.result, row.decided_by, row.second.source) == ("upheld", supervisor, "appeal")
    assert row.second.act == "restored" and row.second.told == "You are right." and queued() == set()
    told = items(reader, Notification.objects.filter(number=row.second.pk).select_related("thread__story", "comment"))
    assert told[0].told.address == f"/appeals/{made.token}/"


def test_confirmed_it_is_a_decision_too_and_the_author_is_told(client, waiting, removed, reader, supervisor):
    decide_appeal(moderator=supervisor, appeal=waiting, upheld=False, answer="It was no quotation.")
    row = fresh(waiting)
    assert (row.result, row.second.act, row.second.reason) == ("confirmed", "confirmed", "abusive")
    assert fresh(removed).status == "rejected" and Statement.objects.count() == 1
    note = Notification.objects.get(number=row.second.pk)
    (told,) = items(reader, [note])
    assert "appeal" in told.words and told.told.address == f"/appeals/{row.token}/"
    page = client.get(told.told.address).text
    assert "It was no quotation." in page and "no automatic means" in page and "go to court" in page
    with pytest.raises(Refused, match="that decision stands"):
        appeal(reader=reader, about=waiting.statement, words="Once more.")


def test_confirming_is_for_appeals_alone(removed, moderator):
    with pytest.raises(Unacceptable):
        decide(moderator=moderator, comment=removed, seen="rejected", after="rejected", reason="spam")


def test_neither_who_decided_first_nor_a_plain_moderator_nor_the_author_decides(waiting, moderator, removed, reader):
    answer = {"appeal": waiting, "upheld": False, "answer": "No."}
    with pytest.raises(Refused, match="Only those who supervise"):
        decide_appeal(moderator=moderator, **answer)
    moderator.user_permissions.add(Permission.objects.get(codename="supervise"))
    with pytest.raises(Refused, match="You made the decision that is appealed"):
        decide_appeal(moderator=Reader.objects.get(pk=moderator.pk), **answer)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=["decide", "supervise"]))
    with pytest.raises(Refused, match="your own appeal"):
        decide_appeal(moderator=Reader.objects.get(pk=reader.pk), **answer)
    assert fresh(waiting).is_waiting and fresh(removed).status == "rejected"


def test_where_nobody_else_is_there_the_administrator_decides_and_it_is_told(
    client, make_comment, reader, administrator
):
    comment = make_comment()
    decide(moderator=administrator, comment=comment, seen="published", after="rejected", reason="spam")
    made = appeal(reader=reader, about=Statement.objects.get(), words="Why?")
    colleague = Reader.objects.create_superuser("bo@example.org", "Bo Birch", "a long enough pass phrase")
    with pytest.raises(Refused, match="somebody else has to decide"):
        decide_appeal(moderator=administrator, appeal=made, upheld=False, answer="No.")
    colleague.is_active = False
    colleague.save()
    decide_appeal(moderator=administrator, appeal=made, upheld=False, answer="I looked again.")
    assert fresh(made).by_same_person
    assert "the person who decided first has looked at it again" in client.get(f"/appeals/{made.token}/").text


def test_two_supervisors_decide_once(waiting, supervisor, administrator):
    decide_appeal(moderator=supervisor, appeal=waiting, upheld=True, answer="Yes.")
    with pytest.raises(Stale):
        decide_appeal(moderator=administrator, appeal=waiting, upheld=False, answer="No.")
    assert Decision.objects.filter(source="appeal").count() == 1


def test_an_answer_in_words_is_wanted(waiting, supervisor):
    with pytest.raises(Unacceptable):
        decide_appeal(moderator=supervisor, appeal=waiting, upheld=True, answer=" ")


def test_whose_report_or_notice_was_turned_down_appeals_too(
    client, make_comment, newcomer, moderator, supervisor, give_notice, settings
):
    settings.EMAIL_URL = "smtp://mail.example"
    reported, noticed, left = make_comment(), make_comment(), make_comment()
    report = report_comment(comment=reported, reporter=newcomer, address="", reason="hateful")
    notice = give_notice(noticed)
    for comment in (reported, noticed):
        decide(moderator=moderator, comment=comment, seen="published", after="published")
    assert f"/reports/{report.token}/appeal/" in client.get(f"/reports/{report.token}/").text
    for address in (f"/reports/{report.token}/appeal/", f"/notices/{notice.token}/appeal/"):
        assert client.post(address, {"words": "Look closer."}).status_code == 302, address
    by_report, by_notice = Appeal.objects.order_by("pk")
    assert queued() == {reported.pk, noticed.pk}
    with pytest.raises(Unacceptable, match="choose the reason"):
        decide_appeal(moderator=supervisor, appeal=by_report, upheld=True, answer="Indeed.")
    assert fresh(by_report).is_waiting
    mail.outbox.clear()
    decide_appeal(moderator=supervisor, appeal=by_report, upheld=True, answer="Indeed.", reason="hateful")
    decide_appeal(moderator=supervisor, appeal=by_notice, upheld=False, answer="It is allowed.")
    assert (fresh(reported).status, fresh(noticed).status) == ("rejected", "published")
    assert Statement.objects.get(decision__comment=reported).recipient.reader == reported.author
    assert [letter.to for letter in mail.outbox] == [["nora@example.com"]], "who reported without signing in has a link"
    assert client.get(f"/reports/{report.token}/appeal/").status_code == 403
    assert why_not_appeal(None, fresh(report), clock.now())
    assert left.is_public and Report.objects.count() == 2


def test_a_sanction_is_appealed_too_and_lifted_where_that_is_upheld(
    client, newcomer, moderator, supervisor, thread, settings
):
    settings.EMAIL_URL = "smtp://mail.example"
    until = clock.now() + timedelta(days=7)
    made = sanction(moderator=moderator, reader=newcomer, kind="suspension", reason="abusive", until=until)
    with pytest.raises(Refused):
        post_comment(author=newcomer, thread=thread, body="Let me in.")
    client.force_login(newcomer)
    address = f"/statements/{Statement.objects.get().puid}/appeal/"
    assert client.post(address, {"words": "It was my brother."}).status_code == 302
    waiting = Appeal.objects.get()
    assert queued() == set() and waiting.comment is None
    client.force_login(supervisor)
    assert f"/moderation/legal/appeals/{waiting.pk}/" in client.get("/moderation/legal/").text
    assert "Ned Newcomer" in client.get(f"/moderation/legal/appeals/{waiting.pk}/").text
    moderator.user_permissions.add(Permission.objects.get(codename="supervise"))
    with pytest.raises(Refused, match="You made the decision"):
        decide_appeal(moderator=Reader.objects.get(pk=moderator.pk), appeal=waiting, upheld=True, answer="Yes.")
    decide_appeal(moderator=supervisor, appeal=waiting, upheld=True, answer="So it seems.")
    made.refresh_from_db()
    assert (made.lifted_by, made.lifted_why) == (supervisor, "So it seems.")
    assert post_comment(author=newcomer, thread=thread, body="Thank you.").is_public
    assert mail.outbox[-1].to == ["ned@example.org"] and f"/appeals/{waiting.token}/" in mail.outbox[-1].body


def test_another_decision_settles_an_appeal_or_leaves_it_where_it_was(waiting, removed, moderator, reader):
    since = Entry.objects.get(queue="appeals").since
    decide(moderator=moderator, comment=removed, seen="rejected", after="pending")
    assert fresh(waiting).is_waiting and Entry.objects.get(queue="appeals").since == since
    decide(moderator=moderator, comment=fresh(removed), seen="pending", after="published")
    assert (fresh(waiting).result, queued()) == ("upheld", set())


def test_who_decided_first_can_give_in_and_the_card_and_the_appellant_are_told_so(
    client, waiting, removed, moderator, supervisor
):
    def told_on(address, who):
        client.force_login(who)
        return "You can still change your own decision" in client.get(address).text

    card, page = f"/moderation/comments/{removed.pk}/", f"/moderation/legal/appeals/{waiting.pk}/"
    assert [told_on(address, who) for address in (card, page) for who in (moderator, supervisor)] == [True, False] * 2
    undo(moderator=moderator, decision=waiting.first)
    row = fresh(waiting)
    assert (row.result, row.decided_by, row.by_same_person) == ("upheld", moderator, True)
    assert "The person who decided first has changed the decision" in client.get(f"/appeals/{row.token}/").text


def test_what_is_withdrawn_or_whose_author_goes_ends_the_appeal(waiting, removed, moderator, reader, make_comment):
    from broadsheet.legal import personal

    hidden = make_comment()
    decide(moderator=moderator, comment=hidden, seen="published", after="pending")
    second = appeal(reader=reader, about=Statement.objects.get(decision__comment=hidden), words="Why?")
    withdraw_comment(author=reader, comment=fresh(hidden))
    assert fresh(second).result == "gone"
    personal.erase(reader, "anonymise")
    assert (fresh(waiting).result, fresh(waiting).words, fresh(waiting).appellant) == ("gone", "", None)
    assert queued() == set()


def test_no_clock_deletes_words_about_which_somebody_still_has_to_decide(waiting, removed, supervisor):
    later = clock.now() + timedelta(days=400)
    Comment.objects.filter(pk=removed.pk).update(created_at=clock.now() - timedelta(days=1))
    assert clocks.rejected_words(later)[0] == 0 and fresh(removed).body
    decide_appeal(moderator=supervisor, appeal=waiting, upheld=False, answer="No.")
    assert clocks.rejected_words(later + timedelta(days=400))[0] == 1 and not fresh(removed).body


def test_the_desk_s_page_is_for_moderators_and_its_form_for_who_may_decide(
    client, waiting, moderator, supervisor, reader
):
    address = f"/moderation/legal/appeals/{waiting.pk}/"
    client.force_login(reader)
    assert client.get(address).status_code == 403
    client.force_login(moderator)
    page = client.get(address).text
    assert "Only those who supervise" in page and 'name="upheld"' not in page
    assert client.post(address, {"upheld": "yes", "answer": "Yes."}).status_code == 403
    client.force_login(supervisor)
    page = client.get(address).text
    assert "It was a quotation." in page and 'name="upheld"' in page and "Xremovedwords" in page
    assert client.post(address, {"upheld": "maybe"}).status_code == 422
    assert client.post(address, {"upheld": "yes", "answer": "Yes."}).url == "/moderation/legal/"
    assert fresh(waiting).result == "upheld"
