"""A PyTorch module built from the project inside an exported file; its state dict has the file's own keys."""

import math

import torch
from torch import nn
from torch.nn import functional as F


def pads(params, size, kernel, stride, dilation):
    """Padding in the order of torch.nn.functional.pad (left, right, top, bottom); `same` as TensorFlow defines it."""
    if params["padding"] == "explicit":
        top = params.get("padY", params.get("pad"))
        if not params["asymmetric"]:
            left = params.get("padX", params.get("pad"))
            return left, left, top, top
        return params.get("padX", params.get("padLeft")), params["padRight"], top, params["padBottom"]
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


def torch_pads(params):
    """The padding of a pool as an argument of PyTorch's function; None where only F.pad can express it."""
    if params["padding"] == "valid":
        return 0
    return params["pad"] if params["padding"] == "explicit" and not params["asymmetric"] else None


def overhung(params, x, value, beyond=0.0):
    """`x` padded with `value`, then with `beyond` until the windows of ceil_mode fit: for uneven padding, which PyTorch lacks."""
    left, right, top, bottom = pads(params, x.shape[2:], kernel_of(params), params["stride"], 1)
    more = [0, 0]
    if params["ceilMode"] and params["padding"] == "explicit":
        for axis, (size, before, after) in enumerate(((x.shape[3], left, right), (x.shape[2], top, bottom))):
            rest = -(size + before + after - params["kernel"]) % params["stride"]
            start = size + before + after + rest - params["kernel"]
            more[axis] = rest if start < size + before else 0
    return F.pad(F.pad(x, (left, right, top, bottom), value=value), (0, more[0], 0, more[1]), value=beyond)


def max_pool(params, x):
    window, sides = (params["kernel"], params["stride"]), torch_pads(params)
    if sides is not None:
        return F.max_pool2d(x, *window, sides, ceil_mode=params["ceilMode"])
    lowest = float("-inf")
    return F.max_pool2d(overhung(params, x, lowest, lowest), *window)


def average_pool(params, x):
    """PyTorch's own, except for uneven padding: there the mean of values and zeros by the share of what counts."""
    window, sides, counts = (params["kernel"], params["stride"]), torch_pads(params), params["countPadding"]
    if sides is not None:
        return F.avg_pool2d(x, *window, sides, ceil_mode=params["ceilMode"], count_include_pad=counts)
    share = overhung(params, torch.ones_like(x), 1.0 if counts else 0.0)
    return F.avg_pool2d(overhung(params, x, 0.0), *window) / F.avg_pool2d(share, *window)


