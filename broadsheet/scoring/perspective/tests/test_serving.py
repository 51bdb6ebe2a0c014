"""The process that serves: its health, its limits, slow callers, its end, and that its log holds no words."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import threading
import time

import pytest

from broadsheet.scoring.command import scorer as main
from broadsheet.scoring.perspective.arriving import LONGEST_BODY
from broadsheet.scoring.perspective.batches import AT_ONCE, LENGTH, Batches
from broadsheet.scoring.perspective.keys import Keys
from broadsheet.scoring.perspective.refusals import Refusal
from broadsheet.scoring.perspective.service import Service
from broadsheet.scoring.perspective.suggestions import Suggestions
from broadsheet.scoring.perspective.tests.conftest import BUNDLE, KEY, asking, bundled, comment, part_of, serving
from broadsheet.scoring.perspective.tests.keywords import Keywords

ANALYZE = "/v1alpha1/comments:analyze"
HELLO = part_of("<hello>", comment("Hello"))


def sent(served, raw, wait=5.0):
    """What comes back for these bytes, until the service hangs up or stays silent."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=wait) as asking_by_hand:
        asking_by_hand.sendall(raw)
        heard = b""
        try:
            while piece := asking_by_hand.recv(65536):
                heard += piece
        except TimeoutError:
            pass
        return heard


def test_health_is_told_to_all_and_what_answers_only_to_who_has_a_key(ask):
    assert ask("/healthz", method="GET", key="").json == {"status": "ok"}
    told = ask("/healthz", method="GET").json
    assert (told["scorer"], told["parts"]) == ("keywords 1", ["words"])
    assert ask("/healthz", method="GET", key="wrong").status == 400
    assert ask("/healthz", method="HEAD", key="").body == b""


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ANALYZE),
        ("PUT", ANALYZE),
        ("POST", "/"),
        ("POST", "/v1/comments:analyze"),
        ("GET", "/$discovery/rest?version=v2"),
        ("GET", "/../etc/passwd"),
        ("DELETE", "/healthz"),
    ],
)
def test_what_is_not_there_is_not_found_in_googles_shape(ask, method, path):
    path, _, query = path.partition("?")
    heard = ask(path, method=method, query=query)
    assert (heard.status, heard.error["status"]) == (404, "NOT_FOUND")


def test_the_discovery_document_names_the_address_by_which_it_was_asked_or_the_one_set(ask, keys_file, scorer):
    def root(host, to):
        document = ask("/$discovery/rest", method="GET", key="", headers=[("Host", host)], to=to).json
        return document["rootUrl"]

    service = Service(scorer, Keys(keys_file), Suggestions(None, texts=False))
    assert root("scorer.example:8010", service) == "http://scorer.example:8010/"
    assert root('evil"/<x>', service) == "http://127.0.0.1:8010/"
    named = Service(scorer, Keys(keys_file), Suggestions(None, texts=False), "https://scorer.example.org")
    assert root("127.0.0.1", named) == "https://scorer.example.org/"


def test_a_body_that_is_too_large_is_refused_unread(ask, served):
    heard = ask(body=b" " * (LONGEST_BODY + 1))
    assert (heard.status, heard.error["message"]) == (
        400,
        f"Request payload size exceeds the limit: {LONGEST_BODY} bytes.",
    )
    head = f"POST {ANALYZE}?key={KEY} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"
    assert sent(served, head.encode() + b"{}", 2).startswith(b"HTTP/1.1 400")
    declared = f"POST {ANALYZE}?key={KEY} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
    assert b"payload size exceeds" in sent(served, declared.encode() + b"{}", 2)
    with contextlib.closing(served.connection()) as by_pieces:
        by_pieces.request("POST", f"{ANALYZE}?key={KEY}", iter([b" " * 65536] * 65), encode_chunked=True)
        assert by_pieces.getresponse().status == 400


def test_packed_bodies_are_declined(ask):
    assert ask(body=b"\x1f\x8b", headers=[("Content-Encoding", "gzip")]).status == 400


