"""Runs the Python code of docs/formats.md unchanged."""

import json
import os
import pathlib
import re
import shutil
import tempfile
import unittest

import numpy as np
from PIL import Image

from cases import CASES, Case
from check_safetensors import metadata_in

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "formats.md"
BLOCKS = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf8"), re.DOTALL)


class Document(unittest.TestCase):
    def run_block(self, words, name="mnist-cnn-bn", image=0):
        [block] = [block for block in BLOCKS if words in block]
        case = Case(CASES / name)
        names = {}
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            for ending in ("onnx", "safetensors"):
                shutil.copy(case.path("plain", ending), f"{folder}/model.{ending}")
            file = case.folder / f"image{image}.png"
            if file.exists():
                shutil.copy(file, f"{folder}/image.png")
            else:
                Image.fromarray(case.images[image, :, :, 0]).save(f"{folder}/image.png")
            os.chdir(folder)
            try:
                exec(compile(block, str(DOCUMENT), "exec"), names)
            finally:
                os.chdir(before)
        case.logits = case.logits[image : image + 1]
        case.assert_logits(self, names["logits"])
        return names

    def test_onnxruntime(self):
        names = self.run_block("import onnxruntime")
        self.assertEqual(names["probabilities"].shape, (1, len(names["classes"])))

    def test_onnxruntime_crops_to_the_pixel(self):
        for image in range(4):
            self.run_block("import onnxruntime", "bgr-crop", image)

    def test_crop_is_that_of_torchvision(self):
        try:
            from torchvision import transforms
        except ImportError as error:
            self.skipTest(f"torchvision is not there ({error})")
        case = Case(CASES / "bgr-crop")
        size = json.loads(metadata_in(case.path("plain", "safetensors"))["normlab.preprocessing"])
        self.assertEqual((size["resize_height"], size["resize_width"]), (20, 15))
        for image, pixels in enumerate(case.images):
            picture = Image.open(case.folder / f"image{image}.png")
            # The input is no square, so the side that decides differs from image to image.
            wide, high = picture.size
            full = (15, 15 * high // wide) if wide * 20 < high * 15 else (20 * wide // high, 20)
            resized = transforms.Resize(full[::-1])(picture)
            np.testing.assert_array_equal(np.asarray(transforms.CenterCrop((16, 12))(resized)), pixels)

    def test_pytorch(self):
        try:
            import torch  # noqa: F401
        except ImportError as error:
            self.skipTest(f"PyTorch is not there ({error})")
        self.run_block("from torch import nn")
