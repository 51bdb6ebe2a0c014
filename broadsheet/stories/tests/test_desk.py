"""The desk over HTTP: who may do what, and what is refused in words."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape
from wagtail.test.utils.form_data import rich_text

from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.delivery.freshness import versions
from broadsheet.delivery.tags import SECTIONS
from broadsheet.stories.actions import publish_story
from broadsheet.stories.models import Credit, Notice, Person, Section, Story, Topic
from broadsheet.stories.pictures import Picture
from broadsheet.stories.status import Status, of_status, status_of, status_words
from broadsheet.stories.tests.desk import ADD, HOME, LIST, address, form, latest

PICTURES = Path(__file__).parent / "pictures"


def _told(response):
    return " ".join(re.sub(r"<[^>]*>", " ", str(message)) for message in get_messages(response.wsgi_request))


@pytest.fixture
def signed_in(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


# --- Who comes in


def test_signing_out_of_the_desk_takes_a_form(signed_in, reporter):
    client = signed_in(reporter)
    client.get("/desk/logout/")
    assert client.get(HOME).status_code == 200, "a link or picture on another site signs nobody out"
    client.post("/desk/logout/")
    assert client.get(HOME).status_code == 302


def test_no_page_of_the_desk_is_made_to_fail(signed_in, reporter):
    assert {signed_in(reporter).get(f"/desk/{name}/").status_code for name in ("failwhale", "test404")} == {404}


@pytest.mark.parametrize("address", [HOME, "/desk/stories/", "/desk/nowhere/"])
def test_the_browsers_tab_names_the_paper(signed_in, reporter, settings, address):
    page = signed_in(reporter).get(address).content.decode()
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert settings.SITE_NAME in title and "Wagtail" not in title


def test_a_stranger_is_asked_to_sign_in_where_readers_do(client):
    response = client.get(HOME)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=/desk/")
    assert client.get("/desk/login/?next=/desk/stories/").url == "/accounts/login/?next=/desk/stories/"


@pytest.mark.parametrize("url", [HOME, LIST, ADD, "/desk/images/", "/desk/users/", "/desk/account/"])
def test_a_plain_reader_gets_no_desk(signed_in, reader, url):
    response = signed_in(reader).get(url)
    assert response.status_code == 403
    assert "newsroom&#x27;s staff" in response.content.decode()


def test_a_moderator_works_elsewhere(signed_in, moderator):
    assert signed_in(moderator).get(HOME).status_code == 403


@pytest.mark.parametrize("cast", ["reporter", "photo_editor", "editor", "administrator"])
def test_the_newsroom_sees_its_desk(signed_in, request, cast, make_draft):
    publish_story(story=make_draft())
    client = signed_in(request.getfixturevalue(cast))
    for url in (HOME, LIST, "/desk/images/", address("edit", latest().pk), address("history", latest().pk)):
        assert client.get(url).status_code == 200, url


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cast", "url", "allowed"),
    [
        ("reporter", ADD, True),
        ("photo_editor", ADD, False),
        ("editor", ADD, True),
        ("reporter", "/desk/topics/add/", False),
        ("editor", "/desk/topics/add/", True),
        ("editor", "/desk/sections/add/", False),
        ("administrator", "/desk/sections/add/", True),
        ("editor", "/desk/users/", False),
        ("administrator", "/desk/users/", True),
        ("reporter", "/desk/images/add/", True),
        ("photo_editor", "/desk/images/add/", True),
        ("editor", "/desk/workflows/list/", False),
        ("editor", "/desk/pages/", False),
        ("editor", "/desk/documents/", False),
    ],
)
def test_each_group_has_only_the_rights_it_needs(signed_in, request, cast, url, allowed):
    assert (signed_in(request.getfixturevalue(cast)).get(url).status_code == 200) is allowed


def test_members_of_the_administrators_group_manage_accounts(signed_in, reader, make_member):
    client = signed_in(make_member("Abel Moor", "Administrators"))
    url = f"/desk/users/edit/{reader.pk}/"
    assert client.get(url).status_code == 200
    sent = {"name": "Ruth Reader", "email": reader.email, "is_active": "on", "is_superuser": "on"}
    client.post(url, sent)
    reader.refresh_from_db()
    assert not reader.is_superuser
    assert client.post(f"/desk/users/delete/{reader.pk}/").status_code == 302
    reader.refresh_from_db()


# --- Writing


def test_a_reporter_writes_a_draft_that_nobody_sees(signed_in, reporter, person, section):
    signed_in(reporter).post(ADD, form(person=person, section=section.pk))
    story = latest()
    assert story.headline == "Mill closes after ninety years"
    assert not story.live
    assert status_of(story) is Status.DRAFT


@pytest.mark.parametrize(
    ("what", "names", "slugs"),
    [
        ("people", ["José Ñandú", "Jose Nandu"], ["jose-nandu", "jose-nandu-2"]),
        ("topics", ["Совет", "Мост"], ["topic", "topic-2"]),
        ("sections", ["Sport", "Sport!"], ["sport", "sport-2"]),
    ],
)
def test_a_new_name_gets_a_slug_of_its_own(signed_in, editor, administrator, what, names, slugs):
    desk = signed_in(administrator if what == "sections" else editor)
    for name, slug in zip(names, slugs, strict=True):
        answer = desk.post(f"/desk/{what}/add/", {"name": name, "slug": "", "position": "9"})
        assert answer.status_code == 302
        assert {"people": Person, "topics": Topic, "sections": Section}[what].objects.get(slug=slug).name == name


def test_a_slug_longer_than_its_field_is_cut(signed_in, reporter, person, section):
    signed_in(reporter).post(ADD, form(person=person, section=section.pk, slug="-".join(["mill"] * 40)))
    assert latest().slug == "-".join(["mill"] * 24)


def test_a_draft_may_be_unfinished(signed_in, reporter):
    signed_in(reporter).post(ADD, form(body=[], place="", slug=""))
    assert latest().slug == "mill-closes-after-ninety-years"


def test_a_reporter_cannot_publish_whatever_is_posted(signed_in, reporter, person, section):
    signed_in(reporter).post(ADD, form(action="publish", person=person, section=section.pk))
    assert not latest().live


def test_a_reporter_cannot_take_a_story_back_or_delete_it(signed_in, reporter, make_draft):
    story = publish_story(story=make_draft())
    client = signed_in(reporter)
    for name in ("unpublish", "delete", "lock"):
        client.post(address(name, story.pk))
    story = Story.objects.get()
    assert story.live
    assert not story.locked


def test_a_reporter_cannot_put_a_notice_on_a_story(signed_in, reporter, make_draft, person):
    story = publish_story(story=make_draft())
    notice = {"kind": "withdrawal", "text": "Gone.", "made_at": "2026-01-01T10:00"}
    client = signed_in(reporter)
    client.post(address("edit", story.pk), form(person=person, section=story.section_id, notices=[notice]))
    assert latest().has_unpublished_changes
    assert not latest().get_latest_revision_as_object().notices.all()
    assert 'id="id_notices-ADD"' not in client.get(address("edit", story.pk)).content.decode()


def test_a_photo_editor_changes_pictures_and_not_words(signed_in, photo_editor, make_draft, person, picture):
    make_draft().save()
    sent = form(person=person, headline="Mine now", place="ELSEWHERE", lead_picture=picture.pk, lead_alt="A skier.")
    signed_in(photo_editor).post(address("edit", latest().pk), sent)
    story = latest().get_latest_revision_as_object()
    assert (story.headline, story.place) == ("Mill closes after ninety years", "HARLOW MILLS")
    assert (story.lead_picture, story.lead_alt) == (picture, "A skier.")


def test_a_locked_story_waits_for_who_locked_it(signed_in, editor, reporter, make_draft, person):
    make_draft().save()
    story = latest()
    signed_in(editor).post(address("lock", story.pk))
    assert latest().locked_by == editor
    signed_in(reporter).post(address("edit", story.pk), form(person=person, headline="Mine now"))
    assert latest().get_latest_revision_as_object().headline != "Mine now"


# --- Publishing


def test_an_editor_publishes_from_the_editor(signed_in, editor, person, section):
    signed_in(editor).post(ADD, form(action="publish", person=person, section=section.pk))
    story = latest()
    assert story.is_public()
    assert story.body_html == "<p>The mill closed on Friday.</p>"


@pytest.mark.any_database
def test_an_unfinished_story_is_refused_with_all_that_is_missing(signed_in, editor, bare_picture):
    sent = form(action="publish", body=[], place="", lead_picture=bare_picture.pk)
    response = signed_in(editor).post(ADD, sent)
    assert response.status_code == 200
    page = response.content.decode()
    for sentence in (
        "It has no section.",
        "Its dateline has no place: say where it was filed.",
        "Its body is empty.",
        "Nobody is credited: name who reported, wrote or photographed it.",
        "The lead picture has no alternative text: say what it shows.",
        "The lead picture has no credit.",
    ):
        assert sentence in page, sentence
    assert "The story was not published." in page
    assert "Mill closes after ninety years" in page
    assert not Story.objects.exists()


def test_an_embargo_set_on_the_desk_holds(signed_in, editor, person, section):
    moment = clock.in_newsroom(clock.now() + timedelta(hours=3)).replace(microsecond=0, tzinfo=None)
    sent = form(action="publish", person=person, section=section.pk, published_at=moment.isoformat())
    signed_in(editor).post(ADD, sent)
    story = latest()
    assert story.live
    assert not story.is_public()
    assert clock.in_newsroom(story.published_at).replace(tzinfo=None) == moment
    assert status_words(story) == f"Embargoed until {clock.story_moment(story.published_at)}"
    page = signed_in(editor).get(address("edit", story.pk)).content.decode()
    assert status_words(story) in page
    assert "See it in the paper" not in page


def _local(moment):
    """A moment as the browser's control sends it."""
    return clock.in_newsroom(moment).replace(microsecond=0, tzinfo=None).isoformat()


