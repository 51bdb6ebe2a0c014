"""Who may ask, how often, from which pages; and the file of keys."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os

import pytest

from broadsheet.scoring.command import scorer as main
from broadsheet.scoring.perspective.keys import Bucket, Keys, block, hashed
from broadsheet.scoring.perspective.refusals import Refusal
from broadsheet.scoring.perspective.service import ANALYZE, LONG_BODY, Service
from broadsheet.scoring.perspective.settings import Fault, read
from broadsheet.scoring.perspective.suggestions import Suggestions
from broadsheet.scoring.perspective.tests.conftest import (
    BUNDLE,
    IN_BROWSERS,
    KEY,
    PAGE,
    asking,
    bundled,
    comment,
    part_of,
)

HELLO = comment("Hello")


def test_without_a_key_nothing_is_scored(ask):
    heard = ask(body=HELLO, key="")
    assert (heard.status, heard.error["status"]) == (403, "PERMISSION_DENIED")
    assert heard.error["message"] == "The request is missing a valid API key."


@pytest.mark.parametrize("key", ["wrong", KEY + "x", KEY[:-1], "%00", "%ED%A0%80", "k" * 9000])
def test_a_wrong_key_is_refused_as_google_refused_it(ask, key):
    heard = ask(body=HELLO, key=key)
    assert (heard.status, heard.error["status"]) == (400, "INVALID_ARGUMENT")
    assert heard.error["message"] == "API key not valid. Please pass a valid API key."
    assert heard.error["details"][0]["reason"] == "API_KEY_INVALID"


def test_a_key_may_come_as_a_header(ask):
    assert ask(body=HELLO, key="", headers=[("X-Goog-Api-Key", KEY)]).status == 200


def limited(file, scorer, per_second, per_minute):
    file.write_text(block("tests", hashed(KEY), per_second, per_minute, []), encoding="utf-8")
    return Service(scorer, Keys(file), Suggestions(None, texts=False))


def test_more_than_the_minutes_quota_is_refused_with_the_moment_to_come_again(ask, keys_file, scorer):
    service = limited(keys_file, scorer, 0, 3)
    assert [ask(body=HELLO, to=service).status for _ in range(3)] == [200] * 3
    heard = ask(body=HELLO, to=service)
    assert (heard.status, heard.error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert heard.error["message"].startswith(
        "Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' and limit "
        "'Analysis requests (AnalyzeComment) per minute' of service 'commentanalyzer.googleapis.com'"
    )
    (detail,) = heard.error["details"]
    assert detail["reason"] == "RATE_LIMIT_EXCEEDED"
    assert detail["metadata"]["quota_limit_value"] == "3"
    assert 1 <= int(heard.headers["retry-after"]) <= 20


def test_more_than_the_seconds_quota_is_refused_too_and_malformed_requests_count(ask, keys_file, scorer):
    service = limited(keys_file, scorer, 2, 0)
    assert [ask(body=b"{", to=service).status for _ in range(3)] == [400, 400, 429]


def test_sentences_that_are_scored_count_as_requests_do(ask, keys_file, scorer):
    service = limited(keys_file, scorer, 0, 6)
    assert ask(body=comment("One. Two. Three.", spanAnnotations=True), to=service).status == 200
    assert [ask(body=HELLO, to=service).status for _ in range(3)] == [200, 200, 429]


def test_a_text_of_more_sentences_than_the_quota_is_served_and_takes_all_of_it(ask, keys_file, scorer):
    service = limited(keys_file, scorer, 0, 6)
    many = comment("Ah! " * 60, spanAnnotations=True)
    assert [ask(body=body, to=service).status for body in (many, HELLO)] == [200, 429]


def test_of_several_such_texts_at_once_one_is_served(keys_file, scorer):
    service = limited(keys_file, scorer, 0, 6)
    body = json.dumps(comment("Ah! " * 60, spanAnnotations=True)).encode()
    body += b" " * LONG_BODY  # read beside the loop, so that all have been counted before the first is cut up

    async def together():
        return [heard.status for heard in await asyncio.gather(*(asking(service, ANALYZE, body) for _ in range(3)))]

    assert sorted(asyncio.run(together())) == [200, 429, 429]
    assert sum(map(len, scorer.batches)) == 31


def test_a_quota_comes_back_with_time():
    bucket = Bucket(60, 60.0)
    bucket.level = 0
    bucket.fill(bucket.at + 2)
    assert bucket.level == pytest.approx(2)
    bucket.fill(bucket.at + 1000)
    assert bucket.level == 60


def test_pages_of_a_keys_origins_may_read_its_answers_and_no_others(ask):
    page = [("Origin", PAGE)]
    heard = ask(body=HELLO, key=IN_BROWSERS, headers=page)
    assert (heard.status, heard.headers["access-control-allow-origin"]) == (200, PAGE)
    assert "Origin" in heard.headers["vary"]
    assert ask(body=b"{", key=IN_BROWSERS, headers=page).headers["access-control-allow-origin"] == PAGE
    for key, origin in ((KEY, PAGE), ("wrong", PAGE), ("", PAGE)):
        assert "access-control-allow-origin" not in ask(body=HELLO, key=key, headers=[("Origin", origin)]).headers
    other = ask(body=HELLO, key=IN_BROWSERS, headers=[("Origin", "https://other.example")])
    assert (other.status, other.error["details"][0]["reason"]) == (403, "API_KEY_HTTP_REFERRER_BLOCKED")
    assert "access-control-allow-origin" not in other.headers
    assert ask(body=HELLO, key=IN_BROWSERS).status == 200  # a server of the same site


def test_pages_may_read_a_batchs_answer_where_every_parts_key_lets_them(ask):
    def allowed(*keys, around="", origin=PAGE, more=()):
        parts = [part_of(f"<{number}>", HELLO, key) for number, key in enumerate(keys)]
        heard = ask("/batch", bundled(*parts, *more), key=around, headers=[BUNDLE, ("Origin", origin)])
        assert heard.status == 200
        return heard.headers.get("access-control-allow-origin")

    assert allowed(IN_BROWSERS, IN_BROWSERS) == PAGE
    assert allowed("", around=IN_BROWSERS, more=[b"not a request"]) == PAGE
    for keys in ([IN_BROWSERS, KEY], [IN_BROWSERS, "wrong"], [IN_BROWSERS, ""], [KEY]):
        assert allowed(*keys) is None
    assert allowed(KEY, around=IN_BROWSERS) is None
    assert allowed(IN_BROWSERS, origin="https://other.example") is None


def test_a_part_of_a_batch_cannot_say_that_another_page_asks(ask):
    part = part_of("<a>", HELLO, IN_BROWSERS)
    said = part.replace(b"HTTP/1.1\r\n", f"HTTP/1.1\r\nOrigin: {PAGE}\r\n".encode())
    headers = [BUNDLE, ("Origin", "https://other.example")]
    assert b"API_KEY_HTTP_REFERRER_BLOCKED" in ask("/batch", bundled(said), key="", headers=headers).body


def test_a_browser_that_asks_first_is_told_the_same(ask):
    def preflight(key, origin):
        wants = [("Origin", origin), ("Access-Control-Request-Method", "POST")]
        heard = ask(method="OPTIONS", key=key, headers=wants)
        assert (heard.status, heard.body) == (200, b"")
        return heard.headers.get("access-control-allow-origin")

    assert preflight(IN_BROWSERS, PAGE) == PAGE
    assert preflight("", PAGE) == PAGE  # the key will come as a header
    assert [preflight(KEY, PAGE), preflight("wrong", PAGE), preflight("", "https://other.example")] == [None] * 3


def test_a_key_added_or_removed_counts_without_a_restart(tmp_path, monkeypatch, capsys):
    file = tmp_path / "scorer.toml"
    monkeypatch.setenv("BROADSHEET_SCORER", str(file))
    now = [0.0]
    keys = Keys(file, clock=lambda: now[0])
    assert main(["key", "add", "coral", "--per-minute", "9", "--origin", PAGE]) == 0
    key = capsys.readouterr().out.strip()
    found = keys.find(key)
    assert dataclasses.astuple(found.settings) == ("coral", hashed(key), 50, 9, (PAGE,))
    found.take("analyze")
    assert main(["key", "add", "forum"]) == 0
    now[0] += 2
    assert keys.find(capsys.readouterr().out.strip()).settings.name == "forum"
    assert keys.find(key) is found  # and its quota is as used as it was
    assert main(["key", "remove", "coral"]) == 0
    now[0] += 2
    with pytest.raises(Exception, match="API key not valid"):
        keys.find(key)


def test_a_file_that_becomes_wrong_leaves_the_keys_as_they_were(keys_file, caplog):
    now = [0.0]
    keys = Keys(keys_file, clock=lambda: now[0])
    keys.find(KEY)
    keys_file.write_text("[[keys]\n", encoding="utf-8")
    os.utime(keys_file, ns=(1, 1))
    now[0] += 2
    assert keys.find(KEY)
    assert "The keys known stay." in caplog.text


def test_a_file_that_was_mended_is_read_though_it_looks_as_it_did(keys_file, caplog):
    """What mends it need not change its time, its size or its number: `chmod` does not."""
    good, now = keys_file.read_text(), [0.0]
    keys = Keys(keys_file, clock=lambda: now[0])
    for now[0], text in ((0.0, good.replace("]]", "]!")), (2.0, None), (4.0, good)):
        if text:
            keys_file.write_text(text, encoding="utf-8")
            os.utime(keys_file, ns=(1, 1))
        if text != good:
            with pytest.raises(Refusal, match="API key not valid"):
                keys.find(KEY)
    assert keys.find(KEY).settings.name == "tests"
    assert len(caplog.messages) == 1  # not one a second


def test_a_folder_in_the_files_place_is_not_called_a_wrong_line(tmp_path):
    with pytest.raises(
        Fault, match=r"\(Is a directory\): it must be a file that the user who runs the scorer may read\."
    ):
        read(tmp_path)


def test_the_commands_leave_the_file_to_those_who_could_read_it(tmp_path):
    file, link = tmp_path / "kept.toml", tmp_path / "scorer.toml"
    file.write_text("port = 9000\n", encoding="utf-8")
    file.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(file, 4321, 1234)
    link.symlink_to("kept.toml")
    before = file.stat()
    assert main(["key", "add", "coral", "--config", str(tmp_path / "new.toml")]) == 0
    assert (tmp_path / "new.toml").stat().st_mode & 0o777 == 0o600
    for act in ("add", "remove"):
        assert main(["key", act, "coral", "--config", str(link)]) == 0
        after = file.stat()
        assert link.is_symlink()
        assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_the_commands_keep_the_rest_of_the_file_and_no_key(tmp_path, capsys):
    file = tmp_path / "scorer.toml"
    file.write_text('# ours\nport = 9000\nsuggestions = "s.jsonl"  # kept\n', encoding="utf-8")
    assert main(["key", "add", "study-7", "--config", str(file), "--per-second", "0"]) == 0
    key = capsys.readouterr().out.strip()
    assert len(key) > 40
    text = file.read_text()
    assert text.startswith("# ours\nport = 9000\n") and key not in text and hashed(key) in text
    assert main(["key", "list", "--config", str(file)]) == 0
    assert capsys.readouterr().out == "study-7  any number a second, 3,000 a minute\n"
    assert main(["key", "add", "study-7", "--config", str(file)]) == 1
    assert main(["key", "add", "two words", "--config", str(file)]) == 1
    assert main(["key", "add", "page", "--origin", "example.org/x", "--config", str(file)]) == 1
    assert main(["key", "remove", "nobody", "--config", str(file)]) == 1
    assert main(["key", "remove", "study-7", "--config", str(file)]) == 0
    assert file.read_text().strip() == '# ours\nport = 9000\nsuggestions = "s.jsonl"  # kept'
    assert list(tmp_path.iterdir()) == [file]


def test_the_commands_tell_a_newcomer_what_there_is_and_what_comes_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def told(*arguments):
        main(["key", *arguments])
        return capsys.readouterr().err

    assert told("list") == "scorer.toml holds no keys yet; `broadsheet scorer key add NAME` makes one.\n"
    assert "for ?key= or the header X-Goog-Api-Key" in told("add", "coral")
    assert told("list") == ""
    assert told("remove", "coral") == "The key of coral is good no longer, from the next second on.\n"
    nowhere = tmp_path / "nowhere"
    assert told("add", "coral", "--config", str(nowhere / "scorer.toml")) == (
        f"broadsheet: There is no folder {nowhere}: make it, or name another file by --config.\n"
    )


def test_a_key_written_by_hand_in_another_way_is_left_to_hands(tmp_path, capsys):
    file = tmp_path / "scorer.toml"
    text = f"keys = [{{ name = 'odd', sha256 = '{'0' * 64}' }}]\n"
    file.write_text(text, encoding="utf-8")
    assert main(["key", "remove", "odd", "--config", str(file)]) == 1
    assert "by hand" in capsys.readouterr().err
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("port = 0", "`port`"),
        ('port = "8010"', "`port`"),
        ("prot = 8010", "`prot`"),
        ('url = "scorer.example.org"', "`url`"),
        ('[[keys]]\nname = "a"', "`sha256`"),
        ('[[keys]]\nname = "a"\nsha256 = "my key"', "`sha256`"),
        (f'[[keys]]\nname = "a"\nsha256 = "{"0" * 64}"\nper_minute = -1', "`per_minute`"),
        (f'[[keys]]\nname = "a"\nsha256 = "{"0" * 64}"\norigins = ["x"]', "`origins`"),
        (f'[[keys]]\nname = "a"\nsha256 = "{"0" * 64}"\n' * 2, "two keys"),
        ("keys = 7", "[[keys]]"),
        ("=", "cannot be read"),
    ],
)
def test_a_wrong_settings_file_is_told_in_a_sentence(tmp_path, text, word):
    file = tmp_path / "scorer.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Fault) as fault:
        read(file)
    assert word in str(fault.value) and "\n" not in str(fault.value)


def test_what_can_be_done_is_said(capsys):
    for asked, status in (([], 2), (["--help"], 0)):
        with pytest.raises(SystemExit) as ended:
            main(asked)
        assert ended.value.code == status
        said = capsys.readouterr()
        assert "serve" in said.out + said.err
