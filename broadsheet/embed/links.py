"""Where the links of a page lead when it stands in a frame.

The pages of a discussion are the same in a frame and on our own site; only their links differ. Rather than have each
template know of frames, one place goes over what is finished: what is in a frame too stays in it, and everything else
opens in a tab of its own. What scripts bring onto the page passes `embed/links.js`, which goes by the same rule.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve, reverse

from broadsheet.core.framing import FRAMES

_STORY = re.compile(r"/stories/([1-9][0-9]{0,17})/(?:[-\w]+/)?", re.ASCII)
# A whole start tag, quoted attributes with whatever stands in them. In text and in values "<" is always escaped.
_TAG = re.compile(r"<(a|form|comment-thread|reader-tools|comment-form)((?:\s+[a-z-]+(?:=\"[^\"]*\")?)+)\s*>")
_ADDRESS = re.compile(r"(?<=\s)(href|action|src|changes|preview|newest)=\"(/[^\"]*)\"")
_ELSEWHERE = re.compile(r"(?<=\s)href=\"(?:/(?!embed/)|https?:|mailto:)")
_REL = re.compile(r"\srel=\"([^\"]*)\"")


def address_here(address: str) -> str | None:
    """The address of the same page in a frame, where it has one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    if parts.path.startswith(FRAMES):
        return address
    if parts.path == reverse("account_login"):
        return _sign_in(parts.query)
    if story := _STORY.fullmatch(parts.path):
        if not parts.fragment.startswith("comment"):  # the story itself, which stands in no frame
            return None
        query = f"?{parts.query}" if parts.query else ""
        return f"{FRAMES}stories/{story[1]}/{query}#{parts.fragment}"
    return f"{FRAMES.rstrip('/')}{address}" if _is_framed(parts.path) else None


def settle(response: HttpResponse, *, keeps: bool = True) -> None:
    """Let a finished answer lead where its reader can follow: for answers that stand in a frame.

    A frame that `keeps` no link, since it has no room for a page, lets all of them leave it.
    """
    if "Location" in response:
        response["Location"] = address_here(response["Location"]) or response["Location"]
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return
    settled = _settled if keeps else _let_out
    response.content = _TAG.sub(settled, response.content.decode()).encode()
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))


def _settled(found: re.Match[str]) -> str:
    return _settled_tag(found[1], found[2])


@lru_cache(maxsize=8192)  # some hundred to a page, which is made again with one more comment on it
def _settled_tag(name: str, attributes: str) -> str:
    attributes = _ADDRESS.sub(_moved, attributes)
    if name == "a" and _ELSEWHERE.search(attributes) and " target=" not in attributes:
        attributes = _in_a_tab(attributes)
    return f"<{name}{attributes}>"


def _let_out(found: re.Match[str]) -> str:
    leaves = found[1] == "a" and _ELSEWHERE.search(found[2]) and " target=" not in found[2]
    return f"<a{_in_a_tab(found[2])}>" if leaves else found[0]


def _moved(found: re.Match[str]) -> str:
    """An attribute with an address of ours. It is HTML: an ampersand in it is escaped, and stays so."""
    here = address_here(found[2].replace("&amp;", "&"))
    return f'{found[1]}="{here.replace("&", "&amp;")}"' if here else found[0]


def _in_a_tab(attributes: str) -> str:
    rel = _REL.search(attributes)
    names = {*(rel[1].split() if rel else ()), "noopener"}
    return f'{_REL.sub("", attributes)} rel="{" ".join(sorted(names))}" target="_blank"'


def _sign_in(query: str) -> str:
    following = dict(parse_qsl(query)).get("next", "")
    here = address_here(following) if following else None
    return reverse("embed_session") + (f"?{urlencode({'next': here})}" if here else "")


def _is_framed(path: str) -> bool:
    try:
        resolve(quote(path, safe="/%"), urlconf="broadsheet.embed.framed_urls")
    except Resolver404:
        return False
    return True
