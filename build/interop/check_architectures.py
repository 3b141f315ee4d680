"""Each built-in architecture gives the logits of the implementation that its weights are published for.

The weights and statistics of a case are drawn here from the names of its tensors, as writeArchitectures.ts does, and
loaded strictly.
"""

import importlib.util
import json
import os
import pathlib
import re
import unittest

import numpy as np

import torch

FOLDER = pathlib.Path(os.environ["NORMLAB_INTEROP_ARCHITECTURES"])
# Relative to the largest logit: float32 rounding through up to 120 convolutions, measured 2e-6.
TOLERANCE = 1e-5
CHUNK = 1 << 22


def torchvision_model(name, classes):
    import torchvision

    skip = {"init_weights": False} if name.startswith("vgg") else {}
    functions = {"squeezenet1-1": "squeezenet1_1"}
    function = getattr(torchvision.models, functions.get(name, name.replace("-", "_")))
    return function(num_classes=classes, **skip)


def timm_model(name, classes):
    import timm

    functions = {"mobilenet-v2": "mobilenetv2_100", "mobilenet-v3-large": "mobilenetv3_large_100"}
    return timm.create_model(functions.get(name, name.replace("-", "_")), num_classes=classes)


def lite_model(name, classes):
    from efficientnet_lite_pytorch import EfficientNet

    return EfficientNet.from_name(name, num_classes=classes)


# Package and function, by naming.
MODELS = {
    "torchvision": ("torchvision", torchvision_model),
    "torchvisionFile": ("torchvision", torchvision_model),
    "timm": ("timm", timm_model),
    "efficientnet_lite_pytorch": ("efficientnet_lite_pytorch", lite_model),
}


def file_name(name):
    """The name that torchvision's DenseNet files have for a tensor: `norm.1` for `norm1`."""
    return re.sub(r"(denselayer\d+\.(?:norm|conv))([12]\.)", r"\1.\2", name)


def drawn(name, size):
    """Uniform numbers in [0, 1), by name and place: mulberry32 from the FNV-1a hash of the name."""
    seed = 0x811C9DC5
    for letter in name.encode():
        seed = ((seed ^ letter) * 0x01000193) & 0xFFFFFFFF
    values = np.empty(size, "float64")
    for start in range(0, size, CHUNK):
        place = np.arange(start + 1, min(start + CHUNK, size) + 1, dtype="uint32")
        word = np.uint32(seed) + place * np.uint32(0x6D2B79F5)
        mixed = (word ^ (word >> np.uint32(15))) * (word | np.uint32(1))
        mixed ^= mixed + (mixed ^ (mixed >> np.uint32(7))) * (mixed | np.uint32(61))
        values[start : start + len(place)] = (mixed ^ (mixed >> np.uint32(14))) / 2.0**32
    return values


def tensor_of(name, shape):
    size = int(np.prod(shape))
    if name.endswith(".running_var"):
        low, high = 0.5, 1.5
    elif len(shape) == 1:
        low, high = (0.5, 1.5) if name.endswith(".weight") else (-0.2, 0.2)
    else:
        high = (4.5 / (size // shape[0])) ** 0.5
        low = -high
    values = (low + (high - low) * drawn(name, size)).astype("float32")
    return torch.from_numpy(values.reshape(shape))


def state_of(model, naming):
    """Values for every tensor of `model`, and the names that the case must have."""
    state, names = {}, {}
    for name, tensor in model.state_dict().items():
        if name.endswith(".num_batches_tracked"):
            state[name] = tensor
            continue
        published = file_name(name) if naming == "torchvisionFile" else name
        state[name] = tensor_of(published, tuple(tensor.shape))
        names[published] = tensor.numel()
    return state, names


class Architectures(unittest.TestCase):
    def check(self, folder):
        facts = json.loads((folder / "case.json").read_text("utf8"))
        _, make = MODELS[facts["naming"]]
        model = make(facts["architecture"], facts["classes"])
        state, names = state_of(model, facts["naming"])
        self.assertEqual(names, {name: int(np.prod(dims)) for name, dims in facts["tensors"].items()})
        model.load_state_dict(state, strict=True)
        model.eval()
        for norm in model.modules():
            if isinstance(norm, torch.nn.BatchNorm2d):
                self.assertAlmostEqual(norm.eps, facts["epsilon"], 12)
                self.assertAlmostEqual(1 - norm.momentum, facts["decay"], 12)
        with torch.no_grad():
            actual = model(images_of(folder, facts)).double().numpy()
        logits = np.fromfile(folder / "logits.f64", "<f8").reshape(actual.shape)
        difference = float(np.abs(actual - logits).max() / np.abs(actual).max())
        self.assertLessEqual(difference, TOLERANCE, f"logits differ by {difference} of the largest")


def images_of(folder, facts):
    """Normalized images [N, C, H, W]."""
    shape = [facts[key] for key in ("count", "height", "width")] + [3]
    images = np.fromfile(folder / "images.u8", "uint8").reshape(shape)
    planes = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2))).float()
    mean, deviation = (torch.tensor(facts[key]).view(1, 3, 1, 1) for key in ("mean", "deviation"))
    return (planes - mean) / deviation


def add_tests():
    """One test for each case; one that is skipped for each package that is not there."""
    for folder in sorted(FOLDER.iterdir()):
        naming = folder.name.split("--")[1]
        package, _ = MODELS[naming]
        if importlib.util.find_spec(package) is None:
            skipped = unittest.skip(f"{package} is not installed beside PyTorch: its architectures are left out")
            setattr(Architectures, f"test_{package}", skipped(lambda self: None))
            continue
        name = re.sub(r"\W+", "_", folder.name)
        setattr(Architectures, f"test_{name}", lambda self, folder=folder: self.check(folder))


add_tests()
