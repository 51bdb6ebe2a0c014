"""The pages that list stories: what stands where, how they go on, and what they never show."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from broadsheet.core import clock
from broadsheet.stories import feeds
from broadsheet.stories.lists import STORIES_PER_PAGE, front_page
from broadsheet.stories.models import Credit, Person, Section, Story, Topic

pytestmark = pytest.mark.django_db

PARTS = ["/sections/town/", "/topics/bridges/", "/authors/una-umber/"]
FEEDS = ["/feed/", *(f"{part}feed/" for part in PARTS)]
LISTS = ["/", *PARTS, "/features/", *FEEDS, "/sitemaps/0.xml"]
ICONS = Path(feeds.__file__).parent / "static/stories/root"
STANDING = ["/search/", "/policy/comments/", "/about/", "/sitemap.xml", "/robots.txt"]


@pytest.fixture
def topic():
    return Topic.objects.create(name="Bridges", slug="bridges")


@pytest.fixture
def person():
    return Person.objects.create(name="Una Umber", slug="una-umber", job="Town hall reporter", biography="Since 2011.")


@pytest.fixture
def file_story(make_story, topic, person):
    """A story with a topic and an author."""

    def make(headline="Council votes", **facts):
        story = make_story(headline, **facts)
        story.topics.add(topic)
        story.save()
        Credit.objects.create(story=story, person=person)
        return story

    return make


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.any_database
@pytest.mark.parametrize("address", [*LISTS, *STANDING])
def test_every_page_is_there(address, file_story, client):
    file_story("The bridge stays")
    file_story("The dome at night", kind="feature")
    assert read(client, address)


@pytest.mark.parametrize("address", ["/", "/sections/town/", "/features/", "/about/", "/search/", "/policy/comments/"])
def test_a_paper_on_its_first_day_has_pages_too(address, section, client):
    assert "None" not in read(client, address)


@pytest.mark.parametrize("address", LISTS)
def test_lists_show_what_readers_may_see_and_nothing_else(address, file_story, client):
    kind = "feature" if address == "/features/" else "story"
    shown = file_story("Xpublic", slug="xpublic", kind=kind)
    file_story("Xdraft", slug="xdraft", live=False, kind=kind)
    file_story("Xembargoed", slug="xembargoed", published_at=clock.now() + timedelta(seconds=30), kind=kind)
    file_story("Xwithdrawn", slug="xwithdrawn", withdrawn_at=clock.now(), kind=kind)
    html = read(client, address)
    assert shown.get_absolute_url() in html
    for word in ("draft", "embargoed", "withdrawn"):
        assert f"x{word}" not in html.lower()


def test_an_embargo_ends_to_the_second(make_story):
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    story = make_story(published_at=moment)
    assert story not in Story.objects.public(moment - timedelta(microseconds=1))
    assert story in Story.objects.public(moment)


def test_a_topic_that_stands_on_no_public_story_is_not_there(file_story, topic, client):
    story = file_story(published_at=clock.now() + timedelta(days=1))
    assert client.get("/topics/bridges/").status_code == 404
    Story.objects.filter(pk=story.pk).update(published_at=clock.now() - timedelta(hours=1))
    assert client.get("/topics/bridges/").status_code == 200


@pytest.mark.parametrize("address", ["/sections/nope/", "/topics/nope/", "/authors/nope/", "/nope/", "/stories/1/"])
def test_what_is_not_there_is_said_in_the_paper_s_own_words(address, section, client):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_urgency_leads_the_front_and_a_day_costs_one_step_of_it(make_story):
    now = clock.now()
    make_story("Routine of today", urgency=5, published_at=now - timedelta(hours=1))
    make_story("Urgent yesterday", urgency=3, published_at=now - timedelta(hours=25))
    make_story("Urgent last week", urgency=1, published_at=now - timedelta(days=7))
    page = front_page(now)
    assert page.lead.headline == "Urgent yesterday"
    assert [story.headline for story in page.beside] == ["Routine of today", "Urgent last week"]


def test_the_front_groups_stories_by_section_and_features_apart(make_story):
    sport = Section.objects.create(name="Sport", slug="sport", position=2)
    for number in range(8):
        make_story(f"Town {number}", published_at=clock.now() - timedelta(hours=number + 1))
    make_story("Rovers draw", section=sport, published_at=clock.now() - timedelta(days=30))
    make_story("Nights", kind="feature")
    page = front_page(clock.now())
    assert [(section.name, len(stories)) for section, stories in page.sections] == [("Town", 4), ("Sport", 1)]
    assert [story.headline for story in page.features] == ["Nights"]
    assert "Nights" not in {story.headline for story in [page.lead, *page.beside, *page.latest]}


def test_the_front_names_the_day_in_the_newsroom_s_zone_and_changes_at_its_midnight(client, section):
    answer = client.get("/")
    local = clock.in_newsroom(clock.now())
    assert f"{local:%A, %B} {local.day}, {local.year}" in answer.content.decode()
    ends = clock.in_newsroom(vars(answer)["freshness"].ends)
    assert (ends.hour, ends.minute) == (0, 0) and ends > local


def test_a_list_goes_on_story_by_story_without_missing_or_repeating_one(make_story, client):
    moment = clock.now() - timedelta(days=1)
    for number in range(STORIES_PER_PAGE * 2 + 3):  # many at the same instant, as an import makes them
        make_story(f"Story no. {number:03}", published_at=moment - timedelta(minutes=number // 7))
    seen, address = [], "/sections/town/"
    for _ in range(3):
        html = read(client, address)
        seen += re.findall(r"Story no\. (\d{3})", html)
        onward = re.search(r'href="(\?page=[0-9-]+)" rel="next"', html)
        address = "/sections/town/" + onward[1] if onward else ""
    assert not address
    assert len(seen) == len(set(seen)) == STORIES_PER_PAGE * 2 + 3


def test_a_list_s_page_is_one_query_without_offset(make_story, client, django_assert_max_num_queries):
    for number in range(STORIES_PER_PAGE + 5):
        make_story(f"Story {number}")
    client.get("/about/")
    with django_assert_max_num_queries(7) as queries:
        read(client, "/sections/town/")
    assert not [query for query in queries.captured_queries if "OFFSET" in query["sql"]]


@pytest.mark.any_database
def test_the_front_costs_the_same_however_much_it_shows(make_story, client, django_assert_max_num_queries):
    for number in range(30):
        make_story(f"Story {number}")
    client.get("/about/")
    with django_assert_max_num_queries(10):
        read(client, "/")


@pytest.mark.parametrize("cursor", ["x", "1", "-1", "1-", "9" * 18 + "-1", "1-1-1", "٣-٣", "1-9999999999999999999"])
def test_a_cursor_that_is_none_of_ours_is_not_found(cursor, story, client):
    assert client.get("/sections/town/", {"page": cursor}).status_code == 404


def test_a_list_says_how_many_comments_a_story_has(make_comment, client):
    make_comment()
    assert "1 comment<" in read(client, "/")


def test_navigation_names_the_sections_in_their_order(section, client):
    Section.objects.create(name="Arts", slug="arts", position=0)
    html = read(client, "/about/")
    assert 0 < html.index("/sections/arts/") < html.index("/sections/town/")
    assert 'aria-current="true"><bdi>Town' in read(client, "/sections/town/")


def test_an_author_s_page_says_who_that_is(file_story, client):
    file_story("The bridge stays")
    html = read(client, "/authors/una-umber/")
    assert "Town hall reporter" in html and "Since 2011." in html and "The bridge stays" in html
    assert "Town hall reporter" in read(client, "/about/")


def test_the_comment_policy_says_what_we_welcome_and_how_we_decide(client, section):
    html = read(client, "/policy/comments/")
    for words in ("relevant opinion", "anecdotes", "links", "data", "Report as abuse", "do not represent", "14 days"):
        assert words in html


def test_the_feed_is_atom_with_stable_names_and_true_moments(file_story, client):
    story = file_story("Fish & chips <again>", published_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    Story.objects.filter(pk=story.pk).update(corrected_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    answer = client.get("/feed/")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "<title>Fish &amp; chips &lt;again&gt;</title>" in text
    assert "<published>2026-03-01T12:00:00+00:00</published>" in text
    assert "<updated>2026-03-02T09:00:00+00:00</updated>" in text
    assert "<name>Una Umber</name>" in text
    Story.objects.filter(pk=story.pk).update(slug="another-slug")
    assert re.findall(r"<id>(.*?)</id>", client.get("/feed/").content.decode()) == re.findall(r"<id>(.*?)</id>", text)
    assert 'type="application/atom+xml" href="/feed/"' in read(client, "/")


def entries(client, address):
    """What a feed says of each story: its headline, and each author's name with their page."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = fromstring(client.get(address).content)
    return [
        (
            entry.findtext(f"{atom}title"),
            [(one.findtext(f"{atom}name"), one.findtext(f"{atom}uri")) for one in entry.findall(f"{atom}author")],
        )
        for entry in feed.findall(f"{atom}entry")
    ]


