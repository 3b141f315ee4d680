"""Runs the Python code of docs/formats.md unchanged."""

import contextlib
import io
import json
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
            prepared = case.folder / "prepared.onnx"
            if prepared.exists():
                shutil.copy(prepared, f"{folder}/any-size.onnx")
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
        case.logits, case.exact = case.logits[image : image + 1], case.exact[image : image + 1]
        case.assert_logits(self, names["logits"])
        return names

    def test_numpy(self):
        case = Case(CASES / "mnist-cnn-bn")
        [block] = [block for block in BLOCKS if "weights.npz" in block]
        before, names = os.getcwd(), {}
        os.chdir(case.path("plain", "npz"))
        try:
            exec(compile(block, str(DOCUMENT), "exec"), names)
        finally:
            os.chdir(before)
        weights = {field: names["weights"][f"bn1.{field}"] for field in ("weight", "bias", "running_mean", "running_var")}
        wanted = (2 - weights["running_mean"]) / np.sqrt(weights["running_var"] + 1e-5) * weights["weight"] + weights["bias"]
        np.testing.assert_allclose(2 * names["scale"] + names["shift"], wanted, rtol=1e-4, atol=1e-5)

    def test_reader_of_folders(self):
        case = Case(CASES / "bgr-crop")
        [block] = [block for block in BLOCKS if "from normlab_bundle" in block]
        names = {}
        before, modules = os.getcwd(), list(sys.path)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(case.path("plain", "npz"), f"{folder}/flowers-npz")
            shutil.copytree(DOCUMENT.parents[1] / "examples", f"{folder}/examples")
            shutil.copy(case.folder / "image0.png", f"{folder}/image.png")
            os.chdir(folder)
            try:
                exec(compile(block, str(DOCUMENT), "exec"), names)
            finally:
                os.chdir(before)
                sys.path[:] = modules
                sys.modules.pop("normlab_bundle", None)
        np.testing.assert_array_equal(names["inputs"], names["bundle"].normalize(case.images[:1]))

    def test_caffe(self):
        import cv2
        case = Case(CASES / "mnist-cnn-bn")
        [block] = [block for block in BLOCKS if "readNetFromCaffe" in block]
        _, height, width, _ = case.images.shape
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(case.path("plain", "caffe"), folder, dirs_exist_ok=True)
            Image.fromarray(case.images[0, :, :, 0]).save(f"{folder}/image.png")
            os.chdir(folder)
            said = io.StringIO()
            try:
                with contextlib.redirect_stdout(said):
                    exec(compile(block.replace("28, 28", f"{height}, {width}"), str(DOCUMENT), "exec"), {})
            finally:
                os.chdir(before)
        self.assertEqual(said.getvalue().strip(), case.facts["classNames"][int(case.logits[0].argmax())])

    def test_onnxruntime(self):
        names = self.run_block('InferenceSession("model.onnx")')
        self.assertEqual(names["probabilities"].shape, (1, len(names["classes"])))

    def test_onnxruntime_crops_to_the_pixel(self):
        for image in range(4):
            self.run_block('InferenceSession("model.onnx")', "bgr-crop", image)

    def test_onnxruntime_with_images_of_any_size(self):
        for image in range(4):
            self.run_block('InferenceSession("any-size.onnx")', "bgr-crop", image)

    def test_crop_is_that_of_torchvision(self):
        from torchvision import transforms
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
        import torch  # noqa: F401
        self.run_block("from torch import nn")

    def test_pytorch_folder(self):
        import torch
        [block] = [block for block in BLOCKS if "from model import Network" in block]
        case = Case(CASES / "mnist-cnn-bn")
        folder = case.path("plain", "pytorch")
        names = {}
        before = os.getcwd()
        os.chdir(folder)
        sys.path.insert(0, folder)
        try:
            exec(compile(block, str(DOCUMENT), "exec"), names)
        finally:
            sys.path.remove(folder)
            sys.modules.pop("model", None)
            os.chdir(before)
        mean, deviation = (np.array(case.facts[key], "float32") for key in ("mean", "deviation"))
        planes = (case.planes() - mean[:, None, None]) / deviation[:, None, None]
        with torch.no_grad():
            case.assert_logits(self, names["network"](torch.from_numpy(planes)).numpy())
