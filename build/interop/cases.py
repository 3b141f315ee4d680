"""The exported networks to check, and the results of the lab for them."""

import json
import os
import pathlib
import re

import numpy as np

from measured import measure

CASES = pathlib.Path(os.environ["NORMLAB_INTEROP_CASES"])
VARIANTS = ("plain", "folded")
# Relative to the largest logit (at least 1): of the lab's float32 for all images, and of the float64 reference for the
# first ones, from which float32 itself differs by rounding.
TOLERANCE, EXACT_TOLERANCE = 1e-4, 1e-5
# Set for a second backend of Keras, which takes less.
FEW = bool(os.environ.get("NORMLAB_INTEROP_FEW"))
# The cases that it takes: compiling every operation of the others takes minutes.
FEWER = re.compile("trained-(mnist-cnn-bn|bn-mlp|resnet20)|every-fold-case|every-photo-block-of-keras|random-0[1-3]")


class Case:
    def __init__(self, folder):
        self.folder = folder
        self.facts = json.loads((folder / "case.json").read_text("utf8"))
        shape = [self.facts[key] for key in ("count", "height", "width", "channels")]
        self.images = np.fromfile(folder / "images.u8", "uint8").reshape(shape)
        self.logits = np.fromfile(folder / "logits.f32", "<f4").astype("float64").reshape(shape[0], -1)
        self.exact = np.fromfile(folder / "logits.f64", "<f8").reshape(self.facts["exact"], -1)

    def path(self, variant, ending):
        return str(self.folder / f"{variant}.{ending}")

    def planes(self):
        """Bytes as float32 [N, C, H, W], 0 to 255."""
        return np.ascontiguousarray(self.images.transpose(0, 3, 1, 2)).astype("float32")

    def tensors(self, variant):
        """Every float32 tensor as the lab has it, by name."""
        values, tensors, at = np.fromfile(self.folder / f"{variant}.f32", "<f4"), {}, 0
        for name, (kind, shape) in self.facts["tensors"][variant].items():
            if kind == "float32":
                size = int(np.prod(shape))
                tensors[name] = values[at : at + size].reshape(shape)
                at += size
        assert at == len(values)
        return tensors

    def assert_logits(self, test, actual, what=None):
        """Compares logits of the first images, or of all; `what` names the reader in the table of differences."""
        actual = np.asarray(actual, "float64")
        test.assertTrue(np.isfinite(actual).all())
        pairs = ((self.logits, TOLERANCE, "float32"), (self.exact, EXACT_TOLERANCE, "float64"))
        for wanted, tolerance, name in pairs:
            count = min(len(wanted), len(actual))
            largest = max(1.0, float(np.abs(wanted[:count]).max()))
            difference = float(np.abs(actual[:count] - wanted[:count]).max()) / largest
            if what is not None:
                measure(f"{what}, logits, to the lab's {name}", difference)
            test.assertLessEqual(difference, tolerance, f"logits differ from {name} by {difference} of the largest")

    def assert_bytes(self, test, variant, name, actual, what):
        """A tensor has the bytes that it has in the lab."""
        wanted = self.tensors(variant)[name]
        actual = np.ascontiguousarray(actual)
        test.assertEqual((actual.dtype, actual.size), (np.dtype("float32"), wanted.size), name)
        test.assertEqual(actual.tobytes(), wanted.tobytes(), name)
        measure(f"{what}, tensors of BatchNorm, bytes that differ", 0)


def written_cases(ending):
    """The folders of the cases that were written in a format."""
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        if FEW and not FEWER.fullmatch(folder.name):
            continue
        if ending in json.loads((folder / "case.json").read_text("utf8"))["written"]:
            yield folder


def each_case(ending):
    """
    Turns every method `check_x(self, case, variant)` of a class into one test per variant of each case that was written in
    the format. Tests of the same case follow each other, so that what they load can be kept.
    """

    def decorate(cls):
        checks = [name for name in dir(cls) if name.startswith("check_")]
        for folder in written_cases(ending):
            for check in checks:
                for variant in VARIANTS:
                    name = f"test_{folder.name}__{variant}__{check[6:]}"
                    setattr(cls, name, _bound(check, folder, variant))
        return cls

    return decorate


def _bound(check, folder, variant):
    return lambda self: getattr(self, check)(Case(folder), variant)
