"""Reads a model folder that NormLab exported: normlab.json and the files beside it. Needs NumPy and safetensors.

    bundle = open_bundle("flowers-pytorch")           # verifies the SHA-256 of every file
    inputs = bundle.prepare(np.asarray(Image.open("rose.png").convert("RGB")))
    weights = bundle.tensors()                        # folders for PyTorch and NumPy
    bundle.check(logits_of(bundle.golden_inputs()))   # raises BundleError beyond the tolerance

Copy this file into your project; docs/formats.md of NormLab describes the fields of the manifest.
"""

import hashlib
import io
import json
import math
import pathlib
import re
import zipfile

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_safetensors

MANIFEST = "normlab.json"
VERSION = 1
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
# The file of the weights by the target of the folder, where this module can read it.
WEIGHT_FILES = {"pytorch": "model.safetensors", "npz": "weights.npz"}
# The networks of these folders take bytes and normalize them themselves.
TAKES_BYTES = ("caffe",)
WEIGHT_ONE = 2**22


class BundleError(Exception):
    """The folder is not what its manifest says, or this module cannot read it."""


def open_bundle(folder):
    """Returns the Bundle in a folder after comparing the manifest and every file with their SHA-256."""
    bundle = Bundle(folder)
    for name in bundle.manifest["files"]:
        bundle.read(name)
    return bundle


class Bundle:
    """A model folder. Every file is compared with its SHA-256 whenever it is read."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.manifest = _read_manifest(self.folder)
        self.target = self.manifest["target"]
        self.class_names = self.manifest["class_names"]
        self.preprocessing = self.manifest["preprocessing"]
        self.batch_norm = self.manifest["batch_norm"]
        self.tolerance = self.manifest["golden"]["tolerance"]

    def read(self, name):
        """Returns the bytes of a file of the folder. Raises BundleError where it is missing or damaged."""
        described = self.manifest["files"].get(name)
        if described is None or not FILE_NAME.fullmatch(name):
            raise BundleError(f"{name} is no file of {self.folder}: its manifest lists {', '.join(self.manifest['files'])}")
        held = _read_file(self.folder, name)
        if len(held) != described["bytes"]:
            raise BundleError(f"{name} is damaged: it has {len(held)} bytes, and the manifest says {described['bytes']}")
        if hashlib.sha256(held).hexdigest() != described["sha256"]:
            raise BundleError(f"{name} is damaged: its SHA-256 is not that of the manifest")
        return held

    def tensors(self):
        """Returns the weights and statistics by name, such as conv1.weight and bn1.running_mean."""
        name = WEIGHT_FILES.get(self.target)
        if name is None:
            raise BundleError(f"the weights of a folder for {self.target} are in a file of that framework; read them with it")
        held = self.read(name)
        try:
            if name.endswith(".safetensors"):
                return load_safetensors(held)
            with np.load(io.BytesIO(held), allow_pickle=False) as file:
                return {each: file[each] for each in file.files if each != "class_names"}
        except (SafetensorError, ValueError, zipfile.BadZipFile) as error:
            raise BundleError(f"{name} cannot be read: {error}") from error

    def golden(self):
        """Returns images, uint8 [N, H, W, C], and the logits [N, K] that NormLab computed for them."""
        held = load_safetensors(self.read(self.manifest["golden"]["file"]))
        return held["images"], held["logits"]

    def golden_inputs(self):
        """Returns the golden images as the input of the network. Their size is that of the input already."""
        return self.normalize(self.golden()[0])

    def check(self, logits):
        """Returns the largest difference between logits and the golden ones; BundleError beyond the tolerance."""
        wanted = self.golden()[1].astype("float64")
        found = np.asarray(logits, "float64")
        if found.shape != wanted.shape:
            raise BundleError(f"the logits are {list(found.shape)}, and the golden ones {list(wanted.shape)}")
        largest = float(np.abs(found - wanted).max())
        if not largest <= self.tolerance:
            raise BundleError(f"the logits differ from the golden ones by {largest:.3g}, and {self.tolerance:.3g} is allowed")
        return largest

    def prepare(self, image):
        """Returns an image of any size, uint8 [H, W, C] or [H, W], upright, as the input of the network for one image."""
        return self.normalize(self.resize(image)[None])

    def resize(self, image):
        """Returns an image, uint8 [H, W, C] in RGB or grey, or [H, W], as bytes in the size and channels of the network."""
        facts = self.preprocessing
        pixels = np.asarray(image)
        if pixels.ndim == 2:
            pixels = pixels[:, :, None]
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (1, 3) or 0 in pixels.shape:
            raise ValueError(f"an image is uint8 [H, W, 1 or 3], and this is {pixels.dtype} {list(pixels.shape)}")
        high, wide = pixels.shape[:2]
        full_width, full_height = _full_size(wide, high, facts)
        across = _weights(wide, full_width, facts["width"], facts["resize"])
        down = _weights(high, full_height, facts["height"], facts["resize"])
        # Products of float64 hold these whole numbers exactly. Columns first, as in Pillow.
        narrow = _rounded(np.einsum("hwc,kw->hkc", pixels.astype("float64"), across, optimize=True))
        resized = _rounded(np.einsum("hkc,rh->rkc", narrow.astype("float64"), down, optimize=True))
        return _to_channels(resized, facts["channels"])

    def normalize(self, images):
        """Returns bytes [N, H, W, C] of the network's size, RGB or grey, as the float32 input of the network."""
        facts = self.preprocessing
        values = np.asarray(images, "float64")
        if facts["colour"] == "BGR":
            values = values[..., ::-1]
        if self.target not in TAKES_BYTES:
            values = (values - facts["mean_bytes"]) / facts["deviation_bytes"]
        if facts["layout"] == "NCHW":
            values = values.transpose(0, 3, 1, 2)
        return np.ascontiguousarray(values, "float32")


