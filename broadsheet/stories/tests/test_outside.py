"""Stories that stand on other sites, and the addresses that mean a story."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.stories.actions import add_outside_story, publish_story, withdraw_story
from broadsheet.stories.addresses import plain_address, remember, story_at
from broadsheet.stories.models import Story

HOME = "https://news.example/2026/bridge/"


@pytest.fixture
def outside(section):
    return add_outside_story(
        headline="Bridge reopens", home=HOME, published_at=clock.now() - timedelta(hours=1), section=section
    )


@pytest.mark.parametrize(
    "other",
    [
        "http://www.News.example/2026/bridge",
        "https://news.example:443/2026/bridge/#comments",
        "https://news.example/2026/bridge/?utm_source=letter&fbclid=x",
        "https://news.example./2026/%62ridge/",
        "  https://news.example/2026/bridge/\n",
    ],
)
def test_what_makes_no_other_page_makes_no_other_address(other):
    assert plain_address(other) == plain_address(HOME) == "news.example/2026/bridge"


def test_another_path_query_port_or_case_is_another_page():
    others = ["https://news.example/2026/Bridge/", f"{HOME}?page=2", "https://news.example:8443/2026/bridge/"]
    assert len({plain_address(url) for url in [HOME, *others]}) == 4
    assert plain_address("https://news.example/?b=2&a=1") == plain_address("https://news.example?a=1&b=2")
    assert plain_address("https://zeitung-köln.example/ä") == plain_address(
        "https://xn--zeitung-kln-zfb.example/%C3%A4"
    )


@pytest.mark.parametrize(
    "url",
    ["", "bridge", "javascript:alert(1)", "ftp://news.example/", "https://", "https://a b.example/", "https://[::1/",
     "https://user@news.example/", "https://news.example:port/", "https://news.example/" + "a" * 2000, "data:,x",
     "https://news.example/\x00", "//news.example/"],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_none(url):
    assert plain_address(url) is None
    assert story_at(url) is None


def test_a_story_is_found_by_its_page_here_under_any_slug(story, settings):
    assert story_at(f"{settings.SITE_URL}{story.get_absolute_url()}") == story
    assert story_at(f"{settings.SITE_URL}/stories/{story.pk}/an-older-slug/?page=3#comment-9") == story
    assert story_at(f"{settings.SITE_URL}/stories/{story.pk}") == story
    assert story_at(f"{settings.SITE_URL}/stories/999999/") is None
    assert story_at(f"{settings.SITE_URL}/about/") is None


def test_an_outside_story_has_a_page_with_headline_way_there_and_discussion(client, outside):
    answer = client.get(outside.get_absolute_url())
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<a href="{HOME}">Read the story at news.example</a>' in page
    assert f'<link rel="canonical" href="{HOME}">' in page
    assert 'id="comments"' in page
    assert "application/ld+json" not in page
    assert story_at(HOME) == outside


def test_the_papers_lists_and_feeds_leave_it_out(client, outside, story):
    for path in (
        "/",
        outside.section.get_absolute_url(),
        "/feed/",
        "/sitemaps/0.xml",
        f"{outside.section.get_absolute_url()}feed/",
    ):
        page = client.get(path).content.decode()
        assert story.get_absolute_url() in page
        assert outside.get_absolute_url() not in page, path


def test_the_same_address_is_the_same_story_whoever_asks_and_another_title_changes_nothing(outside):
    again = add_outside_story(
        headline="Another title", home="http://www.news.example/2026/bridge?utm_medium=x", published_at=clock.now()
    )
    assert (again, again.headline, Story.objects.count()) == (outside, "Bridge reopens", 1)


def test_without_an_address_of_a_page_there_is_no_outside_story(db):
    for home in ("", "javascript:alert(1)", "news.example/bridge"):
        with pytest.raises(Unacceptable):
            add_outside_story(headline="Bridge", home=home, published_at=clock.now())
    assert not Story.objects.exists()


def test_a_withdrawn_one_is_not_made_anew(outside):
    withdraw_story(story=outside, text="The page is gone.")
    with pytest.raises(Unacceptable):
        add_outside_story(headline="Bridge", home=HOME, published_at=clock.now())
    assert Story.objects.count() == 1


def test_a_story_of_ours_has_no_address_elsewhere(make_draft):
    with pytest.raises(Unacceptable, match="is not of that kind"):
        publish_story(story=make_draft(home=HOME))


def test_an_old_address_on_our_host_leads_to_the_story(client, story):
    assert client.get("/2009/05/mill.html").status_code == 404
    remember(story=story, url="http://testserver/2009/05/mill.html")
    answer = client.get("/2009/05/mill.html?utm_source=x")
    assert (answer.status_code, answer["Location"]) == (301, story.get_absolute_url())
    assert client.post("/2009/05/mill.html").status_code == 404


def test_an_old_address_tells_nothing_of_a_story_that_readers_may_not_see(client, make_story):
    hidden = make_story(published_at=clock.now() + timedelta(days=1))
    remember(story=hidden, url="http://testserver/2009/05/mill.html")
    assert client.get("/2009/05/mill.html").status_code == 404


def test_an_address_means_one_story(story, outside):
    remember(story=outside, url=HOME)
    for url in (HOME, f"http://testserver/stories/{outside.pk}/", "no address"):
        with pytest.raises(Unacceptable):
            remember(story=story, url=url)
    assert story_at(HOME) == outside


def test_an_outside_story_is_made_at_the_desk(client, editor, section):
    client.force_login(editor)
    page = client.get(reverse("wagtailsnippets_stories_story:add"))
    assert 'name="home"' in page.content.decode()
