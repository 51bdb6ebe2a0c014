"""Real clients, unchanged, against a process that serves: what they are given is another address and a key of ours.

Each runs in a process of its own, by the lines of its own manual. Beside them the requests that Coral, Discourse and
others send, byte by byte as their public code writes them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from broadsheet.scoring.perspective.tests.conftest import KEY

ROOT = Path(__file__).parents[4]
ANALYZE, SUGGEST = "/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore"
TEXT = "Jiminy cricket! Well gosh durned it! Oh damn it all!"  # the manual's
TEXT_SCORES = [0.03125, 0.03125, 0.9125]

google = pytest.mark.skipif(find_spec("googleapiclient") is None, reason="google-api-python-client is not here")
IN_NODE = (ROOT / "node_modules" / "perspective-api-client").is_dir() and shutil.which("node")
node = pytest.mark.skipif(not IN_NODE, reason="node or the npm clients are not here")


def run(command, program, **environment):
    """Runs a client's program and gives what it printed, read as JSON."""
    quiet = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [*command, program], capture_output=True, text=True, timeout=60, cwd=ROOT, env=quiet | environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


PYTHON = """
import json
from googleapiclient import discovery
from googleapiclient.errors import HttpError
client = discovery.build(
    "commentanalyzer",
    "v1alpha1",
    developerKey={key!r},
    discoveryServiceUrl={address!r},
    static_discovery=False,
)
"""


def python(served, program, address="/$discovery/rest?version=v1alpha1", key=KEY):
    return run([sys.executable, "-c"], PYTHON.format(key=key, address=served.root + address) + program)


@google
@pytest.mark.parametrize("address", ["/$discovery/rest?version=v1alpha1", "/discovery/v1/apis/{api}/{apiVersion}/rest"])
def test_googles_python_client_works_by_its_manual(served, address):
    program = f"""
analyze_request = {{
    "comment": {{"text": {TEXT!r}}},
    "requestedAttributes": {{"TOXICITY": {{}}, "PROFANITY": {{}}}},
    "spanAnnotations": True,
}}
response = client.comments().analyze(body=analyze_request).execute()
print(json.dumps(response, indent=2))
"""
    answer = python(served, program, address)
    assert answer["attributeScores"]["TOXICITY"]["summaryScore"] == {"value": 0.9125, "type": "PROBABILITY"}
    spans = answer["attributeScores"]["TOXICITY"]["spanScores"]
    assert [TEXT[span["begin"] : span["end"]] for span in spans] == [
        "Jiminy cricket!",
        "Well gosh durned it!",
        "Oh damn it all!",
    ]
    assert [span["score"]["value"] for span in spans] == TEXT_SCORES
    assert answer["languages"] == ["en"]


@google
def test_googles_python_client_reads_our_refusals_as_googles(served):
    program = """
found = []
for text, attribute in (("", "TOXICITY"), ("Hola", "TOXICITY"), ("Hello", "FLIRTATION"), ("Hello", "NOBODYS")):
    try:
        client.comments().analyze(body={"comment": {"text": text}, "requestedAttributes": {attribute: {}}}).execute()
    except HttpError as error:
        found.append([error.resp.status, error.reason, error.error_details[0]["errorType"]])
print(json.dumps(found))
"""
    assert python(served, program) == [
        [400, "Comment must be non-empty.", "COMMENT_EMPTY"],
        [400, "Attribute TOXICITY does not support request languages: es", "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"],
        [400, "Attribute FLIRTATION does not support request languages: en", "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"],
        [400, "Unknown requested attribute: NOBODYS", "INVALID_REQUEST"],
    ]


@google
def test_googles_python_client_suggests_scores_and_bundles_requests(served):
    program = """
suggestion = {
    "comment": {"text": "Get busy living, or get busy dying."},
    "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}},
    "clientToken": "comment-53922",
}
token = client.comments().suggestscore(body=suggestion).execute()
found = {}
def kept(request_id, response, exception):
    found[request_id] = response["attributeScores"]["INSULT"]["summaryScore"]["value"] if response else exception.reason
batch = client.new_batch_http_request(callback=kept)
for number, text in enumerate(["You idiot 😀", "Thank you", ""]):
    request = {"comment": {"text": text}, "requestedAttributes": {"INSULT": {}}}
    batch.add(client.comments().analyze(body=request), request_id=str(number))
batch.execute()
print(json.dumps([token, found]))
"""
    assert python(served, program) == [
        {"clientToken": "comment-53922"},
        {"0": 0.875, "1": 0.015625, "2": "Comment must be non-empty."},
    ]


@google
def test_googles_python_client_is_told_of_a_wrong_key(served):
    program = """
try:
    client.comments().analyze(body={"comment": {"text": "Hi"}, "requestedAttributes": {"TOXICITY": {}}}).execute()
except HttpError as error:
    print(json.dumps([error.resp.status, error.reason]))
"""
    assert python(served, program, key="wrong") == [400, "API key not valid. Please pass a valid API key."]


