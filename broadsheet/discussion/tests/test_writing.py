"""The forms readers write on: what they typed is never lost, and every refusal has its sentence and its status."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion import drafts
from broadsheet.discussion.actions import close_thread, withdraw_comment
from broadsheet.discussion.models import LONGEST_COMMENT, Comment

pytestmark = pytest.mark.django_db
WORDS = "a long enough pass phrase"


@pytest.fixture
def ruth(client, reader):
    client.force_login(reader)
    return client


def new(story):
    return f"/stories/{story.pk}/comments/new/"


def send(client, address, body, **more):
    return client.post(address, {"body": body, **more})


def send_json(client, address, body, **headers):
    return client.post(address, {"body": body}, headers={"Accept": "application/json", **headers})


def test_a_comment_is_posted_and_found_under_the_story(ruth, story):
    answer = send(ruth, new(story), "Hello, neighbours.")
    comment = Comment.objects.get()
    assert (answer.status_code, answer.url) == (303, f"{story.get_absolute_url()}#comment-{comment.pk}")
    assert "Hello, neighbours." in ruth.get(story.get_absolute_url()).content.decode()


def test_a_comment_on_a_later_page_is_found_there(ruth, story, thread):
    from broadsheet.discussion.models import Thread

    Thread.objects.filter(pk=thread.pk).update(conversations=50)
    assert "?page=2#comment-" in send(ruth, new(story), "Hello.").url


def test_a_form_sent_twice_posts_once(ruth, story):
    page = ruth.get(new(story)).content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    assert len(key) >= 20
    first, second = (send(ruth, new(story), "Once.", key=key) for _ in range(2))
    assert first.url == second.url and Comment.objects.count() == 1


def test_each_form_has_another_key(ruth, story):
    assert ruth.get(new(story)).content != ruth.get(new(story)).content


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ("", 422, "nothing in the box"),
        ("  \n\t ", 422, "nothing in the box"),
        ("\u200b", 422, "nothing in the box"),
        ("x" * (LONGEST_COMMENT + 1), 422, "5,001 characters"),
    ],
)
def test_words_that_cannot_be_taken_stay_in_the_box(ruth, story, body, status, sentence):
    answer = send(ruth, new(story), body)
    assert answer.status_code == status
    page = answer.content.decode()
    assert sentence in page and 'dir="auto" required aria-describedby="body-hint refusal"' in page
    assert f"\n{body}</textarea>" in page
    assert Comment.objects.count() == 0


def test_markup_that_was_typed_is_shown_as_typed(ruth, story):
    answer = send(ruth, new(story), "</textarea><script>alert(1)</script>" + "x" * LONGEST_COMMENT)
    assert b"&lt;/textarea&gt;&lt;script&gt;" in answer.content and b"<script>alert" not in answer.content


def test_a_nul_is_left_out(ruth, story):
    assert send(ruth, new(story), "he\x00llo", key="a\x00b").status_code == 303
    assert Comment.objects.get().body == "hello"


@pytest.mark.parametrize("key", ["k" * 65, "😀" * 65])
def test_a_key_that_is_none_is_refused_and_the_words_stay(ruth, story, key):
    answer = send(ruth, new(story), "Hello.", key=key)
    assert answer.status_code == 422 and b"\nHello.</textarea>" in answer.content


def test_a_discussion_that_closed_meanwhile_gives_the_words_back(ruth, story, thread):
    close_thread(thread=thread)
    answer = send(ruth, new(story), "I had typed this already.")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This discussion is now closed" in page and "I had typed this already." in page
    assert "Post comment" not in page


def test_too_many_at_once_are_told_how_long_to_wait(ruth, story, settings):
    settings.COMMENTS_PER_MINUTE = 1
    send(ruth, new(story), "One.")
    answer = send(ruth, new(story), "Two.")
    assert answer.status_code == 429 and 1 <= int(answer["Retry-After"]) <= 60
    assert b"\nTwo.</textarea>" in answer.content


def test_a_held_comment_is_shown_to_its_author_alone(ruth, story, settings, newcomer):
    settings.PRE_MODERATION = True
    answer = send(ruth, new(story), "Hold this.")
    comment = Comment.objects.get()
    assert answer.url == f"/me/comments/#comment-{comment.pk}"
    page = ruth.get("/me/comments/").content.decode()
    assert "Hold this." in page and "Held for review" in page
    stranger = Client()
    stranger.force_login(newcomer)
    assert "Hold this." not in stranger.get("/me/comments/").content.decode()


def test_one_s_own_page_leads_staff_to_the_desks_they_may_enter(client, reader, editor, moderator):
    doors = {}
    for person in (reader, editor, moderator):
        client.force_login(person)
        page = client.get("/me/").content.decode()
        doors[person] = {door for door in ("/desk/", "/moderation/") if f'href="{door}"' in page}
    assert doors == {reader: set(), editor: {"/desk/", "/moderation/"}, moderator: {"/moderation/"}}


def test_a_reply_shows_what_it_answers(ruth, make_comment):
    parent = make_comment("The bridge is older.")
    address = f"/comments/{parent.pk}/reply/"
    page = ruth.get(address).content.decode()
    assert "The bridge is older." in page and "Reply to" in page
    send(ruth, address, "By ten years.")
    assert Comment.objects.get(parent=parent).body == "By ten years."


def test_a_reply_to_what_is_gone_meanwhile_is_refused_and_the_words_stay(ruth, reader, make_comment):
    parent = make_comment("Xgone")
    withdraw_comment(author=reader, comment=parent)
    answer = send(ruth, f"/comments/{parent.pk}/reply/", "By ten years.")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "not shown any more" in page and "By ten years." in page and "Xgone" not in page


def test_an_author_edits_and_withdraws(ruth, story, make_comment):
    comment = make_comment("Seven to fuor.")
    edit, withdraw = f"/comments/{comment.pk}/edit/", f"/comments/{comment.pk}/withdraw/"
    assert "Seven to fuor." in ruth.get(edit).content.decode()
    assert send(ruth, edit, "Seven to four.").status_code == 303
    assert "Seven to four." in ruth.get(withdraw).content.decode()
    comment.refresh_from_db()
    assert comment.status == "published", "a GET withdraws nothing"
    assert ruth.post(withdraw).status_code == 303
    assert "withdrawn by its author" in ruth.get(story.get_absolute_url()).content.decode()
    assert ruth.post(withdraw).status_code == 403


def test_an_edit_that_comes_too_late_gives_the_words_back(ruth, make_comment, settings):
    comment = make_comment("Seven to fuor.")
    settings.EDIT_WINDOW = timedelta(0)
    answer = send(ruth, f"/comments/{comment.pk}/edit/", "Seven to four.")
    assert answer.status_code == 403 and "Seven to four." in answer.content.decode()


@pytest.mark.parametrize("verb", ["edit", "withdraw"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reaches_another_s_comment(client, newcomer, make_comment, verb, method):
    comment = make_comment("Xwords")
    client.force_login(newcomer)
    answer = getattr(client, method)(f"/comments/{comment.pk}/{verb}/", {"body": "Mine now."})
    assert answer.status_code == 404
    comment.refresh_from_db()
    assert comment.status == "published" and "Xwords" in comment.body


@pytest.mark.parametrize("verb", ["new", "reply", "edit", "withdraw"])
def test_who_is_signed_out_is_led_to_sign_in_and_back(client, story, make_comment, verb):
    address = new(story) if verb == "new" else f"/comments/{make_comment().pk}/{verb}/"
    answer = client.get(address)
    assert answer.status_code == 302 and answer.url == f"/accounts/login/?next={address}"


def test_words_typed_while_signed_out_are_in_the_box_after_signing_in(client, reader, story):
    answer = send(client, new(story), "I typed this first.")
    assert answer.status_code == 403
    assert "I typed this first." in answer.content.decode() and f"?next=%2Fstories%2F{story.pk}" in str(answer.content)
    back = client.post("/accounts/login/", {"login": reader.email, "password": WORDS, "next": new(story)})
    assert back.url == new(story)
    assert "\nI typed this first.</textarea>" in client.get(new(story)).content.decode()
    send(client, new(story), "I typed this first.")
    assert "I typed this first." not in client.get(new(story)).content.decode()


def test_a_stranger_s_drafts_do_not_fill_the_database(story):
    """Each is kept in a session of its own; beyond some an hour the words are shown and not kept."""
    for number in range(drafts.DRAFTS_PER_HOUR + 5):
        answer = Client(REMOTE_ADDR="192.0.2.9").post(
            f"/stories/{story.pk}/comments/new/", {"body": f"Draft {number}."}
        )
        assert answer.status_code == 403 and f"Draft {number}." in answer.content.decode()
    assert Session.objects.count() == drafts.DRAFTS_PER_HOUR


def test_an_expired_form_gives_the_words_back(reader, story):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    answer = send(client, new(story), "I typed for an hour.")
    assert answer.status_code == 403 and "I typed for an hour." in answer.content.decode()
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("facts", [{"live": False}, {"withdrawn_at": clock.now()}, {"published_at": None}])
def test_forms_of_a_story_that_is_not_public_are_not_there(ruth, story, make_comment, facts):
    comment = make_comment("Xwords")
    type(story).objects.filter(pk=story.pk).update(**facts)
    for address in (new(story), *(f"/comments/{comment.pk}/{verb}/" for verb in ("reply", "edit", "withdraw"))):
        for answer in (ruth.get(address), send(ruth, address, "Hello.")):
            assert answer.status_code == 404
    assert "Xwords" not in ruth.get("/me/comments/").content.decode()


def test_an_element_gets_the_comment_as_json(ruth, story):
    answer = send_json(ruth, new(story), "Hello.", **{"Idempotency-Key": "k1"})
    told = answer.json()
    assert answer.status_code == 201
    assert told["comment"]["id"] == told["own"]["id"] == Comment.objects.get().pk
    assert "Hello." in told["comment"]["html"] and told["own"]["edit_until"]
    assert send_json(ruth, new(story), "Hello.", **{"Idempotency-Key": "k1"}).json() == told
    assert send_json(ruth, f"/comments/{told['own']['id']}/edit/", "Hello again.").status_code == 200


def test_an_element_gets_a_held_comment_as_its_author_s_alone(ruth, story, settings):
    settings.PRE_MODERATION = True
    told = send_json(ruth, new(story), "Hold this.").json()
    assert told["comment"] is None and "Hold this." in told["own"]["html"]


def test_an_element_is_refused_with_a_sentence(ruth, story, thread):
    answer = send_json(ruth, new(story), "")
    assert answer.status_code == 422 and "nothing in the box" in answer.json()["refused"]
    close_thread(thread=thread)
    assert send_json(ruth, new(story), "Hello.").status_code == 403


def test_an_element_of_somebody_signed_out_is_told_where_to_sign_in(client, story):
    answer = send_json(client, new(story), "Hello.")
    assert answer.status_code == 403 and answer.json()["sign_in"].startswith("/accounts/login/?next=")


def test_what_is_no_form_is_refused(ruth, story):
    answer = ruth.post(new(story), json.dumps({"body": "\udfff"}), content_type="application/json")
    assert answer.status_code == 400
    assert ruth.put(new(story)).status_code == 405


def test_what_is_a_reader_s_own_comes_separately(ruth, client, story, make_comment, reader, settings):
    shown = make_comment()
    settings.PRE_MODERATION = True
    held = make_comment("Hold this.", status="pending")
    answer = ruth.get(f"/threads/{story.pk}/me/")
    told = answer.json()
    assert answer["Cache-Control"] == "private, no-store"
    assert told["reader"] == {"name": "Ruth Reader", "id": reader.pk} and told["csrf"] and told["why_not"] is None
    assert [own["id"] for own in told["own"]] == [held.pk, shown.pk]
    assert "Hold this." in told["own"][0]["html"] and told["own"][1]["html"] is None
    assert answer.cookies["reader"].value == "1"


def test_a_reader_s_own_names_nobody_else_s(client, newcomer, story, make_comment, settings):
    settings.PRE_MODERATION = True
    make_comment("Xheld", status="pending")
    client.force_login(newcomer)
    assert client.get(f"/threads/{story.pk}/me/").json()["own"] == []


def test_who_is_signed_out_has_nothing_of_their_own(client, story):
    assert client.get(f"/threads/{story.pk}/me/").json() == {"reader": None}


def test_one_s_own_comments_are_paged(ruth, make_comment):
    for _ in range(21):
        make_comment()
    page = ruth.get("/me/comments/").content.decode()
    assert page.count('class="comment"') == 20
    earlier = page.split('href="?before=')[1].split('"')[0]
    assert ruth.get(f"/me/comments/?before={earlier}").content.decode().count('class="comment"') == 1
    assert ruth.get("/me/comments/?before=x").status_code == 404


def test_a_deactivated_account_posts_nothing(ruth, reader, story):
    Reader.objects.filter(pk=reader.pk).update(is_active=False)
    assert send(ruth, new(story), "Hello.").status_code == 403
    assert Comment.objects.count() == 0


def test_a_key_is_good_for_another_try_after_a_refusal(ruth, story, settings):
    """An element sends one intent under one key until it is taken, whatever was wrong with it before."""
    key = {"Idempotency-Key": "one-intent"}
    assert send_json(ruth, new(story), "", **key).status_code == 422
    settings.COMMENTS_PER_MINUTE = 1
    send_json(ruth, new(story), "Another.", **{"Idempotency-Key": "another"})
    assert send_json(ruth, new(story), "Hello.", **key).status_code == 429
    settings.COMMENTS_PER_MINUTE = 6
    taken = [send_json(ruth, new(story), "Hello.", **key) for _ in range(2)]
    assert [answer.status_code for answer in taken] == [201, 201]
    assert taken[0].json()["own"]["id"] == taken[1].json()["own"]["id"]
    changed = send_json(ruth, new(story), "Hello again.", **key)
    assert changed.status_code == 422 and "has been posted already" in changed.json()["refused"]
    assert Comment.objects.filter(key="one-intent").count() == 1


def test_a_retry_is_taken_though_too_many_came_meanwhile(ruth, story, settings):
    settings.COMMENTS_PER_MINUTE = 1
    first = send_json(ruth, new(story), "Hello.", **{"Idempotency-Key": "k"})
    again = send_json(ruth, new(story), "Hello.", **{"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (201, 201) and Comment.objects.count() == 1


def test_another_reader_s_key_is_no_key_of_mine(ruth, story, newcomer):
    send_json(ruth, new(story), "Hello.", **{"Idempotency-Key": "k"})
    ned = Client()
    ned.force_login(newcomer)
    assert send_json(ned, new(story), "Hello too.", **{"Idempotency-Key": "k"}).status_code == 201
    assert Comment.objects.count() == 2
