"""Every act of the desk: locking, undoing, second opinions, texts, views ... each is kept, none touches words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from broadsheet.accounts.models import Reader
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.discussion.actions import edit_comment, import_comment, post_comment, withdraw_comment
from broadsheet.discussion.changes import since
from broadsheet.discussion.fragments import fragment
from broadsheet.discussion.models import Comment, Flag, Status
from broadsheet.discussion.verified import publish_waiting
from broadsheet.moderation import actions, bulks, candidates, canned, changes, claims, grounds, opinions, saved, undoing
from broadsheet.moderation.actions import decide, lock, pass_over, pick, report_comment, unlock, unpick
from broadsheet.moderation.arranging import close_discussion
from broadsheet.moderation.models import (
    Canned,
    Change,
    Decision,
    Entry,
    Outcome,
    Queue,
    Source,
    ThreadDecision,
    View,
)
from broadsheet.moderation.narrowing import Narrowed

PENDING, PUBLISHED, REJECTED = Status.PENDING, Status.PUBLISHED, Status.REJECTED


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def places(comment):
    return set(comment.entries.values_list("queue", flat=True))


def report(comment, number=7, **facts):
    return report_comment(
        **{"comment": comment, "reporter": None, "address": f"192.0.2.{number}", "reason": "spam", **facts}
    )


@pytest.fixture
def colleague(moderator):
    colleague = Reader.objects.create_user("cole@example.org", "Cole Crane", "a long enough pass phrase", is_staff=True)
    colleague.user_permissions.add(*moderator.user_permissions.all())
    return colleague


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def send(desk, comment, act, **facts):
    return desk.post(f"/moderation/comments/{comment.pk}/{act}/", facts, headers={"Accept": "application/json"})


# --- Replies closed ---------------------------------------------------------------------------------------------------


def test_a_locked_comment_and_all_under_it_take_no_replies_by_any_way(
    client, make_comment, moderator, reader, newcomer, thread
):
    top = make_comment()
    locked = make_comment(parent=top)
    below = make_comment(parent=locked)
    beside = make_comment(parent=top)
    before = fresh(thread).revision
    made = lock(moderator=moderator, comment=locked)
    assert (made.act, made.locked, made.seen, made.after) == ("locked", True, "published", "published")
    assert [fresh(row).is_locked for row in (top, locked, below, beside)] == [False, True, True, False]
    for parent in (locked, below):
        with pytest.raises(Refused, match="closed this conversation"):
            post_comment(author=newcomer, thread=thread, body="But!", parent=parent)
        client.force_login(newcomer)
        answer = client.post(f"/comments/{parent.pk}/reply/", {"body": "But!"}, headers={"Accept": "application/json"})
        assert answer.status_code == 403 and "closed this conversation" in answer.json()["refused"]
    told = {row["id"]: row["html"] for row in since(thread.pk, before)["comments"]}
    assert set(told) == {locked.pk, below.pk}
    assert all("No more replies" in html and "/reply/" not in html for html in told.values())
    assert "/reply/" in fragment(fresh(top), open_now=True)
    late = import_comment(
        thread=thread, author_name="Old", body="From elsewhere", created_at=top.created_at, parent=below
    )
    assert late.is_locked
    assert post_comment(author=newcomer, thread=thread, body="Here I may.", parent=top).pk
    with pytest.raises(Stale, match="closed already"):
        lock(moderator=Reader.objects.create_superuser("a@x.org", "Al", "x"), comment=locked)
    assert lock(moderator=moderator, comment=locked) == made  # a double click
    assert unlock(moderator=moderator, comment=locked).act == "unlocked"
    assert post_comment(author=newcomer, thread=thread, body="At last.", parent=below).pk
    with pytest.raises(Refused):
        lock(moderator=reader, comment=top)


# --- Undoing ----------------------------------------------------------------------------------------------------------


def state(comment):
    comment = fresh(comment)
    return (
        comment.status,
        bool(comment.picked_at),
        comment.is_locked,
        sorted(comment.entries.values_list("queue", "since")),
        sorted(comment.reports.values_list("outcome", "decision")),
    )


@pytest.mark.parametrize("act", ["approve", "reject held", "reject", "keep", "hold", "pick", "pass over", "lock"])
def test_undoing_puts_a_comment_back_as_it_was(make_comment, moderator, colleague, act):
    comment = make_comment(status=PENDING if act in {"approve", "reject held"} else PUBLISHED)
    if comment.is_public:
        report(comment)
        Entry.objects.get_or_create(
            comment=comment, queue=Queue.PICKS, defaults={"since": comment.created_at, "due": comment.created_at,
                                                          "thread": comment.thread},
        )  # fmt: skip
        Entry.objects.filter(comment=comment, queue=Queue.UNREVIEWED).delete()
    before = state(comment)
    do = {
        "approve": lambda: decide(moderator=moderator, comment=comment, seen=PENDING, after=PUBLISHED),
        "reject held": lambda: decide(
            moderator=moderator, comment=comment, seen=PENDING, after=REJECTED, reason="spam"
        ),
        "reject": lambda: decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam"),
        "keep": lambda: decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PUBLISHED),
        "hold": lambda: decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PENDING),
        "pick": lambda: pick(moderator=moderator, comment=comment),
        "pass over": lambda: pass_over(moderator=moderator, comment=comment),
        "lock": lambda: lock(moderator=moderator, comment=comment),
    }[act]
    made = do()
    assert state(comment) != before
    with pytest.raises(Refused, match="Only whoever made"):
        undoing.undo(moderator=colleague, decision=made)
    undone = undoing.undo(moderator=moderator, decision=made)
    assert (undone.act, undone.source, undone.undoes) == ("undone", Source.UNDO, made)
    after = state(comment)
    if act in {"reject", "hold"}:  # what left for good when it was hidden is not proposed for a pick again
        before = (*before[:3], [place for place in before[3] if place[0] != Queue.PICKS], before[4])
    assert after[:3] == before[:3] and after[4] == before[4]
    assert [queue for queue, _ in after[3]] == [queue for queue, _ in before[3]]
    for (_, was), (_, now) in zip(before[3], after[3], strict=True):
        assert abs(now - was) < timedelta(seconds=2)  # it has waited ever since, and not from now on
    assert undoing.undo(moderator=moderator, decision=made) == undone  # a double click
    with pytest.raises(Refused, match="cannot be undone"):
        undoing.undo(moderator=moderator, decision=undone)


def test_a_restored_comment_that_is_undone_is_rejected_for_the_old_reason(make_comment, moderator):
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="hateful")
    made = decide(moderator=moderator, comment=comment, seen=REJECTED, after=PUBLISHED)
    undone = undoing.undo(moderator=moderator, decision=made)
    assert (fresh(comment).status, undone.reason) == (REJECTED, "hateful")


@pytest.mark.any_database
def test_only_the_latest_decision_is_undone_and_only_for_a_day(make_comment, moderator, colleague, reader, monkeypatch):
    comment = make_comment()
    made = decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=REJECTED, reason="spam")
    decide(moderator=colleague, comment=comment, seen=REJECTED, after=PUBLISHED)
    with pytest.raises(Stale, match="Something else was decided"):
        undoing.undo(moderator=moderator, decision=made)
    gone = make_comment()
    kept = decide(moderator=moderator, comment=gone, seen=PUBLISHED, after=PUBLISHED)
    withdraw_comment(author=reader, comment=gone)
    with pytest.raises(Stale, match="withdrawn or changed"):
        undoing.undo(moderator=moderator, decision=kept)
    old = decide(moderator=moderator, comment=make_comment(), seen=PUBLISHED, after=REJECTED, reason="spam")
    monkeypatch.setattr(undoing, "FOR", timedelta(0))
    with pytest.raises(Stale, match="for a day"):
        undoing.undo(moderator=moderator, decision=old)


# --- Picks to consider ------------------------------------------------------------------------------------------------


@pytest.mark.any_database
def test_good_comments_are_proposed_for_a_pick_once_and_never_again_after_a_look(make_comment, moderator, reader):
    good = make_comment("It costs $5 million: https://budget.example/report says so.")
    liked, plain, own = make_comment("I like it."), make_comment("Hm."), make_comment("It costs $6: https://b.example")
    Comment.objects.filter(pk=liked.pk).update(respects=candidates.RESPECTED)
    pick(moderator=moderator, comment=own)
    assert candidates.propose() == 2
    assert candidates.propose() == 0
    assert (places(good), places(liked)) == ({"unreviewed", "picks"}, {"unreviewed", "picks"})
    assert "picks" not in places(plain) | places(own)
    made = pass_over(moderator=moderator, comment=good)
    assert (made.act, made.considered, made.picked) == ("passed over", True, False)
    assert fresh(good).picked_at is None and fresh(good).status == PUBLISHED
    assert places(good) == {"unreviewed"}
    with pytest.raises(Stale, match="not proposed"):
        pass_over(moderator=moderator, comment=good)
    pick(moderator=moderator, comment=liked)
    unpick(moderator=moderator, comment=liked)
    assert candidates.propose() == 0


def test_what_is_undone_waits_among_the_picks_where_it_stood(make_comment, moderator):
    good = make_comment("It costs $5 million: https://budget.example/report says so.")
    candidates.propose()
    stood = good.entries.get(queue="picks")
    over = pass_over(moderator=moderator, comment=good)
    undoing.undo(moderator=moderator, decision=over)
    again = good.entries.get(queue="picks")
    assert (again.why, again.score) == (stood.why, stood.score)
    assert abs(again.due - stood.due) < timedelta(seconds=1)
    gone = decide(moderator=moderator, comment=good, seen=PUBLISHED, after=REJECTED, reason="spam")
    assert places(good) == set()
    undoing.undo(moderator=moderator, decision=gone)
    assert places(good) == {"unreviewed"}  # somebody has looked at it for a pick
    other = make_comment("It costs $6 million: https://budget.example/report says so.")
    candidates.propose()
    gone = decide(moderator=moderator, comment=other, seen=PUBLISHED, after=REJECTED, reason="spam")
    undoing.undo(moderator=moderator, decision=gone)
    assert places(other) == {"unreviewed", "picks"}


def test_experience_with_reasons_is_proposed_and_the_desk_reads_why(make_comment):
    told = make_comment(
        "When I worked at the waterworks, that gauge was read by hand. I think it should be read every hour, because "
        "the river rises within two. The old one would not have been read at night."
    )
    one = make_comment("When I worked at the waterworks, that gauge was read by hand.")
    candidates.propose()
    assert [entry.comment for entry in Entry.objects.filter(queue="picks")] == [told]
    assert "picks" not in places(one)
    entry = Entry.objects.get(comment=told, queue="picks")
    assert grounds.sentences(entry)[0][0] == "A contribution: speaks from experience, gives reasons"


def no_pick(comment):
    return None


def test_what_somebody_says_is_no_pick_is_not_proposed_and_keeps_no_other_from_it(make_comment, settings, monkeypatch):
    monkeypatch.setattr(candidates, "AT_ONCE", 1)
    for _ in range(2):
        make_comment("It costs $5 million: https://budget.example/report says so.")
    settings.PICK_GROUNDS = [f"{__name__}.no_pick"]
    assert candidates.propose() == 0
    settings.PICK_GROUNDS = []
    assert [candidates.propose() for _ in range(3)] == [1, 1, 0]


# --- Second opinions --------------------------------------------------------------------------------------------------


def test_a_colleague_asked_for_an_opinion_gives_one_and_the_asker_sees_it(
    desk, client, make_comment, moderator, colleague
):
    comment = make_comment(status=PENDING)
    assert send(desk, comment, "ask", ask="yes", note="Is this satire?").json()["act"] == "asked"
    with pytest.raises(Refused, match="You asked yourself"):
        opinions.say(moderator=moderator, comment=comment, after=PUBLISHED)
    with pytest.raises(Refused, match="Nothing here is free"):
        claims.take(moderator=moderator, waiting=Entry.objects.filter(queue=Queue.PENDING))
    client.force_login(colleague)
    page = client.get("/moderation/asked/").content.decode()
    assert "Is this satire?" in page and "Mona Marsh" in page
    with pytest.raises(Unacceptable):
        opinions.say(moderator=colleague, comment=comment, after=REJECTED)
    assert send(client, comment, "opinion", opinion=REJECTED, reason="hateful", note="No.").json()["act"] == "said"
    opinions.say(moderator=colleague, comment=comment, after=PUBLISHED, note="On second thoughts: yes.")
    assert fresh(comment).status == PENDING
    client.force_login(moderator)
    page = client.get("/moderation/asked/").content.decode()
    assert "<bdi>Cole Crane</bdi> would publish it" in page and "On second thoughts" in page
    decide(moderator=moderator, comment=comment, seen=PENDING, after=PUBLISHED)
    assert "Nobody asks for a second opinion." in client.get("/moderation/asked/").content.decode()
    with pytest.raises(Stale):
        opinions.say(moderator=colleague, comment=comment, after=PUBLISHED)
    with pytest.raises(Stale, match="waits in no queue"):
        opinions.ask(moderator=moderator, comment=comment)


def test_a_question_is_taken_back_by_who_asked_it(make_comment, moderator, colleague):
    comment = make_comment(status=PENDING)
    opinions.ask(moderator=moderator, comment=comment, note="Hm?")
    with pytest.raises(Stale):
        opinions.take_back(moderator=colleague, comment=comment)
    opinions.take_back(moderator=moderator, comment=comment)
    assert not Entry.objects.filter(asked_by__isnull=False).exists()


# --- Texts to authors -------------------------------------------------------------------------------------------------


def test_supervisors_keep_texts_and_a_rejection_tells_the_author_one(client, make_comment, editor, moderator, reader):
    client.force_login(editor)
    answer = client.post(
        "/moderation/texts/", {"name": "Tone", "reason": "abusive", "text": "Argue, don't <b>shout</b>."}
    )
    assert answer.status_code == 302
    text = Canned.objects.get()
    assert client.post("/moderation/texts/", {"name": "", "text": "x"}).status_code == 422
    assert client.post("/moderation/texts/", {"name": "Tone", "text": "x"}).status_code == 422
    client.post(
        "/moderation/texts/", {"text_number": text.pk, "name": "Tone", "text": "Argue, don't shout.", "act": "keep"}
    )
    assert [change.what for change in Change.objects.order_by("pk")] == ["canned text"] * 2
    client.force_login(moderator)
    assert client.get("/moderation/texts/").status_code == 403
    comment = make_comment()
    page = client.get(f"/moderation/comments/{comment.pk}/").content.decode()
    assert f'<option value="{text.pk}" data-reason="">Tone</option>' in page
    sent = {
        "seen": PUBLISHED,
        "after": REJECTED,
        "reason": "abusive",
        "canned": str(text.pk),
        "told": "And you know it.",
    }
    made = send(client, comment, "decide", **sent).json()
    decision = Decision.objects.get(pk=made["decision"])
    assert decision.told == "Argue, don't shout.\n\nAnd you know it."
    client.force_login(reader)
    for address in ("/me/comments/", "/me/notifications/"):
        assert "And you know it." in client.get(address).content.decode()
    canned.delete(by=editor, canned=fresh(text))
    with pytest.raises(Refused):
        canned.keep(by=moderator, canned=None, name="x", reason="", text="x")
    assert fresh(decision).told.startswith("Argue")


# --- Saved views ------------------------------------------------------------------------------------------------------


def test_a_narrowed_queue_is_kept_under_a_name_among_the_tabs(desk, client, make_comment, moderator, colleague, editor):
    make_comment("The bridge is old.", status=PENDING)
    make_comment("I like cake.", status=PENDING)
    answer = desk.post("/moderation/views/", {"queue": "pending", "words": "Bridge", "name": "About the bridge"})
    assert answer.url.startswith("/moderation/pending/?words=Bridge&view=")
    page = desk.get(answer.url).content.decode()
    assert "The bridge is old." in page and "cake" not in page.split("<main")[1]
    assert re.search(r'aria-current="page"[^>]*>About the bridge', page)
    saved.save(moderator=editor, name="All new", queue="unreviewed", narrowed=Narrowed(state="new"), for_everybody=True)
    assert Change.objects.get().what == "saved view"
    client.force_login(colleague)
    page = client.get("/moderation/pending/").content.decode()
    assert "All new" in page and "About the bridge" not in page
    own, everybodys = View.objects.get(owner=moderator), View.objects.get(owner=None)
    for view in (own, everybodys):
        assert client.post(f"/moderation/views/{view.pk}/delete/").status_code == 403
    assert client.post("/moderation/views/", {"queue": "x", "name": "y"}).status_code == 422
    assert client.post("/moderation/views/", {"queue": "pending", "name": " "}).status_code == 422
    assert client.post("/moderation/views/", {"queue": "pending", "name": "z", "everybody": "1"}).status_code == 403
    client.force_login(moderator)
    assert client.post(f"/moderation/views/{own.pk}/delete/").status_code == 302
    assert not View.objects.filter(owner=moderator).exists()


# --- All of them ------------------------------------------------------------------------------------------------------


def every_act(make_comment, moderator, newcomer, thread, settings):
    """Does all that is done at the desk, and what happens without it; the acts in order, as they should be kept."""
    expected = []

    def act(word, do):
        expected.append(word)
        return do()

    one = make_comment()
    report(one)
    act("kept", lambda: decide(moderator=moderator, comment=one, seen=PUBLISHED, after=PUBLISHED))
    act("held", lambda: decide(moderator=moderator, comment=one, seen=PUBLISHED, after=PENDING))
    act("approved", lambda: decide(moderator=moderator, comment=one, seen=PENDING, after=PUBLISHED))
    rejected = act(
        "rejected", lambda: decide(moderator=moderator, comment=one, seen=PUBLISHED, after=REJECTED, reason="spam")
    )
    act("undone", lambda: undoing.undo(moderator=moderator, decision=rejected))
    act("picked", lambda: pick(moderator=moderator, comment=one))
    act("unpicked", lambda: unpick(moderator=moderator, comment=one))
    Entry.objects.create(queue="picks", comment=one, since=one.created_at, due=one.created_at, thread=thread)
    act("passed over", lambda: pass_over(moderator=moderator, comment=one))
    act("locked", lambda: lock(moderator=moderator, comment=one))
    act("unlocked", lambda: unlock(moderator=moderator, comment=one))
    act("rejected", lambda: decide(moderator=moderator, comment=one, seen=PUBLISHED, after=REJECTED, reason="spam"))
    act("reopened", lambda: decide(moderator=moderator, comment=one, seen=REJECTED, after=PENDING))
    act("rejected", lambda: decide(moderator=moderator, comment=one, seen=PENDING, after=REJECTED, reason="spam"))
    act("restored", lambda: decide(moderator=moderator, comment=one, seen=REJECTED, after=PUBLISHED))
    opinions.ask(moderator=moderator, comment=make_comment(), note="Hm?")
    make_comment()
    claims.take(moderator=moderator, waiting=Entry.objects.filter(queue=Queue.UNREVIEWED))
    claims.put_back(moderator=moderator)
    bulk = bulks.prepare(moderator=moderator, comments=[one.pk], after=REJECTED, reason="spam")
    act("rejected", lambda: bulks.start(moderator=moderator, bulk=bulk))
    act("undone", lambda: bulks.undo(moderator=moderator, bulk=fresh(bulk)))
    act(
        "held",
        lambda: actions.decide_automatically(comment=one, seen=PUBLISHED, after=PENDING, source=Source.REPORTS),
    )
    settings.PRE_MODERATION = True
    held = act("held", lambda: post_comment(author=newcomer, thread=thread, body="Hello."))
    settings.PRE_MODERATION = False
    Flag.objects.filter(comment=held).update(check_name="unverified")
    act("approved", lambda: publish_waiting(newcomer))
    act("imported", lambda: import_comment(thread=thread, author_name="O", body="Old.", created_at=one.created_at))
    edited = post_comment(author=newcomer, thread=thread, body="Short.")
    links = "https://a.example https://b.example https://c.example"
    act("held", lambda: edit_comment(author=newcomer, comment=edited, body=links))
    return expected


def test_every_act_is_a_decision(make_comment, moderator, newcomer, thread, settings):
    expected = every_act(make_comment, moderator, newcomer, thread, settings)
    made = list(Decision.objects.order_by("pk"))
    assert [decision.act for decision in made] == expected
    by_nobody = [decision for decision in made if decision.moderator is None]
    assert [str(decision.source) for decision in by_nobody] == ["reports", "rule", "rule", "import", "rule"]
    assert {decision.source for decision in made} >= {Source.PERSON, Source.BULK, Source.UNDO}
    numbers = [decision.number for decision in made if decision.comment_id == made[0].comment_id]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not Comment.objects.get(pk=made[0].comment_id).reports.exclude(outcome=Outcome.KEPT).exists()


def test_no_act_of_the_desk_writes_to_the_words_of_a_comment(make_comment, moderator, newcomer, thread, settings):
    with CaptureQueriesContext(connection) as asked:
        every_act(make_comment, moderator, newcomer, thread, settings)
    changes = [
        query["sql"] for query in asked if re.match(r'\s*UPDATE "?discussion_comment\b', query["sql"], re.IGNORECASE)
    ]
    writing = [sql for sql in changes if re.search(r'"(?:body|html|words)" = ', sql)]
    assert len(changes) > 10 and len(writing) == 1  # the author's own edit, at the end
    assert "a.example" in writing[0]


def test_an_act_answers_a_script_with_what_it_needs(desk, make_comment, moderator):
    comment = make_comment(status=PENDING)
    sent = {"seen": PENDING, "after": PUBLISHED, "last_decision": "0", "last_report": "0"}
    told = send(desk, comment, "decide", **sent).json()
    made = Decision.objects.get()
    assert (told["done"], told["act"], told["decision"]) == (
        "You approved the comment by Ruth Reader.", "approved", made.pk,
    )  # fmt: skip
    card = told["card"]
    assert (card["id"], card["status"], card["undo"], card["queues"], card["why_not"]) == (
        comment.pk, "published", made.pk, [], "",
    )  # fmt: skip
    assert card["screen"] == {"seen": "published", "edited_at": "", "last_decision": 1, "last_report": 0}
    assert {"reject", "hold", "pick", "lock"} <= set(card["acts"]) and "approve" not in card["acts"]
    told = send(desk, comment, "undo", decision=str(made.pk)).json()
    assert (told["act"], told["card"]["status"], told["card"]["queues"]) == ("undone", "pending", ["pending"])
    assert send(desk, comment, "undo", decision="999999").status_code == 404
    assert send(desk, comment, "lock", lock="maybe").status_code == 422
    fragment_of_card = desk.get(f"/moderation/comments/{comment.pk}/card/?queue=pending").content.decode()
    assert fragment_of_card.strip().startswith("<article") and "<html" not in fragment_of_card


def test_a_decision_that_a_listener_refuses_leaves_nothing(make_comment, moderator, settings):
    comment = make_comment()
    settings.DECISION_LISTENERS = [f"{__name__}.refuse"]
    for do in (
        lambda: lock(moderator=moderator, comment=comment),
        lambda: pick(moderator=moderator, comment=comment),
        lambda: decide(moderator=moderator, comment=comment, seen=PUBLISHED, after=PENDING),
    ):
        with pytest.raises(RuntimeError), transaction.atomic():
            do()
    kept = fresh(comment)
    assert (kept.is_locked, kept.picked_at, kept.status) == (False, None, PUBLISHED)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("table", ["moderation_decision", "moderation_threaddecision", "moderation_change"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_the_database_guards_every_record_of_what_was_done(make_comment, moderator, thread, table, statement):
    lock(moderator=moderator, comment=make_comment())
    close_discussion(moderator=moderator, thread=thread)
    changes.record(by=moderator, what="rule", about="Links", before=None, after={"most": 3})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert Decision.objects.count() == ThreadDecision.objects.count() == Change.objects.count() == 1


def refuse(decision):
    raise RuntimeError
