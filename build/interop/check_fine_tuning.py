"""Fine-tuning ResNet-18 follows PyTorch step by step, under each policy for the BatchNorm of the trunk.

Both sides start from the same checkpoint, see the same images in the same order, and train everything by SGD with
momentum in float32.
"""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np
from PIL import Image

import torch
from safetensors.numpy import load_file
from torch import nn

NORMLAB = str(pathlib.Path(__file__).parents[2] / "cli" / "normlab.mjs")
CLASSES = ["ring", "stripe", "wave"]
# Images of each class. In their order, the first two of the three batches have images of two classes.
COUNTS = [4, 8, 12]
BATCH, SIZE, EPOCHS = 8, 64, 2
# Where rounding turns a ReLU of the last stage on or off, the gradient of a few images changes by about a percent. At
# higher rates this alone moves the loss by more than the tolerance, also of PyTorch in float32 against float64.
RATE, MOMENTUM = 1e-5, 0.9
# Of statistics: of the largest value of the block where that is above 1.
LOSS_TOLERANCE, STATISTICS_TOLERANCE = 1e-3, 1e-4
# Of the length of the change of gamma and beta.
CHANGE_TOLERANCE = 0.05
# What each policy is in PyTorch: whether the module is in training mode, and whether weight and bias train.
POLICIES = {"frozen": (False, False), "adapt": (True, False), "affine": (False, True), "all": (True, True)}


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut, with the names of torchvision's BasicBlock."""

    def __init__(self, inside, outside, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.downsample = None
        if stride != 1 or inside != outside:
            self.downsample = nn.Sequential(
                nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside)
            )

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        inner = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(inner)) + shortcut)


class ResNet18(nn.Module):
    """ResNet-18 with torchvision's names, so that torchvision itself need not be there."""

    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        self.layer1 = nn.Sequential(Block(64, 64, 1), Block(64, 64, 1))
        self.layer2 = nn.Sequential(Block(64, 128, 2), Block(128, 128, 1))
        self.layer3 = nn.Sequential(Block(128, 256, 2), Block(256, 256, 1))
        self.layer4 = nn.Sequential(Block(256, 512, 2), Block(512, 512, 1))
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


@contextlib.contextmanager
def one_thread():
    """The threads of PyTorch wait for each other in loops: beside other programs, one is faster than two."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def norms_of(net):
    return {name: each for name, each in net.named_modules() if isinstance(each, nn.BatchNorm2d)}


def draw_images(random):
    """Noisy patterns [N, H, W, 3] of bytes, and their classes [N], in the order of the classes."""
    labels = np.repeat(np.arange(len(CLASSES)), COUNTS)
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    patterns = []
    for label in labels:
        phase, frequency = random.uniform(0, 6), random.uniform(15, 30)
        shape = (np.hypot(x - 0.5, y - 0.5), x, x + 0.2 * np.sin(9 * y))[label]
        wave = 128 + 60 * np.sin(frequency * shape + phase)
        tint = random.uniform(0.6, 1.4, 3)
        patterns.append(wave[..., None] * tint + random.normal(0, 15, (SIZE, SIZE, 3)))
    return np.clip(np.stack(patterns), 0, 255).astype("uint8"), labels


def write_images(folder, images, labels):
    """PNG files of the network's own size: sorted by class and name, they are in the order of `images`."""
    for index, (image, label) in enumerate(zip(images, labels)):
        path = folder / CLASSES[label] / f"{index:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)


def normalized(images):
    """As `--normalize symmetric`: -1 to 1."""
    planes = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2))).float()
    return (planes - 127.5) / 127.5


def trained_start(random):
    """A network with the statistics of images other than those of the check, as one that was trained before."""
    torch.manual_seed(11)
    net = ResNet18(len(CLASSES))
    for norm in norms_of(net).values():
        norm.momentum = None
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.uniform_(norm.bias, -0.2, 0.2)
    with torch.no_grad():
        for _ in range(2):
            net(normalized(draw_images(random)[0]))
    return net


def train_torch(start, policy, images, labels):
    """The loss of each step, and the running statistics after the last."""
    net = ResNet18(len(CLASSES))
    net.load_state_dict(start.state_dict())
    net.train()
    moves, trains = POLICIES[policy]
    for norm in norms_of(net).values():
        norm.train(moves)
        norm.requires_grad_(trains)
    trained = [each for each in net.parameters() if each.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=RATE, momentum=MOMENTUM)
    inputs, targets = normalized(images), torch.from_numpy(labels)
    losses = []
    for _ in range(EPOCHS):
        for first in range(0, len(labels), BATCH):
            loss = nn.functional.cross_entropy(net(inputs[first : first + BATCH]), targets[first : first + BATCH])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses, norms_of(net)


