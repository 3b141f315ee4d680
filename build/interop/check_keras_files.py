"""Files that Keras writes, read by our importer: the same logits as Keras computes."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

from keras_models import application, functional, load_keras, randomize, sequential

IMPORT_LOGITS = pathlib.Path(__file__).parent / "importLogits.ts"
# Of the largest logit.
TOLERANCE = 1e-4
MODELS = {
    "sequential": sequential,
    "functional": functional,
    "MobileNetV2": application("MobileNetV2"),
    "EfficientNetB0": application("EfficientNetB0"),
    "ResNet50": application("ResNet50"),
}
# Of .keras, which has the architecture, and of a file of weights, matched by names and by order.
FORMATS = (".keras", ".h5", ".weights.h5")


def our_logits(folder, path, images, weights=None):
    source, target = folder / "images.f32", folder / "logits.f32"
    images.transpose(0, 3, 1, 2).astype("float32").tofile(source)
    command = [os.environ.get("NORMLAB_INTEROP_NODE", "node"), str(IMPORT_LOGITS), str(path), str(source), str(target)]
    command += [] if weights is None else [str(weights)]
    subprocess.run(command, capture_output=True, text=True, check=True)
    return np.fromfile(target, "float32")


class KerasFiles(unittest.TestCase):
    def setUp(self):
        self.keras = load_keras()

    def check(self, name):
        rng = np.random.default_rng(7)
        model = self.reloaded(randomize(self.keras, MODELS[name](self.keras), rng))
        images = rng.uniform(0, 255 if name != "functional" else 1, (2, *model.input_shape[1:])).astype("float32")
        wanted = model.predict(images, verbose=0)
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            for ending in FORMATS:
                with self.subTest(ending):
                    path, weights = self.save(model, folder / f"model{ending}")
                    found = our_logits(folder, path, images, weights).reshape(wanted.shape)
                    error = np.abs(found - wanted).max() / np.abs(wanted).max()
                    self.assertLess(error, TOLERANCE)

    def reloaded(self, model):
        """The model as its file gives it: a Normalization layer keeps constants that are older than its variables."""
        with tempfile.TemporaryDirectory() as place:
            path = pathlib.Path(place) / "model.keras"
            model.save(path)
            return self.keras.models.load_model(path)

    def save(self, model, path):
        """The file with the architecture, and that with the weights where it is another."""
        if not path.name.endswith(".weights.h5"):
            model.save(path)
            return path, None
        model.save_weights(path)
        whole = path.with_name("model.keras")
        return whole, path

    def test_sequential(self):
        self.check("sequential")

    def test_functional(self):
        self.check("functional")

    def test_mobilenet_v2(self):
        self.check("MobileNetV2")

    def test_efficientnet_b0(self):
        self.check("EfficientNetB0")

    def test_resnet50(self):
        self.check("ResNet50")


if __name__ == "__main__":
    unittest.main()
