"""A PyTorch module built from the project inside an exported file; its state dict has the file's own keys."""

import torch
from torch import nn
from torch.nn import functional as F


def pads(params, size, kernel, stride, dilation):
    """Padding as torch.nn.functional.pad orders it (left, right, top, bottom); `same` as TensorFlow defines it."""
    if params["padding"] == "explicit":
        y, x = params.get("padY", params.get("pad")), params.get("padX", params.get("pad"))
        return x, x, y, y
    if params["padding"] == "valid":
        return 0, 0, 0, 0
    sides = []
    for length, taps in ((size[1], kernel[1]), (size[0], kernel[0])):
        span = (taps - 1) * dilation + 1
        total = max((-(-length // stride) - 1) * stride + span - length, 0)
        sides += [total // 2, total - total // 2]
    return tuple(sides)


def kernel_of(params):
    return params["kernel"], params["kernelX"] if params.get("rectangular") else params["kernel"]


def padded(params, x, value=0.0):
    sides = pads(params, x.shape[2:], kernel_of(params), params["stride"], params.get("dilation", 1))
    return F.pad(x, sides, value=value)


def max_pool(params, x):
    return F.max_pool2d(padded(params, x, float("-inf")), params["kernel"], params["stride"])


def average_pool(params, x):
    """Padding left out of the count, also where it is uneven, unless the block counts it."""
    if params["countPadding"]:
        return F.avg_pool2d(padded(params, x), params["kernel"], params["stride"])
    mean, share = (
        F.avg_pool2d(padded(params, each), params["kernel"], params["stride"]) for each in (x, torch.ones_like(x))
    )
    return mean / share


FUNCTIONS = {
    "relu": lambda params, x: F.relu(x),
    "leakyRelu": lambda params, x: F.leaky_relu(x, params["alpha"]),
    "elu": lambda params, x: F.elu(x, params["alpha"]),
    "gelu": lambda params, x: F.gelu(x),
    "silu": lambda params, x: F.silu(x),
    "hardSwish": lambda params, x: F.hardswish(x),
    "sigmoid": lambda params, x: torch.sigmoid(x),
    "tanh": lambda params, x: torch.tanh(x),
    "maxPool": max_pool,
    "avgPool": average_pool,
    "globalAvgPool": lambda params, x: x.mean((2, 3)),
    "flatten": lambda params, x: x.flatten(1),
    "dropout": lambda params, x: F.dropout(x, params["rate"], training=False),
    "add": lambda params, *xs: sum(xs),
    "concat": lambda params, *xs: torch.cat(xs, 1),
    "output": lambda params, x: x,
}


def make_layer(kind, params, weight):
    """`weight` tells the input's channels, which the project leaves to shape inference."""
    if kind == "dense":
        return nn.Linear(weight.shape[1], params["units"], bias=params["bias"])
    if kind == "conv2d":
        return nn.Conv2d(
            weight.shape[1] * params["groups"],
            params["filters"],
            kernel_of(params),
            params["stride"],
            dilation=params["dilation"],
            groups=params["groups"],
            bias=params["bias"],
        )
    return None


def momentum_of(params):
    return None if params.get("averaging") == "cumulative" else 1 - params["decay"]


class ProjectNet(nn.Module):
    """`state` gives the shapes; loading it is for the caller: `net.load_state_dict(state, strict=True)`."""

    def __init__(self, project, state):
        super().__init__()
        self.records, self.wires = project["graph"]["nodes"], project["graph"]["wires"]
        for block, record in self.records.items():
            weight = state.get(f"{block}.weight")
            layer = make_layer(record["kind"], record["params"], weight)
            if record["kind"] == "batchNorm":
                layer = AnyBatchNorm(
                    len(weight), eps=record["params"]["epsilon"], momentum=momentum_of(record["params"])
                )
            if layer is not None:
                self.add_module(block, layer)

    def forward(self, images):
        known = {block: images for block, record in self.records.items() if record["kind"] == "input"}
        [output] = [block for block, record in self.records.items() if record["kind"] == "output"]
        return self.value(output, known)

    def value(self, block, known):
        if block not in known:
            kind, params = self.records[block]["kind"], self.records[block]["params"]
            sources = sorted(port for port in self.wires if port.split(".")[0] == block)
            inputs = [self.value(self.wires[port].split(".")[0], known) for port in sources]
            if kind in FUNCTIONS:
                known[block] = FUNCTIONS[kind](params, *inputs)
            else:
                [x] = inputs
                known[block] = self._modules[block](padded(params, x) if kind == "conv2d" else x)
        return known[block]


class AnyBatchNorm(nn.modules.batchnorm._BatchNorm):
    """nn.BatchNorm1d and nn.BatchNorm2d differ only in the rank that they let through."""

    def _check_input_dim(self, x):
        pass
