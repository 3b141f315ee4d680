"""safetensors files: the format's own reader finds every tensor, and the metadata holds what the tensors do not."""

import json
import unittest

import numpy as np
import onnx
from safetensors import safe_open
from safetensors.numpy import load_file

from cases import each_case
from check_onnx import metadata_of


def metadata_in(path):
    with safe_open(path, "numpy") as file:
        return file.metadata()


def updates(params):
    """Whether training steps change what a BatchNorm block stores; a decay of 1 leaves it unchanged."""
    return params["updateStatistics"] and not (params["averaging"] == "decay" and params["decay"] == 1)


@each_case("safetensors")
class SafetensorsFile(unittest.TestCase):
    def check_tensors(self, case, variant):
        tensors = load_file(case.path(variant, "safetensors"))
        found = {name: [str(value.dtype), list(value.shape)] for name, value in tensors.items()}
        self.assertEqual(found, case.facts["tensors"][variant])
        project = json.loads(metadata_in(case.path(variant, "safetensors"))["normlab.project"])
        for name, value in tensors.items():
            self.assertTrue(np.isfinite(value).all(), name)
            if name.endswith(".num_batches_tracked"):
                block = project["graph"]["nodes"][name.removesuffix(".num_batches_tracked")]
                self.assertEqual(value.item(), case.facts["batchesSeen"] if updates(block["params"]) else 0, name)

    def check_bytes(self, case, variant):
        tensors = load_file(case.path(variant, "safetensors"))
        for name in case.tensors(variant):
            case.assert_bytes(self, variant, name, tensors[name], "safetensors")

    def check_metadata(self, case, variant):
        metadata = metadata_in(case.path(variant, "safetensors"))
        self.assertEqual(metadata["format"], "pt")
        self.assertEqual(json.loads(metadata["normlab.class_names"]), case.facts["classNames"])
        preprocessing = json.loads(metadata["normlab.preprocessing"])
        self.assertEqual(preprocessing["mean_bytes"], case.facts["mean"])
        np.testing.assert_allclose(np.multiply(preprocessing["deviation_unit"], 255), case.facts["deviation"])
        project = json.loads(metadata["normlab.project"])
        self.assertEqual(project["format"], "normlab-project")
        self.assertEqual(json.loads(metadata["normlab.statistics"])["batches_seen"], case.facts["batchesSeen"])

    def check_same_as_onnx(self, case, variant):
        """Both files hold the same constants under the same names, and the same metadata except for the normalization."""
        model = onnx.load(case.path(variant, "onnx"))
        tensors = load_file(case.path(variant, "safetensors"))
        constants = {each.name: onnx.numpy_helper.to_array(each) for each in model.graph.initializer}
        shared = [name for name in constants if name in tensors]
        floats = [name for name in tensors if not name.endswith(".num_batches_tracked")]
        self.assertEqual(sorted(shared), sorted(floats))
        for name in shared:
            # A per-channel value has dims [C, 1, 1] where ONNX multiplies an image by it.
            np.testing.assert_array_equal(constants[name].reshape(tensors[name].shape), tensors[name], name)
        ours, theirs = metadata_in(case.path(variant, "safetensors")), metadata_of(model)
        differing = {key for key in theirs if ours.get(key) != theirs[key]}
        self.assertEqual(differing, {"normlab.preprocessing"})
