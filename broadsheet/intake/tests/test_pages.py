"""Supervisors set rules and lists with plain forms; moderators read them; nobody else sees any of it."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from broadsheet.discussion.actions import post_comment
from broadsheet.intake import listings
from broadsheet.intake.models import Listing, Rule, Run, Switch

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, supervisor):
    client.force_login(supervisor)
    return client


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


ADDRESSES = ("rules", "new_rule", "try", "listings", "new_listing")


def test_readers_and_the_signed_out_are_turned_away(client, reader, insults):
    pages = [reverse(f"intake:{name}") for name in ADDRESSES]
    pages += [reverse("intake:rule", args=[insults.pk]), reverse("intake:listing", args=[Listing.objects.get().pk])]
    for page in pages:
        assert client.get(page).status_code == 302
        assert client.post(page).status_code == 302
    client.force_login(reader)
    for page in pages:
        assert client.get(page).status_code == client.post(page).status_code == 403


def test_a_moderator_reads_the_rules_and_sets_none(client, moderator, insults):
    client.force_login(moderator)
    page = reverse("intake:rule", args=[insults.pk])
    assert "No insults" in words(client.get(reverse("intake:rules")))
    shown = client.get(page)
    assert shown.status_code == 200
    assert 'value="save"' not in shown.content.decode()
    for name in ("new_rule", "new_listing"):
        assert client.get(reverse(f"intake:{name}")).status_code == 403
    assert client.get(reverse("intake:listing", args=[Listing.objects.get().pk])).status_code == 403
    for sent in ({"act": "state", "state": "off"}, {"act": "remove"}, {"act": "up"}, {"act": "switch"}):
        answer = client.post(page, sent)
        assert answer.status_code in {403, 422}
    assert (Rule.objects.get().state, Switch.objects.count()) == ("on", 0)


def test_a_rule_is_made_tried_and_turned_on_with_forms_alone(desk, thread, reader, make_list):
    listing = make_list("blorpet")
    post_comment(author=reader, thread=thread, body="What a blorpet")
    assert "Words and phrases" in words(desk.get(reverse("intake:new_rule")))
    form = desk.get(reverse("intake:new_rule") + "?kind=phrases")
    assert "Insults" in words(form)
    sent = {"kind": "phrases", "name": "Mind your words", "listings": [listing.pk], "disguises": "on",
            "asks_for": "hold", "minutes": "30", "spares_staff": "on"}  # fmt: skip
    answer = desk.post(reverse("intake:new_rule"), sent, follow=True)
    rule = Rule.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("intake:rule", args=[rule.pk])
    assert (rule.state, rule.params, rule.minutes) == ("off", {"listings": [listing.pk], "disguises": True}, 30)
    assert "It has not been tried yet" in words(answer)
    period = re.findall(r'name="(since|until)" value="([^"]+)"', answer.content.decode())
    looked = desk.post(reverse("intake:rule", args=[rule.pk]), {"act": "look", **dict(period)}, follow=True)
    assert "It would have found 1 comment, of which 1 is published." in words(looked)
    assert "<mark>blorpet</mark>" in looked.content.decode()
    assert "Hold 1 comment" in words(looked)
    desk.post(reverse("intake:rule", args=[rule.pk]), {"act": "state", "state": "on"})
    assert post_comment(author=reader, thread=thread, body="Another blorpet").status == "pending"
    assert "1 comment, of these published: 0, rejected: 0." in words(desk.get(reverse("intake:rule", args=[rule.pk])))
    held = desk.post(reverse("intake:run", args=[Run.objects.get().pk]), follow=True)
    assert "Held: 1." in words(held)


def test_what_was_typed_stays_when_it_is_wrong(desk, make_list):
    make_list("blorpet")
    sent = {"kind": "phrases", "name": "Typed name", "asks_for": "reject", "minutes": "7"}
    answer = desk.post(reverse("intake:new_rule"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Typed name"' in page
    assert 'value="7"' in page
    assert "This field is required" in words(answer)
    sent["listings"] = [Listing.objects.get().pk]
    assert "only rejected with a reason" in words(desk.post(reverse("intake:new_rule"), sent))
    assert not Rule.objects.exists()


def test_a_rule_is_changed_switched_moved_and_deleted(desk, insults, section, story, make_rule):
    make_rule("links", name="Links", params={"most": 3})
    page = reverse("intake:rule", args=[insults.pk])
    listing = Listing.objects.get()
    saved = desk.post(page, {"act": "save", "name": "Renamed", "listings": [listing.pk], "asks_for": "note",
                             "minutes": "0", "section": section.pk})  # fmt: skip
    assert saved.status_code == 302
    insults.refresh_from_db()
    assert (insults.name, insults.params["disguises"], insults.section, insults.spares_staff) == (
        "Renamed", False, section, False,
    )  # fmt: skip
    desk.post(page, {"act": "switch", "section": section.pk, "is_on": "off"})
    desk.post(page, {"act": "switch", "story": f"http://testserver{story.get_absolute_url()}", "is_on": "on"})
    assert {(each.section_id, each.story_id, each.is_on) for each in Switch.objects.all()} == {
        (section.pk, None, False), (None, story.pk, True),
    }  # fmt: skip
    assert "otherwise in 2 places" in words(desk.get(reverse("intake:rules")))
    desk.post(page, {"act": "switch", "story": story.pk, "is_on": ""})
    assert Switch.objects.count() == 1
    assert "There is no such story." in words(desk.post(page, {"act": "switch", "story": "999999", "is_on": "on"}))
    desk.post(page, {"act": "down"})
    assert [rule.name for rule in Rule.objects.all()] == ["Links", "Renamed"]
    desk.post(page, {"act": "remove"})
    assert [rule.name for rule in Rule.objects.all()] == ["Links"]
    assert desk.get(page).status_code == 404


def test_fifty_thousand_lines_are_pasted_in(desk):
    lines = "\n".join(f"phrase number {n}" for n in range(listings.MOST_LINES))
    sent = {"name": "Very many", "kind": "phrases", "lines": "# what we collected\r\n\r\n" + lines}
    answer = desk.post(reverse("intake:new_listing"), sent)
    assert answer.status_code == 302
    assert Listing.objects.get().size == listings.MOST_LINES
    too_many = desk.post(reverse("intake:new_listing"), sent | {"name": "More", "lines": lines + "\none more"})
    assert too_many.status_code == 422
    assert "A list has at most 50,000 lines; there are 50,001." in words(too_many)


def test_lines_that_cannot_be_used_are_named_and_what_was_typed_stays(desk):
    sent = {"name": "Mixed", "kind": "phrases", "lines": "blorpet\n!!!\nBLORPET\nc++\ncheap pills"}
    answer = desk.post(reverse("intake:new_listing"), sent)
    assert answer.status_code == 422
    text = words(answer)
    assert "Line 2, “!!!”: no letter or figure is left of it" in text
    assert "Line 4, “c++”: too little is left of it" in text
    assert "cheap pills" in answer.content.decode()
    assert not Listing.objects.exists()
    assert desk.post(reverse("intake:new_listing"), sent | {"leave_out": "on"}).status_code == 302
    assert Listing.objects.get().entries == ["blorpet", "cheap pills"]


def test_lines_come_from_a_file_too(desk):
    def send(content):
        file = SimpleUploadedFile("words.txt", content)
        return desk.post(reverse("intake:new_listing"), {"name": "Filed", "kind": "phrases", "lines": "", "file": file})

    assert "not UTF-8" in words(send("blörpet".encode("latin-1")))
    assert "larger than 2 MB" in words(send(b"x" * 2_000_001))
    assert send("\ufeffblörpet\r\nother".encode()).status_code == 302
    assert Listing.objects.get().entries == ["blörpet", "other"]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("hosts", "example.org\nhttps://www.example.net/path\nbücher.example", "nonsense\n-x.example"),
        ("mail", "example.org\nbob@example.net\n@example.com", "nonsense\n a b@example.org"),
        ("names", "Anna Meier\nÖz", "!"),
    ],
)
def test_each_kind_of_list_takes_its_lines(kind, good, bad):
    assert listings.read_lines(kind, good).faults == []
    assert len(listings.read_lines(kind, bad).faults) == len(bad.split("\n"))


def test_a_list_keeps_its_kind_and_is_kept_while_a_rule_looks_in_it(desk, insults):
    listing = Listing.objects.get()
    page = reverse("intake:listing", args=[listing.pk])
    assert "blorpet" in desk.get(page).content.decode()
    desk.post(page, {"name": "Insults", "kind": "hosts", "lines": "other words"})
    listing.refresh_from_db()
    assert (listing.kind, listing.entries) == ("phrases", ["other words"])
    assert desk.post(page, {"act": "remove"}).status_code == 403
    Rule.objects.all().delete()
    assert desk.post(page, {"act": "remove"}).status_code == 302
    assert not Listing.objects.exists()


def test_a_text_is_tried_and_nothing_is_kept(desk, insults, supervisor, make_rule):
    from broadsheet.intake import actions
    from broadsheet.intake.models import Found

    actions.set_state(by=supervisor, rule=insults, state="off")
    make_rule("first", name="First ones", params={"comments": 1})
    answer = desk.post(reverse("intake:try"), {"text": "You B L Ó R P E T <b>& co</b>"})
    page, text = answer.content.decode(), words(answer)
    assert "<mark>B L Ó R P E T</mark>" in page
    assert "&lt;b&gt;" in page
    assert "“blorpet”: on the list “Insults”." in text
    assert "you b l o r p e t b co b" in text
    assert "First ones" in text
    assert "Nothing was found" in words(desk.post(reverse("intake:try"), {"text": "Good morning"}))
    assert not Found.objects.exists()


def test_a_trial_shows_what_it_found(desk, thread, reader, insults, supervisor):
    from broadsheet.intake import actions

    actions.set_state(by=supervisor, rule=insults, state="trial")
    post_comment(author=reader, thread=thread, body="A blorpet on trial")
    text = words(desk.get(reverse("intake:rule", args=[insults.pk])))
    assert "Found since the trial began 1 comment, of these published: 1" in text
    assert "A blorpet on trial" in text
    assert "100%" in words(desk.get(reverse("intake:rules")))


def test_the_page_of_rules_costs_the_same_however_many_there_are(
    desk, make_rule, django_assert_max_num_queries, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_rule("links", name="One", params={"most": 1})
    desk.get(reverse("intake:rules"))
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("intake:rules"))
    for n in range(5):
        make_rule("rate", name=f"More {n}", params={"comments": 5, "minutes": 5})
    with CaptureQueriesContext(connection) as many:
        desk.get(reverse("intake:rules"))
    assert len(many) == len(few)


@pytest.mark.any_database
def test_every_kind_has_a_form_that_can_be_opened_and_shown_again(desk, supervisor, settings):
    from broadsheet.intake import actions, kinds

    settings.SCORERS = ["broadsheet.intake.tests.test_rules.shouting"]
    for kind in kinds.offered():
        assert desk.get(reverse("intake:new_rule") + f"?kind={kind.key}").status_code == 200
    params = {
        "links": {"most": 1}, "repeats": {"hours": 1, "share": 80, "least_words": 8, "others": 1},
        "rate": {"comments": 1, "minutes": 1}, "first": {"comments": 1}, "young": {"hours": 1},
        "record": {"days": 7, "share": 30, "least": 1}, "mail": {"aliases": True}, "language": {"languages": "en"},
        "score": {"score": "shouting", "threshold": 0.5},
        "outside": {"url": "https://x.example/", "seconds": 1, "on_failure": "hold"},
    }  # fmt: skip
    for key, given in params.items():
        rule = actions.save_rule(by=supervisor, rule=None, kind=key, name=key, params=given, asks_for="hold")
        assert desk.get(reverse("intake:rule", args=[rule.pk])).status_code == 200, key
    page = desk.get(reverse("intake:rule", args=[Rule.objects.get(kind="outside").pk])).content.decode()
    assert "whsec_" in page
    assert (
        'value="en"' in desk.get(reverse("intake:rule", args=[Rule.objects.get(kind="language").pk])).content.decode()
    )


def test_no_identifier_stands_twice_on_a_rule_s_page(desk, insults):
    found = re.findall(r'\sid="([^"]+)"', desk.get(reverse("intake:rule", args=[insults.pk])).content.decode())
    assert sorted(found) == sorted(set(found))