def test_a_feed_names_each_author_for_themselves(file_story, client):
    story = file_story()
    for name, role in (("Tim", "writing"), ("Una Umber", "writing"), ("Ed", "editing")):
        person, _ = Person.objects.get_or_create(name=name, defaults={"slug": name.lower()})
        Credit.objects.create(story=story, person=person, role=role)
    una, tim = ("Una Umber", "http://testserver/authors/una-umber/"), ("Tim", "http://testserver/authors/tim/")
    assert entries(client, "/feed/") == [("Council votes", [una, tim])]


def test_a_photo_feature_in_the_feed_is_by_who_photographed_it(make_story, person, client):
    Credit.objects.create(story=make_story("Fair", kind="feature"), person=person, role="photography")
    assert entries(client, "/feed/") == [("Fair", [("Una Umber", "http://testserver/authors/una-umber/")])]


def test_a_story_by_nobody_is_by_the_newsroom_whose_feed_it_is(story, client, settings):
    text = client.get("/feed/").content.decode()
    assert text.count("<author>") == 1 and f"<author><name>{settings.SITE_NAME}</name></author>" in text


@pytest.mark.parametrize("page", PARTS)
def test_a_section_a_topic_and_a_person_have_feeds_of_their_own(page, file_story, make_story, client, settings):
    file_story()
    elsewhere = Section.objects.create(name="Sport", slug="sport")
    make_story("The derby", section=elsewhere)
    assert [headline for headline, _ in entries(client, f"{page}feed/")] == ["Council votes"]
    html, text = read(client, page), client.get(f"{page}feed/").content.decode()
    title = re.findall(r"<title>(.*?)</title>", html)[0]
    assert f"<title>{title}</title>" in text
    assert f'href="http://testserver{page}feed/" rel="self"' in text
    found = re.findall(r'type="application/atom\+xml" href="(.*?)" title="(.*?)"', html)
    assert found == [(f"{page}feed/", title), ("/feed/", settings.SITE_NAME)]


