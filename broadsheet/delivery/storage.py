"""Static files: each named after its bytes, so that browsers may keep them for ever, module imports included."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashes style sheets, pictures and ES modules, and rewrites the imports between modules, `import()` included."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: Any) -> Any:
        """What we wrote for ourselves stays here: a third of our modules, types and reasons, is no reader's to load."""
        if name.endswith(".js"):
            content = ContentFile(without_comments(b"".join(content.chunks()).decode()).encode())
        return super()._save(name, content)


OURS = "// @ts-check\n"  # the first line of every script of our own, which a test demands
_COMMENTS = re.compile(r"^[ \t]*(?:/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*|//.*)\n", re.MULTILINE)
_ENDS = re.compile(r" +// [^\"'`\n]*$", re.MULTILINE)
_TYPES = re.compile(r"/\*\* @(?:type|satisfies) \{[^\n*]*\} \*/ ?")
_INDENTS = re.compile(r"^[ \t]+|^\n", re.MULTILINE)


def without_comments(words: str) -> str:
    """A module of ours without its comments, casts and indentation: the same program line by line. Others' as it is.

    Not a minifier: in ours no string has a line that begins like a comment, and none in backticks runs over a line's
    end. A test compares what TypeScript reads in both.
    """
    if not words.startswith(OURS):
        return words
    for part in (_COMMENTS, _TYPES, _ENDS, _INDENTS):
        words = part.sub("", words)
    return words


def collect_if_changed() -> bool:
    """Bring STATIC_ROOT up to date; True when there was something to do. Looking takes a tenth of a second."""
    stamp = Path(settings.STATIC_ROOT) / ".made-from"
    present = _fingerprint()
    if stamp.is_file() and stamp.read_text() == present:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(present)
    return True


def _fingerprint() -> str:
    """Changes when any source file does, or what is made of it here."""
    digest = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=16)
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
