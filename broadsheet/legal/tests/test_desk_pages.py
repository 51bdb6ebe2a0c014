"""The desk's legal pages: who may enter which, flaggers, orders, and what a card of the desk shows."""

from __future__ import annotations

import pytest

from broadsheet.core import clock
from broadsheet.legal.appeals import appeal
from broadsheet.legal.cards import parts
from broadsheet.legal.desk import tabs
from broadsheet.legal.holds import set_hold
from broadsheet.legal.models import Flagger, Order, Statement
from broadsheet.moderation.models import Change

pytestmark = pytest.mark.django_db
SUPERVISORS = ("/moderation/legal/flaggers/", "/moderation/legal/orders/", "/moderation/legal/statements.file/")


def test_supervisors_pages_turn_moderators_away_and_all_turn_readers_away(client, reader, moderator, supervisor):
    for address in ("/moderation/legal/", "/moderation/legal/holds/", "/moderation/legal/holds/new/", *SUPERVISORS):
        client.logout()
        assert client.get(address).status_code == 302, address
        client.force_login(reader)
        assert client.get(address).status_code == 403, address
        client.force_login(moderator)
        assert client.get(address).status_code == (403 if address in SUPERVISORS else 200), address
        client.force_login(supervisor)
        assert client.get(address).status_code in {200, 422}, address


def test_supervisors_keep_the_list_of_trusted_flaggers(client, supervisor):
    client.force_login(supervisor)
    sent = {"act": "add", "name": "Safe Net", "email": "Desk@safe.example"}
    assert client.post("/moderation/legal/flaggers/", sent).status_code == 302
    assert client.post("/moderation/legal/flaggers/", sent).status_code == 422
    flagger = Flagger.objects.get()
    assert flagger.email == "desk@safe.example"
    assert client.post("/moderation/legal/flaggers/", {"act": "remove", "flagger": flagger.pk}).status_code == 302
    assert client.post("/moderation/legal/flaggers/", {"act": "remove", "flagger": flagger.pk}).status_code == 409
    assert Change.objects.filter(what="trusted flagger").count() == 2 and not Flagger.objects.exists()


def test_an_order_is_filed_and_answered(client, supervisor):
    client.force_login(supervisor)
    sent = {
        "kind": "tell", "authority": "District court", "reference": "7 Js 12/26", "language": "German",
        "received_at": "2026-11-20T10:30", "scope": "Whoever wrote comment 12.", "given": "",
    }  # fmt: skip
    assert client.post("/moderation/legal/orders/", {**sent, "authority": ""}).status_code == 422
    made = client.post("/moderation/legal/orders/", sent)
    order = Order.objects.get()
    assert made.url == f"/moderation/legal/orders/{order.pk}/" and order.answered_at is None
    assert clock.in_newsroom(order.received_at).hour == 10, "as it was typed, on the newsroom's clock"
    assert "District court" in client.get("/moderation/legal/").text
    client.post(made.url, {**sent, "given": "Sent on paper.", "is_answered": "on"})
    order.refresh_from_db()
    assert order.answered_at and order.given == "Sent on paper." and order.by == supervisor
    assert Change.objects.filter(what="order").count() == 2
    assert "District court" not in client.get("/moderation/legal/").text


def test_the_tab_counts_what_waits(removed, reader, moderator, give_notice, make_comment, thread):
    (tab,) = tabs(moderator)
    assert (tab.count, tab.group) == ("0", "desk")
    give_notice(make_comment())
    appeal(reader=reader, about=Statement.objects.get(), words="Why?")
    set_hold(moderator=moderator, thread=thread, why="court", effect="first")
    assert tabs(moderator)[0].count == "2", "a hold that ends in three months waits for nobody yet"


def test_a_card_shows_holds_notices_and_appeals_for_the_same_number_of_questions(
    removed, reader, moderator, supervisor, give_notice, make_comment, thread, django_assert_max_num_queries
):
    noticed, quiet = make_comment(), make_comment()
    give_notice(noticed)
    made = appeal(reader=reader, about=Statement.objects.get(), words="Why?")
    set_hold(moderator=moderator, thread=thread, comment=noticed, why="order")
    with django_assert_max_num_queries(7):
        found = list(parts([removed, noticed, quiet], moderator))
    shown = {(number, part.template.split("/")[1].rstrip(".html"), part.place) for number, part in found}
    assert {place for number, _, place in shown if number == quiet.pk} == {"acts"}
    assert (noticed.pk, "_notices", "top") in shown and (noticed.pk, "_holds", "top") in shown
    assert (removed.pk, "_appea", "top") in shown and (removed.pk, "_statement_link", "side") in shown
    by_supervisor = [part.facts for _, part in parts([removed], supervisor) if part.template.endswith("_appeal.html")]
    assert by_supervisor == [{"appeal": made, "why_not": None, "is_first": False}]
