"""Folders for Keras: model.keras and model.weights.h5 load in Keras, and both networks return the same logits."""

import functools
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

import numpy as np

from cases import CASES, FEW, Case, each_case
from keras_models import load_keras
from measured import measure
from predictions import assert_predictions, write_images

keras = load_keras()
from safetensors.numpy import load_file


# Keras's name of each field of a BatchNorm.
FIELDS = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def module_at(file):
    spec = importlib.util.spec_from_file_location(f"keras_bundle_{file.stem}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bundle:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.manifest = json.loads((self.folder / "normlab.json").read_text("utf-8"))

    def whole(self):
        return whole_model(self.folder)

    def built(self):
        return built_model(self.folder)

    def blocks(self):
        """The blocks of the project, by id."""
        with zipfile.ZipFile(self.folder / "model.keras") as archive:
            metadata = json.loads(archive.read("metadata.json"))
        return json.loads(metadata["normlab.project"])["graph"]["nodes"]

    def normalized(self, images):
        """Bytes [N, H, W, C] to the input of the network."""
        facts = self.manifest["preprocessing"]
        images = images[..., ::-1] if facts["colour"] == "BGR" else images
        mean, deviation = (np.array(facts[key], "float32") for key in ("mean_bytes", "deviation_bytes"))
        return (images.astype("float32") - mean) / deviation


@functools.lru_cache(maxsize=1)
def whole_model(folder):
    """The tests of a case follow each other, so one model is kept; nothing may change it."""
    return keras.saving.load_model(folder / "model.keras")


@functools.lru_cache(maxsize=1)
def built_model(folder):
    return module_at(folder / "model.py").load_network()


def logits_of(model, images):
    return np.asarray(keras.ops.convert_to_numpy(model(images, training=False)))


def batch_norms(model):
    return {each.name: each for each in model.layers if isinstance(each, keras.layers.BatchNormalization)}


@each_case("keras")
class KerasBundle(unittest.TestCase):
    def bundle(self, case, variant):
        return Bundle(case.path(variant, "keras"))

    def check_logits(self, case, variant):
        bundle = self.bundle(case, variant)
        images = bundle.normalized(case.images)
        for model in (bundle.whole(), bundle.built()):
            case.assert_logits(self, logits_of(model, images), f"Keras on {keras.backend.backend()}")

    def check_names(self, case, variant):
        manifest = self.bundle(case, variant).manifest
        self.assertEqual(manifest["class_names"], case.facts["classNames"])
        self.assertEqual(manifest["project_name"], case.facts["projectName"])

    def check_golden(self, case, variant):
        bundle = self.bundle(case, variant)
        golden = load_file(bundle.folder / bundle.manifest["golden"]["file"])
        logits = logits_of(bundle.whole(), bundle.normalized(golden["images"]))
        self.assertLessEqual(float(np.abs(logits - golden["logits"]).max()), bundle.manifest["golden"]["tolerance"])

    def check_same_model(self, case, variant):
        """The source text builds the model that config.json describes, with the same variables in the same order."""
        bundle = self.bundle(case, variant)
        whole, built = bundle.whole(), bundle.built()
        listed = [[(each.name, type(each)) for each in model.layers] for model in (whole, built)]
        self.assertEqual(*listed)
        for one, other in zip(whole.weights, built.weights, strict=True):
            self.assertEqual((one.path, one.shape, one.trainable), (other.path, other.shape, other.trainable))
            np.testing.assert_array_equal(*(keras.ops.convert_to_numpy(each) for each in (one, other)))

    def check_batch_norm(self, case, variant):
        bundle = self.bundle(case, variant)
        facts = bundle.manifest["batch_norm"]
        folding = bundle.manifest.get("folding", {})
        kept = {
            bundle.manifest["modules"][block]: facts[block]
            for block in facts
            if folding.get(block, {}).get("into") is None
        }
        found = batch_norms(bundle.whole())
        self.assertEqual(set(found), set(kept))
        blocks = bundle.blocks()
        params = {bundle.manifest["modules"][block]: blocks[block]["params"] for block in facts if block in blocks}
        for name, layer in found.items():
            self.assertAlmostEqual(layer.epsilon, kept[name]["epsilon"], delta=1e-12)
            # A layer that is not trainable keeps its statistics anyway.
            keeps = layer.trainable and not params[name]["updateStatistics"]
            self.assertAlmostEqual(layer.momentum, 1 if keeps else kept[name]["decay"], delta=1e-12)
            self.assertEqual(layer.renorm, kept[name]["renormalization"] is not None)

    def check_batch_norm_bytes(self, case, variant):
        """Gamma, beta and statistics are those of the lab; behind a Flatten in the order of Keras."""
        bundle = self.bundle(case, variant)
        blocks = {module: block for block, module in bundle.manifest["modules"].items()}
        wanted = case.tensors(variant)
        for name, layer in batch_norms(bundle.whole()).items():
            for variable in layer.variables:
                if variable.name not in FIELDS:
                    continue
                field = f"{blocks[name]}.{FIELDS[variable.name]}"
                held = np.asarray(keras.ops.convert_to_numpy(variable))
                if layer.input.ndim == 2 and held.tobytes() != wanted[field].tobytes():
                    held, wanted[field] = np.sort(held), np.sort(wanted[field])
                self.assertEqual((held.dtype, held.tobytes()), (np.dtype("float32"), wanted[field].tobytes()), field)
                measure("Keras, tensors of BatchNorm, bytes that differ", 0)

    def check_training_step(self, case, variant):
        """One step of SGD: the loss and all variables stay finite, and the statistics move."""
        bundle = self.bundle(case, variant)
        model = bundle.whole()
        whole_model.cache_clear()
        before = [keras.ops.convert_to_numpy(each.moving_mean).copy() for each in batch_norms(model).values()]
        classes = case.logits.shape[1]
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        loss = loss if classes > 1 else keras.losses.BinaryCrossentropy(True)
        # Compiling takes longer than the step.
        eager = keras.backend.backend() == "tensorflow"
        model.compile(keras.optimizers.SGD(1e-4), loss=loss, run_eagerly=eager, jit_compile=False)
        images = bundle.normalized(case.images[: len(case.exact)])
        labels = np.arange(len(images)) % max(classes, 2)
        self.assertTrue(np.isfinite(model.train_on_batch(images, labels)))
        for each in model.variables:
            self.assertTrue(np.isfinite(keras.ops.convert_to_numpy(each).astype("float64")).all(), each.path)
        for mean, layer in zip(before, batch_norms(model).values(), strict=True):
            moved = np.abs(keras.ops.convert_to_numpy(layer.moving_mean) - mean).max() > 0
            self.assertEqual(moved, layer.trainable and layer.momentum < 1)


PREDICTIONS = pathlib.Path(os.environ["NORMLAB_INTEROP_PREDICTIONS"])


class KerasPredict(unittest.TestCase):
    def folders(self):
        return sorted(PREDICTIONS.glob("*-keras"))

    def run_predict(self, folder, *arguments):
        command = [sys.executable, str(folder / "predict.py"), *arguments]
        environment = {**os.environ, "KERAS_BACKEND": keras.backend.backend()}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    def test_probabilities(self):
        self.assertEqual(len(self.folders()), 11)
        for folder in self.folders()[: 2 if FEW else None]:
            expected = json.loads((PREDICTIONS / f"{folder.name.removesuffix('-keras')}.json").read_text("utf-8"))
            done = self.run_predict(folder, "--json", "--batch-size", "3", *(each["file"] for each in expected))
            self.assertEqual(done.returncode, 0, done.stderr)
            classes = json.loads((folder / "normlab.json").read_text("utf-8"))["class_names"]
            for line, each in zip(done.stdout.splitlines(), expected, strict=True):
                shares = dict(json.loads(line)["probabilities"])
                for name, wanted in zip(classes, each["probabilities"], strict=True):
                    self.assertAlmostEqual(shares[name], wanted, delta=1e-4, msg=f"{folder.name} {each['file']}")

    def test_check(self):
        done = self.run_predict(self.folders()[0], "--check")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_colors_of_16_bits_are_refused_where_a_range_needs_them(self):
        name = str(PREDICTIONS / "images" / "color16.png")
        folder = PREDICTIONS / "deep-ranges-3-keras"
        done = self.run_predict(folder, name)
        self.assertEqual(done.returncode, 1)
        self.assertIn("color16.png: Pillow reads only the high bytes", done.stderr)

    def test_hostile_names(self):
        case = Case(CASES / "hostile-names")
        with tempfile.TemporaryDirectory() as place:
            files = write_images(case, pathlib.Path(place))
            done = self.run_predict(pathlib.Path(case.path("plain", "keras")), "--json", "--top", "99", *files)
        assert_predictions(self, case, done)
