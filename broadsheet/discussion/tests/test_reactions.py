"""Respect: one reader, one voice, a number that counts rows; on its page, in place, and for whom it is refused."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import NotFound, Refused, TooSoon
from broadsheet.delivery.models import Version
from broadsheet.discussion.actions import close_thread
from broadsheet.discussion.changes import since
from broadsheet.discussion.models import Comment, Reaction, Thread
from broadsheet.discussion.reactions import respect, take_back_all, take_back_respect
from broadsheet.discussion.tests.desk import GONE, hours

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def no_pace():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def comment(make_comment):
    return make_comment("The deck can carry more.")


def respects_of(comment):
    kept = Comment.objects.get(pk=comment.pk)
    assert kept.respects == kept.reactions.count(), "the number counts rows"
    return kept.respects


def test_respect_is_counted_once_a_reader(comment, newcomer, moderator):
    assert respect(reader=newcomer, comment=comment).respects == 1
    respect(reader=newcomer, comment=comment)
    assert respects_of(comment) == 1
    respect(reader=moderator, comment=comment)
    assert respects_of(comment) == 2


def test_respect_can_be_taken_back_and_twice_is_once(comment, newcomer):
    respect(reader=newcomer, comment=comment)
    assert take_back_respect(reader=newcomer, comment=comment).respects == 0
    take_back_respect(reader=newcomer, comment=comment)
    assert respects_of(comment) == 0


def test_an_open_page_hears_of_it_and_a_front_need_not(comment, newcomer, thread):
    before = Thread.objects.get(pk=thread.pk).revision
    fronts = Version.objects.get(tag=f"thread:{thread.pk}").number
    respect(reader=newcomer, comment=comment)
    told = since(thread.pk, before)
    assert [entry["id"] for entry in told["comments"]] == [comment.pk] and 'class="respects"' in told["comments"][0][
        "html"
    ]
    assert told["revision"] == before + 1
    assert Version.objects.filter(tag=f"respects:{thread.pk}").exists()
    assert Version.objects.get(tag=f"thread:{thread.pk}").number == fronts


def test_what_is_respected_already_takes_no_revision(comment, newcomer, thread):
    respect(reader=newcomer, comment=comment)
    before = Thread.objects.get(pk=thread.pk).revision
    respect(reader=newcomer, comment=comment)
    assert Thread.objects.get(pk=thread.pk).revision == before


def test_not_for_one_s_own(comment, reader):
    with pytest.raises(Refused, match="your own"):
        respect(reader=reader, comment=comment)


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_not_for_what_is_not_public(make_comment, newcomer, status):
    with pytest.raises(Refused, match="not shown"):
        respect(reader=newcomer, comment=make_comment(status=status))


def test_not_by_guests_unproved_or_deactivated_people(comment, settings):
    settings.GUESTS = True
    stranger = Reader.objects.create_user("sam@example.org", "Sam Stone", "a long enough pass phrase")
    EmailAddress.objects.filter(user=stranger).update(verified=False)
    guest = Reader.objects.create_user("guest@example.org", "Gus Guest", is_guest=True)
    gone = Reader.objects.create_user("gone@example.org", "Gil Gone", is_active=False)
    for person in (stranger, guest, gone):
        with pytest.raises(Refused):
            respect(reader=person, comment=comment)
    assert respects_of(comment) == 0


def test_it_ends_with_the_discussion_but_can_be_taken_back(comment, newcomer, moderator, thread):
    respect(reader=newcomer, comment=comment)
    close_thread(thread=thread)
    comment = Comment.objects.get(pk=comment.pk)
    with pytest.raises(Refused, match="closed"):
        respect(reader=moderator, comment=comment)
    take_back_respect(reader=newcomer, comment=comment)
    assert respects_of(comment) == 0


def test_while_the_desk_s_hours_shut_a_discussion_respect_waits_with_it(comment, moderator):
    hours(GONE, away="close")
    with pytest.raises(Refused, match="closed while our desk is away, until"):
        respect(reader=moderator, comment=Comment.objects.get(pk=comment.pk))


def test_under_a_story_that_is_not_public_there_is_nothing(comment, newcomer, story):
    type(story).objects.filter(pk=story.pk).update(withdrawn_at=clock.now())
    with pytest.raises(NotFound):
        respect(reader=newcomer, comment=Comment.objects.get(pk=comment.pk))


def test_so_many_a_minute_and_taking_back_counts(make_comment, newcomer, settings):
    settings.REACTIONS_PER_MINUTE = 3
    first, second = make_comment(), make_comment()
    respect(reader=newcomer, comment=first)
    take_back_respect(reader=newcomer, comment=first)
    respect(reader=newcomer, comment=first)
    with pytest.raises(TooSoon):
        respect(reader=newcomer, comment=second)


def test_an_account_that_goes_takes_its_respect_along(make_comment, newcomer, moderator):
    comments = [make_comment(), make_comment()]
    for comment in comments:
        respect(reader=newcomer, comment=comment)
        respect(reader=moderator, comment=comment)
    assert take_back_all(newcomer) == 2
    assert [respects_of(comment) for comment in comments] == [1, 1]


def test_two_readers_at_the_same_moment_are_two(parallel, comment, newcomer, moderator):
    assert parallel(
        lambda: respect(reader=newcomer, comment=comment).pk, lambda: respect(reader=moderator, comment=comment).pk
    ) == [comment.pk, comment.pk]
    assert respects_of(comment) == 2


def test_one_reader_twice_at_the_same_moment_is_one(parallel, comment, newcomer):
    act = lambda: respect(reader=newcomer, comment=comment).pk  # noqa: E731
    assert parallel(act, act) == [comment.pk, comment.pk]
    assert respects_of(comment) == 1


def test_the_page_shows_on_get_and_does_on_post(client, comment, newcomer, story):
    client.force_login(newcomer)
    address = f"/comments/{comment.pk}/respect/"
    page = client.get(address)
    assert page.status_code == 200 and 'value="yes"' in page.content.decode()
    assert respects_of(comment) == 0
    answer = client.post(address, {"choice": "yes"})
    assert (answer.status_code, answer.url) == (303, f"{story.get_absolute_url()}#comment-{comment.pk}")
    assert respects_of(comment) == 1 and 'value="no"' in client.get(address).content.decode()
    client.post(address, {"choice": "no"})
    assert respects_of(comment) == 0


def test_the_element_gets_the_number(client, comment, newcomer):
    client.force_login(newcomer)
    answer = client.post(f"/comments/{comment.pk}/respect/", {"choice": "yes"}, **JSON)
    assert answer.json() == {"respected": True, "respects": 1}


def test_a_refusal_is_a_sentence_on_the_page_and_in_json(client, comment, reader):
    client.force_login(reader)
    address = f"/comments/{comment.pk}/respect/"
    page = client.post(address, {"choice": "yes"})
    assert page.status_code == 403 and "your own" in page.content.decode()
    assert client.post(address, {"choice": "yes"}, **JSON).json()["refused"]
    assert client.post(address, {"choice": "down"}).status_code == 422
    assert client.post(address, {}).status_code == 422


def test_signed_out_it_leads_to_sign_in(client, comment):
    address = f"/comments/{comment.pk}/respect/"
    assert client.get(address).url.startswith("/accounts/login/?next=")
    assert client.post(address, {"choice": "yes"}, **JSON).status_code == 403
    assert respects_of(comment) == 0


def test_who_respects_it_is_public_for_those_with_a_public_page(client, comment, newcomer, moderator):
    respect(reader=newcomer, comment=comment)
    respect(reader=moderator, comment=comment)
    Reader.objects.filter(pk=moderator.pk).update(has_public_page=False)
    words = client.get(f"/comments/{comment.pk}/respects/").content.decode()
    assert "Ned Newcomer" in words and "Mona Marsh" not in words and "From 2 readers" in words


def test_the_list_goes_on_by_fifty(client, comment):
    people = Reader.objects.bulk_create(
        Reader(email=f"r{n}@example.org", name=f"Reader {n}.", name_key=f"reader{n}") for n in range(53)
    )
    Reaction.objects.bulk_create(Reaction(comment=comment, reader=person) for person in people)
    Comment.objects.filter(pk=comment.pk).update(respects=53)
    first = client.get(f"/comments/{comment.pk}/respects/").content.decode()
    assert "Reader 52." in first and "Reader 3." in first and "Reader 2." not in first
    earlier = first.split("?before=")[1].split('"')[0]
    rest = client.get(f"/comments/{comment.pk}/respects/?before={earlier}").content.decode()
    assert "Reader 2." in rest and "Reader 0." in rest and "Reader 3." not in rest


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_what_is_not_public_has_no_list(client, make_comment, status):
    assert client.get(f"/comments/{make_comment(status=status).pk}/respects/").status_code == 404


def test_the_newsroom_names_it(client, comment, story, settings):
    settings.REACTION = "Well argued"
    assert ">Well argued</a>" in client.get(story.get_absolute_url()).content.decode()
