"""What `comments:analyze` answers, as the reference of the Perspective API documents it."""

from __future__ import annotations

import pytest

from broadsheet.scoring.perspective.tests.conftest import comment

PRODUCTION = ["TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT"]


def test_the_documented_example_is_answered_in_the_documented_shape(scores):
    text = "What kind of idiot name is foo? Sorry, I like your name."
    answer = scores(text, languages=["en"], spanAnnotations=True)
    of_sentence = [
        {"begin": 0, "end": 31, "score": {"value": 0.9125, "type": "PROBABILITY"}},
        {"begin": 32, "end": 56, "score": {"value": 0.03125, "type": "PROBABILITY"}},
    ]
    assert answer == {
        "attributeScores": {
            "TOXICITY": {"spanScores": of_sentence, "summaryScore": {"value": 0.9125, "type": "PROBABILITY"}}
        },
        "languages": ["en"],
        "detectedLanguages": ["en"],
    }


def test_without_span_annotations_one_span_tells_of_the_whole_comment(scores):
    (span,) = scores("You 😀 idiot! Really.")["attributeScores"]["TOXICITY"]["spanScores"]
    assert (span["begin"], span["end"], span["score"]["value"]) == (0, 21, 0.9125)


def test_places_are_counted_in_utf_16_as_the_reference_says(scores):
    text = "Fine 👩‍🚀 by me. Zoë 😀😀 is an idiot, no? 𝒪h."
    spans = scores(text, spanAnnotations=True)["attributeScores"]["TOXICITY"]["spanScores"]
    as_utf_16 = text.encode("utf-16-le")
    sentences = [as_utf_16[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le") for span in spans]
    assert sentences == ["Fine 👩‍🚀 by me.", "Zoë 😀😀 is an idiot, no?", "𝒪h."]
    assert [span["score"]["value"] for span in spans] == [0.03125, 0.9125, 0.03125]


def test_html_is_read_as_plain_text_and_its_places_are_those_of_what_was_sent(scores):
    text = "<p>Hm 😀.</p>\n<p>You &amp; your idiot friends.</p>"
    answer = scores(text, spanAnnotations=True, comment={"text": text, "type": "HTML"})
    spans = [(span["begin"], span["end"]) for span in answer["attributeScores"]["TOXICITY"]["spanScores"]]
    assert spans == [(0, 13), (14, 50)]


def test_a_text_of_very_many_sentences_costs_no_more_than_fifty(scores, scorer):
    answer = scores("Ah! " * 5000, spanAnnotations=True)
    assert len(answer["attributeScores"]["TOXICITY"]["spanScores"]) == 50
    assert sum(map(len, scorer.batches)) == 51


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        ("TOXICITY", "You idiot", 0.9125),
        ("SEVERE_TOXICITY", "I will kill you", 0.5),
        ("IDENTITY_ATTACK", "You idiot", 0.0625),
        ("INSULT", "You idiot", 0.875),
        ("PROFANITY", "Well, damn", 0.8125),
        ("THREAT", "I will kill you", 0.75),
        ("REASONING_EXPERIMENTAL", "No, because it is late", 0.625),
        ("PERSONAL_STORY_EXPERIMENTAL", "In my street too", 0.6875),
        ("CURIOSITY_EXPERIMENTAL", "When was that?", 1.0),
    ],
)
def test_each_attribute_says_what_our_answer_says(scores, attribute, text, value):
    assert scores(text, attribute)["attributeScores"][attribute]["summaryScore"]["value"] == value


def test_the_experimental_spelling_of_a_production_attribute_has_the_same_score(scores):
    names = [*PRODUCTION, *(f"{name}_EXPERIMENTAL" for name in PRODUCTION)]
    answer = scores("Kill that damn idiot", *names)["attributeScores"]
    assert list(answer) == names
    assert all(answer[name] == answer[f"{name}_EXPERIMENTAL"] for name in PRODUCTION)


