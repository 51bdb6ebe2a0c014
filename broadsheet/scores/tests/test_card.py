"""The model card's page: every figure is the evaluation's, what is missed is said, and so is what the newsroom does."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from broadsheet.scores.actions import change_use
from broadsheet.scores.backends.actions import save_backend
from broadsheet.scores.card import facts, words
from broadsheet.scores.card.here import Here, here
from broadsheet.scores.models import Use
from broadsheet.scoring import weights
from broadsheet.scoring.measuring import bars

pytestmark = pytest.mark.django_db
ADDRESS = "/policy/scorer/"
NUMBER = re.compile(r"\d[\d.,]*")


class Words(HTMLParser):
    """What a page says in its main part, without names of models, licences and files."""

    def __init__(self, html):
        super().__init__()
        self.said, self.depth = [], 0
        self.feed(html[html.index("<main") : html.index("</main>")])

    def handle_starttag(self, tag, attributes):
        self.depth += tag == "code"

    def handle_endtag(self, tag):
        self.depth -= tag == "code"

    def handle_data(self, text):
        if not self.depth:
            self.said.append(text)


def numbers(card, manifests=()):
    """The numbers that the page of this card shows."""
    context = {**facts.page(card, manifests), "here": Here(False, [], False, False, 0, False)}
    return [n.rstrip(".,") for n in NUMBER.findall(" ".join(Words(render_to_string("scores/card.html", context)).said))]


def other(value, factor):
    """The same card with every figure another; they keep their order, so that the same things are missed."""
    if isinstance(value, dict):
        return {name: other(each, factor) for name, each in value.items()}
    if isinstance(value, list):
        return [other(each, factor) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return value + round(factor * 100_000) if isinstance(value, int) else round((value + 0.4) * factor, 6)


def test_every_figure_on_the_page_is_the_card_s():
    """In two other cards every figure is another, but for what was asked for and what sentences and heads count."""
    stored = facts.stored()
    one, two = (numbers(other(deepcopy(stored), factor)) for factor in (0.31, 0.29))
    assert len(one) == len(two) > 600
    same = {each for each, its_like in zip(one, two, strict=True) if each == its_like}
    asked = {NUMBER.search(words.bar(bar.name)[1](bar.asked)).group() for bar in bars.BARS}
    in_words = set(NUMBER.findall(" ".join(str(what) for what, _ in words.BARS.values())))
    counted = {str(len(stored["bias"]["terms"])), str(len(stored["disguises"]["by disguise"]))}
    assert same <= asked | in_words | counted | {"2", "100", "30", "2020"}, same


def test_each_figure_is_the_card_s_own():
    shown = set(numbers(facts.stored()))
    assert words.share(facts.stored()["wikipedia talk"]["auc"][0]).rstrip("%") in shown
    assert "98.4" in shown or facts.stored()["wikipedia talk"]["auc"][0] != 0.9841


def test_the_rows_learned_from_are_the_manifests():
    said = facts.manifests()
    assert {one["rows"] for one in facts.learned_from(said)} <= set(numbers(facts.stored(), said))
    most = max(each["rows"] for one in said for each in one.data)
    assert f"{most:,}" in {one["rows"] for one in facts.learned_from(said)}


def test_the_page_is_of_the_weights_that_are_shipped(client):
    html = client.get(ADDRESS).content.decode()
    assert facts.stored()["weights"] == weights.hashes()
    for one in facts.manifests():
        assert one.sha256 in html and one.sha256 == facts.stored()["weights"][one.file]


def test_what_is_missed_stands_first_and_among_the_failures(client):
    html = " ".join(client.get(ADDRESS).content.decode().split())
    missed = [one for one in bars.judged(facts.stored()) if not one.met]
    told = facts.asked_for(facts.stored())
    assert [one["met"] for one in told] == [False] * len(missed) + [True] * (len(told) - len(missed))
    failures = html[html.index('id="failures"') : html.index('id="quality"')]
    for one in missed:
        assert words.bar(one.bar.name)[0].replace("'", "&#x27;") in failures
    card = deepcopy(facts.stored())
    card["bias"]["most flagged"] = 0.9
    assert [one["what"] for one in facts.asked_for(card)][: len(missed) + 1].count(words.bar("flagged")[0]) == 1


def test_everything_that_is_measured_has_a_name():
    card = facts.stored()
    assert set(card["inappropriate"]) <= set(words.SETS)
    assert {each["name"] for one in facts.manifests() for each in one.data} <= set(words.SETS)
    assert set(card["functions"]["by function"]) == set(words.FUNCTIONS)
    assert set(card["disguises"]["by disguise"]) == set(words.DISGUISES)
    assert set(card["kinds"]) == set(words.KINDS)
    assert {bar.name for bar in bars.BARS} == set(words.BARS)
    assert {one["worst_way"] for one in card["bias"]["terms"]} - {""} <= set(words.WAYS)


def test_a_card_without_the_optional_measurements_is_a_page_too():
    card = {name: each for name, each in facts.stored().items() if name not in {"relevance", "beside TF-IDF", "speed"}}
    assert numbers(json.loads(json.dumps(card)))


def test_the_policy_leads_to_it_where_comments_are_scored(client, settings):
    assert ADDRESS not in client.get("/policy/comments/").content.decode()
    settings.SCORER = "local"
    assert ADDRESS in _anew(client, "/policy/comments/")


def _anew(client, address):
    """A page as it is made now, whatever is kept."""
    from broadsheet.delivery.freshness import touch
    from broadsheet.delivery.tags import SECTIONS

    touch(SECTIONS)
    return client.get(address).content.decode()


def test_it_says_that_the_scorer_is_off_where_it_is(client):
    assert "switched off here" in client.get(ADDRESS).content.decode()


def test_it_says_what_the_newsroom_does_with_each_answer(settings, scaled):
    settings.SCORER = "local"
    assert [does for _, does, _ in here("told/1").kinds] == [
        "on trial: moderators see it, but no comment is held because of it"
    ] * 2
    Use.objects.create(pk=1, inappropriate="on", spam="off", false_alarms=30)
    (kind, does, threshold), (_, nothing, none) = here("told/1").kinds
    assert (kind, does) == ("Inappropriate", "a comment above the threshold waits for a moderator")
    assert threshold.startswith(
        "the threshold is 0.97 on a scale from 0 to 1: of 1,000 comments that we have approved, 30 in a thousand are "
        "above it"
    )
    assert (nothing, none) == ("nothing is done with it", "")
    Use.objects.update(fixed_inappropriate=0.8)
    assert here("told/1").kinds[0][2] == "the threshold is 0.80 on a scale from 0 to 1; a person has set it"
    Use.objects.update(fixed_inappropriate=None)
    assert "we have not approved enough comments" in here("another/2").kinds[0][2]


def test_it_says_that_comments_are_sent_to_others_where_they_are(client, settings, supervisor):
    settings.SCORER = "local"
    settings.OUTBOUND_INSIDE = ["127.0.0.1:9"]
    assert "No comment is sent to any other program." in client.get(ADDRESS).content.decode()
    save_backend(
        by=supervisor, backend=None, name="Tiny", kind="webhook", address="http://127.0.0.1:9/", is_on=True, counts=True
    )
    html = client.get(ADDRESS).content.decode()
    assert "1 other program, on another server, is asked" in html and "counts more here" in html
    assert "Tiny" not in html and "127.0.0.1:9" not in html


def test_the_page_is_made_anew_when_scores_are_used_otherwise(client, settings, supervisor):
    settings.SCORER = "local"
    assert "waits for a moderator" not in _here(client)
    change_use(by=supervisor, inappropriate="on")
    assert "waits for a moderator" in _here(client)


def _here(client):
    html = client.get(ADDRESS).content.decode()
    return html[html.index('id="here"') : html.index('id="answers"')]
