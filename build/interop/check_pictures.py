"""A picture in a training batch: PyTorch's BatchNorm in train() gives the same logits, and the same network input."""

import json
import os
import pathlib
import unittest

import numpy as np

import torch
from safetensors import safe_open
from safetensors.torch import load_file

from torch_net import AnyBatchNorm, ProjectNet

FOLDER = pathlib.Path(os.environ["NORMLAB_INTEROP_PICTURES"])


class Picture:
    """The network of a case, and its images, the picture first."""

    def __init__(self, folder):
        found = json.loads((folder / "picture.json").read_text("utf-8"))
        self.backends = found["backends"]
        path = str(folder / "network.safetensors")
        with safe_open(path, "numpy") as file:
            metadata = file.metadata()
        preprocessing = json.loads(metadata["normlab.preprocessing"])
        mean, deviation = (
            torch.tensor(preprocessing[key], dtype=torch.float64).view(1, -1, 1, 1)
            for key in ("mean_bytes", "deviation_bytes")
        )
        pixels = np.fromfile(folder / "images.u8", "uint8").reshape(found["shape"]).transpose(0, 3, 1, 2)
        self.inputs = (torch.from_numpy(pixels.astype("float64")) - mean) / deviation
        self.project = json.loads(metadata["normlab.project"])
        state = {name: each.double() if each.is_floating_point() else each for name, each in load_file(path).items()}
        self.net = ProjectNet(self.project, state).double()
        self.net.load_state_dict(state, strict=True)

    def logits(self, by_batch):
        """Those of the picture; `by_batch`: BatchNorm in train() where training normalizes by the batch."""
        self.net.eval()
        for name, layer in self.net.named_modules():
            if isinstance(layer, AnyBatchNorm):
                block = name.split(" ", 1)[1]
                params = self.project["graph"]["nodes"][block]["params"]
                layer.train(by_batch and params["normalizeBy"] == "batch")
        with torch.no_grad():
            return self.net(self.inputs)[0].numpy()


FOLDERS = sorted(FOLDER.iterdir())


class Pictures(unittest.TestCase):
    def check_each(self, check):
        """Calls `check(picture, found, rtol)`: the weights are float32, and the reference backend computes in float64."""
        for folder in FOLDERS:
            picture = Picture(folder)
            for backend, found in picture.backends.items():
                with self.subTest(case=folder.name, backend=backend):
                    check(picture, found, 1e-5 if backend == "native" else 1e-12)

    def close(self, found, wanted, rtol):
        wanted = np.asarray(wanted)
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=rtol * np.abs(wanted).max())

    def test_cases(self):
        self.assertGreater(len(FOLDERS), 4)

    def test_tensor(self):
        def check(picture, found, _):
            self.close(found["tensor"], picture.inputs[0].flatten().numpy(), 1e-6)

        self.check_each(check)

    def test_stored(self):
        self.check_each(
            lambda picture, found, rtol: self.close(found["stored"]["logits"], picture.logits(False), rtol)
        )

    def test_batch(self):
        self.check_each(
            lambda picture, found, rtol: self.close(found["batch"]["logits"], picture.logits(True), rtol)
        )

    def test_difference(self):
        """Otherwise the comparison above would say nothing."""
        different = [
            not np.allclose(picture.logits(True), picture.logits(False), rtol=1e-2)
            for picture in map(Picture, FOLDERS)
        ]
        self.assertGreater(sum(different), 2)