def test_what_became_of_a_story_is_told(signed_in, editor, person, section):
    client, facts = signed_in(editor), {"action": "publish", "person": person, "section": section.pk}
    bar = client.post(ADD, form(**facts), follow=True).content.decode()
    assert "created and published" in bar
    assert re.search(rf'href="{latest().get_absolute_url()}"[^>]*>\s*See it in the paper', bar)
    later = _local(clock.now() + timedelta(hours=3))
    told = client.post(ADD, form(slug="later", published_at=later, **facts), follow=True).content.decode()
    assert f"will be public from {clock.story_moment(latest().published_at)}." in told
    assert "published." not in told and "See it in the paper" not in told
    notice = {"kind": "withdrawal", "text": "It was not so.", "made_at": "2026-11-01T10:00:00"}
    url = address("edit", latest().pk)
    told = _told(client.post(url, form(slug="later", published_at=later, notices=[notice], **facts)))
    assert "is withdrawn: only its notice is shown." in told and "published" not in told


@pytest.mark.any_database
def test_a_moment_long_past_is_asked_about_once(signed_in, editor, person, section):
    client, facts = signed_in(editor), {"action": "publish", "person": person, "section": section.pk}
    asked = client.post(ADD, form(published_at="1970-02-03T04:05", **facts))
    page = asked.content.decode()
    assert "The moment of publication is Tue Feb 3, 1970 4:05am" in page and not Story.objects.exists()
    hidden = BeautifulSoup(page, "html.parser").find("input", {"name": "published_at-asked"})["value"]
    other = form(published_at="1971-02-03T04:05", **facts) | {"published_at-asked": hidden}
    assert client.post(ADD, other).status_code == 200 and not Story.objects.exists(), "another moment, another question"
    client.post(ADD, form(published_at="1970-02-03T04:05", **facts) | {"published_at-asked": hidden})
    story = latest()
    assert story.is_public() and story.published_at.year == 1970
    client.post(address("edit", story.pk), form(headline="Mill closes its doors", **facts))
    assert latest().headline == "Mill closes its doors", "it has been public since: nothing to ask"
    story.unpublish()
    client.post(address("edit", story.pk), form(published_at="1970-02-03T04:05", **facts))
    assert latest().is_public(), "taken back and published again"


