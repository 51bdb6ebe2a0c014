"""Discussions of stories that stand on other sites: what their pages say, and nobody else."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from broadsheet.core import clock
from broadsheet.discussion.models import Thread
from broadsheet.embed.host_csp import forbids
from broadsheet.embed.host_page import read_page
from broadsheet.embed.models import AskedPage
from broadsheet.embed.outside import old_pages
from broadsheet.embed.tests.hosts import Host, page
from broadsheet.embed.tests.hosts import host as host
from broadsheet.stories.addresses import story_at
from broadsheet.stories.models import Story

FACTS = '<meta property="og:title" content="The bridge stays"><meta property="article:published_time" content="{}">'


def at(client, url, **more):
    return client.get("/embed/at/", {"url": url, **more})


def facts(moment="2026-11-28T08:00:00Z"):
    return FACTS.format(moment)


@pytest.mark.django_db
def test_the_first_reader_of_a_page_begins_its_discussion_with_what_the_page_says(client, host, section):
    host.pages["/bridge/"] = page(
        facts() + '<meta property="article:section" content="town">', told='data-title="Not this"'
    )
    led = at(client, f"{host.url}/bridge/")
    story = Story.objects.get()
    assert (story.headline, story.home, story.section) == ("The bridge stays", f"{host.url}/bridge/", section)
    assert story.published_at == datetime(2026, 11, 28, 8, tzinfo=UTC)
    assert led.status_code == 302
    assert at(client, f"{host.url}/bridge/").headers["Location"] == f"/embed/stories/{story.pk}/"
    opened = client.get("/embed/open/", {"url": f"{host.url}/bridge/?utm_source=mail"})
    assert opened.headers["Location"] == f"{story.get_absolute_url()}#comments"
    assert len(host.asked) == 1, "a page is asked once"


@pytest.mark.django_db
def test_the_snippet_is_believed_only_where_the_page_says_nothing(client, host, section):
    told = 'data-title="From the snippet" data-published="2026-11-20T08:00:00Z" data-section="town"'
    host.pages["/plain/"] = page(told=told)
    at(client, f"{host.url}/plain/", title="From the address", published="2026-11-01T08:00:00Z")
    story = Story.objects.get()
    assert (story.headline, story.section) == ("From the snippet", section)
    assert story.published_at == datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.django_db
def test_the_closing_clock_counts_from_the_page_s_own_moment(client, host, settings):
    settings.DISCUSSION_PERIOD = timedelta(days=14)
    host.pages["/old/"] = page(facts((clock.now() - timedelta(days=20)).isoformat()))
    host.pages["/ahead/"] = page(facts((clock.now() + timedelta(days=1)).isoformat()))
    for path in ("/old/", "/ahead/"):
        at(client, host.url + path)
    old, ahead = Story.objects.order_by("published_at")
    assert Thread(story=old).is_closed(clock.now()) and not Thread(story=ahead).is_closed(clock.now())
    assert ahead.is_public(), "it can be read there already"


@pytest.mark.django_db
def test_other_addresses_of_a_page_make_no_second_discussion(client, host):
    head = facts() + '<link rel="canonical" href="/bridge/">'
    host.pages |= {"/bridge/": page(head), "/amp/bridge/": page(head)}
    for path in ("/amp/bridge/", "/bridge/?fbclid=1", "/bridge", "/amp/bridge/?x=1", "/amp/bridge/"):
        at(client, host.url + path)
    story = Story.objects.get()
    assert story.home == f"{host.url}/bridge/"
    assert story_at(f"{host.url}/amp/bridge/") == story
    assert len(host.asked) == 2, "once by each address that is another page as far as anybody can know"


REFUSED = {
    "no snippet": (page(facts(), "<p>Nothing of ours.</p>"), "does not ask for a discussion"),
    "the script alone": (
        page(facts(), '<script src="http://testserver/embed/loader.js"></script>'),
        "does not ask for a discussion",
    ),
    "another newsroom's": (page(facts(), None, site="https://other.example"), "does not ask for a discussion"),
    "stands elsewhere": (
        page(facts() + '<link rel="canonical" href="https://elsewhere.example/bridge/">'),
        "stands on another site",
    ),
    "all alike": (page(facts() + '<link rel="canonical" href="/">'), "stands at its site&#x27;s front page"),
    "not there": ((404, {}, page(facts())), "There is no page at this address"),
    "no page": ((200, {"Content-Type": "application/json"}, "{}"), "There is no page at this address"),
    "leads away": ((302, {"Location": "http://192.0.2.1/"}, ""), "has moved to another site"),
    "no headline": (page(), "has no headline"),
    "packed": ((200, {"Content-Encoding": "gzip"}, page(facts())), "could not be read"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_a_page_gets_a_discussion_only_if_it_asks_for_one_itself_and_is_not_asked_again_at_once(client, host, name):
    host.pages["/x/"], why = REFUSED[name]
    url = f"{host.url}/x/"
    at(client, url)
    answer = at(client, url)
    assert answer.status_code == 404 and why in answer.content.decode(), answer.content.decode()
    assert not Story.objects.exists() and len(host.asked) == 1
    AskedPage.objects.update(asked_at=clock.now() - timedelta(minutes=6))
    at(client, url)
    assert len(host.asked) == 2
    AskedPage.objects.update(asked_at=clock.now() - timedelta(minutes=6))
    assert old_pages(clock.now())[0] == 1


@pytest.mark.django_db
def test_pages_of_other_sites_are_not_even_asked(client, host, settings):
    settings.EMBED_SITES = ["https://news.example"]
    for url in (f"{host.url}/x/", "file:///etc/passwd", "", "//", f"https://news.example.evil.example@{host.url}/"):
        answer = at(client, url)
        assert answer.status_code == 404 and "not among those" in answer.content.decode(), url
    assert host.asked == [] and not AskedPage.objects.exists()


@pytest.mark.django_db
def test_a_site_of_the_newsroom_s_own_network_is_not_called_unless_a_setting_names_it(client, host, settings):
    settings.OUTBOUND_INSIDE = []
    host.pages["/x/"] = page(facts())
    at(client, f"{host.url}/x/")
    assert host.asked == [] and not Story.objects.exists()


@pytest.mark.django_db
def test_while_a_page_is_asked_its_readers_are_told_and_it_is_asked_by_one_alone(client, host, settings):
    settings.TASKS_AT_ONCE = []
    host.pages["/x/"] = page(facts())
    first, second = at(client, f"{host.url}/x/"), at(client, f"{host.url}/x/?utm_source=mail")
    for answer in (first, second):
        assert answer.status_code == 202 and "is being set up" in answer.content.decode()
        assert b'<meta http-equiv="refresh" content="2">' in answer.content
        assert "no-store" in answer.headers["Cache-Control"]
    assert AskedPage.objects.count() == 1
    from django_tasks_db.models import DBTaskResult

    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_where_no_worker_comes_its_readers_are_told_and_ask_seldom_and_it_is_asked_for_once(client, host, settings):
    settings.TASKS_AT_ONCE = []
    url = f"{host.url}/x/"
    at(client, url)
    AskedPage.objects.update(asked_at=clock.now() - timedelta(seconds=45))
    answer = at(client, url)
    assert answer.status_code == 202 and b'<meta http-equiv="refresh" content="60">' in answer.content
    assert "takes longer than it should" in answer.content.decode()
    AskedPage.objects.update(asked_at=clock.now() - timedelta(minutes=9))
    at(client, url)
    from django_tasks_db.models import DBTaskResult

    assert DBTaskResult.objects.count() == 1, "the worker does it when it is back"
    AskedPage.objects.update(asked_at=clock.now() - timedelta(minutes=11))
    at(client, url)
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db
def test_one_reader_begins_only_so_many_discussions_in_an_hour(client, host, monkeypatch):
    monkeypatch.setattr("broadsheet.embed.outside.PAGES_PER_HOUR", 2)
    cache.clear()
    for number in range(4):
        at(client, f"{host.url}/{number}/")
    assert len(host.asked) == 2
    assert "come back in an hour" in at(client, f"{host.url}/9/").content.decode()


@pytest.mark.django_db
def test_a_story_that_was_withdrawn_is_not_begun_anew(client, host):
    host.pages["/x/"] = page(facts())
    at(client, f"{host.url}/x/")
    Story.objects.update(withdrawn_at=clock.now())
    assert at(client, f"{host.url}/x/").status_code == 404
    assert Story.objects.count() == 1


def test_nothing_in_a_page_makes_its_reading_fail():
    head = "<title> A\n title </title><title>no</title><meta name=og:url content='//['><link rel=canonical href='http://[x'>"
    read = read_page(f"{head}<script src='http://[y'></script>".encode(), url="https://news.example/")
    assert (read.title, read.canonical, read.scripts) == ("A title", "", [""])
    for rubbish in (b"", b"\x00" * 100, b"<" * 50_000, b"<meta charset=nonsense>\xff", b"<!--" + b"<p>" * 1000):
        assert read_page(rubbish, url="https://news.example/").title == ""
    latin = "<title>Café</title>".encode("latin-1")
    assert read_page(latin, url="x:", content_type="text/html; charset=iso-8859-1").title == "Café"
    assert read_page(b"<meta property='article:published_time' content='soon'>", url="x:").published_at is None


@pytest.mark.parametrize(
    "policy, forbidden",
    [
        ("", False),
        ("default-src 'self'", True),
        ("default-src 'self'; frame-src https://comments.example", False),
        ("frame-src comments.example", False),
        ("frame-src https://*.example", False),
        ("frame-src https:", False),
        ("child-src https://other.example", True),
        ("frame-src http://comments.example:8000", True),
        ("script-src 'self'", False),
        ("frame-src 'none'", True),
    ],
)
def test_a_host_s_policy_is_read_as_browsers_read_it(policy, forbidden):
    assert forbids(policy, "frame-src", "https://comments.example/embed/at/") is forbidden


def test_a_script_with_a_nonce_may_be_let_in():
    assert not forbids(
        "script-src 'nonce-x' 'strict-dynamic'", "script-src-elem", "https://comments.example/embed/loader.js"
    )


def embed(*arguments):
    out = StringIO()
    call_command("embed", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_engineer_begins_a_discussion_from_the_shell(host, section):
    host.pages["/x/"] = page(facts(), "<p>No snippet yet.</p>")
    assert "The bridge stays" in embed("add", f"{host.url}/x/")
    embed("add", f"{host.url}/y/", "--headline", "By hand", "--published", "2026-11-01T00:00:00Z", "--section", "town")
    made = Story.objects.get(headline="By hand")
    assert made.section == section and made.published_at == datetime(2026, 11, 1, tzinfo=UTC) and len(host.asked) == 1
    for wrong in (["--published", "soon"], ["--section", "nowhere"]):
        with pytest.raises(CommandError):
            embed("add", f"{host.url}/z/", "--headline", "x", *wrong)
    with pytest.raises(CommandError, match="embed_sites"):
        embed("add", "https://other.example/")


@pytest.mark.django_db
def test_the_engineer_is_told_in_sentences_what_is_wrong_with_a_page(host):
    host.pages["/good/"] = page(facts())
    assert "can hold its discussion" in embed("check", f"{host.url}/good/")

    def told(url):
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("embed", "check", url, stdout=out)
        return out.getvalue()

    assert "is not in the setting embed_sites" in told("https://other.example/x/")
    assert "answers 404" in told(f"{host.url}/nothing/")
    head = '<link rel="canonical" href="https://elsewhere.example/">'
    policy = {"Content-Security-Policy": "default-src 'self'"}
    script = '<script src="https://old.example/embed/loader.js"></script>'
    host.pages["/bad/"] = (200, policy, page(head, script))
    found = told(f"{host.url}/bad/")
    for sentence in (
        "has no element with data-broadsheet-discussion",
        "names no script http://testserver/embed/loader.js. It names https://old.example/embed/loader.js instead.",
        "add http://testserver to its script-src",
        "add http://testserver to its frame-src",
        "says that it stands at https://elsewhere.example/",
        "has no headline",
        "does not say when it was published",
    ):
        assert sentence in found, found
    assert "connect-src" not in found


@pytest.mark.django_db
def test_no_site_begins_a_discussion_in_another_s_name(client, host, settings):
    """Also not where both may hold our discussions: the page that is named is asked itself."""
    other = Host(name="localhost")
    settings.EMBED_SITES = [host.url, other.url]
    settings.OUTBOUND_INSIDE = [f"127.0.0.1:{host.port}", f"localhost:{other.port}"]
    try:
        for path in ("/silent/", "/asks/", "/further/"):
            host.pages[path] = page(facts() + f'<link rel="canonical" href="{other.url}{path}">')
        other.pages["/silent/"] = page(facts(), "<p>Nothing of ours.</p>")
        other.pages["/further/"] = page(facts() + f'<link rel="canonical" href="{host.url}/x/">')
        other.pages["/asks/"] = page('<meta property="og:title" content="Their own headline">')
        for path in ("/silent/", "/further/"):
            at(client, host.url + path)
            assert not Story.objects.exists() and at(client, host.url + path).status_code == 404
        at(client, f"{host.url}/asks/")
    finally:
        other.close()
    story = Story.objects.get()
    assert (story.headline, story.home) == ("Their own headline", f"{other.url}/asks/")
    assert story_at(f"{host.url}/asks/") == story, "a story that both print has one discussion"


@pytest.mark.django_db
def test_an_address_that_leads_to_the_page_means_its_discussion_from_then_on(client, host):
    host.pages |= {"/bridge/": page(facts()), "/old/": (302, {"Location": "/bridge/"}, "")}
    at(client, f"{host.url}/old/")
    story = Story.objects.get()
    assert story.home == f"{host.url}/bridge/"
    assert at(client, f"{host.url}/old/").headers["Location"] == f"/embed/stories/{story.pk}/"
    assert host.asked == ["/old/", "/bridge/"]


@pytest.mark.django_db
def test_a_page_without_a_canonical_link_stands_where_its_snippet_says(client, host):
    """Or else whoever adds ?a=1, ?a=2 and so on to its address begins as many discussions."""
    host.pages["/bridge/"] = page(facts(), told='data-url="/bridge/"')
    for number in range(3):
        at(client, f"{host.url}/bridge/?a={number}")
    assert Story.objects.get().home == f"{host.url}/bridge/"


@pytest.mark.django_db
def test_a_page_that_leads_away_is_not_followed_to_other_sites(client, host, settings):
    other = Host(name="localhost")
    settings.OUTBOUND_INSIDE = [*settings.OUTBOUND_INSIDE, f"localhost:{other.port}"]
    host.pages["/away/"] = (302, {"Location": f"{other.url}/x/"}, "")
    try:
        at(client, f"{host.url}/away/")
        assert other.asked == [] and "moved to another site" in at(client, f"{host.url}/away/").content.decode()
    finally:
        other.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "head, headline",
    [
        ("<title>A \x00 B</title><meta property='article:section' content='to\x00wn'>", "A B"),
        ("<title>&lt;b&gt;\u202etfel\u202c&lt;/b&gt;</title>", "<b>tfel</b>"),
        ("<title>Old</title><meta property='article:published_time' content='0001-01-01T00:00:00Z'>", "Old"),
        ("<title>Late</title><meta property='article:published_time' content='9999-12-31T23:59:59Z'>", "Late"),
        (f"<title>{'x' * 500}</title>", "x" * 198 + " …"),
    ],
)
def test_whatever_a_page_says_its_story_can_be_read_everywhere(client, host, settings, head, headline):
    settings.TIME_ZONE = "America/New_York"
    host.pages["/x/"] = page(head)
    at(client, f"{host.url}/x/")
    story = Story.objects.get()
    assert story.headline == headline
    for address in ("/", story.get_absolute_url(), f"/embed/stories/{story.pk}/", "/feed/", "/sitemap.xml"):
        assert client.get(address, follow=True).status_code == 200, address


@pytest.mark.parametrize(
    "rubbish", ["<", "<a", "<a ", "<!--", "</", "<!", "<![", "<?", '<a b="', "<p>", "<script></", "<title></", "<a '"]
)
def test_a_page_of_a_megabyte_is_read_in_a_moment_whatever_is_in_it(rubbish):
    began = time.process_time()
    head = b"<title>A</title><script src=/a.js></script>"
    read = read_page(head + (rubbish * (2**20 // len(rubbish))).encode(), url="https://news.example/")
    assert (read.title, read.scripts) == ("A", ["https://news.example/a.js"])
    assert time.process_time() - began < 3


@pytest.mark.parametrize("charset", ["idna", "undefined", "unicode_escape", "utf-7", "punycode", "hex"])
def test_whichever_letters_a_page_says_that_it_has_its_words_can_be_kept(charset):
    read = read_page(
        b"<title>A\\ud800+2AA-\\x00</title>", url="https://x.example/", content_type=f"x; charset={charset}"
    )
    assert "\x00" not in read.title and read.title.encode()


def test_what_stands_in_remarks_scripts_and_texts_of_a_page_is_not_its_own():
    hidden = "<div data-broadsheet-discussion></div><script src='/embed/loader.js'></script>"
    for around in ("<!--{}-->", "<textarea>{}</textarea>", "<style>{}</style>", "<script>'{}'", '<p title="{}">'):
        read = read_page(around.format(hidden).encode(), url="https://news.example/")
        assert not read.has_place, around
    read = read_page(
        b"<DIV Data-Broadsheet-Discussion\nDATA-TITLE='it&#39;s' data-section=a>", url="https://x.example/"
    )
    assert read.has_place and (read.told.title, read.told.section) == ("it's", "a")