def test_a_body_that_does_not_come_is_not_waited_for(keys_file, scorer):
    service = Service(scorer, Keys(keys_file), Suggestions(None, texts=False), body_within=0.05)
    heard = asyncio.run(asking(service, ANALYZE, pieces=[b'{"comment"', None]))
    assert (heard.status, heard.headers["connection"]) == (408, "close")


@pytest.mark.parametrize("address", [f"{ANALYZE}?key={KEY}", "/batch"])
def test_slow_callers_hold_up_nobody(served, address):
    with contextlib.ExitStack() as still_open:
        slow = [still_open.enter_context(socket.create_connection(("127.0.0.1", served.port))) for _ in range(40)]
        head = f"POST {address} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\nExpect: 100-continue\r\n\r\n"
        for one in slow:
            one.sendall(head.encode())
        for one in slow:
            one.recv(100)  # "Continue": its body is being waited for
            one.sendall(b"{")
        assert served.post(f"{ANALYZE}?key={KEY}", json.dumps(comment("Hello"))).status == 200
        assert served.post("/batch", bundled(HELLO), **dict([BUNDLE])).status == 200
        for one in slow:
            one.setblocking(False)
            with pytest.raises(BlockingIOError):  # it is waited for still
                one.recv(1)


def test_strangers_whose_bodies_hold_too_much_make_room_the_one_that_came_first_before_the_others(keys_file, scorer):
    service = Service(scorer, Keys(keys_file), Suggestions(None, texts=False), body_within=60)

    async def many():
        nearly_all = b"-" * (LONGEST_BODY - 1)
        hoarders = [
            asyncio.create_task(asking(service, "/batch", key="", pieces=[nearly_all, None])) for _ in range(12)
        ]
        gone = await asyncio.gather(*hoarders[:4])
        heard = await asking(service, "/batch", bundled(HELLO), key="", headers=[BUNDLE])
        held = [one for one in hoarders if one.cancel()]
        return [one.status for one in gone], heard.status, held == hoarders[4:]

    assert asyncio.run(many()) == ([408] * 4, 200, True)


def test_a_request_that_names_the_whole_address_is_answered_as_a_proxy_would(served):
    body = json.dumps(comment("Hello"))
    head = f"POST http://commentanalyzer.googleapis.com{ANALYZE}?key={KEY} HTTP/1.1"
    raw = f"{head}\r\nHost: commentanalyzer.googleapis.com\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    assert sent(served, raw.encode(), 1).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("chunks", ["none\r\n", "2\r\n{}none", "2\r\n{}\r\nnone\r\n"])
def test_chunks_that_are_none_are_refused_in_googles_shape(served, chunks):
    for address in (f"{ANALYZE}?key={KEY}", "/batch"):
        head = f"POST {address} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        status, _, answer = sent(served, (head + chunks).encode()).partition(b"\r\n")
        assert status == b"HTTP/1.1 400 Bad Request"
        error = json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
        assert (error["status"], "malformed" in error["message"]) == ("INVALID_ARGUMENT", True)


def test_malformed_http_is_survived(served):
    for raw in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"POST /batch HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ):
        assert not sent(served, raw, 1).startswith(b"HTTP/1.1 5")
    assert sent(served, b"GET /healthz?" + b"a=b&" * 200 + b" HTTP/1.0\r\n\r\n", 1).startswith(b"HTTP/1.")
    assert served.post("/v1alpha1/comments%3Aanalyze?key=" + KEY, json.dumps(comment("Hello"))).status == 200


def test_what_arrives_together_is_scored_together(keys_file):
    scorer = Keywords()

    async def many():
        batches = Batches(scorer)
        asked = [batches.score([f"Hello {number}"], "a key") for number in range(100)]
        answers = await asyncio.gather(*asked)
        assert [answer[0].language for answer in answers] == ["en"] * 100

    asyncio.run(many())
    assert max(map(len, scorer.batches)) == AT_ONCE
    assert len(scorer.batches) < 10


