"""The design itself: rules about the code that a linter cannot know."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "broadsheet"
SOURCES = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts and "tests" not in path.parts]
LETTERS = sorted(PACKAGE.rglob("templates/**/mail/*.html"))  # no style sheet reaches a mail program
TEMPLATES = sorted(set(PACKAGE.rglob("templates/**/*.html")) - set(LETTERS))
SCRIPTS = sorted(PACKAGE.rglob("static/**/*.js"))


def name_of(path):
    return str(path.relative_to(ROOT))


def test_only_the_cleaner_s_filters_mark_text_as_safe():
    callers = {name_of(path) for path in SOURCES if re.search(r"\bmark_safe\(", path.read_text())}
    assert callers <= {
        "broadsheet/core/templatetags/newsroom.py",  # after cleaning
        "broadsheet/stories/structured.py",  # JSON-LD, every < escaped
    }


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_trust_nothing_and_carry_no_script_or_style_of_their_own(path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape\s+off", text)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or "ld+json" in script or "json_script" in script, script


@pytest.mark.parametrize("path", LETTERS, ids=name_of)
def test_letters_trust_nothing_run_nothing_and_fetch_nothing(path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape\s+off", text)
    assert not re.search(r"<(script|style|img|link|iframe|object|form|input)\b|\son[a-z]+=\"|javascript:|url\(", text)


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.name.startswith("_")], ids=name_of)
def test_a_partial_lists_its_inputs_at_its_top(path):
    assert path.read_text().lstrip().startswith(("{#", "{% comment"))


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_scripts_make_html_in_one_module_only(path):
    text = path.read_text()
    assert text.startswith("// @ts-check")
    if path.name not in {"fragment.js", "worker-address.js"}:  # HTML; the address of the script that a push wakes
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|createPolicy", text)


def imported(node):
    """The full names that a statement imports: of `from urllib import request` it is `urllib.request`."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [f"{node.module}.{each.name}" for each in node.names] if isinstance(node, ast.ImportFrom) else []


def test_nothing_calls_out_to_the_network():
    """But for the one way out. smtplib is Django's to call; core.mail names its faults."""
    fetchers = ("requests.", "httpx.", "urllib3.", "aiohttp.", "http.client.", "urllib.request.", "ftplib.", "smtplib.")
    for path in SOURCES:
        if name_of(path) in {"broadsheet/core/outbound.py", "broadsheet/core/mail.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = imported(node)
            assert not [name for name in names if f"{name}.".startswith(fetchers)], f"{name_of(path)} imports {names}"


def test_xml_and_pickle_are_read_by_nobody_unguarded():
    banned = ("xml.etree", "xml.dom", "xml.sax", "lxml", "pickle", "marshal", "shelve")
    writes = {f"xml.etree.ElementTree.{name}" for name in ("Element", "SubElement", "TreeBuilder", "tostring")}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = imported(node)
            names = [n for n in names if n not in writes or name_of(path) != "broadsheet/core/xml.py"]
            assert not [n for n in names if n.startswith(banned)], f"{name_of(path)} imports {names}"


def test_every_setting_is_documented():
    from broadsheet.config import environment

    documented = set(re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert documented == {name.lower() for name in environment.READ}


def test_every_custom_element_is_documented():
    page = (ROOT / "docs/elements.md").read_text()
    elements = {
        tag for path in SCRIPTS for tag in re.findall(r"customElements\.define\(\"([a-z-]+)\"", path.read_text())
    }
    assert elements
    for tag in elements:
        assert f"`<{tag}>`" in page


def test_every_intake_check_exists_and_says_what_it_does(settings):
    from django.utils.module_loading import import_string

    for dotted in settings.DISCUSSION_CHECKS:
        assert import_string(dotted).__doc__


def test_decision_pages_are_numbered_without_gaps_and_linked_to_files_that_exist():
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / link).exists(), f"{name_of(page)} links to {link}"


def committed_texts():
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if files.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, files.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".jpg", ".png", ".avif", ".webp", ".woff2"}:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_nothing_committed_names_the_machine_it_was_made_on():
    for name, text in committed_texts():
        assert not re.search(r"(?<![\w./<-])/(?:work|root|home)/\w", text), name


def test_lock_files_carry_no_registry_s_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text(), name_of(path)
        assert "--hash=sha256:" in path.read_text()
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


@pytest.mark.django_db
def test_migrations_are_complete():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
