"""Model files that Python writes and our readers read."""

import base64
import json
import os
import pathlib
import subprocess

import numpy as np

IMPORT_LOGITS = pathlib.Path(__file__).parent / "importLogits.ts"
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


def logits_of_ours(path, images):
    """Our logits of a file that describes its network, and what importLogits.ts says about the network."""
    source, target = path.with_suffix(".in.f32"), path.with_suffix(".out.f32")
    images.astype("<f4").tofile(source)
    command = [os.environ.get("NORMLAB_INTEROP_NODE", "node"), str(IMPORT_LOGITS), str(path), str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr[-2000:])
    return np.fromfile(target, "<f4").reshape(len(images), -1), json.loads(done.stdout.splitlines()[-1])


def assert_tensors(test, found, wanted):
    """The same names in the same order, dims, types, and values equal to float32 arrays, NaN included."""
    test.assertNotIn("error", found)
    names = [tensor["name"] for tensor in found["tensors"]]
    test.assertEqual(names, list(wanted))
    for tensor, (values, dtype) in zip(found["tensors"], wanted.values()):
        test.assertEqual(tensor["dims"], list(values.shape), tensor["name"])
        test.assertEqual(tensor["dtype"], dtype, tensor["name"])
        np.testing.assert_array_equal(tensor["values"], values, tensor["name"])