def test_a_draft_and_a_moment_of_yesterday_are_not_asked_about(signed_in, editor, person, section):
    client = signed_in(editor)
    client.post(ADD, form(published_at="1970-02-03T04:05"))
    assert not latest().live
    moment = _local(clock.now() - timedelta(days=1))
    client.post(
        address("edit", latest().pk), form(action="publish", person=person, section=section.pk, published_at=moment)
    )
    assert latest().is_public()


def test_the_moment_of_a_public_story_cannot_be_typed_over(signed_in, editor, make_draft, person, section):
    story = publish_story(story=make_draft(), at=clock.now() - timedelta(days=2))
    sent = form(action="publish", person=person, section=section.pk, published_at="2030-01-01T00:00:00")
    signed_in(editor).post(address("edit", story.pk), sent)
    assert Story.objects.get().published_at == story.published_at


def test_a_withdrawal_on_the_desk_withdraws_the_story(signed_in, editor, make_draft, person, section):
    story = publish_story(story=make_draft())
    notice = {"kind": "withdrawal", "text": "It was not so.", "made_at": "2026-11-01T10:00:00"}
    sent = form(action="publish", person=person, section=section.pk, notices=[notice])
    signed_in(editor).post(address("edit", story.pk), sent)
    story = Story.objects.get()
    assert story.withdrawn_at
    assert not story.is_public()
    assert status_of(story) is Status.WITHDRAWN


