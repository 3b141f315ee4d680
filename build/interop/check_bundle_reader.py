"""examples/readers/normlab_bundle.py on every exported folder: contents, golden outputs, damage, prepared images."""

import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

import numpy as np
from PIL import Image
from safetensors.numpy import load_file

from cases import each_case

READERS = pathlib.Path(__file__).resolve().parents[2] / "examples" / "readers"
PREDICTIONS = pathlib.Path(os.environ["NORMLAB_INTEROP_PREDICTIONS"])
TARGETS = ("pytorch", "keras", "caffe", "npz")

sys.path.insert(0, str(READERS))
from normlab_bundle import BundleError, open_bundle  # noqa: E402


@each_case("npz")
class BundleReader(unittest.TestCase):
    def folders(self, case, variant):
        """The folders of a case; what a format cannot express has none."""
        paths = {target: pathlib.Path(case.path(variant, target)) for target in TARGETS}
        return {target: path for target, path in paths.items() if path.exists()}

    def check_contents(self, case, variant):
        folders = self.folders(case, variant)
        self.assertIn("npz", folders)
        wanted = load_file(case.path(variant, "safetensors"))
        for target, folder in folders.items():
            bundle = open_bundle(folder)
            self.assertEqual((bundle.target, bundle.class_names), (target, case.facts["classNames"]))
            images, logits = bundle.golden()
            np.testing.assert_array_equal(images, case.images[: len(images)])
            self.assertLessEqual(bundle.check(case.logits[: len(images)]), bundle.tolerance)
            for wrong in (logits + 2 * bundle.tolerance, logits * np.nan, logits[:, :-1]):
                self.assertRaises(BundleError, bundle.check, wrong)
            if target in ("keras", "caffe"):
                self.assertRaisesRegex(BundleError, target, bundle.tensors)
                continue
            tensors = bundle.tensors()
            names = bundle.manifest["modules"]
            for name, tensor in wanted.items():
                block, field = name.split(".")
                found = tensors[name if target == "npz" else f"{names[block]}.{field}"]
                self.assertEqual((found.dtype, found.tobytes()), (tensor.dtype, tensor.tobytes()), name)

    def check_golden_inputs(self, case, variant):
        mean, deviation = (np.reshape(case.facts[key], (1, -1, 1, 1)) for key in ("mean", "deviation"))
        for target, folder in self.folders(case, variant).items():
            found = open_bundle(folder).golden_inputs()
            planes = case.planes()[: len(found)]
            is_bgr = open_bundle(folder).preprocessing["colour"] == "BGR"
            planes = planes[:, ::-1] if is_bgr else planes
            wanted = planes if target == "caffe" else (planes - mean) / deviation
            wanted = wanted.transpose(0, 2, 3, 1) if target == "keras" else wanted
            self.assertEqual(found.dtype, np.float32)
            np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-6, err_msg=target)


class DamagedBundle(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)

    def copies(self):
        for source in (PREDICTIONS / "fit-3", PREDICTIONS / "fit-3-keras"):
            yield pathlib.Path(shutil.copytree(source, f"{self.temporary.name}/{source.name}"))

    def test_flipped_byte(self):
        for folder in self.copies():
            for path in sorted(folder.iterdir()):
                whole = path.read_bytes()
                middle = len(whole) // 2
                path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
                self.assertRaisesRegex(BundleError, path.name, open_bundle, folder)
                path.write_bytes(whole[:-1])
                self.assertRaisesRegex(BundleError, path.name, open_bundle, folder)
                path.unlink()
                self.assertRaisesRegex(BundleError, f"{path.name} is missing", open_bundle, folder)
                path.write_bytes(whole)
            open_bundle(folder)

    def test_damage_after_opening(self):
        folder = next(self.copies())
        bundle = open_bundle(folder)
        with open(folder / "model.safetensors", "r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"\x5a")
        self.assertRaisesRegex(BundleError, "model.safetensors is damaged", bundle.tensors)

    def test_other_manifests(self):
        folder = next(self.copies())
        manifest = json.loads((folder / "normlab.json").read_text("utf-8"))
        for changed, words in (
            ({**manifest, "version": 2}, "version 2"),
            ({**manifest, "format": "other"}, "no manifest"),
            ([], "no manifest"),
            ({**manifest, "class_names": []}, "damaged"),
        ):
            (folder / "normlab.json").write_text(json.dumps(changed), "utf-8")
            self.assertRaisesRegex(BundleError, words, open_bundle, folder)


class PreparedImages(unittest.TestCase):
    def test_bytes(self):
        # Images of more than 8 bits are bytes before they come here.
        files = sorted(file for file in PREDICTIONS.glob("*.json") if not file.stem.startswith("deep-"))
        self.assertEqual(len(files), 8)
        for expected in files:
            bundle = open_bundle(PREDICTIONS / expected.stem)
            for each in json.loads(expected.read_text("utf-8")):
                with Image.open(each["file"]) as image:
                    if image.format != "PNG" or image.mode == "RGBA":
                        continue
                    pixels = np.asarray(image)
                resized = bundle.resize(pixels)
                np.testing.assert_array_equal(resized.ravel(), each["bytes"], f"{expected.stem} {each['file']}")
                np.testing.assert_array_equal(bundle.prepare(pixels), bundle.normalize(resized[None]))

    def test_refuses_no_images(self):
        bundle = open_bundle(PREDICTIONS / "fit-3")
        for wrong in (np.zeros((4, 4, 2), "uint8"), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), "uint8")):
            self.assertRaises(ValueError, bundle.prepare, wrong)
