"""The scripts that other sites name in their pages: their addresses never change, their words are the newsroom's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from broadsheet.core.words import Word, spoken
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.pages import mark_public
from broadsheet.delivery.storage import without_comments
from broadsheet.embed import words

FOLDER = Path(__file__).parent / "static/embed"
FRESH = 3600  # seconds for which a browser asks no more: a new version of ours is everywhere within the hour
_WORDS = re.compile(r"/\* words \*/ .* /\* end \*/", re.DOTALL)


@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """The script that puts a discussion into a page."""
    return _script("loader.js", words.LOADER)


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The script that fills in how many comments stories have."""
    return _script("counts.js", {})


def _script(name: str, said: Mapping[str, Word]) -> HttpResponse:
    """A file of ours with its words in it and without its comments, for whichever page names it."""
    written = without_comments((FOLDER / name).read_text(encoding="utf-8"))
    told = json.dumps(spoken(said)).replace("<", "\\u003c")
    response = HttpResponse(_WORDS.sub(lambda _found: told, written), content_type="text/javascript; charset=utf-8")
    mark_public(response, Freshness())
    response["Cache-Control"] = f"public, max-age={FRESH}"
    response["Access-Control-Allow-Origin"] = "*"  # browsers ask so for every module from elsewhere
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