def test_a_notice_of_the_desk_is_dated_when_its_story_is_published(signed_in, editor, make_draft, person, section):
    client, story = signed_in(editor), publish_story(story=make_draft())
    notice, url = {"kind": "correction", "text": "Ninety-one.", "made_at": ""}, address("edit", story.pk)
    sent, preview = form(person=person, section=section.pk, notices=[notice]), address("preview_on_edit", story.pk)
    client.post(preview, sent)
    assert "Ninety-one." in client.get(preview).content.decode()
    client.post(url, sent)
    assert not Notice.objects.exists()
    page = BeautifulSoup(client.get(url).content, "html.parser")
    assert not page.find("input", {"name": "notices-0-made_at"}).get("value")
    assert "Empty: the moment readers see it first." in page.text
    before = clock.now()
    client.post(url, form(action="publish", person=person, section=section.pk, notices=[notice]))
    assert before <= Notice.objects.get().made_at <= clock.now()


def test_a_story_is_not_withdrawn_from_the_start(signed_in, editor, person, section):
    notice = {"kind": "withdrawal", "text": "It was not so.", "made_at": ""}
    sent = form(action="publish", person=person, section=section.pk, notices=[notice])
    assert "withdrawn from the start" in signed_in(editor).post(ADD, sent).content.decode()
    assert not Story.objects.exists()


def test_a_published_notice_cannot_be_taken_off(signed_in, editor, make_draft, person, section):
    from broadsheet.stories.actions import add_notice

    story = publish_story(story=make_draft())
    notice = add_notice(story=story, kind="correction", text="Ninety-one.")
    gone = {"id": notice.pk, "kind": "correction", "text": "x", "made_at": "2026-11-01T10:00:00", "DELETE": "1"}
    sent = form(action="publish", person=person, section=section.pk, notices=[gone], initial_notices=1)
    response = signed_in(editor).post(address("edit", story.pk), sent)
    assert "A notice that has been published stays on the story" in response.content.decode()
    assert Notice.objects.get() == notice


def test_drafts_may_be_deleted_and_published_stories_not(signed_in, editor, make_draft):
    story = publish_story(story=make_draft())
    make_draft(headline="A draft").save()
    client = signed_in(editor)
    client.post(address("delete", latest().pk))
    refused = client.post(address("delete", story.pk))
    assert Story.objects.get() == story
    assert "Withdraw it with a notice" in _told(refused)


# --- The workflow


def _approve(client, story):
    state = story.current_workflow_task_state
    return client.post(address("workflow_action", story.pk, "approve", state.pk), {"comment": "Good."})


def test_a_story_goes_from_draft_through_copy_and_ready_to_its_readers(signed_in, reporter, editor, person, section):
    signed_in(reporter).post(ADD, form(action="submit", person=person, section=section.pk))
    story = latest()
    assert status_of(story) is Status.SUBMITTED
    assert _approve(signed_in(reporter), story).status_code != 200
    assert status_of(latest()) is Status.SUBMITTED
    client = signed_in(editor)
    assert "Mill closes" in client.get(HOME).content.decode()
    client.post(address("edit", story.pk), form(person=person, section=section.pk, headline="Mill closes its doors"))
    assert status_of(latest()) is Status.COPY
    _approve(client, story)
    assert status_of(latest()) is Status.READY
    assert not latest().live
    _approve(client, story)
    story = latest()
    assert story.is_public()
    assert story.headline == "Mill closes its doors"
    assert story.current_workflow_state is None


def test_a_submitted_story_waits_for_the_copy_desk_and_not_for_moderation(
    signed_in, reporter, editor, person, section, mailoutbox, django_capture_on_commit_callbacks
):
    told = "“Mill closes after ninety years” is submitted and waits for: Copy desk"
    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in(reporter).post(ADD, form(action="submit", person=person, section=section.pk))
    assert told in _told(response)
    (letter,) = mailoutbox
    assert letter.to == [editor.email] and letter.subject == told and told in letter.body
    assert f"/desk/stories/edit/{latest().pk}/" in letter.body
    assert "moderation" not in letter.body and "preferences" not in letter.body


def test_who_comes_second_to_an_approval_is_told_so(signed_in, reporter, editor, person, section):
    signed_in(reporter).post(ADD, form(action="submit", person=person, section=section.pk))
    client, story = signed_in(editor), latest()
    state = story.current_workflow_task_state
    for _ in range(2):
        _approve(client, latest())
    for name in ("workflow_action", "collect_workflow_action_data"):
        told = _told(client.post(address(name, story.pk, "approve", state.pk)))
        assert "waits for nobody" in told and "moderation" not in told, name


