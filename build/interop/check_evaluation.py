"""Figures of evaluations: every number recomputed from the kept logits by scikit-learn, SciPy and NumPy."""

import json
import os
import pathlib
import unittest

import numpy as np
from safetensors.numpy import load_file
from scipy import optimize, special, stats
from sklearn import metrics
from sklearn.calibration import calibration_curve

FOLDER = pathlib.Path(os.environ["NORMLAB_INTEROP_EVALUATIONS"])
BINS = 15
Z = 1.959964
REPLICATES = 1000
RATES = ("precision", "recall", "f1")


class Outputs:
    """The logits of one evaluation, and what follows from them without NormLab."""

    def __init__(self, name):
        self.found = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        tensors = load_file(FOLDER / f"{name}.safetensors")
        self.files = json.loads(tensors["files"].tobytes().decode("utf-8"))
        self.digests = tensors["digests"]
        self.logits = tensors["logits"].astype("float64")
        self.labels = tensors["labels"]
        self.figures = self.found["figures"]
        self.classes = self.found["classes"]
        self.readout = self.found["readout"]
        z = self.logits
        self.is_single = z.shape[1] == 1
        if self.readout == "softmax":
            self.probabilities = special.softmax(z, axis=1)
        elif self.readout == "clip":
            self.probabilities = np.clip(z, 0, 1)
        elif self.is_single:
            self.probabilities = np.hstack([special.expit(-z), special.expit(z)])
        else:
            self.probabilities = special.expit(z)
        self.decided = (z[:, 0] > 0).astype(int) if self.is_single else z.argmax(axis=1)
        self.confidence = self.probabilities[np.arange(len(z)), self.decided]
        self.right = self.decided == self.labels

    def shares(self):
        """Probabilities that sum to 1."""
        sums = self.probabilities.sum(axis=1, keepdims=True)
        uniform = 1 / self.classes
        return np.where(sums > 0, self.probabilities / np.where(sums > 0, sums, 1), uniform)

    def log_losses(self):
        own = self.shares()[np.arange(len(self.labels)), self.labels]
        return -np.log(np.maximum(own, np.finfo("float64").eps))

    def loss_at(self, scale):
        z = scale * self.logits
        if self.readout == "softmax":
            return float(np.mean(special.logsumexp(z, axis=1) - z[np.arange(len(z)), self.labels]))
        targets = self.labels[:, None] == (1 if self.is_single else np.arange(self.classes))
        return float(np.mean((np.logaddexp(0, z) - targets * z).sum(axis=1)))


NAMES = sorted(file.stem for file in FOLDER.glob("*.json"))


def value_of(estimate):
    return None if estimate is None else estimate["value"]


