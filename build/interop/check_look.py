"""What a network looks at: outputs of blocks, class maps and occlusion maps, recomputed in PyTorch with plain hooks."""

import importlib.util
import json
import os
import pathlib
import unittest

import numpy as np
import torch
from safetensors.numpy import load_file

from measured import measure

FOLDER = pathlib.Path(os.environ["NORMLAB_INTEROP_LOOKS"])
BOUND = 1e-4


class Looked:
    """A network, in float64 where PyTorch is fast enough, and what NormLab's engine computed for an image in float32."""

    def __init__(self, folder):
        self.facts = json.loads((folder / "case.json").read_text("utf-8"))
        self.computed = load_file(folder / "computed.safetensors")
        spec = importlib.util.spec_from_file_location(f"looked_{folder.name}", folder / "model.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.network = module.Network()
        self.network.load_state_dict(torch.load(folder / "state_dict.pt", weights_only=True), strict=True)
        # PyTorch computes grouped convolutions in float64 group by group, which takes minutes with hundreds of groups.
        groups = [module.groups for module in self.network.modules() if isinstance(module, torch.nn.Conv2d)]
        self.dtype = torch.float32 if max(groups, default=1) > 16 else torch.float64
        # PyTorch 1 has no gradient of a GroupNorm with beta and without gamma; a gamma of ones changes nothing.
        for module in self.network.modules():
            if isinstance(module, torch.nn.GroupNorm) and module.weight is None and module.bias is not None:
                module.weight = torch.nn.Parameter(torch.ones_like(module.bias))
        self.network.to(self.dtype).eval()
        shape = [self.facts[key] for key in ("height", "width", "channels")]
        self.image = np.fromfile(folder / "image.u8", "uint8").reshape(shape)
        modules = dict(self.network.named_modules())
        names = self.facts["modules"].items()
        self.blocks = {block: modules[name] for block, name in names if name in modules}
        self.chosen = self.facts["chosen"]

    def normalized(self, images):
        planes = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)).astype("float64"))
        mean, deviation = (torch.tensor(self.facts[key]).double().view(1, -1, 1, 1) for key in ("mean", "deviation"))
        return ((planes - mean) / torch.where(deviation > 0, deviation, 1)).to(self.dtype)

    def outputs(self):
        """The output of each block, with the gradient of the chosen logit at it."""
        outputs = {}

        def keep(block):
            def hook(_module, _inputs, output):
                output.requires_grad_() if output.is_leaf else output.retain_grad()
                outputs[block] = output

            return hook

        hooks = [module.register_forward_hook(keep(block)) for block, module in self.blocks.items()]
        for parameter in self.network.parameters():
            parameter.requires_grad_(True)
        logits = self.network(self.normalized(self.image[None]))
        logits[0, self.chosen].backward()
        for hook in hooks:
            hook.remove()
        return outputs

    def probabilities(self, images):
        with torch.no_grad():
            return torch.softmax(self.network(self.normalized(images)).double(), dim=1)[:, self.chosen].numpy()

    def occlusion(self):
        size, stride = self.facts["square"]["size"], self.facts["square"]["stride"]
        height, width = self.image.shape[:2]
        fill = np.floor(np.array(self.facts["mean"]) + 0.5).astype("uint8")
        starts = [range(0, max(0, side - size) + stride, stride) for side in (height, width)]
        covered = []
        for top in starts[0]:
            for left in starts[1]:
                image = self.image.copy()
                image[top : top + size, left : left + size] = fill
                covered.append(image)
        before = self.probabilities(self.image[None])[0]
        return (before - self.probabilities(np.stack(covered))).reshape([len(each) for each in starts]), before


def grad_cam(values, gradients):
    """Selvaraju et al. 2017, equations 1 and 2, before the ReLU, and the scale of its errors."""
    signed = (gradients.mean(axis=(1, 2), keepdims=True) * values).sum(axis=0)
    return signed, np.abs(signed).max()


def grad_cam_plus_plus(values, gradients):
    """Chattopadhyay et al. 2018, equation 19, in the usual implementation for the score exp(y), likewise."""
    squares, cubes = gradients**2, gradients**3
    totals = values.sum(axis=(1, 2), keepdims=True)
    divisor = 2 * squares + totals * cubes
    alpha = np.where(divisor != 0, squares / np.where(divisor != 0, divisor, 1), 0)
    terms = alpha * np.maximum(gradients, 0)
    signed = (terms.sum(axis=(1, 2), keepdims=True) * values).sum(axis=0)
    # Where outputs are negative, as before a ReLU, 2 + totals * g can be near 0, which enlarges the errors of both. For
    # outputs that are not negative the factor is 1, and the scale is the largest value of the map.
    products = totals * gradients
    factor = (2 + np.abs(products)) / np.maximum(np.abs(2 + products), 1e-300)
    largest = ((np.abs(terms) * factor).sum(axis=(1, 2), keepdims=True) * np.abs(values)).sum(axis=0)
    return signed, largest.max()


MAPS = {"grad-cam": grad_cam, "grad-cam++": grad_cam_plus_plus}


class Look(unittest.TestCase):
    def assert_near(self, what, actual, expected, scale):
        self.assertEqual(actual.shape, expected.shape, what)
        error = float(np.abs(actual - expected).max() / scale) if scale > 0 else float(np.abs(actual).max())
        measure(f"look: {what.split(' ')[0]}", error)
        self.assertLessEqual(error, BOUND, what)

    def check(self, folder):
        looked = Looked(folder)
        compared = 0
        for block, output in looked.outputs().items():
            values = output.detach().double().numpy()[0]
            computed = looked.computed.get(f"features {block}")
            if computed is None:
                continue  # the block of the input
            compared += 1
            self.assert_near(
                f"features {block}", computed, values.reshape(computed.shape), float(np.abs(values).max())
            )
            if f"grad-cam {block}" not in looked.computed:
                continue
            gradients = output.grad.double().numpy()[0]
            for name, method in MAPS.items():
                signed, scale = method(values, gradients)
                what = f"{name} {block}"
                self.assert_near(what, looked.computed[what], np.maximum(signed, 0), float(scale))
        self.assertGreater(compared, 3)
        expected, before = looked.occlusion()
        self.assertAlmostEqual(looked.facts["probability"], before, delta=BOUND)
        self.assert_near("occlusion", looked.computed["occlusion"], expected, 1)


def _named(folder):
    return lambda self: self.check(folder)


for _folder in sorted(FOLDER.iterdir()):
    setattr(Look, f"test_{_folder.name.replace('-', '_')}", _named(_folder))
