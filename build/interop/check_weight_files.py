"""Our readers find in safetensors and npz files what their own libraries wrote."""

import json
import pathlib
import tempfile
import unittest

import numpy as np
from safetensors.numpy import save_file

from foreign_files import assert_tensors, read_files

DTYPES = {
    "float64": "f64",
    "float32": "f32",
    "float16": "f16",
    "int64": "i64",
    "int32": "i32",
    "int16": "i16",
    "int8": "i8",
    "uint64": "u64",
    "uint32": "u32",
    "uint16": "u16",
    "uint8": "u8",
    "bool": "bool",
}


def as_wanted(arrays):
    with np.errstate(over="ignore"):
        return {name: (value.astype("float32"), DTYPES[value.dtype.name]) for name, value in arrays.items()}


def every_array():
    random = np.random.default_rng(1)
    special = {
        "float16": [1.5, 6e-8, -65504, np.inf, np.nan],
        "float64": [1 / 3, 1e300, 1 + 2**-24],
        "int64": [-(2**63), 2**62 + 2**38 + 1],
        "uint64": [2**64 - 1, 2**53 + 1],
    }
    arrays = {
        f"of.{name}": np.array(special.get(name, random.integers(0, 100, (2, 3))), dtype=name) for name in DTYPES
    }
    return {**arrays, "scalar": np.array(2.5, "float32"), "empty": np.zeros((0, 3), "float32")}


class WeightFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.holder.name)

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def test_npz(self):
        arrays = every_array()
        for name in list(arrays):
            if arrays[name].dtype.itemsize > 1:
                arrays[f"big.{name}"] = arrays[name].astype(arrays[name].dtype.newbyteorder(">"))
        arrays["fortran"] = np.asfortranarray(np.arange(24, dtype="float32").reshape(2, 3, 4))
        wanted = as_wanted(arrays)
        classes = np.array(["cat", "dög"])
        np.savez(self.folder / "stored.npz", classes=classes, **arrays)
        np.savez_compressed(self.folder / "packed.npz", classes=classes, **arrays)
        for found in read_files([self.folder / "stored.npz", self.folder / "packed.npz"]):
            assert_tensors(self, found, wanted)
            self.assertEqual(found["classNames"], ["cat", "dög"])

    def test_npy(self):
        for version in [(1, 0), (2, 0), (3, 0)]:
            path = self.folder / f"array{version[0]}.npy"
            values = np.arange(6, dtype="float32").reshape(2, 3).T
            with open(path, "wb") as file:
                np.lib.format.write_array(file, values, version=version)
            assert_tensors(self, read_files([path])[0], {path.stem: (values, "f32")})

    def test_object_arrays_are_refused(self):
        np.savez(self.folder / "objects.npz", weights=np.array([{}, None], dtype=object))
        found = read_files([self.folder / "objects.npz"])[0]
        self.assertEqual(found["code"], "model-unsupported")

    def test_safetensors(self):
        path = self.folder / "model.safetensors"
        arrays = every_array()
        save_file(arrays, path, metadata={"format": "np"})
        found = read_files([path])[0]
        found["tensors"].sort(key=lambda tensor: tensor["name"])
        assert_tensors(self, found, dict(sorted(as_wanted(arrays).items())))
        self.assertEqual(found["metadata"], {"format": "np"})

    def test_safetensors_in_several_files(self):
        folder = self.folder / "sharded"
        folder.mkdir()
        names = [f"model-0000{at}-of-00003.safetensors" for at in (1, 2, 3)]
        arrays = {f"layer{at}.weight": np.full((2, at), at, "float32") for at in (1, 2, 3)}
        for name, (key, value) in zip(names, arrays.items()):
            save_file({key: value}, folder / name)
        index = folder / "model.safetensors.index.json"
        # Without an index the names of the files say which belong together.
        assert_tensors(self, read_files([folder / names[1]])[0], as_wanted(arrays))
        index.write_text(json.dumps({"metadata": {"total_size": 48}, "weight_map": dict(zip(arrays, names))}))
        for found in read_files([index, folder / names[1]]):
            assert_tensors(self, found, as_wanted(arrays))
        (folder / names[2]).unlink()
        for found in read_files([index, folder / names[0]]):
            self.assertEqual(found["code"], "model-invalid")
            self.assertIn(names[2], found["error"])
