"""Display names: nobody passes for somebody else, and people of every script have theirs."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from broadsheet.accounts.names import LONGEST_NAME, checked_name, name_key
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import is_blank

HERE = Path(__file__).parent
SAMPLES = [json.loads(line) for line in (HERE / "names.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", SAMPLES, ids=lambda row: row["why"])
def test_a_name_is_taken_or_refused_by_rule(row):
    if row["expect"] == "allow":
        assert checked_name(row["candidate"])
        return
    taken = row.get("taken") and name_key(row["candidate"]) == name_key(row["taken"])
    if not taken:
        with pytest.raises(Unacceptable):
            checked_name(row["candidate"])


@pytest.mark.parametrize(
    "name",
    [
        "Zoë", "Олег", "田中さん", "テスター", "김철수", "محمد علي", "עברית", "ไทยวัฒนา", "राम कुमार", "Raj कुमार",
        "Nguyễn Văn Anh", "O'Brien-Smith", "J. R. R. Tolkien", "Þóra", "Ελένη", "f00", "Elihu Root", "carlmartel",
    ],
)  # fmt: skip
def test_names_of_every_script_are_kept_as_written(name):
    assert checked_name(name) == name


@pytest.mark.parametrize(
    ("candidate", "taken"),
    [
        ("mona marsh", "Mona Marsh"),
        ("M0na Marsh", "Mona Marsh"),
        ("Mona-Marsh", "Mona Marsh"),
        ("Rnona Marsh", "Mona Marsh"),
        ("Móna Marsh", "Mona Marsh"),
        ("Моnа Marsh", "Mona Marsh"),
        ("Ｍｏｎａ Marsh", "Mona Marsh"),
        ("ᴍᴏɴᴀ Marsh", "Mona Marsh"),
        ("Оскар", "Oскар"),
        ("علی", "علي"),
        ("كريم", "کریم"),
        ("مـحـمد", "محمد"),
        ("Ann ٥", "Ann ۵"),
        ("力タカナ", "カタカナ"),
        ("へレン", "ヘレン"),
    ],
)
def test_a_look_alike_counts_as_the_same_name(candidate, taken):
    assert name_key(candidate) == name_key(taken)


@pytest.mark.parametrize(("one", "other"), [("राम", "रमा"), ("がん", "かん"), ("Ann", "Anna")])
def test_other_names_stay_other_names(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["The Test Courier", "Test Courier Desk of The Test Courier", "the-test-courier"])
def test_the_paper_s_own_name_is_nobody_s(name):
    with pytest.raises(Unacceptable):
        checked_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Moderation", "Editorial Team", "Editorʼs Desk", "Anna (Redaktion)", "Redaktion", "Modérateur", "REDACCIÓN",
        "Moderação", "Redazione", "redactie", "Redakcja", "Модератор", "Редакция Пеннуэй", "Адміністратор", "المحرر",
        "編集部", "編集部の田中", "運営スタッフ", "Former Reader", "Guest", "Expert",
    ],
)  # fmt: skip
def test_nobody_speaks_for_the_newsroom_in_any_of_its_languages(name):
    with pytest.raises(Unacceptable):
        checked_name(name)


def test_letters_in_fancy_dress_are_shown_plain():
    assert checked_name("Ｔａｒｏ") == "Taro"


@pytest.mark.parametrize("name", ["a" * (LONGEST_NAME + 1), "ﷺ" * 5, "a\u0301\u0301\u0301\u0301", "<b>Ann", "Ann\x00"])
def test_what_no_page_can_show_is_refused(name):
    with pytest.raises(Unacceptable):
        checked_name(name)


def test_a_run_of_marks_is_not_put_in_order_to_be_refused():
    """A guest's name comes as it was sent; putting a hundred thousand marks in order takes ten seconds."""
    began = time.thread_time()
    with pytest.raises(Unacceptable):
        checked_name("a" + "\u0315\u0300" * 50_000)
    name_key("a" + "\u0315\u0300" * 50_000)
    assert time.thread_time() - began < 2


def test_the_longest_key_fits_its_column():
    assert len(name_key("ﷺ" * LONGEST_NAME)) <= LONGEST_NAME * 4


def test_no_character_that_cannot_be_seen_is_taken_into_a_name():
    """With one of them "Ann" would be another name to the database and the same to every reader."""
    unseen = [letter for code in range(sys.maxunicode + 1) if is_blank(letter := chr(code)) and not letter.isspace()]
    assert len(unseen) > 400
    for letter in unseen:
        with pytest.raises(Unacceptable):
            checked_name(f"Ann{letter}a")


@pytest.mark.parametrize("mark", ["\u0e47", "\u0489", "\u20dd", "\u0f71", "\u0730", "\u1dc0", "\ua66f"])
def test_marks_of_no_script_pile_up_on_a_name(mark):
    with pytest.raises(Unacceptable):
        checked_name(f"A{mark * 6}nn")
