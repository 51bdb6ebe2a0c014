"""Discussions for stories that stand on other sites: begun when the first reader comes, if the page asks for one.

What a reader's browser says of a page is believed by nobody. We ask the page, once and by the one way out, whether it
holds our discussion and what it says of itself. What the snippet says counts only where the page says nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.core import clock
from broadsheet.core.cache import count
from broadsheet.core.outbound import REDIRECTS, Answer, Unreachable, fetch
from broadsheet.core.refusals import Refused, TooSoon
from broadsheet.core.tidying import delete_all
from broadsheet.embed import tasks
from broadsheet.embed.host_page import HostPage, moment, read_page
from broadsheet.embed.models import AskedPage
from broadsheet.embed.sites import is_allowed, origin_of
from broadsheet.stories.actions import add_outside_story
from broadsheet.stories.addresses import key_of, plain_address, remember, story_at
from broadsheet.stories.models import Section, Story

REFUSED_FOR = timedelta(minutes=5)  # a page that was refused is asked again after so long
LOST_AFTER = timedelta(
    minutes=10
)  # a page whose asking came to nothing may be asked again; a worker tries again itself
SOON = timedelta(seconds=30)  # in which a worker that runs has asked a page
PAGES_PER_HOUR = 60  # that one reader can be the first to see: an archive read from end to end
PAGES_OF_SITE_PER_HOUR = 1200  # of one site, which answers for each
HOUR = 3600
LONGEST_HEADLINE = 200
HTML = ("text/html", "application/xhtml+xml")


def ask_for(*, url: str, address: str) -> bool:
    """See that the page at this address is asked for its discussion, if it has not been; a worker does it. False where
    it has been waiting for one for longer than it should.

    Raises Refused with why there is none, TooSoon for who asks for very many; `address` is the reader's.
    """
    plain = plain_address(url)
    if plain is None or not is_allowed(url):
        raise Refused(_("This site is not among those that may show our discussions."))
    now = clock.now()
    known = AskedPage.objects.filter(key=key_of(plain)).first()
    if known and known.asked_at > now - (REFUSED_FOR if known.why_not else LOST_AFTER):
        if known.why_not:
            raise Refused(known.why_not)
        return known.asked_at > now - SOON
    _require_pace(address, origin_of(url) or "", now)
    with transaction.atomic():
        if known:
            AskedPage.objects.filter(pk=known.pk).delete()
        _page, is_first = AskedPage.objects.get_or_create(key=key_of(plain), defaults={"url": url, "asked_at": now})
        if is_first:
            tasks.set_up.enqueue(url)
    return True


def _require_pace(address: str, origin: str, now: datetime) -> None:
    for what, whose, most in (("pages", address, PAGES_PER_HOUR), ("site-pages", origin, PAGES_OF_SITE_PER_HOUR)):
        number, wait = count(f"embed-{what}", whose, now=now.timestamp(), seconds=HOUR)
        if number > most:
            raise TooSoon(_("Many new discussions were asked for. Please come back in an hour."), wait)


def set_up(url: str) -> None:
    """Ask the page, and begin its discussion or write down why not; for the worker."""
    plain = plain_address(url)
    if plain is None:
        return
    page = AskedPage.objects.filter(key=key_of(plain))
    try:
        story = begin(page=ask(url))
        remember(story=story, url=url.split("#")[0])  # it may have led to the page that we read
    except Refused as refusal:
        page.update(why_not=refusal.sentence)
    else:
        page.delete()


def ask(url: str) -> HostPage:
    """What a page of an allowed site says of itself. Raises Refused with why it cannot be had."""
    answer = answer_of(url)
    kind = answer.headers.get("Content-Type", "")
    if answer.status != 200 or not kind.lower().startswith(HTML):
        raise Refused(_("There is no page at this address."))
    return read_page(answer.body, url=answer.url, content_type=kind)


def answer_of(url: str) -> Answer:
    """The answer of a page of an allowed site, which may lead to others of its own."""
    if not is_allowed(url):
        raise Refused(_("This site is not among those that may show our discussions."))
    try:
        answer = fetch(url.split("#")[0], headers={"Accept": "text/html"}, follow=True, may_follow=partial(_stays, url))
    except Unreachable as fault:
        raise Refused(_("The page could not be read: %(reason)s") % {"reason": fault}) from fault
    if answer.status in REDIRECTS:
        raise Refused(_("The page has moved to another site."))
    return answer


def _stays(url: str, onward: str) -> bool:
    return origin_of(onward) == origin_of(url)


def begin(*, page: HostPage, asks_for_it: bool = True) -> Story:
    """The story that a page is, with its discussion: found by what the page says of itself, or made.

    Raises Refused for a page that does not ask for one (unless `asks_for_it` is False: the newsroom asks itself), and
    for one that says it stands on a site that may not show our discussions.
    """
    if asks_for_it:
        _require_asking(page)
    home = page.home
    story = story_at(home)
    is_ours = story is not None and origin_of(home) == origin_of(settings.SITE_URL)
    if not (is_ours or is_allowed(home)):
        raise Refused(_("The page says that it stands on another site, which may not show our discussions."))
    if _is_front(home) and not _is_front(page.url):
        raise Refused(_("The page says that it stands at its site's front page: its canonical link is wrong."))
    story = story or _made(_page_of(home, page, asks_for_it=asks_for_it), home)
    if not story.is_public():
        raise Refused(_("There is no discussion of this page."))
    if plain_address(page.url) != plain_address(home):
        remember(story=story, url=page.url.split("#")[0])
    return story


def _is_front(url: str) -> bool:
    return urlsplit(url).path in {"", "/"} and not urlsplit(url).query


def _page_of(home: str, page: HostPage, *, asks_for_it: bool) -> HostPage:
    """The page that speaks for this home: another site's is asked itself, as nobody begins a discussion in its name."""
    if origin_of(home) == origin_of(page.url):
        return page
    found = ask(home)
    if asks_for_it:
        _require_asking(found)
    if plain_address(found.home) != plain_address(home):
        raise Refused(_("The page says that it stands on another site, which names yet another."))
    return found


def _require_asking(page: HostPage) -> None:
    if not (page.has_place and loader() in page.scripts):
        raise Refused(_("The page does not ask for a discussion."))


def loader() -> str:
    """The address of the script that a page with our discussion names."""
    return f"{settings.SITE_URL}/embed/loader.js"


def _made(page: HostPage, home: str) -> Story:
    title = page.title or page.told.title
    if not title.strip():
        raise Refused(_("The page has no headline."))
    now = clock.now()
    published = page.published_at or moment(page.told.published) or now
    return add_outside_story(
        headline=_cut(title),
        home=home,
        published_at=min(published, now),  # there it can be read already
        section=_section(page.section, page.told.section),
    )


def _section(name: str, slug: str) -> Section | None:
    by_name = Section.objects.filter(name__iexact=name.strip()).first() if name.strip() else None
    return by_name or (Section.objects.filter(slug=slug).first() if slug else None)


def _cut(title: str) -> str:
    """A headline of a length that we take, cut between words."""
    if len(title) <= LONGEST_HEADLINE:
        return title
    start = title[: LONGEST_HEADLINE - 2]
    return (start.rpartition(" ")[0] or start) + " …"  # not all languages put spaces between words


def old_pages(now: datetime) -> tuple[int, str]:
    """Pages that were asked in vain, once they may be asked again."""
    return delete_all(AskedPage.objects.filter(asked_at__lt=now - REFUSED_FOR)), "pages of other sites forgotten"
