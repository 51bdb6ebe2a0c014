from __future__ import annotations

import pytest

from broadsheet.scoring.answers import Story
from broadsheet.scoring.overlap import Table, words_of
from broadsheet.scoring.relevance import Relevance
from broadsheet.scoring.scorer import LocalScorer
from broadsheet.scoring.training.headlines import HEADLINES

FARES = "The town council raises the price of the bus. From May a ticket will cost three euros."
HOSPITAL = "Hospital closes its maternity ward. Mothers will have to drive to the next town."
ABOUT_FARES = "Three euros for a ticket is more than I pay for driving to work, so I will leave the bus to others."
UNDER = (
    "My neighbour takes the bus every day and cannot pay three euros twice, she will have to walk to her work.",
    "In other towns the bus costs nothing at all, and the streets are quieter for it, so it can be done.",
    "A monthly ticket would have been the better way to get money from those who take the bus every day.",
    "The drivers have not had a rise for years, so I do not mind paying a bit more for my ticket.",
    "I stopped taking the bus when it came twenty minutes late each morning; now it is late and dear.",
    "If the council wants fewer cars it should lower the price of the ticket and not raise it in May.",
    "Pensioners with small pensions will be hit hardest by this, for they have no car to change to.",
    "Three euros is what a ticket has cost in the city for ten years, and the buses there are full.",
)


@pytest.fixture(scope="module")
def relevance() -> Relevance:
    encoder = LocalScorer().encoder
    if encoder is None:
        pytest.skip("the extra `scorer` is not installed")
    return Relevance(encoder)


def asked(relevance: Relevance, text: str, story: Story) -> tuple[float, str]:
    answer, _ = relevance.answer(relevance.about(text), story)
    assert answer.value is not None and 0 <= answer.value <= 1
    return answer.value, answer.reason


def test_a_comment_is_nearer_to_its_own_story_than_to_another(relevance):
    own, other = (asked(relevance, ABOUT_FARES, Story(headline=told))[0] for told in (FARES, HOSPITAL))
    assert own > 0.7 > 0.3 > other


def test_what_is_about_another_story_of_the_paper_is_less_about_this_one(relevance):
    strayed = "My sister gave birth in that hospital, and the next maternity ward is an hour away by bus from there."
    alone = asked(relevance, strayed, Story(headline=FARES))[0]
    assert asked(relevance, strayed, Story(headline=FARES, others=(HOSPITAL,)))[0] < alone
    assert asked(relevance, ABOUT_FARES, Story(headline=FARES, others=(HOSPITAL,)))[0] > 0.7


def test_a_story_that_is_named_among_the_others_takes_nothing_from_itself(relevance):
    story, twice = Story(headline=FARES), Story(headline=FARES, others=(FARES.strip("."),))
    assert asked(relevance, ABOUT_FARES, twice) == asked(relevance, ABOUT_FARES, story)


def test_with_enough_comments_the_percentile_is_one_among_them(relevance):
    story = Story(headline=FARES, accepted=UNDER)
    value, reason = asked(relevance, ABOUT_FARES, story)
    assert reason == "among its comments"
    strayed, _ = asked(relevance, "The goalkeeper should have held that ball, and the referee was blind.", story)
    assert value > 0.5 > 0.2 > strayed


def test_an_answer_to_what_one_other_comment_brought_up_is_about_the_discussion(relevance):
    brought_up = "My hens lay fewer eggs since the fox came back, and nobody at the town hall has time for foxes."
    answer = "Lock the hens up before dusk, a fox will take eggs and all; I lost six hens to one last winter."
    without, _ = asked(relevance, answer, Story(headline=FARES, accepted=UNDER))
    beside, _ = asked(relevance, answer, Story(headline=FARES, accepted=(*UNDER, brought_up)))
    assert beside > without + 0.2


def test_what_is_said_under_anything_is_about_no_story(relevance):
    said = "This president is a liar and so is his whole party, and the voters who believe them should be ashamed."
    about = relevance.about(said)
    assert about.anywhere > relevance.about(ABOUT_FARES).anywhere
    assert asked(relevance, said, Story(headline=FARES))[0] < 0.3


def test_rare_words_of_several_texts_are_compared_at_once():
    texts = [words_of(text) for text in ("plimsby resigns", "the quendle bridge", "plimsby and quendle", "")]
    found = Table(texts).shared(words_of("Plimsby is no Quendle".lower()))
    assert found[2] > found[0] > 0 and found[1] > 0 and found[3] == 0
    assert Table(texts).shared({}).tolist() == [0, 0, 0, 0]
    assert Table([{}]).shared(texts[0]).tolist() == [0]


def test_comments_alone_tell_what_a_discussion_is_about(relevance):
    assert asked(relevance, ABOUT_FARES, Story(accepted=UNDER[:2]))[0] > 0.5


def test_a_name_that_no_model_has_heard_of_tells_too(relevance):
    said = "I went to school with Zorvanka Plimsby and I never heard a bad word about her from anybody there."
    story, other = Story(headline="Plimsby resigns after report"), Story(headline="Quendle resigns after report")
    assert asked(relevance, said, story)[0] > asked(relevance, said, other)[0] + 0.2


def test_a_story_without_words_has_no_relevance(relevance):
    answer, near = relevance.answer(relevance.about(ABOUT_FARES), Story())
    assert (answer.value, answer.reason, near) == (None, "no story", None)


def test_the_headlines_compared_with_are_of_many_subjects():
    assert len(set(HEADLINES)) == len(HEADLINES) > 100
