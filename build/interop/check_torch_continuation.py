"""The exported PyTorch model trains one more epoch with the losses and the statistics of the lab's own continuation."""

import importlib.util
import unittest

import torch

from continuation import Continuation, names
from measured import measure


def network_of(continuation):
    spec = importlib.util.spec_from_file_location("continued_model", continuation.bundle / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.Network()
    network.load_state_dict(torch.load(continuation.bundle / "state_dict.pt", weights_only=True), strict=True)
    return network.train()


def optimizer_of(continuation, network):
    if continuation.settings["optimizer"] == "sgd":
        momentum = float(continuation.settings["momentum"])
        return torch.optim.SGD(network.parameters(), lr=continuation.rate, momentum=momentum)
    return torch.optim.Adam(network.parameters(), lr=continuation.rate, eps=float(continuation.settings["epsilon"]))


class TorchContinuation(unittest.TestCase):
    def check(self, name):
        continuation = Continuation(name)
        network = network_of(continuation)
        optimizer = optimizer_of(continuation, network)
        before = {key: value.clone().numpy() for key, value in network.state_dict().items()}
        losses = []
        for images, labels in continuation.batches():
            planes = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())
            loss = torch.nn.functional.cross_entropy(network(planes), torch.from_numpy(labels))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        continuation.assert_losses(self, losses, measure)
        after = {key: value.numpy() for key, value in network.state_dict().items()}
        for block in ("bn1", "bn2", "bn3"):
            for ours, theirs in (("mean", "running_mean"), ("variance", "running_var")):
                pair = before[f"{block}.{theirs}"], after[f"{block}.{theirs}"]
                continuation.assert_statistics(self, f"{block}.{ours}", *pair, measure)

    def test_sgd(self):
        self.check("pytorch-sgd")

    def test_adam(self):
        self.check("pytorch-adam")

    def test_every_continuation(self):
        self.assertEqual(names("pytorch"), ["pytorch-adam", "pytorch-sgd"])
