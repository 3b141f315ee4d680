"""EfficientNet-Lite0 with its published weights: the same classes as in PyTorch for every photo.

The weights are those of `npm run models:fetch`; NORMLAB_PHOTOS names a folder of photos.
"""

import os
import pathlib
import tempfile
import unittest

import numpy as np
from foreign_files import logits_of_ours
from PIL import Image, ImageOps

WEIGHTS = pathlib.Path(__file__).parents[1] / "out" / "models" / "efficientnet-lite0" / "efficientnet-lite0.pth"
PHOTOS = os.environ.get("NORMLAB_PHOTOS", "")
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
RESIZED, SIZE = 256, 224
# Relative to the largest logit: float32 rounding, measured 1.9e-6.
TOLERANCE = 1e-5

import torch
from efficientnet_lite_pytorch import EfficientNet
if not WEIGHTS.exists():
    raise unittest.SkipTest("the weights are not there: npm run models:fetch")
if not pathlib.Path(PHOTOS, "train").is_dir():
    raise unittest.SkipTest("no photos: set NORMLAB_PHOTOS to a folder with train and test")


def image_of(file):
    """[3, 224, 224]: the shorter side resized to 256, the centre cropped, as TensorFlow normalizes for these weights."""
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    scale = RESIZED / min(image.size)
    width, height = (max(RESIZED, int(side * scale)) for side in image.size)
    left, top = (width - SIZE) // 2, (height - SIZE) // 2
    image = image.resize((width, height), Image.Resampling.BILINEAR).crop((left, top, left + SIZE, top + SIZE))
    return (np.asarray(image, "float32").transpose(2, 0, 1) - 127) / 128


class Pretrained(unittest.TestCase):
    def test_classes_and_logits_of_photos(self):
        files = sorted(file for file in pathlib.Path(PHOTOS).rglob("*") if file.suffix.lower() in ENDINGS)
        images = np.stack([image_of(file) for file in files])
        self.assertGreaterEqual(len(images), 20)
        net = EfficientNet.from_name("efficientnet-lite0")
        net.load_state_dict(torch.load(WEIGHTS, map_location="cpu"))
        net.eval()
        with torch.inference_mode():
            theirs = np.concatenate([net(torch.from_numpy(images[at : at + 16])).numpy() for at in range(0, len(images), 16)])
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder, WEIGHTS.name)
            copy.write_bytes(WEIGHTS.read_bytes())
            ours, _ = logits_of_ours(copy, images)
        self.assertEqual(ours.shape, theirs.shape)
        np.testing.assert_array_equal(ours.argmax(1), theirs.argmax(1))
        self.assertLess(np.abs(ours - theirs).max() / np.abs(theirs).max(), TOLERANCE)


if __name__ == "__main__":
    unittest.main()