@pytest.mark.parametrize(
    "attribute",
    ["SEXUALLY_EXPLICIT", "FLIRTATION", "NUANCE_EXPERIMENTAL", "AFFINITY_EXPERIMENTAL", "SPAM", "LIKELY_TO_REJECT"],
)
def test_what_google_had_and_we_have_not_is_refused_so_that_clients_drop_it_and_ask_again(ask, attribute):
    heard = ask(body=comment("You idiot", "TOXICITY", attribute, languages=["en"]))
    assert heard.status == 400
    assert heard.error == {
        "code": 400,
        "message": f"Attribute {attribute} does not support request languages: en",
        "status": "INVALID_ARGUMENT",
        "details": [
            {
                "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
                "errorType": "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
                "languageNotSupportedByAttributeError": {"attribute": attribute, "requestedLanguages": ["en"]},
            }
        ],
    }
    unsaid = ask(body=comment("You idiot", attribute)).error["details"][0]
    assert unsaid["languageNotSupportedByAttributeError"] == {"attribute": attribute, "detectedLanguages": ["en"]}


@pytest.mark.parametrize("attribute", ["KINDNESS", "toxicity", "TOXICITY@6", "", "\ud800", "X" * 5000])
def test_an_attribute_nobody_knows_is_refused_by_its_name(ask, attribute):
    heard = ask(body=comment("You idiot", attribute))
    assert (heard.status, heard.error_type) == (400, "INVALID_REQUEST")
    assert heard.error["message"].startswith("Unknown requested attribute: ")
    assert len(heard.body) < 1000


def test_a_language_we_have_not_learned_is_refused_and_never_given_a_low_score(ask):
    said = ask(body=comment("Hola", languages=["es"]))
    assert said.error["message"] == "Attribute TOXICITY does not support request languages: es"
    found = ask(body=comment("Hola idiota"))
    assert found.error_type == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert found.error["details"][0]["languageNotSupportedByAttributeError"]["detectedLanguages"] == ["es"]
    insisted = ask(body=comment("Hola idiota", languages=["en"]))
    assert insisted.error["message"] == "Attribute TOXICITY does not support request languages: es"
    both = ask(body=comment("Hello", languages=["en", "hi-Latn", "fr"]))
    assert both.error["message"] == "Attribute TOXICITY does not support request languages: hi-Latn, fr"


def test_where_no_language_can_be_found_out_that_is_said(ask):
    heard = ask(body=comment("😀😀 !!!"))
    assert (heard.status, heard.error_type) == (400, "LANGUAGE_DETECTION_FAILED")
    assert heard.error["message"] == "Unable to detect language"


def test_unsupported_attributes_are_dropped_where_the_caller_asks_for_that(scores):
    answer = scores("You idiot", "FLIRTATION", "TOXICITY", dropUnsupportedAttributes=True)
    assert list(answer["attributeScores"]) == ["TOXICITY"]
    foreign = scores("Hola", "TOXICITY", languages=["es"], dropUnsupportedAttributes=True)
    assert foreign["attributeScores"] == {}
    assert foreign["languages"] == ["es"]


def test_languages_are_those_of_the_request_or_else_those_found(scores):
    assert scores("Hello there")["languages"] == ["en"]
    assert scores("Hello there", languages=[])["languages"] == ["en"]
    assert scores("Hello there", languages=["en-GB"])["languages"] == ["en-GB"]
    assert scores("Hello there", languages="EN")["languages"] == ["EN"]


def test_scores_under_the_threshold_are_left_out(scores):
    def answered(threshold):
        wanted = {"TOXICITY": {"scoreThreshold": threshold, "scoreType": "PROBABILITY"}}
        return scores("You idiot. I know.", requestedAttributes=wanted, spanAnnotations=True)["attributeScores"]

    assert len(answered(0.01)["TOXICITY"]["spanScores"]) == 2
    assert len(answered("0.9125")["TOXICITY"]["spanScores"]) == 1
    assert answered(0.92) == {}


