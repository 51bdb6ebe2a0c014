"""What is wrong with how a page of another site holds its discussion, in sentences for the engineer."""

from __future__ import annotations

from django.conf import settings

from broadsheet.core.outbound import Answer
from broadsheet.core.refusals import Refused
from broadsheet.embed.host_csp import forbids
from broadsheet.embed.host_page import HostPage, moment, read_page
from broadsheet.embed.outside import HTML, answer_of, loader
from broadsheet.embed.sites import is_allowed, origin_of
from broadsheet.stories.addresses import story_at


def faults_of(url: str) -> list[str]:
    """Every fault that can be found from here, the first to mend first; none where all is well."""
    if not is_allowed(url):
        return [
            f"{origin_of(url) or url} is not in the setting embed_sites of {settings.SITE_URL}: add it there, "
            "letter by letter, and restart."
        ]
    try:
        answer = answer_of(url)
    except Refused as refusal:
        return [refusal.sentence]
    if answer.status != 200 or not answer.headers.get("Content-Type", "").lower().startswith(HTML):
        return [
            f"{answer.url} answers {answer.status} {answer.headers.get('Content-Type', '')}: we need a page, in HTML."
        ]
    page = read_page(answer.body, url=answer.url, content_type=answer.headers.get("Content-Type", ""))
    return [*_of_snippet(page), *_of_policy(page, answer), *_of_place(url, page), *_of_facts(page)]


def _of_snippet(page: HostPage) -> list[str]:
    faults = []
    if not page.has_place:
        faults.append("The page has no element with data-broadsheet-discussion (in its HTML, as we get it).")
    if loader() not in page.scripts:
        ours = [script for script in page.scripts if script.endswith("/embed/loader.js")]
        known = f" It names {ours[0]} instead." if ours else ""
        faults.append(f"The page names no script {loader()}.{known}")
    return faults


def _of_policy(page: HostPage, answer: Answer) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    wanted = [("script-src-elem", "script-src", loader()), ("frame-src", "frame-src", f"{settings.SITE_URL}/embed/at/")]
    if f"{settings.SITE_URL}/embed/counts.js" in page.scripts:
        wanted.append(("connect-src", "connect-src", f"{settings.SITE_URL}/embed/counts.json"))
    # Several policies come with commas between; each of them has to agree.
    return [
        f"The page's Content-Security-Policy forbids us: add {settings.SITE_URL} to its {name}."
        for directive, name, address in wanted
        if any(forbids(one, directive, address) for one in policy.split(","))
    ]


def _of_place(url: str, page: HostPage) -> list[str]:
    if origin_of(page.url) != origin_of(url):
        return [f"The page has moved to {page.url}, on another site: put the discussion there."]
    if page.canonical and not is_allowed(page.canonical):
        return [
            f"The page says that it stands at {page.canonical} (its canonical link, or og:url), a site that "
            "embed_sites does not name."
        ]
    story = story_at(page.home)
    return ["Its story is not public here (any more)."] if story and not story.is_public() else []


def _of_facts(page: HostPage) -> list[str]:
    faults = []
    if not (page.title or page.told.title):
        faults.append("The page has no headline for us: give it og:title, or a title.")
    if page.published_at is None and moment(page.told.published) is None:
        faults.append(
            "The page does not say when it was published (article:published_time, or data-published): its "
            "discussion would close counted from the first reader's visit."
        )
    return faults
