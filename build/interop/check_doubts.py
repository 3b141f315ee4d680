"""Likely mislabelled images: recomputed from the kept logits by their definition, and by cleanlab where it is installed."""

import importlib.util
import unittest

import numpy as np

from check_evaluation import FOLDER, Outputs

HAS_CLEANLAB = importlib.util.find_spec("cleanlab") is not None
NAMES = sorted(path.stem for path in FOLDER.glob("*.safetensors"))


def confident_classes(shares, labels):
    """The thresholds, and the most probable class of each image that reaches its threshold; -1: none."""
    classes = range(shares.shape[1])
    counted = [labels == k for k in classes]
    thresholds = np.array([shares[own, k].mean() if own.any() else np.inf for k, own in zip(classes, counted)])
    reached = np.where(shares >= thresholds, shares, -1)
    best = reached.argmax(axis=1)
    return np.where(reached.max(axis=1) < 0, -1, best)


class DoubtfulLabels(unittest.TestCase):
    def test_cases(self):
        self.assertGreater(len(NAMES), 0)

    def test_definition(self):
        """Confident learning (arXiv 1911.00068, section 3.1), ranked by the normalized margin."""
        for name in NAMES:
            with self.subTest(name):
                outputs = Outputs(name)
                shares, labels = outputs.shares(), outputs.labels
                images = np.arange(len(labels))
                own = shares[images, labels]
                best = confident_classes(shares, labels)
                doubtful = (best >= 0) & (best != labels) & (shares[images, best] > own)
                others = shares.copy()
                others[images, labels] = -np.inf
                margins = own - others.max(axis=1)
                found = outputs.found["doubtful"]
                self.assertEqual({each["image"] for each in found}, set(images[doubtful]))
                for each in found:
                    self.assertEqual(each["suggested"], best[each["image"]])
                    self.assertAlmostEqual(each["margin"], margins[each["image"]], places=9)
                self.assertEqual(sorted(each["margin"] for each in found), [each["margin"] for each in found])

    @unittest.skipUnless(HAS_CLEANLAB, "cleanlab is not installed")
    def test_cleanlab(self):
        """cleanlab finds the same images, and those whose suggested class is less probable than the label."""
        from cleanlab.filter import find_label_issues

        for name in NAMES:
            with self.subTest(name):
                outputs = Outputs(name)
                shares, labels = outputs.shares(), outputs.labels
                theirs = set(np.flatnonzero(find_label_issues(labels, shares, filter_by="confident_learning")))
                ours = {each["image"] for each in outputs.found["doubtful"]}
                self.assertLessEqual(ours, theirs)
                best = confident_classes(shares, labels)
                for image in theirs - ours:
                    self.assertLessEqual(shares[image, best[image]], shares[image, labels[image]] + 1e-6)


if __name__ == "__main__":
    unittest.main()