def test_a_whole_text_waits_for_no_more_of_anothers_sentences_than_a_short_batch(service, scorer):
    of_sentences = comment("Go on. " * 2900, spanAnnotations=True)

    async def both():
        first = asyncio.create_task(asking(service, ANALYZE, of_sentences))
        while len(scorer.batches) < 2:  # its sentences have been begun
            await asyncio.sleep(0)
        second = await asking(service, ANALYZE, comment("Hello"))
        return (await first), second

    first, second = asyncio.run(both())
    assert (first.status, second.status) == (200, 200)
    assert ["Hello"] in scorer.batches[2:-1]
    assert len(first.json["attributeScores"]["TOXICITY"]["spanScores"]) == 50
    assert all(len(batch) == 1 or sum(map(len, batch)) <= LENGTH for batch in scorer.batches)


def test_whole_texts_that_come_with_sentences_go_first_and_in_their_order(service, scorer):
    async def all_at_once():
        texts = [f"Hello {number}. And so on. And on." for number in range(9)]
        await asyncio.gather(*(asking(service, ANALYZE, comment(text, spanAnnotations=True)) for text in texts))
        return texts

    texts = asyncio.run(all_at_once())
    asked = [text for batch in scorer.batches for text in batch]
    assert asked[:9] == texts and len(asked) == 36


def test_a_key_whose_texts_are_many_and_long_makes_another_wait_for_one_of_them():
    scorer = Keywords()
    long = "Go on. " * 2900

    async def many():
        batches = Batches(scorer)
        flood = [batches.score([long, "Go on."], "study") for _ in range(20)]
        others = [batches.score([f"Hello {name}", name], name) for name in ("coral", "forum")]
        await asyncio.gather(*flood, *others)

    asyncio.run(many())
    assert scorer.batches == [
        [long],
        ["Hello coral", "Hello forum"],
        ["forum", *["Go on."] * 20, "coral"],
        *[[long]] * 19,
    ]


def test_a_key_that_fills_its_row_leaves_the_others_theirs():
    async def many():
        batches = Batches(Keywords(), most_waiting=2)
        flood = [asyncio.create_task(batches.score(["Hello"], "study")) for _ in range(9)]
        await asyncio.sleep(0)
        assert len(await batches.score(["Hello"], "coral")) == 1
        return await asyncio.gather(*flood, return_exceptions=True)

    assert [isinstance(one, Refusal) for one in asyncio.run(many())] == [False] * 2 + [True] * 7


def test_more_than_can_wait_are_asked_to_come_again_and_nobody_waits_for_ever():
    async def many():
        batches = Batches(Keywords(), within=0.2, most_waiting=2)
        slow = asyncio.create_task(batches.score(["slow"], "a key"))
        await asyncio.sleep(0.05)
        waiting = asyncio.create_task(batches.score(["Hello", "Hello", "Hello"], "a key"))
        await asyncio.sleep(0.05)
        with pytest.raises(Refusal) as full:
            await batches.score(["Hello", "Hello"], "a key")
        assert (full.value.code, full.value.retry_after) == (503, 1)
        another = asyncio.create_task(batches.score(["Hello"], "a key"))  # a whole text has room yet
        await asyncio.sleep(0.05)
        with pytest.raises(Refusal) as full:
            await batches.score(["Hello"], "a key")
        assert (full.value.code, full.value.retry_after) == (503, 1)
        for one in (slow, waiting, another):
            with pytest.raises(Refusal) as late:
                await one
            assert late.value.code == 504
        await asyncio.sleep(1)
        assert len(await batches.score(["Hello"], "a key")) == 1

    asyncio.run(many())


def test_a_scorer_that_does_not_come_back_is_told_by_health(keys_file):
    service = Service(Keywords(), Keys(keys_file), Suggestions(None, texts=False), answer_within=0.1)

    async def many():
        late = await asking(service, ANALYZE, comment("slow"))
        await asyncio.sleep(0.3)
        stuck = await asking(service, "/healthz", method="GET", key="")
        await asyncio.sleep(1)
        well = await asking(service, "/healthz", method="GET", key="")
        return late.status, stuck.status, stuck.json["status"], well.status

    assert asyncio.run(many()) == (504, 503, "the scorer does not answer", 200)


