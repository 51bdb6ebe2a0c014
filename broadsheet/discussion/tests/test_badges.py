"""Badges say who somebody was to the story when they wrote; nobody gives themselves one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion import modes
from broadsheet.discussion.actions import edit_comment, import_comment, post_comment
from broadsheet.discussion.badges import FIRST_COMMENTS, NEW_FOR
from broadsheet.discussion.models import Badge, Comment, Thread
from broadsheet.stories.models import Credit, Person, Story

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def regular(reader, make_comment):
    """Ruth has been here for a while and has been heard."""
    Reader.objects.filter(pk=reader.pk).update(date_joined=clock.now() - timedelta(days=400))
    for _ in range(FIRST_COMMENTS):
        make_comment(author=reader)
    return Reader.objects.get(pk=reader.pk)


def credit(reader, story, role):
    person = Person.objects.create(name=reader.name, slug=f"p{reader.pk}", account=reader)
    return Credit.objects.create(story=story, person=person, role=role)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_most_readers_have_no_badge(regular, make_comment):
    comment = make_comment(author=regular)
    assert (comment.badge, comment.badge_label) == ("", "")


def test_who_has_joined_this_week_is_new_here(newcomer, regular, make_comment):
    assert make_comment(author=newcomer).badge == Badge.NEW
    for _ in range(FIRST_COMMENTS):
        make_comment(author=newcomer)
    assert make_comment(author=newcomer).badge == Badge.NEW, "still the first week"
    Reader.objects.filter(pk=newcomer.pk).update(date_joined=clock.now() - NEW_FOR)
    assert make_comment(author=fresh(newcomer)).badge == ""


def test_so_are_the_first_published_comments_however_long_ago_somebody_joined(newcomer, make_comment):
    Reader.objects.filter(pk=newcomer.pk).update(date_joined=clock.now() - timedelta(days=400))
    newcomer = fresh(newcomer)
    make_comment(author=newcomer, status="rejected")
    badges = [make_comment(author=newcomer).badge for _ in range(FIRST_COMMENTS + 1)]
    assert badges == [Badge.NEW] * FIRST_COMMENTS + [""]


@pytest.mark.parametrize("role", ["reporting", "writing", "additional"])
def test_who_reported_or_wrote_the_story_is_its_author(regular, make_comment, story, role):
    credit(regular, story, role)
    assert make_comment(author=regular).badge == Badge.AUTHOR


@pytest.mark.parametrize(
    ("kind", "role", "badge"),
    [
        (Story.Kind.STORY, "editing", ""),
        (Story.Kind.STORY, "photography", ""),
        (Story.Kind.FEATURE, "photography", Badge.AUTHOR),
        (Story.Kind.FEATURE, "editing", ""),
    ],
)
def test_who_edited_is_no_author_and_who_photographed_is_that_of_a_photo_feature(
    regular, make_story, kind, role, badge
):
    story = make_story(kind=kind)
    credit(regular, story, role)
    comment = post_comment(author=regular, thread=Thread(story=story), body="I was there.")
    assert comment.badge == badge


def test_the_author_of_another_story_is_a_reader_here(regular, make_comment, make_story):
    credit(regular, make_story("Another"), "writing")
    assert make_comment(author=regular).badge == ""


def test_the_paper_s_people_are_staff_and_their_own_story_s_authors(reporter, moderator, editor, story, make_comment):
    for person in (reporter, moderator, editor):
        assert make_comment(author=person).badge == Badge.STAFF
    credit(reporter, story, "writing")
    assert make_comment(author=reporter).badge == Badge.AUTHOR


def test_who_works_for_the_paper_does_not_pass_for_an_expert_from_outside(reporter, thread, make_comment):
    reporter.expertise = "Municipal finance"
    reporter.save()
    modes.add_expert(thread=thread, reader=reporter)
    comment = make_comment(author=reporter)
    assert (comment.badge, comment.badge_label) == (Badge.STAFF, "Municipal finance")


def test_verified_experts_have_their_subject_beside_their_name(client, regular, make_comment, story):
    regular.expertise = "Hydrology <b>"
    regular.save()
    comment = make_comment(author=regular)
    assert (comment.badge, comment.badge_label) == (Badge.EXPERT, "Hydrology <b>")
    page = client.get(story.get_absolute_url()).content.decode()
    assert "Expert" in page and "Hydrology &lt;b&gt;" in page


def test_a_badge_is_of_the_day_on_which_it_was_written_and_an_edit_keeps_it(regular, make_comment):
    comment = make_comment(author=regular)
    regular.expertise = "Bridges"
    regular.save()
    assert edit_comment(author=regular, comment=comment, body="Or so I think.").badge == ""
    assert make_comment(author=regular).badge == Badge.EXPERT


def test_who_is_named_an_expert_of_the_discussion_has_been_one_of_it(regular, make_comment, thread):
    before = make_comment(author=regular)
    modes.add_expert(thread=thread, reader=regular)
    assert fresh(before).badge == Badge.EXPERT and fresh(before).notable
    assert fresh(before).revision > before.revision, "open pages are told"
    assert make_comment(author=regular).badge == Badge.EXPERT
    modes.remove_expert(thread=thread, reader=regular)
    assert fresh(before).badge == "" and not fresh(before).notable


def test_each_comment_changed_at_once_has_a_revision_of_its_own(regular, thread, make_comment):
    modes.add_expert(thread=thread, reader=regular)
    revisions = list(Comment.objects.values_list("revision", flat=True))
    assert len(revisions) == len(set(revisions))
    assert fresh(thread).revision >= max(revisions)


def test_an_import_makes_nobody_new(newcomer, reporter, thread):
    facts = {"thread": thread, "body": "Years ago.", "created_at": clock.now() - timedelta(days=900)}
    assert import_comment(author_name="Ned", author=newcomer, **facts).badge == ""
    assert import_comment(author_name="Rita", author=reporter, **facts).badge == Badge.STAFF
    assert import_comment(author_name="Nobody", **facts).badge == ""


def test_a_tombstone_has_no_badge(client, reporter, make_comment, story):
    comment = make_comment(author=reporter)
    make_comment(parent=comment)
    assert 'class="badge' in client.get(story.get_absolute_url()).content.decode()
    from django.db import transaction

    from broadsheet.discussion.actions import change_status

    with transaction.atomic():
        change_status(comment=comment, seen="published", after="rejected")
    page = client.get(story.get_absolute_url()).content.decode()
    assert "badge-staff" not in page
