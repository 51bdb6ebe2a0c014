"""The story page: every part where a reader looks for it, and nothing that may not be seen."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from broadsheet.core import clock
from broadsheet.stories.models import Credit, Notice, Person, RelatedStory, Story, Topic
from broadsheet.stories.structured import picture_address

pytestmark = pytest.mark.django_db

FEBRUARY = datetime(2014, 2, 8, 18, 5, tzinfo=UTC)


@pytest.fixture
def dressed(make_story):
    """A story with every part of the page it was modelled on."""
    story = make_story(
        "Envoys agree to meet in autumn",
        place="SOCHI, Russia",
        agency="Wirepress",
        published_at=FEBRUARY,
        body_html="<p>The envoys agreed on Saturday.</p><h2>Trade</h2><p>More was said.</p>",
        lead_caption="An envoy speaks at a rally.",
        lead_creator="Yuki Sato",
        lead_credit="Wirepress/Yuki Sato",
    )
    una, tim = (Person.objects.create(name=name, slug=name.lower()) for name in ("Una", "Tim"))
    for role, person in (("reporting", una), ("writing", tim), ("editing", una)):
        Credit.objects.create(story=story, role=role, person=person)
    story.topics.add(Topic.objects.create(name="Islands", slug="islands"))
    story.save()
    return story


@pytest.fixture
def page(client):
    def read(story, query=""):
        response = client.get(story.get_absolute_url() + query)
        assert response.status_code == 200
        return response.content.decode()

    return read


class Elements(HTMLParser):
    """The elements of a page that could run something, as a browser would find them."""

    def __init__(self, html):
        super().__init__()
        self.dangerous = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        runs = tag == "script" and not facts.get("src", "").startswith("/static/")
        inert = facts.get("type") in {"application/ld+json", "application/json"}
        if (runs and not inert) or tag in {"svg", "style", "b", "iframe", "object"}:
            self.dangerous.append((tag, attrs))
        runs = any(
            name.startswith("on") or name == "style" or ("javascript:" in (value or "") and name != "title")
            for name, value in attrs
        )
        if runs and tag != "meta":
            self.dangerous.append((tag, attrs))


def words(html):
    return " ".join(re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_the_head_names_section_headline_standfirst_authors_place_and_moment(dressed, page):
    html = page(dressed)
    assert '<a href="/sections/town/"><bdi>Town</bdi></a>' in html
    assert '<h1 dir="auto">Envoys agree to meet in autumn</h1>' in html
    assert "The vote was seven to four." in words(html)
    assert '<a href="/authors/una/" rel="author"><bdi>Una</bdi></a>' in html
    assert "By Una and Tim" in words(html)
    assert '<time datetime="2014-02-08T18:05:00+00:00">Sat Feb 8, 2014 1:05pm EST</time>' in html
    assert "SOCHI, Russia Sat Feb 8, 2014 1:05pm EST" in words(html)


def test_the_first_paragraph_begins_with_place_and_agency(dressed, page):
    assert "SOCHI, Russia (Wirepress) - The envoys agreed on Saturday." in words(page(dressed))


def test_the_newsroom_s_agency_stands_in_for_a_missing_one(make_story, page, settings):
    settings.AGENCY = "Courier"
    assert "HARLOW MILLS (Courier) - The council" in words(page(make_story()))


def test_a_dateline_that_the_body_has_already_is_not_printed_twice(make_story, page):
    story = make_story(place="SOCHI", agency="Wirepress", body_html="<p>SOCHI (Wirepress) - It snowed.</p>")
    assert words(page(story)).count("SOCHI (Wirepress) -") == 1


def test_a_body_that_begins_with_something_else_keeps_its_dateline(make_story, page):
    assert "HARLOW MILLS - Why" in words(page(make_story(body_html="<h2>Why</h2><p>Because.</p>")))


def test_a_picture_without_its_file_still_has_caption_and_credit(dressed, page):
    html = page(dressed)
    assert "An envoy speaks at a rally. Credit: Wirepress/Yuki Sato" in words(html)
    assert "<img" not in html


def test_a_creator_whom_the_credit_does_not_name_is_named_too(make_story, page):
    story = make_story(lead_creator="Yuki Sato", lead_credit="Wirepress")
    assert "Photo: Yuki Sato. Credit: Wirepress" in words(page(story))


def test_the_line_at_the_end_credits_everybody_by_role(dressed, page):
    assert re.search(r"\(Reporting by Una ; Writing by Tim ; Editing by Una \)", words(page(dressed)))


def test_topics_stand_under_related_topics(dressed, page):
    assert '<a href="/topics/islands/" rel="tag"><bdi>Islands</bdi></a>' in page(dressed)


def test_related_stories_are_the_chosen_ones_and_then_the_newest_on_the_topic(dressed, make_story, page):
    chosen, near, far = make_story("Chosen by the desk"), make_story("Near"), make_story("About something else")
    old = make_story("Older", published_at=FEBRUARY - timedelta(days=1))
    for story in (near, old):
        story.topics.add(Topic.objects.get(slug="islands"))
        story.save()
    RelatedStory.objects.create(story=dressed, other=chosen)
    related = words(page(dressed).partition("Related stories")[2].partition("</aside>")[0])
    assert related.index("Chosen by the desk") < related.index("Near") < related.index("Older")
    assert far.headline not in related


def test_a_chosen_story_that_readers_may_not_see_is_not_related(dressed, make_story, page):
    for facts in ({"live": False}, {"published_at": clock.now() + timedelta(days=1)}, {"withdrawn_at": clock.now()}):
        RelatedStory.objects.create(story=dressed, other=make_story("Hidden one", **facts))
    assert "Hidden one" not in page(dressed)


def test_dated_notices_stand_above_the_body_newest_first(dressed, page):
    Notice.objects.create(story=dressed, kind="correction", text="It was eight.", made_at=FEBRUARY + timedelta(hours=2))
    Notice.objects.create(story=dressed, kind="update", text="Adds a reply.", made_at=FEBRUARY + timedelta(hours=3))
    Story.objects.filter(pk=dressed.pk).update(corrected_at=FEBRUARY + timedelta(hours=2))
    text = words(page(dressed))
    assert "Corrected Sat Feb 8, 2014 3:05pm EST" in text
    assert text.index("Adds a reply.") < text.index("It was eight.") < text.index("The envoys agreed")


def test_machines_are_told_the_same_facts_and_moments(dressed, page):
    Notice.objects.create(story=dressed, kind="correction", text="It was <b>eight</b>.", made_at=FEBRUARY)
    html = page(dressed)
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == dressed.headline
    assert datetime.fromisoformat(data["datePublished"]) == FEBRUARY
    assert data["datePublished"].endswith("-05:00")
    assert data["dateline"] == "SOCHI, Russia"
    assert [author["name"] for author in data["author"]] == ["Una", "Tim"]
    assert data["correction"][0]["text"] == "It was <b>eight</b>."
    assert f'<link rel="canonical" href="http://testserver{dressed.get_absolute_url()}">' in html
    assert '<meta property="og:type" content="article">' in html
    assert '<meta property="article:tag" content="Islands">' in html
    for name, moment in (("published", "datePublished"), ("modified", "dateModified")):
        assert f'<meta property="article:{name}_time" content="{data[moment]}">' in html


def test_search_and_previews_are_shown_a_picture_of_1200_pixels_where_there_is_one(picture, make_story):
    story = make_story("A wide one", lead_picture=picture)
    for widths, shown in (([320, 640, 960, 1280, 1920], 1280), ([320, 640], 640)):
        picture.widths = widths
        assert picture_address(story).endswith(f"/{shown}.jpg")


HOSTILE = [
    "A</script><b>B",
    "</title><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "<!--<script>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "javascript:alert(1)",
    "\u2028alert(1)//\u2029",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words_in_every_part(text, make_story, section, page, client):
    story = make_story(
        text,
        standfirst=text,
        place=text,
        agency=text,
        lead_caption=text,
        lead_creator=text,
        lead_credit=text,
        body_html=f"<p>{text}</p><p onclick=alert(1)>x</p>",
    )
    person = Person.objects.create(name=text, slug="p", job=text, biography=text)
    topic = Topic.objects.create(name=text, slug="t", description=text)
    type(section).objects.filter(pk=section.pk).update(name=text[:60], description=text)
    Credit.objects.create(story=story, person=person)
    story.topics.add(topic)
    story.save()
    Notice.objects.create(story=story, kind="correction", text=text, made_at=clock.now())
    addresses = [story.get_absolute_url(), "/", "/sections/town/", "/topics/t/", "/authors/p/", "/about/"]
    for address in addresses:
        html = client.get(address).content.decode()
        assert Elements(html).dangerous == [], address
        for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL):
            assert json.loads(data)["headline"] == story.headline
            assert "<" not in data


def test_a_wrong_slug_moves_for_good_to_the_right_one_with_its_question(story, client):
    answer = client.get(f"/stories/{story.pk}/old-slug/?page=2&order=newest")
    assert answer.status_code == 301
    assert answer["Location"] == f"{story.get_absolute_url()}?page=2&order=newest"


@pytest.mark.parametrize(
    "facts",
    [{"live": False}, {"published_at": clock.now() + timedelta(days=1)}, {"live": False, "withdrawn_at": clock.now()}],
)
def test_what_readers_may_not_see_is_plainly_not_there_under_any_slug(facts, make_story, client):
    story = make_story("Xsecret headline", slug="xsecret", **facts)
    for slug in ("xsecret", "guess"):
        answer = client.get(f"/stories/{story.pk}/{slug}/")
        assert answer.status_code == 404
        assert b"xsecret" not in answer.content.lower()


def test_a_withdrawn_story_answers_gone_with_its_notice_and_nothing_else(make_story, client):
    story = make_story("Xwrong headline", slug="xwrong", withdrawn_at=clock.now())
    Notice.objects.create(story=story, kind="correction", text="Xold correction", made_at=clock.now())
    Notice.objects.create(story=story, kind="withdrawal", text="We named the wrong man.", made_at=clock.now())
    for slug in ("xwrong", "other"):
        answer = client.get(f"/stories/{story.pk}/{slug}/")
        html = answer.content.decode().lower()
        assert answer.status_code == 410
        assert "we named the wrong man." in html
        assert "xwrong" not in html and "xold" not in html and "comment-" not in html
        assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=x", "?page=1.5", "?page=٣", "?order=best", "?page=99"])
def test_a_page_of_comments_that_there_is_not_is_not_found(query, story, client):
    assert client.get(story.get_absolute_url() + query).status_code == 404


@pytest.mark.parametrize(
    "address", ["/stories/99999999999999999999999/x/", "/sitemaps/99999999999999.xml", "/stories/0/x/"]
)
def test_numbers_that_no_row_can_have_are_not_found(address, client):
    assert client.get(address).status_code == 404


def test_a_story_with_a_hundred_comments_takes_seven_queries(
    dressed, make_story, client, django_assert_max_num_queries
):
    from broadsheet.discussion.actions import import_comment, thread_for

    for number in range(6):
        other = make_story(f"Other {number}")
        other.topics.add(Topic.objects.get(slug="islands"))
        other.save()
        RelatedStory.objects.create(story=dressed, other=make_story(f"Chosen {number}"))
        Notice.objects.create(story=dressed, kind="update", text=f"Update {number}", made_at=clock.now())
    thread = thread_for(dressed)
    parent = None
    for number in range(100):
        comment = import_comment(
            thread=thread, author_name="carl", body=f"Comment {number}", created_at=FEBRUARY, parent=parent
        )
        parent = comment if number % 2 == 0 else None
    client.get("/about/")  # what Django looks up once in a process
    with django_assert_max_num_queries(7):
        answer = client.get(dressed.get_absolute_url())
    assert answer.content.decode().count('class="comment"') == 100


def test_a_photo_feature_has_its_own_layout_at_the_same_address(make_story, page):
    html = page(make_story(kind="feature"))
    assert 'class="feature-page"' in html and "feature-head" in html


def test_a_page_changes_by_itself_when_an_embargo_ends(dressed, make_story, client):
    soon = clock.now() + timedelta(hours=1)
    make_story("Later", published_at=soon)
    answers = [client.get(address) for address in ("/", dressed.get_absolute_url(), "/sections/town/", "/feed/")]
    for answer in answers:
        assert vars(answer)["freshness"].ends <= soon


def test_a_preview_shows_a_draft_s_own_names_and_no_discussion(section, editor, rf):
    from broadsheet.delivery.freshness import Freshness
    from broadsheet.stories.views import story_context

    draft = Story(headline="Draft", section=section, place="TOWN", body_html="<p>Words.</p>", slug="draft")
    draft.pk = 0
    draft.credits = [Credit(role="reporting", person=Person.objects.create(name="Una", slug="una"))]
    draft.topics = [Topic.objects.create(name="Islands", slug="islands")]
    context = story_context(draft, Freshness(), preview=True)
    assert [name.name for name in context["around"].byline] == ["Una"]
    assert [name.slug for name in context["around"].topics] == ["islands"]
    assert context["preview"] and not context["json_ld"]
