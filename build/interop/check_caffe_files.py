"""Models of Caffe: our reader's networks have the logits of OpenCV, which runs them by a reader of its own."""

import pathlib
import tempfile
import unittest

import numpy as np

from caffe_net import CaffeNet
from foreign_files import logits_of_ours

import cv2

# Relative to the largest logit.
TOLERANCE = 1e-4


def lenet():
    net = CaffeNet((1, 28, 28))
    net.conv("conv1", 1, 20, 5, bias=True)
    net.pool("pool1", pool="MAX", kernel_size=2, stride=2)
    net.conv("conv2", 20, 50, 5, bias=True)
    net.pool("pool2", pool="MAX", kernel_size=2, stride=2)
    net.dense("ip1", 50 * 4 * 4, 100)
    net.relu("relu1")
    net.add("drop", "Dropout", in_place=True, dropout_param={"dropout_ratio": 0.5})
    net.dense("ip2", 100, 10)
    return net


def residual(net, name, channels, filters, stride):
    source = net.last
    if stride != 1 or channels != filters:
        net.conv(f"{name}_branch1", channels, filters, 1, source, stride=stride)
        net.norm(f"{name}_branch1", filters)
    shortcut = net.last
    net.conv(f"{name}_branch2a", channels, filters, 3, source, stride=stride, pad=1)
    net.norm(f"{name}_branch2a", filters)
    net.relu(f"{name}_branch2a_relu")
    net.conv(f"{name}_branch2b", filters, filters, 3, pad=1)
    branch = net.norm(f"{name}_branch2b", filters)
    net.add(name, "Eltwise", [shortcut, branch])
    net.relu(f"{name}_relu")


def resnet18():
    net = CaffeNet((3, 64, 64))
    net.conv("conv1", 3, 64, 7, stride=2, pad=3)
    net.norm("conv1", 64)
    net.relu("conv1_relu")
    net.pool("pool1", pool="MAX", kernel_size=3, stride=2)
    channels = 64
    for stage, filters in enumerate([64, 128, 256, 512]):
        for block in "ab":
            stride = 2 if stage > 0 and block == "a" else 1
            residual(net, f"res{stage + 2}{block}", channels, filters, stride)
            channels = filters
    net.pool("pool5", pool="AVE", global_pooling=True)
    net.dense("fc", 512, 10)
    return net


def inception():
    """Concat, pooling rounded up with and without padding, means of padded windows, and layers of their own kinds."""
    net = CaffeNet((3, 62, 58))
    net.conv("conv1/3x3_s2", 3, 16, 3, bias=True, stride=2, pad=1)
    net.relu("conv1/relu", negative_slope=0.1)
    net.pool("pool1/3x3_s2", pool="MAX", kernel_size=3, stride=2, pad=1)
    for index, name in enumerate(["3a", "3b"]):
        source, channels = net.last, 16 if index == 0 else 40
        tops = [net.conv(f"{name}/1x1", channels, 8, 1, source, bias=True)]
        net.conv(f"{name}/3x3_reduce", channels, 8, 1, source, bias=True)
        tops.append(net.conv(f"{name}/3x3", 8, 16, 3, bias=True, pad=2, dilation=2))
        net.pool(f"{name}/pool", source, pool="MAX", kernel_size=3, stride=1, pad=1)
        tops.append(net.conv(f"{name}/pool_proj", channels, 8, 1, bias=True))
        net.pool(f"{name}/mean", source, pool="AVE", kernel_size=3, stride=1, pad=1)
        tops.append(net.conv(f"{name}/mean_proj", channels, 8, 1, bias=True))
        net.add(f"{name}/output", "Concat", tops)
        net.relu(f"{name}/relu")
    net.pool("pool2", pool="AVE", kernel_size=3, stride=2, pad=1)
    net.pool("pool3", pool="MAX", kernel_size=2, stride=2)
    net.dense("classifier", 40 * 5 * 4, 7)
    net.add("prob", "Softmax")
    return net


def mobilenet():
    net = CaffeNet((3, 64, 64))
    net.conv("conv1", 3, 16, 3, stride=2, pad=1)
    net.norm("conv1", 16, eps=1e-3)
    net.relu("relu1")
    channels = 16
    for index, filters in enumerate([32, 32, 64, 64]):
        net.conv(f"conv{index + 2}/dw", channels, channels, 3, group=channels, pad=1, stride=1 + index % 2)
        net.norm(f"conv{index + 2}/dw", channels)
        net.relu(f"relu{index + 2}/dw")
        net.conv(f"conv{index + 2}/sep", channels, filters, 1)
        net.norm(f"conv{index + 2}/sep", filters, scale=index != 1)
        slopes = [net.rng.uniform(0, 0.5, filters)]
        net.add(f"relu{index + 2}/sep", "PReLU", in_place=True, blobs=slopes)
        channels = filters
    net.conv("grouped", 64, 32, 3, group=4, bias=True)
    net.add("sigmoid", "Sigmoid")
    net.add("elu", "ELU", ["grouped"], elu_param={"alpha": 0.7})
    net.add("product", "Eltwise", ["sigmoid", "elu"], eltwise_param={"operation": "PROD"})
    net.add("tanh", "TanH")
    net.pool("pool6", pool="AVE", global_pooling=True)
    net.conv("fc7", 32, 10, 1, bias=True)
    net.add("flat", "Flatten")
    return net


class CaffeFiles(unittest.TestCase):
    def check(self, name, net, kinds, is_old=False, output=None):
        images = np.random.default_rng(3).normal(0, 1, (2, *net.shape)).astype("float32")
        with tempfile.TemporaryDirectory() as folder:
            text, weights = (pathlib.Path(folder) / each for each in ("deploy.prototxt", "net.caffemodel"))
            text.write_text(net.text(is_old))
            weights.write_bytes(net.weights(is_old))
            theirs = cv2.dnn.readNetFromCaffe(str(text), str(weights))
            theirs.enableFusion(False)
            theirs.setInput(images)
            wanted = theirs.forward(output or net.last).reshape(2, -1)
            for path in (text, weights):
                found, facts = logits_of_ours(path, images)
                self.assertEqual(found.shape, wanted.shape)
                share = float(np.abs(found - wanted).max()) / float(np.abs(wanted).max())
                print(f"caffe files: {name}, {path.suffix}: differs by {share:.1e} of the largest logit")
                self.assertLessEqual(share, TOLERANCE)
                self.assertEqual(facts["unexpected"], [])
                for kind, count in kinds.items():
                    self.assertEqual(facts["kinds"].get(kind, 0), count, kind)

    def test_lenet(self):
        self.check("LeNet", lenet(), {"conv2d": 2, "dense": 2})

    def test_format_of_2014(self):
        self.check("LeNet of 2014", lenet(), {"conv2d": 2, "dense": 2}, is_old=True)

    def test_residual_network(self):
        # Each BatchNorm and its Scale are one block.
        self.check("ResNet-18", resnet18(), {"conv2d": 20, "batchNorm": 20, "add": 8})

    def test_inception(self):
        self.check("Inception", inception(), {"concat": 2, "avgPool": 3, "softmax": 0}, output="classifier")

    def test_mobilenet(self):
        self.check("MobileNet", mobilenet(), {"batchNorm": 9, "prelu": 4, "multiply": 1})


if __name__ == "__main__":
    unittest.main()