def test_whoever_reported_and_wrote_a_story_has_it_in_their_feed_once(file_story, person, client):
    Credit.objects.create(story=file_story(), person=person, role="writing")
    assert len(entries(client, "/authors/una-umber/feed/")) == 1


def test_an_empty_section_s_feed_is_the_same_whenever_it_is_asked_for(section, client):
    assert client.get("/sections/town/feed/").content == client.get("/sections/town/feed/").content
    assert entries(client, "/sections/town/feed/") == []


@pytest.mark.parametrize("address", ["/topics/bridges/feed/", "/authors/una-umber/feed/", "/sections/none/feed/"])
def test_a_topic_and_a_person_of_no_public_story_have_no_feed(address, file_story, client):
    file_story(published_at=clock.now() + timedelta(hours=1))
    assert client.get(address).status_code == 404


def test_the_sitemap_lists_public_stories_and_crawlers_are_shown_the_way(story, client):
    assert "http://testserver/sitemaps/0.xml" in read(client, "/sitemap.xml")
    assert f"http://testserver{story.get_absolute_url()}" in read(client, "/sitemaps/0.xml")
    assert client.get("/sitemaps/7.xml").status_code == 404
    robots = read(client, "/robots.txt")
    assert "Sitemap: http://testserver/sitemap.xml" in robots and "Disallow: /moderation/" in robots


