"""A check by another server: signed, in time, believed no further than the rule goes, left alone when it is dead."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import connection

from broadsheet.core import breaker
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.standard_webhooks import headers
from broadsheet.discussion.actions import edit_comment, post_comment
from broadsheet.discussion.models import Comment
from broadsheet.intake import actions, external
from broadsheet.intake.models import Rule
from broadsheet.moderation.actions import decide

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def server(settings):
    """A server on this machine that answers what a test tells it to, and remembers what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        asked: list
        answer: object = {"verdict": "pass"}
        status, after = 200, 0.0

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            Handler.asked.append((dict(self.headers), body))
            time.sleep(Handler.after)
            said = Handler.answer if isinstance(Handler.answer, bytes) else json.dumps(Handler.answer).encode()
            try:
                self.send_response(Handler.status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except OSError:
                return  # who asked has given up

        def log_message(self, *args):
            pass

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=serving.serve_forever, args=[0.01], daemon=True).start()
    Handler.asked = []
    Handler.port = serving.server_port
    settings.OUTBOUND_INSIDE = [f"127.0.0.1:{serving.server_port}"]
    yield Handler
    serving.shutdown()
    serving.server_close()


@pytest.fixture
def outside(server, make_rule):
    def make(**facts):
        params = {"url": f"http://127.0.0.1:{server.port}/check", "seconds": 2, "on_failure": "pass",
                  "tells_author": True}  # fmt: skip
        given = {"asks_for": "hold", **facts}
        return make_rule("outside", name="Outside", params=params | given.pop("params", {}), **given)

    return make


def say(author, thread, body, **facts):
    return post_comment(author=author, thread=thread, body=body, **facts)


def test_the_question_is_signed_and_holds_what_is_public_and_nothing_else(server, outside, thread, reader):
    rule = outside()
    first = say(reader, thread, "What is asked about.")
    say(reader, thread, "An answer, see https://a.example/", parent=first)
    sent, body = server.asked[-1]
    secret = base64.b64decode(Rule.objects.get(pk=rule.pk).params["secret"].removeprefix("whsec_"))
    signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert sent["webhook-signature"] == f"v1,{expected}"
    assert abs(int(sent["webhook-timestamp"]) - time.time()) < 5
    asked = json.loads(body)
    assert asked["type"] == "comment.check"
    assert asked["data"]["comment"] == {
        "id": None, "text": "An answer, see https://a.example/", "links": ["https://a.example/"], "language": "en",
    } or asked["data"]["comment"]["language"] == ""  # fmt: skip
    assert asked["data"]["parent"] == {"id": first.pk, "text": "What is asked about."}
    assert asked["data"]["story"]["headline"] == thread.story.headline
    assert asked["data"]["author"]["published"] == 1
    assert "@example.org" not in body.decode()


def test_words_that_were_removed_are_not_sent_when_an_answer_to_them_is_edited(
    server, outside, thread, reader, newcomer, moderator
):
    outside()
    removed = post_comment(author=newcomer, thread=thread, body="Xremoved words.")
    answer = post_comment(author=reader, thread=thread, body="I disagree.", parent=removed)
    decide(moderator=moderator, comment=removed, seen="published", after="rejected", reason="abusive")
    now_so = Comment.objects.with_story().get(pk=answer.pk)
    edit_comment(author=reader, comment=now_so, body="I disagree, politely.")
    sent = [json.loads(body)["data"]["parent"] for _, body in server.asked]
    assert sent[1:] == [{"id": removed.pk, "text": "Xremoved words."}, {"id": removed.pk, "text": ""}]


def test_the_signature_is_that_of_the_standard_s_own_example():
    made = headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", number="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )  # fmt: skip
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("answer", "status", "flags"),
    [
        ({"verdict": "pass"}, "published", 0),
        ({"verdict": "note", "reason": "Hm."}, "published", 1),
        ({"verdict": "hold", "reason": "Look.", "score": 0.7, "spans": [[0, 4], [2, 99], ["a", 1], [3]]}, "pending", 1),
        ({"verdict": "reject", "reason": "Away."}, "pending", 1),  # the rule holds, so it can do no more
    ],
)
def test_an_answer_is_believed_as_far_as_the_rule_goes(server, outside, thread, reader, answer, status, flags):
    outside()
    server.answer = answer
    comment = say(reader, thread, "Some words.")
    assert (comment.status, comment.flags.count()) == (status, flags)
    if answer.get("score"):
        flag = comment.flags.get()
        assert (flag.score, flag.spans, flag.reason, flag.rule) == (0.7, [[0, 4]], "Look.", "Outside")


