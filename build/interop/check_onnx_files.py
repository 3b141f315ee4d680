"""ONNX files that PyTorch's exporters write: our reader's network has the logits of ONNX Runtime."""

import inspect
import logging
import pathlib
import tempfile
import unittest
import warnings

import numpy as np
import onnxruntime

from foreign_files import logits_of_ours

import torch
from torch import nn
from torch.nn import functional

try:
    import torchvision
except ImportError:
    torchvision = None

try:
    import onnxscript
except ImportError:
    onnxscript = None

# Relative to the largest logit.
TOLERANCE = 1e-4
CHOOSES_EXPORTER = "dynamo" in inspect.signature(torch.onnx.export).parameters
HAS_DYNAMO = CHOOSES_EXPORTER and onnxscript is not None

# Side of the images. The adaptive pooling of VGG can be exported where its windows divide the image.
PHOTO_NETWORKS = {
    "resnet18": 96,
    "vgg11_bn": 224,
    "mobilenet_v2": 96,
    "mobilenet_v3_large": 96,
    "efficientnet_b0": 96,
    "densenet121": 96,
    "squeezenet1_1": 96,
}


class Gated(nn.Module):
    """Conv and BatchNorm with a shortcut, and squeeze-and-excitation."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.conv = nn.Conv2d(8, 8, 3, padding=1, groups=4)
        self.norm = nn.BatchNorm2d(8, eps=1e-3, momentum=0.01)
        self.squeeze = nn.Conv2d(8, 4, 1)
        self.excite = nn.Conv2d(4, 8, 1)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(8, 5))

    def forward(self, images):
        stem = self.pool(self.stem(images))
        branch = functional.relu6(self.norm(self.conv(stem)))
        gate = functional.adaptive_avg_pool2d(branch, 1)
        gate = functional.hardsigmoid(self.excite(functional.hardswish(self.squeeze(gate))))
        return self.classifier((stem + branch * gate).mean([2, 3]))


class Varied(nn.Module):
    """Norms within a sample, activation functions, resizing, padding, and sizes that the graph computes."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, (3, 5), padding=(1, 2))
        self.group = nn.GroupNorm(4, 8)
        self.plain = nn.InstanceNorm2d(8)
        self.instance = nn.InstanceNorm2d(8, affine=True)
        self.layer = nn.LayerNorm([8, 12, 12])
        self.slopes = nn.PReLU(8)
        self.slope = nn.PReLU()
        self.up = nn.ConvTranspose2d(16, 6, 3, stride=2, padding=1, output_padding=1)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.mean = nn.AvgPool2d(3, 2, padding=1, count_include_pad=True)
        self.hidden = nn.Linear(6 * 30 * 28, 12)
        self.vector = nn.LayerNorm(12)
        self.norm = nn.BatchNorm1d(12)
        self.last = nn.Linear(12, 5, bias=False)

    def forward(self, images):
        image = self.slopes(self.group(self.conv(images)))
        image = self.layer(self.plain(image) + self.instance(image))
        image = torch.cat([functional.gelu(image), functional.silu(image)], 1)
        image = functional.elu(self.slope(self.up(image)), 0.5)
        image = functional.pad(functional.pad(image, (1, 0, 2, 1)), (1, 1, 1, 1), mode="reflect")
        image = functional.interpolate(image, scale_factor=2, mode="bilinear", align_corners=False)
        image = functional.interpolate(self.mean(self.pool(image)), scale_factor=2, mode="nearest")
        vector = self.hidden(image.view(image.size(0), -1))
        vector = functional.leaky_relu(self.norm(self.vector(vector)), 0.2)
        return self.last(torch.tanh(vector))


def randomized(net, images):
    """Random weights, statistics and slopes, so that swapped tensors are noticed; then evaluation mode."""
    net.eval()
    with torch.no_grad():
        net(images)
        for module in net.modules():
            if getattr(module, "running_mean", None) is not None:
                module.running_mean.normal_(0, 0.2)
                module.running_var.uniform_(0.5, 1.5)
            one_dimensional = [p for p in module.parameters(recurse=False) if p.dim() == 1]
            for parameter in one_dimensional:
                parameter.add_(torch.rand_like(parameter) - 0.5)
    return net


def export(net, images, path, kind):
    """`folded`: the exporter's defaults. `plain`: BatchNorm stays. `dynamo`: the exporter of PyTorch 2."""
    options = {}
    if CHOOSES_EXPORTER:
        options["dynamo"] = kind == "dynamo"
    if kind == "plain":
        options.update(training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    if kind == "dynamo":
        options["verbose"] = False
    else:
        options.update(input_names=["images"], dynamic_axes={"images": {0: "N"}})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(net, (images,), str(path), **options)


def logits_of_runtime(path, images):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    [first, *_] = session.run(None, {session.get_inputs()[0].name: images})
    return first


def norms_of(net):
    return sum(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in net.modules())


class OnnxFiles(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(7)
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)

    def check(self, name, net, images):
        kinds = ["folded", "plain"] + (["dynamo"] if HAS_DYNAMO else [])
        for kind in kinds:
            with self.subTest(exporter=kind), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "model.onnx"
                export(net, images, path, kind)
                wanted = logits_of_runtime(path, images.numpy())
                found, facts = logits_of_ours(path, images.numpy())
                self.assertEqual(found.shape, wanted.shape)
                largest = float(np.abs(wanted).max())
                share = float(np.abs(found - wanted).max()) / largest
                print(f"onnx files: {name}, {kind}: differs by {share:.1e} of the largest logit")
                self.assertLessEqual(share, TOLERANCE)
                self.assertEqual((facts["unexpected"], facts["notes"]), ([], []))
                if kind == "plain":
                    self.assertEqual(facts["kinds"].get("batchNorm", 0), norms_of(net))

    def test_gates_and_shortcuts(self):
        images = torch.randn(3, 3, 24, 20)
        self.check("gates and shortcuts", randomized(Gated(), images), images)

    def test_norms_functions_and_sizes(self):
        images = torch.randn(2, 3, 12, 12)
        self.check("norms and sizes", randomized(Varied(), images), images)

    def test_torchvision(self):
        if torchvision is None:
            self.skipTest("torchvision is not there")
        for name, side in PHOTO_NETWORKS.items():
            with self.subTest(network=name):
                images = torch.randn(1, 3, side, side)
                net = getattr(torchvision.models, name)(num_classes=10)
                self.check(name, randomized(net, images), images)


if __name__ == "__main__":
    unittest.main()
