#!/usr/bin/env python3
"""The catalogues of broadsheet/locale: gathered from the code, checked, and handed to translators and back.

    .venv/bin/python scripts/translations.py update          gather the strings of the code into every catalogue
    .venv/bin/python scripts/translations.py check           say what is missing, empty, broken or not compiled
    .venv/bin/python scripts/translations.py todo LANG       print what is not translated yet, as JSON
    .venv/bin/python scripts/translations.py fill LANG FILE  write a translator's answers, each checked first

It needs Babel and Django, which every installation has, and no GNU gettext. docs/translating.md is for translators.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_python
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "broadsheet"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("ar", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "uk")
# The demonstration's stories stay English, tests say nothing to readers, migrations keep what labels once were.
LEFT_OUT = {"demo", "tests", "migrations"}

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
COMMENT = "Translators:"

Msgid = str | tuple[str, str]  # one sentence, or one for "one" and one for "many"
Key = tuple[str, str]  # context and the sentence (the first, of a plural)


@dataclass
class Found:
    """One string of the code."""

    msgid: Msgid
    context: str = ""
    comments: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.msgid if isinstance(self.msgid, str) else self.msgid[0]


# --- Gathering --------------------------------------------------------------------------------------------------------


def gather() -> dict[Key, Found]:
    """Every string of the code that readers, editors or moderators may see, by context and sentence."""
    strings: dict[Key, Found] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if not LEFT_OUT & set(path.relative_to(PACKAGE).parts):
            for found in in_python(path):
                _add(strings, found, path)
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.is_file() and not LEFT_OUT & set(path.relative_to(PACKAGE).parts):
            for found in in_template(path.read_text()):
                _add(strings, found, path)
    return strings


def _add(strings: dict[Key, Found], found: Found, path: Path) -> None:
    known = strings.setdefault(found.key, found)
    if isinstance(known.msgid, str) and not isinstance(found.msgid, str):
        known.msgid = found.msgid  # the same word counts things elsewhere
    known.files.add(str(path.relative_to(ROOT)))
    known.comments += [comment for comment in found.comments if comment not in known.comments]


def in_python(path: Path) -> Iterator[Found]:
    """The strings of a module, with translators' comments; in words.py the bare pairs too (core/words.py)."""
    source = path.read_bytes()
    for _, msgid, comments, context in extract_python(
        "python", BytesIO(source), KEYWORDS, (COMMENT,), {}, strip_comment_tags=True
    ):
        yield Found(
            msgid if isinstance(msgid, str) else (msgid[0], msgid[1]),
            context or "",
            [" ".join(comments)] if comments else [],
        )
    if path.name == "words.py":
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                pair = [
                    part.value for part in node.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
                if len(pair) == 2 and "%(n)s" in pair[1]:
                    yield Found((pair[0], pair[1]), comments=["A script puts the number in for n."])


_STRING = r"u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
_CALL = re.compile(rf"(?<!\w)(_|p?gettext|np?gettext)\(({_STRING}(?:, ?{_STRING})*)")
_REMARK = re.compile(rf"#\s*{COMMENT}\s*(.*)")


def in_template(source: str) -> Iterator[Found]:
    """The strings of a template: Django writes them as calls, which are read here one by one."""
    lines = templatize(source).split("\n")
    for place, line in enumerate(lines):
        remark = [found[1].strip() for near in lines[max(0, place - 1) : place + 1] if (found := _REMARK.search(near))]
        for call in _CALL.finditer(line):
            parts = [ast.literal_eval(part) for part in re.findall(_STRING, call[2])]
            context = parts.pop(0) if call[1] in {"pgettext", "npgettext"} else ""
            yield Found(parts[0] if len(parts) == 1 else (parts[0], parts[1]), context, remark[-1:])


# --- Catalogues -------------------------------------------------------------------------------------------------------


def po_path(language: str) -> Path:
    """Where a language's catalogue lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """A language's catalogue as it is; an empty one where there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language)


def entries(catalog: Catalog) -> dict[Key, Message]:
    """The messages of a catalogue by context and sentence, without its header."""
    return {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0]): message
        for message in catalog
        if message.id
    }


def merged(language: str, strings: dict[Key, Found]) -> Catalog:
    """The catalogue of exactly these strings, each with the translation it had. Nothing is guessed from likeness."""
    known = entries(read(language))
    catalog = _empty(language)
    for key, found in strings.items():
        old = known.get(key)
        kept: Any = old.string if old and _shape(old.id) == _shape(found.msgid) else ""
        catalog.add(
            found.msgid,
            kept or ("" if isinstance(found.msgid, str) else ("",) * catalog.num_plurals),
            locations=[(name, 0) for name in sorted(found.files)],
            auto_comments=found.comments,
            context=found.context or None,
        )
    return catalog


