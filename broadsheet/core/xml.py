"""XML: the one rule for what others send (no document type, no entities, only so large and so deep), and our own.

Nothing else may name Python's XML library (a test says so), and even here only what writes is taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

__all__ = ["Element", "TreeBuilder", "UnreadableXml", "add", "document", "local", "read_xml", "tostring", "xml_text"]

MOST_BYTES = 10_000_000
DEEPEST = 100  # elements in one another; NewsML-G2 with a body in it has about 20

# What XML 1.0 cannot hold, whatever is written before it.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class UnreadableXml(ValueError):
    """This is no XML that we take; the message is a sentence that says why."""


def read_xml(data: bytes, *, most: int = MOST_BYTES) -> Any:
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


def xml_text(words: str) -> str:
    """The words without the few characters that no XML may hold."""
    return _NO_XML.sub("", words)


def add(parent: Element, tag: str, words: str = "", attributes: Mapping[str, str] | None = None) -> Element:
    """Put an element at the end of another, and give it back."""
    made = SubElement(parent, tag, {name: xml_text(value) for name, value in (attributes or {}).items()})
    made.text = xml_text(words) or None
    return made


def document(root: Element) -> bytes:
    """The finished document, in UTF-8."""
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def local(tag: Any) -> str:
    """The name of an element without its namespace; nothing for a comment."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
