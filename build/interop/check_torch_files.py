"""Our reader finds in files of torch.save what torch.load finds, and executes nothing of them."""

import argparse
import collections
import os
import pathlib
import tempfile
import unittest

import numpy as np

from foreign_files import assert_tensors, read_files

import torch

from legacy_tar import save_tar

DTYPES = {
    "float64": "f64",
    "float32": "f32",
    "float16": "f16",
    "bfloat16": "bf16",
    "int64": "i64",
    "int32": "i32",
    "int16": "i16",
    "int8": "i8",
    "uint8": "u8",
    "bool": "bool",
    "uint16": "u16",
}


def as_wanted(state):
    return {
        name: (tensor.detach().to(torch.float32).numpy(), DTYPES[str(tensor.dtype).split(".")[1]])
        for name, tensor in state.items()
    }


def every_tensor():
    """Every type that PyTorch 1.13 has, views of several kinds, and special values."""
    base = torch.arange(24.0).reshape(4, 6)
    tensors = collections.OrderedDict(
        weight=torch.randn(3, 2, 3, 3),
        half=torch.tensor([1.5, 6e-8, -65504, float("inf"), float("nan"), 1e-5]).half(),
        brain=torch.randn(7).bfloat16(),
        double=torch.tensor([1 / 3, 1e300, 1e-300, 1 + 2**-24], dtype=torch.float64),
        counter=torch.tensor(2**62 + 2**38 + 1),
        int32=torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
        int16=torch.tensor([-300, 300], dtype=torch.int16),
        int8=torch.tensor([-128, 127], dtype=torch.int8),
        uint8=torch.tensor([0, 255], dtype=torch.uint8),
        flags=torch.tensor([True, False, True]),
        transposed=base.t(),
        part=base[1:3, ::2],
        permuted=torch.randn(2, 3, 4).permute(2, 0, 1),
        channels_last=torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        expanded=torch.ones(1).expand(5),
        empty=torch.empty(0, 3),
        alone=torch.tensor(2.5),
    )
    if hasattr(torch, "uint16"):
        tensors["wide"] = torch.tensor([60000], dtype=torch.uint16)
    return tensors


def network():
    torch.manual_seed(1)
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False))
    )


class Hostile:
    def __reduce__(self):
        return (os.mkdir, (str(TorchFiles.marker),))


class TorchFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.holder.name)
        cls.marker = cls.folder / "executed"

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def save(self, name, value, **options):
        torch.save(value, self.folder / name, **options)
        return self.folder / name

    def test_every_type_and_view_in_both_formats(self):
        state = every_tensor()
        # PyTorch itself cannot write the unsigned types in the old format.
        old = collections.OrderedDict((name, value) for name, value in state.items() if name != "wide")
        paths = [self.save("new.pth", state)]
        paths += [self.save(f"new{p}.pth", state, pickle_protocol=p) for p in (3, 4, 5)]
        paths += [
            self.save(f"old{p}.pth", old, pickle_protocol=p, _use_new_zipfile_serialization=False) for p in (2, 4)
        ]
        for found in read_files(paths[:4]):
            assert_tensors(self, found, as_wanted(state))
        for found in read_files(paths[4:]):
            assert_tensors(self, found, as_wanted(old))

    def test_tar_archives_of_the_first_versions(self):
        base = torch.arange(6.0)
        state = collections.OrderedDict(
            a=torch.randn(2, 2), b=base[:4], c=base.reshape(2, 3).t(), d=torch.randn(3).double(), n=torch.tensor(7)
        )
        path = self.folder / "old.tar.pth"
        save_tar(state, path)
        try:
            loaded = torch.load(path, weights_only=False)
        except TypeError:
            loaded = torch.load(path)
        self.assertTrue(all(torch.equal(loaded[name], state[name]) for name in state))
        assert_tensors(self, read_files([path])[0], as_wanted(loaded))

    def test_checkpoints(self):
        net, averaged = network(), network()
        with torch.no_grad():
            averaged[0].weight.add_(1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
        net[2](torch.randn(2, 2)).sum().backward()
        optimizer.step()
        checkpoint = {
            "epoch": 3,
            "arch": "resnet18",
            "model": torch.nn.DataParallel(net).state_dict(),
            "model_ema": averaged.state_dict(),
            "optimizer": optimizer.state_dict(),
            "args": argparse.Namespace(lr=0.1, path=pathlib.PurePosixPath("/x")),
            "class_to_idx": {"dog": 1, "cat": 0},
        }
        path = self.save("checkpoint.pth", checkpoint)
        found, chosen = read_files([path])[0], read_files([path], part="model")[0]
        assert_tensors(self, found, as_wanted(averaged.state_dict()))
        assert_tensors(self, chosen, as_wanted(net.state_dict()))
        self.assertEqual(found["classNames"], ["cat", "dog"])
        self.assertEqual(found["metadata"]["epoch"], "3")
        self.assertIn("model_ema", " ".join(found["notes"]))
        self.assertIn("module.", " ".join(chosen["notes"]))

    def test_whole_networks(self):
        net = network()
        paths = [
            self.save("whole.pth", net),
            self.save("whole_old.pth", net, _use_new_zipfile_serialization=False),
            self.save("parallel.pth", torch.nn.DataParallel(net)),
        ]
        for found in read_files(paths):
            assert_tensors(self, found, as_wanted(net.state_dict()))
        scripted = self.folder / "script.pt"
        torch.jit.script(net).save(str(scripted))
        script = read_files([scripted])[0]
        values = {tensor["name"]: tensor["values"] for tensor in script["tensors"]}
        for name, tensor in net.state_dict().items():
            np.testing.assert_array_equal(values[name], tensor.float().numpy(), name)

    def test_nothing_is_executed(self):
        paths = [
            self.save("hostile.pth", Hostile()),
            self.save("hostile_old.pth", Hostile(), _use_new_zipfile_serialization=False),
        ]
        for found in read_files(paths):
            self.assertEqual(found["code"], "model-unsupported")
            self.assertIn("mkdir", found["error"])
        beside = read_files([self.save("beside.pth", {"weight": torch.ones(2), "args": Hostile()})])[0]
        assert_tensors(self, beside, as_wanted({"weight": torch.ones(2)}))
        self.assertFalse(self.marker.exists())

    def test_tensors_that_are_not_read_are_named(self):
        strange = {
            "quantized": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
            "sparse": torch.ones(2).to_sparse(),
            "complex": torch.ones(2, dtype=torch.complex64),
            "meta": torch.ones(2, device="meta"),
            "numpy": np.ones(2),
        }
        paths = [self.save(f"{name}.pth", {"the.tensor": value}) for name, value in strange.items()]
        for found in read_files(paths):
            self.assertEqual(found["code"], "model-unsupported")
            self.assertIn("the.tensor", found["error"])
