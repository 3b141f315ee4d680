"""
Runs the files check_*.py beside this one that the arguments name. The last line of stdout is a JSON object: the counts,
the reasons of what was skipped, the largest differences that were measured, and the versions of the packages.
"""

import collections
import importlib.metadata
import json
import os
import pathlib
import platform
import sys
import unittest

from measured import MEASURED

PACKAGES = {
    "torch": "PyTorch",
    "torchvision": "torchvision",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "jax": "JAX",
    "onnx": "onnx",
    "onnxruntime": "ONNX Runtime",
    "cv2": "OpenCV",
    "safetensors": "safetensors",
    "numpy": "NumPy",
    "PIL": "Pillow",
    "h5py": "h5py",
    "tensorboard": "TensorBoard",
    "efficientnet_lite_pytorch": "efficientnet_lite_pytorch",
    "timm": "timm",
}


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def versions():
    """The versions of the packages that the checks have loaded."""
    found = {"Python": platform.python_version()}
    for module, name in PACKAGES.items():
        if module in sys.modules:
            version = getattr(sys.modules[module], "__version__", None)
            found[name] = version or importlib.metadata.version(module)
    if "keras" in sys.modules:
        found["Keras"] += f" on {sys.modules['keras'].backend.backend()}"
    return found


def main():
    here = str(pathlib.Path(__file__).parent)
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.discover(here, pattern=file) for file in sys.argv[1:])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1, resultclass=Result).run(suite)
    report = {
        "passed": result.passed,
        "failed": len(result.failures) + len(result.errors),
        "skipped": collections.Counter(reason for _, reason in result.skipped),
        "measured": MEASURED,
        "versions": versions(),
        "seconds": round(sum(os.times()[:4])),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
