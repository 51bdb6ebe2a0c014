"""What one person has written: on their own page with what became of it, on their public page for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from broadsheet.accounts.actions import changed_at_the_desk, rename
from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.delivery.freshness import versions
from broadsheet.delivery.tags import reader_tag
from broadsheet.discussion.actions import edit_comment, post_comment, thread_for, withdraw_comment
from broadsheet.discussion.models import Comment
from broadsheet.moderation.actions import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(client, reader):
    client.force_login(reader)
    return lambda address="/me/comments/": client.get(address).content.decode()


def public(reader, query=""):
    return Client().get(f"/readers/{reader.pk}/{query}")


def test_a_removed_comment_says_why_and_which_rule_it_broke(own, make_comment, moderator):
    comment = make_comment("Out of line")
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="abusive", note="Xnote")
    page = own()
    assert "Out of line" in page and "An editor removed it on" in page
    assert "It insults, threatens or harasses somebody." in page
    assert 'href="/policy/comments/#abusive"' in page
    assert "Xnote" not in page and "Mona" not in page, "who decided, and what they noted, stays at the desk"


def test_every_rule_that_a_decision_names_stands_in_the_policy(client):
    page = client.get("/policy/comments/").content.decode()
    for reason in ("irrelevant", "abusive", "hateful", "false", "private", "spam", "illegal"):
        assert f'<li id="{reason}">' in page
    assert 'id="removed"' in page


def test_a_restored_comment_says_that_too(own, make_comment, moderator):
    comment = make_comment()
    decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="other")
    decide(moderator=moderator, comment=comment, seen="rejected", after="published", reason="fine")
    page = own()
    assert "put it back" in page and "An editor removed it" not in page


def test_held_withdrawn_and_emptied_comments_are_told_apart(own, make_comment, reader, settings, moderator):
    withdraw_comment(author=reader, comment=make_comment("Taken back"))
    emptied = make_comment("Long ago", status="rejected")
    Comment.objects.filter(pk=emptied.pk).update(body="", html="", words="")
    settings.PRE_MODERATION = True
    make_comment("Waiting", status="pending")
    page = own()
    assert "Withdrawn by you." in page and "Held for review" in page and "Its words have been deleted" in page


def test_a_comment_that_waits_for_a_proved_address_says_so(own, make_comment, reader, settings):
    from allauth.account.models import EmailAddress

    settings.EMAIL_URL = "smtp://mail.example"
    EmailAddress.objects.filter(user=reader).update(verified=False)
    make_comment(status="pending")
    page = own()
    assert "Held until your e-mail address is confirmed." in page and "/accounts/email/" in page


def test_one_s_own_list_is_read_in_few_queries_however_much_was_decided(
    client, reader, make_comment, moderator, django_assert_max_num_queries
):
    client.force_login(reader)
    for _ in range(12):
        comment = make_comment()
        decide(moderator=moderator, comment=comment, seen="published", after="rejected", reason="spam")
    with django_assert_max_num_queries(16):
        assert client.get("/me/comments/").content.count(b"An editor removed it") == 12


def test_one_s_own_list_goes_on_from_its_last_comment(own, make_comment):
    for _ in range(25):
        make_comment()
    first = own()
    assert first.count('class="comment-body"') == 20
    link = first.split('href="?before=')[1].split('"')[0]
    second = own(f"/me/comments/?before={link}")
    assert second.count('class="comment-body"') == 5 and "Latest" in second


def test_nobody_s_list_shows_another_s_comments(client, newcomer, make_comment):
    make_comment("Ruth's own")
    client.force_login(newcomer)
    assert b"Ruth" not in client.get("/me/comments/").content


# --- The public page --------------------------------------------------------------------------------------------------


def test_a_public_page_shows_published_comments_newest_first_and_nothing_else(reader, make_comment, settings):
    Reader.objects.filter(pk=reader.pk).update(about="Rows on the mill race.", expertise="Hydrology")
    make_comment("Older words")
    make_comment("Newer words")
    withdraw_comment(author=reader, comment=make_comment("Taken back"))
    make_comment("Removed", status="rejected")
    settings.PRE_MODERATION = True
    make_comment("Waiting", status="pending")
    page = public(reader).content.decode()
    assert page.index("Newer words") < page.index("Older words")
    assert "Rows on the mill race." in page and "Expert in" in page and "Here since" in page
    assert not any(word in page for word in ("Taken back", "Removed (", "Waiting", reader.email))


def test_a_public_page_is_the_same_for_everybody_and_kept(reader, newcomer, moderator, make_comment):
    make_comment()
    client = Client()
    client.force_login(moderator)
    own = Client()
    own.force_login(reader)
    pages = {
        page.content
        for page in (public(reader), client.get(f"/readers/{reader.pk}/"), own.get(f"/readers/{reader.pk}/"))
    }
    assert len(pages) == 1
    answer = public(reader)
    assert answer["Cache-Control"].startswith("public") and not answer.cookies
    assert f"reader:{reader.pk}" in answer["Cache-Tag"]
    assert b'name="robots" content="noindex"' in answer.content


@pytest.mark.parametrize("facts", [{"is_active": False}, {"has_public_page": False}, {"is_guest": True}])
def test_there_is_no_page_of_guests_closed_accounts_and_those_who_want_none(reader, make_comment, facts):
    make_comment()
    assert public(reader).status_code == 200
    Reader.objects.filter(pk=reader.pk).update(**facts)
    absent = Client().get("/readers/999999/")
    hidden = public(reader)
    assert hidden.status_code == 404 and hidden.content == absent.content


def test_who_never_wrote_anything_public_has_no_page(reader, newcomer, make_comment, make_story):
    """Or the numbers of accounts would list everybody who ever signed up."""
    assert public(newcomer).status_code == 404
    make_comment(author=newcomer, status="rejected")
    assert public(newcomer).status_code == 404
    hidden = make_story("Xembargoed")
    post_comment(author=newcomer, thread=thread_for(hidden), body="Xhidden words")
    type(hidden).objects.filter(pk=hidden.pk).update(published_at=clock.now() + timedelta(days=1))
    assert public(newcomer).status_code == 404


def test_comments_under_stories_that_are_not_public_are_not_listed(reader, make_comment, make_story):
    make_comment("In the open")
    hidden = make_story("Xembargoed headline")
    post_comment(author=reader, thread=thread_for(hidden), body="Xhidden words")
    type(hidden).objects.filter(pk=hidden.pk).update(published_at=clock.now() + timedelta(days=1))
    page = public(reader).content.decode()
    assert "In the open" in page and "Xembargoed" not in page and "Xhidden" not in page


def test_the_list_goes_on_by_a_cursor_that_no_new_comment_moves(reader, make_comment):
    for number in range(45):
        comment = make_comment(f"Reading {number}")
        Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(minutes=100 - number // 2))
    seen, query = [], ""
    while True:
        page = public(reader, query).content.decode()
        seen += [int(part.split(" ")[0]) for part in page.split("Reading ")[1:]]
        make_comment("Interrupting")
        if "?after=" not in page:
            break
        query = "?after=" + page.split('href="?after=')[1].split('"')[0]
    assert [number for number in seen if number < 45] == list(range(44, -1, -1))


@pytest.mark.parametrize("query", ["?after=0", "?after=x", "?after=-1", "?after=99999999999999999999", "?after=٣"])
def test_a_cursor_that_is_none_is_a_wrong_address(reader, make_comment, query):
    make_comment()
    assert public(reader, query).status_code == 404


def test_another_s_comment_is_no_cursor(reader, newcomer, make_comment):
    make_comment()
    theirs = make_comment(author=newcomer)
    assert public(reader, f"?after={theirs.pk}").status_code == 404


def test_the_page_is_stale_when_something_on_it_changes(reader, make_comment, moderator):
    tag = reader_tag(reader.pk)

    def changed(act):
        before = versions((tag,))
        act()
        return versions((tag,)) != before

    made = []
    assert changed(lambda: made.append(make_comment()))
    assert changed(lambda: edit_comment(author=reader, comment=made[0], body="Better words."))
    assert changed(
        lambda: decide(moderator=moderator, comment=made[0], seen="published", after="rejected", reason="spam")
    )
    assert changed(
        lambda: decide(moderator=moderator, comment=made[0], seen="rejected", after="published", reason="fine")
    )
    assert changed(lambda: rename(reader=reader, name="Ruth Rower"))
    reader.refresh_from_db()
    before = Reader.objects.get(pk=reader.pk)
    reader.is_active = False
    assert changed(lambda: changed_at_the_desk(before=before, after=reader))
    reader.is_active = True
    assert changed(lambda: withdraw_comment(author=reader, comment=made[0]))
