"""Writes the transformer's parts as ONNX with weights of one byte, as they are run."""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from broadsheet.scoring.training import network


def write(lower: network.Lower, judge: network.Judge, compare: network.Compare, base: Path, folder: Path) -> None:
    """`lower.onnx`, `judge.onnx`, `compare.onnx` and the tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    ids, hidden = torch.ones(1, 7, dtype=torch.int64), torch.zeros(1, 7, network.WIDTH)
    _write(lower, ids, "ids", ["hidden"], folder / "lower.onnx")
    _write(judge, hidden, "hidden", ["logits", "shares"], folder / "judge.onnx")
    _write(compare, hidden, "hidden", ["vector"], folder / "compare.onnx")
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")


def middle(lower: network.Lower, compare: network.Compare, base: Path, texts: list[str]) -> np.ndarray:
    """The mean vector of comments: what they share says nothing about any one of them."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(96)
    lower.eval()
    compare.eval()
    found = []
    with torch.inference_mode():
        for each in tokenizer.encode_batch(texts):
            ids, mask = torch.tensor([each.ids]), torch.ones(1, len(each.ids))
            found.append(compare(lower(ids, mask), mask)[0].numpy())
    return np.asarray(np.mean(found, axis=0), np.float32)


def _write(part: torch.nn.Module, example: torch.Tensor, takes: str, gives: list[str], file: Path) -> None:
    part = network.quick(part).eval()
    axes = {name: {1: "piece"} for name in (takes, *gives) if name not in {"logits", "vector"}}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            part, (example,), str(plain), input_names=[takes], output_names=gives, dynamic_axes=axes, opset_version=20,
            dynamo=False,
        )  # fmt: skip
        model = onnx.load(plain)
        model.opset_import[0].version = 23  # the first with Attention; the rest of what is used did not change
        onnx.save(model, plain)
        logging.disable(logging.WARNING)  # a line for each of a hundred tensors, and nothing in them
        # What Attention looks at stays in full: it has no weights.
        quantize_dynamic(plain, file, ["Gather", "MatMul"], weight_type=QuantType.QInt8, per_channel=True)
        logging.disable(logging.NOTSET)
    model = onnx.load(file)
    model.doc_string = ""
    onnx.save(model, file)