def _shape(msgid: Any) -> Any:
    return msgid if isinstance(msgid, str) else tuple(msgid)


def _empty(language: str) -> Catalog:
    english = Locale.parse(language).get_display_name("en")
    header = f"# Broadsheet in {english}. Made by scripts/translations.py; docs/translating.md says how to change it."
    return Catalog(locale=language, project="Broadsheet", header_comment=header, fuzzy=False)


# Dates and the tool's own version would make every catalogue differ with every run.
_NOISE = re.compile(rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|'
                    rb'Report-Msgid-Bugs-To|Project-Id-Version): .*\n', re.MULTILINE)  # fmt: skip


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as a file: in the order of its sentences, naming files and no lines, so that diffs stay small."""
    out = BytesIO()
    pofile.write_po(out, catalog, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return _NOISE.sub(b"", out.getvalue())


def mo_bytes(po: bytes, language: str) -> bytes:
    """The compiled catalogue that Django reads, from the very file that is committed."""
    catalog = pofile.read_po(BytesIO(po), locale=language)
    catalog.creation_date = datetime.fromtimestamp(0, UTC)  # else this moment is compiled in, and no two runs agree
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def write(language: str, catalog: Catalog) -> None:
    """Put the catalogue and its compiled twin in their places."""
    path, po = po_path(language), po_bytes(catalog)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po)
    path.with_suffix(".mo").write_bytes(mo_bytes(po, language))


# --- Checking ---------------------------------------------------------------------------------------------------------

_PLACE = re.compile(r"%(?:%|\((\w+)\)s|.?)")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def places(text: str) -> set[str]:
    """The names in a sentence's places: {"name", "moment"}. What is no place and no doubled % sign is "?"."""
    return {found[1] or "?" for found in _PLACE.finditer(text) if found[0] != "%%"}


def _edges(sentence: str) -> tuple[bool, bool]:
    return sentence[:1].isspace(), sentence[-1:].isspace()


def faults(msgid: Msgid, answers: list[str]) -> list[str]:
    """What is wrong with a translation, in sentences; empty when it may be shown."""
    one, many = (msgid, msgid) if isinstance(msgid, str) else msgid
    formatted = bool(places(one) | places(many)) and "?" not in places(one) | places(many)
    said: list[str] = []
    for answer in answers:
        if not answer.strip():
            said.append("is not translated")
            continue
        if formatted or "%(" in answer:
            wanted, given = places(many) | places(one), places(answer)
            # A form for one number alone may do without the number: "one comment".
            missing = wanted - given if isinstance(msgid, str) or len(wanted - given) > 1 else set()
            if given - wanted or missing:
                said.append(f"has the places {sorted(given)}, not {sorted(wanted)}: {answer!r}")
        elif not formatted and answer.count("%d") != one.count("%d"):
            said.append(f"has other places than {one!r}: {answer!r}")
        if Counter(_TAG.findall(answer)) not in (Counter(_TAG.findall(one)), Counter(_TAG.findall(many))):
            said.append(f"has other tags: {answer!r}")
        # Between the items of a list (", ") each language has its own way: Japanese writes no space.
        if one.strip(",; ") and _edges(answer) != _edges(one):
            said.append(f"begins or ends with other white space: {answer!r}")
    return said


def check(strings: dict[Key, Found]) -> Iterator[str]:
    """Everything that keeps the catalogues from being complete and true, a sentence each."""
    yield from nameless(strings)
    for language in LANGUAGES:
        yield from (f"{language}: {fault}" for fault in _check_one(language, strings))


def nameless(strings: dict[Key, Found]) -> Iterator[str]:
    """The strings of the code where one place has a name and another has none."""
    for key, found in strings.items():
        if "?" in places(found.msgid if isinstance(found.msgid, str) else found.msgid[1]) and any(
            "%(" in text for text in ([found.msgid] if isinstance(found.msgid, str) else found.msgid)
        ):
            yield f"{sorted(found.files)[0]}: {key[1]!r} has a place without a name"


