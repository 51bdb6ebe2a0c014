"""Static files: each named after its bytes, so that browsers may keep them for ever, module imports included."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashes style sheets, pictures and ES modules, and rewrites the imports between modules."""

    support_js_module_import_aggregation = True


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
    """Changes when any source file does."""
    digest = hashlib.blake2b(digest_size=16)
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
