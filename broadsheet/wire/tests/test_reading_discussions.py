"""The readers of other systems' files: what is found, exactly when, and what is refused.

The files were written by hand for these tests; their people, papers and places are invented.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import time
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadsheet.core.text import clean_comment_html, comment_html
from broadsheet.wire.discussions import archives, coral, disqus, own_format, wordpress
from broadsheet.wire.discussions.comment_words import comment_words
from broadsheet.wire.discussions.disqus import straightened
from broadsheet.wire.discussions.found import (
    FoundComment,
    FoundPerson,
    FoundStory,
    LeftOut,
    NoMoment,
    State,
    UnreadableFile,
    Unusable,
    instant,
)
from broadsheet.wire.discussions.stories import body_of

FILES = Path(__file__).parent / "files"
SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "security"
NEW_YORK = ZoneInfo("America/New_York")

pytestmark = pytest.mark.any_database
beside = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the attack samples are not beside this checkout")


def of(kind, found):
    """By number, the first of each."""
    return {each.id: each for each in reversed(list(found)) if isinstance(each, kind)}


def read_disqus(data=None):
    return list(disqus.read(io.BytesIO(data or (FILES / "disqus.xml").read_bytes())))


def read_wordpress(data=None, zone=NEW_YORK):
    return list(wordpress.read(io.BytesIO(data or (FILES / "wordpress.xml").read_bytes()), zone))


@pytest.fixture(params=["America/New_York", "Asia/Tokyo"])
def far_away(request, monkeypatch):
    """The machine's own clock stands in another zone."""
    monkeypatch.setitem(os.environ, "TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# --- Disqus -----------------------------------------------------------------------------------------------------------


def test_disqus_threads_have_their_address_without_the_white_space_around_it():
    stories = of(FoundStory, read_disqus())
    assert stories["100"].address == "http://www.portmere.example/2012/03/ferry.html?utm_source=mail"
    assert (stories["100"].headline, stories["100"].closed, stories["101"].closed) == ("The ferry stays", True, False)


def test_disqus_posts_keep_moment_name_and_parent(far_away):
    comments = of(FoundComment, read_disqus())
    assert comments["1003"].written_at == datetime(2012, 3, 8, 0, 20, 30, tzinfo=UTC)
    assert (comments["1003"].parent, comments["1003"].person) == ("1001", "harbour")
    assert (comments["1001"].name, comments["1001"].person, comments["1001"].email) == (
        "Björk Ísdóttir", "", "islander@mail.example",
    )  # fmt: skip


def test_disqus_spam_stays_spam_and_what_was_deleted_keeps_its_place():
    states = {number: each.state for number, each in of(FoundComment, read_disqus()).items()}
    assert (states["1004"], states["1006"], states["1005"]) == (State.WITHDRAWN, State.SPAM, State.PUBLISHED)


def test_a_discussion_that_was_deleted_there_comes_in_no_more():
    data = (FILES / "disqus.xml").read_text().replace("<isDeleted>false</isDeleted>", "<isDeleted>true</isDeleted>", 1)
    found = read_disqus(data.encode())
    assert "100" not in of(FoundStory, found) and set(of(FoundComment, found)) == {"1007", "1008"}
    assert of(LeftOut, found)["1001"].kind == "post of a discussion that was deleted there"


def test_a_link_through_disqus_leads_where_it_led():
    written = comment_words(of(FoundComment, read_disqus())["1001"].words)
    assert written.body == (
        "My children take it **every** day & it is *late*; see [the times](http://harbour.example/times?a=1&b=2)."
        "\n\n> It stays."
    )


def test_no_network_address_is_read():
    assert "192.0.2." not in repr([read_disqus(), read_wordpress()])


# --- WordPress --------------------------------------------------------------------------------------------------------


def test_wordpress_moments_are_those_of_the_gmt_column(far_away):
    found = read_wordpress()
    comments = of(FoundComment, found)
    assert comments["501"].written_at == datetime(2014, 2, 8, 22, 0, tzinfo=UTC)
    assert comments["506"].written_at == datetime(2014, 2, 9, 0, 0, tzinfo=UTC)  # only local there: 7pm in New York
    assert of(FoundStory, found)["11"].published_at == datetime(2014, 2, 8, 18, 5, tzinfo=UTC)


def test_a_moment_that_is_local_only_is_not_guessed():
    assert "give --zone" in of(Unusable, read_wordpress(zone=None))["506"].why


def test_wordpress_states_are_told_apart():
    states = [each.state for each in read_wordpress() if isinstance(each, FoundComment)][:4]
    assert states == [State.PUBLISHED, State.PENDING, State.SPAM, State.REJECTED]


def test_pingbacks_are_no_comments():
    assert of(LeftOut, read_wordpress())["505"].kind == "pingback"


def test_a_wordpress_post_is_a_story_and_says_what_keeps_it_from_readers():
    stories = of(FoundStory, read_wordpress())
    page = stories["11"].page
    assert (page.author, page.slug, page.categories, page.tags) == (
        "Dana Whitlock", "island-school", ("Island", "Schools"), ("Roofs",),
    )  # fmt: skip
    assert (page.standfirst, stories["11"].closed, page.is_public) == ("Slate it is.", True, True)
    assert [stories[number].page.why_not for number in ("12", "13")] == ["it is private", "it has a password"]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_of_the_format_is_read_over_http_and_https(version):
    data = (FILES / "wordpress.xml").read_text()
    data = data.replace(
        'xmlns:wp="http://wordpress.org/export/1.2/"', f'xmlns:wp="https://wordpress.org/export/{version}/"'
    )
    assert len(of(FoundComment, read_wordpress(data.encode()))) == 6


def test_a_file_without_comments_is_read():
    assert of(FoundComment, read_wordpress(b"<rss><channel><title>T</title></channel></rss>")) == {}


# --- Coral ------------------------------------------------------------------------------------------------------------


def test_corals_three_files_are_read():
    found = list(coral.read(FILES / "coral"))
    people, comments = of(FoundPerson, found), of(FoundComment, found)
    assert (people["u-3"].banned, people["u-2"].role, people["u-1"].role) == (True, "MODERATOR", "")
    assert of(FoundStory, found)["s-2"].mode == "reviews"
    assert of(FoundStory, found)["s-1"].closed_at == datetime(2014, 2, 15, 18, 5, tzinfo=UTC)
    assert comments["c-1"].written_at == datetime(2014, 2, 8, 22, 0, 0, 123000, tzinfo=UTC)
    assert (comments["c-3"].words, comments["c-3"].parent, comments["c-3"].name) == (
        "Two lines\nin one cell.", "c-1", "Mona of the desk",
    )  # fmt: skip
    assert (comments["c-4"].rating, comments["c-2"].state) == (4, State.REJECTED)
    assert "MAYBE" in of(Unusable, found)["c-5"].why


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("c-9,u-1,s-1", "line 6: it has 3 columns, and not 8"),
        ('c-9,"u-1"x,s-1,,,,,', "line 6: it is no CSV"),
        ("c-9," + "x" * (coral.LONGEST_FIELD + 1), "line 6: it is no CSV"),
    ],
)
def test_a_broken_line_of_coral_is_named(tmp_path, line, says):
    for name in ("users.csv", "stories.csv", "comments.csv"):
        (tmp_path / name).write_bytes((FILES / "coral" / name).read_bytes())
    lines = (FILES / "coral" / "comments.csv").read_text().splitlines()[:1] * 5
    (tmp_path / "comments.csv").write_text("\n".join([*lines, line]) + "\n")
    with pytest.raises(UnreadableFile, match=says):
        list(coral.read(tmp_path))


