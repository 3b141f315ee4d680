"""The golden numbers of BatchNorm (docs/formats.md, "Conventions") against the real frameworks."""

import os
import unittest

import numpy as np

BATCHES = ([1, 2, 3, 4], [5, 6, 7, 8])
PYTORCH = ((0.25, 1.066667), (0.875, 1.126667))
KERAS_AND_ONNX = ((0.25, 1.025), (0.875, 1.0475))
CUMULATIVE = ((2.5, 1.666667), (4.5, 1.666667))
# Mean, biased and unbiased variance of each batch, and of both pooled.
BATCH_STATISTICS = ((2.5, 1.25, 1.666667), (6.5, 1.25, 1.666667), (4.5, 5.25, 6.0))
# Mean, variance and scale factor as stored by Caffe, then the values that they represent.
CAFFE_BLOBS = ((2.5, 1.666667, 1.0), (8.75, 3.166667, 1.9))
CAFFE_REAL = ((2.5, 1.666667), (4.605263, 1.666667))
FROZEN = {1e-5: 2.619741, 1e-3: 2.618811}


def assert_close(test, actual, wanted):
    np.testing.assert_allclose(np.array(actual, "float64"), wanted, atol=2e-6)


def pooled(values):
    return values.mean().item(), values.var(unbiased=False).item(), values.var().item()


def steps_until_one_percent(decay):
    steps = 0
    while decay**steps >= 0.01:
        steps += 1
    return steps


class ByHand(unittest.TestCase):
    def test_caffe(self):
        """caffe/src/caffe/layers/batch_norm_layer.cpp: the scale factor is a blob of its own, the variance unbiased."""
        mean = variance = scale = 0.0
        for batch, blobs, real in zip(BATCHES, CAFFE_BLOBS, CAFFE_REAL):
            values = np.array(batch, "float64")
            scale = scale * 0.9 + 1
            mean = mean * 0.9 + values.mean()
            variance = variance * 0.9 + values.var() * len(values) / (len(values) - 1)
            assert_close(self, [mean, variance, scale], blobs)
            assert_close(self, [mean / scale, variance / scale], real)

    def test_steps_until_the_first_value_weighs_under_one_percent(self):
        self.assertEqual([steps_until_one_percent(decay) for decay in (0.9, 0.99, 0.999)], [44, 459, 4603])


class PyTorch(unittest.TestCase):
    def setUp(self):
        import torch
        self.torch = torch

    def test_running_statistics(self):
        norm = self.torch.nn.BatchNorm1d(1, momentum=0.1)
        for batch, wanted in zip(BATCHES, PYTORCH):
            norm(self.torch.tensor(batch, dtype=self.torch.float32).view(-1, 1))
            assert_close(self, [norm.running_mean.item(), norm.running_var.item()], wanted)

    def test_cumulative_average(self):
        norm = self.torch.nn.BatchNorm1d(1, momentum=None)
        for batch, wanted in zip(BATCHES, CUMULATIVE):
            norm(self.torch.tensor(batch, dtype=self.torch.float32).view(-1, 1))
            assert_close(self, [norm.running_mean.item(), norm.running_var.item()], wanted)

    def test_batch_statistics(self):
        values = self.torch.tensor(BATCHES, dtype=self.torch.float64)
        rows = [(row.mean().item(), row.var(unbiased=False).item(), row.var().item()) for row in values]
        for row, wanted in zip([*rows, pooled(values.flatten())], BATCH_STATISTICS):
            assert_close(self, row, wanted)

    def test_frozen_output(self):
        for epsilon, wanted in FROZEN.items():
            norm = self.torch.nn.BatchNorm1d(1, eps=epsilon).eval()
            for name, value in (("running_mean", 0.875), ("running_var", 1.1266666), ("weight", 2), ("bias", 0.5)):
                getattr(norm, name).data.fill_(value)
            assert_close(self, norm(self.torch.tensor([[2.0]])).item(), wanted)


class Keras(unittest.TestCase):
    def setUp(self):
        os.environ["KERAS_BACKEND"] = "numpy"
        import keras
        self.norm = keras.layers.BatchNormalization(momentum=0.9)

    def test_moving_statistics(self):
        self.norm.build((None, 1))
        for batch, wanted in zip(BATCHES, KERAS_AND_ONNX):
            self.norm(np.array(batch, "float32").reshape(-1, 1), training=True)
            assert_close(self, [self.norm.moving_mean[0], self.norm.moving_variance[0]], wanted)

    def test_epsilon_default(self):
        self.assertEqual(self.norm.epsilon, 1e-3)

    def test_frozen_output(self):
        import keras

        for epsilon, wanted in FROZEN.items():
            norm = keras.layers.BatchNormalization(epsilon=epsilon)
            norm.build((None, 1))
            norm.set_weights([np.array([value], "float32") for value in (2, 0.5, 0.875, 1.1266666)])
            assert_close(self, norm(np.array([[2.0]], "float32"), training=False)[0, 0], wanted)


class Onnx(unittest.TestCase):
    def test_frozen_output(self):
        """ONNX Runtime itself; the training mode below is refused by builds other than its training builds."""
        import onnxruntime
        from onnx import TensorProto, helper

        names = ["x", "scale", "b", "mean", "var"]
        values = dict(zip(names, (2.0, 2.0, 0.5, 0.875, 1.1266666)))
        feed = {name: np.full([1, 1] if name == "x" else [1], value, "float32") for name, value in values.items()}
        inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, feed[name].shape) for name in names]
        outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1])]
        for epsilon, wanted in FROZEN.items():
            node = helper.make_node("BatchNormalization", names, ["y"], epsilon=epsilon)
            graph = helper.make_graph([node], "bn", inputs, outputs)
            model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
            session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
            assert_close(self, session.run(["y"], feed)[0][0, 0], wanted)

    def test_running_statistics(self):
        """Opset 15 and later store the biased variance; momentum is the weight of the old value."""
        from onnx import TensorProto, helper
        from onnx.reference import ReferenceEvaluator

        names = ["x", "scale", "b", "mean", "var"]
        node = helper.make_node(
            "BatchNormalization", names, ["y", "new_mean", "new_var"], training_mode=1, momentum=0.9
        )
        inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names]
        outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in node.output]
        graph = helper.make_graph([node], "bn", inputs, outputs)
        evaluator = ReferenceEvaluator(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]))
        mean, var = np.zeros(1, "float32"), np.ones(1, "float32")
        for batch, wanted in zip(BATCHES, KERAS_AND_ONNX):
            x = np.array(batch, "float32").reshape(-1, 1)
            feed = {"x": x, "scale": np.ones(1, "float32"), "b": np.zeros(1, "float32"), "mean": mean, "var": var}
            _, mean, var = evaluator.run(None, feed)
            assert_close(self, [mean[0], var[0]], wanted)