def test_the_end_of_the_workflow_refuses_an_unfinished_story(signed_in, reporter, editor, person):
    signed_in(reporter).post(ADD, form(action="submit", person=person, place=""))
    client, story = signed_in(editor), latest()
    _approve(client, story)
    response = _approve(client, story)
    assert "It has no section." in _told(response)
    assert "Its dateline has no place" in _told(response)
    assert status_of(latest()) is Status.READY
    assert not latest().live


def test_approval_outside_the_editor_asks_in_the_editor_about_a_moment_long_past(
    signed_in, reporter, editor, person, section
):
    facts = {"person": person, "section": section.pk, "published_at": "1970-02-03T04:05"}
    signed_in(reporter).post(ADD, form(action="submit", **facts))
    client, story = signed_in(editor), latest()
    assert "The moment" not in _told(_approve(client, story)), "the copy desk publishes nothing"
    response = _approve(client, story)
    assert "The moment of publication is Tue Feb 3, 1970 4:05am" in _told(response)
    assert response.url == address("edit", story.pk)
    assert not latest().live and status_of(latest()) is Status.READY


def test_approval_inside_the_editor_is_refused_too(signed_in, reporter, editor, person):
    signed_in(reporter).post(ADD, form(action="submit", person=person, place=""))
    client, story = signed_in(editor), latest()
    _approve(client, story)
    sent = form(action="workflow-action", person=person, place="") | {"workflow-action-name": "approve"}
    page = client.post(address("edit", story.pk), sent).content.decode()
    assert "It has no section." in page
    assert not latest().live


def test_changes_asked_for_bring_the_story_back_to_the_reporter(signed_in, reporter, editor, person, section):
    signed_in(reporter).post(ADD, form(action="submit", person=person, section=section.pk))
    story = latest()
    state = story.current_workflow_task_state
    url = address("workflow_action", story.pk, "reject", state.pk)
    signed_in(editor).post(url, {"comment": "Who says so?"})
    assert status_words(latest()) == "Draft, changes asked for"


def test_the_list_is_narrowed_by_our_own_words(signed_in, editor, make_draft, reporter):
    live = publish_story(story=make_draft(headline="Live one"))
    embargoed = publish_story(story=make_draft(headline="Later one"), at=clock.now() + timedelta(days=1))
    draft = make_draft(headline="Draft one")
    draft.save()
    submitted = make_draft(headline="Submitted one")
    submitted.save()
    submitted.save_revision(user=reporter)
    submitted.get_workflow().start(submitted, reporter)
    for status, story in (("live", live), ("embargoed", embargoed), ("draft", draft), ("submitted", submitted)):
        assert list(of_status(Story.objects.all(), [status])) == [story]
        page = signed_in(editor).get(LIST, {"status": status}).content.decode()
        assert [other.headline for other in Story.objects.all() if other.headline in page] == [story.headline]


