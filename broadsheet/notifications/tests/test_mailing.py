"""E-mail: to whom, when, once, and what stands in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from broadsheet.accounts.models import Deletion, PublisherIdentity, Reader
from broadsheet.core import clock
from broadsheet.discussion.actions import change_status, edit_comment, post_comment, withdraw_comment
from broadsheet.discussion.models import Comment, ThreadFollow
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.undoing import undo
from broadsheet.notifications import mailing
from broadsheet.notifications.actions import choose, notify, see
from broadsheet.notifications.items import harmless
from broadsheet.notifications.models import How, Kind, Mail, Notification
from broadsheet.stories.models import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rested():
    """No mail server of an earlier test is being left alone."""
    mailing._rest.update(until=0.0, length=mailing.REST[0])


@pytest.fixture
def answered(make_comment, reader, newcomer, proved):
    """Ned has answered Ruth, whose address is hers."""
    proved(reader)
    return make_comment("I disagree.", author=newcomer, parent=make_comment())


@pytest.fixture
def post(due):
    """Everything that is due goes."""

    def send():
        due()
        mailing.send_due()
        return outbox.outbox

    return send


def whole(message):
    """All that leaves: head, text and HTML."""
    return message.message().as_string() + message.body + str(message.alternatives)


def test_an_answer_is_sent_a_minute_later_with_its_words_and_the_way_there(answered, reader, settings, monkeypatch):
    mailing.send_due()
    assert outbox.outbox == [], "its author may think twice"
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=2))
    mailing.send_due()
    (letter,) = outbox.outbox
    assert letter.to == [reader.email]
    assert letter.subject == "Ned Newcomer replied to your comment on “Council votes to keep the old bridge”"
    html = letter.alternatives[0][0]
    for text in (letter.body, html):
        assert "I disagree." in text
        assert f"{settings.SITE_URL}/comments/{answered.pk}/" in text
    assert letter.from_email == f"{settings.SITE_NAME} <{settings.DEFAULT_FROM_EMAIL}>"


def test_a_letter_is_sent_once(answered, post, reader):
    assert len(post()) == 1
    assert len(post()) == 1
    sent = Mail.objects.get()
    assert sent.sent_at and sent.next_try_at is None


def test_of_two_workers_one_makes_and_one_sends_the_letter(answered, due, reader, monkeypatch):
    """Both have read that it is due; the claim lets one of them send it."""
    due()
    now = clock.now()
    assert (mailing.gather(now), mailing.gather(now)) == (1, 0)
    mail = Mail.objects.get()
    assert [mailing._claim(mail, now), mailing._claim(mail, now)] == [True, False]


def test_what_is_sent_once_a_day_goes_at_the_hour_of_the_digest(
    make_comment, thread, reader, newcomer, proved, monkeypatch
):
    proved(newcomer)
    ThreadFollow.objects.create(reader=newcomer, thread=thread)
    for _ in range(3):
        make_comment()
    row = Notification.objects.get(reader=newcomer)
    local = clock.in_newsroom(row.mail_after)
    assert (local.hour, local.minute) == (7, 0)
    assert clock.now() < row.mail_after <= clock.now() + timedelta(days=1)
    mailing.send_due()
    assert outbox.outbox == []
    monkeypatch.setattr(clock, "now", lambda: row.mail_after + timedelta(seconds=1))
    mailing.send_due()
    assert outbox.outbox[0].subject.startswith("3 new comments on")


def test_a_kind_that_one_does_not_want_is_not_sent(make_comment, reader, newcomer, proved, post, told):
    proved(reader)
    choose(reader=reader, choices=[(Kind.REPLY, How.NEVER)])
    make_comment("Yes.", author=newcomer, parent=make_comment())
    assert post() == []
    assert told(reader) == ["reply"], "on the site it is listed"


def test_a_choice_holds_for_what_has_not_been_sent_yet(answered, reader, post):
    choose(reader=reader, choices=[(Kind.REPLY, How.NEVER)])
    assert post() == []


def test_what_has_been_seen_is_not_sent(answered, reader, post):
    see(reader=reader)
    assert post() == []


def test_an_address_that_was_never_proved_gets_nothing(make_comment, reader, newcomer, post):
    EmailAddress.objects.filter(user=reader).update(verified=False)
    make_comment("Yes.", author=newcomer, parent=make_comment())
    assert post() == []


@pytest.mark.parametrize("facts", [{"is_active": False}, {"is_guest": True}, {"email": "other@example.org"}])
def test_who_is_gone_by_then_gets_nothing(answered, reader, post, facts):
    Reader.objects.filter(pk=reader.pk).update(**facts)
    assert post() == []


def test_whose_publisher_told_no_address_of_theirs_gets_nothing(answered, reader, post):
    """Nor is anything sent to an address that only stands for one, or that they have not shown to be theirs."""
    PublisherIdentity.objects.create(reader=reader, issuer="https://news.example", subject="r-1", told_at=clock.now())
    Reader.objects.filter(pk=reader.pk).update(email="0123abcd@publisher.invalid")
    EmailAddress.objects.filter(user=reader).delete()
    assert post() == []


def test_who_has_asked_to_be_deleted_gets_nothing(answered, reader, post):
    Deletion.objects.create(reader=reader, choice="anonymise", asked_at=clock.now(), due_at=clock.now())
    assert post() == []


def test_several_things_due_at_once_go_in_one_letter(make_comment, reader, newcomer, moderator, proved, post):
    proved(reader)
    mine, other = make_comment(), make_comment()
    make_comment("Yes.", author=newcomer, parent=mine)
    decide(moderator=moderator, comment=other, seen="published", after="rejected", reason="spam")
    (letter,) = post()
    assert letter.subject == "2 notifications from The Test Courier"
    assert "The reason: It is advertising or repeats itself." in letter.body


def test_a_rejection_that_is_undone_before_its_letter_goes_is_not_sent(
    make_comment, reader, moderator, proved, post, due
):
    proved(reader)
    comment = make_comment(status="pending")
    made = decide(moderator=moderator, comment=comment, seen="pending", after="rejected", reason="spam")
    due()
    mailing.gather(clock.now())
    undo(moderator=moderator, decision=made)
    assert post() == []


def test_a_rejection_that_is_undone_after_its_letter_went_is_corrected_by_another(
    make_comment, reader, moderator, proved, post
):
    proved(reader)
    comment = make_comment(status="pending")
    made = decide(moderator=moderator, comment=comment, seen="pending", after="rejected", reason="spam")
    assert len(post()) == 1
    undo(moderator=moderator, decision=made)
    assert post()[-1].subject.startswith("An editor took back the removal of your comment")


def test_a_flood_of_answers_is_four_letters_and_then_one(make_comment, reader, newcomer, proved, post, due):
    proved(reader)
    for _ in range(7):
        make_comment("Yes.", author=newcomer, parent=make_comment())
        post()
    assert len(outbox.outbox) == mailing.MOST_AN_HOUR
    Mail.objects.update(made_at=clock.now() - timedelta(hours=2))
    post()
    assert len(outbox.outbox) == mailing.MOST_AN_HOUR + 1
    assert outbox.outbox[-1].subject.startswith("3 notifications")


ENDS = {
    "rejected": lambda reply, moderator: decide(
        moderator=moderator, comment=reply, seen="published", after="rejected", reason="abusive"
    ),
    "withdrawn": lambda reply, moderator: withdraw_comment(author=reply.author, comment=reply),
    "embargoed": lambda reply, moderator: hide(reply, published_at=clock.now() + timedelta(days=1)),
    "killed": lambda reply, moderator: hide(reply, withdrawn_at=clock.now()),
    "draft": lambda reply, moderator: hide(reply, live=False),
}


def hide(comment, **facts):
    Story.objects.filter(pk=comment.thread_id).update(**facts)


@pytest.mark.parametrize("end", sorted(ENDS))
@pytest.mark.parametrize("moment", ["before the letter is made", "before it is tried again"])
def test_what_is_withheld_between_the_event_and_the_letter_is_not_sent(
    end, moment, make_comment, thread, reader, newcomer, moderator, proved, post, due, monkeypatch
):
    proved(reader)
    reply = post_comment(author=newcomer, thread=thread, body="Xcanary words", parent=make_comment())
    if moment == "before it is tried again":
        with monkeypatch.context() as broken:
            broken.setattr(EmailBackend, "send_messages", refuse)
            post()
        Mail.objects.update(next_try_at=clock.now())
    ENDS[end](reply, moderator)
    due()
    mailing.send_due()
    assert not [letter for letter in outbox.outbox if reader.email in letter.to]
    assert not Mail.objects.filter(reader=reader).exclude(next_try_at=None).exists()


def refuse(*_):
    raise ConnectionRefusedError("no")


def test_held_words_of_an_edit_are_not_sent(make_comment, thread, reader, newcomer, proved, post, settings):
    proved(reader)
    reply = post_comment(author=newcomer, thread=thread, body="Fine words", parent=make_comment())
    settings.PRE_MODERATION = True
    edit_comment(author=newcomer, comment=reply, body="Xcanary words")
    assert not [letter for letter in post() if reader.email in letter.to or "Xcanary" in letter.body]


def test_the_words_sent_are_those_of_the_moment(make_comment, thread, reader, newcomer, proved, post):
    proved(reader)
    reply = post_comment(author=newcomer, thread=thread, body="Xcanary", parent=make_comment())
    edit_comment(author=newcomer, comment=reply, body="Second thoughts")
    (letter,) = post()
    assert "Second thoughts" in letter.body and "Xcanary" not in whole(letter)


def test_a_mail_server_that_is_away_costs_no_try_and_nothing_is_lost(answered, due, monkeypatch):
    due()
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "open", refuse)
        mailing.send_due()
        assert Mail.objects.get().tries == 0
        asked = []
        broken.setattr(EmailBackend, "open", lambda self: asked.append(1))
        mailing.send_due()
        assert asked == [], "it is left alone for a while"
    mailing._rest["until"] = 0.0
    mailing.send_due()
    assert len(outbox.outbox) == 1


def test_a_letter_that_is_refused_is_tried_again_later_and_given_up_in_the_end(answered, due, monkeypatch):
    due()
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    pauses = []
    for _ in range(len(mailing.PAUSES)):
        mailing.send_due()
        mail = Mail.objects.get()
        if mail.next_try_at:
            pauses.append(round((mail.next_try_at - clock.now()).total_seconds() / 60))
            mailing.send_due()
            assert Mail.objects.get().tries == mail.tries, "not before its time"
            Mail.objects.update(next_try_at=clock.now())
    mail = Mail.objects.get()
    assert pauses == [5, 15, 60, 240, 720]
    assert (mail.next_try_at, mail.sent_at, mail.fault) == (None, None, "ConnectionRefusedError")


def test_the_same_letter_has_the_same_name_each_time(answered, due, monkeypatch):
    due()
    seen = []

    def note(self, messages):
        seen.extend(message.extra_headers["Message-ID"] for message in messages)
        if len(seen) == 1:
            raise ConnectionResetError("it hung up after it had taken it")
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", note)
    mailing.send_due()
    Mail.objects.update(next_try_at=clock.now())
    mailing.send_due()
    assert len(seen) == 2 and seen[0] == seen[1]


def test_one_reader_s_trouble_is_no_other_s(make_comment, reader, newcomer, moderator, proved, due, monkeypatch):
    for who in (reader, newcomer):
        proved(who)
    make_comment("Yes.", author=moderator, parent=make_comment())
    make_comment("Yes.", author=moderator, parent=make_comment(author=newcomer))
    due()
    ours = EmailBackend.send_messages

    def picky(self, messages):
        if messages[0].to == [reader.email]:
            raise ConnectionResetError("not this one")
        return ours(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", picky)
    mailing.send_due()
    assert [letter.to for letter in outbox.outbox] == [[newcomer.email]]


def test_the_head_says_how_to_stop_it_and_what_belongs_together(answered, post, settings):
    settings.SITE_URL = "https://courier.example"
    head = post()[0].message()
    assert re.fullmatch(r"<https://courier\.example/notifications/stop/[^>]+/>", head["List-Unsubscribe"])
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert head["Auto-Submitted"] == "auto-generated"
    assert head["Precedence"] == "bulk"
    assert head["List-Id"] == "<notifications.courier.example>"
    assert re.fullmatch(r"<notice-\d+\.[0-9a-f]{16}@courier\.example>", head["Message-ID"])
    assert re.fullmatch(r"<discussion-\d+\.[0-9a-f]{16}@courier\.example>", head["References"])


def test_without_https_there_is_no_button_for_mail_programs(answered, post):
    head = post()[0].message()
    assert head["List-Unsubscribe"] and not head["List-Unsubscribe-Post"]


@pytest.mark.parametrize(
    "body",
    [
        "See https://evil.example/a.html now",
        "See [our site](https://evil.example/) now",
        "<img src=https://evil.example/x.png> and <script>alert(1)</script>",
        "![x](https://evil.example/x.png)",
        "www.evil.example or evil.example or mail@evil.example",
        "HTTPS://EVIL.EXAMPLE javascript:alert(1) mailto:x@evil.example tel:+123456",
        "http:&#47;&#47;evil.example",
    ],
)
def test_no_link_and_no_picture_in_a_letter_was_made_by_a_reader(
    make_comment, thread, reader, newcomer, proved, post, body
):
    proved(reader)
    comment = post_comment(author=newcomer, thread=thread, body=f"{body} .", parent=make_comment())
    Comment.objects.filter(pk=comment.pk).update(status="published", published_at=clock.now())
    if comment.status != "published":
        with transaction.atomic():
            Notification.objects.all().delete()
            notify(reader=reader, kind=Kind.REPLY, comment=comment.parent, by=newcomer, about=comment)
    (letter,) = post()
    html = letter.alternatives[0][0]
    assert "evil.example" not in letter.body.lower() + html.lower() + letter.subject.lower()
    assert not re.search(r"<(img|script|iframe)\b", html)
    assert {re.match(r"https?://[^/]+", link)[0] for link in re.findall(r'href="([^"]+)"', html)} == {
        "http://testserver"
    }


def test_a_name_or_headline_breaks_no_header_and_is_no_link(make_comment, reader, newcomer, proved, post, story):
    proved(reader)
    mine = make_comment()
    reply = make_comment("Yes.", author=newcomer, parent=mine)
    Comment.objects.filter(pk=reply.pk).update(author_name="Eve\r\nBcc: all@example.org visit evil.example")
    (letter,) = post()
    assert letter.bcc == [] and letter.message()["Bcc"] is None
    assert "\n" not in letter.subject and "evil[.]example" in letter.subject


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("It cost 3.14 euros, e.g. twice.", "It cost 3.14 euros, e.g. twice."),
        ("Note: this", "Note: this"),
        ("https://a.example/b?c", "a[.]example/b?c"),
        ("me@a.example", "me[@]a[.]example"),
        ("@Ruth Reader", "@Ruth Reader"),
        ("例え。jp", "例え[.]jp"),
        ("two\nlines", "two lines"),
    ],
)
def test_addresses_are_shown_so_that_nobody_can_click_them(words, expected):
    assert harmless(words) == expected


def test_the_letter_is_in_the_newsroom_s_language_and_direction(answered, post, settings):
    settings.LANGUAGE_CODE = "ar"
    html = post()[0].alternatives[0][0]
    assert '<html lang="ar" dir="rtl">' in html


def test_a_report_s_outcome_goes_with_the_digest_and_names_no_words(
    make_comment, reader, newcomer, moderator, proved, post
):
    proved(newcomer)
    comment = make_comment("Xcanary")
    report_comment(comment=comment, reporter=newcomer, address="192.0.2.1", reason="spam", note="Look")
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam", note="Xnote")
    letters = [letter for letter in post() if letter.to == [newcomer.email]]
    assert len(letters) == 1
    assert "Xcanary" not in whole(letters[0]) and "Xnote" not in whole(letters[0])
    assert "An editor agreed and removed the comment." in letters[0].body


def test_a_decision_reverted_before_the_letter_leaves_both_told_as_they_were(
    make_comment, reader, moderator, proved, post
):
    proved(reader)
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    comment.refresh_from_db()
    with transaction.atomic():
        change_status(comment=comment, seen="rejected", after="published")
    assert len(post()) == 1
