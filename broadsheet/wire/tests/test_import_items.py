from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core import clock
from broadsheet.stories.actions import publish_story
from broadsheet.stories.models import Person, Picture, Section, Story, Topic
from broadsheet.wire.items import newsml_g2, newsml_g2_reading, ninjs, ninjs_reading
from broadsheet.wire.items.item import UnreadableItem
from broadsheet.wire.models import Origin
from broadsheet.wire.tests.conftest import PICTURES
from broadsheet.wire.tests.items import FULL, KILLED

pytestmark = pytest.mark.django_db
STANDARDS = Path(__file__).resolve().parents[4] / "shared" / "standards"
WRITERS = {"ninjs": ninjs.write, "newsml-g2": newsml_g2.write}
READERS = {"ninjs": ninjs_reading.read, "newsml-g2": newsml_g2_reading.read}


@pytest.fixture
def bring(tmp_path):
    """Import an item, or these bytes, with the command; returns what it printed."""

    def run(item=FULL, *, form="ninjs", **options):
        file = tmp_path / "item"
        file.write_bytes(item if isinstance(item, bytes) else WRITERS[form](item))
        out = StringIO()
        try:
            call_command("import", form, str(file), stdout=out, **options)
        except CommandError as fault:
            fault.printed = out.getvalue()
            raise
        return out.getvalue()

    return run


def newer(item=FULL, **facts):
    return replace(item, version=str(int(item.version) + 1), changed=item.changed + timedelta(hours=1), **facts)


def rows():
    return [table.objects.count() for table in (Story, Section, Person, Topic, Origin, Picture)]


@pytest.mark.parametrize("form", WRITERS)
def test_an_item_becomes_a_draft_at_the_desk_with_all_it_says(bring, section, form):
    said = bring(form=form)
    story = Story.objects.get()
    assert not story.live and story.published_at is None
    assert (story.headline, story.standfirst, story.slugline) == (FULL.headline, "Seven to four.", "TOWN-BRIDGE/")
    assert (story.place, story.agency, story.urgency) == ("HARLOW MILLS, Maine", "Coastal Press", 3)
    assert story.section == section
    assert [str(credit) for credit in story.credits.all()] == [
        "Reporting: Una Umber", "Writing: Ode Oak", "Editing: Ed Ash",
    ]  # fmt: skip
    assert {topic.name for topic in story.topics.all()} == {"Bridges", "Tolls"}
    assert {(notice.kind, notice.text) for notice in story.notices.all()} == {
        ("correction", "It was seven to four.\n\nNot six."), ("update", "With the vote."),
    }  # fmt: skip
    assert [part.block_type for part in story.body] == ["paragraph", "subhead", "list"]
    assert "made as a draft at the desk" in said
    assert "Picture not taken: no file of it lies there: ab/960.jpg" in said


def test_with_publish_what_lacks_nothing_is_published_at_its_own_moment(bring, section):
    assert "made and published" in bring(publish=True)
    story = Story.objects.get()
    assert story.is_public()
    assert story.published_at == FULL.first_published
    assert "<h2>WHY</h2>" in story.body_html and "<li>It &amp; is" in story.body_html


def test_with_publish_what_lacks_something_stays_a_draft_and_says_what(bring):
    said = bring(publish=True)
    assert "It has no section." in said and "The paper has no section Town" in said
    assert not Story.objects.get().live
    said = bring(replace(FULL, uri="urn:other", status="withheld"), publish=True, section="Wire")
    assert "withheld" in said and not Story.objects.filter(live=True).exists()


def test_an_embargo_holds_for_drafts_and_for_what_is_published(bring, section, client):
    end = (clock.now() + timedelta(hours=5)).replace(microsecond=0)
    bring(replace(FULL, embargoed_until=end))
    draft = Story.objects.get()
    assert draft.published_at == end
    assert not publish_story(story=draft).is_public()
    assert "under embargo until" in bring(replace(FULL, uri="urn:two", embargoed_until=end), publish=True)
    second = Story.objects.latest("pk")
    assert second.live and not second.is_public() and second.published_at == end
    assert client.get(f"/stories/{second.pk}/ninjs.json").status_code == 404


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_item_again_makes_nothing_twice(bring, section, form):
    bring(form=form)
    before = rows()
    assert "known; nothing was changed" in bring(form=form)
    assert rows() == before
    assert "an older version" in bring(replace(FULL, version="2"), form=form)


