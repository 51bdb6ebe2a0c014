"""Events reach other servers signed, once each as far as that can be, and tell no more than they may."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from broadsheet.core import clock
from broadsheet.discussion.actions import edit_comment, withdraw_comment
from broadsheet.discussion.quoting import quoted
from broadsheet.legal.appeals import appeal
from broadsheet.legal.models import Statement
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.arranging import close_discussion
from broadsheet.moderation.models import Change
from broadsheet.moderation.people.actions import sanction
from broadsheet.webhooks import actions, clocks, delivering, events, signing
from broadsheet.webhooks.delivering import send_due
from broadsheet.webhooks.models import Delivery, Endpoint, Event, Kind

pytestmark = pytest.mark.django_db


def kinds(receiver):
    return [json.loads(body)["type"] for _, _, body in receiver.got]


def verified(secret, headers, body):
    """As a receiver written after the specification checks it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, each) for each in headers["webhook-signature"].split(" "))


def test_a_receiver_can_check_what_it_gets(receiver, make_endpoint, make_comment):
    endpoint = make_endpoint()
    make_comment()
    assert send_due() == 1
    path, headers, body = receiver.got[0]
    assert path == "/in" and headers["content-type"] == "application/json"
    secret = signing.secret_of(endpoint.salt)
    assert secret.startswith("whsec_") and len(base64.b64decode(secret[6:])) == 32
    assert verified(secret, headers, body)
    assert not verified(secret, headers, body + b" ") and not verified(signing.secret_of("another"), headers, body)
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    assert headers["webhook-id"].startswith("msg_")
    assert send_due() == 0 and len(receiver.got) == 1


@pytest.mark.any_database
def test_what_happens_is_told_by_its_kind(receiver, make_endpoint, make_comment, thread, moderator, reporter, settings):
    make_endpoint()
    comment = make_comment("First")
    edit_comment(author=comment.author, comment=comment, body="Better put.")
    report_comment(comment=comment, reporter=reporter, address="", reason="spam", note="Xreportnote")
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam", note="Xdesknote")
    decide(moderator=moderator, comment=comment, seen="rejected", after="published", reason="fine")
    withdraw_comment(author=comment.author, comment=comment)
    settings.PRE_MODERATION = True
    make_comment("Second", status="pending")
    close_discussion(moderator=moderator, thread=thread)
    while send_due():
        pass
    assert kinds(receiver) == [
        "comment.published",
        "comment.edited",
        "comment.reported",
        "decision.made",
        "comment.rejected",
        "comment.published",
        "decision.made",
        "comment.withdrawn",
        "comment.held",
        "discussion.closed",
    ]
    decision = json.loads(receiver.got[3][2])["data"]
    assert decision["decision"]["act"] == "rejected" and decision["decision"]["reason"] == "spam"
    assert decision["comment"]["address"] == f"http://testserver/comments/{comment.pk}/"
    everything = b"".join(body for _, _, body in receiver.got).decode()
    for word in ("Better put", "First", "Second", "Xreportnote", "Xdesknote", "Mona", "Rita", comment.author_name):
        assert word not in everything, word


def test_sanctions_and_appeals_are_told_by_number(make_endpoint, make_comment, moderator, reader):
    make_endpoint()
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    made = sanction(moderator=moderator, reader=reader, kind="ban", reason="spam", told="Xtold", note="Xnote")
    appeal(reader=reader, about=Statement.objects.get(decision__comment=comment), words="Xappeal")
    told = {event.kind: event.data for event in Event.objects.all()}
    assert told["sanction.made"]["sanction"] == {
        "id": made.pk,
        "kind": "ban",
        "reader": reader.pk,
        "section": None,
        "reason": "spam",
        "until": None,
    }
    assert told["appeal.opened"]["comment"]["id"] == comment.pk and told["appeal.opened"]["appeal"]["id"]
    assert "X" not in json.dumps(told)


def test_nothing_is_written_down_where_nobody_asked(make_comment, make_endpoint):
    make_comment()
    make_endpoint(is_on=False)
    make_endpoint("Other", events=["appeal.opened"])
    make_comment()
    assert not Event.objects.exists() and not Delivery.objects.exists()


