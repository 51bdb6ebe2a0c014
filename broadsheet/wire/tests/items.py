"""Items for the tests of formats: one full of everything, and a strategy for any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from broadsheet.core.text import wire_html
from broadsheet.wire.items.item import NOTICES, Contributor, Item, Named, Note, PictureItem, Rendition

SITE = "https://ledger.example"
WEST = datetime.fromisoformat("2026-11-03T09:30:00-05:00")

FULL = Item(
    uri=f"{SITE}/stories/12/story/",
    version="3",
    language="en",
    headline="Council keeps “the bridge” & its tolls <for now>",
    standfirst="Seven to four.",
    slugline="TOWN-BRIDGE/",
    byline="Una Umber and Ode Oak",
    contributors=(
        Contributor("reporting", "Una Umber", f"{SITE}/authors/una-umber/"),
        Contributor("writing", "Ode Oak"),
        Contributor("editing", "Ed Ash", f"{SITE}/authors/ed-ash/"),
    ),
    place="HARLOW MILLS, Maine",
    agency="Coastal Press",
    first_published=WEST,
    changed=WEST + timedelta(hours=2),
    urgency=3,
    section=Named("Town", f"{SITE}/sections/town/"),
    topics=(Named("Bridges", f"{SITE}/topics/bridges/"), Named("Tolls")),
    body="<p>The council <em>voted</em>.<br>Twice.</p><h2>WHY</h2>"
    '<ul><li>It &amp; is <a href="https://a.example/?x=1&amp;y=2">old</a></li></ul>'
    f'<figure><img src="{SITE}/media/pictures/ab/960.jpg" alt="A bridge" width="960" height="640">'
    "<figcaption>It stands.</figcaption></figure>",
    pictures=(
        PictureItem(
            uri=f"{SITE}/pictures/7",
            caption="It stands.",
            alt="A bridge",
            creator="Dana Whitlock",
            credit="Coastal Press/Dana Whitlock",
            copyright_notice="© Coastal Press",
            rights_page="https://rights.example/7",
            renditions=(
                Rendition(f"{SITE}/media/pictures/ab/320.jpg", 320, 213),
                Rendition(f"{SITE}/media/pictures/ab/960.jpg", 960, 640),
            ),
        ),
    ),
    notes=(
        Note("correction", "It was seven to four.\n\nNot six.", WEST + timedelta(hours=2)),
        Note("update", "With the vote.", WEST + timedelta(hours=1)),
    ),
    address=f"{SITE}/stories/12/council/",
    provider="The Ledger",
    provider_address=SITE,
    comments=4,
    discussion=f"{SITE}/stories/12/council/#comments",
)  # fmt: skip
KILLED = Item(
    uri=FULL.uri,
    version="4",
    status="canceled",
    language="en",
    changed=WEST + timedelta(days=1),
    notes=(Note("withdrawal", "The vote has not been taken.", WEST + timedelta(days=1)),),
    provider="The Ledger",
    provider_address=SITE,
)

PARTS = ["reporting", "writing", "additional", "editing", "photography"]  # in the order in which they are written

# Letters of many scripts, and marks of markup; no controls, which no story has (core.text.readable).
_letters = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
line = st.text(_letters, min_size=1, max_size=30).map(lambda words: " ".join(words.split())).filter(bool)
plain_line = line.filter(lambda words: "<" not in words and "&" not in words)
maybe = st.one_of(st.just(""), plain_line)
number = st.integers(1, 9999)
address = number.map(lambda at: f"{SITE}/things/{at}/")
moment = st.integers(631152000, 2208988800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
named = st.builds(Named, line, st.one_of(st.just(""), address))
contributors = st.lists(
    st.builds(Contributor, st.sampled_from(PARTS), line, address), min_size=1, max_size=4, unique=True
).map(lambda rows: tuple(sorted(rows, key=lambda one: PARTS.index(one.role))))
rendition = st.builds(Rendition, address, number, number, st.sampled_from(["image/jpeg", "image/png"]))
picture = st.builds(
    PictureItem, address, maybe, maybe, maybe, maybe, maybe, st.one_of(st.just(""), address),
    st.lists(rendition, max_size=3).map(tuple),
)  # fmt: skip
notes = st.lists(st.builds(Note, st.sampled_from(NOTICES), line, moment), max_size=3).map(tuple)
_inline = st.one_of(
    line.map(lambda words: words.replace("&", "&amp;").replace("<", "&lt;")),
    st.just('<a href="https://a.example/?b=1&amp;c">here</a>'), st.just("<em>so</em>"), st.just("a<br>b"),
)  # fmt: skip
_part = st.one_of(
    st.lists(_inline, min_size=1, max_size=3).map(lambda parts: f"<p>{' '.join(parts)}</p>"),
    _inline.map(lambda words: f"<h2>{words}</h2>"),
    _inline.map(lambda words: f"<ul><li>{words}</li></ul>"),
    _inline.map(lambda words: f"<blockquote><p>{words}</p><cite>Ann</cite></blockquote>"),
    address.map(lambda at: f'<figure><img src="{at}a.jpg" alt="&quot;"><figcaption>x</figcaption></figure>'),
)
body = st.lists(_part, min_size=1, max_size=4).map(lambda parts: wire_html("\n".join(parts)))
items = st.builds(
    Item,
    uri=address, version=number.map(str), status=st.sampled_from(["usable", "withheld"]),
    language=st.sampled_from(["en", "de", "pt-pt"]), headline=plain_line, standfirst=maybe, slugline=maybe,
    byline=maybe, contributors=contributors, place=maybe, agency=maybe, first_published=moment, changed=moment,
    embargoed_until=st.one_of(st.none(), moment), urgency=st.one_of(st.none(), st.integers(1, 9)),
    section=st.one_of(st.none(), st.builds(Named, line, address)),
    topics=st.lists(named, max_size=3, unique=True).map(tuple), body=body,
    pictures=st.lists(picture, max_size=2, unique_by=lambda one: one.uri).map(tuple), notes=notes, address=address,
    provider=plain_line,
)  # fmt: skip
