"""The box: its preview, its formatting, what it says beforehand, and guests."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion import box, modes
from broadsheet.discussion.actions import close_thread
from broadsheet.discussion.models import LONGEST_COMMENT, Comment, Mode, Promise
from broadsheet.discussion.tests.desk import GONE, hours

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def no_previews_yet():
    cache.clear()


@pytest.fixture
def ruth(client, reader):
    client.force_login(reader)
    return client


@pytest.fixture
def new(story):
    return f"/stories/{story.pk}/comments/new/"


@pytest.fixture
def previews(story):
    return f"/stories/{story.pk}/comments/preview/"


# --- The preview that an element asks for ----------------------------------------------------------------------------


def test_a_preview_is_what_the_comment_will_be(ruth, previews, new):
    body = "*Yes*, [see](https://a.example)\n\n> no\n\n<script>alert(1)</script>"
    html = ruth.post(previews, {"body": body}, headers=JSON).json()["html"]
    assert Comment.objects.count() == 0
    ruth.post(new, {"body": body})
    assert html == Comment.objects.get().public_html
    assert "<em>Yes</em>" in html and 'rel="ugc nofollow noopener"' in html and "<script" not in html


def test_who_is_signed_out_gets_no_preview(client, previews):
    answer = client.post(previews, {"body": "Hello."}, headers=JSON)
    assert answer.status_code == 403 and answer.json() == {"refused": "Please sign in first."}
    assert not client.session.keys()


def test_what_cannot_be_posted_cannot_be_previewed(ruth, previews):
    assert ruth.post(previews, {"body": " "}, headers=JSON).status_code == 422
    answer = ruth.post(previews, {"body": "x" * (LONGEST_COMMENT + 1)}, headers=JSON)
    assert answer.status_code == 422 and "5,001" in answer.json()["refused"]


def test_previews_are_counted(ruth, previews, monkeypatch):
    monkeypatch.setattr(box, "PREVIEWS_PER_MINUTE", 2)
    answers = [ruth.post(previews, {"body": "Hello."}, headers=JSON) for _ in range(4)]
    assert {answer.status_code for answer in answers[:2]} == {200}
    assert answers[-1].status_code == 429 and 1 <= int(answers[-1]["Retry-After"]) <= 60


@pytest.mark.parametrize("facts", [{"live": False}, {"withdrawn_at": clock.now()}])
def test_there_is_no_preview_under_a_story_that_is_not_public(ruth, previews, story, facts):
    type(story).objects.filter(pk=story.pk).update(**facts)
    assert ruth.post(previews, {"body": "Hello."}, headers=JSON).status_code == 404


def test_a_preview_is_asked_for_by_post(ruth, previews):
    assert ruth.get(previews).status_code == 405


# --- What it is called


def labels(page):
    """The label of the box and the words on its button."""
    return tuple(re.findall(r'<label for="body">.*?>([^<]+)<|<button type="submit">.*?>([^<]+)<', page))


def called(client, address):
    page = client.get(address).content.decode()
    return [label or button for label, button in labels(page)]


def test_a_discussion_of_comments_takes_comments(ruth, new, make_comment):
    assert called(ruth, new) == ["Comment", "Post comment"]
    assert called(ruth, f"/comments/{make_comment().pk}/reply/") == ["Comment", "Post comment"]
    assert called(ruth, f"/comments/{make_comment().pk}/edit/") == ["Comment", "Save comment"]


def test_a_reader_asks_and_replies_and_who_was_asked_answers(ruth, client, new, make_comment, thread, newcomer):
    modes.set_mode(thread=thread, mode=Mode.QUESTIONS)
    question = make_comment("How old are the rivets?")
    reply = f"/comments/{question.pk}/reply/"
    assert called(ruth, new) == ["Question", "Post question"]
    assert called(ruth, reply) == ["Reply", "Post reply"]
    assert called(ruth, f"/comments/{question.pk}/edit/") == ["Your words", "Save"]
    modes.add_expert(thread=thread, reader=newcomer)
    client.force_login(newcomer)
    assert called(client, reply) == ["Answer", "Post answer"]


def test_a_reader_reviews(ruth, new, make_comment, thread):
    earlier = make_comment()
    modes.set_mode(thread=thread, mode=Mode.REVIEWS)
    assert called(ruth, new) == ["Review", "Post review"]
    assert called(ruth, f"/comments/{earlier.pk}/reply/") == ["Reply", "Post reply"]


def test_the_box_that_an_element_opens_has_the_words_for_all_it_may_become(ruth, thread):
    modes.set_mode(thread=thread, mode=Mode.QUESTIONS)
    html = ruth.get(f"/threads/{thread.pk}/me/").json()["box"]
    for kind, label, send in (("new", "Question", "Post question"), ("edit", "Your words", "Save")):
        assert f'<span data-for="{kind}">{label}</span>' in html and f'<span data-for="{kind}">{send}</span>' in html


# --- The preview without a script ------------------------------------------------------------------------------------


def test_without_a_script_the_preview_stands_above_the_form_and_everything_is_kept(ruth, new):
    page = ruth.post(new, {"preview": "1", "body": "I *agree*.", "key": "the-key"}).content.decode()
    above, form = page.split("<comment-form", 1)
    assert "I <em>agree</em>." in above and "<title>Preview – Write a comment" in above
    assert "\nI *agree*.</textarea>" in form and 'value="the-key"' in form
    assert Comment.objects.count() == 0


def test_a_preview_of_an_edit_changes_nothing(ruth, make_comment):
    comment = make_comment("Seven to fuor.")
    page = ruth.post(f"/comments/{comment.pk}/edit/", {"preview": "1", "body": "Seven to *four*."}).content.decode()
    assert "Seven to <em>four</em>." in page and "\nSeven to *four*.</textarea>" in page
    comment.refresh_from_db()
    assert "fuor" in comment.body


def test_a_preview_of_nothing_says_why(ruth, new):
    answer = ruth.post(new, {"preview": "1", "body": ""})
    assert answer.status_code == 422 and "nothing in the box" in answer.content.decode()


def test_enter_in_a_field_posts(ruth, new):
    """The first submit button of a form is the one that Enter presses."""
    form = ruth.get(new).content.decode().split('class="box"')[1].split("</form>")[0]
    assert form.index("Post comment") < form.index('name="preview"')


# --- What the box says -----------------------------------------------------------------------------------------------


def test_the_page_explains_the_markup(ruth, new):
    page = ruth.get(new).content.decode()
    assert "How to format" in page and "**strong emphasis**" in page and "Up to 5,000 characters" in page


def test_the_box_comes_to_an_element_without_token_or_address(ruth, story, reader):
    html = ruth.get(f"/threads/{story.pk}/me/").json()["box"]
    assert f'reader="{reader.pk}"' in html and 'kind="any"' in html
    assert "csrfmiddlewaretoken" not in html and "action=" not in html and 'name="key"' not in html


def test_there_is_no_box_where_nothing_can_be_written(ruth, story, thread):
    close_thread(thread=thread)
    assert ruth.get(f"/threads/{story.pk}/me/").json()["box"] == ""


def test_an_edit_says_until_when(ruth, make_comment):
    comment = make_comment()
    page = ruth.get(f"/comments/{comment.pk}/edit/").content.decode()
    assert "You can save changes until" in page and ' until="' in page and ' wait="' not in page


def test_nobody_posts_under_a_name_that_the_form_did_not_show(ruth, new, reader, newcomer):
    """Somebody else has signed in in another tab since the form was opened."""
    answer = ruth.post(new, {"body": "Hello.", "reader": str(newcomer.pk)})
    page = answer.content.decode()
    assert answer.status_code == 403 and "under another name" in page and "\nHello.</textarea>" in page
    assert f'name="reader" value="{reader.pk}"' in page and Comment.objects.count() == 0
    assert ruth.post(new, {"body": "Hello.", "reader": str(reader.pk)}).status_code == 303


# --- Reviews ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def reviews(thread):
    thread.mode = "reviews"
    thread.save()


def test_a_review_is_written_with_stars(ruth, new, reviews):
    page = ruth.get(new).content.decode()
    assert "Write a review" in page and page.count('name="rating"') == 5
    answer = ruth.post(new, {"body": "Well worth it."})
    assert answer.status_code == 422 and Comment.objects.count() == 0
    ruth.post(new, {"body": "Well worth it.", "rating": "4"})
    assert Comment.objects.get().rating == 4


def test_a_preview_keeps_the_stars(ruth, new, reviews):
    page = ruth.post(new, {"body": "Well worth it.", "rating": "4", "preview": "1"}).content.decode()
    assert 'value="4" required checked' in page


@pytest.mark.any_database
@pytest.mark.parametrize("rating", ["0", "6", "-1", "४", "x", "44"])
def test_stars_that_are_none_are_refused(ruth, new, reviews, rating):
    assert ruth.post(new, {"body": "Well worth it.", "rating": rating}).status_code == 422


# --- Guests ----------------------------------------------------------------------------------------------------------


def test_guests_are_sent_to_sign_in_where_there_are_none(client, new):
    assert client.get(new).status_code == 302
    assert client.post(new, {"body": "Hello.", "name": "Gus"}).status_code == 403
    assert Comment.objects.count() == 0


def test_a_guest_comments_under_a_name(client, new, settings, story):
    settings.GUESTS = True
    assert 'name="name"' in client.get(new).content.decode()
    client.post(new, {"body": "Hello.", "name": "Gus Guest"})
    comment = Comment.objects.get()
    assert comment.author_name == "Gus Guest" and comment.author.is_guest
    assert "Gus Guest" in client.get(story.get_absolute_url()).content.decode()
    assert client.get(f"/comments/{comment.pk}/edit/").status_code == 200


@pytest.mark.parametrize(
    ("body", "name"), [("", "Gus Guest"), ("Hello.", ""), ("Hello.", "<b>"), ("Hello.", "Ruth Reader")]
)
def test_a_guest_who_is_refused_leaves_nothing_behind(client, new, settings, reader, body, name):
    settings.GUESTS = True
    before = Reader.objects.count()
    answer = client.post(new, {"body": body, "name": name})
    assert answer.status_code == 422 and Reader.objects.count() == before and Comment.objects.count() == 0
    assert f"\n{body}</textarea>" in answer.content.decode()


def test_a_guest_s_preview_makes_no_account(client, new, settings):
    settings.GUESTS = True
    page = client.post(new, {"body": "I *agree*.", "name": "Gus Guest", "preview": "1"}).content.decode()
    assert "I <em>agree</em>." in page and 'value="Gus Guest"' in page
    assert not Reader.objects.exists()


def test_an_element_previews_for_a_guest_too_so_many_times_a_minute(client, previews, settings, monkeypatch):
    settings.GUESTS = True
    monkeypatch.setattr(box, "PREVIEWS_PER_MINUTE", 2)
    assert client.post(previews, {"body": "I *agree*."}).json()["html"].startswith("<p>I <em>agree</em>.")
    assert [client.post(previews, {"body": "I agree."}).status_code for _ in range(2)] == [200, 429]
    assert not Reader.objects.exists()


@pytest.mark.parametrize("name", ["Gus Guest", "Another Guest"])
def test_a_guest_s_retry_posts_once_though_no_answer_came_the_first_time(client, new, settings, name):
    settings.GUESTS = True
    (key,) = re.findall('name="key" value="([^"]+)"', client.get(new).content.decode())
    form = {"body": "Hello.", "name": "Gus Guest", "key": key}
    Client().post(new, form)
    answer = client.post(new, {**form, "name": name})
    comment = Comment.objects.get()
    assert answer.status_code == 303 and answer["Location"].endswith(f"#comment-{comment.pk}")
    assert comment.author_name == "Gus Guest" and Reader.objects.get() == comment.author
    assert client.get(f"/comments/{comment.pk}/edit/").status_code == 200
    assert client.post(new, {**form, "body": "Other words."}).status_code == 422 and Comment.objects.count() == 1


def test_a_key_that_others_might_use_too_makes_nobody_a_guest_s_twin(client, new, settings):
    settings.GUESTS = True
    form = {"body": "Hello.", "name": "Gus Guest"}
    Client().post(new, form, headers={"Idempotency-Key": "1"})
    client.post(new, {**form, "name": "Gil Guest"}, headers={"Idempotency-Key": "1"})
    assert [comment.author.name for comment in Comment.objects.order_by("pk")] == ["Gus Guest", "Gil Guest"]


# --- What the page it opens on says already ---------------------------------------------------------------------------


def told(html, kind):
    """What a box tells whoever writes that: what is not of that kind is taken out by the element."""
    found = re.findall(r'<p class="box-(?:notice|slow)" data-for="([a-z ]+)">(.*?)</p>', html)
    return " ".join(words for kinds, words in found if kind in kinds.split())


def test_what_the_page_says_above_is_not_said_again_in_the_box_below_it(ruth, thread, new):
    modes.set_slow_seconds(thread=thread, seconds=300)
    hours(GONE, away="hold")
    Promise.objects.create(minutes=5, counted_at=clock.now())
    html = ruth.get(f"/threads/{thread.pk}/me/").json()["box"]
    said = ("every comment waits until an editor", "Usual wait from then on", "Slow mode")
    assert [words in told(html, "new") for words in said] == [False, True, False]
    assert [words in told(html, "reply") for words in said] == [True, True, True]
    assert [words in told(ruth.get(new).content.decode(), "new") for words in said] == [True, True, True]


def test_that_every_comment_waits_is_said_in_the_box_where_no_page_says_it(ruth, thread, settings):
    settings.PRE_MODERATION = True
    html = ruth.get(f"/threads/{thread.pk}/me/").json()["box"]
    assert told(html, "new").startswith("An editor reads every comment before others can.")