def test_one_texts_failure_is_not_the_others():
    async def many():
        batches = Batches(Keywords())
        found = await asyncio.gather(
            *(batches.score([text], "a key") for text in ("a", "explode", "b")), return_exceptions=True
        )
        assert [isinstance(one, Refusal) for one in found] == [False, True, False]

    asyncio.run(many())


def test_requests_under_way_are_answered_before_it_ends_and_its_log_holds_no_words(tmp_path):
    with serving(tmp_path, 'suggestions = "s.jsonl"\n') as served:

        def post(path, body):
            return served.post(f"{path}?key={KEY}", body if isinstance(body, bytes) else json.dumps(body))

        assert post(ANALYZE, comment("explode my-secret-words")).status == 500
        assert post(ANALYZE, b'{"comment": "my-secret-words').status == 400
        scores = {"TOXICITY": {"summaryScore": {"value": 1}}}
        suggestion = {"comment": {"text": "my-secret-words"}, "attributeScores": scores}
        assert post("/v1alpha1/comments:suggestscore", suggestion).status == 200
        found = []
        slow = threading.Thread(target=lambda: found.append(post(ANALYZE, comment("slow"))))
        slow.start()
        time.sleep(0.4)
        served.process.terminate()
        slow.join(20)
        assert found and found[0].status == 200
        assert served.process.wait(20) == 0
        log = served.said.read_text()
        assert "RuntimeError at " in log
        assert KEY not in log and "secret" not in log and "slow" not in log
        assert "secret" not in (tmp_path / "s.jsonl").read_text()


def test_what_cannot_be_served_is_told_in_a_sentence(tmp_path, served, capsys):
    keywords = "broadsheet.scoring.perspective.tests.keywords:load"
    (tmp_path / "scorer.toml").touch()
    (tmp_path / "wrong.toml").write_text('port = "8010"\n')
    for arguments, word in (
        (["--port", "99999"], "`port`"),
        (["--url", "example.org"], "`url`"),
        (["--port", str(served.port), "--scorer", keywords], "Nothing can listen on"),
        (["--host", "no such host", "--scorer", keywords], "Nothing can listen on"),
        (["--scorer", "broadsheet.scoring:nothing"], "There is no scorer"),
        (["--scorer", "nowhere:load"], "There is no scorer"),
        (["--config", str(tmp_path / "nowhere.toml")], "nowhere.toml is not there"),
        (["--config", str(tmp_path / "wrong.toml")], "`port` must be a whole number"),
    ):
        assert main(["serve", "--config", str(tmp_path / "scorer.toml"), *arguments]) == 1
        said = capsys.readouterr().err
        assert said.startswith("broadsheet: ") and word in said and said.count("\n") == 1


