"""Refusals, in the shape in which Google's APIs refuse: clients read the code, the status and the error type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SERVICE = "commentanalyzer.googleapis.com"  # clients compare this name, wherever the service runs
LONGEST_NAME = 100  # characters of a name of the caller's that a refusal repeats

STATUSES = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    408: "DEADLINE_EXCEEDED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Refusal(Exception):
    """What is answered instead of scores. Its message never holds words of the comment."""

    def __init__(
        self, code: int, message: str, *details: dict[str, Any], retry_after: int = 0, hang_up: bool = False
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.details = code, message, details
        self.retry_after = retry_after  # seconds
        self.hang_up = hang_up  # the rest of what the caller sends is not read

    def body(self) -> dict[str, Any]:
        """The whole answer."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": STATUSES[self.code]}
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


def short(name: str) -> str:
    """A name that the caller chose, fit for a message."""
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"


def refused(error_type: str, message: str, **more: Any) -> Refusal:
    """A request that this API, not Google's gate before it, cannot answer; `error_type` is from its reference."""
    detail = {"@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error", "errorType": error_type, **more}
    return Refusal(400, message, detail)


def malformed(place: str, message: str) -> Refusal:
    """A body that is not of this method's form."""
    violation = {"description": message} | ({"field": place} if place else {})
    return Refusal(400, message, {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]})


def about_the_key(code: int, message: str, reason: str, retry_after: int = 0, **metadata: str) -> Refusal:
    """What Google's gate says before a request comes to the API itself."""
    return Refusal(
        code,
        message,
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": SERVICE, **metadata},
        },
        retry_after=retry_after,
    )


def empty() -> Refusal:
    """There is nothing to score."""
    return refused("COMMENT_EMPTY", "Comment must be non-empty.")


def too_long() -> Refusal:
    """There is more to score than the protocol allows."""
    return refused("COMMENT_TOO_LONG", "Comment text too long.")


def unknown_language() -> Refusal:
    """Nothing tells which language the comment is in: emoji only, or a few signs."""
    return refused("LANGUAGE_DETECTION_FAILED", "Unable to detect language")


def not_in_language(attribute: str, requested: Sequence[str], detected: Sequence[str]) -> Refusal:
    """An attribute that is not answered in this language; clients drop it and ask again for the others."""
    names = {
        "attribute": attribute,
        **({"requestedLanguages": [short(code) for code in requested]} if requested else {}),
        **({"detectedLanguages": list(detected)} if detected else {}),
    }
    languages = ", ".join(short(code) for code in (requested or detected))
    return refused(
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        f"Attribute {attribute} does not support request languages: {languages}",
        languageNotSupportedByAttributeError=names,
    )