def _check_one(language: str, strings: dict[Key, Found]) -> Iterator[str]:
    path = po_path(language)
    if not path.exists():
        yield "there is no catalogue"
        return
    catalog = read(language)
    known = entries(catalog)
    plural = get_plural(language)
    if (catalog.num_plurals, catalog.plural_expr) != (plural.num_plurals, plural.plural_expr):
        yield f"plural forms are not {plural.plural_forms}"
    for key in known.keys() - strings.keys():
        yield f"{key[1]!r} is no string of ours any more"
    for message in catalog.obsolete.values():
        yield f"{message.id!r} is kept though it is obsolete"
    for key, found in strings.items():
        message = known.get(key)
        if message is None or _shape(message.id) != _shape(found.msgid):
            yield f"{key[1]!r} is missing: run update"
            continue
        if message.fuzzy:
            yield f"{key[1]!r} is fuzzy"
        answers = [message.string] if isinstance(found.msgid, str) else list(message.string)
        if not isinstance(found.msgid, str) and len(answers) != plural.num_plurals:
            yield f"{key[1]!r} has {len(answers)} plural forms, not {plural.num_plurals}"
        yield from (f"{key[1]!r} {fault}" for fault in faults(found.msgid, answers))
    if path.read_bytes() != po_bytes(merged(language, strings)):
        yield "the catalogue is not as update would write it"
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != mo_bytes(path.read_bytes(), language):
        yield "the compiled catalogue is not that of the .po: run update"


# --- Translators ------------------------------------------------------------------------------------------------------


def mark(key: Key) -> str:
    """A short name of a string, the same in every language and every run."""
    return hashlib.sha256("\x04".join(key).encode()).hexdigest()[:10]


def todo(language: str, strings: dict[Key, Found]) -> dict[str, Any]:
    """What is not translated yet or badly, by its short name, with all that a translator may want to know."""
    known = entries(read(language))
    wanted: dict[str, Any] = {}
    for key, found in sorted(strings.items()):
        message = known.get(key)
        string: Any = message.string if message and _shape(message.id) == _shape(found.msgid) else ""
        answers = [string] if isinstance(string, str) else list(string)
        if not faults(found.msgid, answers or [""]):
            continue
        entry: dict[str, Any] = {"msgid": found.msgid if isinstance(found.msgid, str) else found.msgid[0]}
        if not isinstance(found.msgid, str):
            entry["plural"], entry["forms"] = found.msgid[1], forms(language)
        entry |= {"context": found.context} if found.context else {}
        entry |= {"comment": " ".join(found.comments)} if found.comments else {}
        wanted[mark(key)] = {**entry, "where": sorted(found.files)}
    return wanted


def forms(language: str) -> list[str]:
    """For each plural form of a language, in the catalogue's order, the first numbers that take it."""
    plural = get_plural(language)
    choose = _plural_rule(plural.plural_expr)
    numbers: list[list[int]] = [[] for _ in range(plural.num_plurals)]
    for number in range(1001):
        if len(row := numbers[choose(number)]) < 8:
            row.append(number)
    return [", ".join(map(str, row)) for row in numbers]


def _plural_rule(expression: str) -> Any:
    from gettext import c2py

    return c2py(expression)


def fill(language: str, answers: dict[str, str | list[str]], strings: dict[Key, Found]) -> list[str]:
    """Write a translator's answers; those with a fault are left out and said."""
    catalog, by_mark, said = merged(language, strings), {mark(key): key for key in strings}, []
    known = entries(catalog)
    for name, answer in answers.items():
        key = by_mark.get(name)
        if key is None:
            said.append(f"{name}: there is no such string")
            continue
        found, given = strings[key], [answer] if isinstance(answer, str) else list(answer)
        wanted = 1 if isinstance(found.msgid, str) else catalog.num_plurals
        wrong = faults(found.msgid, given) or (
            [] if len(given) == wanted else [f"needs {wanted} forms, not {len(given)}"]
        )
        if wrong:
            said += [f"{name} ({key[1]!r}): {fault}" for fault in wrong]
        else:
            known[key].string = given[0] if isinstance(found.msgid, str) else tuple(given)
    write(language, catalog)
    return said


def main(arguments: list[str]) -> int:
    strings = gather()
    match arguments:
        case ["update"]:
            for language in LANGUAGES:
                write(language, merged(language, strings))
            print(f"{len(strings)} strings in {len(LANGUAGES)} catalogues.")
            return 0
        case ["check"]:
            said = list(check(strings))
            shown = said[:60]
            print("\n".join(shown + ([f"... and {len(said) - len(shown)} more"] if len(said) > len(shown) else [])))
            return 1 if said else 0
        case ["todo", language] if language in LANGUAGES:
            print(json.dumps(todo(language, strings), ensure_ascii=False, indent=1))
            return 0
        case ["fill", language, name] if language in LANGUAGES:
            said = fill(language, json.loads(Path(name).read_text()), strings)
            print("\n".join([*said, f"{len(todo(language, strings))} strings of {len(strings)} are still to do."]))
            return 1 if said else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
