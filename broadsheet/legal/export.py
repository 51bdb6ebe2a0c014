"""Statements of reasons in the shape of the Commission's transparency database (article 24(5)).

A record is made of a Statement alone, which names nobody and quotes nothing. `faults` is the database's own rules as
far as they concern us; what has one is not exported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from broadsheet.core import sheets
from broadsheet.legal.codes import TERRITORY, Automation, Category, Ground, Restriction, SourceType
from broadsheet.legal.models import LONGEST_EXPLANATION, LONGEST_FACTS, LONGEST_GROUND, Statement

Record = dict[str, Any]

COLUMNS = (
    "puid", "decision_visibility", "decision_visibility_other", "end_date_visibility_restriction", "decision_account",
    "end_date_account_restriction", "account_type", "decision_ground", "decision_ground_reference_url",
    "illegal_content_legal_ground", "illegal_content_explanation", "incompatible_content_ground",
    "incompatible_content_explanation", "content_type", "category", "territorial_scope", "content_language",
    "content_date", "application_date", "decision_facts", "source_type", "automated_detection", "automated_decision",
)  # fmt: skip
_ACCOUNT = (Restriction.SUSPENDED, Restriction.BANNED)
_PUID = re.compile(r"[A-Z0-9_-]{1,500}")


def record(statement: Statement) -> Record:
    """One statement as the database takes it."""
    restriction = Restriction(statement.restriction)
    ends = _day(statement.ends_at) if statement.ends_at else None
    found: Record = {"puid": statement.puid}
    if restriction in _ACCOUNT:
        found["decision_account"] = f"DECISION_{restriction}"
        found["account_type"] = "ACCOUNT_TYPE_PRIVATE"
        found["end_date_account_restriction"] = ends
    else:
        found["decision_visibility"] = [f"DECISION_{restriction}"]
        found["end_date_visibility_restriction"] = ends
        if restriction == Restriction.READ_FIRST:
            found["decision_visibility_other"] = str(restriction.label)
    found |= _grounds(statement)
    found |= {
        "content_type": ["CONTENT_TYPE_TEXT"],
        "category": f"STATEMENT_CATEGORY_{statement.category}",
        "territorial_scope": list(TERRITORY),
        "content_language": statement.language.upper() if len(statement.language) == 2 else None,
        "content_date": _day(statement.content_at or statement.applied_at),
        "application_date": _day(statement.applied_at),
        "decision_facts": statement.facts,
        "source_type": f"SOURCE_{statement.source}",
        "automated_detection": "Yes" if statement.is_detected else "No",
        "automated_decision": f"AUTOMATED_DECISION_{statement.automation}",
    }
    return {name: value for name, value in found.items() if value is not None}


def faults(found: Record) -> list[str]:
    """What the database would refuse about a record; empty where it takes it."""
    said = [f"{name} is no field of it" for name in found if name not in COLUMNS]
    said += [f"{name} is missing" for name in _wanted(found) if not found.get(name)]
    said += [f"{name} is too long" for name, most in _LONGEST.items() if len(found.get(name, "")) > most]
    said += [f"{name} is no value of it" for name, known in _KNOWN.items() if not _all_in(found.get(name), known)]
    said += [f"{name} is no day" for name in COLUMNS if "date" in name and not _is_day(found.get(name))]
    if not _PUID.fullmatch(found.get("puid", "")):
        said.append("puid has other signs than A-Z, 0-9, - and _")
    return said


def lines(statements: Iterable[Statement]) -> Iterator[bytes]:
    """One JSON object a line."""
    for found in _sound(statements):
        yield json.dumps(found, ensure_ascii=False).encode() + b"\n"


def table(statements: Iterable[Statement]) -> bytes:
    """The same as CSV; what is a list there is separated by bars."""
    rows = ([_cell(found.get(name)) for name in COLUMNS] for found in _sound(statements))
    return sheets.write([COLUMNS, *rows])


def between(start: datetime, end: datetime) -> Any:
    """The statements of a period, the oldest first, read a few at a time."""
    return Statement.objects.filter(created_at__gte=start, created_at__lt=end).order_by("pk").iterator(500)


def _sound(statements: Iterable[Statement]) -> Iterator[Record]:
    for statement in statements:
        found = record(statement)
        if wrong := faults(found):
            raise ValueError(f"{statement.puid}: {'; '.join(wrong)}")
        yield found


def _grounds(statement: Statement) -> Record:
    if statement.ground == Ground.ILLEGAL:
        return {
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": statement.legal_ground,
            "illegal_content_explanation": statement.explanation,
        }
    return {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "decision_ground_reference_url": settings.SITE_URL + reverse("comment_policy"),
        "incompatible_content_ground": statement.legal_ground,
        "incompatible_content_explanation": statement.explanation,
    }


def _wanted(found: Record) -> list[str]:
    names = [
        "puid", "decision_ground", "content_type", "category", "content_date", "application_date", "decision_facts",
        "source_type", "automated_detection", "automated_decision",
    ]  # fmt: skip
    if not found.get("decision_account"):
        names.append("decision_visibility")
    if "DECISION_VISIBILITY_OTHER" in found.get("decision_visibility", []):
        names.append("decision_visibility_other")
    which = "illegal" if found.get("decision_ground") == "DECISION_GROUND_ILLEGAL_CONTENT" else "incompatible"
    ground = f"{which}_content_{'legal_' if which == 'illegal' else ''}ground"
    return [*names, ground, f"{which}_content_explanation"]


_LONGEST = {
    "decision_visibility_other": 500,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": LONGEST_GROUND,
    "illegal_content_explanation": LONGEST_EXPLANATION,
    "incompatible_content_ground": LONGEST_GROUND,
    "incompatible_content_explanation": LONGEST_EXPLANATION,
    "decision_facts": LONGEST_FACTS,
}
_KNOWN = {
    "decision_visibility": {f"DECISION_{each}" for each in Restriction if each not in _ACCOUNT},
    "decision_account": {f"DECISION_{each}" for each in _ACCOUNT},
    "account_type": {"ACCOUNT_TYPE_PRIVATE", "ACCOUNT_TYPE_BUSINESS"},
    "decision_ground": {f"DECISION_GROUND_{each}" for each in Ground},
    "content_type": {"CONTENT_TYPE_TEXT"},
    "category": {f"STATEMENT_CATEGORY_{each}" for each in Category},
    "territorial_scope": set(TERRITORY),
    "source_type": {f"SOURCE_{each}" for each in SourceType},
    "automated_detection": {"Yes", "No"},
    "automated_decision": {f"AUTOMATED_DECISION_{each}" for each in Automation},
}


def _all_in(value: Any, known: set[str]) -> bool:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return set(values) <= known


def _is_day(value: Any) -> bool:
    if value is None:
        return True
    try:
        return date.fromisoformat(value) >= date(2000, 1, 1)
    except (TypeError, ValueError):
        return False


def _cell(value: Any) -> Any:
    return "|".join(value) if isinstance(value, list) else value


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