# --- Our own ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (b"[]\n", "line 1: it is no JSON object"),
        (b'{"format": "other"}\n', "line 1: it does not say"),
        (b'{"format": "broadsheet discussions", "version": 9}\n', "its version is 9"),
        (b'{"format": "broadsheet discussions", "version": 1}\n{"comment": {"id"', "line 2: it is no JSON"),
        (b'{"format": "broadsheet discussions", "version": 1}\n' + b"x" * 9_000_000, "line 2: it is longer"),
        (b'{"format": "broadsheet discussions", "version": 1}\n' + b"[" * 100_000 + b"\n", "line 2: it is no JSON"),
    ],
)
def test_a_broken_line_of_our_own_format_is_named(data, says):
    with pytest.raises(UnreadableFile, match=says):
        list(own_format.read(io.BytesIO(data)))


def test_a_record_that_lacks_something_is_refused_alone():
    lines = [
        own_format.opening(),
        {"comment": {"id": "a 1"}},
        {"person": {"id": 7}},
        {"x": 1},
    ]
    found = list(own_format.read(io.BytesIO("".join(map(own_format.write, lines)).encode())))
    assert [(each.id, each.why.split(":")[0]) for each in found] == [("a 1", "line 2"), ("7", "line 3"), ("", "line 4")]