@node
def test_googles_node_client_works_by_its_manual(served):
    program = f"""
// `google.discoverAPI` of the package googleapis is this function of its package googleapis-common.
const {{Discovery}} = require('googleapis-common');
const discover = new Discovery({{}});
const API_KEY = '{KEY}';
const DISCOVERY_URL = '{served.root}/$discovery/rest?version=v1alpha1';
discover.discoverAPI(DISCOVERY_URL)
    .then(endpoint => endpoint({{}}))
    .then(client => {{
      const analyzeRequest = {{
        comment: {{text: {json.dumps(TEXT)}}},
        requestedAttributes: {{TOXICITY: {{}}}},
      }};
      client.comments.analyze({{key: API_KEY, resource: analyzeRequest}}, (err, response) => {{
        if (err) throw err;
        console.log(JSON.stringify(response.data, null, 2));
      }});
    }});
"""
    answer = run(["node", "-e"], program)
    assert answer["attributeScores"]["TOXICITY"]["summaryScore"]["value"] == 0.9125


PERSPECTIVE_API_CLIENT = """
const ours = config => ({...config, url: config.url.replace('https://commentanalyzer.googleapis.com', process.env.AT)});
require('axios').interceptors.request.use(ours);
const Perspective = require('perspective-api-client');
const perspective = new Perspective({apiKey: process.env.KEY});
(async () => {
  const result = await perspective.analyze('<b>You</b> idiot', {attributes: ['toxicity', 'insult']});
  let refusal;
  try {
    await perspective.analyze('Hola');
  } catch (error) {
    refusal = [error.name, error.message, error.response.data.error.details[0].errorType];
  }
  console.log(JSON.stringify([result, refusal]));
})();
"""


@node
def test_the_npm_client_whose_address_is_fixed_works_by_a_line_beside_it(served):
    result, refusal = run(["node", "-e"], PERSPECTIVE_API_CLIENT, AT=served.root, KEY=KEY)
    scores = {name: scores["summaryScore"]["value"] for name, scores in result["attributeScores"].items()}
    assert scores == {"TOXICITY": 0.9125, "INSULT": 0.875}
    assert refusal == [
        "ResponseError",
        "Attribute TOXICITY does not support request languages: es",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
    ]


def test_corals_requests_are_answered(served):
    """As its `services/perspective` writes them, with the custom endpoint set to our address and /v1alpha1."""
    body = (
        b'{"comment":{"text":"You idiot"},"doNotStore":true,"requestedAttributes":{"TOXICITY":{}},"languages":["en"]}'
    )
    heard = served.post(f"{ANALYZE}?key={KEY}", body, **{"Content-Type": "application/json"})
    assert heard.json["attributeScores"]["TOXICITY"]["summaryScore"]["value"] == 0.9125
    body = (
        b'{"comment":{"text":"You idiot"},"context":{"entries":[{"text":"{\\"url\\":\\"https://news.example/a?commentID=7'
        b'\\",\\"Coral_comment_id\\":\\"7\\"}"}]},"attributeScores":{"TOXICITY":{"summaryScore":{"value":1}}},'
        b'"languages":["en"],"communityId":"Coral:https://coral.example","clientToken":"comment:7"}'
    )
    heard = served.post(f"{SUGGEST}?key={KEY}", body, **{"Content-Type": "application/json"})
    assert (heard.status, heard.json["clientToken"]) == (200, "comment:7")


@pytest.mark.parametrize("attribute", ["TOXICITY", "SEVERE_TOXICITY"])
def test_discourses_requests_are_answered(served, attribute):
    """As its plug-in discourse-perspective-api writes them; it reads every attribute's summary value."""
    body = json.dumps(
        {
            "comment": {"text": "Will you kill the **idiot**?"},
            "doNotStore": True,
            "sessionId": "https://forum.example_17",
            "requestedAttributes": {attribute: {"scoreType": "PROBABILITY"}},
        }
    )
    headers = {"Accept": "*/*", "Content-Type": "application/json", "User-Agent": "Discourse/3.5.0"}
    heard = served.post(f"{ANALYZE}?key={KEY}", body, **headers)
    value = {"TOXICITY": 0.9125, "SEVERE_TOXICITY": 0.5}[attribute]
    assert [scores["summaryScore"]["value"] for scores in heard.json["attributeScores"].values()] == [value]


def test_requests_of_php_plugins_and_of_pages_that_name_no_content_type_are_answered(served):
    """PHP escapes what is not ASCII and slashes; `fetch` with a string says text/plain."""
    body = (
        b'{"comment":{"text":"You idiot \\ud83d\\ude00 \\/ caf\\u00e9"},'
        b'"languages":["en"],"requestedAttributes":{"TOXICITY":{}}}'
    )
    kinds = ("application/json; charset=utf-8", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "")
    for kind in kinds:
        heard = served.post(f"{ANALYZE}?key={KEY}", body, **({"Content-Type": kind} if kind else {}))
        assert heard.json["attributeScores"]["TOXICITY"]["spanScores"][0]["end"] == len("You idiot 😀 / café") + 1
