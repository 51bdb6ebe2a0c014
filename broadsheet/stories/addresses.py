"""Which story an address means: its page here, where it stands on another site, or where it once stood."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from broadsheet.core.refusals import Unacceptable

if TYPE_CHECKING:
    from broadsheet.stories.models import Story

LONGEST_ADDRESS = 2000  # characters; browsers and search engines cut far longer ones
# Says where a reader came from, and nothing of what they read.
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|amp", re.ASCII | re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


def plain_address(url: str) -> str | None:
    """The address without what makes no other page of it; None for what is no address of a web page.

    Scheme, `www.`, the usual port, a last slash, the fragment and marks of where a reader came from do not count; the
    order of the query does not either. Case counts in paths, as it does for servers.
    """
    url = url.strip()
    if len(url) > LONGEST_ADDRESS or re.search(r"[\x00-\x20\x7f]", url):
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = punycode(host).removeprefix("www.")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in _PORTS or not host or parts.username is not None:
        return None
    there = f"{host}:{port}" if port not in (None, _PORTS[parts.scheme]) else host
    path = quote(unquote(parts.path, errors="surrogateescape"), safe="/~!$&'()*+,;=:@", errors="surrogateescape")
    asked = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    return f"{there}{path.rstrip('/')}{'?' if asked else ''}{urlencode(asked)}"


def story_at(url: str) -> Story | None:
    """The story that this address means, whether or not readers may see it; None where there is none.

    Its own page here (under any slug), the page of another site on which it stands, or an address it had before.
    """
    from broadsheet.stories.models import Address, Story

    plain = plain_address(url)
    if plain is None:
        return None
    if (pk := _number_here(plain)) is not None:
        found: Story | None = Story.objects.filter(pk=pk).first()
        return found
    known = Address.objects.select_related("story").filter(key=key_of(plain)).first()
    return known.story if known else None


def remember(*, story: Story, url: str) -> None:
    """Let an address mean this story: where it stands on another site, or where it stood before it came here.

    An address on a host of ours leads to the story's page from now on. Raises Unacceptable for what is no address of a
    web page, and for one that means another story.
    """
    from broadsheet.stories.models import Address

    plain = plain_address(url)
    if plain is None:
        raise Unacceptable(_("That is not the address of a web page: %(address)s") % {"address": url[:200]})
    owner = _number_here(plain)
    if owner is None:
        known, _made = Address.objects.get_or_create(key=key_of(plain), defaults={"story": story, "url": url})
        owner = known.story_id
    if owner != story.pk:
        raise Unacceptable(_("Another story stands at that address: %(address)s") % {"address": url[:200]})


def key_of(plain: str) -> str:
    """By which an address is found: it may be longer than what an index takes."""
    return hashlib.sha256(plain.encode()).hexdigest()


def _number_here(plain: str) -> int | None:
    """The number of the story whose page on our host that is."""
    ours = plain_address(settings.SITE_URL)
    path = plain.partition("?")[0]
    if ours is None or not path.startswith(f"{ours}/"):
        return None
    try:
        match = resolve(unquote(path.removeprefix(ours)) + "/")
    except Resolver404:
        return None
    return match.kwargs["pk"] if match.url_name in ("story", "story_by_number") else None