def test_the_list_costs_the_same_however_many_stories(
    signed_in, editor, make_draft, django_assert_max_num_queries, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(editor)
    publish_story(story=make_draft())
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for number in range(6):
        publish_story(story=make_draft(headline=f"Story {number}"))
    with django_assert_max_num_queries(len(one)):
        client.get(LIST)


# --- Preview


def _preview(client, story, person):
    url = address("preview_on_edit", story.pk)
    assert client.post(url, form(person=person, headline="Not for readers yet")).json()["is_valid"]
    return client.get(url)


def test_a_preview_is_the_public_page_of_the_draft_for_the_desk_alone(signed_in, reporter, make_draft, person, reader):
    make_draft().save()
    response = _preview(signed_in(reporter), latest(), person)
    assert response.status_code == 200
    assert "Not for readers yet" in response.content.decode()
    assert "The mill closed on Friday." in response.content.decode()
    assert "freshness" not in vars(response)
    assert "private" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in response["Content-Security-Policy"]
    assert latest().headline != "Not for readers yet"
    assert signed_in(reader).get(address("preview_on_edit", latest().pk)).status_code == 403


def test_an_editor_that_saves_by_itself_is_told_that_nobody_is_signed_in(client, db):
    answer = client.post(ADD, form(), headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "You are signed out" in answer.json()["error_message"]


@pytest.mark.any_database
def test_the_way_to_a_draft_s_discussion_is_for_those_who_decide_about_it(signed_in, reporter, editor, make_draft):
    story = make_draft()
    story.save()
    link = f'href="/moderation/discussions/{story.pk}/"'
    for page in (LIST, address("edit", story.pk)):
        assert link in signed_in(editor).get(page).content.decode()
        assert link not in signed_in(reporter).get(page).content.decode()


def test_a_new_story_is_previewed_before_it_is_saved(signed_in, reporter, person, picture):
    client, url = signed_in(reporter), address("preview_on_add")
    assert client.post(url, form(person=person, lead_picture=picture.pk)).json()["is_valid"]
    page = client.get(url).content.decode()
    assert "Mill closes after ninety years" in page
    assert picture.folder in page
    assert not Story.objects.exists()


# --- Safety


@pytest.mark.parametrize("url", [HOME, LIST, ADD, "/desk/images/add/", "/desk/users/", "/desk/reports/workflow/"])
def test_the_desk_runs_no_script_from_a_page(signed_in, administrator, url):
    response = signed_in(administrator).get(url)
    policy = response["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"<script>|<script type=\"(?:module|text/javascript)\">", response.content.decode())
    assert not re.search(r"\son(?:click|load|error|change)=", response.content.decode())


VECTORS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "<iframe src=javascript:alert(1)>",
    "</title><script>alert(1)</script>",
    "<a href='javascript:alert(1)'>x</a>",
    "<math><mtext></mtext><mglyph><style><img src onerror=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "<p style='background:url(javascript:alert(1))'>x",
]


def _what_could_run(page):
    """Elements and attributes that a browser would run or follow, except the paper's own script files."""
    found = BeautifulSoup(page, "html.parser")
    risky = [tag for tag in found.find_all(["iframe", "svg", "math", "object", "embed"]) if "alert" in str(tag)]
    risky += [
        tag for tag in found.find_all("script") if "alert" in (tag.string or "") and "json" not in tag.get("type", "")
    ]
    for tag in found.find_all(True):
        risky += [tag for name in tag.attrs if name.startswith("on")]
        risky += [tag for name in ("href", "src") if str(tag.get(name, "")).lower().startswith("javascript:")]
    return risky


@pytest.mark.any_database
@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_typed_at_the_desk_runs_in_a_page(signed_in, editor, person, section, vector, picture):
    body = [
        ("paragraph", rich_text(f"<p>{escape(vector)}</p>")),
        ("subhead", vector),
        ("quotation", {"words": vector, "speaker": vector}),
        ("picture", {"picture": picture.pk, "caption": vector, "alt": vector, "credit": vector}),
        ("embed", {"address": "https://example.org/", "label": vector}),
    ]
    facts = {"headline": vector, "standfirst": vector, "lead_caption": vector, "lead_alt": vector, "place": vector}
    sent = form(
        action="publish", person=person, section=section.pk, body=body, lead_picture=picture.pk, agency=vector, **facts
    )
    client = signed_in(editor)
    client.post(ADD, sent)
    story = latest()
    assert story.is_public()
    public = client.get(story.get_absolute_url()).content.decode()
    assert escape(vector) in public or vector in BeautifulSoup(public, "html.parser").get_text()
    for page in (story.body_html, public, *(client.get(url).content.decode() for url in (LIST, HOME, "/"))):
        assert not _what_could_run(page)


@pytest.mark.any_database
@pytest.mark.parametrize("vector", VECTORS)
def test_markup_that_a_program_puts_into_a_body_is_cleaned(make_draft, vector):
    story = publish_story(story=make_draft(body=[("paragraph", f"<p>Words {vector}</p>")]))
    assert not _what_could_run(story.body_html)


def test_an_embed_must_be_an_address_of_the_web(signed_in, editor, person, section):
    body = [("embed", {"address": "javascript:alert(1)", "label": "A film"})]
    signed_in(editor).post(ADD, form(action="publish", person=person, section=section.pk, body=body))
    assert not Story.objects.filter(live=True).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("headline", "A\x00B"), ("headline", "x" * 201), ("standfirst", "x" * 501), ("place", "A\x00B")],
)
def test_what_cannot_be_stored_is_refused_on_the_form(signed_in, editor, field, value):
    response = signed_in(editor).post(ADD, form(**{field: value}))
    assert response.status_code == 200
    assert not Story.objects.exists()


@pytest.mark.any_database
@pytest.mark.parametrize("urgency", ["0", "10"])
def test_urgency_goes_from_1_to_9(signed_in, editor, make_draft, urgency):
    response = signed_in(editor).post(ADD, form(urgency=urgency))
    assert "Urgency goes from 1 to 9." in response.content.decode()
    assert not Story.objects.exists()
    with pytest.raises(Unacceptable, match="Urgency goes from 1 to 9"):
        publish_story(story=make_draft(urgency=int(urgency)))


def test_chosen_topics_stand_first(signed_in, editor, make_draft):
    for name in ("Fairs", "Mills", "Water"):
        Topic.objects.create(name=name, slug=name.lower())
    story = make_draft()
    story.save()
    story.topics.add(Topic.objects.get(name="Mills"))
    story.save()
    page = BeautifulSoup(signed_in(editor).get(address("edit", story.pk)).content, "html.parser")
    assert page.find(id="id_topics").get_text(" ", strip=True) == "Mills Fairs Water"


