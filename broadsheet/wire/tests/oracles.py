"""The standards' own validators, offline."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree
from referencing import Registry
from referencing.jsonschema import DRAFT202012

SCHEMAS = Path(__file__).with_name("schemas")
GEOJSON = "https://geojson.org/schema/GeoJSON.json"  # named by the schemas; a place's outline we never write

_formats = FormatChecker(formats=())


@_formats.checks("date-time", raises=ValueError)
def _is_a_moment(written):
    return not isinstance(written, str) or datetime.fromisoformat(written).tzinfo is not None


@_formats.checks("uri", raises=ValueError)
def _is_an_address(written):
    return not isinstance(written, str) or bool(urlsplit(written).scheme and " " not in written)


@cache
def _ninjs(version):
    schema = json.loads((SCHEMAS / f"ninjs-schema_{version}.json").read_text())
    registry = Registry().with_resource(GEOJSON, DRAFT202012.create_resource({}))
    return Draft202012Validator(schema, registry=registry, format_checker=_formats)


def faults_in_ninjs(data, version="3.1"):
    """What IPTC's JSON Schema has against this document."""
    return [fault.message for fault in _ninjs(version).iter_errors(json.loads(data))]


@cache
def _newsml():
    return etree.XMLSchema(etree.parse(SCHEMAS / "NewsML-G2_2.35-spec-All-Power.xsd"))


def faults_in_newsml(data):
    """What IPTC's XSD has against this document."""
    document = etree.fromstring(data)
    _newsml().validate(document)
    return [f"{fault.line}: {fault.message}" for fault in _newsml().error_log]