def test_the_scorer_is_run_without_django():
    program = (
        "import sys; from broadsheet.config.cli import main; sys.argv = ['broadsheet', 'scorer', '--help']\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0 and 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL, timeout=60)


def test_many_parts_of_one_bundle_do_not_crowd_out_the_others(ask):
    part = (
        "--x\r\nContent-Type: application/http\r\nContent-ID: <{0}>\r\n\r\nPOST {1}?key={2} HTTP/1.1\r\n"
        "Content-Type: application/json\r\n\r\n{3}\r\n"
    )
    wanted = json.dumps(comment("Ah! " * 60, spanAnnotations=True))
    body = "".join(part.format(number, ANALYZE, KEY, wanted) for number in range(100)) + "--x--"
    headers = [("Content-Type", "multipart/mixed; boundary=x")]
    heard = ask("/batch", body.encode(), key="", headers=headers)
    assert heard.body.count(b"HTTP/1.1 200 OK") == 100
    more = part.format(100, ANALYZE, KEY, wanted) + body
    assert ask("/batch", more.encode(), key="", headers=headers).status == 400
    strange = part.format(0, ANALYZE, "wrong", wanted) + part.format(1, "/healthz", KEY, wanted) + "--x--"
    heard = ask("/batch", strange.encode(), key="", headers=headers)
    assert b"HTTP/1.1 400 " in heard.body and b"HTTP/1.1 404 " in heard.body and b"<response-1>" in heard.body


def test_languages_and_spans_without_end_are_refused(ask):
    assert ask(body=comment("Hello", languages=["en"] * 51)).status == 400
    span = {"begin": 0, "end": 1, "score": {"value": 1}}
    body = {"comment": {"text": "Hello"}, "attributeScores": {"INSULT": {"spanScores": [span] * 1001}}}
    assert ask("/v1alpha1/comments:suggestscore", body).status == 400


NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=c%d\n\n--c%d\n" % (depth, depth) for depth in range(3000))


@pytest.mark.parametrize(
    "body", [b"--b\n\n" * 690_000, b"--b\n" + NESTED + b"\n--b\n\n" * 101, bundled(*[HELLO] * 101)]
)
def test_a_batch_of_too_many_parts_is_refused_before_one_is_read(ask, body):
    heard = ask("/batch", body, key="", headers=[BUNDLE])
    assert (heard.status, heard.error["status"]) == (400, "INVALID_ARGUMENT")
    assert heard.error["message"] == "The batch request contains too many parts; at most 100 are taken."


@pytest.mark.parametrize(
    "part",
    [
        NESTED,
        b"Content-Type: message/rfc822\n\n" * 130_000,
        b"\n" * (LONGEST_BODY - 1000),
        b"Content-Type: application/http\n\n" + b"x: y\n" * 200_000,
        b"Content-Type: application/http\r\n\r\nnothing",
        b"x" * 100_000,
        b"",
    ],
    ids=["nested", "mail in mail", "empty lines", "many headers", "no request", "a long line", "nothing"],
)
def test_a_part_that_cannot_be_read_costs_only_itself_its_answer(ask, part, caplog):
    heard = ask("/batch", bundled(part, HELLO), key="", headers=[BUNDLE])
    assert heard.status == 200
    assert heard.body.count(b"HTTP/1.1 400 Bad Request") == heard.body.count(b"HTTP/1.1 200 OK") == 1
    assert b'"status": "INVALID_ARGUMENT"' in heard.body and b"Content-ID: <response-hello>" in heard.body
    assert not caplog.records


def test_a_batch_without_a_boundary_or_a_part_is_refused(ask):
    for kind in ("multipart/mixed", "multipart/mixed; boundary=", "application/json; boundary=b"):
        assert ask("/batch", bundled(HELLO), key="", headers=[("Content-Type", kind)]).status == 400
    for body in (b"", b"--b--", b"--c\n\nPOST / HTTP/1.1"):
        assert (
            ask("/batch", body, key="", headers=[BUNDLE]).error["message"] == "A batch must hold at least one request."
        )


def test_a_parts_name_that_was_folded_comes_back_in_one_line(ask):
    heard = ask("/batch", bundled(part_of("<a +\r\n b>", comment("Hello"))), key="", headers=[BUNDLE])
    assert b"Content-ID: <response-a + b>\r\n" in heard.body


def test_a_part_that_names_its_host_is_answered_by_us_whichever_it_names(ask):
    """Java's client writes whole addresses, Python's a Host: a request that has come to us is for us."""
    for target in ("https://commentanalyzer.googleapis.com", "HTTP://127.0.0.1:8010"):
        part = HELLO.replace(b"POST ", f"POST {target}".encode()).replace(b"HTTP/1.1", b"HTTP/1.1\r\nHost: other")
        assert b"HTTP/1.1 200 OK" in ask("/batch", bundled(part), key="", headers=[BUNDLE]).body
    elsewhere = HELLO.replace(b"POST ", b"POST ftp://127.0.0.1:8010")
    assert b"HTTP/1.1 404 " in ask("/batch", bundled(elsewhere), key="", headers=[BUNDLE]).body