def test_half_a_character_in_the_editors_own_format_is_refused(signed_in, editor, person, section):
    sent = form(action="publish", person=person, section=section.pk)
    sent["body-0-value"] = sent["body-0-value"].replace("The mill", r"The \ud800 mill")
    response = signed_in(editor).post(ADD, sent)
    assert response.status_code == 200
    assert not Story.objects.exists()


def test_control_and_reordering_characters_do_not_reach_a_page(signed_in, editor, person, section):
    sent = form(action="publish", person=person, section=section.pk, headline="A\u202eB\x1bC", standfirst="A\x07B")
    signed_in(editor).post(ADD, sent)
    assert (latest().headline, latest().standfirst) == ("ABC", "AB")


# --- Pictures


def _upload(client, name, **facts):
    with (PICTURES / name).open("rb") as file:
        return client.post("/desk/images/add/", {"title": "Skier", "file": file, **facts})


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("size", "status"),
    [("fill-100x80", 200), ("width-200", 200), ("original", 200), ("fill-0x0", 404), ("width-0", 404),
     ("scale-5000", 404), ("max-99999x99999", 404), ("fill-10x10-c9999999", 404), ("nonsense", 404)],
)  # fmt: skip
def test_a_picture_is_previewed_in_sizes_that_can_be_made(size, status, signed_in, photo_editor, picture):
    client = signed_in(photo_editor)
    answer = client.get(f"/desk/images/{picture.pk}/preview/{size}/")
    assert answer.status_code == status
    answer.close()


def test_a_picture_s_preview_is_for_those_who_may_change_it(signed_in, reader, client, picture):
    address = f"/desk/images/{picture.pk}/preview/width-200/"
    assert client.get(address).status_code == 302
    assert signed_in(reader).get(address).status_code == 403


def test_a_picture_sent_to_the_desk_is_taken_in_the_same_way(signed_in, photo_editor):
    client = signed_in(photo_editor)
    _upload(client, "full.jpg", caption="Ours.")
    picture = Picture.objects.get()
    assert (picture.creator, picture.caption) == ("Ana Ruiz", "Ours.")
    assert picture.description == "A skier in a red suit turns past a blue gate."
    assert picture.uploaded_by_user == photo_editor
    assert picture.widths == [320, 640]
    page = client.get(f"/desk/images/{picture.pk}/").content.decode()
    assert "Read from the file." in page


@pytest.mark.parametrize("name", ["bomb-20000.png", "script.svg", "text-named.jpg"])
def test_the_desk_refuses_what_is_no_picture(signed_in, photo_editor, name):
    response = _upload(signed_in(photo_editor), name)
    assert response.status_code == 200
    assert not Picture.objects.exists()


def test_too_many_pixels_are_told_with_their_number(signed_in, photo_editor):
    page = _upload(signed_in(photo_editor), "bomb-20000.png").content.decode()
    assert "This picture has more than 64 million pixels" in page and "unknown number" not in page


def test_a_picture_is_called_so_wherever_one_is_chosen(signed_in, reporter):
    for url in (ADD, "/desk/images/chooser/"):
        page = signed_in(reporter).get(url).content.decode()
        assert "Choose a picture" in page and "Choose an image" not in page, url


@pytest.mark.any_database
@pytest.mark.parametrize("address", ["/desk/images/add/", "/desk/images/multiple/add/"])
@pytest.mark.parametrize(
    "bytes_sent", [b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]
)
def test_the_desk_refuses_what_only_begins_like_a_picture(signed_in, photo_editor, address, bytes_sent):
    for suffix in ("jpg", "png", "webp"):
        file = SimpleUploadedFile(f"torn.{suffix}", bytes_sent)
        sent = {"title": "Torn", "file": file} if address.endswith("s/add/") else {"title": "Torn", "files[]": file}
        answer = signed_in(photo_editor).post(address, sent, headers={"X-Requested-With": "XMLHttpRequest"})
        assert answer.status_code == 200
    assert not Picture.objects.exists()


def test_a_reporter_edits_only_pictures_of_their_own(signed_in, reporter, picture):
    assert signed_in(reporter).get(f"/desk/images/{picture.pk}/").status_code == 302


def test_a_picture_in_print_cannot_be_deleted_from_the_desk(signed_in, editor, make_draft, picture):
    publish_story(story=make_draft(body=[("picture", {"picture": picture})]))
    response = signed_in(editor).post(f"/desk/images/{picture.pk}/delete/")
    assert response.status_code in {302, 403}
    assert Picture.objects.exists()


