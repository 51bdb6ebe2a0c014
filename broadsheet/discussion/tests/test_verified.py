"""Comments of readers whose e-mail address is not confirmed: they wait, and are published when it is."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from broadsheet.accounts.actions import address_verified
from broadsheet.accounts.models import Reader
from broadsheet.discussion.actions import change_status, edit_comment, post_comment, withdraw_comment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail(settings):
    """Mail can be sent, so an address can be confirmed."""
    settings.EMAIL_URL = "smtp://mail.example"


@pytest.fixture
def unproved(db):
    """Uma has signed up and has not confirmed her address."""
    person = Reader.objects.create_user("uma@example.org", "Uma Unproved", "a long enough pass phrase")
    EmailAddress.objects.filter(user=person).delete()
    return person


def prove(person):
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
    address_verified(person)


def post(person, thread, body="Hello from Uma."):
    return post_comment(author=person, thread=thread, body=body)


def test_a_comment_waits_until_its_author_s_address_is_confirmed(unproved, thread, client, story):
    comment = post(unproved, thread)
    assert comment.status == "pending"
    assert [flag.check_name for flag in comment.flags.all()] == ["unverified"]
    assert "Hello from Uma." not in client.get(story.get_absolute_url()).content.decode()
    prove(unproved)
    comment.refresh_from_db()
    assert comment.status == "published" and comment.published_at
    assert "Hello from Uma." in client.get(story.get_absolute_url()).content.decode()


def test_whose_address_is_confirmed_does_not_wait(unproved, thread):
    prove(unproved)
    assert post(unproved, thread).status == "published"


def test_the_staff_and_newsrooms_without_mail_do_not_wait(unproved, reporter, thread, settings):
    assert post(reporter, thread).status == "published"
    settings.EMAIL_URL = ""
    assert post(unproved, thread, "Another.").status == "published"


def test_what_waits_for_something_else_too_goes_on_waiting(unproved, thread, settings):
    linked = post(unproved, thread, "https://a.example https://b.example https://c.example")
    assert {flag.check_name for flag in linked.flags.all()} == {"unverified", "links"}
    plain = post(unproved, thread)
    edited = edit_comment(author=unproved, comment=post(unproved, thread, "x"), body="http://a.example " * 3)
    prove(unproved)
    for comment, status in ((linked, "pending"), (plain, "published"), (edited, "pending")):
        comment.refresh_from_db()
        assert comment.status == status


def test_what_somebody_has_decided_stays_decided(unproved, thread):
    rejected, withdrawn, taken_down = (post(unproved, thread, f"Words {number}.") for number in range(3))
    with transaction.atomic():
        change_status(comment=rejected, seen="pending", after="rejected")
    withdraw_comment(author=unproved, comment=withdrawn)
    for seen, after in (("pending", "published"), ("published", "pending")):
        with transaction.atomic():
            change_status(comment=taken_down, seen=seen, after=after)
    prove(unproved)
    for comment, status in ((rejected, "rejected"), (withdrawn, "withdrawn"), (taken_down, "pending")):
        comment.refresh_from_db()
        assert comment.status == status


def test_another_s_proof_publishes_nothing_of_mine(unproved, newcomer, thread):
    comment = post(unproved, thread)
    prove(newcomer)
    comment.refresh_from_db()
    assert comment.status == "pending"


def test_the_form_says_beforehand_that_a_comment_will_wait(unproved, reader, client, story):
    words = "Your comment appears when you have confirmed your e-mail address."
    client.force_login(unproved)
    page = client.get(f"/stories/{story.pk}/comments/new/").content.decode()
    assert words in page and 'href="/accounts/email/"' in page
    assert words in client.get(f"/threads/{story.pk}/me/").json()["box"]
    prove(unproved)
    assert words not in client.get(f"/stories/{story.pk}/comments/new/").content.decode()


def test_the_author_is_told_what_a_comment_waits_for(unproved, client, story, thread, settings):
    client.force_login(unproved)
    answer = client.post(
        f"/stories/{story.pk}/comments/new/", {"body": "Hello."}, headers={"Accept": "application/json"}
    ).json()
    assert answer["comment"] is None
    assert "until you have confirmed your e-mail address" in answer["own"]["html"]
    settings.PRE_MODERATION = True
    post(unproved, thread, "Another.")
    held = client.get(f"/threads/{story.pk}/me/").json()["own"][0]["html"]
    assert "until an editor has read it" in held and "confirmed" not in held