# --- XML and archives -------------------------------------------------------------------------------------------------


BOMB = """<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>"""
OUTSIDE = """<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>&x;</item></channel></rss>"""


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, '<!DOCTYPE rss SYSTEM "http://dtd.example/rss.dtd"><rss/>'])
def test_entities_are_never_declared(data):
    with pytest.raises(UnreadableFile, match="line 1: it has a document type"):
        list(wordpress.read(io.BytesIO(data.encode())))


@beside
@pytest.mark.parametrize("name", ["rss-entity-small-bomb.xml", "wxr-external.xml"])
def test_the_projects_own_xml_attacks_are_refused(name):
    with pytest.raises(UnreadableFile, match="document type"):
        list(wordpress.read(io.BytesIO((SAMPLES / "xml" / name).read_bytes())))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html></html>", "it begins with <html>"),
        (b"`<disqus/>", "line 1, column 0: it is no well-formed XML"),
        (b"<disqus>" + b"<a>" * 40, "more than 30 deep"),
        (b"<disqus><post>" + b"x" * 17_000_000, "longer than"),
        (b"<disqus><post>&lol;</post></disqus>", "no well-formed XML"),
        (b"\x00\x01\x02", "no well-formed XML"),
        (b"", "no well-formed XML"),
    ],
)
def test_what_is_no_such_xml_is_refused_with_its_place(data, says):
    with pytest.raises(UnreadableFile, match=says):
        read_disqus(data or b"\n")


def test_what_stood_before_a_fault_has_been_read():
    whole = (FILES / "disqus.xml").read_bytes()
    found = []
    with pytest.raises(UnreadableFile, match="line 49"):
        for each in disqus.read(io.BytesIO(whole[: whole.index(b'<post dsq:id="1005"') + 40])):
            found.append(each)
    assert set(of(FoundComment, found)) == {"1003", "1001", "1004"}


def test_archives_are_opened_and_bombs_are_not(tmp_path):
    data = (FILES / "disqus.xml").read_bytes()
    (tmp_path / "a.xml").write_bytes(data)
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.xml", data)
    for name in ("a.xml", "a.xml.gz", "a.zip"):
        with archives.opened(tmp_path / name) as stream:
            assert stream.read() == data
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(archives.ALWAYS_TAKEN + 1)))
    with pytest.raises(UnreadableFile, match="far more"), archives.opened(tmp_path / "bomb.gz") as stream:
        while stream.read(2**20):
            pass


@pytest.mark.parametrize("name", ["two.zip", "cut.gz", "torn.zip", "missing", "."])
def test_an_archive_that_is_damaged_or_holds_more_is_refused(tmp_path, name):
    packed = gzip.compress((FILES / "disqus.xml").read_bytes())
    (tmp_path / "cut.gz").write_bytes(packed[:-400])
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04nothing")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as made:
        made.writestr("a", b"")
        made.writestr("b", b"")
    with pytest.raises(UnreadableFile), archives.opened(tmp_path / name) as stream:
        while stream.read(2**16):
            pass


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ("Hello there.", "Hello there."),
        ("One\nline\n\nand more", "One\nline\n\nand more"),
        ("<p>One.</p>\n<p>Two<br/>three</p>", "One.\n\nTwo\nthree"),
        ("<blockquote><p>Said <em>this</em></p></blockquote><p>No.</p>", "> Said *this*\n\nNo."),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ('<a href="http://a.example/">http://a.example/</a>', "http://a.example/"),
        ("snake_case and 2*3", "snake_case and 2*3"),
        ("*not* _emphasis_", "\\*not\\* \\_emphasis\\_"),
        ("1. no list", "1\\. no list"),
        ("<div>a</div><div>b</div>", "a\n\nb"),
        ("5 &lt; 6 &amp;amp;", "5 \\< 6 \\&amp;"),
        ('<img src="http://a.example/b.png" alt="A chart">', "[A chart](http://a.example/b.png)"),
    ],
)
def test_html_becomes_what_somebody_would_have_typed(html, body):
    assert comment_words(html).body == body


