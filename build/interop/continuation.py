"""One more epoch of a network that the lab trained, in another framework and in the lab."""

import json
import os
import pathlib

import numpy as np

FOLDER = pathlib.Path(os.environ["NORMLAB_INTEROP_CONTINUATIONS"])
# Of the loss of each step; of statistics, relative to the largest value of the block where that is above 1.
LOSS_TOLERANCE, STATISTICS_TOLERANCE = 1e-3, 1e-4


class Continuation:
    def __init__(self, name):
        self.name = name
        self.folder = FOLDER / name
        self.bundle = self.folder / "bundle"
        self.facts = json.loads((self.folder / "continuation.json").read_text("utf-8"))
        self.settings = {key.lstrip("-"): value for key, value in self.facts["settings"].items()}
        self.rate = float(self.settings["lr"])
        side = self.facts["side"]
        images = np.fromfile(self.folder / "images.u8", "uint8").reshape(-1, side, side, 3)
        # As `--normalize symmetric`: -1 to 1.
        self.images = (images.astype("float32") - 127.5) / 127.5
        self.labels = np.array(self.facts["labels"])

    def batches(self):
        for first in range(0, len(self.images), self.facts["batch"]):
            part = slice(first, first + self.facts["batch"])
            yield self.images[part], self.labels[part]

    def assert_losses(self, test, losses, measure):
        wanted = np.array(self.facts["losses"])
        test.assertEqual(len(losses), len(wanted))
        test.assertGreater(wanted.max() - wanted.min(), 20 * LOSS_TOLERANCE, "the training moves too little")
        difference = float(np.abs(np.array(losses) - wanted).max())
        measure(f"one more epoch in {self.name}, losses", difference)
        test.assertLessEqual(difference, LOSS_TOLERANCE, f"losses {losses} and {wanted}")

    def assert_statistics(self, test, name, before, after, measure):
        """`before` and `after` the epoch, in the other framework."""
        wanted = np.array(self.facts["statistics"][name])
        largest = max(1.0, float(np.abs(wanted).max()))
        moved = float(np.abs(after - before).max()) / largest
        test.assertGreater(moved, 20 * STATISTICS_TOLERANCE, f"{name} moves too little")
        difference = float(np.abs(after - wanted).max()) / largest
        measure(f"one more epoch in {self.name}, statistics", difference)
        test.assertLessEqual(difference, STATISTICS_TOLERANCE, name)


def names(framework):
    return sorted(folder.name for folder in FOLDER.glob(f"{framework}-*"))
