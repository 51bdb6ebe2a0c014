"""Static files as they are sent: named after their bytes, imports included, without what only we read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from broadsheet.delivery.storage import HashedFiles, without_comments

MODULE = """// @ts-check
import { say } from "../words.js";

/**
 * Says something. @param {string} what
 */
export function tell(what) {
  // Why it waits.
  const link = /** @type {HTMLElement} */ (what);
  return `${say(what)} // no comment, https://a.example/`;
}
if (what) void import("./late.js");
export { late } from "./late.js";
"""


@pytest.fixture
def collected(tmp_path):
    """As collectstatic does it: what is hashed is read from the app's own file, not from the copy."""
    source = FileSystemStorage(location=str(tmp_path / "source"))
    storage = HashedFiles(location=str(tmp_path / "sent"), base_url="/static/")
    files = {
        "app/main.js": MODULE,
        "app/late.js": "// @ts-check\nexport const late = 1;\n",
        "words.js": "export const say = 1;\n",
    }
    for name, words in files.items():
        source.save(name, ContentFile(words.encode()))
        with source.open(name) as file:
            storage.save(name, file)
    list(storage.post_process({name: (source, name) for name in files}))
    return storage, tmp_path / "sent"


def sent(collected, name):
    storage, folder = collected
    return (folder / storage.stored_name(name)).read_text()


def test_static_and_dynamic_imports_lead_to_the_hashed_files(collected):
    words = sent(collected, "app/main.js")
    late, say = (collected[0].stored_name(name).rpartition("/")[2] for name in ("app/late.js", "words.js"))
    assert re.fullmatch(r"late\.[0-9a-f]{12}\.js", late)
    assert f'import("./{late}")' in words and f'from "./{late}"' in words and f'from "../{say}"' in words


def test_comments_stay_at_home_and_strings_stay_whole(collected):
    words = sent(collected, "app/main.js")
    assert "Says something" not in words and "Why it waits" not in words and "@type" not in words
    assert "// no comment, https://a.example/" in words


def test_what_others_wrote_is_sent_as_it_is(tmp_path):
    storage = HashedFiles(location=str(tmp_path), base_url="/static/")
    storage.save("theirs.js", ContentFile(b"/**\n * Licence.\n */\nlet a = 1;\n"))
    list(storage.post_process({"theirs.js": (storage, "theirs.js")}))
    assert "Licence" in (tmp_path / storage.stored_name("theirs.js")).read_text()


def test_leaving_out_twice_changes_nothing():
    assert without_comments(without_comments(MODULE)) == without_comments(MODULE)


ROOT = Path(__file__).parents[3]
SCRIPTS = sorted((ROOT / "broadsheet").rglob("static/**/*.js"))
TSC = ROOT / "node_modules/.bin/tsc"
PRINT_ANEW = ["--allowJs", "--noCheck", "--noResolve", "--removeComments", "--target", "esnext", "--module", "esnext"]


def as_typescript_reads(folder, modules):
    """Each module read by TypeScript and printed in its own hand."""
    folder.mkdir()
    for number, words in enumerate(modules):
        (folder / f"{number}.js").write_text(words)
    names = [f"{number}.js" for number in range(len(modules))]
    subprocess.run([TSC, *PRINT_ANEW, "--outDir", "printed", *names], cwd=folder, capture_output=True)
    return [(folder / "printed" / name).read_text() for name in names]


def test_what_is_sent_is_the_same_program(tmp_path):
    if not TSC.exists():
        pytest.skip("TypeScript is not here (npm ci installs it)")
    ours = [path.read_text() for path in SCRIPTS]
    before = as_typescript_reads(tmp_path / "before", ours)
    after = as_typescript_reads(tmp_path / "after", [without_comments(words) for words in ours])
    assert len(SCRIPTS) > 10 and all(before)
    assert [path.name for path, one, other in zip(SCRIPTS, before, after, strict=True) if one != other] == []
