from __future__ import annotations

from broadsheet.scoring.answers import Facts, Link
from broadsheet.scoring.spam import spam


def value(text: str, facts: Facts | None = None, words: float | None = None) -> float:
    answer = spam(text, words, (), facts)
    assert answer.value is not None
    return answer.value


def test_a_filled_honeypot_is_spam_and_says_so():
    answer = spam("Nice", None, (), Facts(honeypot=True))
    assert answer.value is not None and answer.value > 0.9
    assert answer.reason.startswith("honeypot")


def test_a_new_account_with_a_link_that_was_rejected_before_is_suspect():
    text = "Cheap watches at http://watches.example now"
    known = Facts(links=(Link("watches.example", seen=0, rejected=9),), account_minutes=2)
    assert value(text, known) > 0.7 > value(text)


def test_a_link_with_a_good_record_and_a_reader_known_for_long_are_not():
    text = "The minutes are at http://county.example/minutes"
    assert value(text, Facts(links=(Link("county.example", seen=40),), approved_before=30)) < 0.05


def test_the_same_words_again_and_again_count():
    text = "Join our group for free money"
    assert value(text, Facts(near_duplicates=12)) > value(text, Facts(near_duplicates=1)) > value(text)


def test_links_to_the_site_itself_are_no_links_out():
    text = "As you wrote in https://www.ledger.example/story"
    assert value(text, Facts(own_hosts=("ledger.example",))) < value(text)
