"""Static files: each named after its bytes, so that browsers may keep them for ever, module imports included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashes style sheets, pictures and ES modules, and rewrites the imports between modules."""

    support_js_module_import_aggregation = True