@pytest.mark.parametrize("name", ["favicon.ico", "apple-touch-icon.png"])
def test_the_icon_is_there_for_who_asks_without_having_read_a_page(name, client):
    answer = client.get(f"/{name}")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("image/")
    assert answer.getvalue() == (ICONS / name).read_bytes()
    assert "public" in answer["Cache-Control"] and not answer.cookies
    answer.close()


PUBLIC = [*LISTS, "/policy/comments/", "/about/", "/sitemap.xml", "/robots.txt"]


def test_public_pages_are_the_same_bytes_for_everyone_and_set_no_cookie(file_story, reader, moderator):
    story = file_story()
    addresses = [*PUBLIC, story.get_absolute_url()]
    visitors = [Client(), Client(HTTP_ACCEPT_LANGUAGE="de", HTTP_USER_AGENT="another"), Client()]
    visitors[1].force_login(reader)
    visitors[2].force_login(moderator)
    for address in addresses:
        answers = [visitor.get(address) for visitor in visitors]
        assert len({answer.content for answer in answers}) == 1, address
        for answer in answers:
            assert not answer.cookies and "public" in answer["Cache-Control"], address
            assert "Cookie" not in answer.get("Vary", ""), address
            assert b"csrfmiddlewaretoken" not in answer.content, address


@pytest.mark.parametrize("address", ["/", "/search/", "/about/", "/robots.txt"])
def test_nothing_is_written_to_the_paper_s_pages(address, section, client):
    assert client.post(address).status_code == 405


def test_the_pages_of_accounts_tie_every_fault_to_its_field(client, section):
    for address in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        read(client, address)
    html = client.post("/accounts/signup/", {"email": "x", "name": "", "password1": "short"}).content.decode()
    for field in ("email", "name", "password1"):
        shown = re.search(rf'<input[^>]*name="{field}"[^>]*>', html)[0]
        assert 'aria-invalid="true"' in shown
        fault = re.search(r'aria-describedby="([^"]*)"', shown)[1].split()[-1]
        assert f'id="{fault}"' in html


def test_signing_in_leaves_no_message_to_come_up_on_a_later_page(reader, client, section):
    client.post("/accounts/login/", {"login": reader.email, "password": "a long enough pass phrase"})
    html = client.get("/accounts/email/").content.decode()
    assert "Signed in as" in html and reader.name in html
    assert 'class="message"' not in html


def test_a_story_s_number_alone_leads_to_its_address(make_story, client):
    story = make_story("The bridge stays")
    answer = client.get(f"/stories/{story.pk}/?page=2&utm_source=x")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{story.get_absolute_url()}?page=2")


def test_the_number_of_a_story_that_is_not_public_leads_nowhere(make_story, client):
    hidden = make_story("Not yet", published_at=clock.now() + timedelta(days=1))
    answers = [client.get(address) for address in (f"/stories/{hidden.pk}/", "/stories/999999/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("facts", [{"live": False}, {"published_at": clock.now() + timedelta(days=1)}])
def test_whoever_has_worked_on_no_public_story_is_not_named(facts, file_story, client):
    file_story("Not yet", **facts)
    assert client.get("/authors/una-umber/").status_code == 404
    assert "Una Umber" not in read(client, "/about/")
    file_story("The bridge stays")
    assert read(client, "/about/").count("Una Umber") == 1
    assert "Not yet" not in read(client, "/authors/una-umber/")


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("desk@example.org", '<a href="mailto:desk@example.org">desk@example.org</a>'),
        ("https://example.org/write/", '<a href="https://example.org/write/">example.org/write</a>'),
    ],
)
def test_the_newsroom_s_own_address_stands_where_readers_look_for_it(contact, link, settings, make_story, client):
    withdrawn = make_story("Gone", withdrawn_at=clock.now())
    addresses = ["/about/", "/policy/comments/", f"/stories/{withdrawn.pk}/x/"]
    assert not [address for address in addresses if "reach the newsroom at" in client.get(address).content.decode()]
    assert "Write to the newsroom" not in read(client, "/")
    settings.CONTACT = contact
    for address in addresses:
        assert link in client.get(address).content.decode(), address
    assert "Write to the newsroom" in read(client, "/")
