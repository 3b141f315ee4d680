"""Times training steps of a built-in network in PyTorch: forward, loss, backward, SGD with momentum, on noise.

build/bench passes this file on standard input, so that the interpreter need not have access to it:
python3 - NETWORK MODE BATCH SIZE SECONDS THREADS < torch_step.py
MODE is f32, f32-nhwc (channels last) or bf16-nhwc (autocast). Prints one JSON object: the median step in milliseconds and the
peak memory of the process.
"""
import json
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional


def norm_relu(channels):
    return [nn.BatchNorm2d(channels), nn.ReLU()]


def conv3(inside, outside, stride=1):
    return nn.Conv2d(inside, outside, 3, stride, padding=1, bias=False)


class Residual(nn.Module):
    """Two 3x3 convolutions with BatchNorm beside a shortcut, which is a 1x1 convolution where the shape changes."""

    def __init__(self, inside, outside, stride):
        super().__init__()
        self.body = nn.Sequential(conv3(inside, outside, stride), *norm_relu(outside), conv3(outside, outside), nn.BatchNorm2d(outside))
        same = inside == outside and stride == 1
        self.shortcut = (
            nn.Identity()
            if same
            else nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))
        )

    def forward(self, x):
        return functional.relu(self.body(x) + self.shortcut(x))


def head(channels):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10)]


def mnist_cnn_bn(size):
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), *norm_relu(32), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * (size // 2) ** 2, 10)
    )


def bn_mlp(size):
    layers, width = [nn.Flatten()], size * size
    for _ in range(3):
        layers += [nn.Linear(width, 100), nn.BatchNorm1d(100), nn.Sigmoid()]
        width = 100
    return nn.Sequential(*layers, nn.Linear(width, 10))


def vgg_bn(_size):
    layers, inside = [], 3
    for width in (32, 64, 128):
        layers += [conv3(inside, width), *norm_relu(width), conv3(width, width), *norm_relu(width), nn.MaxPool2d(2)]
        inside = width
    return nn.Sequential(*layers, *head(inside))


def resnet20(_size):
    layers, inside = [conv3(3, 16), *norm_relu(16)], 16
    for width, stride in ((16, 1), (32, 2), (64, 2)):
        for index in range(3):
            layers.append(Residual(inside, width, stride if index == 0 else 1))
            inside = width
    return nn.Sequential(*layers, *head(inside))


NETWORKS = {"mnist-cnn-bn": mnist_cnn_bn, "bn-mlp": bn_mlp, "vgg-bn": vgg_bn, "resnet20": resnet20}


def prepare(name, mode, batch, size):
    torch.manual_seed(0)
    net = NETWORKS[name](size)
    channels = 1 if name in ("mnist-cnn-bn", "bn-mlp") else 3
    images, labels = torch.randn(batch, channels, size, size), torch.randint(0, 10, (batch,))
    if mode.endswith("nhwc"):
        net = net.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mode.startswith("bf16")):
            logits = net(images)
        functional.cross_entropy(logits.float(), labels).backward()
        optimizer.step()

    return step


def time_steps(step, seconds):
    for _ in range(3):
        step()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    return 1000 * statistics.median(times)


def capability():
    try:
        return torch.backends.cpu.get_cpu_capability()
    except AttributeError:
        return "unknown"


def main():
    name, mode, batch, size, seconds, threads = sys.argv[1:7]
    torch.set_num_threads(int(threads))
    ms = time_steps(prepare(name, mode, int(batch), int(size)), float(seconds))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": ms, "peakRssMb": peak, "version": torch.__version__, "capability": capability()}))


main()