def test_what_is_written_shows_the_same_words():
    """Signs that mean something in our text, in every place of a line, mean nothing when they came as HTML."""
    signs = [
        "*a*",
        "**",
        "_a_",
        "`a`",
        "[a](b)",
        "![a]",
        "<b>",
        "&amp;",
        "> a",
        "- a",
        "+ a",
        "3) a",
        "# a",
        "~~a~~",
        "\\*",
        "a*b*c",
    ]
    for sign in signs:
        for words in (sign, f"so {sign} it", f"so\n{sign}\nit"):
            shown = comment_words(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")).html
            bare = shown.replace("<br>", "").replace("<p>", "").replace("</p>", "").replace("&lt;", "<")
            assert bare.replace("&gt;", ">").replace("&amp;", "&").split() == words.split(), words


@beside
def test_hostile_html_of_every_sample_is_harmless_as_a_comment():
    values = [
        json.loads(line)["value"] for file in SAMPLES.glob("xss-*.jsonl") for line in file.read_text().splitlines()
    ]
    values += json.loads((SAMPLES / "naughty-strings-sample.json").read_text())
    assert len(values) > 100
    for value in values:
        written = comment_words(value if isinstance(value, str) else str(value))
        assert clean_comment_html(written.html) == written.html == comment_html(written.body)


def test_a_storys_html_becomes_the_desks_parts():
    page = of(FoundStory, read_wordpress())["11"].page
    found, pictures = body_of(page.html)
    assert found == [
        ("subhead", "What was voted"),
        ("paragraph", '<p>The council <b>voted</b> for <a href="https://council.example/minutes">the roof</a>.</p>'),
        ("quotation", {"words": "It leaks.", "speaker": ""}),
        ("list", ["Slate", "Lead"]),
        ("paragraph", "<p>Work begins in May.</p>"),
    ]
    assert pictures == 1


@pytest.mark.parametrize(
    ("html", "part"),
    [
        ("<blockquote><p>It leaks.</p><cite>Mayor Dunn</cite></blockquote>",
         ("quotation", {"words": "It leaks.", "speaker": "Mayor Dunn"})),
        ("<blockquote>It leaks.</blockquote>", ("quotation", {"words": "It leaks.", "speaker": ""})),
        ("<blockquote><cite>Ode to a roof</cite></blockquote>",
         ("quotation", {"words": "Ode to a roof", "speaker": ""})),
        ("<table><tr><td>Slate</td><td>12</td></tr></table>", ("paragraph", "<p>Slate 12</p>")),
        ("<p><br>It leaks.<br></p>", ("paragraph", "<p>It leaks.</p>")),
    ],
)  # fmt: skip
def test_who_was_quoted_cells_and_empty_lines_of_old_posts(html, part):
    assert body_of(html)[0] == [part]


def test_a_mention_at_disqus_is_the_name_alone():
    assert straightened("<p>@ruth:disqus, see a@b.example:disqus</p>") == "<p>@ruth, see a@b.example:disqus</p>"


def test_a_comment_without_a_moment_is_refused_in_plain_words():
    with pytest.raises(NoMoment, match="it has no moment"):
        instant(" ")


def test_a_thousand_quotations_inside_each_other_are_read():
    assert "deep" in comment_words("<blockquote>" * 1000 + "deep" + "</blockquote>" * 1000).body
    assert Counter(comment_words("<b>" * 3000 + "x").html)["x"] == 1
