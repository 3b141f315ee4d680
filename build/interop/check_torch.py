"""PyTorch loads the safetensors file strictly and returns the same logits in eval()."""

import json
import unittest

from cases import Case, CASES, each_case
from check_safetensors import metadata_in

import torch
from safetensors.torch import load_file

from torch_net import ProjectNet


def normalized(case, path):
    preprocessing = json.loads(metadata_in(path)["normlab.preprocessing"])
    mean, deviation = (
        torch.tensor(preprocessing[key], dtype=torch.float32).view(1, -1, 1, 1)
        for key in ("mean_bytes", "deviation_bytes")
    )
    planes = torch.from_numpy(case.planes())
    if preprocessing["colour"] == "BGR":
        planes = planes.flip(1)
    return (planes - mean) / deviation


@each_case("safetensors")
class TorchStateDict(unittest.TestCase):
    def check_logits(self, case, variant):
        path = case.path(variant, "safetensors")
        state = load_file(path)
        net = ProjectNet(json.loads(metadata_in(path)["normlab.project"]), state)
        net.load_state_dict(state, strict=True)
        net.eval()
        with torch.no_grad():
            case.assert_logits(self, net(normalized(case, path)), "safetensors in PyTorch")


class TorchByHand(unittest.TestCase):
    """A module of the user's own: only the block names have to be mapped to its names."""

    RENAME = {"conv1": "0", "bn1": "1", "dense1": "5"}

    def test_sequential(self):
        case = Case(CASES / "mnist-cnn-bn")
        path = case.path("plain", "safetensors")
        nn = torch.nn
        features = 32 * (case.facts["height"] // 2) * (case.facts["width"] // 2)
        net = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(features, case.facts["classes"]),
        )
        renamed = {}
        for name, tensor in load_file(path).items():
            block, field = name.split(".")
            renamed[f"{self.RENAME[block]}.{field}"] = tensor
        net.load_state_dict(renamed, strict=True)
        net.eval()
        with torch.no_grad():
            case.assert_logits(self, net(normalized(case, path)))