def transposed(params, layer, x):
    """Unequal padding: the full output of the layer, cropped. `same`: to the stride times the input as TensorFlow does."""
    y = layer(x)
    if params["padding"] == "explicit" and params["asymmetric"]:
        return F.pad(y, (-params["padX"], -params["padRight"], -params["padY"], -params["padBottom"]))
    if params["padding"] != "same":
        return y
    spans = [(taps - 1) * params["dilation"] + 1 for taps in kernel_of(params)]
    before = [max(span - params["stride"], 0) // 2 for span in spans]
    height, width = (size * params["stride"] for size in x.shape[2:])
    return y[:, :, before[0] : before[0] + height, before[1] : before[1] + width]


def make_transposed(params, weight):
    spans = [(taps - 1) * params["dilation"] + 1 for taps in kernel_of(params)]
    explicit = params["padding"] == "explicit"
    more = {"explicit": [params["outputPadding"]] * 2, "valid": [0, 0]}
    more["same"] = [max(params["stride"] - span, 0) for span in spans]
    return nn.ConvTranspose2d(
        weight.shape[0],
        params["filters"],
        kernel_of(params),
        params["stride"],
        padding=(params["padY"], params["padX"]) if explicit and not params["asymmetric"] else 0,
        output_padding=more[params["padding"]],
        dilation=params["dilation"],
        groups=params["groups"],
        bias=params["bias"],
    )


def upsample(params, x):
    if params["interpolation"] == "nearest":
        return F.interpolate(x, scale_factor=params["factor"], mode="nearest")
    return F.interpolate(x, scale_factor=params["factor"], mode="bilinear", align_corners=False)


def framed(params, x):
    sides = [params[side] for side in ("left", "right", "top", "bottom")]
    if params["border"] == "fill":
        return F.pad(x, sides, value=params["value"])
    return F.pad(x, sides, mode=params["border"])


def reshape(params, x):
    sizes = ["features"] if params["to"] == "vector" else ["channels", "height", "width"]
    return x.reshape(len(x), *(params[size] for size in sizes))


def multiply(params, *xs):
    rank = max(x.dim() for x in xs)
    return math.prod(x if x.dim() == rank else x[:, :, None, None] for x in xs)


FUNCTIONS = {
    "relu": lambda params, x: F.relu(x),
    "relu6": lambda params, x: F.relu6(x),
    "leakyRelu": lambda params, x: F.leaky_relu(x, params["alpha"]),
    "elu": lambda params, x: F.elu(x, params["alpha"]),
    "gelu": lambda params, x: F.gelu(x, approximate="tanh" if params.get("form") == "tanh" else "none"),
    "silu": lambda params, x: F.silu(x),
    "hardSwish": lambda params, x: F.hardswish(x),
    "sigmoid": lambda params, x: torch.sigmoid(x),
    # F.hardsigmoid by its definition: its own gradient has 1/6 in float32 even for float64.
    "hardSigmoid": lambda params, x: F.relu6(x + 3) / 6,
    "tanh": lambda params, x: torch.tanh(x),
    "softmax": lambda params, x: torch.softmax(x, 1),
    "stochasticDepth": lambda params, x: x,
    "spatialDropout": lambda params, x: F.dropout2d(x, params["rate"], training=False),
    "maxPool": max_pool,
    "avgPool": average_pool,
    "adaptiveAvgPool": lambda params, x: F.adaptive_avg_pool2d(x, (params["height"], params["width"])),
    "globalAvgPool": lambda params, x: x.mean((2, 3)),
    "flatten": lambda params, x: x.flatten(1),
    "dropout": lambda params, x: F.dropout(x, params["rate"], training=False),
    "upsample": upsample,
    "pad": framed,
    "reshape": reshape,
    "multiply": multiply,
    "add": lambda params, *xs: sum(xs),
    "concat": lambda params, *xs: torch.cat(xs, 1),
    "output": lambda params, x: x,
}


class SampleNorm(nn.Module):
    """LayerNorm, GroupNorm and InstanceNorm by PyTorch's own functions; gamma and beta if the file has them."""

    def __init__(self, kind, params, weight, bias):
        super().__init__()
        self.kind, self.params = kind, params
        for name, value in (("weight", weight), ("bias", bias)):
            self.register_parameter(name, None if value is None else nn.Parameter(torch.empty_like(value)))

    def forward(self, x):
        eps, weight, bias = self.params["epsilon"], self.weight, self.bias
        if self.kind == "groupNorm":
            return F.group_norm(x, self.params["groups"], weight, bias, eps)
        if self.kind == "instanceNorm":
            return F.instance_norm(x, weight=weight, bias=bias, eps=eps)
        if self.params["over"] == "eachPixel":
            return F.layer_norm(x.movedim(1, -1), x.shape[1:2], weight, bias, eps).movedim(-1, 1)
        if x.dim() == 4 and self.params["affine"] == "eachChannel":
            return F.group_norm(x, 1, weight, bias, eps)
        return F.layer_norm(x, x.shape[1:], weight, bias, eps)


def make_layer(kind, params, weight, bias):
    """The input's channels come from the shape of `weight`; the project leaves them to shape inference."""
    if kind == "dense":
        return nn.Linear(weight.shape[1], params["units"], bias=params["bias"])
    if kind == "convTranspose2d":
        return make_transposed(params, weight)
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
    if kind == "prelu":
        return nn.PReLU(len(weight))
    if kind in ("layerNorm", "groupNorm", "instanceNorm"):
        return SampleNorm(kind, params, weight, bias)
    return None


def momentum_of(params):
    return None if params.get("averaging") == "cumulative" else 1 - params["decay"]


# Before the id of a block, which may be that of an attribute of every module, such as `eval` or `training`.
PREFIX = "block "


class ProjectNet(nn.Module):
    """`state` provides the shapes; the caller loads it: `net.load_state_dict(state, strict=True)`."""

    def __init__(self, project, state):
        super().__init__()
        self.records, self.wires = project["graph"]["nodes"], project["graph"]["wires"]
        for block, record in self.records.items():
            weight = state.get(f"{block}.weight")
            layer = make_layer(record["kind"], record["params"], weight, state.get(f"{block}.bias"))
            if record["kind"] == "batchNorm":
                layer = AnyBatchNorm(
                    len(weight), eps=record["params"]["epsilon"], momentum=momentum_of(record["params"])
                )
            if layer is not None:
                self.add_module(PREFIX + block, layer)

    def load_state_dict(self, state, strict=True):
        return super().load_state_dict({PREFIX + name: tensor for name, tensor in state.items()}, strict)

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
                layer = self._modules[PREFIX + block]
                if kind == "convTranspose2d":
                    known[block] = transposed(params, layer, x)
                else:
                    known[block] = layer(padded(params, x) if kind == "conv2d" else x)
        return known[block]


class AnyBatchNorm(nn.modules.batchnorm._BatchNorm):
    """nn.BatchNorm1d and nn.BatchNorm2d differ only in the rank that they accept."""

    def _check_input_dim(self, x):
        pass
