"""Runs the Python code of docs/formats.md unchanged."""

import os
import pathlib
import re
import shutil
import tempfile
import unittest

from PIL import Image

from cases import CASES, Case

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "formats.md"
BLOCKS = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf8"), re.DOTALL)


class Document(unittest.TestCase):
    def run_block(self, words):
        [block] = [block for block in BLOCKS if words in block]
        case = Case(CASES / "mnist-cnn-bn")
        names = {}
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            for ending in ("onnx", "safetensors"):
                shutil.copy(case.path("plain", ending), f"{folder}/model.{ending}")
            Image.fromarray(case.images[0, :, :, 0]).save(f"{folder}/image.png")
            os.chdir(folder)
            try:
                exec(compile(block, str(DOCUMENT), "exec"), names)
            finally:
                os.chdir(before)
        case.logits = case.logits[:1]
        case.assert_logits(self, names["logits"])
        return names

    def test_onnxruntime(self):
        names = self.run_block("import onnxruntime")
        self.assertEqual(names["probabilities"].shape, (1, len(names["classes"])))

    def test_pytorch(self):
        try:
            import torch  # noqa: F401
        except ImportError as error:
            self.skipTest(f"PyTorch is not there ({error})")
        self.run_block("from torch import nn")