def test_a_newer_version_changes_a_story_that_nobody_has_changed(bring, section):
    bring(publish=True)
    said = bring(newer(headline="Council keeps the bridge"), publish=True)
    story = Story.objects.get()
    assert "brought up to date and published" in said
    assert (story.headline, story.published_at) == ("Council keeps the bridge", FULL.first_published)
    assert story.notices.count() == 2
    said = bring(newer(newer(headline="Bridge stays")))
    story.refresh_from_db()
    assert story.headline == "Council keeps the bridge" and story.has_unpublished_changes
    assert "the new version waits at the desk" in said
    bring(newer(newer(newer(headline="The bridge stays"))), publish=True)
    assert Story.objects.get().headline == "The bridge stays"


def test_a_new_version_that_may_not_be_published_leaves_the_published_story_as_it_is(bring, section):
    bring(publish=True)
    end = clock.now() + timedelta(hours=5)
    for item in (
        newer(headline="Held", status="withheld"),
        newer(newer(headline="Embargoed", embargoed_until=end)),
        newer(newer(newer(headline="Nobody", contributors=(), byline=""))),
    ):
        assert "as a draft behind the published story; to be published it needs more" in bring(item, publish=True)
        story = Story.objects.get()
        assert story.is_public() and story.headline == FULL.headline
        assert story.get_latest_revision_as_object().headline == item.headline


def test_an_embargo_that_grows_longer_holds_for_what_has_been_released_under_it(bring, section):
    first, second = (clock.now() + timedelta(hours=hours) for hours in (1, 9))
    bring(replace(FULL, embargoed_until=first), publish=True)
    assert "Its embargo is longer now" in bring(newer(embargoed_until=second))
    assert Story.objects.get().published_at == second.replace(microsecond=0)
    bring(newer(newer(headline="Lifted")), publish=True)
    assert Story.objects.get().is_public()


def test_a_story_that_the_desk_has_changed_is_left(bring, section):
    bring()
    story = Story.objects.get()
    story.headline = "Our own headline"
    story.save_revision()
    for _ in range(2):
        said = bring(newer())
        assert "left as it is" in said and "Somebody at the desk has changed the story since" in said
    assert Story.objects.get().get_latest_revision_as_object().headline == "Our own headline"


def test_a_story_that_the_desk_has_published_as_it_was_is_not_changed_by_that(bring, section):
    bring()
    publish_story(story=Story.objects.get().get_latest_revision_as_object())
    assert "brought up to date and published" in bring(newer(headline="Bridge stays"), publish=True)


@pytest.mark.parametrize("form", WRITERS)
def test_a_kill_withdraws_the_published_story_with_a_notice_that_says_so(bring, section, client, form):
    bring(publish=True, form=form)
    story = Story.objects.get()
    assert "withdrawn, with a notice that says so" in bring(KILLED, form=form)
    answer = client.get(story.get_absolute_url())
    assert answer.status_code == 410 and b"The vote has not been taken." in answer.content
    assert "known" in bring(KILLED, form=form)
    assert "left as it is" in bring(newer(KILLED, status="usable", headline="Back"), form=form)


def test_a_kill_without_a_word_names_who_sent_it(bring, section):
    bring(publish=True)
    bring(replace(KILLED, notes=()))
    notice = Story.objects.get().notices.get(kind="withdrawal")
    assert notice.text == "The Ledger, which sent us this story, has withdrawn it."


def test_a_killed_draft_cannot_be_published_any_more(bring, section):
    bring()
    assert "killed before it was published" in bring(KILLED)
    assert "known" in bring(newer(KILLED))
    draft = Story.objects.get().get_latest_revision_as_object()
    with pytest.raises(Exception, match="withdrawn from the start"):
        publish_story(story=draft)
    assert "left as it is" in bring(newer(newer(newer(FULL))), publish=True)


def test_a_kill_that_comes_first_keeps_the_story_out(bring, section):
    assert "killed; it is not here" in bring(KILLED)
    assert "an older version" in bring()
    assert not Story.objects.exists()


