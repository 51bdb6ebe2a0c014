"""Every address below /desk/ turns away who does not work at the desk, and tells them nothing that is withheld."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import chain, product

import pytest

from broadsheet.core import clock
from broadsheet.discussion.actions import post_comment, thread_for
from broadsheet.moderation.actions import decide
from tests.walking import NO_ROW, patterns, turned_away

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# What an address names besides rows; a number stands for every row there is.
NAMES = {
    "app_label": "stories",
    "app_name": "stories",
    "model_name": "story",
    "action": "delete",
    "action_name": "approve",
    "content_type_app_name": "stories",
    "content_type_model_name": "story",
    "filter_spec": "max-100x100",
    "path": "x",
    "token": "x",
    "uidb64": "x",
    "signature": "x",
}
# Pages of Wagtail's that hold no row, and pictures that the paper prints.
OPEN = re.compile(
    r"/desk/(?:failwhale/|test404/|sprite(?:-[0-9a-z]+)?/|jsi18n/|login/|logout/|password_reset/.*|images/\d+/preview/.*)"
)
WORDS = ("xembargoed", "xdraft", "xheldwords", "xremovedwords")


@pytest.fixture
def withheld(make_story, reader, moderator, settings):
    """An embargoed story, a draft, and two comments nobody reads; their rows' numbers."""
    public = make_story("The bridge stays")
    later = make_story("Xembargoed headline", standfirst="Xembargoed", body_html="<p>Xembargoed</p>")
    draft = make_story("Xdraft headline", standfirst="Xdraft", body_html="<p>Xdraft</p>")
    type(later).objects.filter(pk=later.pk).update(published_at=clock.now() + timedelta(days=1))
    type(draft).objects.filter(pk=draft.pk).update(live=False)
    draft.save_revision()
    removed = post_comment(author=reader, thread=thread_for(public), body="Xremovedwords")
    decide(moderator=moderator, comment=removed, seen="published", after="rejected", reason="abusive")
    settings.PRE_MODERATION = True
    post_comment(author=reader, thread=thread_for(public), body="Xheldwords")
    return [public.pk, later.pk, draft.pk]


def addresses(rows):
    """Those of each route of the desk, with each row's number where it takes one."""
    for route, _ in patterns():
        if route.startswith("desk/"):
            yield ["/" + filled for filled in _filled(route, rows)]


def _filled(route, rows):
    """A route of either kind (`<int:pk>`, or a regular expression) with something in each of its places."""
    places = re.findall(r"<(?:\w+:)?(\w+)>(?!\()", re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route))
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    route = (
        re.sub(r"\[0-9\]\+|\\d\+", "1", route).replace("\\.", ".").replace("^", "").replace("$", "").replace("\\Z", "")
    )
    for chosen in product(*([NAMES[name]] if name in NAMES else rows for name in dict.fromkeys(places))):
        filled = route
        for name, value in zip(dict.fromkeys(places), chosen, strict=True):
            filled = re.sub(rf"<(?:\w+:)?{name}>", str(value), filled)
        yield filled


@pytest.mark.parametrize("who", [None, "reader", "moderator"], ids=["signed out", "a reader", "a moderator"])
def test_nobody_else_enters_or_learns_anything(client, withheld, request, who):
    """A moderator without a desk's role is as much a stranger there as any reader."""
    if who:
        client.force_login(request.getfixturevalue(who))
    walked = 0
    for alike in addresses([NO_ROW, *withheld]):
        for send in (client.get, client.post):
            for address in alike:
                answer = send(address)
                text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(
                    "utf-8", "replace"
                )
                assert not [word for word in WORDS if word in text.casefold()], address
                if not OPEN.fullmatch(address):
                    assert answer.status_code == 404 or turned_away(answer), (address, send.__name__, answer)
                    walked += answer.status_code in {302, 403}
                if turned_away(answer):
                    break  # where no row has that number: so none was looked for
    assert walked > 300, "the walk would prove nothing if it met no door"


def test_the_walk_arrives_where_an_editor_may_go(client, withheld, editor):
    client.force_login(editor)
    met = set()
    for address in chain(*addresses(withheld)):
        if address.startswith("/desk/stories/") or address == "/desk/":
            text = client.get(address).content.decode("utf-8", "replace").casefold()
            met |= {word for word in WORDS if word in text}
    assert met == {"xembargoed", "xdraft"}, "stories of the desk's, and no comments"
