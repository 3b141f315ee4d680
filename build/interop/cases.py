"""The exported networks to check, and the results of the reference backend for them."""

import json
import os
import pathlib

import numpy as np

CASES = pathlib.Path(os.environ["NORMLAB_INTEROP_CASES"])
VARIANTS = ("plain", "folded")
# Tolerance relative to the largest logit: the effect of float32 rounding in these networks.
TOLERANCE = 1e-5


class Case:
    def __init__(self, folder):
        self.folder = folder
        self.facts = json.loads((folder / "case.json").read_text("utf8"))
        shape = [self.facts[key] for key in ("count", "height", "width", "channels")]
        self.images = np.fromfile(folder / "images.u8", "uint8").reshape(shape)
        self.logits = np.fromfile(folder / "logits.f64", "<f8").reshape(shape[0], -1)

    def path(self, variant, ending):
        return str(self.folder / f"{variant}.{ending}")

    def planes(self):
        """Bytes as float32 [N, C, H, W], 0 to 255."""
        return np.ascontiguousarray(self.images.transpose(0, 3, 1, 2)).astype("float32")

    def assert_logits(self, test, actual):
        largest = max(1.0, float(np.abs(self.logits).max()))
        difference = float(np.abs(np.asarray(actual, "float64") - self.logits).max())
        test.assertLessEqual(difference, TOLERANCE * largest, f"logits differ by {difference}")


def each_case(cls):
    """Turns every method `check_x(self, case, variant)` into one test per case and variant."""
    checks = [name for name in dir(cls) if name.startswith("check_")]
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        for check in checks:
            for variant in VARIANTS:
                name = f"test_{check[6:]}__{folder.name}__{variant}"
                setattr(cls, name, _bound(check, folder, variant))
    return cls


def _bound(check, folder, variant):
    return lambda self: getattr(self, check)(Case(folder), variant)
