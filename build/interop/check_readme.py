"""Runs the Python code of README.md unchanged, each block in a folder like the one that it is written for."""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import numpy as np
from PIL import Image

from cases import CASES, Case
from keras_models import load_keras

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "README.md"
SECTION = DOCUMENT.read_text("utf8").split("## Load it elsewhere\n")[1].split("\n## ")[0]
BLOCKS = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
# Modules of an exported folder: each folder has its own.
OWN_MODULES = ("model", "predict", "load")


class Readme(unittest.TestCase):
    def run_block(self, words, name, *files):
        """Runs the block that contains the words on an image of a case, beside copies of the exported files."""
        [block] = [block for block in BLOCKS if words in block]
        case = Case(CASES / name)
        for image in range(2):
            with tempfile.TemporaryDirectory() as folder:
                for source, target in files:
                    copy = shutil.copytree if os.path.isdir(case.path("plain", source)) else shutil.copy
                    more = {"dirs_exist_ok": True} if copy is shutil.copytree else {}
                    copy(case.path("plain", source), os.path.join(folder, target), **more)
                self.write_image(case, image, f"{folder}/image.png")
                logits = self.run_in(folder, block)
            if hasattr(logits, "detach"):
                logits = logits.detach().cpu().numpy()
            wanted = case.logits[image : image + 1]
            self.assertEqual(np.shape(logits), wanted.shape)
            alone = Case(case.folder)
            alone.logits, alone.exact = wanted, case.exact[image : image + 1]
            alone.assert_logits(self, logits)

    def write_image(self, case, image, target):
        """The image file of a case where it has one, of another size; else its pixels, of the size of the input."""
        file, pixels = case.folder / f"image{image}.png", case.images[image]
        if file.exists():
            shutil.copy(file, target)
        else:
            Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(target)

    def run_in(self, folder, block):
        names, before = {}, os.getcwd()
        os.chdir(folder)
        sys.path.insert(0, folder)
        try:
            exec(compile(block, str(DOCUMENT), "exec"), names)
        finally:
            sys.path.remove(folder)
            os.chdir(before)
            for module in OWN_MODULES:
                sys.modules.pop(module, None)
        return names["logits"]

    def test_pytorch(self):
        self.run_block("load_network", "vgg-bn", ("pytorch", "."))
        self.run_block("load_network", "bgr-crop", ("pytorch", "."))

    def test_keras(self):
        load_keras()
        self.run_block("keras.saving", "vgg-bn", ("keras", "."))
        self.run_block("keras.saving", "bgr-crop", ("keras", "."))

    def test_caffe(self):
        self.run_block("readNetFromCaffe", "vgg-bn", ("caffe", "."))
        self.run_block("readNetFromCaffe", "resnet20", ("caffe", "."))

    def test_numpy(self):
        self.run_block("from load import", "bn-mlp", ("npz", "."))

    def test_onnxruntime(self):
        self.run_block("onnxruntime", "vgg-bn", ("onnx", "model.onnx"))

    def test_safetensors(self):
        files = ("safetensors", "model.safetensors"), ("pytorch/model.py", "model.py")
        self.run_block("safe_open", "vgg-bn", *files)
        self.run_block("safe_open", "resnet20", *files)

    def test_each_block_is_short(self):
        self.assertEqual(len(BLOCKS), 6)
        for block in BLOCKS:
            lines = [line for line in block.splitlines() if line and not re.match(r"(import|from) ", line)]
            self.assertLessEqual(len(lines), 5, block)


if __name__ == "__main__":
    unittest.main()