def test_an_event_stands_or_falls_with_what_it_tells(receiver, make_endpoint, make_comment):
    make_endpoint()
    with pytest.raises(RuntimeError), transaction.atomic():
        make_comment()
        raise RuntimeError
    assert not Event.objects.exists() and send_due() == 0 and receiver.got == []


def test_words_go_only_to_whom_is_trusted_and_only_while_everybody_can_read_them(
    receiver, make_endpoint, make_comment, moderator, due_again
):
    make_endpoint("Trusted", with_words=True)
    make_endpoint("Other", address=f"http://{receiver.host}/other")
    receiver.answers = [(500, {})]
    comment = make_comment("Xpublic words")
    send_due()
    sent = {path: body.decode() for path, _, body in receiver.got}
    assert "Xpublic words" in sent["/in"] and "Xpublic" not in sent["/other"]
    receiver.got.clear()
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    due_again()
    receiver.answers = [(204, {})]
    while send_due():
        pass
    assert len(receiver.got) == 6 and not any("Xpublic" in body.decode() for _, _, body in receiver.got)


def test_who_keeps_a_copy_hears_that_what_a_comment_quotes_is_gone(
    receiver, make_endpoint, make_comment, newcomer, moderator
):
    said = make_comment("The bridge was sold to a cousin of the mayor, they say.")
    answer = make_comment(f"{quoted(said)}I doubt that.", author=newcomer, parent=said)
    make_endpoint(events=["comment.edited"], with_words=True)
    decide(moderator=moderator, comment=said, seen="published", after="rejected", reason="private")
    send_due()
    data = json.loads(receiver.got[0][2])["data"]["comment"]
    assert data["id"] == answer.pk and "I doubt that." in data["words"] and "cousin" not in data["words"]


def test_of_a_story_that_is_not_public_only_the_number_is_told(receiver, make_endpoint, make_story, thread, moderator):
    make_endpoint()
    close_discussion(moderator=moderator, thread=thread)
    type(thread.story).objects.filter(pk=thread.story.pk).update(live=False)
    thread.story.refresh_from_db()
    assert events.about_story(thread) == {"story": {"id": thread.pk}}


def test_what_fails_is_tried_again_under_the_same_name_after_longer_and_longer(
    receiver, make_endpoint, make_comment, due_again
):
    make_endpoint()
    receiver.answers = [(500, {}), (503, {"Retry-After": "7200"}), (200, {})]
    make_comment()
    waits = []
    for _ in range(3):
        now = clock.now()
        send_due()
        row = Delivery.objects.get()
        waits.append((row.next_try_at - now).total_seconds() if row.next_try_at else None)
        due_again()
    assert 5 <= waits[0] <= 7 and 7200 <= waits[1] <= 7201 and waits[2] is None
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    row = Delivery.objects.get()
    assert row.done_at and [attempt[1] for attempt in row.attempts] == [500, 503, 200]
    assert all(attempt.took >= 0 for attempt in row.tried) and not Endpoint.objects.get().failing_since


def test_it_is_given_up_after_ten_tries_in_three_days(receiver, make_endpoint, make_comment, due_again):
    make_endpoint()
    receiver.answers = [(500, {})]
    make_comment()
    for _ in range(12):
        send_due()
        due_again()
    row = Delivery.objects.get()
    assert (len(receiver.got), row.next_try_at, row.done_at) == (10, None, None)
    pauses = [delivering.pause_after(tries, row.event_id) for tries in range(9)]
    assert pauses == sorted(pauses) and timedelta(days=2.5) < sum(pauses, timedelta()) < timedelta(days=4)
    assert pauses == [delivering.pause_after(tries, row.event_id) for tries in range(9)], "seeded by the event"
    assert pauses[3] != delivering.pause_after(3, "msg_another"), "and spread among events"


