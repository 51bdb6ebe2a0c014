"""Search over what readers may read, by the database's own full-text index."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from modelsearch.backends import get_search_backend

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable
from broadsheet.stories.furniture import LISTED
from broadsheet.stories.models import Story

LONGEST_QUESTION = 200
MOST_WORDS = 16  # further words are left out: each is one more branch of the index query
FOUND_PER_PAGE = 20
MOST_PAGES = 10  # nobody reads on; it also bounds what one question can cost

_WORD = re.compile(r"\w+")
_PAGE = re.compile(r"[1-9][0-9]?", re.ASCII)


@dataclass
class Search:
    """A question and one page of its answer."""

    words: str = ""  # as asked, to stand in the box again
    page: int = 1
    stories: list[Story] = field(default_factory=list)
    next_page: int = 0  # 0 when there is none
    refusal: str = ""  # a sentence, when the question cannot be read


def find(question: str, page: str, now: datetime) -> Search:
    """The public stories with all of the words, best first; never an error, whatever is asked."""
    try:
        asked = Search(words=readable(question, most=LONGEST_QUESTION, what=_("Search"), lines=False))
    except Unacceptable as refusal:
        return Search(refusal=refusal.sentence)
    words = _WORD.findall(asked.words)[:MOST_WORDS]
    if not words:
        return asked
    asked.page = min(int(page), MOST_PAGES) if _PAGE.fullmatch(page) else 1
    rows = Story.objects.public(now).select_related("section", "lead_picture").defer(*LISTED)
    results = get_search_backend().search(" ".join(words), rows, operator="and")
    start = (asked.page - 1) * FOUND_PER_PAGE
    found = list(results[start : start + FOUND_PER_PAGE + 1])
    asked.stories = found[:FOUND_PER_PAGE]
    asked.next_page = asked.page + 1 if len(found) > FOUND_PER_PAGE and asked.page < MOST_PAGES else 0
    return asked
