"""The discovery document: from it Google's client libraries learn, at run time, what can be asked and where."""

from __future__ import annotations

from typing import Any

from broadsheet.scoring.perspective.attributes import ANSWERED

SCOPE = "https://www.googleapis.com/auth/userinfo.email"


def _string(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _ref(name: str, description: str) -> dict[str, Any]:
    return {"$ref": name, "description": description}


def _list(items: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": description}


def _map(name: str, description: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"$ref": name}, "description": description}


def _schema(name: str, description: str, **properties: Any) -> dict[str, Any]:
    return {"id": name, "type": "object", "description": description, "properties": properties}


_SCORE_TYPE = _string(
    "PROBABILITY, from 0 to 1, is the one type that is answered.",
    enum=["SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"],
    enumDescriptions=["As PROBABILITY.", "From 0 to 1.", "Not answered.", "Not answered.", "Not answered."],
)
_BOTH = {
    "comment": _ref("TextEntry", "The comment."),
    "context": _ref("Context", "What the comment answers to. It does not change a score."),
    "languages": _list({"type": "string"}, "The comment's languages, ISO or BCP 47; found out where none is named."),
    "clientToken": _string("Comes back in the answer."),
    "sessionId": _string("Of the caller's own; kept with suggestions only, where the operator keeps those."),
    "communityId": _string("Of the caller's own; kept with suggestions only, where the operator keeps those."),
}
_SCHEMAS = [
    _schema(
        "AnalyzeCommentRequest",
        "A comment to score.",
        **_BOTH,
        doNotStore={"type": "boolean", "description": "Nothing of an analysed comment is kept, whatever stands here."},
        requestedAttributes=_map("AttributeParameters", "What to score: " + ", ".join(sorted(ANSWERED)) + "."),
        spanAnnotations={"type": "boolean", "description": "Score each sentence too."},
        dropUnsupportedAttributes={
            "type": "boolean",
            "description": "Leave out attributes that are not answered in the comment's language, instead of refusing.",
        },
    ),
    _schema(
        "AnalyzeCommentResponse",
        "The scores of a comment.",
        attributeScores=_map("AttributeScores", "By attribute."),
        clientToken=_string("The request's."),
        detectedLanguages=_list({"type": "string"}, "The languages found, the likeliest first."),
        languages=_list({"type": "string"}, "The request's languages, or else the likeliest one found."),
    ),
    _schema(
        "ArticleAndParentComment",
        "The story and the comment replied to.",
        article=_ref("TextEntry", "The story."),
        parentComment=_ref("TextEntry", "The comment replied to."),
    ),
    _schema(
        "AttributeParameters",
        "How to score an attribute.",
        scoreThreshold={"type": "number", "format": "float", "description": "Lower scores are left out."},
        scoreType=_SCORE_TYPE,
    ),
    _schema(
        "AttributeScores",
        "The scores of one attribute.",
        spanScores=_list({"$ref": "SpanScore"}, "Of parts of the comment."),
        summaryScore=_ref("Score", "Of the whole comment."),
    ),
    _schema(
        "Context",
        "One of the two, not both.",
        articleAndParentComment=_ref("ArticleAndParentComment", "The story and the comment replied to."),
        entries=_list({"$ref": "TextEntry"}, "What was said before."),
    ),
    _schema(
        "Score",
        "A number and what it is.",
        type=_SCORE_TYPE,
        value={"type": "number", "format": "float", "description": "The score."},
    ),
    _schema(
        "SpanScore",
        "The score of a part of the comment.",
        begin={"type": "integer", "format": "int32", "description": "Where it begins, in UTF-16 units."},
        end={"type": "integer", "format": "int32", "description": "Where it ends, exclusive."},
        score=_ref("Score", "The score."),
    ),
    _schema(
        "SuggestCommentScoreRequest",
        "What the caller holds to be right.",
        **_BOTH,
        doNotStore={"type": "boolean", "description": "The comment's words are not kept."},
        attributeScores=_map("AttributeScores", "By attribute, each with a summary score, spans with places, or both."),
    ),
    _schema(
        "SuggestCommentScoreResponse",
        "Taken.",
        clientToken=_string("The request's."),
        detectedLanguages=_list({"type": "string"}, "The languages found."),
        requestedLanguages=_list({"type": "string"}, "The request's languages."),
    ),
    _schema(
        "TextEntry",
        "A text.",
        text=_string("The text."),
        type=_string(
            "Its kind; HTML is read as plain text.",
            enum=["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML"],
            enumDescriptions=["As PLAIN_TEXT.", "Plain text.", "As PLAIN_TEXT."],
        ),
    ),
]
_PARAMETERS = {
    "$.xgafv": _string("Format of refusals; always that of version 2.", enum=["1", "2"], enumDescriptions=["", ""]),
    "access_token": _string("Not taken; use a key."),
    "alt": _string("Always json.", default="json", enum=["json", "media", "proto"], enumDescriptions=["", "", ""]),
    "callback": _string("Not answered."),
    "fields": _string("Not answered: every field comes."),
    "key": _string("The key; or send it as the header X-Goog-Api-Key."),
    "oauth_token": _string("Not taken; use a key."),
    "prettyPrint": {"type": "boolean", "default": "true", "description": "Lines and spaces in the answer."},
    "quotaUser": _string("Not looked at."),
    "uploadType": _string("Not looked at."),
    "upload_protocol": _string("Not looked at."),
}


def _method(name: str, message: str, description: str) -> dict[str, Any]:
    return {
        "id": f"commentanalyzer.comments.{name}",
        "description": description,
        "httpMethod": "POST",
        "path": f"v1alpha1/comments:{name}",
        "flatPath": f"v1alpha1/comments:{name}",
        "parameters": {},
        "parameterOrder": [],
        "request": {"$ref": f"{message}Request"},
        "response": {"$ref": f"{message}Response"},
        "scopes": [SCOPE],
    }


def document(root: str) -> dict[str, Any]:
    """The document of the service at this address, without a final slash."""
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "commentanalyzer:v1alpha1",
        "name": "commentanalyzer",
        "version": "v1alpha1",
        "version_module": True,
        "revision": "20261129",
        "title": "Comment scores by Broadsheet",
        "description": "Scores comments, by the protocol of the Perspective Comment Analyzer API.",
        "documentationLink": "https://developers.perspectiveapi.com/",
        "canonicalName": "Comment Analyzer",
        "ownerDomain": "google.com",
        "ownerName": "Google",
        "icons": {"x16": "", "x32": ""},
        "protocol": "rest",
        "rootUrl": f"{root}/",
        "baseUrl": f"{root}/",
        "basePath": "",
        "servicePath": "",
        "batchPath": "batch",
        "auth": {"oauth2": {"scopes": {SCOPE: {"description": "Not taken; use a key."}}}},
        "parameters": {name: {"location": "query", **of} for name, of in _PARAMETERS.items()},
        "schemas": {schema["id"]: schema for schema in _SCHEMAS},
        "resources": {
            "comments": {
                "methods": {
                    "analyze": _method("analyze", "AnalyzeComment", "Scores a comment."),
                    "suggestscore": _method("suggestscore", "SuggestCommentScore", "Takes what scores should be."),
                }
            }
        },
    }
