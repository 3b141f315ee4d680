"""Folders for NumPy: numpy.load reads every array without pickle, with the bytes of the safetensors file."""

import importlib.util
import json
import pathlib
import unittest

import numpy as np
from safetensors.numpy import load_file

from cases import each_case
from check_safetensors import metadata_in


@each_case("npz")
class NpzFolder(unittest.TestCase):
    def folder(self, case, variant):
        return pathlib.Path(case.path(variant, "npz"))

    def check_arrays(self, case, variant):
        wanted = load_file(case.path(variant, "safetensors"))
        with np.load(self.folder(case, variant) / "weights.npz", allow_pickle=False) as file:
            self.assertEqual(set(file.files), {*wanted, "class_names"})
            self.assertEqual(file["class_names"].tolist(), case.facts["classNames"])
            for name, tensor in wanted.items():
                self.assertEqual((file[name].dtype, file[name].shape), (tensor.dtype, tensor.shape), name)
                self.assertEqual(file[name].tobytes(), tensor.tobytes(), name)
                if name in case.tensors(variant):
                    case.assert_bytes(self, variant, name, file[name], "NumPy")

    def check_metadata(self, case, variant):
        found = json.loads((self.folder(case, variant) / "metadata.json").read_text("utf-8"))
        wanted = metadata_in(case.path(variant, "safetensors"))
        del wanted["format"]
        texts = ("normlab.format", "normlab.version", "normlab.project_name")
        self.assertEqual(found, {key: text if key in texts else json.loads(text) for key, text in wanted.items()})

    def check_load(self, case, variant):
        """The functions of load.py prepare images and compute a BatchNorm."""
        spec = importlib.util.spec_from_file_location("load", self.folder(case, variant) / "load.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        weights, metadata = module.load()
        prepared = module.prepare(case.images, metadata)
        mean, deviation = (np.reshape(case.facts[key], (1, -1, 1, 1)) for key in ("mean", "deviation"))
        planes = case.planes()[:, ::-1] if metadata["normlab.preprocessing"]["colour"] == "BGR" else case.planes()
        np.testing.assert_allclose(prepared, (planes - mean) / deviation, rtol=1e-6, atol=1e-6)
        for block, facts in metadata["normlab.batch_norm"].items():
            if f"{block}.weight" not in weights:
                continue
            x = np.random.default_rng(1).normal(size=(2, facts["channels"])).astype("float32")
            gamma, beta, centre, variance = (
                weights[f"{block}.{field}"].astype("float64")
                for field in ("weight", "bias", "running_mean", "running_var")
            )
            wanted = (x - centre) / np.sqrt(variance + facts["epsilon"]) * gamma + beta
            np.testing.assert_allclose(module.batch_norm(x, block, weights, metadata), wanted, rtol=1e-4, atol=1e-4)
            image = x[:, :, None, None]
            np.testing.assert_allclose(module.batch_norm(image, block, weights, metadata)[:, :, 0, 0], wanted, rtol=1e-4, atol=1e-4)
