"""The one rule for XML that others send: no document type, no entities, and only so large and so deep."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

MOST_BYTES = 10_000_000
DEEPEST = 100  # elements in one another; NewsML-G2 with a body in it has about 20

Element = Any  # xml.etree's, which is never called itself


class UnreadableXml(ValueError):
    """This is no XML that we take; the message is a sentence that says why."""


def read_xml(data: bytes, *, most: int = MOST_BYTES) -> Element:
    """The root of a document. Raises UnreadableXml."""
    if len(data) > most:
        raise UnreadableXml(f"It is larger than {most // 1_000_000} MB.")
    depth, root = 0, None
    try:
        for event, element in iterparse(BytesIO(data), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise UnreadableXml(f"Its elements stand more than {DEEPEST} deep in one another.")
    except DefusedXmlException:
        raise UnreadableXml("It declares a document type or entities, which we do not read.") from None
    except (ParseError, ValueError, LookupError) as fault:
        if isinstance(fault, UnreadableXml):
            raise
        raise UnreadableXml(f"It is no well-formed XML ({fault}).") from None
    if root is None:
        raise UnreadableXml("There is nothing in it.")
    return root
