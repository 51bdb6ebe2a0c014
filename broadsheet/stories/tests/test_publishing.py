"""Publication: what it needs, what it makes, and that no road goes round it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from broadsheet.core import clock
from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.delivery.freshness import versions
from broadsheet.delivery.tags import FRONTS, SECTIONS, story_tag, thread_tag
from broadsheet.stories.actions import add_notice, draft_notice, publish_story, withdraw_story
from broadsheet.stories.models import Credit, Notice, Section, Story, Topic
from broadsheet.stories.rules import missing_for_publication


def _versions(story):
    return versions((FRONTS, story_tag(story.pk), thread_tag(story.pk)))


def _all_changed(before, after):
    return all(before[tag] != after[tag] for tag in before)


def test_a_complete_story_is_published_at_once(make_draft):
    story = publish_story(story=make_draft())
    assert story.is_public()
    assert story.slug == "mill-closes-after-ninety-years"
    assert story.body_html == "<p>The mill closed on Friday.</p>"
    assert story.credits.count() == 1
    assert not story.has_unpublished_changes


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"headline": " "}, "It has no headline."),
        ({"section": None}, "It has no section."),
        ({"place": "\u200b"}, "Its dateline has no place: say where it was filed."),
        ({"body": []}, "Its body is empty."),
        ({"body": [("paragraph", "<p>&nbsp;</p>")]}, "Its body is empty."),
        ({"credited": False}, "Nobody is credited: name who reported, wrote or photographed it."),
        ({"kind": "feature"}, "A photo feature needs a picture in its body."),
    ],
)
def test_a_story_that_lacks_something_is_refused_and_told_what(make_draft, facts, sentence):
    draft = make_draft(**facts)
    assert sentence in missing_for_publication(draft)
    with pytest.raises(Unacceptable, match=sentence[:-1].replace(".", r"\.")):
        publish_story(story=draft)
    assert not Story.objects.exists()


def test_everything_that_is_missing_is_named_at_once(section):
    missing = missing_for_publication(Story())
    assert len(missing) == 6


def test_a_lead_picture_needs_an_alternative_text_and_a_credit(make_draft, bare_picture):
    missing = missing_for_publication(make_draft(lead_picture=bare_picture))
    assert missing == [
        "The lead picture has no alternative text: say what it shows.",
        "The lead picture has no credit.",
    ]
    told = make_draft(lead_picture=bare_picture, lead_alt="A skier.", lead_credit="Ours")
    assert missing_for_publication(told) == []


def test_a_picture_in_the_body_needs_them_too(make_draft, bare_picture):
    story = make_draft(body=[("paragraph", "<p>Words.</p>"), ("picture", {"picture": bare_picture})])
    assert missing_for_publication(story) == [
        "Picture 1 in the body has no alternative text: say what it shows.",
        "Picture 1 in the body has no credit.",
    ]


def test_no_road_to_publication_goes_round_the_rule(make_draft, editor):
    story = make_draft(place="")
    story.save()
    revision = story.save_revision(clean=False)
    for publish in (revision.publish, lambda: story.publish(revision), lambda: publish_story(story=story, by=editor)):
        with pytest.raises(Unacceptable, match="dateline"):
            publish()
    assert not Story.objects.get().live


def test_a_scheduled_publication_is_refused_when_it_is_scheduled_and_when_it_is_due(make_draft):
    story = make_draft(place="", go_live_at=clock.now() + timedelta(hours=1))
    story.save()
    revision = story.save_revision(clean=False)
    with pytest.raises(Unacceptable):
        revision.publish()
    revision.approved_go_live_at = clock.now() - timedelta(minutes=1)
    revision.save()
    with pytest.raises(Unacceptable):
        call_command("publish_scheduled")
    assert not Story.objects.get().live


def test_wagtails_own_schedule_works_for_a_complete_story(make_draft):
    story = make_draft(go_live_at=clock.now() + timedelta(hours=1))
    story.save()
    revision = story.save_revision()
    revision.publish()
    story = Story.objects.get()
    assert not story.live
    assert story.published_at is None
    revision.refresh_from_db()
    revision.approved_go_live_at = clock.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = (clock.now() - timedelta(minutes=1)).isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert Story.objects.get().is_public()


def test_an_embargo_is_released_now_and_seen_later(make_draft):
    moment = clock.now() + timedelta(hours=2)
    story = publish_story(story=make_draft(), at=moment)
    assert story.live
    assert not story.is_public()
    assert not Story.objects.public(moment - timedelta(seconds=1)).exists()
    assert Story.objects.public(moment).get() == story
    assert Story.objects.next_change(clock.now()) == moment


def test_an_embargo_may_be_moved_until_it_is_over(make_draft):
    story = publish_story(story=make_draft(), at=clock.now() + timedelta(hours=2))
    earlier = clock.now() + timedelta(hours=1)
    assert publish_story(story=story, at=earlier).published_at == earlier


def test_a_moment_that_readers_know_stays(make_draft):
    story = publish_story(story=make_draft(), at=clock.now() - timedelta(days=1))
    moment = story.published_at
    with pytest.raises(Refused, match="can't be moved"):
        publish_story(story=story, at=clock.now())
    story.published_at = clock.now() + timedelta(days=1)
    story.save_revision().publish()
    assert Story.objects.get().published_at == moment


def test_saving_a_draft_of_a_live_story_changes_nothing_public(make_draft):
    story = publish_story(story=make_draft())
    before = _versions(story)
    story.headline = "Another headline"
    story.body = [("paragraph", "<p>Other words.</p>")]
    story.save_revision()
    standing = Story.objects.get()
    assert standing.headline == "Mill closes after ninety years"
    assert "Other words" not in standing.body_html
    assert _versions(story) == before


def test_publishing_unpublishing_and_deleting_drop_the_public_pages(make_draft):
    story = publish_story(story=make_draft())
    published = _versions(story)
    assert all(published.values())
    story.unpublish()
    unpublished = _versions(story)
    assert _all_changed(published, unpublished)
    story = publish_story(story=story)
    republished = _versions(story)
    assert _all_changed(unpublished, republished)
    tags = (FRONTS, story_tag(story.pk), thread_tag(story.pk))
    story.delete()
    assert _all_changed(republished, versions(tags))


@pytest.mark.parametrize("kind", ["section", "topic", "person"])
def test_a_new_name_drops_every_page_it_stands_on(make_draft, person, section, kind):
    topic = Topic.objects.create(name="Mills", slug="mills")
    story = publish_story(story=make_draft())
    story.topics.add(topic)
    story = publish_story(story=story)
    before = _versions(story) | versions((SECTIONS,))
    named = {"section": section, "topic": topic, "person": person}[kind]
    named.name = "A new name"
    named.save()
    assert _all_changed(before, _versions(story) | versions((SECTIONS,)))


def test_the_body_becomes_clean_html(make_draft, picture):
    story = publish_story(
        story=make_draft(
            body=[
                ("paragraph", '<p data-block-key="x">With <b>weight</b>, <i>slant</i> and <br/>a break.</p>'),
                ("subhead", "What <next>?"),
                ("quotation", {"words": "We knew.\n\nAll of us.", "speaker": "The foreman"}),
                ("list", ["<p>one</p>", "<p>two</p>"]),
                ("picture", {"picture": picture}),
                ("embed", {"address": "https://example.org/film", "label": "A film of it"}),
            ]
        )
    )
    html = story.body_html
    assert "<p>With <strong>weight</strong>, <em>slant</em> and <br>a break.</p>" in html
    assert "<h2>What &lt;next&gt;?</h2>" in html
    assert '<blockquote class="quotation"><p>We knew.</p><p>All of us.</p><cite>The foreman</cite></blockquote>' in html
    assert "<ul><li>one</li><li>two</li></ul>" in html
    assert '<a href="https://example.org/film" rel="noopener">A film of it</a>' in html
    assert 'alt="A skier in a red suit turns past a blue gate."' in html
    assert 'width="640" height="400"' in html
    assert '<span class="credit">Credit: Example Wire/Ana Ruiz</span></figcaption></figure>' in html
    assert f"/media/pictures/{picture.folder}/640.avif 640w" in html


def test_subheads_and_lists_in_running_text_are_those_of_the_paper(make_draft):
    pasted = '<p>One.</p><h2 data-block-key="x">What next?</h2><ul><li>This</li></ul><ol><li>That</li></ol>'
    story = publish_story(story=make_draft(body=[("paragraph", pasted)]))
    assert story.body_html == "<p>One.</p><h2>What next?</h2><ul><li>This</li></ul><ol><li>That</li></ol>"


def test_what_the_lead_picture_prints_is_kept_with_the_story(make_draft, picture):
    story = publish_story(story=make_draft(lead_picture=picture, lead_caption="Ours."))
    assert (story.lead_caption, story.lead_creator) == ("Ours.", "Ana Ruiz")
    assert story.lead_credit == "Example Wire/Ana Ruiz"
    assert story.lead_alt == "A skier in a red suit turns past a blue gate."


def test_another_lead_picture_does_not_inherit_the_first_ones_credit(make_draft, picture, bare_picture):
    story = publish_story(story=make_draft(lead_picture=picture))
    bare_picture.description, bare_picture.credit = "A gate.", "Somebody Else"
    bare_picture.save()
    story.lead_picture = bare_picture
    story = publish_story(story=story)
    assert (story.lead_credit, story.lead_alt, story.lead_caption) == ("Somebody Else", "A gate.", "")


def test_a_credit_corrected_on_the_picture_is_corrected_in_print(make_draft, picture):
    story = publish_story(story=make_draft(lead_picture=picture, body=[("picture", {"picture": picture})]))
    before = _versions(story)
    picture.credit = "The Right Name"
    picture.save()
    story = Story.objects.get()
    assert story.lead_credit == "The Right Name"
    assert "The Right Name" in story.body_html
    assert f"/pictures/{picture.folder}/" in story.body_html
    assert _all_changed(before, _versions(story))


@pytest.mark.parametrize(
    ("kind", "moment"),
    [("correction", "corrected_at"), ("clarification", "corrected_at"), ("update", "updated_at")],
)
def test_a_notice_dates_its_story(make_draft, editor, kind, moment):
    story = publish_story(story=make_draft())
    before = _versions(story)
    notice = add_notice(story=story, kind=kind, text="The mill was ninety-one years old.", by=editor)
    story = Story.objects.get()
    assert getattr(story, moment) == notice.made_at
    assert story.notices.get() == notice
    assert _all_changed(before, _versions(story))


def test_a_notice_publishes_no_draft_and_survives_it(make_draft):
    story = publish_story(story=make_draft())
    story.headline = "Not yet"
    story.save_revision()
    add_notice(story=story, kind="correction", text="Ninety-one years.")
    standing = Story.objects.get()
    assert standing.headline != "Not yet"
    assert standing.has_unpublished_changes
    standing.get_latest_revision().publish()
    published = Story.objects.get()
    assert published.headline == "Not yet"
    assert published.notices.count() == 1
    assert published.corrected_at


@pytest.mark.any_database
def test_a_notice_is_dated_by_its_publication_and_keeps_that_date(make_draft):
    story = publish_story(story=make_draft(), at=clock.now() - timedelta(days=1))
    draft = draft_notice(story=story, kind="correction", text="Ninety-one years.")
    assert [notice.made_at for notice in draft.notices.all()] == [None]
    before = clock.now()
    draft.latest_revision.publish()
    notice = Notice.objects.get()
    assert before <= notice.made_at <= clock.now()
    assert Story.objects.get().corrected_at == notice.made_at
    Story.objects.get().unpublish()
    publish_story(story=Story.objects.get().get_latest_revision_as_object())
    assert Notice.objects.get() == notice
    assert abs(Notice.objects.get().made_at - notice.made_at) < timedelta(milliseconds=1), "a draft knows no more"


def test_a_date_that_somebody_chose_stays(make_draft):
    yesterday = clock.now() - timedelta(days=1)
    story = publish_story(story=make_draft())
    story.notices.add(Notice(kind="update", text="It was on paper yesterday.", made_at=yesterday))
    assert publish_story(story=story).updated_at == yesterday


def test_a_published_date_that_is_emptied_comes_back(make_draft):
    story = publish_story(story=make_draft())
    made_at = add_notice(story=story, kind="correction", text="Ninety-one years.").made_at
    story = Story.objects.get()
    story.notices.add(notice := story.notices.get())
    notice.made_at = None
    publish_story(story=story)
    assert Notice.objects.get().made_at == made_at


@pytest.mark.parametrize("road", ["with the story", "added later"])
def test_a_notice_under_embargo_follows_the_embargo(make_draft, road):
    moment, story = clock.now() + timedelta(hours=2), make_draft()
    if road == "with the story":
        story.notices.add(Notice(kind="update", text="Adds a reply."))
    story = publish_story(story=story, at=moment)
    if road == "added later":
        add_notice(story=story, kind="update", text="Adds a reply.")
    assert Notice.objects.get().made_at == moment
    later = moment + timedelta(hours=1)
    assert publish_story(story=Story.objects.get(), at=later).updated_at == later
    assert Notice.objects.get().made_at == later


def test_a_notice_held_by_a_schedule_is_dated_when_that_is_over(make_draft):
    story = make_draft(go_live_at=clock.now() + timedelta(hours=1))
    story.notices.add(Notice(kind="update", text="Adds a reply."))
    story.save()
    revision = story.save_revision()
    revision.publish()
    assert Notice.objects.get().made_at is None
    revision.approved_go_live_at = clock.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    before = clock.now()
    call_command("publish_scheduled")
    assert before <= Notice.objects.get().made_at == Story.objects.get().updated_at


def test_no_story_is_withdrawn_from_the_start(make_draft):
    story = make_draft()
    story.notices.add(Notice(kind="withdrawal", text="It was not so."))
    with pytest.raises(Unacceptable, match="withdrawn from the start"):
        publish_story(story=story)


def test_a_revision_that_has_lost_a_published_notice_gets_it_back(make_draft):
    story = publish_story(story=make_draft())
    old = story.latest_revision
    add_notice(story=story, kind="correction", text="Ninety-one years.")
    old.refresh_from_db()
    old.publish()
    assert Story.objects.get().notices.count() == 1


def test_a_withdrawn_story_is_nowhere_and_stays_withdrawn(make_draft, editor):
    story = publish_story(story=make_draft())
    story = withdraw_story(story=story, text="It was not true.", by=editor)
    now = clock.now()
    assert not story.is_public()
    assert not Story.objects.public(now).exists()
    assert Story.objects.withdrawn(now).get() == story
    story.headline = "A change"
    story.save_revision().publish()
    assert Story.objects.get().withdrawn_at


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_an_empty_notice_is_refused(make_draft, text):
    story = publish_story(story=make_draft())
    with pytest.raises(Unacceptable, match="empty"):
        add_notice(story=story, kind="correction", text=text)


def test_a_draft_carries_no_notice(make_draft):
    draft = make_draft()
    draft.save()
    with pytest.raises(Refused, match="published"):
        add_notice(story=draft, kind="correction", text="Wrong.")


def test_only_an_editor_publishes_or_puts_a_notice(make_draft, reporter, photo_editor, reader):
    story = publish_story(story=make_draft())
    for person in (reporter, photo_editor, reader):
        with pytest.raises(Refused):
            publish_story(story=story, by=person)
        with pytest.raises(Refused):
            add_notice(story=story, kind="correction", text="Wrong.", by=person)
        with pytest.raises(Refused):
            withdraw_story(story=story, text="Wrong.", by=person)
    assert not Notice.objects.exists()


def test_a_story_made_by_a_program_is_no_story_for_readers_until_it_is_published(section):
    story = Story.objects.create(headline="Not yet", section=section, published_at=clock.now())
    assert not story.is_public()


@pytest.mark.parametrize("text", ["A\x00B\x1bC", "A\u202eBC"])
def test_texts_are_readable_whoever_writes_them(make_draft, text):
    story = publish_story(story=make_draft(headline=text, standfirst=text, body=[("paragraph", f"<p>{text}</p>")]))
    assert story.headline == story.standfirst == "ABC"
    assert story.body_html == "<p>ABC</p>"


def test_half_a_character_is_refused(make_draft):
    for facts in ({"headline": "A\ud800"}, {"body": [("paragraph", "<p>A\ud800</p>")]}):
        with pytest.raises(Unacceptable, match="no program can read"):
            publish_story(story=make_draft(**facts))
    assert not Story.objects.exists()


def test_credits_by_role_keep_their_order(make_draft, person):
    draft = make_draft()
    roles = [Credit.Role.EDITING, Credit.Role.REPORTING]  # as the desk's form numbers them
    draft.credits.set([Credit(role=role, person=person, sort_order=at) for at, role in enumerate(roles)])
    story = publish_story(story=draft)
    assert [credit.role for credit in story.credits.all()] == roles


def test_a_section_with_stories_cannot_go(make_draft, section):
    from django.db.models import ProtectedError

    publish_story(story=make_draft())
    with pytest.raises(ProtectedError):
        section.delete()
    assert Section.objects.exists()
