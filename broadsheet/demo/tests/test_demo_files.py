from __future__ import annotations

import random
import re
import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.accounts.names import checked_name
from broadsheet.demo.composing import lengthened
from broadsheet.demo.story_file import CONTENT, read_stories, read_story
from broadsheet.demo.talk import timed
from broadsheet.demo.thread_file import parse, read_thread
from broadsheet.demo.when import moment, with_days

NOW = datetime(2026, 3, 7, 15, 30, 12, tzinfo=UTC)


def test_a_moment_is_told_as_so_long_ago():
    assert moment("-2d4h10m", NOW) == datetime(2026, 3, 5, 11, 20, tzinfo=UTC)
    assert moment("tomorrow 06:30", NOW) == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)  # the clocks go forward that night
    with pytest.raises(ValueError, match="no moment"):
        moment("last week", NOW)


def test_days_are_named_from_the_day_of_publication():
    assert with_days("{weekday} and {weekday:-1}, until {date:+30}", NOW) == "Saturday and Friday, until April 6"


def test_a_story_file_has_facts_a_body_and_notices():
    story = read_story(
        "x",
        "headline: A headline\ntopics: One; Two\n---\nWords\nand words.\n\n## Then\n\n> Said.\n> — Somebody\n\n"
        "- one\n- two\n\n!earth The Earth.\n\n-> https://example.org/ A page\n\nNOTICE update -2h: Now with more.\n",
    )
    assert story.listed("topics") == ["One", "Two"]
    assert story.body == (
        ("paragraph", "Words and words.", ""),
        ("subhead", "Then", ""),
        ("quotation", "Said.", "Somebody"),
        ("list", "one\ntwo", ""),
        ("picture", "earth", "The Earth."),
        ("embed", "A page", "https://example.org/"),
    )
    assert (story.notices[0].kind, story.notices[0].when) == ("update", "-2h")


def test_a_thread_file_says_who_answered_whom_and_what_became_of_it():
    first, answer, second = parse(
        "@ Ann\n* 4\n+\n^ 14\nHello.\n\nMore.\n@@ Bo\n! spam Cy: why\n! false -\n= rejected spam: note\nBuy!\n"
        "@ Di\n= held\nHm.\n"
    )
    assert (first.stars, first.picked, first.respects) == (4, True, 14)
    assert (answer.stars, answer.picked, answer.respects) == (None, False, None)
    assert (first.words, first.parent, answer.parent, second.parent) == ("Hello.\n\nMore.", None, 0, None)
    assert [(report.reason, report.reporter) for report in answer.reports] == [("spam", "Cy"), ("false", "")]
    assert (answer.fate, answer.reason, answer.note, second.fate) == ("rejected", "spam", "note", "held")


def test_every_story_names_sections_topics_people_and_pictures_that_are_there():
    facts = tomllib.loads((CONTENT / "newsroom.toml").read_text(encoding="utf-8"))
    stories = {story.name: story for story in read_stories()}
    for story in stories.values():
        assert story.facts["section"] in {row["slug"] for row in facts["section"]}
        assert set(story.listed("topics")) <= {row["name"] for row in facts["topic"]}
        assert {credit.split(" by ")[1] for credit in story.listed("credits")} <= {
            row["name"] for row in facts["person"]
        }
        assert set(story.listed("related")) <= set(stories)
    assert {path.stem for path in CONTENT.glob("threads/*.md")} <= set(stories)
    assert {row["file"] for row in facts["picture"]} == {path.stem for path in CONTENT.glob("pictures/*.jpg")}


def test_the_stories_are_as_long_as_stories_are():
    for story in read_stories():
        words = sum(len(part[1].split()) for part in story.body)
        assert words > (100 if story.notices and story.notices[0].kind == "withdrawal" else 180), story.name


def test_every_picture_is_listed_with_its_source_and_rights():
    listed = re.findall(r"^\| (\S+\.jpg) \|", (CONTENT / "pictures" / "CREDITS.md").read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == sorted(path.name for path in CONTENT.glob("pictures/*.jpg"))
    assert all(path.stat().st_size < 300_000 for path in CONTENT.glob("pictures/*.jpg"))


def test_everybody_who_comments_has_a_name_that_could_be_signed_up_with():
    names = {remark.name for story in read_stories() for remark in read_thread(story.name)}
    names |= set(tomllib.loads((CONTENT / "threads" / "mill-bridge-more.toml").read_text(encoding="utf-8"))["names"])
    for name in names:
        assert checked_name(name) == name


def test_the_long_discussion_is_400_remarks_no_two_alike_and_the_same_each_time():
    written = read_thread("mill-bridge")
    long = lengthened(written, 400, random.Random(1))
    assert len(long) == 400
    assert len({remark.words for remark in long}) == 400
    assert long == lengthened(written, 400, random.Random(1))
    for remark in long[len(written) :]:
        assert remark.parent is None or remark.parent >= len(written)


def test_nobody_answers_before_there_is_something_to_answer():
    remarks = lengthened(read_thread("mill-bridge"), 400, random.Random(1))
    start, end = NOW, NOW + timedelta(days=2)
    at = {said.place: said.at for said in timed(remarks, start, end, random.Random(2))}
    assert all(start < moment < end for moment in at.values())
    assert all(at[place] > at[remark.parent] for place, remark in enumerate(remarks) if remark.parent is not None)