class Evaluations(unittest.TestCase):
    def each(self):
        return map(Outputs, NAMES)

    def close(self, found, wanted, rtol=1e-10):
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=1e-14)

    def test_file(self):
        self.assertGreaterEqual(len(NAMES), 6)
        for outputs in self.each():
            count = len(outputs.labels)
            self.assertEqual(outputs.digests.shape, (count, 20))
            self.assertEqual(outputs.files, [f"class {label}/é {at}.png" for at, label in enumerate(outputs.labels)])

    def test_counts_and_rates(self):
        for outputs in self.each():
            labels, decided, figures = outputs.labels, outputs.decided, outputs.figures
            names = list(range(outputs.classes))
            matrix = metrics.confusion_matrix(labels, decided, labels=names)
            np.testing.assert_array_equal(outputs.found["confusion"], matrix)
            rates = metrics.precision_recall_fscore_support(labels, decided, labels=names, zero_division=np.nan)
            for column, name in enumerate(RATES):
                ours = [np.nan if each[name] is None else each[name]["value"] for each in figures["perClass"]]
                self.close(ours, rates[column])
            for average in ("macro", "weighted"):
                wanted = metrics.precision_recall_fscore_support(labels, decided, average=average, zero_division=0)
                self.close([figures[average][name]["value"] for name in RATES], wanted[:3])
            self.close(figures["accuracy"]["value"], metrics.accuracy_score(labels, decided))
            self.close(figures["balancedAccuracy"]["value"], np.nanmean(np.diag(matrix)[matrix.sum(1) > 0] / matrix.sum(1)[matrix.sum(1) > 0]))

    def test_wilson_intervals(self):
        for outputs in self.each():
            shares = [(outputs.figures["accuracy"], outputs.right.sum(), len(outputs.labels))]
            for each in outputs.figures["perClass"]:
                shares += [(each["precision"], each["correct"], each["decided"]), (each["recall"], each["correct"], each["support"])]
            for estimate, hits, count in shares:
                if count == 0:
                    self.assertIsNone(estimate)
                    continue
                wanted = stats.binomtest(int(hits), int(count)).proportion_ci(0.95, method="wilson")
                self.assertEqual(estimate["method"], "wilson")
                np.testing.assert_allclose([estimate["interval"]["low"], estimate["interval"]["high"]], wanted, atol=1e-7)

    def test_top_k(self):
        for outputs in self.each():
            for each in outputs.figures["topK"]:
                k = each["k"]
                if outputs.classes == 2:
                    wanted = outputs.right.mean() if k == 1 else 1
                elif k >= outputs.classes:
                    wanted = 1
                else:
                    wanted = metrics.top_k_accuracy_score(outputs.labels, outputs.logits, k=k, labels=range(outputs.classes))
                self.close(each["accuracy"]["value"], wanted)

    def test_log_loss(self):
        for outputs in self.each():
            found = value_of(outputs.figures["logLoss"])
            self.close(found, outputs.log_losses().mean())
            self.close(found, metrics.log_loss(outputs.labels, outputs.shares(), labels=range(outputs.classes)))

    def test_roc_auc(self):
        for outputs in self.each():
            found = outputs.figures["rocAuc"]
            if outputs.classes != 2:
                self.assertIsNone(found)
                continue
            z = outputs.logits
            scores = z[:, 0] if outputs.is_single else z[:, 1] - z[:, 0]
            self.close(found["value"], metrics.roc_auc_score(outputs.labels, scores))
            positive, negative = scores[outputs.labels == 1], scores[outputs.labels == 0]
            self.assertLess(len(np.unique(scores)), len(scores))
            wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
            variance = wins.mean(1).var(ddof=1) / len(positive) + wins.mean(0).var(ddof=1) / len(negative)
            reach = Z * np.sqrt(variance)
            self.assertEqual(found["method"], "delong")
            self.close([found["interval"]["low"], found["interval"]["high"]], [wins.mean() - reach, wins.mean() + reach])

    def test_calibration(self):
        for outputs in self.each():
            found = outputs.figures["calibration"]
            edges = np.linspace(0, 1, BINS + 1)
            index = np.searchsorted(edges[1:-1], outputs.confidence)
            bins = [(outputs.right[index == at], outputs.confidence[index == at]) for at in range(BINS)]
            self.assertEqual([each["images"] for each in found["bins"]], [len(right) for right, _ in bins])
            gaps = np.array([abs(right.mean() - sure.mean()) if len(right) else 0 for right, sure in bins])
            sizes = np.array([len(right) for right, _ in bins])
            self.close(found["expectedError"]["value"], (gaps * sizes).sum() / len(outputs.labels))
            self.close(found["maximumError"], gaps.max())
            accuracy, confidence = calibration_curve(outputs.right, outputs.confidence, n_bins=BINS)
            filled = [each for each in found["bins"] if each["images"] > 0]
            self.close([each["accuracy"]["value"] for each in filled], accuracy)
            self.close([each["confidence"] for each in filled], confidence)

    def test_temperature(self):
        for outputs in self.each():
            found = outputs.figures["calibration"]["temperature"]
            if outputs.readout == "clip":
                self.assertIsNone(found)
                continue
            best = optimize.minimize_scalar(outputs.loss_at, bounds=(0.01, 100), method="bounded", options={"xatol": 1e-12})
            self.close(found["value"], 1 / best.x, rtol=1e-5)
            self.close(found["before"], outputs.loss_at(1))
            self.close(found["after"], best.fun)
            self.assertLessEqual(found["after"], best.fun + 1e-13)

    def test_bootstrap(self):
        """Other random numbers: the bounds agree as far as a thousand samples determine them."""
        for outputs in self.each():
            random = np.random.default_rng(0)
            labels, decided, count = outputs.labels, outputs.decided, len(outputs.labels)
            losses, hits = outputs.log_losses(), outputs.right.astype("float64")
            rows = []
            for _ in range(REPLICATES):
                drawn = random.integers(0, count, count)
                if outputs.classes > 20:
                    rows.append((losses[drawn].mean(), hits[drawn].mean()))
                    continue
                macro = metrics.f1_score(labels[drawn], decided[drawn], average="macro", zero_division=0)
                rows.append((losses[drawn].mean(), hits[drawn].mean(), macro))
            figures = outputs.figures
            found = [figures["logLoss"], figures["weighted"]["recall"], figures["macro"]["f1"]]
            for estimate, column in zip(found, np.array(rows).T):
                self.assertEqual(estimate["method"], "bootstrap")
                bounds = [estimate["interval"]["low"], estimate["interval"]["high"]]
                np.testing.assert_allclose(bounds, np.quantile(column, [0.025, 0.975]), atol=0.5 * column.std())

    def test_orders(self):
        for outputs in self.each():
            orders, losses = outputs.found["orders"], outputs.log_losses()
            self.assertEqual(sorted(orders["wrong"]), np.flatnonzero(~outputs.right).tolist())
            self.assertEqual(sorted(orders["sure"]), np.flatnonzero(outputs.right).tolist())
            self.assertEqual(sorted(orders["unsure"]), list(range(len(outputs.labels))))
            self.assertTrue(np.all(np.diff(losses[orders["wrong"]]) <= 1e-12))
            self.assertTrue(np.all(np.diff(losses[orders["sure"]]) >= -1e-12))
            self.assertTrue(np.all(np.diff(outputs.confidence[orders["unsure"]]) >= -1e-12))

    def test_pages(self):
        """The images as the screen gets them from the host."""
        for outputs in self.each():
            z, count = outputs.logits, len(outputs.labels)
            both = np.hstack([np.zeros_like(z), z]) if outputs.is_single else z
            ranked = np.argsort(-both, axis=1, kind="stable")
            rank = np.argmax(ranked == outputs.labels[:, None], axis=1)
            losses = outputs.log_losses()
            for order, images in outputs.found["orders"].items():
                page = outputs.found["pages"][order]
                self.assertEqual([each["image"] for each in page], images)
                self.assertEqual([each["file"] for each in page], [outputs.files[image] for image in images])
                for name, wanted in (("truth", outputs.labels), ("decided", outputs.decided), ("rank", rank)):
                    np.testing.assert_array_equal([each[name] for each in page], wanted[images])
                self.close([each["confidence"] for each in page], outputs.confidence[images])
                self.close([each["logLoss"] for each in page], losses[images])
                top = min(5, outputs.classes)
                classes = np.array([[one["class"] for one in each["top"]] for each in page])
                np.testing.assert_array_equal(classes, ranked[images, :top])
                shown = [[one["probability"] for one in each["top"]] for each in page]
                self.close(shown, np.take_along_axis(outputs.probabilities, ranked, axis=1)[images, :top])
            self.assertEqual(len(outputs.found["pages"]["unsure"]), count)

    def test_two_networks(self):
        methods = set()
        for outputs in self.each():
            compared, second = outputs.found["compared"], np.array(outputs.found["second"])
            first_right, second_right = outputs.right, second == outputs.labels
            only_first, only_second = int((first_right & ~second_right).sum()), int((~first_right & second_right).sum())
            self.assertEqual((compared["onlyFirst"], compared["onlySecond"]), (only_first, only_second))
            self.assertEqual(compared["both"], int((first_right & second_right).sum()))
            self.close(compared["agreement"]["value"], (outputs.decided == second).mean())
            matrix = metrics.confusion_matrix(outputs.decided, second, labels=list(range(outputs.classes)))
            np.testing.assert_array_equal(outputs.found["matrix"], matrix)
            test, discordant = compared["mcnemar"], only_first + only_second
            methods.add(test["method"])
            if test["method"] == "exact":
                self.assertLess(discordant, 25)
                wanted = stats.binomtest(min(only_first, only_second), discordant).pvalue
            else:
                wanted = stats.chi2.sf(max(0, abs(only_first - only_second) - 1) ** 2 / discordant, 1)
            self.close(test["pValue"], wanted, rtol=1e-9)
        self.assertIn("corrected", methods)
