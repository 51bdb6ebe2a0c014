"""Legal holds: a state with an owner and an end; nothing under one is lost, and readers are told why it is so quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from broadsheet.accounts import deletion
from broadsheet.accounts.models import Deletion, Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Stale, Unacceptable
from broadsheet.discussion.actions import import_comment, post_comment, withdraw_comment
from broadsheet.discussion.clocks import withdrawn_words
from broadsheet.discussion.models import Comment, Status
from broadsheet.legal import clocks
from broadsheet.legal.holds import change_hold, end_hold, open_sealed, remind, seal_of, set_hold
from broadsheet.legal.models import Hold, Sealed
from broadsheet.moderation.actions import decide
from broadsheet.moderation.arranging import open_discussion
from broadsheet.moderation.models import Change, ThreadDecision
from broadsheet.stories.models import Section

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def later(days):
    return clock.now() + timedelta(days=days)


@pytest.fixture
def held(thread, moderator):
    """The discussion, whose comments are read first."""
    return set_hold(moderator=moderator, thread=thread, why="minors", effect="first", note="Ask the lawyer.")


def test_a_hold_closes_a_discussion_for_every_way_in_and_ending_it_opens_only_if_asked(
    client, thread, moderator, reader, story
):
    hold = set_hold(moderator=moderator, thread=thread, why="court", effect="close")
    page = client.get(story.get_absolute_url()).text
    assert "A court is dealing with what this story is about" in page and "No comments are taken" in page
    with pytest.raises(Refused):
        post_comment(author=reader, thread=fresh(thread), body="Guilty!")
    open_discussion(moderator=moderator, thread=fresh(thread))
    with pytest.raises(Refused, match="No comments are taken"):
        post_comment(author=reader, thread=fresh(thread), body="Guilty!")
    set_again = set_hold(moderator=moderator, thread=fresh(thread), why="court", effect="close")
    end_hold(moderator=moderator, hold=hold)
    end_hold(moderator=moderator, hold=set_again, reopen=True)
    assert post_comment(author=reader, thread=fresh(thread), body="Calm words.").is_public
    assert "A court is dealing" not in client.get(story.get_absolute_url()).text
    assert ThreadDecision.objects.filter(act="closed").count() == 2


def test_a_hold_reads_comments_first_and_says_so_without_naming_anybody(client, held, thread, reader, story):
    comment = post_comment(author=reader, thread=thread, body="I know the boy.")
    assert comment.status == Status.PENDING and comment.flags.get().check_name == "legal_hold"
    page = client.get(story.get_absolute_url()).text
    assert "concerns children or young people" in page and "reads each comment" in page
    assert "Ask the lawyer" not in page and "Mona" not in page
    Hold.objects.filter(pk=held.pk).update(created_at=later(-2), expires_at=later(-1))
    assert post_comment(author=reader, thread=thread, body="Other words.").is_public, "it ended by itself"


def test_the_banner_goes_in_the_moment_in_which_the_hold_ends(held, thread, rf, story):
    from broadsheet.stories.views import story as page

    assert page(rf.get("/"), pk=story.pk, slug=story.slug).freshness.ends <= held.expires_at


def test_no_clock_deletes_what_is_under_hold(held, thread, make_comment, moderator, reader):
    comment = make_comment(status="rejected")
    mine = make_comment()
    other = make_comment()
    Hold.objects.filter(pk=held.pk).update(expires_at=later(3000))
    for each in (mine, other):
        Comment.objects.filter(pk=each.pk).update(status="published")
        withdraw_comment(author=reader, comment=fresh(each))
    Comment.objects.filter(pk=comment.pk).update(created_at=later(-1000))
    from broadsheet.moderation.clocks import rejected_words

    assert withdrawn_words(later(900))[0] == 0 and rejected_words(later(900))[0] == 0
    assert fresh(mine).body and fresh(comment).body
    end_hold(moderator=moderator, hold=held)
    set_hold(moderator=moderator, thread=thread, comment=other, why="other", expires_at=later(3000))
    assert withdrawn_words(later(900))[0] == 1 and rejected_words(later(900))[0] == 1
    assert not fresh(mine).body and fresh(other).body


def test_the_end_of_an_account_seals_what_is_held_and_deletes_it_as_ever(
    held, thread, reader, moderator, supervisor, newcomer
):
    comment = post_comment(author=reader, thread=thread, body="Xsealedwords")
    now = clock.now()
    Deletion.objects.create(reader=reader, choice="withdraw", asked_at=now, due_at=now)
    deletion.erase(reader.pk)
    assert not Reader.objects.filter(pk=reader.pk).exists() and fresh(comment).body == ""
    sealed = Sealed.objects.get()
    assert "Xsealed" not in sealed.contents and "Ruth" not in sealed.contents
    with pytest.raises(Refused):
        open_sealed(supervisor=moderator, sealed=sealed, why="Curious.")
    with pytest.raises(Unacceptable):
        open_sealed(supervisor=supervisor, sealed=sealed, why=" ")
    found = open_sealed(supervisor=supervisor, sealed=sealed, why="Court order 7 Js 12/26")
    assert (found["body"], found["name"], found["email"]) == ("Xsealedwords", "Ruth Reader", "ruth@example.org")
    opened = Change.objects.get(what="seal opened")
    assert (opened.by, opened.after) == (supervisor, {"why": "Court order 7 Js 12/26"})
    assert clocks.sealed(clock.now())[0] == 0
    end_hold(moderator=supervisor, hold=held)
    assert clocks.sealed(clock.now())[0] == 1 and not Sealed.objects.exists()


def test_what_names_somebody_below_a_quotation_is_sealed_as_it_was(held, thread, reader, supervisor, newcomer):
    now = clock.now()
    said, answer, _ = (
        import_comment(thread=thread, author=author, author_name=author.name, body=body, created_at=now)
        for author, body in (
            (reader, "The crane was not inspected in spring."),
            (newcomer, "> The crane was not inspected in spring.\n>\n> — Ruth Reader\n\nIt was."),
            (newcomer, "Ruth Reader is right."),
        )
    )
    Deletion.objects.create(reader=reader, choice="anonymise", asked_at=now, due_at=now)
    deletion.erase(reader.pk)
    assert "Ruth" not in fresh(answer).body
    assert set(Sealed.objects.values_list("comment", flat=True)) == {said.pk, answer.pk}
    found = open_sealed(supervisor=supervisor, sealed=Sealed.objects.get(comment=answer), why="An order.")
    assert "— Ruth Reader" in found["body"]


def test_a_secret_that_has_changed_is_said_so(held, make_comment, reader, supervisor, settings):
    make_comment(status="rejected")
    assert seal_of(reader) == 1
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(Stale, match="secret_key"):
        open_sealed(supervisor=supervisor, sealed=Sealed.objects.get(), why="An order.")


def test_what_was_removed_by_order_is_sealed_at_once_for_six_months(make_comment, moderator, thread):
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="illegal")
    with pytest.raises(Refused):
        set_hold(moderator=moderator, thread=thread, why="order")
    hold = set_hold(moderator=moderator, thread=thread, comment=fresh(comment), why="order")
    assert hold.expires_at - hold.created_at == timedelta(days=183)
    assert Sealed.objects.get().comment == comment
    assert clocks.sealed(later(182))[0] == 0 and clocks.sealed(later(184))[0] == 1


def test_the_owner_is_reminded_once_a_week_before_the_end(held, moderator, supervisor, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    assert remind() == 0
    change_hold(moderator=moderator, hold=held, owner=supervisor, expires_at=later(5), note="")
    assert (remind(), remind()) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["sue@example.org"] and f"/moderation/legal/holds/{held.pk}/" in letter.body
    change_hold(moderator=supervisor, hold=held, owner=supervisor, expires_at=later(6), note="")
    assert remind() == 1, "another end, another reminder"


def test_every_change_of_a_hold_is_on_record(held, moderator, thread):
    change_hold(moderator=moderator, hold=held, owner=moderator, expires_at=later(30), note="Longer.")
    end_hold(moderator=moderator, hold=held)
    rows = Change.objects.filter(what="legal hold").order_by("pk")
    assert [(row.before is None, row.after is None) for row in rows] == [(True, False), (False, False), (False, True)]
    with pytest.raises(Stale):
        end_hold(moderator=moderator, hold=held)


def test_moderators_set_holds_and_their_owners_and_supervisors_end_them(
    held, thread, reader, moderator, supervisor, make_comment
):
    other = Reader.objects.create_user("o@example.org", "Otto Oak", "a long enough pass phrase")
    for somebody in (reader, other):
        with pytest.raises(Refused):
            set_hold(moderator=somebody, thread=thread, why="court", effect="close")
        with pytest.raises(Refused):
            end_hold(moderator=somebody, hold=held)
    with pytest.raises(Unacceptable):
        set_hold(moderator=moderator, thread=thread, why="court", effect="close", owner=other)
    for wrong in (later(-1), later(4000)):
        with pytest.raises(Unacceptable):
            set_hold(moderator=moderator, thread=thread, why="court", effect="close", expires_at=wrong)
    with pytest.raises(Refused):
        set_hold(moderator=moderator, thread=thread, comment=make_comment(), why="court", effect="close")
    end_hold(moderator=supervisor, hold=held)


def test_the_pages_of_holds(client, moderator, thread, make_comment, reader, story):
    comment = make_comment()
    client.force_login(moderator)
    assert f"/moderation/legal/holds/new/?story={story.pk}" in client.get(f"/moderation/discussions/{story.pk}/").text
    address = f"/moderation/legal/holds/new/?story={story.pk}"
    page = client.get(address).text
    assert "Removed by order" not in page and story.headline in page
    until = (clock.now() + timedelta(days=60)).date().isoformat()
    sent = {"why": "court", "effect": "first", "owner": moderator.pk, "until": until, "note": "Ask Lea."}
    assert client.post(address, {**sent, "owner": reader.pk}).status_code == 422
    made = client.post(address, sent)
    hold = Hold.objects.get()
    assert made.url == f"/moderation/legal/holds/{hold.pk}/" and hold.effect == "first"
    on_comment = client.post(f"/moderation/legal/holds/new/?comment={comment.pk}", {**sent, "why": "order"})
    assert Hold.objects.get(comment=comment).effect == "keep" and on_comment.status_code == 302
    for listed in ("/moderation/legal/holds/", "/moderation/legal/"):
        assert client.get(listed).text.count("Ask Lea") == 0 and story.headline in client.get(listed).text
    assert client.post(made.url, {"act": "change", "owner": moderator.pk, "until": "x"}).status_code == 422
    assert (
        client.post(made.url, {"act": "change", "owner": moderator.pk, "until": until, "note": ""}).status_code == 302
    )
    assert client.post(made.url, {"act": "open", "sealed": "1", "why": "x"}).status_code == 404
    assert client.post(made.url, {"act": "end"}).status_code == 302 and fresh(hold).ended_by == moderator
    assert client.post(made.url, {"act": "end"}).status_code == 409


def test_a_moderator_of_some_sections_sets_and_sees_holds_there_alone(client, make_comment, moderator, editor):
    comment = make_comment()
    held = set_hold(moderator=editor, thread=comment.thread, comment=comment, why="other", note="Xholdnote")
    moderator.moderated_sections.create(section=Section.objects.create(name="Sport", slug="sport"))
    moderator = Reader.objects.get(pk=moderator.pk)
    with pytest.raises(Refused, match="other sections"):
        set_hold(moderator=moderator, thread=comment.thread, comment=comment, why="other")
    client.force_login(moderator)
    assert client.get(f"/moderation/legal/holds/new/?comment={comment.pk}").status_code == 403
    assert client.get(f"/moderation/legal/holds/{held.pk}/").status_code == 404
    assert comment.thread.story.headline not in client.get("/moderation/legal/holds/").text