def test_a_redirect_is_not_followed_and_a_private_address_not_called(receiver, make_endpoint, make_comment, settings):
    make_endpoint()
    receiver.answers = [(302, {"Location": f"http://{receiver.host}/elsewhere"})]
    make_comment()
    send_due()
    assert [path for path, _, _ in receiver.got] == ["/in"]
    (attempt,) = Delivery.objects.get().tried
    assert attempt.status == 302 and "do not follow" in attempt.fault
    Delivery.objects.update(next_try_at=clock.now() - timedelta(seconds=1))
    settings.OUTBOUND_INSIDE = []
    Endpoint.objects.update(address="http://127.0.0.1/in")
    send_due()
    last = Delivery.objects.get().tried[0]
    assert last.status == 0 and last.fault == "That address is not on the public internet." and len(receiver.got) == 1


def test_one_dead_endpoint_holds_up_no_other(receiver, make_endpoint, make_comment):
    make_endpoint("Dead", address="http://127.0.0.1/in")
    make_endpoint("Alive")
    for _ in range(5):
        make_comment()
    assert send_due() == 5 and len(receiver.got) == 5
    assert Delivery.objects.filter(endpoint__name="Dead", tries=1).count() == 1, "it left the run at its first fault"


def test_an_endpoint_that_is_gone_or_fails_for_days_is_switched_off_and_supervisors_are_told(
    receiver, make_endpoint, make_comment, editor, moderator
):
    endpoint = make_endpoint()
    receiver.answers = [(410, {})]
    make_comment()
    send_due()
    endpoint.refresh_from_db()
    assert not endpoint.is_on and "410" in endpoint.off_why
    assert [message.to for message in mail.outbox] == [["edna@example.org"]]
    assert "Archive" in mail.outbox[0].subject and f"/moderation/webhooks/{endpoint.pk}/" in mail.outbox[0].body
    change = Change.objects.get(what="webhook")
    assert change.after["on"] is False and change.by is None

    receiver.answers = [(500, {})]
    Endpoint.objects.update(is_on=True, off_why="", failing_since=clock.now() - delivering.FAILS_FOR)
    make_comment()
    send_due()
    endpoint.refresh_from_db()
    assert not endpoint.is_on and "four days" in endpoint.off_why and len(mail.outbox) == 2
    assert not Delivery.objects.exclude(next_try_at=None).exists(), "what waits goes nowhere"


def test_two_workers_send_a_delivery_once(receiver, make_endpoint, make_comment):
    make_endpoint()
    make_comment()
    row = Delivery.objects.select_related("event").get()
    assert delivering._claim(row, clock.now())
    same = Delivery.objects.select_related("event").get()
    same.tries, same.next_try_at = 0, row.event.at
    assert not delivering._claim(same, clock.now()), "whoever read it before is too late"
    assert send_due() == 0


def test_a_worker_is_woken_when_the_event_is_committed(
    receiver, make_endpoint, make_comment, django_capture_on_commit_callbacks
):
    make_endpoint()
    with django_capture_on_commit_callbacks(execute=True):
        make_comment()
        assert receiver.got == []
    assert kinds(receiver) == ["comment.published"]


def test_the_log_is_forgotten_by_its_clock(make_endpoint, make_comment, settings):
    make_endpoint()
    make_comment()
    assert clocks.old_events(clock.now())[0] == 0
    Event.objects.update(at=clock.now() - settings.WEBHOOK_LOG_KEPT - timedelta(hours=1))
    clocks.old_events(clock.now())
    assert not Event.objects.exists() and not Delivery.objects.exists()


# --- At the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def form(receiver):
    return {
        "name": "Archive",
        "address": f"http://{receiver.host}/in",
        "kinds": ["comment.held", "decision.made"],
        "is_on": "on",
    }


