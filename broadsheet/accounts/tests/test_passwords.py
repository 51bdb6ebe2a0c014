"""Passwords: long, on no list, and otherwise anything at all."""

from __future__ import annotations

import hashlib
import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError

from broadsheet.accounts.models import Reader
from broadsheet.accounts.passwords import LONGEST_PASSWORD, normalised, times_breached
from broadsheet.accounts.tests.ways import is_signed_in, prove_address, sign_in, sign_up

GOOD = [
    "correct horse battery",
    "nur kleine buchstaben",
    "             spaces count too",
    "пароль из слов на память",
    "正しい馬の電池ホチキスを持っている人",
    "🐎🔋📎 horse battery staple",
    "a'; DROP TABLE readers; --",
    " ".join(f"quite long {number}" for number in range(16)),
]
BAD = [
    "fourteen chars",  # 14
    "",
    "a" * 15,
    "123456789012345",
    "abcdefghijklmnopq",
    "qwertyuiopasdfgh",
    "password1password1",
    "hunter2hunter2hunter2",
    "The Test Courier",
    "thetestcourier 1",
    "x" * (LONGEST_PASSWORD + 1),
]


@pytest.fixture(autouse=True)
def _no_limit_left_over():
    cache.clear()


@pytest.mark.parametrize("password", GOOD)
def test_any_long_password_is_good(password):
    validate_password(password)


@pytest.mark.parametrize("password", BAD)
def test_short_and_expected_passwords_are_not(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.django_db
def test_a_run_of_marks_costs_no_more_than_any_wrong_password(client):
    """Anybody may send one. Putting a hundred thousand in order takes ten seconds, in which nobody else is served."""
    began = time.thread_time()
    sign_in(client, "nobody@example.org", "a" + "\u0315\u0300" * 50_000)
    assert time.thread_time() - began < 2 and not is_signed_in(client)


@pytest.mark.parametrize("password", ["\u1f82" * LONGEST_PASSWORD, "\u03b1\u0313\u0300\u0345" * LONGEST_PASSWORD])
def test_the_longest_password_is_the_same_however_it_is_written(password):
    assert normalised(password) == "\u1f82" * LONGEST_PASSWORD


def test_one_s_own_name_and_address_are_no_password(db):
    person = Reader(email="wilhelmina.featherstone@example.org", name="Wilhelmina Featherstone")
    with pytest.raises(ValidationError):
        validate_password("Wilhelmina Featherstone", person)


def test_each_sign_counts_as_one_whatever_it_takes_to_write_it():
    validate_password("😀🐎🔋📎😎🎉🚲🌍🌳🍎🎻🚀🧵🪁🪵")  # fifteen signs, sixty bytes
    with pytest.raises(ValidationError):
        validate_password("😀🐎🔋📎😎🎉🚲🌍🌳🍎🎻🚀🧵🪁")


@pytest.mark.django_db
def test_the_same_letters_are_the_same_password_on_every_keyboard(client):
    reader = Reader.objects.create_user("uma@example.org", "Uma Under", "schöne blumen im beet")
    assert reader.check_password("scho\u0308ne blumen im beet") and reader.check_password("schöne blumen im beet")
    assert reader.check_password("\uff53chöne blumen im beet"), "full width"
    sign_in(client, "uma@example.org", "scho\u0308ne blumen im beet")
    assert is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("password", BAD)
def test_signing_up_says_what_is_wrong_with_a_password(client, password):
    answer = sign_up(client, password1=password)
    assert answer.status_code == 200 and not Reader.objects.exists()
    assert b'id="id_password1_error"' in answer.content


@pytest.mark.django_db
def test_spaces_around_a_password_belong_to_it(client):
    sign_up(client, password1="  correct horse battery ")
    prove_address(client)
    reader = Reader.objects.get()
    assert reader.check_password("  correct horse battery ") and not reader.check_password("correct horse battery")


@pytest.fixture
def breached(tmp_path, settings):
    """A list as Have I Been Pwned's downloader writes it."""
    stolen = {f"stolen password {number}": number + 1 for number in range(1000)}
    lines = sorted(
        f"{hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper()}:{count}"
        for word, count in stolen.items()
    )
    path = tmp_path / "pwned.txt"
    path.write_text("\r\n".join(lines) + "\r\n")
    settings.BREACHED_PASSWORDS = str(path)
    return path, stolen


def test_every_password_of_the_list_is_found_and_none_besides(breached):
    path, stolen = breached
    assert {word: times_breached(word, path) for word in stolen} == stolen
    assert not any(times_breached(f"kept password {number}", path) for number in range(1000))


@pytest.mark.parametrize("text", ["", "\n", "00:1\n", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9545824"])
def test_a_list_of_none_or_one_is_a_list(tmp_path, text):
    path = tmp_path / "list.txt"
    path.write_text(text)
    assert times_breached("password", path) == (9545824 if text.startswith("5BAA") else 0)
    assert times_breached("no such word", path) == 0


def test_a_breached_password_is_refused(breached):
    with pytest.raises(ValidationError, match="stolen elsewhere"):
        validate_password("stolen password 500")
    validate_password("kept password 500")


def test_the_list_is_not_read_whole(breached, monkeypatch):
    path, _ = breached
    reads = []

    class Counted(type(path)):
        def open(self, mode):
            file = super().open(mode)
            reads.append(file)
            return file

    times_breached("stolen password 7", Counted(path))
    assert len(reads) == 1 and reads[0].closed


@pytest.mark.django_db
def test_no_password_is_asked_to_be_changed_by_the_calendar(client, reader):
    reader.date_joined = reader.date_joined.replace(year=2001)
    reader.save()
    assert sign_in(client).url == "/"
