"""Folders for Caffe: OpenCV runs deploy.prototxt with the weights and has the logits of the reference backend."""

import json
import pathlib
import re
import unittest

import numpy as np
from safetensors.numpy import load_file

from cases import each_case, written_cases

import cv2

# Relative to the largest logit.
TOLERANCE = 1e-4


def logits_of(folder, images):
    """Logits and probabilities of bytes [N, H, W, C], RGB or grey."""
    net = cv2.dnn.readNetFromCaffe(str(folder / "deploy.prototxt"), str(folder / "weights.caffemodel"))
    net.enableFusion(False)
    net.setInput(np.ascontiguousarray(images[..., ::-1].transpose(0, 3, 1, 2)).astype("float32"), "data")
    text = (folder / "deploy.prototxt").read_text("utf-8")
    logits = text[text.rindex("bottom: \"") + 9 :].split("\"")[0]
    return [np.array(each).reshape(len(images), -1) for each in net.forward([logits, "prob"])]


def difference(found, wanted):
    return float(np.abs(found - wanted).max()) / max(1.0, float(np.abs(wanted).max()))


@each_case("caffe")
class CaffeFolder(unittest.TestCase):
    def folder(self, case, variant):
        return pathlib.Path(case.path(variant, "caffe"))

    def check_logits(self, case, variant):
        logits, probabilities = logits_of(self.folder(case, variant), case.images)
        case.assert_logits(self, logits, "Caffe in OpenCV")
        if case.logits.shape[1] > 1:
            powers = np.exp(case.logits - case.logits.max(1, keepdims=True))
            np.testing.assert_allclose(probabilities, powers / powers.sum(1, keepdims=True), atol=1e-4)

    def check_golden(self, case, variant):
        folder = self.folder(case, variant)
        golden = load_file(folder / "golden.safetensors")
        logits, _ = logits_of(folder, golden["images"])
        self.assertLessEqual(difference(logits, golden["logits"]), TOLERANCE)

    def check_batch_norm(self, case, variant):
        """Mean and variance as OpenCV reads them are those of the lab, and a scale factor of 1; eps and the decay too."""
        folder = self.folder(case, variant)
        manifest = json.loads((folder / "normlab.json").read_text("utf-8"))
        net = cv2.dnn.readNetFromCaffe(str(folder / "deploy.prototxt"), str(folder / "weights.caffemodel"))
        folding, tensors = manifest.get("folding", {}), case.tensors(variant)
        text = (folder / "train_val.prototxt").read_text("utf-8")
        for block, facts in manifest["batch_norm"].items():
            if folding.get(block, {}).get("into") is not None:
                continue
            name = manifest["modules"][block]
            for at, field in enumerate(("running_mean", "running_var")):
                case.assert_bytes(self, variant, f"{block}.{field}", net.getParam(name, at).ravel(), "Caffe in OpenCV")
            layer = text[text.index(f'name: "{name}"') :]
            layer = layer[: layer.find("\nlayer {")]
            self.assertAlmostEqual(float(re.search(r"\beps: (\S+)", layer)[1]), facts["epsilon"], delta=1e-9)
            self.assertIn(f"{block}.weight", tensors)

    def check_manifest(self, case, variant):
        folder = self.folder(case, variant)
        manifest = json.loads((folder / "normlab.json").read_text("utf-8"))
        self.assertEqual(manifest["target"], "caffe")
        self.assertEqual(manifest["class_names"], case.facts["classNames"])
        # One line for each class, also for programs that take other characters for the end of a line.
        labels = [re.sub("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", " ", name) for name in case.facts["classNames"]]
        with open(folder / "labels.txt", encoding="utf-8", newline="") as file:
            text = file.read()
        self.assertEqual(text, "".join(f"{label}\n" for label in labels))
        self.assertEqual(text.splitlines(), labels)
        facts = manifest["preprocessing"]
        if facts["channels"] == 3:
            self.assertEqual(facts["colour"], "BGR")
        mean = case.facts["mean"][:: -1 if facts.get("network_colour") == "RGB" else 1]
        self.assertEqual(facts["mean_bytes"], mean)


class Coverage(unittest.TestCase):
    def test_enough_networks(self):
        names = {folder.name for folder in written_cases("caffe")}
        self.assertLessEqual({"every-caffe-block", "every-fold-case", "mnist-cnn-bn", "vgg-bn", "resnet20"}, names)
