"""What a picture file says of itself, and the small packet we write into every size we serve.

Read: XMP and the older IPTC-IIM block; where both speak, XMP wins (IPTC Photo Metadata Standard 2025.1). EXIF is not
read: it is where cameras put places and people's names that nobody meant to publish.
Written: a packet of XMP with creator, credit, copyright notice, rights page and caption, under a kilobyte or so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, fields
from html import escape
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from PIL import ImageFile, IptcImagePlugin

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable

LARGEST_PACKET = 1_000_000  # bytes of XMP we are willing to parse; agencies' packets have 3 to 20 thousand

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
# Our name of each fact: its IIM dataset, its XMP property, the most characters we keep.
PROPERTIES: dict[str, tuple[tuple[int, int] | None, str, int]] = {
    "headline": ((2, 105), "photoshop:Headline", 255),
    "caption": ((2, 120), "dc:description", 1000),
    "creator": ((2, 80), "dc:creator", 120),
    "credit": ((2, 110), "photoshop:Credit", 120),
    "copyright_notice": ((2, 116), "dc:rights", 300),
    "instructions": ((2, 40), "photoshop:Instructions", 300),
    "rights_page": (None, "xmpRights:WebStatement", 300),
    "description": (None, "Iptc4xmpCore:AltTextAccessibility", 255),
    "digital_source": (None, "Iptc4xmpExt:DigitalSourceType", 300),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a picture; empty where nothing is. `description` is the alternative text."""

    headline: str = ""
    caption: str = ""
    creator: str = ""
    credit: str = ""
    copyright_notice: str = ""
    instructions: str = ""
    rights_page: str = ""
    description: str = ""
    digital_source: str = ""

    def names(self) -> list[str]:
        """The facts that are there."""
        return [field.name for field in fields(self) if getattr(self, field.name)]


def read(image: ImageFile.ImageFile) -> Facts:
    """The facts in an opened file. A damaged or hostile packet says nothing, and is no reason to refuse a picture."""
    xmp, iim = _xmp(image), _iim(image)
    found: dict[str, str] = {}
    for name, (dataset, prop, most) in PROPERTIES.items():
        written = xmp.get(prop) or (iim.get(dataset, "") if dataset else "")
        try:
            found[name] = readable(written[: most * 4], most=most * 4, what=name, lines=name == "caption")[:most]
        except Unacceptable:
            continue
    if not found.get("rights_page", "").startswith(("http://", "https://")):
        found["rights_page"] = ""
    return Facts(**found)


def _xmp(image: ImageFile.ImageFile) -> dict[str, str]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if isinstance(packet, str):
        packet = packet.encode("utf-8", "replace")
    if not packet or len(packet) > LARGEST_PACKET:
        return {}
    try:
        root = fromstring(packet.strip(b"\x00 \n"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return {}
    found: dict[str, str] = {}
    for description in root.iter(f"{RDF}Description"):
        for name, value in _properties(description):
            found.setdefault(name, value)
    return found


def _properties(description: Any) -> Iterator[tuple[str, str]]:
    prefixes = {space: prefix for prefix, space in SPACES.items()}
    written = [(key, value) for key, value in description.attrib.items()]
    written += [(child.tag, _value(child)) for child in description if isinstance(child.tag, str)]
    for key, value in written:
        space, _, local = key[1:].partition("}")
        if space in prefixes and value.strip():
            yield f"{prefixes[space]}:{local}", value.strip()


def _value(prop: Any) -> str:
    """A property's text: of alternatives in several languages the default, of a list all, else what it says."""
    items = list(prop.iter(f"{RDF}li"))
    if not items:
        return str(prop.text or prop.get(f"{RDF}resource", ""))
    if prop.find(f"{RDF}Alt") is not None:
        default = next((item for item in items if item.get(XML_LANG) == "x-default"), items[0])
        return str(default.text or "")
    written: list[str] = [item.text.strip() for item in items if item.text]
    return ", ".join(text for text in written if text)


def _iim(image: ImageFile.ImageFile) -> dict[tuple[int, int], str]:
    try:
        datasets = IptcImagePlugin.getiptcinfo(image) or {}
    except (SyntaxError, ValueError, TypeError, OSError, struct.error):
        return {}
    marked = datasets.get((1, 90)) == b"\x1b%G"
    return {number: _decoded(value, marked) for number, value in datasets.items()}


def _decoded(value: bytes | list[bytes], marked: bool) -> str:
    """IIM text: UTF-8 where the marker 1:90 says so, or where it is valid UTF-8; else Latin-1 as it always was."""
    if isinstance(value, list):
        return ", ".join(_decoded(part, marked) for part in value)
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8", "replace") if marked else value.decode("cp1252", "replace")


def packet(facts: Facts) -> bytes:
    """The XMP written into a served size: who made the picture, whom to credit, whose it is and where to ask."""
    simple = {
        "photoshop:Credit": facts.credit,
        "xmpRights:WebStatement": facts.rights_page,
        "Iptc4xmpExt:DigitalSourceType": facts.digital_source,
    }
    listed = {"dc:creator": ("Seq", facts.creator)}
    worded = {
        "dc:rights": facts.copyright_notice,
        "dc:description": facts.caption,
        "Iptc4xmpCore:AltTextAccessibility": facts.description,
    }
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in simple.items() if value)
    children = "".join(
        f"<{name}><rdf:{kind}><rdf:li>{escape(value)}</rdf:li></rdf:{kind}></{name}>"
        for name, (kind, value) in listed.items()
        if value
    )
    children += "".join(
        f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(value)}</rdf:li></rdf:Alt></{name}>'
        for name, value in worded.items()
        if value
    )
    if not attributes and not children:
        return b""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{RDF[1:-1]}"><rdf:Description rdf:about=""{spaces}{attributes}>{children}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()