def test_pictures_are_taken_where_their_files_lie_with_their_credit(bring, section, tmp_path):
    folder = tmp_path / "pictures"
    (folder / "ab").mkdir(parents=True)
    shutil.copy(PICTURES / "no-metadata.jpg", folder / "ab" / "960.jpg")
    bring(publish=True, pictures=folder)
    story = Story.objects.get()
    (picture,) = Picture.objects.all()
    assert (picture.caption, picture.description) == ("It stands.", "A bridge")
    assert (picture.creator, picture.credit) == ("Dana Whitlock", "Coastal Press/Dana Whitlock")
    assert (picture.copyright_notice, picture.rights_page) == ("© Coastal Press", "https://rights.example/7")
    assert [part.value["picture"] for part in story.body if part.block_type == "picture"] == [picture]
    bring(newer(headline="Bridge stays"), publish=True, pictures=folder)
    assert Picture.objects.count() == 1
    body = FULL.body.partition("<figure>")[0]
    bring(replace(FULL, uri="urn:lead", body=body), publish=True, pictures=folder)
    lead = Story.objects.latest("pk")
    assert lead.lead_picture.credit == lead.lead_credit == "Coastal Press/Dana Whitlock"


def test_an_item_that_is_refused_leaves_no_picture_behind(bring, section, tmp_path, settings):
    (tmp_path / "ab").mkdir()
    shutil.copy(PICTURES / "no-metadata.jpg", tmp_path / "ab" / "960.jpg")
    with pytest.raises(CommandError, match="Body"):
        bring(replace(FULL, body=f"<p>{'x' * 20_001}</p>{FULL.body}"))
    assert not Picture.objects.exists()
    assert not [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]


def test_a_file_is_taken_for_no_other_picture(bring, section, tmp_path):
    """Our own sizes are all called by their width: 960.jpg may be any of them."""
    shutil.copy(PICTURES / "no-metadata.jpg", tmp_path / "960.jpg")
    shutil.copy(PICTURES / "full.jpg", tmp_path / "wharf.jpg")
    far = replace(FULL.pictures[0].renditions[0], address="https://a.example/wharf.jpg")
    other = replace(FULL.pictures[0], uri="urn:wharf", caption="The wharf.", renditions=(far,))
    bring(replace(FULL, pictures=(*FULL.pictures, other)))
    assert [picture.caption for picture in Picture.objects.all()] == ["The wharf."]
    story = Story.objects.get()
    assert story.lead_picture.caption == "The wharf."
    assert not any(part.block_type == "picture" for part in story.body)


def test_no_picture_is_looked_for_outside_the_folder(bring, section, tmp_path):
    (tmp_path / "pictures").mkdir()
    shutil.copy(PICTURES / "no-metadata.jpg", tmp_path / "secret.jpg")
    for address in (
        "https://a.example/%2e%2e%2fsecret.jpg",
        "https://a.example/x/../../secret.jpg",
        "https://a.example/..%5csecret.jpg",
        "file:///etc/passwd",
    ):
        one = replace(FULL.pictures[0], renditions=(replace(FULL.pictures[0].renditions[0], address=address),))
        bring(replace(FULL, uri=f"urn:{address}", pictures=(one,)), pictures=tmp_path / "pictures")
    assert not Picture.objects.exists()


def test_a_dry_run_changes_nothing(bring, section, tmp_path):
    (tmp_path / "ab").mkdir()
    shutil.copy(PICTURES / "no-metadata.jpg", tmp_path / "ab" / "960.jpg")
    before = rows()
    said = bring(dry_run=True, publish=True)
    assert "Nothing was changed" in said and "960.jpg would be taken" in said
    assert rows() == before


def test_a_story_of_our_own_does_not_come_back(bring, client, ferry):
    data = client.get(f"/stories/{ferry.pk}/ninjs.json").content
    with pytest.raises(CommandError, match="a story of this newsroom"):
        bring(data)


def test_of_several_items_each_that_can_be_is_taken(bring, section):
    page = {"items": [ninjs.facts(FULL), ninjs.facts(replace(FULL, uri="urn:b", headline="", slugline=""))]}
    with pytest.raises(CommandError, match="urn:b was not imported"):
        bring(json.dumps(page).encode())
    assert Origin.objects.get().uri == FULL.uri