def _read_file(folder, name):
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{name} is missing in {folder}") from None


def _read_manifest(folder):
    held = _read_file(folder, MANIFEST)
    try:
        text = held.decode("utf-8")
        manifest = json.loads(text)
    except ValueError as error:
        raise BundleError(f"{MANIFEST} is damaged: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != "normlab-bundle":
        raise BundleError(f"{MANIFEST} in {folder} is no manifest of a model folder of NormLab")
    if manifest.get("version") != VERSION:
        raise BundleError(f"{MANIFEST} has version {manifest.get('version')}, and this module reads version {VERSION}")
    # The digest is the last value of the text, and covers the text with zeros in its place.
    digest = str(manifest.get("sha256"))
    before, found, after = text.rpartition(f'"{digest}"')
    unsealed = f'{before}"{"0" * 64}"{after}'
    if not found or hashlib.sha256(unsealed.encode("utf-8")).hexdigest() != digest:
        raise BundleError(f"{MANIFEST} is damaged: its SHA-256 is not the one that it states")
    return manifest


def _full_size(width, height, facts):
    """Returns the width and height that an image is resized to before it is cropped or padded."""
    wanted_width, wanted_height = facts["width"], facts["height"]
    if facts["resize"] == "stretch":
        return wanted_width, wanted_height
    if facts["resize"] == "crop":
        wide, high = facts["resize_width"], facts["resize_height"]
        if width * high < height * wide:
            return wide, wide * height // width
        return high * width // height, high
    by_width, by_height = width / wanted_width, height / wanted_height
    width_decides = by_width > by_height if facts["resize"] == "fit" else by_width < by_height
    if width_decides:
        return wanted_width, max(1, math.floor(height / by_width + 0.5))
    return max(1, math.floor(width / by_height + 0.5)), wanted_height


def _weights(source, full, wanted, policy):
    """Returns [wanted, source]: Pillow's antialiased bilinear filter, times 2^22; rows of zeros beside the image."""
    offset = round((full - wanted) / 2) if policy == "crop" else (full - wanted + 1) // 2
    scale = source / full
    stretch = max(scale, 1)
    kept = np.arange(wanted, dtype="float64")[:, None] + offset
    centre = (kept + 0.5) * scale
    pixel = np.arange(source, dtype="float64")
    exact = np.maximum(1 - np.abs((pixel - centre + 0.5) * (1 / stretch)), 0)
    in_window = (pixel >= np.floor(centre - stretch + 0.5)) & (pixel < np.floor(centre + stretch + 0.5))
    exact = np.where(in_window & (kept >= 0) & (kept < full), exact, 0)
    # From left to right, since the order of a sum decides its last bit.
    total = np.maximum(np.cumsum(exact, axis=1)[:, -1:], 1e-300)
    return np.floor(0.5 + exact / total * WEIGHT_ONE)


def _rounded(sums):
    return np.minimum(np.floor((sums + WEIGHT_ONE / 2) / WEIGHT_ONE), 255).astype("uint8")


def _to_channels(pixels, channels):
    if pixels.shape[2] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=2)
    # ITU-R 601, as Pillow's convert("L").
    return ((pixels.astype("int64") @ (19595, 38470, 7471) + 32768) >> 16).astype("uint8")[:, :, None]
