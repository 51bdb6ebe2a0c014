"""The files of weights, each with a manifest beside it that names what it was made of, by which script, and its hash.

A file without a manifest, or with another hash, is not loaded: whoever learns from a set whose licence forbids it
cannot ship the result by accident.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "weights"
SUFFIX = ".manifest.json"


class Untrusted(Exception):
    """A weights file that nobody vouches for."""


@dataclass(frozen=True)
class Manifest:
    """What a weights file is made of."""

    file: str
    sha256: str
    bytes: int
    what: str
    licence: str
    made_by: str
    data: list[dict[str, Any]]  # name, licence, rows, sha256
    base: dict[str, str] = field(default_factory=dict)  # package, version, licence, sha256 of a base model
    figures: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)  # what whoever loads the file needs to know


def sha256(file: Path) -> str:
    """The file's hash."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def manifest(file: Path) -> Manifest:
    """What the manifest beside a file says; raises Untrusted."""
    beside = file.with_name(file.name + SUFFIX)
    if not beside.exists():
        raise Untrusted(f"{file.name} has no {beside.name} beside it that says what it was made of.")
    return Manifest(**json.loads(beside.read_text("utf-8")))


def trusted(name: str, folder: Path = FOLDER) -> tuple[Path, Manifest]:
    """A weights file whose hash is the one in its manifest; raises Untrusted, or FileNotFoundError without the file."""
    file = folder / name
    if not file.exists():
        raise FileNotFoundError(file)
    found = manifest(file)
    if sha256(file) != found.sha256:
        raise Untrusted(f"{name} is not the file that its manifest describes.")
    return file, found


def files(folder: Path = FOLDER) -> list[Path]:
    """The weights files, each with its manifest beside it."""
    return sorted(file for file in folder.iterdir() if not file.name.endswith((SUFFIX, ".md")))


def hashes(folder: Path = FOLDER) -> dict[str, str]:
    """The hash of each weights file: by it a model card says which weights it is of."""
    return {file.name: sha256(file) for file in files(folder)}


def describe(file: Path, **about: Any) -> None:
    """Write the manifest of a file that was just made."""
    made = Manifest(file=file.name, sha256=sha256(file), bytes=file.stat().st_size, **about)
    text = json.dumps(asdict(made), indent=1, ensure_ascii=False, sort_keys=True)
    file.with_name(file.name + SUFFIX).write_text(text + "\n", "utf-8")