@pytest.mark.parametrize(
    "form, data, why",
    [
        ("ninjs", b"", "no JSON"),
        ("ninjs", b"\xff\xfe", "UTF-8"),
        ("ninjs", b"[]", "no ninjs"),
        ("ninjs", b'{"headline": "x"}', "no uri"),
        ("ninjs", b'{"uri": "urn:x", "type": "picture"}', "no text"),
        ("ninjs", b'{"uri": "urn:x", "versioncreated": "tomorrow"}', "moment that cannot be read"),
        ("ninjs", b'{"uri": "urn:x", "embargoed": "tomorrow"}', "embargo without a zone"),
        ("ninjs", b'{"uri": "urn:x", "embargoed": "2026-11-30T18:00:00"}', "embargo without a zone"),
        ("ninjs", b'{"uri": "urn:x", "embargoed": "2026-11-30"}', "embargo without a zone"),
        ("ninjs", b'{"uri": "urn:x", "pubstatus": "maybe"}', "status that we do not know"),
        ("ninjs", b'{"uri": "urn:x", "urgency": NaN}', "no number"),
        ("ninjs", b'{"uri": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "deep"),
        ("ninjs", b'{"uri": ' + b"[" * 60 + b"]" * 60 + b"}", "deep"),
        ("ninjs", b" " * 10_000_001, "larger than 10 MB"),
        ("newsml-g2", b"", "well-formed"),
        ("newsml-g2", b"<rss/>", "no NewsML-G2"),
        ("newsml-g2", b'<!DOCTYPE a [<!ENTITY b "c">]><newsItem>&b;</newsItem>', "entities"),
        ("newsml-g2", b"<newsItem>" + b"<a>" * 200 + b"</a>" * 200 + b"</newsItem>", "deep"),
        ("newsml-g2", b"<newsItem guid='x'/>", "no text in it"),
        ("newsml-g2", b" " * 10_000_001, "larger than 10 MB"),
    ],
)
def test_what_is_no_such_item_is_refused_with_a_reason_and_changes_nothing(bring, form, data, why):
    before = rows()
    with pytest.raises(CommandError, match=why):
        bring(data, form=form)
    assert rows() == before


def test_page_text_takes_no_pictures(tmp_path):
    with pytest.raises(CommandError, match="unrecognized arguments: --publish"):
        call_command("import", "page-text", str(tmp_path / "x"), "--publish")


OLD = {
    "uri": "urn:newsml:example.org:2019:1",
    "type": "text",
    "version": "2",
    "versioncreated": "2019-05-06T10:00:00+0000",
    "firstcreated": "2019-05-06T09:00:00+0000",
    "pubstatus": "usable",
    "urgency": 2,
    "language": "en",
    "headline": "Council &amp; crew",
    "slugline": "Ferry",
    "byline": "By Una Umber and Ode Oak",
    "source": "Coastal Press",
    "description_text": "Two boats.",
    "body_html": "<p>PORTMERE, Maine (Coastal Press) -- It <b>stopped</b>.</p><h4>WHY</h4><script>x</script>",
    "subject": [{"code": "04000000", "name": "Economy"}, {"code": "medtop:20000349"}],
    "keywords": ["Ferries"],
    "place": [{"name": "Portmere"}],
    "usageterms": "No archives.",
    "ednote": "Check the name of the mate.",
    "authors": [{"name": "Una Umber", "role": "writer"}, {"name": "Ode Oak", "role": "editor"}],
    "associations": {
        "featuremedia": {
            "type": "picture",
            "uri": "p1",
            "description_text": "The wharf",
            "byline": "Dana",
            "alt_text": "A wharf",
            "copyrightnotice": "(c)",
            "renditions": {"original": {"href": "https://x.example/w.jpg", "width": 10, "mimetype": "image/jpeg"}},
        },
        "clip": {"type": "video", "uri": "v1"},
        "gone": None,
    },
}


_names = sorted([*OLD, "headlines", "bodies", "people", "renditions", "altIds", "items", "rightsInfo", "value"])
_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_names), inner, max_size=5)),
    max_leaves=20,
)
_texts = st.dictionaries(st.sampled_from(_names), _values, max_size=8).map(
    lambda facts: facts | {"uri": "urn:x", "type": "text", "pubstatus": "usable"}
)
documents = st.one_of(st.binary(max_size=200), st.one_of(_values, _texts).map(lambda value: json.dumps(value).encode()))