@pytest.mark.parametrize(
    "answer",
    [b"", b"no json", b"[]", b'{"verdict": "explode"}', b'{"verdict": ["hold"]}', b"[" * 100_000, b"\xff\xfe", b"null"],
)
@pytest.mark.parametrize(("on_failure", "status"), [("pass", "published"), ("hold", "pending")])
def test_what_is_no_answer_counts_as_the_rule_says(server, outside, thread, reader, answer, on_failure, status):
    outside(params={"on_failure": on_failure})
    server.answer = answer
    assert say(reader, thread, "Some words.").status == status


def test_a_server_that_is_slow_is_given_up_in_time(server, outside, thread, reader):
    outside(params={"seconds": 0.2, "on_failure": "hold"})
    server.after = 1.0
    began = time.monotonic()
    assert say(reader, thread, "Some words.").status == "pending"
    assert time.monotonic() - began < 0.9


def test_a_dead_server_is_not_asked_again_for_a_while_and_then_tried_once(server, outside, thread, reader, monkeypatch):
    rule = outside()
    server.status = 500
    for n in range(breaker.FAILURES + 2):
        assert say(reader, thread, f"Words {n}").status == "published"
    assert len(server.asked) == breaker.FAILURES
    health = external.health(rule.pk)
    assert (health.failures, health.rests, health.why) == (3, True, "It answered with the status 500.")
    later = time.time() + breaker.PAUSE + 1
    monkeypatch.setattr(breaker.time, "time", lambda: later)
    say(reader, thread, "Tried again, and still dead")
    say(reader, thread, "So it is left alone for longer")
    assert len(server.asked) == breaker.FAILURES + 1
    monkeypatch.setattr(breaker.time, "time", lambda: later + 2 * breaker.PAUSE + 1)
    server.status = 200
    say(reader, thread, "It lives")
    assert external.health(rule.pk).failures == 0


@pytest.mark.django_db(transaction=True)
def test_it_is_asked_while_no_lock_is_held(server, outside, thread, reader, monkeypatch):
    outside()
    inside = []
    ask = external.ask
    monkeypatch.setattr(external, "ask", lambda *args: (inside.append(connection.in_atomic_block), ask(*args))[1])
    say(reader, thread, "Some words.")
    assert inside == [False]


def test_all_checks_by_other_servers_together_take_five_seconds_at_most(outside, thread, reader):
    from broadsheet.intake.rulesets import Ready
    from broadsheet.intake.subjects import Subject

    subject = Subject.of(type("S", (), {"body": "x", "html": "x", "author": reader, "thread": thread, "parent": None,
                                        "comment": None}))  # fmt: skip
    subject.patience = 0.0
    assert external.ask(Ready.of(outside(params={"on_failure": "pass"})), subject) is None
    assert external.ask(Ready.of(outside_rule("hold")), subject).verdict == "hold"


def outside_rule(on_failure):
    rule = Rule.objects.get(kind="outside")
    rule.params["on_failure"] = on_failure
    return rule


def test_staff_s_comments_are_sent_nowhere(server, outside, thread, moderator):
    outside()
    say(moderator, thread, "By one of us.")
    assert server.asked == [] or all(b"By one of us" not in body for _, body in server.asked)


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "http://user@x.example/", "http://x.example:8080/", "nonsense", ""]
)
def test_an_address_that_is_not_called_is_not_taken(supervisor, url):
    with pytest.raises(Unacceptable):
        actions.save_rule(
            by=supervisor, rule=None, kind="outside", name="O", asks_for="hold",
            params={"url": url, "seconds": 1, "on_failure": "pass"},
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_known_of_any_server():
    cache.clear()
