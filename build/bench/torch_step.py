"""Times steps of a built-in network in PyTorch on noise. A training step is forward, loss, backward, SGD with momentum. An
inference step takes the bytes of the images, normalizes them, runs the network in eval mode and copies the logits.

build/bench passes this file on standard input, so that the interpreter need not have access to it:
python3 - NETWORK MODE BATCH SIZE SECONDS THREADS TASK < torch_step.py
MODE is f32, f32-nhwc (channels last) or bf16-nhwc (autocast), TASK train or infer. Prints one JSON object: the median step in
milliseconds, the processor time of a step and the peak memory of the process.
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


def of_torchvision(name):
    def make(_size):
        import torchvision

        return getattr(torchvision.models, name)(num_classes=10)

    return make


def efficientnet_lite0(_size):
    import efficientnet_lite_pytorch

    return efficientnet_lite_pytorch.EfficientNet.from_name("efficientnet-lite0", num_classes=10)


NETWORKS = {
    "mnist-cnn-bn": mnist_cnn_bn,
    "bn-mlp": bn_mlp,
    "vgg-bn": vgg_bn,
    "resnet20": resnet20,
    "resnet18": of_torchvision("resnet18"),
    "mobilenet-v2": of_torchvision("mobilenet_v2"),
    "efficientnet-lite0": efficientnet_lite0,
    "vgg11-bn": of_torchvision("vgg11_bn"),
}


def prepare_inference(name, mode, batch, size):
    torch.manual_seed(0)
    net = NETWORKS[name](size).eval()
    channels = 1 if name in ("mnist-cnn-bn", "bn-mlp") else 3
    data = torch.randint(0, 256, (batch, size, size, channels), dtype=torch.uint8)
    mean, deviation = torch.full((1, channels, 1, 1), 128.0), torch.full((1, channels, 1, 1), 64.0)
    layout = torch.channels_last if mode.endswith("nhwc") else torch.contiguous_format
    net = net.to(memory_format=layout)

    @torch.inference_mode()
    def step():
        images = data.permute(0, 3, 1, 2).to(torch.float32, memory_format=layout).sub_(mean).div_(deviation)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mode.startswith("bf16")):
            return net(images).float().numpy().copy()

    return step


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
    """The median time and the mean processor time of a step, in milliseconds."""
    for _ in range(3):
        step()
    times, end, cpu = [], time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < end or len(times) < 5:
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    return 1000 * statistics.median(times), 1000 * (time.process_time() - cpu) / len(times)


def capability():
    try:
        return torch.backends.cpu.get_cpu_capability()
    except AttributeError:
        return "unknown"


def main():
    name, mode, batch, size, seconds, threads, task = sys.argv[1:8]
    torch.set_num_threads(int(threads))
    make = prepare_inference if task == "infer" else prepare
    ms, cpu_ms = time_steps(make(name, mode, int(batch), int(size)), float(seconds))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": ms, "cpuMs": cpu_ms, "peakRssMb": peak, "version": torch.__version__, "capability": capability()}))


main()