def normlab(home, *args):
    """Runs a command of the lab and returns the JSON object that it prints."""
    node = os.environ.get("NORMLAB_INTEROP_NODE", "node")
    environment = {**os.environ, "NORMLAB_HOME": str(home)}
    command = [node, NORMLAB, *map(str, args), "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf8", env=environment)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


class FineTuning(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="normlab-fine-tuning-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.home = cls.folder / "home"
        random = np.random.default_rng(11)
        with one_thread():
            cls.start = trained_start(random)
        cls.images, cls.labels = draw_images(random)
        write_images(cls.folder / "images", cls.images, cls.labels)
        # With the class names in the file, the lab keeps the head.
        torch.save({"state_dict": cls.start.state_dict(), "classes": CLASSES}, cls.folder / "start.pth")

    def train_ours(self, policy):
        """The loss of each step, and the tensors of the last checkpoint."""
        run = self.folder / f"run-{policy}"
        choices = {
            **{"--from": self.folder / "start.pth", "--data": self.folder / "images"},
            **{"--size": f"{SIZE}x{SIZE}", "--resize": "stretch", "--normalize": "symmetric"},
            **{"--train": "all", "--bn": policy, "--augment": "none", "--val-split": 0},
            **{"--epochs": EPOCHS, "--batch": BATCH, "--optimizer": "sgd", "--momentum": MOMENTUM},
            **{"--lr": RATE, "--schedule": "constant", "--warmup": 0, "--weight-decay": 0},
            **{"--precision": "f32", "--out": run},
        }
        normlab(self.home, "train", "--no-shuffle", *(part for pair in choices.items() for part in pair))
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text("utf8").splitlines()]
        losses = [line["loss"] for line in lines if line["kind"] == "step"]
        return losses, load_file(run / "checkpoint.safetensors")

    def assert_statistics(self, norm, tensors, block):
        for field, running in (("mean", norm.running_mean), ("variance", norm.running_var)):
            theirs = running.numpy()
            difference = float(np.abs(tensors[f"{block}.{field}"] - theirs).max())
            most = STATISTICS_TOLERANCE * max(1.0, float(np.abs(theirs).max()))
            self.assertLessEqual(difference, most, f"{field} of {block}")

    def assert_affine(self, pair, tensors, block, trains):
        """Gamma and beta have changed as in PyTorch, or not at all. `pair`: before and after PyTorch's training."""
        for field, name in (("gamma", "weight"), ("beta", "bias")):
            before, theirs = (getattr(norm, name).detach().numpy() for norm in pair)
            change, wanted = tensors[f"{block}.{field}"] - before, theirs - before
            self.assertEqual(bool(np.any(change)), trains, f"{field} of {block}")
            most = CHANGE_TOLERANCE * np.linalg.norm(wanted)
            self.assertLessEqual(np.linalg.norm(change - wanted), most, f"change of {field} of {block}")

    def check(self, policy):
        with one_thread():
            losses, norms = train_torch(self.start, policy, self.images, self.labels)
        ours, tensors = self.train_ours(policy)
        self.assertEqual(len(ours), len(losses))
        # The same batch, an epoch later.
        moved = abs(losses[0] - losses[len(losses) // EPOCHS])
        self.assertGreater(moved, 20 * LOSS_TOLERANCE, "the training moves too little")
        difference = float(np.abs(np.subtract(ours, losses)).max())
        self.assertLessEqual(difference, LOSS_TOLERANCE, f"losses {ours} and {losses}")
        moves, trains = POLICIES[policy]
        for name, before in norms_of(self.start).items():
            # `layer1.0.bn1` is the block `layer1_0_bn1`.
            after, block = norms[name], name.replace(".", "_")
            self.assert_statistics(after, tensors, block)
            self.assertEqual(torch.equal(before.running_mean, after.running_mean), not moves, name)
            self.assert_affine((before, after), tensors, block, trains)


def add_tests():
    for policy in POLICIES:
        setattr(FineTuning, f"test_{policy}", lambda self, policy=policy: self.check(policy))


add_tests()


if __name__ == "__main__":
    unittest.main()