def test_the_client_token_comes_back_and_only_then(scores):
    assert scores("Hello", clientToken="comment:17 😀")["clientToken"] == "comment:17 😀"
    assert scores("Hello", clientToken="")["clientToken"] == ""
    assert "clientToken" not in scores("Hello")
    assert "clientToken" not in scores("Hello", clientToken=None)


def test_every_documented_field_is_taken_and_context_changes_nothing(scores):
    more = {
        "context": {"entries": [{"text": "You idiot", "type": "PLAIN_TEXT"}]},
        "doNotStore": True,
        "sessionId": "7",
        "communityId": "/forum/movies",
        "spanAnnotations": False,
    }
    article = {"articleAndParentComment": {"article": {"text": "A story"}, "parentComment": {"text": "damn"}}}
    plain = scores("Hello")
    assert scores("Hello", **more) == plain
    assert scores("Hello", context=article) == plain


def test_names_in_snake_case_are_taken_as_protocol_buffers_take_them(ask):
    body = {"comment": {"text": "You idiot"}, "requested_attributes": {"TOXICITY": {"score_threshold": 0}}}
    assert (
        ask(body=body | {"do_not_store": True}).json["attributeScores"]["TOXICITY"]["summaryScore"]["value"] == 0.9125
    )
    assert ask(body=body | {"requestedAttributes": {"TOXICITY": {}}}).status == 400


def test_answers_are_set_in_lines_unless_that_is_declined(ask):
    assert b"\n  " in ask(body=comment("Hello")).body
    assert ask(body=comment("Hello"), query="prettyPrint=false").body.count(b"\n") == 1


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000", None])
def test_an_empty_comment_is_refused(ask, text):
    heard = ask(body={"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}})
    assert (heard.status, heard.error_type) == (400, "COMMENT_EMPTY")
    assert heard.error["message"] == "Comment must be non-empty."


def test_a_comment_may_have_20480_bytes_and_not_one_more(ask):
    assert ask(body=comment("a" * 20480)).status == 200
    assert ask(body=comment("é" * 10240)).status == 200
    for text in ("a" * 20481, "é" * 10240 + "a", "😀" * 5121):
        heard = ask(body=comment(text))
        assert (heard.status, heard.error_type) == (400, "COMMENT_TOO_LONG")
        assert heard.error["message"] == "Comment text too long."


def test_half_a_character_is_read_as_the_sign_for_what_cannot_be_read(ask):
    heard = ask(
        body=b'{"comment":{"text":"idiot \\ud83d!"},"requestedAttributes":{"TOXICITY":{}},"clientToken":"\\ud800"}'
    )
    assert heard.json["attributeScores"]["TOXICITY"]["spanScores"][0]["end"] == 8
    assert heard.json["clientToken"] == "\ufffd"


@pytest.mark.parametrize(
    ("change", "message", "error_type"),
    [
        ({"requestedAttributes": {}}, "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"),
        ({"requestedAttributes": None}, "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"),
        ({"comment": {"text": "Hi", "type": "MARKDOWN"}}, "Unknown text type", "INVALID_REQUEST"),
        (
            {"requestedAttributes": {"INSULT": {"scoreType": "PERCENTILE"}}},
            "Requested score type PERCENTILE is not supported by attribute INSULT",
            "INVALID_REQUEST",
        ),
        (
            {"context": {"entries": [], "articleAndParentComment": {}}},
            "Context can have either entries or article_and_parent_comment, but both fields were populated.",
            "INVALID_REQUEST",
        ),
    ],
)
def test_other_requests_are_refused_in_the_documented_words(ask, change, message, error_type):
    heard = ask(body=comment("Hello") | change)
    assert (heard.status, heard.error["message"], heard.error_type) == (400, message, error_type)


def test_a_text_that_the_scorer_fails_on_costs_only_its_own_answer(ask, scores, caplog):
    heard = ask(body=comment("This will explode, my secret"))
    assert (heard.status, heard.error["status"]) == (500, "INTERNAL")
    assert "RuntimeError at " in caplog.text
    assert "secret" not in caplog.text and "secret" not in heard.body.decode()
    assert scores("Hello")