def test_ones_own_settings_take_no_picture_and_no_second_name(signed_in, reporter, reader, client):
    assert client.get("/desk/account/").status_code == 302
    assert signed_in(reader).get("/desk/account/").status_code == 403
    page = signed_in(reporter).get("/desk/account/").content.decode()
    assert "avatar-avatar" not in page and "first_name" not in page and "theme-theme" in page
    file = SimpleUploadedFile("gps.jpg", (PICTURES / "gps-sample.jpg").read_bytes())
    theme = {"theme-theme": "dark", "theme-density": "default", "theme-contrast": "system"}
    client.post("/desk/account/", {"avatar-avatar": file, **theme})
    reporter.refresh_from_db()
    assert not reporter.wagtail_userprofile.avatar and reporter.wagtail_userprofile.theme == "dark"


# --- Several at once


def _bulk_delete(client, kind, *rows):
    return client.post(f"/desk/bulk/{kind}/delete/?" + "&".join(f"id={row.pk}" for row in rows))


def test_many_are_deleted_by_the_rules_of_one(signed_in, editor, make_draft):
    public, draft = publish_story(story=make_draft()), make_draft(slug="another")
    draft.save()
    client = signed_in(editor)
    refused = _bulk_delete(client, "stories/story", draft, public)
    assert refused.status_code == 403 and b"Withdraw it with a notice" in refused.content
    assert Story.objects.count() == 2, "all or none"
    assert client.get(public.get_absolute_url()).status_code == 200
    assert _bulk_delete(client, "stories/story", draft).status_code == 302
    assert list(Story.objects.all()) == [public]


def test_a_name_in_use_is_not_deleted_and_a_deleted_one_drops_its_pages(signed_in, editor, make_draft, person):
    publish_story(story=make_draft())
    client, unused = signed_in(editor), Topic.objects.create(name="Fairs", slug="fairs")
    _bulk_delete(client, "stories/person", person)
    person.refresh_from_db()
    before = versions((SECTIONS,))
    assert _bulk_delete(client, "stories/topic", unused).status_code == 302
    assert not Topic.objects.exists() and versions((SECTIONS,)) != before


def test_a_topic_that_stories_carry_is_not_deleted(signed_in, editor, make_draft):
    client = signed_in(editor)
    carried, unused = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Mills", "Fairs"))
    story = make_draft()
    story.save()
    story.topics.add(carried)
    publish_story(story=story)
    address = f"/desk/topics/delete/{carried.pk}/"
    page = client.get(address).content.decode()
    assert "referenced 1 time." in " ".join(page.split()) and "prevent it from being deleted" in page
    assert client.post(address).status_code != 200
    usage = client.get(f"/desk/topics/usage/{carried.pk}/?describe_on_delete=1").content.decode()
    assert f"/desk/stories/edit/{latest().pk}/" in usage
    assert f"/desk/topics/usage/{carried.pk}/" in client.get(f"/desk/topics/edit/{carried.pk}/").content.decode()
    several = f"/desk/bulk/stories/topic/delete/?id={carried.pk}&id={unused.pk}"
    assert "prevent it from being deleted" in client.get(several).content.decode()
    _bulk_delete(client, "stories/topic", carried, unused)
    assert Topic.objects.count() == 2, "all or none"
    client.post(f"/desk/topics/delete/{unused.pk}/")
    assert list(latest().topics.all()) == [carried] == list(Topic.objects.all())


def test_accounts_are_not_deleted_in_bulk_either(signed_in, administrator, reader):
    refused = _bulk_delete(signed_in(administrator), "accounts/reader", reader)
    assert refused.status_code == 403 and b"Make it inactive" in refused.content
    reader.refresh_from_db()


@pytest.mark.parametrize("row", ["x", "9" * 30, "-1", "1e3", "\u0661", ""])
def test_what_is_no_row_is_refused_in_words(signed_in, editor, row):
    for method in ("get", "post"):
        answer = getattr(signed_in(editor), method)(f"/desk/bulk/stories/story/delete/?id={row}")
        assert answer.status_code == 400 and b"incomplete" in answer.content


def test_a_form_without_its_parts_is_refused_in_words(signed_in, reporter, make_draft):
    story = make_draft()
    story.save()
    answer = signed_in(reporter).post(address("edit", story.pk), {"headline": "Torn"})
    assert answer.status_code == 400 and b"incomplete" in answer.content


def test_credits_with_and_without_a_place_stand_on_one_page(client, make_draft, person):
    story = publish_story(story=make_draft())
    story.credits.update(sort_order=None)
    Credit.objects.create(story=story, person=person, role="editing", sort_order=1)
    assert client.get(story.get_absolute_url()).status_code == 200
