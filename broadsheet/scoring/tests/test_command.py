"""What the commands say of what they cannot use: a sentence that names it, and no trace."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys

import pytest

from broadsheet.scoring.command import scorer as main

FOX = b"text,hateful,story_title,story_summary\n"
EVALUATE, TRAIN = ["evaluate", "--ngrams-only"], ["train", "words"]


def said(capsys, *arguments):
    """The sentence with which a command ends."""
    assert main([str(argument) for argument in arguments]) == 2
    sentence = capsys.readouterr().err.splitlines()[-1]
    assert sentence.startswith("broadsheet: ") and sentence.endswith(".")
    return sentence


@pytest.mark.parametrize("command", [EVALUATE, TRAIN])
def test_data_that_are_not_there_are_named(command, tmp_path, capsys):
    (tmp_path / "file").touch()
    for data, reason in (("nowhere", "No such file or directory"), ("file", "Not a directory"), (".", "No such file")):
        into = ["--into", tmp_path / "weights"] if command is TRAIN else []
        sentence = said(capsys, *command, "--data", tmp_path / data, *into)
        assert f"{tmp_path / data / 'jigsaw_multi.csv.gz'} cannot be used ({reason}" in sentence


DAMAGED = "is damaged, or not CSV in UTF-8 that was packed by gzip."
BAD_ROW = "has a row without its text, or with a label that is no number."


@pytest.mark.parametrize(
    ("rows", "kept", "reason"),
    [
        (FOX + b"\xff,1,a,b\n", None, DAMAGED),
        (FOX + b"hello,1,a,b\n", -12, DAMAGED),  # cut off
        (b"", None, "has no column text."),
        (b"text,toxic\n", None, "has no column hateful."),
        (b"text,hateful,story_title\n", None, "has no column story_summary."),
        (FOX + b"a,their words,a,b\n", None, BAD_ROW),
        (FOX + b"their words\n", None, BAD_ROW),
    ],
)
def test_a_file_of_comments_that_is_not_as_it_should_be_is_named(rows, kept, reason, tmp_path, capsys):
    for name, head in (("jigsaw_multi", "toxic,severe_toxic,obscene,threat,insult,identity_hate"),
                       ("jigsaw_binary", "toxic")):  # fmt: skip
        (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(f"text,{head}\n".encode()))
    (tmp_path / "fox.csv.gz").write_bytes(gzip.compress(rows)[:kept])
    sentence = said(capsys, *TRAIN, "--data", tmp_path, "--into", tmp_path / "weights")
    assert sentence == f"broadsheet: {tmp_path / 'fox.csv.gz'} {reason}"


def test_a_file_that_is_not_packed_is_named(tmp_path, capsys):
    (tmp_path / "jigsaw_multi.csv.gz").write_bytes(b"text,toxic\n")
    assert said(capsys, *TRAIN, "--data", tmp_path, "--into", tmp_path / "weights").endswith(DAMAGED)


def test_a_package_that_is_missing_is_named_and_how_to_get_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "torch", None)  # as it is on a newsroom's server
    (tmp_path / "model.safetensors").touch()
    folders = [part for name in ("data", "base", "work", "into") for part in (f"--{name}", tmp_path)]
    assert "torch is not installed; `pip install -r requirements/train.in`" in said(
        capsys, "train", "transformer", *folders
    )


def running(program, **more):
    """`broadsheet score` in a process of its own."""
    program = f"import signal, sys\nfrom broadsheet.scoring.command import score\n{program}"
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE, **more
    )


def test_whoever_interrupts_it_while_it_waits_for_a_comment_sees_no_trace():
    with running(
        "signal.signal(signal.SIGALRM, signal.default_int_handler)\n"  # what Ctrl-C does, once it waits
        "signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
        "sys.exit(score([]))"
    ) as process:
        assert process.wait(60) == 130
        assert process.stdout.read() + process.stderr.read() == b""


def test_a_hyphen_stands_for_standard_input():
    with running("sys.exit(score(['-']))") as process:
        out, _ = process.communicate(b"You stupid idiot", timeout=60)
    assert process.returncode == 0
    assert b"'stupid'" in out or b"idiot" in out


def test_a_terminal_that_knows_only_ascii_is_told_the_reasons_too():
    with running(
        "sys.exit(score(['You stupid idiot, you idiot']))", env=os.environ | {"PYTHONIOENCODING": "ascii"}
    ) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert rb" \xb7 " in out
