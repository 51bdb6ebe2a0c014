"""From a comment to a published correction: tracked, told, credited if the reader agrees, and marked on the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.delivery.freshness import versions
from broadsheet.delivery.tags import thread_tag
from broadsheet.discussion.actions import withdraw_comment
from broadsheet.discussion.changes import since
from broadsheet.discussion.corrected import correction_after
from broadsheet.discussion.models import Comment
from broadsheet.moderation.rules import sections_of
from broadsheet.newsdesk import clocks
from broadsheet.newsdesk.actions import accept, choose_thanks, decline, note, reopen_lost, send_to_desk, take
from broadsheet.newsdesk.models import Correction, State, Step, Thanks
from broadsheet.newsdesk.parts import on_card
from broadsheet.notifications import items
from broadsheet.notifications.models import Notification
from broadsheet.stories.actions import add_notice, publish_story
from broadsheet.stories.models import Credit, Notice, Person, Story

pytestmark = pytest.mark.django_db
FACTS = {"kind": "correction", "text": "The bridge was built in 1887, not in 1878."}


@pytest.fixture
def story(make_story):
    """A story that could be published again as it is."""
    made = make_story(body=[("paragraph", "<p>The bridge of 1878 stays.</p>")])
    made.credits.add(Credit(role="reporting", person=Person.objects.create(name="Rita Rowe", slug="rita-rowe")))
    made.save()
    return made


@pytest.fixture
def sent(make_comment, moderator):
    comment = make_comment("It was built in 1887.")
    return send_to_desk(moderator=moderator, comment=comment, claim="“of 1878”: it was 1887.", note="I looked it up.")


def state(correction):
    return Correction.objects.get(pk=correction.pk).state


def told(reader):
    return items.items(reader, Notification.objects.filter(reader=reader, kind="correction").order_by("pk"))


def page(client, story):
    return client.get(Story.objects.get(pk=story.pk).get_absolute_url()).content.decode()


def test_from_a_comment_to_a_published_correction(
    client, story, thread, reader, newcomer, moderator, editor, make_comment
):
    """The whole way, by the pages that people use."""
    said = make_comment("It was built in 1887.")
    earlier = make_comment("I cross it daily.", author=newcomer)

    client.force_login(moderator)
    address = f"/moderation/comments/{said.pk}/correction/"
    assert "It was built in 1887." in client.get(address).content.decode()
    answer = client.post(address, {"claim": "“of 1878”: it was 1887.", "note": "I looked it up."})
    assert answer.url == f"/moderation/comments/{said.pk}/"
    correction = Correction.objects.get()

    client.force_login(editor)
    assert "it was 1887." in client.get("/moderation/corrections/").content.decode()
    own = f"/moderation/corrections/{correction.pk}/"
    assert "I looked it up." in client.get(own).content.decode()
    client.post(own, {"act": "take"})
    answer = client.post(own, {"act": "draft", **FACTS})
    assert answer.url == f"/desk/stories/edit/{story.pk}/"
    assert FACTS["text"] in client.get(answer.url).content.decode(), "it waits in the editor, already written"
    assert state(correction) == State.ACCEPTED
    client.logout()
    assert FACTS["text"] not in page(client, story) and "Written before" not in page(client, story)
    assert told(reader) == []

    before = versions((thread_tag(story.pk),))
    draft = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.body = [("paragraph", "<p>The bridge of 1887 stays.</p>")]
    publish_story(story=draft, by=editor)
    assert versions((thread_tag(story.pk),)) != before

    correction.refresh_from_db()
    notice = Notice.objects.get()
    assert (correction.state, correction.notice) == (State.PUBLISHED, notice.pk)
    assert list(correction.steps.order_by("pk").values_list("act", flat=True)) == [
        "sent", "taken", "accepted", "published",
    ]  # fmt: skip
    html = page(client, story)
    mark = f'<a href="{story.get_absolute_url()}#notice-{notice.pk}">Written before the correction of'
    assert html.count(mark) == 2 and f'id="notice-{notice.pk}"' in html and "bridge of 1887" in html
    later = make_comment("Thank you for putting it right.")
    html = page(client, story)
    assert html.count(mark) == 2 and "Thank you for putting it right." in html
    assert earlier.pk and later.pk

    [item] = told(reader)
    assert "led to a correction" in item.words and FACTS["text"] in item.told.detail
    assert "May we thank you by name" in item.told.detail and item.told.address == "/me/corrections/"
    assert "With thanks to" not in html, "nobody is named who has not agreed"
    client.force_login(reader)
    assert FACTS["text"] in client.get("/me/corrections/").content.decode()
    client.post("/me/corrections/", {"by_name": "yes"})
    client.logout()
    assert "With thanks to <bdi>Ruth Reader</bdi>" in page(client, story)
    assert told(reader)[0].told.address.endswith(f"#notice-{notice.pk}")
    choose_thanks(reader=reader, by_name=False)
    assert "With thanks to" not in page(client, story)


def test_every_public_view_has_the_mark_and_costs_one_query_more(client, story, thread, reader, editor, make_comment):
    first = make_comment("Xold words about 1878.")
    for number in range(20):
        make_comment(f"Xold number {number}.", parent=first if number < 3 else None)
    addresses = [
        *(f"{story.get_absolute_url()}?order={order}" for order in ("newest", "respected", "discussed", "picks")),
        f"/comments/{first.pk}/",
        f"/stories/{story.pk}/comments/search/?q=Xold",
        f"/readers/{reader.pk}/",
    ]

    def counted():
        found = []
        for address in addresses:
            with CaptureQueriesContext(transaction.get_connection()) as asked:
                html = client.get(address).content.decode()
            found.append((address, len(asked), html.count("Written before the")))
        return found

    before = counted()
    assert not sum(marks for _, _, marks in before)
    add_notice(story=story, by=editor, kind="clarification", text="It was 1887.")
    for (address, queries, _), (_, more, marks) in zip(before, counted(), strict=True):
        assert marks >= 4 and more <= queries + 1, (address, queries, more, marks)
    assert "Written before the clarification of" in client.get(f"/comments/{first.pk}/").content.decode()
    replies = client.get(f"/comments/{first.pk}/replies/").json()["comments"]
    assert all("Written before the clarification" in reply["html"] for reply in replies)
    changes = client.get(f"/threads/{story.pk}/changes/?since=0").json()["comments"]
    assert all("Written before the clarification" in change["html"] for change in changes)
    client.force_login(reader)
    assert "Written before the clarification" in client.get(f"/comments/{first.pk}/reply/").content.decode()


def test_the_first_correction_after_the_words_is_named_and_an_edit_after_it_is_none(
    story, thread, reader, make_comment
):
    now, said = clock.now(), make_comment("It was 1887.")
    for hours, kind in ((3, "correction"), (1, "clarification"), (2, "update"), (-1, "correction")):
        Notice.objects.create(story=story, kind=kind, text="Put right.", made_at=now + timedelta(hours=hours))
    Story.objects.filter(pk=story.pk).update(corrected_at=now + timedelta(hours=3))
    found = correction_after(Comment.objects.with_story().get(pk=said.pk))
    assert (found.kind, found.made_at) == ("clarification", now + timedelta(hours=1))
    Comment.objects.filter(pk=said.pk).update(edited_at=now + timedelta(hours=2))
    assert correction_after(Comment.objects.with_story().get(pk=said.pk)).kind == "correction"
    Comment.objects.filter(pk=said.pk).update(edited_at=now + timedelta(hours=4))
    assert correction_after(Comment.objects.with_story().get(pk=said.pk)) is None


def test_updates_and_tombstones_have_no_mark(client, story, thread, editor, make_comment):
    make_comment("Said before.")
    gone = make_comment("Xgone words.")
    add_notice(story=story, by=editor, kind="update", text="The vote is over.")
    assert "Written before" not in page(client, story)
    add_notice(story=story, by=editor, kind="correction", text="It was 1887.")
    Comment.objects.filter(pk=gone.pk).update(status="rejected")
    story.touch()
    assert page(client, story).count("Written before the correction") == 1


def test_a_notice_can_be_published_at_once_and_nothing_else_of_the_draft(client, story, sent, reader, editor):
    accept(by=editor, correction=sent, publish=True, **FACTS)
    assert state(sent) == State.PUBLISHED and len(told(reader)) == 1
    assert FACTS["text"] in page(client, story)


def test_a_correction_whose_notice_was_taken_out_of_the_draft_is_open_again(client, story, sent, editor):
    accept(by=editor, correction=sent, **FACTS)
    assert reopen_lost() == 0 and state(sent) == State.ACCEPTED
    draft = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.notices = []
    draft.save_revision(user=editor, clean=False)
    assert reopen_lost() == 1 and state(sent) == State.OPEN
    client.force_login(editor)
    assert "not in the story’s draft any more" in client.get(f"/moderation/corrections/{sent.pk}/").text
    accept(by=editor, correction=sent, publish=True, **FACTS)
    assert state(sent) == State.PUBLISHED and reopen_lost() == 0


def test_who_reads_live_gets_the_mark_with_the_moment_that_it_goes_by(story, thread, editor, make_comment):
    said = make_comment("It was built in 1887.")
    assert since(thread.pk, 0)["corrected"] is None
    notice = add_notice(story=story, by=editor, kind="correction", text="It was 1887.")
    make_comment("Thank you.")
    news = since(thread.pk, Comment.objects.get(pk=said.pk).revision)
    told = news["corrected"]
    assert f"#notice-{notice.pk}" in told["html"] and "Written before the correction" in told["html"]
    moments = [
        int(html.partition('data-written="')[2].split('"')[0])
        for html in (each["html"] for each in since(thread.pk, 0)["comments"])
    ]
    assert moments[0] < told["at"] <= moments[1]


def test_an_older_thanks_does_not_publish_a_newer_correction(story, sent, moderator, editor):
    accept(by=editor, correction=sent, publish=True, **FACTS)
    again = send_to_desk(moderator=moderator, comment=sent.comment, claim="And “seven to four” was six to five.")
    assert again.pk != sent.pk
    add_notice(story=story, by=editor, kind="update", text="The vote is over.")
    assert state(again) == State.OPEN


def test_a_declined_correction_is_told_only_with_words(client, sent, reader, moderator, editor):
    decline(by=editor, correction=sent, note="It says built, not opened.")
    assert (state(sent), told(reader)) == (State.DECLINED, [])
    again = send_to_desk(moderator=moderator, comment=sent.comment, claim="Built in 1887.")
    decline(by=editor, correction=again, told="We checked: the foundation stone is from 1878.")
    [item] = told(reader)
    assert "Our editors have answered" in item.words and "foundation stone" in item.told.detail
    client.force_login(reader)
    own = client.get("/me/corrections/").content.decode()
    assert "foundation stone" in own and "It says built" not in own
    third = send_to_desk(moderator=moderator, comment=sent.comment, claim="Really.")
    accept(by=editor, correction=third, publish=True, **FACTS)
    assert len(told(reader)) == 2, "an answer before does not keep the thanks away"


def test_who_may_do_what(client, sent, make_comment, moderator, reader, newcomer, reporter, photo_editor, editor):
    comment = make_comment("Another.")
    for nobody in (reader, reporter):
        with pytest.raises(Refused, match="Only moderators bring"):
            send_to_desk(moderator=nobody, comment=comment, claim="Wrong.")
    for nobody in (reader, moderator, photo_editor):
        with pytest.raises(Refused, match="Only those who write stories"):
            take(by=nobody, correction=sent)
        with pytest.raises(Refused, match="Only those who write stories"):
            note(by=nobody, correction=sent, text="Hm.")
    for nobody in (reader, moderator, reporter):
        for act in (lambda who: accept(by=who, correction=sent, **FACTS), lambda who: decline(by=who, correction=sent)):
            with pytest.raises(Refused, match="Only an editor"):
                act(nobody)
    assert take(by=reporter, correction=sent).owner == reporter
    note(by=reporter, correction=sent, text="The archive says 1887.")
    addresses = ("/moderation/corrections/", f"/moderation/corrections/{sent.pk}/")
    for somebody, status in ((None, 302), (newcomer, 403), (moderator, 403), (photo_editor, 403), (reporter, 200)):
        client.logout()
        if somebody:
            client.force_login(somebody)
        for address in addresses:
            assert client.get(address).status_code == status, (somebody, address)
            if status != 200:
                assert client.post(address, {"act": "publish", **FACTS}).status_code in {status, 405}
    page = client.get(addresses[1]).content.decode()
    assert "Only an editor accepts" in page and "Accept it" not in page and "Reported" not in page
    assert client.post(addresses[1], {"act": "publish", **FACTS}).status_code == 403
    assert client.get(f"/moderation/comments/{comment.pk}/correction/").status_code == 403
    assert state(sent) == State.OPEN and not Notice.objects.exists()


def test_what_is_settled_stays_and_nothing_is_done_twice(sent, moderator, editor, story):
    assert send_to_desk(moderator=moderator, comment=sent.comment, claim="Again.").pk == sent.pk
    accept(by=editor, correction=sent, **FACTS)
    with pytest.raises(Stale, match="already"):
        accept(by=editor, correction=sent, **FACTS)
    draft = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    assert len(draft.notices.all()) == 1
    decline(by=editor, correction=sent)
    with pytest.raises(Stale, match="A colleague was first"):
        take(by=editor, correction=sent)
    with pytest.raises(Refused, match="settled already"):
        decline(by=editor, correction=Correction.objects.get(pk=sent.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=sent.pk).update(state=State.PUBLISHED)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"kind": "update"}, "choose a correction"),
        ({"text": " "}, "The notice is empty"),
        ({"text": "x" * 2001}, "Notice"),
    ],
)
def test_a_notice_that_says_nothing_is_refused_and_nothing_has_changed(client, sent, editor, facts, sentence):
    with pytest.raises(Unacceptable, match=sentence):
        accept(by=editor, correction=sent, **{**FACTS, **facts})
    assert state(sent) == State.OPEN and sent.steps.count() == 1
    client.force_login(editor)
    answer = client.post(f"/moderation/corrections/{sent.pk}/", {"act": "draft", **FACTS, **facts})
    assert answer.status_code == 422 and "Nothing was changed." in answer.content.decode()


def test_a_story_that_is_locked_takes_no_notice(sent, story, editor, administrator):
    Story.objects.filter(pk=story.pk).update(locked=True, locked_by=administrator, locked_at=clock.now())
    with pytest.raises(Refused, match="locked"):
        accept(by=editor, correction=sent, **FACTS)
    assert state(sent) == State.OPEN


def test_a_withdrawn_comment_brings_nothing(make_comment, moderator, reader):
    comment = withdraw_comment(author=reader, comment=make_comment("Never mind."))
    with pytest.raises(Refused, match="words of this comment are gone"):
        send_to_desk(moderator=moderator, comment=comment, claim="Wrong.")


def test_a_card_shows_how_far_the_desk_is_in_two_queries(sent, make_comment, moderator, django_assert_num_queries):
    others = [make_comment(f"Other {number}.") for number in range(5)]
    comments = list(Comment.objects.with_story().filter(pk__in=[sent.comment_id, *(each.pk for each in others)]))
    assert moderator.is_moderator and sections_of(moderator) is None
    with django_assert_num_queries(2):
        parts = list(on_card(comments, moderator))
    of_sent = [part for number, part in parts if number == sent.comment_id]
    assert [part.place for part in of_sent] == ["side", "acts"] and of_sent[1].facts["may_correct"] is False
    assert len(parts) == 7


def test_declined_ones_are_forgotten_after_their_time_and_published_ones_stay(sent, moderator, editor, make_comment):
    decline(by=editor, correction=sent)
    kept = send_to_desk(moderator=moderator, comment=make_comment("Else."), claim="Else.")
    accept(by=editor, correction=kept, publish=True, **FACTS)
    assert clocks.old_work(clock.now())[0] == 0
    assert clocks.old_work(clock.now() + timedelta(days=400))[0] >= 1
    assert list(Correction.objects.all()) == [kept] and not Step.objects.filter(correction=sent.pk).exists()


def test_guests_choose_nothing_and_a_deleted_account_is_thanked_no_more(client, reader):
    choose_thanks(reader=reader, by_name=True)
    assert Thanks.objects.get().by_name
    reader.is_guest = True
    reader.save()
    client.force_login(reader)
    assert client.post("/me/corrections/", {"by_name": "yes"}).status_code == 403
