"""Folders for PyTorch: model.py loads both weight files strictly and returns the same logits; predict.py decodes alike."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

from cases import CASES, Case, each_case
from predictions import assert_predictions, write_images

import torch
from safetensors.torch import load_file

PREDICTIONS = pathlib.Path(os.environ["NORMLAB_INTEROP_PREDICTIONS"])


def module_at(file):
    spec = importlib.util.spec_from_file_location(f"bundle_{file.stem}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def has_beta_alone(module):
    return isinstance(module, torch.nn.GroupNorm) and module.weight is None and module.bias is not None


class Bundle:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.manifest = json.loads((self.folder / "normlab.json").read_text("utf-8"))
        self.stored = load_file(self.folder / "model.safetensors")
        self.pickled = torch.load(self.folder / "state_dict.pt", weights_only=True)

    def network(self):
        network = module_at(self.folder / "model.py").Network()
        network.load_state_dict(self.pickled, strict=True)
        return network

    def normalized(self, images):
        """Bytes [N, H, W, C] to the input of the network."""
        facts = self.manifest["preprocessing"]
        planes = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)).astype("float32"))
        if facts["colour"] == "BGR":
            planes = planes.flip(1)
        mean, deviation = (
            torch.tensor(facts[key]).view(1, -1, 1, 1) for key in ("mean_bytes", "deviation_bytes")
        )
        return (planes - mean) / deviation


@each_case("pytorch")
class TorchBundle(unittest.TestCase):
    def bundle(self, case, variant):
        return Bundle(case.path(variant, "pytorch"))

    def check_logits(self, case, variant):
        bundle = self.bundle(case, variant)
        with torch.no_grad():
            case.assert_logits(self, bundle.network().eval()(bundle.normalized(case.images)).numpy(), "PyTorch")

    def check_state_dict(self, case, variant):
        bundle = self.bundle(case, variant)
        wanted = bundle.network().state_dict()
        self.assertIs(type(bundle.pickled), type(wanted))
        self.assertEqual(list(bundle.pickled), list(wanted))
        self.assertEqual(set(bundle.pickled), set(bundle.stored))
        for name, tensor in bundle.pickled.items():
            self.assertEqual((tensor.dtype, tensor.shape), (wanted[name].dtype, wanted[name].shape))
            self.assertTrue(torch.equal(tensor, bundle.stored[name]), name)
            if name.endswith("num_batches_tracked"):
                self.assertEqual((tensor.dtype, tensor.dim()), (torch.int64, 0))

    def check_names(self, case, variant):
        manifest = self.bundle(case, variant).manifest
        self.assertEqual(manifest["class_names"], case.facts["classNames"])
        self.assertEqual(manifest["project_name"], case.facts["projectName"])

    def check_golden(self, case, variant):
        bundle = self.bundle(case, variant)
        golden = load_file(bundle.folder / bundle.manifest["golden"]["file"])
        with torch.no_grad():
            logits = bundle.network().eval()(bundle.normalized(golden["images"].numpy()))
        difference = float((logits - golden["logits"]).abs().max())
        self.assertLessEqual(difference, bundle.manifest["golden"]["tolerance"])

    def check_batch_norm(self, case, variant):
        bundle = self.bundle(case, variant)
        norms = {
            name: module
            for name, module in bundle.network().named_modules()
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm)
        }
        facts = bundle.manifest["batch_norm"]
        folding = bundle.manifest.get("folding", {})
        kept = [block for block in facts if folding.get(block, {}).get("into") is None]
        self.assertEqual(set(norms), {bundle.manifest["modules"][block] for block in kept})
        project = json.loads(metadata_of(bundle)["normlab.project"])["graph"]["nodes"]
        for block in kept:
            module = norms[bundle.manifest["modules"][block]]
            self.assertAlmostEqual(module.eps, facts[block]["epsilon"], delta=1e-12)
            params = project[block]["params"]
            momentum = facts[block]["pytorch_momentum"] if params["updateStatistics"] else 0.0
            self.assertEqual(module.momentum, momentum)
            self.assertEqual(int(module.num_batches_tracked), facts[block]["batches_seen"])

    def check_batch_norm_bytes(self, case, variant):
        bundle = self.bundle(case, variant)
        blocks = {module: block for block, module in bundle.manifest["modules"].items()}
        for name, module in bundle.network().named_modules():
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                for field in ("weight", "bias", "running_mean", "running_var"):
                    held = getattr(module, field).detach().numpy()
                    case.assert_bytes(self, variant, f"{blocks[name]}.{field}", held, "PyTorch")

    def check_training_step(self, case, variant):
        """A step in train() moves the statistics by PyTorch's rule with the momentum of model.py, and all stays finite."""
        bundle = self.bundle(case, variant)
        network = bundle.network().train()
        seen = {}
        for name, module in network.named_modules():
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                before = module.running_mean.clone(), int(module.num_batches_tracked)
                module.register_forward_hook(
                    lambda module, inputs, _, name=name, before=before: seen.update(
                        {name: (module, inputs[0].detach(), before)}
                    )
                )
        logits = network(bundle.normalized(case.images[: len(case.exact)]))
        loss = torch.nn.functional.cross_entropy(logits, torch.arange(len(logits)) % logits.shape[1])
        if int(torch.__version__.split(".")[0]) < 2 and any(map(has_beta_alone, network.modules())):
            self.skipTest("PyTorch 1 has no gradient of a GroupNorm with beta and without gamma")
        loss.backward()
        torch.optim.SGD(network.parameters(), 1e-4, momentum=0.9).step()
        for field, value in [("loss", loss), *network.state_dict().items()]:
            self.assertTrue(bool(torch.isfinite(value).all()), field)
        for name, (module, x, (mean, count)) in seen.items():
            batch = x.mean([axis for axis in range(x.dim()) if axis != 1])
            momentum = 1 / (count + 1) if module.momentum is None else module.momentum
            wanted = (1 - momentum) * mean + momentum * batch
            self.assertTrue(torch.allclose(module.running_mean, wanted, rtol=1e-4, atol=1e-5), name)