def test_ninjs_of_the_first_version_is_read_as_superdesk_sends_it(bring, section):
    said = bring(json.dumps(OLD).encode(), section="Wire")
    story = Story.objects.get()
    assert (story.headline, story.place, story.agency) == ("Council & crew", "PORTMERE, Maine", "Coastal Press")
    assert [str(credit) for credit in story.credits.all()] == ["Writing: Una Umber", "Editing: Ode Oak"]
    assert [(part.block_type, str(part.value)) for part in story.body] == [
        ("paragraph", "<p>It <b>stopped</b>.</p>"), ("subhead", "WHY"),
    ]  # fmt: skip
    for line in (
        "Note to editors: Check the name of the mate.",
        "Not stored: usageterms: No archives.",
        "Not stored: place: Portmere",
        "Not stored: a subject without a name",
        "Not taken: what is associated as “clip” is no picture (video).",
    ):
        assert line in said
    (item,) = ninjs_reading.read(json.dumps(OLD).encode())
    assert [topic.name for topic in item.topics] == ["Economy", "Ferries"]
    (picture,) = item.pictures
    assert (picture.caption, picture.alt, picture.creator) == ("The wharf", "A wharf", "Dana")
    assert picture.widest.address == "https://x.example/w.jpg"


def test_a_byline_that_is_no_list_of_names_credits_nobody(bring, section):
    old = {**OLD, "authors": [], "byline": "From our correspondents at 9 places, with agencies"}
    assert "Nobody is credited" in bring(json.dumps(old).encode(), section="Wire", publish=True)
    assert not Person.objects.exists()


@pytest.mark.skipif(not STANDARDS.is_dir(), reason="the standards lie beside the checkout, not in it")
@pytest.mark.parametrize("version", ["1.6", "2.1", "2.2", "3.1"])
def test_the_examples_of_every_version_are_read_alike(version):
    found = []
    for file in sorted((STANDARDS / "ninjs" / "examples" / version).glob("*.json")):
        try:
            found += ninjs_reading.read(file.read_bytes())
        except UnreadableItem as fault:
            assert "no text" in str(fault)
    simple = next(item for item in found if item.headline.startswith("Captain of wrecked"))
    assert [one.name for one in simple.contributors] == ["Paulo Santalucia", "Frances d'Emilio"]
    assert simple.body.startswith("<p>GROSSETO, Italy (AP) -- The trial")
    if version in {"1.6", "2.2", "3.1"}:
        assert any(len(item.pictures) == 2 for item in found)


@pytest.mark.skipif(not STANDARDS.is_dir(), reason="the standards lie beside the checkout, not in it")
def test_the_listings_of_newsml_g2_are_read_or_refused_with_a_reason():
    read, refused = {}, []
    for file in sorted((STANDARDS / "newsml-g2" / "examples").glob("*.xml")):
        try:
            read[file.name] = newsml_g2_reading.read(file.read_bytes())
        except UnreadableItem as fault:
            refused.append(str(fault))
    (fed,) = read["LISTING_2_NewsML-G2_Text_Document.xml"]
    assert [(one.role, one.name) for one in fed.contributors] == [("reporting", "Meredith Jameson")]
    assert (fed.place, fed.agency, fed.slugline) == ("New York, NY", "Associated Press", "US-Finance-Fed")
    assert "central bank" in [topic.name for topic in fed.topics]
    assert fed.body.count("<p>") == 2 and "hl1" not in fed.body
    assert len(refused) > 10


@given(documents)
def test_no_file_breaks_the_reader_of_ninjs(data):
    with suppress(UnreadableItem):
        ninjs_reading.read(data)


@given(st.text("<>/ab='\"&;", max_size=40))
def test_no_file_breaks_the_reader_of_newsml_g2(words):
    news = f'<newsItem guid="x"><itemMeta><itemClass qcode="ninat:text"/></itemMeta>{words}</newsItem>'
    with suppress(UnreadableItem):
        newsml_g2_reading.read(news.encode())
