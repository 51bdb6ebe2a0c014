from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from broadsheet.core.text import plain, wire_html
from broadsheet.wire.body_parts import parts_of
from broadsheet.wire.items import newsml_g2, newsml_g2_reading, ninjs, ninjs_reading
from broadsheet.wire.tests.items import FULL, KILLED, items
from broadsheet.wire.tests.oracles import faults_in_newsml, faults_in_ninjs

STANDARDS = Path(__file__).resolve().parents[4] / "shared" / "standards"


def carried(item, *left_out):
    """The item as a format can carry it: nobody's wire has a place for our discussion."""
    return replace(item, comments=None, discussion="", **dict.fromkeys(left_out, ""))


@pytest.mark.parametrize("item", [FULL, KILLED], ids=["story", "kill"])
def test_what_is_written_is_what_the_standards_ask_for(item):
    assert faults_in_ninjs(ninjs.write(item)) == []
    assert faults_in_newsml(newsml_g2.write(item)) == []


def test_a_whole_story_comes_back_as_it_went():
    assert ninjs_reading.read(ninjs.write(FULL)) == [carried(FULL, "provider_address")]
    assert newsml_g2_reading.read(newsml_g2.write(FULL)) == [carried(FULL)]


def test_a_kill_has_no_word_of_the_story_in_either_format():
    killed = replace(FULL, status="canceled")
    for write, read in ((ninjs.write, ninjs_reading.read), (newsml_g2.write, newsml_g2_reading.read)):
        data = write(killed)
        assert b"canceled" in data
        for word in (b"Council", b"Seven to four.", b"TOWN-BRIDGE", b"Umber", b"HARLOW", b"Bridges", b"voted", b"Dana"):
            assert word not in data
        assert [(item.status, item.headline, item.body) for item in read(data)] == [("canceled", "", "")]


def test_a_body_that_is_nested_without_end_keeps_its_words():
    deep = "<blockquote>" * 5000 + "<p>Here.</p>" + "</blockquote>" * 5000
    (item,) = newsml_g2_reading.read(newsml_g2.write(replace(FULL, body=deep)))
    assert plain(item.body) == "Here."
    assert [part.text for part in parts_of(wire_html(deep))] == ["Here."]


def test_no_word_of_a_body_is_lost_on_the_way_to_the_desk():
    long = "Long. " * 40
    found = parts_of(
        "<div>One<div>Two</div></div><ul><li><p>Three</p></li></ul><ol><li>Four<ul><li>Five</li></ul></li></ol>"
        "<blockquote><p>Six<br>seven</p><ul><li>Eight</li></ul><cite>Una</cite></blockquote>"
        '<figure><blockquote>Nine</blockquote></figure><p>Ten <a href="https://a.example/"><img alt="x"></a></p>'
        f"<h2>{long}"
    )
    assert [part.as_block() for part in found if part.kind != "picture"] == [
        ("paragraph", "<p>One</p>"),
        ("paragraph", "<p>Two</p>"),
        ("list", ["Three"]),
        ("paragraph", "<ol><li>Four<ul><li>Five</li></ul></li></ol>"),
        ("quotation", {"words": "Six\nseven\n\nEight", "speaker": "Una"}),
        ("quotation", {"words": "Nine", "speaker": ""}),
        ("paragraph", "<p>Ten</p>"),
        ("paragraph", f"<p>{long.strip()}</p>"),
    ]
    assert [part.alt for part in found if part.kind == "picture"] == ["x"]


@given(items)
def test_any_item_survives_ninjs(item):
    data = ninjs.write(item)
    assert faults_in_ninjs(data) == []
    assert ninjs_reading.read(data) == [carried(item, "provider_address")]


@given(items)
def test_any_item_survives_newsml_g2(item):
    data = newsml_g2.write(item)
    assert faults_in_newsml(data) == []
    assert newsml_g2_reading.read(data) == [carried(item, "provider_address")]
