"""What `comments:suggestscore` takes, and what is kept of it: no words, unless the operator allows it."""

from __future__ import annotations

import json

import pytest

from broadsheet.scoring.perspective.keys import Keys
from broadsheet.scoring.perspective.service import Service
from broadsheet.scoring.perspective.suggestions import Suggestions

SUGGEST = "/v1alpha1/comments:suggestscore"
DOCUMENTED = {
    "comment": {"text": "I guess it comes down a simple choice: Get busy living, or get busy dying."},
    "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}},
    "communityId": "/forum/movies",
    "clientToken": "comment-53922",
}


@pytest.fixture
def keeping(keys_file, scorer, tmp_path, ask):
    """Asks a service that keeps suggestions; gives the answer and the lines kept."""

    def send(body, texts=False):
        file = tmp_path / "suggestions.jsonl"
        service = Service(scorer, Keys(keys_file), Suggestions(file, texts))
        heard = ask(SUGGEST, body, to=service)
        lines = file.read_text().splitlines() if file.exists() else []
        assert not lines or file.stat().st_mode & 0o777 == 0o600
        return heard, [json.loads(line) for line in lines]

    return send


def test_the_documented_example_is_answered_with_its_token(ask):
    assert ask(SUGGEST, DOCUMENTED).json == {"clientToken": "comment-53922"}
    assert ask(SUGGEST, DOCUMENTED | {"languages": ["en"]}).json["requestedLanguages"] == ["en"]


def test_a_suggestion_is_kept_with_our_score_and_without_a_word(keeping):
    heard, (line,) = keeping(DOCUMENTED)
    assert heard.json == {"clientToken": "comment-53922", "detectedLanguages": ["en"]}
    assert line.pop("at")
    assert line == {
        "key": "tests",
        "model": "keywords 1",
        "attributes": {"TOXICITY": {"suggested": 0.0, "ours": 0.03125}},
        "languages": [],
        "community": "/forum/movies",
        "session": "",
        "token": "comment-53922",
    }


def test_words_are_kept_only_where_both_the_operator_and_the_caller_let_them(keeping):
    assert "text" not in keeping(DOCUMENTED | {"doNotStore": True}, texts=True)[1][-1]
    assert keeping(DOCUMENTED, texts=True)[1][-1]["text"].startswith("I guess")


def test_spans_and_attributes_that_we_do_not_answer_may_be_suggested_too(keeping):
    span = {"begin": 0, "end": 7, "score": {"value": 1, "type": "PROBABILITY"}}
    scores = {"SPAM": {"spanScores": [span]}, "INSULT": {"summaryScore": {"value": 0.5}, "spanScores": [span]}}
    _, (line,) = keeping(DOCUMENTED | {"attributeScores": scores})
    assert line["attributes"] == {
        "SPAM": {"suggested": None, "ours": None, "spans": [[0, 7, 1.0]]},
        "INSULT": {"suggested": 0.5, "ours": 0.015625, "spans": [[0, 7, 1.0]]},
    }


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {"TOXICITY": {}},
        {"TOXICITY": {"summaryScore": {}}},
        {"TOXICITY": {"summaryScore": {"value": 1.5}}},
        {"TOXICITY": {"summaryScore": {"value": 0.5, "type": "RAW"}}},
        {"TOXICITY": {"spanScores": [{"score": {"value": 1}}]}},
        {"TOXICITY": {"spanScores": [{"begin": 3, "end": 1, "score": {"value": 1}}]}},
        {"TOXICITY": {"spanScores": [{"begin": 0, "end": 1.5, "score": {"value": 1}}]}},
        {"TOXICITY": {"spanScores": [{"begin": 0, "end": 1}]}},
        {"KINDNESS": {"summaryScore": {"value": 1}}},
    ],
)
def test_a_suggestion_that_says_nothing_is_refused_and_not_kept(keeping, scores):
    heard, lines = keeping(DOCUMENTED | {"attributeScores": scores})
    assert (heard.status, heard.error["status"], lines) == (400, "INVALID_ARGUMENT", [])


def test_a_language_longer_than_any_code_is_refused_and_not_kept(keeping):
    heard, lines = keeping(DOCUMENTED | {"languages": ["en", "e" * 36]})
    assert (heard.status, heard.error["status"], lines) == (400, "INVALID_ARGUMENT", [])
    assert heard.error["details"][0]["fieldViolations"][0]["field"] == "languages[1]"
    longest = "en-" + "x" * 32
    assert keeping(DOCUMENTED | {"languages": [longest]})[1][0]["languages"] == [longest]


def test_an_empty_comment_cannot_be_suggested_about(keeping):
    assert keeping(DOCUMENTED | {"comment": {"text": ""}})[0].error_type == "COMMENT_EMPTY"


def test_a_disk_that_cannot_be_written_is_told_and_the_words_stay_out_of_the_log(
    keys_file, scorer, ask, tmp_path, caplog
):
    service = Service(scorer, Keys(keys_file), Suggestions(tmp_path / "no" / "such", texts=True))
    heard = ask(SUGGEST, DOCUMENTED, to=service)
    assert (heard.status, heard.error["status"]) == (503, "UNAVAILABLE")
    assert "could not be kept" in caplog.text and "busy" not in caplog.text
