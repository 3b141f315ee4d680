"""ONNX files with their preprocessing inside: images of any size as bytes, against what NormLab decodes and predicts."""

import json
import os
import pathlib
import unittest

import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator
from PIL import Image, ImageChops, ImageOps

PREDICTIONS = pathlib.Path(os.environ["NORMLAB_INTEROP_PREDICTIONS"])
PIXELS = "preprocessing.images.pixels.out"


def load(file, channels):
    """Returns an image as bytes [1, H, W, C], upright and over black where it is transparent."""
    image = ImageOps.exif_transpose(Image.open(file))
    if "A" in image.getbands():
        alpha = image.getchannel("A")
        image = ImageChops.multiply(image.convert("RGB"), Image.merge("RGB", [alpha] * 3))
    pixels = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    return pixels.reshape(1, *pixels.shape[:2], channels)


class Prepared:
    def __init__(self, expected):
        self.name = expected.stem
        self.channels = int(self.name[-1])
        self.expected = json.loads(expected.read_text("utf-8"))
        self.model = onnx.load(expected.with_suffix(".onnx"))
        self.with_pixels = onnx.ModelProto()
        self.with_pixels.CopyFrom(self.model)
        self.with_pixels.graph.output.append(onnx.helper.make_tensor_value_info(PIXELS, onnx.TensorProto.FLOAT, None))
        self.session = onnxruntime.InferenceSession(
            self.with_pixels.SerializeToString(), providers=["CPUExecutionProvider"]
        )

    def run(self, images):
        probabilities, pixels = self.session.run(["probabilities", PIXELS], {"images": images})
        return probabilities, pixels.transpose(0, 2, 3, 1)


class OnnxPreprocessing(unittest.TestCase):
    def each(self):
        # Images of more than 8 bits are bytes before they come here.
        files = sorted(file for file in PREDICTIONS.glob("*.json") if not file.stem.startswith("deep-"))
        self.assertEqual(len(files), 8)
        for file in files:
            yield Prepared(file)

    def test_valid(self):
        for prepared in self.each():
            onnx.checker.check_model(prepared.model, full_check=True)
            [images] = prepared.model.graph.input
            tensor = images.type.tensor_type
            self.assertEqual(tensor.elem_type, onnx.TensorProto.UINT8)
            dims = [dim.dim_param or dim.dim_value for dim in tensor.shape.dim]
            self.assertEqual(dims, ["N", "H", "W", prepared.channels])
            metadata = {entry.key: entry.value for entry in prepared.model.metadata_props}
            facts = json.loads(metadata["normlab.preprocessing"])
            self.assertEqual((facts["layout"], facts["element_type"], facts["any_size"]), ("NHWC", "uint8", True))
            self.assertEqual(facts["resize"], prepared.name[:-2])

    def test_bytes_and_probabilities(self):
        for prepared in self.each():
            for each in prepared.expected:
                file = pathlib.Path(each["file"])
                probabilities, pixels = prepared.run(load(file, prepared.channels))
                difference = np.abs(pixels.ravel() - np.array(each["bytes"]))
                where = f"{prepared.name} {file.name}: {difference.max()}"
                is_whole = file.suffix == ".png" or prepared.name.startswith("crop")
                if is_whole and (prepared.channels == 3 or file.name == "grey.png"):
                    self.assertEqual(difference.max(), 0, where)
                    np.testing.assert_allclose(probabilities[0], each["probabilities"], atol=1e-5, err_msg=where)
                elif is_whole:
                    # Made grey before it was resized, not after.
                    self.assertLessEqual(difference.max(), 3, where)
                else:
                    # NormLab decodes a large JPEG smaller first.
                    self.assertLessEqual(difference.mean(), 4, where)

    def test_several_images(self):
        for prepared in self.each():
            noise = np.random.default_rng(5).integers(0, 256, (3, 45, 33, prepared.channels), "uint8")
            together, _ = prepared.run(noise)
            alone = np.concatenate([prepared.run(noise[n : n + 1])[0] for n in range(3)])
            np.testing.assert_allclose(together, alone, atol=1e-6)

    def test_reference_of_onnx(self):
        """onnx's own evaluator, in NumPy, gives the same bytes: the graph does not lean on one runtime."""
        for prepared in self.each():
            for height, width in ((45, 33), (7, 90)):
                noise = np.random.default_rng(6).integers(0, 256, (2, height, width, prepared.channels), "uint8")
                _, pixels = prepared.run(noise)
                [found] = ReferenceEvaluator(prepared.with_pixels).run([PIXELS], {"images": noise})
                np.testing.assert_array_equal(found.transpose(0, 2, 3, 1), pixels, prepared.name)
