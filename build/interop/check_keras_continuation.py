"""
The exported Keras model trains one more epoch with the losses and the statistics of the lab's own continuation. Keras
stores the biased variance, so the lab's network does so too.
"""

import unittest

import numpy as np

from continuation import Continuation, names
from keras_models import load_keras
from measured import measure

keras = load_keras()


def optimizer_of(continuation):
    if continuation.settings["optimizer"] == "sgd":
        return keras.optimizers.SGD(continuation.rate, momentum=float(continuation.settings["momentum"]))
    return keras.optimizers.Adam(continuation.rate, epsilon=float(continuation.settings["epsilon"]))


def statistics_of(model, block):
    layer = model.get_layer(block)
    values = {"mean": layer.moving_mean, "variance": layer.moving_variance}
    return {field: np.array(keras.ops.convert_to_numpy(value)) for field, value in values.items()}


class KerasContinuation(unittest.TestCase):
    def check(self, name):
        continuation = Continuation(name)
        model = keras.saving.load_model(continuation.bundle / "model.keras")
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer_of(continuation), loss=loss, jit_compile=False)
        before = {block: statistics_of(model, block) for block in ("bn1", "bn2", "bn3")}
        losses = []
        for images, labels in continuation.batches():
            # The mean over the steps since the last reset.
            model.reset_metrics()
            losses.append(float(model.train_on_batch(images, labels)))
        continuation.assert_losses(self, losses, measure)
        for block, old in before.items():
            for field, after in statistics_of(model, block).items():
                continuation.assert_statistics(self, f"{block}.{field}", old[field], after, measure)

    def test_sgd(self):
        self.check("keras-sgd")

    def test_adam(self):
        self.check("keras-adam")

    def test_every_continuation(self):
        self.assertEqual(names("keras"), ["keras-adam", "keras-sgd"])