def test_a_supervisor_makes_one_and_sees_its_secret_once(client, editor, form, receiver):
    client.force_login(editor)
    answer = client.post("/moderation/webhooks/new/", form)
    endpoint = Endpoint.objects.get()
    secret = signing.secret_of(endpoint.salt)
    assert secret in answer.text and secret not in client.get(f"/moderation/webhooks/{endpoint.pk}/").text
    assert endpoint.events == ["comment.held", "decision.made"] and not endpoint.with_words
    change = Change.objects.get(what="webhook")
    assert change.by == editor and change.after["address"] == form["address"]
    assert secret not in json.dumps([change.before, change.after])
    assert "Archive" in client.get("/moderation/webhooks/").text
    again = client.post("/moderation/webhooks/new/", form)
    assert again.status_code == 422 and "of that name already" in again.text


def test_a_new_secret_signs_beside_the_old_one_for_a_day(client, editor, receiver, make_endpoint):
    endpoint = make_endpoint()
    before = signing.secret_of(endpoint.salt)
    client.force_login(editor)
    answer = client.post(f"/moderation/webhooks/{endpoint.pk}/", {"act": "secret"})
    endpoint.refresh_from_db()
    after = signing.secret_of(endpoint.salt)
    assert after in answer.text and after != before
    actions.send_test(by=editor, endpoint=endpoint)
    Endpoint.objects.update(old_until=clock.now())
    send_due()
    endpoint.old_until = clock.now() + timedelta(minutes=1)
    headers = signing.headers(endpoint, "msg_1", clock.now(), b"{}")
    headers = {name.lower(): value for name, value in headers.items()}
    assert verified(before, headers, b"{}") and verified(after, headers, b"{}")
    _, late, body = receiver.got[0]
    assert verified(after, late, body) and not verified(before, late, body)


def test_it_is_changed_tested_sent_again_and_removed(client, editor, receiver, make_endpoint, form, make_comment):
    endpoint = make_endpoint()
    make_comment()
    send_due()
    client.force_login(editor)
    page = f"/moderation/webhooks/{endpoint.pk}/"
    shown = client.get(page).text
    assert "comment.published" in shown and "204" in shown and "arrived" in shown
    client.post(f"/moderation/webhooks/deliveries/{Delivery.objects.get().pk}/again/")
    client.post(page, {"act": "test"})
    send_due()
    assert kinds(receiver) == ["comment.published", "comment.published", "test.ping"]
    assert receiver.got[0][1]["webhook-id"] == receiver.got[1][1]["webhook-id"], "the receiver knows that it had it"
    client.post(page, {**form, "name": "Renamed", "is_on": ""})
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.is_on) == ("Renamed", False)
    assert client.post(page, {"act": "test"}).status_code == 403
    assert client.post(page, {**form, "address": "http://example.org/"}).status_code == 422
    client.post(page, {"act": "remove"})
    assert not Endpoint.objects.exists() and Change.objects.filter(what="webhook").count() == 2


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "http://example.org/in",
        "ftp://example.org/",
        "https://",
        "https://a:b@example.org/",
        "https://e x.org/",
    ],
)
def test_an_address_that_is_none_is_refused(editor, address, db):
    with pytest.raises(Exception, match=r"full address"):
        actions.save_endpoint(
            by=editor, endpoint=None, name="X", address=address, kinds=["comment.held"], with_words=False
        )


@pytest.mark.any_database
@pytest.mark.parametrize("who", [None, "reader", "moderator"])
def test_only_supervisors_look_after_webhooks(client, request, make_endpoint, make_comment, form, who):
    endpoint = make_endpoint()
    make_comment()
    delivery = Delivery.objects.get()
    if who:
        client.force_login(request.getfixturevalue(who))
    wanted = 403 if who else 302
    pages = ["", "new/", f"{endpoint.pk}/", f"deliveries/{delivery.pk}/again/"]
    for page in pages:
        for send in (client.get, lambda path: client.post(path, {**form, "act": "secret"})):
            assert send(f"/moderation/webhooks/{page}").status_code == wanted, page
    assert Endpoint.objects.get().salt == endpoint.salt and Endpoint.objects.count() == 1


def test_every_kind_that_can_be_chosen_has_a_source():
    assert {kind.value.partition(".")[0] for kind in Kind} == {
        "comment",
        "decision",
        "appeal",
        "sanction",
        "discussion",
        "test",
    }
