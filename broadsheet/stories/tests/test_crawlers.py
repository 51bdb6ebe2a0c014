"""What crawlers are told: once by the newsroom, and the same in every file."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest
from defusedxml.ElementTree import fromstring

RSL = "{https://rslstandard.org/rsl}"


@pytest.fixture
def say(settings):
    def say(training="", answers="", terms="", crawlers=()):
        settings.AI_TRAINING, settings.AI_ANSWERS, settings.AI_TERMS = training, answers, terms
        settings.AI_CRAWLERS = list(crawlers)

    return say


def may(client, crawler, path):
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())
    return rules.can_fetch(crawler, f"http://testserver{path}")


def test_where_nothing_is_said_nothing_is_told(client, db):
    robots = client.get("/robots.txt").content.decode()
    assert "Content-" not in robots and "License" not in robots
    assert client.get("/.well-known/tdmrep.json").status_code == 404
    assert client.get("/license.xml").status_code == 404
    assert may(client, "GPTBot", "/") and not may(client, "GPTBot", "/moderation/")


def test_a_no_to_training_keeps_out_who_gathers_for_it_and_nobody_else(client, db, say):
    say(training="no", crawlers=["NewBot"])
    told = {
        name: may(client, name, "/stories/1/bridge/") for name in ("GPTBot", "NewBot", "OAI-SearchBot", "Googlebot")
    }
    assert told == {"GPTBot": False, "NewBot": False, "OAI-SearchBot": True, "Googlebot": True}
    assert not may(client, "Googlebot", "/moderation/")


def test_a_no_to_answers_keeps_out_who_fetches_for_them(client, db, say):
    say(training="yes", answers="no")
    assert may(client, "GPTBot", "/") and not may(client, "ChatGPT-User", "/") and may(client, "Bingbot", "/")


@pytest.mark.parametrize("training", ["", "yes", "no"])
@pytest.mark.parametrize("answers", ["", "yes", "no"])
def test_no_file_contradicts_another(client, db, say, training, answers):
    say(training, answers, terms="https://paper.example/terms?a=1&b=2")
    robots = client.get("/robots.txt").content.decode()
    assert (f"ai-train={training}" in robots) == bool(training)
    assert (f"Content-Usage: train-ai={training[:1]}" in robots) == bool(training)
    assert (f"ai-input={answers}" in robots) == bool(answers)
    mining = client.get("/.well-known/tdmrep.json")
    assert mining.status_code == (200 if training else 404)
    if training:
        assert mining.json()[0]["tdm-reservation"] == (training == "no")
        assert ("tdm-policy" in mining.json()[0]) == (training == "no")
    if not (training or answers):
        return
    assert "License: http://testserver/license.xml" in robots
    root = fromstring(client.get("/license.xml").content)
    named = {tag: (root.findtext(f".//{RSL}{tag}") or "").split() for tag in ("permits", "prohibits")}
    assert ("ai-train" in named["permits"], "ai-train" in named["prohibits"]) == (training == "yes", training == "no")
    assert ("ai-input" in named["permits"], "ai-input" in named["prohibits"]) == (answers == "yes", answers == "no")
    assert root.findtext(f".//{RSL}terms") == "https://paper.example/terms?a=1&b=2"
    assert "search" in named["permits"]
