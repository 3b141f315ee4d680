"""Two networks on the same images: every figure recomputed by scikit-learn, SciPy and NumPy."""

import json
import os
import pathlib
import unittest

import numpy as np
from safetensors.numpy import load_file
from scipy import special, stats
from sklearn import metrics

FOLDER = pathlib.Path(os.environ["NORMLAB_INTEROP_PAIRS"])
Z = 1.959964
REPLICATES = 1000


def newcombe(both, only_first, only_second, neither):
    """Method 10 of Newcombe 1998, for the second share minus the first."""
    n = both + only_first + only_second + neither
    p, q = (both + only_second) / n, (both + only_first) / n
    wilson = lambda hits: stats.binomtest(int(hits), int(n)).proportion_ci(0.95, method="wilson")
    (l1, u1), (l2, u2) = wilson(both + only_second), wilson(both + only_first)
    product = both * neither - only_first * only_second
    corrected = max(0, product - n / 2) if product > 0 else product
    square = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    phi = 0 if square == 0 else corrected / np.sqrt(float(square))
    low = np.sqrt((p - l1) ** 2 - 2 * phi * (p - l1) * (u2 - q) + (u2 - q) ** 2)
    high = np.sqrt((u1 - p) ** 2 - 2 * phi * (u1 - p) * (q - l2) + (q - l2) ** 2)
    return p - q - low, p - q + high


class Pair:
    def __init__(self, name):
        self.found = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        tensors = load_file(FOLDER / f"{name}.safetensors")
        self.labels = tensors["labels"]
        self.logits = [tensors[side].astype("float64") for side in ("first", "second")]
        self.probabilities = [special.softmax(each, axis=1) for each in self.logits]
        self.decided = [each.argmax(axis=1) for each in self.logits]
        self.right = [each == self.labels for each in self.decided]
        rows = np.arange(len(self.labels))
        self.losses = [-special.log_softmax(each, axis=1)[rows, self.labels] for each in self.logits]
        self.figures = self.found["figures"]

    def counts(self, chosen=slice(None)):
        first, second = self.right[0][chosen], self.right[1][chosen]
        return tuple(int(each.sum()) for each in (first & second, first & ~second, ~first & second, ~first & ~second))


NAMES = sorted(file.stem for file in FOLDER.glob("*.json"))


class Pairs(unittest.TestCase):
    def each(self):
        self.assertGreaterEqual(len(NAMES), 3)
        return map(Pair, NAMES)

    def close(self, found, wanted, atol=1e-9):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=atol)

    def test_right_and_wrong(self):
        for pair in self.each():
            both, only_first, only_second, neither = pair.counts()
            right = pair.figures["right"]
            self.assertEqual(right, {"both": both, "onlyFirst": only_first, "onlySecond": only_second, "neither": neither})
            for side, name in enumerate(("first", "second")):
                self.close(pair.figures[name]["accuracy"]["value"], metrics.accuracy_score(pair.labels, pair.decided[side]))
                self.close(pair.figures[name]["logLoss"]["value"], pair.losses[side].mean())

    def test_differences(self):
        for pair in self.each():
            found = pair.figures["accuracyDifference"]
            self.close(found["value"], pair.right[1].mean() - pair.right[0].mean())
            self.assertEqual(found["method"], "newcombe")
            self.close([found["interval"]["low"], found["interval"]["high"]], newcombe(*pair.counts()), atol=1e-6)
            for k, each in enumerate(pair.figures["perClass"]):
                chosen = pair.labels == k
                if not chosen.any():
                    self.assertIsNone(each["difference"])
                    continue
                self.close(each["difference"]["value"], pair.right[1][chosen].mean() - pair.right[0][chosen].mean())
                bounds = [each["difference"]["interval"][side] for side in ("low", "high")]
                self.close(bounds, newcombe(*pair.counts(chosen)), atol=1e-6)

    def test_mcnemar(self):
        methods = set()
        for pair in self.each():
            _, b, c, _ = pair.counts()
            found = pair.figures["mcnemar"]
            methods.add(found["method"])
            if found["method"] == "exact":
                wanted = stats.binomtest(min(b, c), b + c).pvalue if b + c else 1
            else:
                wanted = stats.chi2.sf(max(0, abs(b - c) - 1) ** 2 / (b + c), 1)
            self.close(found["pValue"], wanted)
        self.assertEqual(methods, {"exact", "corrected"})

    def test_agreement(self):
        for pair in self.each():
            first, second = pair.decided
            self.close(pair.figures["agreement"]["value"], (first == second).mean())
            self.close(pair.figures["kappa"]["value"], metrics.cohen_kappa_score(first, second))
            names = range(pair.logits[0].shape[1])
            wanted = metrics.confusion_matrix(first, second, labels=list(names))
            cells = np.zeros_like(wanted)
            for row, column, images in pair.found["matrix"]:
                cells[row, column] = images
            np.testing.assert_array_equal(cells, wanted)
            gap = abs(pair.probabilities[0] - pair.probabilities[1])
            self.close(pair.figures["probabilityGap"]["mean"], gap.mean())
            self.close(pair.figures["probabilityGap"]["largest"], gap.max())

    def test_paired_bootstrap(self):
        """Other random numbers: the bounds agree as far as a thousand samples determine them."""
        for pair in self.each():
            random, count = np.random.default_rng(0), len(pair.labels)
            difference = pair.losses[1] - pair.losses[0]
            rows = []
            for _ in range(REPLICATES):
                drawn = random.integers(0, count, count)
                kappa = metrics.cohen_kappa_score(pair.decided[0][drawn], pair.decided[1][drawn])
                rows.append((difference[drawn].mean(), kappa))
            found = [pair.figures["logLossDifference"], pair.figures["kappa"]]
            self.close(found[0]["value"], difference.mean())
            for estimate, column in zip(found, np.array(rows).T):
                self.assertEqual(estimate["method"], "bootstrap")
                bounds = [estimate["interval"]["low"], estimate["interval"]["high"]]
                np.testing.assert_allclose(bounds, np.quantile(column, [0.025, 0.975]), atol=0.5 * column.std())

    def test_lists(self):
        for pair in self.each():
            rows = np.arange(len(pair.labels))
            own = [each[rows, pair.labels] for each in pair.probabilities]
            gap = abs(own[0] - own[1])
            first, second = pair.right
            wanted = {
                "onlyFirst": first & ~second,
                "onlySecond": ~first & second,
                "bothWrong": ~first & ~second & (pair.decided[0] != pair.decided[1]),
            }
            for name, chosen in wanted.items():
                found = pair.found["lists"][name]
                self.assertEqual(sorted(found), np.flatnonzero(chosen).tolist())
                self.assertTrue(np.all(np.diff(gap[found]) <= 1e-12))
