"""Model files that Python writes and our readers read."""

import base64
import json
import os
import pathlib
import subprocess

import numpy as np

PRINT_TENSORS = pathlib.Path(__file__).parent / "printTensors.ts"


def read_files(paths, part=None):
    """What our readers find in the files: one dict for each, with arrays in place of the values."""
    command = [os.environ.get("NORMLAB_INTEROP_NODE", "node"), str(PRINT_TENSORS)]
    command += [] if part is None else ["--part", part]
    done = subprocess.run(command + [str(path) for path in paths], capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for each in found:
        for tensor in each.get("tensors", []):
            values = np.frombuffer(base64.b64decode(tensor["values"]), "<f4")
            tensor["values"] = values.reshape(tensor["dims"])
    return found


def assert_tensors(test, found, wanted):
    """The same names in the same order, dims, types, and values equal to float32 arrays, NaN included."""
    test.assertNotIn("error", found)
    names = [tensor["name"] for tensor in found["tensors"]]
    test.assertEqual(names, list(wanted))
    for tensor, (values, dtype) in zip(found["tensors"], wanted.values()):
        test.assertEqual(tensor["dims"], list(values.shape), tensor["name"])
        test.assertEqual(tensor["dtype"], dtype, tensor["name"])
        np.testing.assert_array_equal(tensor["values"], values, tensor["name"])
