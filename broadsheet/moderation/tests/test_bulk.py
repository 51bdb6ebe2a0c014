"""One act on many comments: its preview, its work in the background, and its undoing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.discussion.actions import edit_comment
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation import bulks, claims
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.moderation.models import Bulk, Decision, Entry, Queue, Report
from broadsheet.moderation.tests.queueing import many
from broadsheet.moderation.tests.test_claims import team

PENDING, PUBLISHED, REJECTED = Status.PENDING, Status.PUBLISHED, Status.REJECTED


def main_of(answer):
    return answer.content.decode().split("<main")[1].split("</main")[0]


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def test_a_whole_view_is_previewed_done_and_undone(desk, thread, reader, newcomer, moderator):
    many(thread, reader, 25)
    spam = many(thread, newcomer, 30)
    sent = {"queue": "pending", "author": newcomer.pk, "all": "1", "after": REJECTED, "reason": "spam", "told": "Ads."}
    address = desk.post("/moderation/bulk/", sent).url
    text = main_of(desk.get(address))
    for words in ("Nothing has been done yet", "Do it with 30 comments", "<bdi>Ned Newcomer</bdi>: 30", "Ads."):
        assert words in text, words
    assert text.count('<span class="tag tag-pending">') == bulks.SHOWN
    assert not Decision.objects.exists()
    desk.post(f"{address}start/")
    made = Decision.objects.all()
    assert {(each.act, each.source, each.reason, each.told) for each in made} == {("rejected", "bulk", "spam", "Ads.")}
    assert {each.comment_id for each in made} == {row.pk for row in spam}
    text = main_of(desk.get(address))
    assert "30 comments are done." in text and "Undo all of it" in text
    desk.post(f"{address}start/")
    assert Decision.objects.count() == 30
    decide(moderator=team(1)[0], comment=spam[0], seen=REJECTED, after=PUBLISHED)
    desk.post(f"{address}undo/")
    assert "29 of them have been undone." in main_of(desk.get(address))
    assert Comment.objects.filter(status=PENDING).count() == 25 + 29
    assert Entry.objects.filter(queue=Queue.PENDING).count() == 25 + 29
    assert "Undo all of it" not in main_of(desk.get(address))


def test_a_rejection_without_a_reason_comes_back_with_everything_still_in_the_form(desk, thread, reader):
    row, other = many(thread, reader, 2)
    sent = {"queue": "pending", "comment": row.pk, "after": REJECTED, "note": 'He says "no".', "author": reader.pk}
    answer = desk.post("/moderation/bulk/", sent)
    text = main_of(answer)
    assert answer.status_code == 422 and "Please choose the reason" in text
    for kept in (f'name="comment" value="{row.pk}"', 'value="rejected" selected', 'value="He says &quot;no&quot;."',
                 f'name="author" value="{reader.pk}"'):  # fmt: skip
        assert kept in text, kept
    assert f'name="comment" value="{other.pk}"' not in text
    assert not Bulk.objects.exists()


def test_a_preview_says_what_is_left_alone_and_why(desk, thread, reader, make_comment, moderator):
    rows = many(thread, reader, 4)
    own = make_comment(author=moderator, status=PENDING)
    (colleague,) = team(1)
    claims.take(moderator=colleague, waiting=Entry.objects.filter(comment=rows[0]))
    done = make_comment(status=REJECTED)
    chosen = [rows[0].pk, rows[1].pk, own.pk, done.pk]
    sent = {"comment": chosen, "after": REJECTED, "reason": "spam"}
    address = desk.post("/moderation/bulk/", sent).url
    text = main_of(desk.get(address))
    assert "Do it with 1 comment<" in text
    for why in ("held by a colleague", "written by you", "nothing to do"):
        assert f"1: {why}" in text, why


def test_what_was_seen_in_the_preview_is_decided_and_nothing_else(desk, thread, reader, make_comment, moderator):
    rows = [make_comment(status=PENDING) for _ in range(3)]
    reported = make_comment()
    report_comment(comment=reported, reporter=None, address="192.0.2.7", reason="spam")
    bulk = bulks.prepare(moderator=moderator, comments=[*(row.pk for row in rows), reported.pk], after=PUBLISHED)
    edit_comment(author=reader, comment=rows[0], body="Quite other words")
    decide(moderator=team(1)[0], comment=rows[1], seen=PENDING, after=REJECTED, reason="spam")
    report_comment(comment=reported, reporter=None, address="192.0.2.8", reason="private")
    bulk = bulks.start(moderator=moderator, bulk=bulk)
    assert (bulk.done, bulk.passed, bulk.left) == (2, 2, {"changed": 2})
    assert Comment.objects.get(pk=rows[0].pk).status == PENDING
    assert Comment.objects.get(pk=rows[2].pk).status == PUBLISHED
    assert sorted(Report.objects.values_list("outcome", flat=True)) == ["kept", "waiting"]
    bulks.work.func(bulk.pk)  # begun again after the worker fell
    bulk.refresh_from_db()
    assert (bulk.done, Decision.objects.filter(bulk=bulk).count()) == (2, 2)


def test_who_may_and_what_may_not_be(desk, client, thread, reader, newcomer, moderator, editor, monkeypatch):
    rows = many(thread, reader, 6)
    keys = [row.pk for row in rows]
    for wrong in (
        {"after": "withdrawn"}, {"after": REJECTED}, {"after": REJECTED, "reason": "fine"},
        {"after": PUBLISHED, "comments": []}, {"after": PUBLISHED, "note": "x" * 1001},
    ):  # fmt: skip
        with pytest.raises(Unacceptable):
            bulks.prepare(**{"moderator": moderator, "comments": keys, **wrong})
    with pytest.raises(Refused):
        bulks.prepare(moderator=newcomer, comments=keys, after=PUBLISHED)
    monkeypatch.setattr(bulks, "MOST", 5)
    assert desk.post("/moderation/bulk/", {"queue": "pending", "all": "1", "after": PUBLISHED}).status_code == 422
    bulk = bulks.prepare(moderator=moderator, comments=keys[:5], after=PUBLISHED)
    with pytest.raises(Refused):
        bulks.start(moderator=editor, bulk=bulk)
    client.force_login(team(1)[0])
    assert client.get(f"/moderation/bulk/{bulk.pk}/").status_code == 404
    assert client.post(f"/moderation/bulk/{bulk.pk}/start/").status_code == 404
    client.force_login(editor)
    assert client.get(f"/moderation/bulk/{bulk.pk}/").status_code == 200
    assert not Decision.objects.exists()
    Bulk.objects.update(created_at=clock.now() - timedelta(days=2))
    with pytest.raises(Stale, match="too old"):
        bulks.start(moderator=moderator, bulk=bulk)
    assert bulks.forget_unstarted(clock.now()) == 1
