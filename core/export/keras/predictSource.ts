import { PREDICT_PARTS } from '../bundle/predictParts.ts';

/** The oldest Keras that has every layer and variable that is written; its backend is chosen by the user. */
export const REQUIREMENTS = `keras>=3.14
numpy>=1.26
safetensors>=0.4.0
pillow>=10.0.0
# Keras also needs one of its backends: tensorflow, torch or jax.
`;

/** The text of `predict.py`, which prepares images as that of a folder for PyTorch does. */
export const PREDICT_SOURCE = `"""Classifies images with the network of this folder.

    python predict.py IMAGE ...
    python predict.py --check

Preprocessing and class names are in normlab.json. Nothing is downloaded. Keras runs on the backend that KERAS_BACKEND
names, by default on the first one that is installed: tensorflow, torch, jax.
"""

import argparse
import importlib.util
import io
import json
import math
import os
import pathlib
import sys

sys.dont_write_bytecode = True
if "KERAS_BACKEND" not in os.environ:
    found = [name for name in ("tensorflow", "torch", "jax") if importlib.util.find_spec(name)]
    os.environ.update({"KERAS_BACKEND": name for name in found[:1]})

import keras
import numpy as np
from PIL import Image, ImageChops, ImageCms, ImageOps
from safetensors.numpy import load_file

from model import load_network

${PREDICT_PARTS.settings}${PREDICT_PARTS.sizes}def from_deep(image):
    """Maps pixels with more than 8 bits to bytes: by the ranges of the manifest, or 16 bits by their high byte."""
    ranges = PREPROCESSING.get("value_ranges", {})
    is_16_bit = image.mode.startswith("I;16")
    limits = ranges.get("uint16" if is_16_bit else "other_numbers")
    if limits is None and not is_16_bit:
        raise ValueError("its white level is unknown: the training images had no pixels of this type")
    values = np.asarray(image.convert("F"), "float64")
    if limits is None:
        scaled = np.floor(values / 256)
    else:
        low, high = limits
        scaled = np.floor((values - low) * (255 / (high - low)) + 0.5)
    return Image.fromarray(scaled.clip(0, 255).astype("uint8"), "L")


${PREDICT_PARTS.images}    return np.asarray(image, "uint8").reshape(SIZE[1], SIZE[0], -1)


def normalize(images):
    """Bytes [N, H, W, C], red first, to the input of the network."""
    if PREPROCESSING["colour"] == "BGR":
        images = images[..., ::-1]
    mean, deviation = (np.array(PREPROCESSING[key], "float32") for key in ("mean_bytes", "deviation_bytes"))
    return (images.astype("float32") - mean) / deviation


def logits_of(network, images):
    """Bytes [N, H, W, C] to logits [N, K]."""
    return keras.ops.convert_to_numpy(network(normalize(images), training=False))


def probabilities_of(logits):
    """Logits [N, K] to one probability for each class [N, classes]."""
    readout = MANIFEST["output"]["probabilities"]
    if readout == "softmax":
        shares = np.exp(logits - logits.max(1, keepdims=True))
        return shares / shares.sum(1, keepdims=True)
    if readout == "clip":
        return logits.clip(0, 1)
    shares = 1 / (1 + np.exp(-logits.clip(-80, 80)))
    return np.concatenate((1 - shares, shares), 1) if logits.shape[1] == 1 else shares


def check(network):
    """Compares the logits of the golden images with those of NormLab; returns False where they differ."""
    golden = load_file(HERE / MANIFEST["golden"]["file"])
    logits = logits_of(network, golden["images"])
    difference = float(np.abs(logits - golden["logits"]).max())
    allowed = MANIFEST["golden"]["tolerance"]
    print(f"largest difference of {len(logits)} golden outputs: {difference:.2e}, {allowed:.2e} allowed")
    return difference <= allowed


def shares_of(network, images):
    """Returns a list of probabilities for each image of load_image."""
    return probabilities_of(logits_of(network, np.stack(images))).tolist()


${PREDICT_PARTS.predict}${PREDICT_PARTS.main}`;