def metadata_of(bundle):
    with open(bundle.folder / "model.safetensors", "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(size))["__metadata__"]


def run_predict(folder, *arguments):
    return subprocess.run(
        [sys.executable, str(folder / "predict.py"), *arguments], capture_output=True, text=True, check=False
    )


class TorchPredict(unittest.TestCase):
    def folders(self):
        return sorted(path.parent / path.stem for path in PREDICTIONS.glob("*.json"))

    def test_probabilities(self):
        self.assertEqual(len(self.folders()), 11)
        for folder in self.folders():
            expected = json.loads((folder.parent / f"{folder.name}.json").read_text("utf-8"))
            done = run_predict(folder, "--json", "--batch-size", "3", *(each["file"] for each in expected))
            self.assertEqual(done.returncode, 0, done.stderr)
            for line, each in zip(done.stdout.splitlines(), expected, strict=True):
                found = json.loads(line)
                self.assertEqual(found["file"], each["file"])
                classes = json.loads((folder / "normlab.json").read_text("utf-8"))["class_names"]
                shares = dict(found["probabilities"])
                for name, wanted in zip(classes, each["probabilities"], strict=True):
                    self.assertAlmostEqual(shares[name], wanted, delta=1e-4, msg=f"{folder.name} {each['file']}")
                top = classes[int(np.argmax(each["probabilities"]))]
                self.assertEqual(found["probabilities"][0][0], top)

    def test_check(self):
        done = run_predict(self.folders()[0], "--check")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_colors_of_16_bits_are_refused_where_a_range_needs_them(self):
        name = str(PREDICTIONS / "images" / "color16.png")
        folder = PREDICTIONS / "deep-ranges-3"
        done = run_predict(folder, name)
        self.assertEqual(done.returncode, 1)
        self.assertIn("color16.png: Pillow reads only the high bytes", done.stderr)

    def test_hostile_names(self):
        case = Case(CASES / "hostile-names")
        with tempfile.TemporaryDirectory() as place:
            files = write_images(case, pathlib.Path(place))
            done = run_predict(pathlib.Path(case.path("plain", "pytorch")), "--json", "--top", "99", *files)
        assert_predictions(self, case, done)

    def test_unreadable_image(self):
        folder = self.folders()[0]
        done = run_predict(folder, str(folder / "model.py"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("model.py", done.stderr)

    def test_leaves_nothing_behind(self):
        folder = self.folders()[0]
        run_predict(folder, "--check")
        listed = json.loads((folder / "normlab.json").read_text("utf-8"))["files"]
        self.assertEqual({path.name for path in folder.iterdir()}, {*listed, "normlab.json"})
