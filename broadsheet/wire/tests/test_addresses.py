from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from django.urls import reverse

from broadsheet.core import clock
from broadsheet.discussion.actions import post_comment, thread_for
from broadsheet.stories.actions import add_notice, publish_story, withdraw_story
from broadsheet.stories.models import Story, Topic
from broadsheet.wire import views
from broadsheet.wire.items import newsml_g2_reading, ninjs_reading, rss
from broadsheet.wire.models import Release
from broadsheet.wire.tests.oracles import faults_in_newsml, faults_in_ninjs

pytestmark = pytest.mark.django_db

SCHEMA_ORG = Path(__file__).resolve().parents[4] / "shared" / "standards" / "schemaorg"
ATOM = "{http://www.w3.org/2005/Atom}"
THREADING = "{http://purl.org/syndication/thread/1.0}"
PREFIXES = {prefix: f"{{{space}}}" for prefix, space in rss.SPACES.items()}
ITEMS = ("/feed/", "/feed/rss/", "/feed/json/", "/wire/ninjs.json", "/news-sitemap.xml")


def get(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert not answer.cookies
    return answer.content


def both(client, story):
    return [get(client, f"/stories/{story.pk}/{name}") for name in ("ninjs.json", "newsml-g2.xml")]


def test_a_story_says_all_it_is_in_both_formats(client, ferry):
    as_ninjs, as_newsml = both(client, ferry)
    assert faults_in_ninjs(as_ninjs) == faults_in_newsml(as_newsml) == []
    for item in (*ninjs_reading.read(as_ninjs), *newsml_g2_reading.read(as_newsml)):
        assert item.uri == f"http://testserver/stories/{ferry.pk}/story/"
        assert (item.headline, item.standfirst, item.slugline) == (ferry.headline, ferry.standfirst, "FERRY/")
        assert item.byline == "Una Umber and Ode Oak"
        assert [(one.role, one.name) for one in item.contributors] == [
            ("reporting", "Una Umber"), ("writing", "Ode Oak"), ("editing", "Ed Ash"),
        ]  # fmt: skip
        assert item.dateline == "PORTMERE, Maine (Coastal Press)"
        assert item.first_published == item.changed == ferry.published_at.replace(microsecond=0)
        assert (item.urgency, item.section.name, {topic.name for topic in item.topics}) == (
            3,
            "Town",
            {"Ferries", "Crews"},
        )
        assert item.address == f"http://testserver{ferry.get_absolute_url()}"
        assert '<strong>stopped</strong> on <a href="http://testserver/about/">Friday</a>' in item.body
        assert "srcset" not in item.body and 'src="http://testserver/media/pictures/' in item.body
        lead, second = item.pictures
        assert (lead.alt, lead.credit, second.caption, second.alt) == (
            "A skier in the air", "Coastal Press/Dana", "At dawn.", "The wharf",
        )  # fmt: skip
        assert lead.copyright_notice and lead.creator and lead.caption
        assert lead.widest.width > 0 < lead.widest.height
        assert lead.widest.address.endswith(f"/{lead.widest.width}.jpg")
        assert item.language == "en" and item.provider == "The Test Courier"


def test_its_id_stays_and_its_version_grows_with_each_release(client, ferry):
    (first,) = ninjs_reading.read(both(client, ferry)[0])
    add_notice(story=ferry, kind="correction", text="It was Saturday.")
    ferry = Story.objects.get(pk=ferry.pk)
    ferry.headline = "Ferry runs again"
    ferry = publish_story(story=ferry)
    as_ninjs, as_newsml = both(client, ferry)
    for item in (*ninjs_reading.read(as_ninjs), *newsml_g2_reading.read(as_newsml)):
        assert item.uri == first.uri
        assert int(item.version) > int(first.version)
        assert [(note.kind, note.text) for note in item.notes] == [("correction", "It was Saturday.")]
        assert item.changed == item.notes[0].made_at > item.first_published == first.first_published
    assert b'qcode="sig:correction"' in as_newsml


def test_a_withdrawn_story_answers_with_its_kill_and_leaves_every_feed(client, ferry):
    assert all(b"Ferry" in get(client, address) for address in ITEMS)
    withdraw_story(story=ferry, text="The ferry never stopped, we were wrong.")
    for read, data in zip((ninjs_reading.read, newsml_g2_reading.read), both(client, ferry), strict=True):
        (item,) = read(data)
        assert (item.status, item.headline, item.body) == ("canceled", "", "")
        assert item.notes[0].text == "The ferry never stopped, we were wrong."
        for word in ("Ferry", "Umber", "FERRY", "PORTMERE", "Ferries", "Two boats", "stopped on"):
            assert word.encode() not in data
    assert faults_in_ninjs(both(client, ferry)[0]) == faults_in_newsml(both(client, ferry)[1]) == []
    assert not any(b"Ferry" in get(client, address) for address in ITEMS)


def test_what_is_not_public_answers_like_what_never_was(client, make_story):
    embargoed = make_story(published_at=clock.now() + timedelta(hours=1))
    draft = make_story(live=False)
    for name in ("ninjs.json", "newsml-g2.xml"):
        absent, *hidden = [client.get(f"/stories/{pk}/{name}") for pk in (999_999, embargoed.pk, draft.pk)]
        for answer in hidden:
            assert (answer.status_code, answer.content, answer.headers) == (404, absent.content, absent.headers)


def test_an_embargo_names_the_moment_at_which_a_feed_changes(client, ferry, make_story):
    end = clock.now() + timedelta(hours=1)
    make_story(published_at=end)
    for address in ITEMS:
        answer = client.get(address)
        assert answer.freshness.ends <= end, address


def test_every_page_of_the_wire_leads_to_the_next_and_each_story_is_on_one(client, make_story, monkeypatch):
    monkeypatch.setattr(views, "WIRE_STORIES", 2)
    same = clock.now() - timedelta(hours=2)
    made = [make_story(f"Story {number}", published_at=same) for number in range(3)]
    made += [make_story(f"Story {number}") for number in range(3, 5)]
    found, address = [], "/wire/ninjs.json"
    while address:
        page = json.loads(get(client, address))
        assert all(faults_in_ninjs(json.dumps(document)) == [] for document in page["items"])
        found += [document["headlines"][0]["value"] for document in page["items"]]
        address = page.get("next")
    assert found == [story.headline for story in sorted(made, key=lambda one: (one.published_at, one.pk), reverse=True)]
    assert client.get("/wire/ninjs.json?before=1x1").status_code == 404
    assert client.get("/wire/ninjs.json?before=yesterday").status_code == 404


def test_rss_is_what_its_specification_asks_for(client, ferry, reader):
    post_comment(author=reader, thread=thread_for(ferry), body="I was aboard.")
    root = fromstring(get(client, "/feed/rss/"), forbid_dtd=True)
    channel = root.find("channel")
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert [channel.findtext(name) for name in ("title", "link")] == ["The Test Courier", "http://testserver/"]
    assert channel.findtext("description")
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")) == ferry.published_at.replace(microsecond=0)
    (itself,) = channel.findall(f"{PREFIXES['atom']}link")
    assert (itself.get("rel"), itself.get("href")) == ("self", "http://testserver/feed/rss/")
    (item,) = channel.findall("item")
    assert item.findtext("title") == "Ferry <stops> & starts"
    guid = item.find("guid")
    assert (guid.get("isPermaLink"), guid.text) == ("false", f"http://testserver/stories/{ferry.pk}/story/")
    assert [one.text for one in item.findall(f"{PREFIXES['dc']}creator")] == ["Una Umber", "Ode Oak"]
    assert {one.text for one in item.findall("category")} == {"Town", "Ferries", "Crews"}
    assert item.findtext("description") == "Two boats, one crew."
    assert item.find(f"{PREFIXES['content']}encoded") is None
    assert item.findtext("comments").endswith("#comments")
    assert item.findtext(f"{PREFIXES['slash']}comments") == "1"
    media = item.find(f"{PREFIXES['media']}content")
    assert media.get("medium") == "image" and media.get("url").startswith("http://testserver/media/pictures/")
    assert "Coastal Press/Dana" in [one.text for one in media.findall(f"{PREFIXES['media']}credit")]
    assert b" type=" in get(client, "/feed/rss/")


def test_json_feed_is_what_its_specification_asks_for(client, ferry):
    feed = json.loads(get(client, "/feed/json/"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["feed_url"]) == ("The Test Courier", "http://testserver/feed/json/")
    (item,) = feed["items"]
    assert item["id"] == f"http://testserver/stories/{ferry.pk}/story/"
    assert item["content_text"] == item["summary"] == "Two boats, one crew."
    assert [author["name"] for author in item["authors"]] == ["Una Umber", "Ode Oak"]
    assert datetime.fromisoformat(item["date_published"]) == ferry.published_at.replace(microsecond=0)
    assert item["_discussion"]["comments"] == 0 and item["_discussion"]["url"].endswith("#comments")
    # Every name of the format is one of its own, or begins with an underscore.
    known = "version, title, home_page_url, feed_url, description, language, icon, authors, hubs, items"
    entry = "id, url, title, summary, content_html, content_text, image, date_published, date_modified, authors, tags"
    assert set(feed) <= set(known.split(", "))
    assert {name for name in item if name[0] != "_"} <= {*entry.split(", "), "language"}


@pytest.mark.parametrize("address", ["/sections/town/", "/topics/ferries/", "/authors/una-umber/"])
def test_sections_topics_and_people_have_feeds_of_their_own_and_name_them(client, ferry, make_story, address):
    make_story("Elsewhere", section=None)
    page = client.get(address).content.decode()
    for form in ("", "rss/", "json/"):
        assert f'href="{address}feed/{form}"' in page
        said = get(client, f"{address}feed/{form}")
        assert b"Ferry" in said and b"Elsewhere" not in said


def test_a_topic_on_no_public_story_has_no_feed(client, ferry):
    Topic.objects.create(name="Secret plans", slug="secret-plans")
    assert [client.get(f"/topics/secret-plans/feed/{form}").status_code for form in ("rss/", "json/")] == [404, 404]


def test_full_feeds_hold_the_whole_story_and_its_notices(client, ferry, settings):
    settings.FEED_TEXT = "full"
    add_notice(story=ferry, kind="correction", text="It was Saturday.")
    atom = fromstring(get(client, "/feed/"), forbid_dtd=True).find(f"{ATOM}entry/{ATOM}content").text
    item = fromstring(get(client, "/feed/rss/"), forbid_dtd=True).find("channel/item")
    in_rss = item.find(f"{PREFIXES['content']}encoded").text
    in_json = json.loads(get(client, "/feed/json/"))["items"][0]["content_html"]
    assert atom == in_rss == in_json
    assert in_rss.startswith("<p><strong>Correction</strong> It was Saturday.</p>")
    assert "PORTMERE, Maine (Coastal Press) -" in in_rss
    assert not re.search(r'(?:src|href)="/', in_rss)


def test_the_atom_feed_names_the_discussion_and_how_much_is_said(client, ferry, reader):
    post_comment(author=reader, thread=thread_for(ferry), body="I was aboard.")
    entry = fromstring(get(client, "/feed/"), forbid_dtd=True).find(f"{ATOM}entry")
    assert entry.findtext(f"{THREADING}total") == "1"
    assert any(link.get("rel") == "replies" for link in entry.findall(f"{ATOM}link"))


def test_the_news_sitemap_has_the_stories_of_two_days_and_robots_name_it(client, ferry, make_story):
    make_story("Old", published_at=clock.now() - timedelta(days=2, minutes=1))
    newer = make_story("Newer", published_at=clock.now() - timedelta(days=1, hours=23))
    root = fromstring(get(client, "/news-sitemap.xml"), forbid_dtd=True)
    news = "{http://www.google.com/schemas/sitemap-news/0.9}"
    assert [one.text for one in root.iter(f"{news}title")] == [ferry.headline, "Newer"]
    assert {one.text for one in root.iter(f"{news}name")} == {"The Test Courier"}
    assert {one.text for one in root.iter(f"{news}language")} == {"en"}
    assert "Sitemap: http://testserver/news-sitemap.xml" in get(client, "/robots.txt").decode()
    ends = client.get("/news-sitemap.xml").freshness.ends
    assert ends == newer.published_at + timedelta(days=2)


def test_every_place_names_the_same_instant(client, ferry):
    add_notice(story=ferry, kind="update", text="It runs again.")
    ferry = Story.objects.get(pk=ferry.pk)
    published, changed = (moment.replace(microsecond=0) for moment in (ferry.published_at, ferry.updated_at))
    page = get(client, ferry.get_absolute_url()).decode()
    facts = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    shown = dict(re.findall(r'<time[^>]* datetime="([^"]+)"[^>]*>([^<]+)</time>', page))
    atom = fromstring(get(client, "/feed/")).find(f"{ATOM}entry")
    item = fromstring(get(client, "/feed/rss/")).find("channel/item")
    in_json = json.loads(get(client, "/feed/json/"))["items"][0]
    document = json.loads(both(client, ferry)[0])
    newsml = both(client, ferry)[1].decode()
    sitemap, recent = get(client, "/sitemaps/0.xml").decode(), get(client, "/news-sitemap.xml").decode()

    def at(written):
        return datetime.fromisoformat(written).astimezone(UTC)

    assert {at(written): words for written, words in shown.items()}.items() >= {
        published: clock.story_moment(published),
        changed: clock.story_moment(changed),
    }.items()
    assert {
        at(facts["datePublished"]),
        at(re.search(r'article:published_time" content="([^"]+)', page)[1]),
        at(atom.findtext(f"{ATOM}published")),
        parsedate_to_datetime(item.findtext("pubDate")),
        at(in_json["date_published"]),
        at(document["firstCreated"]),
        at(re.search(r"<firstCreated>([^<]+)", newsml)[1]),
        at(re.search(r"<news:publication_date>([^<]+)", recent)[1]),
    } == {published}
    assert {
        at(facts["dateModified"]),
        at(atom.findtext(f"{ATOM}updated")),
        at(in_json["date_modified"]),
        at(document["versionCreated"]),
        at(re.search(r"<versionCreated>([^<]+)", newsml)[1]),
        at(re.search(r"<lastmod>([^<]+)", sitemap)[1]),
        at(re.search(r"<lastmod>([^<]+)", recent)[1]),
    } == {changed}


def test_a_story_s_page_names_its_other_forms_where_the_newsroom_offers_them(client, ferry, settings):
    forms = [reverse(name, args=[ferry.pk]) for name in ("story_ninjs", "story_newsml_g2")]
    page = get(client, ferry.get_absolute_url()).decode()
    assert all(f'rel="alternate" type="application/{kind}" href="{form}"' in page for kind, form in zip(
        ("json", "vnd.iptc.g2.newsmessage+xml"), forms, strict=True))  # fmt: skip
    settings.WIRE = False
    page = get(client, ferry.get_absolute_url()).decode()
    assert not any(form in page for form in forms)
    assert [client.get(form).status_code for form in (*forms, "/wire/ninjs.json")] == [404] * 3
    assert b"Ferry" in get(client, "/feed/rss/")


def test_what_search_engines_are_told_are_facts_that_schema_org_knows(client, ferry, reader):
    post_comment(author=reader, thread=thread_for(ferry), body="I was aboard.")
    add_notice(story=ferry, kind="correction", text="It was Saturday.")
    page = get(client, ferry.get_absolute_url()).decode()
    facts = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert (facts["commentCount"], facts["discussionUrl"]) == (
        1,
        f"http://testserver{ferry.get_absolute_url()}#comments",
    )
    assert facts["correction"] == [
        {"@type": "CorrectionComment", "text": "It was Saturday.", "datePublished": facts["dateModified"]}
    ]
    assert facts["image"]["creditText"] == "Coastal Press/Dana"
    assert facts["image"]["creator"]["name"] and facts["image"]["copyrightNotice"]
    assert facts["editor"][0]["name"] == "Ed Ash"
    about = get(client, "/about/").decode()
    for name in ("correctionsPolicy", "masthead"):
        address, _, place = facts["publisher"][name].partition("#")
        assert address == "http://testserver/about/" and f'id="{place}"' in about
    if not SCHEMA_ORG.is_dir():
        pytest.skip("the vocabulary lies beside the checkout, not in it")
    assert list(unknown(facts)) == []


def unknown(facts):
    """Properties that schema.org does not know, or not of that type."""
    with (SCHEMA_ORG / "schemaorg-current-https-properties.csv").open(encoding="utf-8") as file:
        rows = {
            row["label"]: {one.rpartition("/")[2] for one in row["domainIncludes"].split(", ")}
            for row in csv.DictReader(file)
        }
    parents = {
        "NewsArticle": ["Article", "CreativeWork", "Thing"],
        "NewsMediaOrganization": ["Organization", "Thing"],
        "CorrectionComment": ["Comment", "CreativeWork", "Thing"],
        "ImageObject": ["MediaObject", "CreativeWork", "Thing"],
        "Person": ["Thing"],
        "Thing": [],
    }

    def look(facts):
        of = {facts["@type"], *parents[facts["@type"]]}
        for name, value in facts.items():
            if name[0] != "@" and not rows.get(name, set()) & of:
                yield f"{facts['@type']}.{name}"
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):
                    yield from look(inner)

    return look(facts)


def test_a_version_is_counted_for_stories_of_before_too(client, ferry):
    Release.objects.all().delete()
    assert [item.version for item in ninjs_reading.read(both(client, ferry)[0])] == ["1"]
    add_notice(story=ferry, kind="update", text="It runs again.")
    add_notice(story=ferry, kind="update", text="And again.")
    assert [item.version for item in ninjs_reading.read(both(client, ferry)[0])] == ["2"]
