"""Moderators are written to as they wish, and a link in a mail decides once, for them, after it has asked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail

from broadsheet.core import clock
from broadsheet.discussion.actions import edit_comment
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Decision
from broadsheet.stories.models import Section
from broadsheet.webhooks import clocks, digests, letters, offers
from broadsheet.webhooks.models import MailChoice, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(make_comment, moderator, settings):
    """A comment that waits, about which the moderator has a mail; returns it with the paths of the two links."""
    digests.choose(moderator=moderator, digest="never", each=True)
    settings.PRE_MODERATION = True
    comment = make_comment("Xheldwords of a reader", status="pending")
    settings.PRE_MODERATION = False
    return comment, *links_in(mail.outbox[-1])


def links_in(message):
    return re.findall(r"http://testserver(/by-mail/[\w-]+/)", message.body)


def test_the_mail_says_that_something_waits_and_not_what(held, moderator):
    (message,) = mail.outbox
    assert message.to == [moderator.email] and "is held" in message.subject
    assert "Xheldwords" not in message.body and f"/moderation/comments/{held[0].pk}/" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert held[1].split("/")[2] not in str(Offer.objects.values()), "of the link only its hash is kept"


def test_with_words_only_where_the_newsroom_says_so(make_comment, moderator, settings):
    settings.MAIL_WORDS = settings.PRE_MODERATION = True
    digests.choose(moderator=moderator, digest="never", each=True)
    make_comment("Xheldwords", status="pending")
    assert "Xheldwords" in mail.outbox[0].body


def test_opening_a_link_does_nothing_and_its_button_decides_once(client, held):
    comment, approve, reject = held
    for _ in range(2):
        for send in (client.get, client.head):
            answer = send(approve)
            assert answer.status_code == 200 and not Decision.objects.filter(moderator__isnull=False).exists()
    assert "Xheldwords" in client.get(approve).text and "Approve this comment?" in client.get(approve).text
    assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
    assert "Your decision is kept" in client.post(approve).text
    comment.refresh_from_db()
    made = Decision.objects.get(moderator__isnull=False)
    assert (comment.status, made.source, made.moderator.name) == ("published", "mail", "Mona Marsh")
    for path in (approve, reject):
        again = client.post(path, {"reason": "spam"})
        assert again.status_code == 409 and "used already" in again.text and "Xheldwords" not in again.text
    assert Decision.objects.filter(moderator__isnull=False).count() == 1


def test_what_was_removed_is_not_shown_above_an_answer_to_it(client, make_comment, moderator, settings):
    digests.choose(moderator=moderator, digest="never", each=True)
    parent = make_comment("Xanswered words")
    settings.PRE_MODERATION = True
    make_comment("An answer.", parent=parent, status="pending")
    approve, _ = links_in(mail.outbox[-1])
    assert "Xanswered" in client.get(approve).text
    decide(moderator=moderator, comment=parent, seen="published", after="rejected", reason="abusive")
    assert "An answer." in client.get(approve).text and "Xanswered" not in client.get(approve).text


def test_a_rejection_needs_its_reason(client, held):
    _, _, reject = held
    assert "Reject this comment?" in client.get(reject).text
    refused = client.post(reject, {"note": "Typed"})
    assert refused.status_code == 422 and "Typed" in refused.text
    assert client.post(reject, {"reason": "abusive", "note": "By the phone"}).status_code == 200
    made = Decision.objects.get(moderator__isnull=False)
    assert (made.after, made.reason, made.note, made.source) == ("rejected", "abusive", "By the phone", "mail")


def test_a_form_from_elsewhere_or_without_its_token_is_refused(held):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(held[1]).status_code == 403
    assert strict.post(held[1], headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Decision.objects.filter(moderator__isnull=False).exists()


@pytest.mark.parametrize("what", ["decided", "edited", "too old", "moderator no more", "account closed", "silenced"])
def test_a_link_that_is_overtaken_says_so_and_does_nothing(client, held, moderator, editor, settings, what):
    comment, approve, _ = held
    if what == "decided":
        decide(moderator=editor, comment=comment, seen="pending", after="rejected", reason="spam")
    elif what == "edited":
        edit_comment(author=comment.author, comment=comment, body="Other words.")
    elif what == "too old":
        Offer.objects.update(expires_at=clock.now())
    elif what == "moderator no more":
        moderator.user_permissions.clear()
    elif what == "account closed":
        moderator.is_active = False
        moderator.save()
    else:
        settings.SPEAKING_RULES = ["broadsheet.webhooks.tests.test_by_mail.nobody_speaks"]
    before = Decision.objects.count()
    for send in (client.get, client.post):
        answer = send(approve)
        assert answer.status_code == 409 and "Xheldwords" not in answer.text and "does nothing" in answer.text
    assert Decision.objects.count() == before


def nobody_speaks(reader, thread):
    return "You are suspended."


def test_a_wrong_link_tells_nothing(client, held):
    for path in ("/by-mail/no-such-link/", held[1][:-4] + "aaa/"):
        answer = client.get(path)
        assert answer.status_code == 404 and "Xheldwords" not in answer.text


def test_where_staff_show_a_second_factor_links_lead_to_the_desk(client, held, make_comment, settings):
    settings.STAFF_SECOND_FACTOR = settings.PRE_MODERATION = True
    comment, approve, _ = held
    answer = client.post(approve)
    assert answer.status_code == 302 and answer.url == f"/moderation/comments/{comment.pk}/"
    assert "/accounts/login/" in client.get(answer.url).url
    make_comment("Another", status="pending")
    assert links_in(mail.outbox[-1]) == [] and "/moderation/comments/" in mail.outbox[-1].body
    assert not Decision.objects.filter(moderator__isnull=False).exists()


def test_a_reported_comment_is_mailed_about_once_and_can_be_kept(client, make_comment, moderator, reporter, editor):
    digests.choose(moderator=moderator, digest="never", each=True)
    comment = make_comment()
    for person in (reporter, editor):
        report_comment(comment=comment, reporter=person, address="", reason="spam")
    (message,) = mail.outbox
    assert "is reported" in message.subject and "advertising" in message.body
    keep, _ = links_in(message)
    assert "Keep this comment?" in client.get(keep).text
    client.post(keep)
    made = Decision.objects.get()
    assert (made.act, made.source) == ("kept", "mail")
    waiting = comment.reports.filter(outcome="waiting")
    assert waiting.count() == 1, "the report that came after the mail waits for somebody who has read it"


def test_nobody_is_written_to_about_their_own_words_or_too_often(make_comment, moderator, settings, monkeypatch):
    digests.choose(moderator=moderator, digest="never", each=True)
    settings.PRE_MODERATION = True
    make_comment("Mine", author=moderator, status="pending")
    assert mail.outbox == []
    monkeypatch.setattr(offers, "MOST_AN_HOUR", 2)
    for number in range(4):
        make_comment(f"Number {number}", status="pending")
    assert len(mail.outbox) == 2


def test_a_mail_whose_comment_was_decided_in_time_is_not_sent(make_comment, moderator, editor, settings):
    digests.choose(moderator=moderator, digest="never", each=True)
    settings.PRE_MODERATION = True
    comment = make_comment(status="pending")
    offer = Offer.objects.get()
    assert letters.offered(offer.pk) is not None
    decide(moderator=editor, comment=comment, seen="pending", after="published")
    assert letters.offered(offer.pk) is None


# --- Digests ----------------------------------------------------------------------------------------------------------


def test_a_digest_says_how_much_waits_and_names_no_words(make_comment, moderator, settings):
    digests.choose(moderator=moderator, digest="hourly", each=False)
    settings.PRE_MODERATION = True
    make_comment("Xheldwords", status="pending")
    assert mail.outbox == [] and digests.send_due() == 0
    MailChoice.objects.update(next_digest_at=clock.now() - timedelta(minutes=1))
    assert digests.send_due() == 1 and digests.send_due() == 0
    (message,) = mail.outbox
    assert message.subject == "1 comment is waiting." and "Pending: 1" in message.body
    assert "Xheldwords" not in message.body and "/moderation/" in message.body
    assert MailChoice.objects.get().next_digest_at > clock.now()


def test_a_digest_counts_what_waits_in_the_sections_that_its_reader_looks_after(make_comment, moderator, settings):
    settings.PRE_MODERATION = True
    make_comment(status="pending")
    digests.choose(moderator=moderator, digest="hourly", each=False)
    assert letters.digest(moderator.pk, "1") is not None
    moderator.moderated_sections.create(section=Section.objects.create(name="Sport", slug="sport"))
    assert letters.digest(moderator.pk, "2") is None


def test_nothing_is_sent_where_nothing_waits_or_nobody_wants_it(make_comment, moderator, settings):
    digests.choose(moderator=moderator, digest="daily", each=False)
    assert letters.digest(moderator.pk, "x") is None, "nothing waits"
    settings.PRE_MODERATION = True
    make_comment(status="pending")
    assert letters.digest(moderator.pk, "x") is not None
    moderator.user_permissions.clear()
    assert letters.digest(moderator.pk, "x") is None, "they work at the desk no more"
    digests_off = MailChoice.objects.get()
    digests_off.digest = "never"
    digests_off.save()
    moderator.user_permissions.add(Permission.objects.get(codename="decide"))
    assert letters.digest(moderator.pk, "x") is None


def test_a_daily_digest_is_due_at_the_newsroom_s_hour(settings, moderator):
    settings.DIGEST_HOUR = 6
    choice = digests.choose(moderator=moderator, digest="daily", each=False)
    assert clock.in_newsroom(choice.next_digest_at).hour == 6 and choice.next_digest_at > clock.now()


def test_the_page_keeps_what_a_moderator_wants_and_is_for_moderators(client, moderator, reader):
    assert client.get("/moderation/mail/").status_code == 302
    client.force_login(reader)
    assert client.post("/moderation/mail/", {"digest": "daily"}).status_code == 403
    assert not MailChoice.objects.exists()
    client.force_login(moderator)
    assert client.get("/moderation/mail/").status_code == 200
    client.post("/moderation/mail/", {"digest": "daily", "each": "on"})
    kept = MailChoice.objects.get()
    assert (kept.moderator, kept.digest, kept.each) == (moderator, "daily", True)
    assert client.post("/moderation/mail/", {"digest": "weekly"}).status_code == 422


def test_links_are_forgotten_a_day_after_they_expire(held):
    assert clocks.old_offers(clock.now() + timedelta(days=2, hours=12))[0] == 0
    assert clocks.old_offers(clock.now() + timedelta(days=3, minutes=5))[0] == 1
