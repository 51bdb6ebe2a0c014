"""Whatever is sent as a body is answered, or refused as the caller's fault: never a fault of ours, never an echo."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.scoring.perspective.tests.conftest import asking, comment

ANALYZE, SUGGEST = "/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore"
STATUSES = {400: "INVALID_ARGUMENT"}


def refused(heard):
    """Asserts a refusal in Google's shape."""
    assert heard.status == 400, heard.body
    error = heard.error
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert isinstance(error["message"], str) and error["message"]
    assert all("@type" in detail for detail in error["details"])
    return error


@pytest.mark.parametrize("path", [ANALYZE, SUGGEST])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{",
        b"\xff\xfe{}",
        b"\x00",
        '{"comment":{"text":"Hi"}}'.encode("utf-16"),
        b'{"comment":{"text":"Hi","text":"Ho"}}',
        b'{"comment":{"text":"Hi"},"comment":{"text":"Ho"}}',
        b'{"comment":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"comment":{"text":["Hi"]}}',
        b'{"comment":{"text":7}}',
        b'{"comment":"Hi"}',
        b'{"comment":{"text":"Hi","words":2}}',
        b'{"languages":{"en":1}}',
        b'{"languages":[7]}',
        b'{"languages":"' + b"e" * 36 + b'"}',
        b'{"clientToken":true}',
        b'{"doNotStore":"yes"}',
        b'{"context":[]}',
        b'{"context":{"entries":{}}}',
        b'{"sessionId":"' + b"x" * 5000 + b'"}',
        b"1" * 10_000,
    ],
)
def test_a_malformed_body_is_the_callers_fault(ask, path, body):
    refused(ask(path, body))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", '"NaN"', "true", "[]", "9" * 5000, '"x"'])
def test_a_threshold_must_be_a_number(ask, number):
    body = f'{{"comment":{{"text":"Hi"}},"requestedAttributes":{{"TOXICITY":{{"scoreThreshold":{number}}}}}}}'
    refused(ask(ANALYZE, body.encode()))


def test_a_field_that_does_not_exist_is_named(ask):
    error = refused(ask(ANALYZE, comment("Hi", requestedAttribute={})))
    assert error["message"] == 'Invalid JSON payload received. Unknown name "requestedAttribute": Cannot find field.'
    error = refused(ask(ANALYZE, {"comment": {"txt": "Hi"}}))
    assert error["details"][0]["fieldViolations"][0]["field"] == "comment"


def test_a_refusal_of_a_body_does_not_repeat_it(ask):
    for body in (b'{"comment":{"text":"my secret" oops', b'{"comment":{"text":["my secret"]}}', b"my secret"):
        assert b"secret" not in ask(ANALYZE, body).body


def test_a_byte_order_mark_is_passed_over(ask):
    assert ask(ANALYZE, b"\xef\xbb\xbf" + json.dumps(comment("Hello")).encode()).status == 200


ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = """comment text type requestedAttributes TOXICITY FLIRTATION scoreType scoreThreshold languages context entries
articleAndParentComment article doNotStore clientToken sessionId communityId spanAnnotations attributeScores
summaryScore spanScores begin end score value dropUnsupportedAttributes"""
FIELDS = st.sampled_from(NAMES.split())
SHAPES = st.recursive(
    VALUES | st.sampled_from(["PROBABILITY", "HTML", "en", "You idiot. 😀 Yes?", 0, 1, 0.5]),
    lambda inner: st.dictionaries(FIELDS, inner, max_size=5) | st.lists(inner, max_size=2),
    max_leaves=15,
)


def answers(service, path, body):
    heard = asyncio.run(asking(service, path, body))
    assert heard.status in (200, 400), heard.body
    if heard.status == 400:
        refused(heard)


@ANY
@given(body=st.binary(max_size=400))
def test_any_bytes_are_answered_or_refused(service, body):
    for path in (ANALYZE, SUGGEST):
        answers(service, path, body)


@ANY
@given(body=st.dictionaries(FIELDS, SHAPES, max_size=6))
def test_any_object_is_answered_or_refused(service, body):
    for path in (ANALYZE, SUGGEST):
        answers(service, path, json.dumps(body).encode())


@ANY
@given(text=st.text(alphabet=st.characters(codec=None), max_size=120), token=st.text(max_size=20))
def test_any_text_is_answered_with_places_inside_it(service, text, token):
    body = json.dumps(comment(text, spanAnnotations=True, clientToken=token)).encode()
    heard = asyncio.run(asking(service, ANALYZE, body))
    if heard.status == 200:
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        end = 0
        for span in heard.json["attributeScores"]["TOXICITY"]["spanScores"]:
            assert end <= span["begin"] < span["end"] <= length
            end = span["end"]
    else:
        refused(heard)


@ANY
@given(body=st.binary(max_size=300), boundary=st.text(max_size=10))
def test_any_bytes_are_answered_or_refused_as_a_batch(service, body, boundary):
    headers = [("content-type", "multipart/mixed; boundary=" + boundary.encode("ascii", "replace").decode())]
    for made in (body, b"--x\r\n\r\n" + body + b"\r\n--x--"):
        heard = asyncio.run(asking(service, "/batch", made, headers=headers))
        assert heard.status in (200, 400), heard.body
