"""Leads: for a story's reporters and editors, told by mail without any words, and never for a reader."""

from __future__ import annotations

import pytest
from django.core import mail

from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.newsdesk.actions import answer_lead, mark_lead
from broadsheet.newsdesk.mailing import tell_reporters
from broadsheet.newsdesk.models import Lead
from broadsheet.stories.models import Credit, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def credited(story, reporter):
    """Rita reported the story, and has an account."""
    person = Person.objects.create(name=reporter.name, slug="rita-rowe", account=reporter)
    Credit.objects.create(story=story, person=person, role="reporting")
    return reporter


@pytest.fixture
def lead(make_comment, moderator, credited):
    return mark_lead(moderator=moderator, comment=make_comment("Xtip: ask about the tender."), note="Knows the firm?")


def test_a_moderator_marks_a_lead_and_the_reporter_reads_and_answers_it(
    client, make_comment, moderator, credited, story
):
    comment = make_comment("Xtip: ask about the tender.", status="rejected")
    client.force_login(moderator)
    address = f"/moderation/comments/{comment.pk}/lead/"
    assert "Rita Rowe" in client.get(address).content.decode()
    assert client.post(address, {"note": "Knows the firm?"}).status_code == 302
    client.post(address, {"note": "Sent twice"})
    lead = Lead.objects.get()

    assert tell_reporters() == 1 and tell_reporters() == 0
    [letter] = mail.outbox
    assert letter.to == [credited.email] and f"/moderation/leads/{lead.pk}/" in letter.body
    assert "Xtip" not in letter.body and "Knows" not in letter.body

    client.force_login(credited)
    assert "Knows the firm?" in client.get("/moderation/leads/").content.decode()
    page = client.get(f"/moderation/leads/{lead.pk}/").content.decode()
    assert "Xtip: ask about the tender." in page and "Pending" not in page
    assert client.post(f"/moderation/leads/{lead.pk}/", {"answer": "taken"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.answer, lead.answered_by) == ("taken", credited)
    assert client.post(f"/moderation/leads/{lead.pk}/", {"answer": "perhaps"}).status_code == 422


def test_only_the_story_s_reporters_and_editors_read_it(
    client, lead, reader, newcomer, moderator, editor, photo_editor, make_story
):
    other = Person.objects.create(name="Otto Orr", slug="otto-orr", account=newcomer)
    Credit.objects.create(story=make_story("Another story"), person=other, role="reporting")
    address = f"/moderation/leads/{lead.pk}/"
    for somebody, status in (
        (None, 302),
        (reader, 403),
        (moderator, 403),
        (photo_editor, 403),
        (newcomer, 404),
    ):
        client.logout()
        if somebody:
            client.force_login(somebody)
        for answer in (client.get(address), client.post(address, {"answer": "taken"})):
            assert answer.status_code == status and "Xtip" not in answer.content.decode(), somebody
    client.force_login(editor)
    assert "Xtip" in client.get(address).content.decode()
    client.force_login(newcomer)
    listed = client.get("/moderation/leads/").content.decode()
    assert "Knows the firm?" not in listed and "Reported" not in listed, "nor the moderators' queues"
    for nobody in (reader, moderator, newcomer):
        with pytest.raises(Refused, match="reporters and editors"):
            answer_lead(by=nobody, lead=lead, answer="taken")
    with pytest.raises(Refused, match="Only moderators bring"):
        mark_lead(moderator=newcomer, comment=lead.comment)
    with pytest.raises(Unacceptable):
        answer_lead(by=editor, lead=lead, answer="")
    assert Lead.objects.get().answer == ""


def test_no_reader_sees_that_there_is_one_nor_who_wrote_it(client, lead, reader):
    client.force_login(reader)
    for address in (lead.story.get_absolute_url(), "/me/comments/", "/me/notifications/", "/me/corrections/",
                    f"/comments/{lead.comment_id}/", f"/threads/{lead.story_id}/me/"):  # fmt: skip
        text = client.get(address).content.decode()
        assert "Knows the firm?" not in text and "/leads/" not in text


def test_what_the_mail_server_refuses_is_tried_again(lead, settings):
    settings.EMAIL_BACKEND = "broadsheet.newsdesk.tests.refusing.Backend"
    assert tell_reporters() == 0 and Lead.objects.get().told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell_reporters() == 1 and Lead.objects.get().told_at


def test_without_an_account_nobody_is_written_to(make_comment, moderator, story):
    mark_lead(moderator=moderator, comment=make_comment("A tip."))
    assert tell_reporters() == 0 and mail.outbox == []
