import { PREDICT_PARTS } from '../bundle/predictParts.ts';

/** The oldest versions with which the files of a bundle were tried; the interop suite tries newer ones. */
export const REQUIREMENTS = `torch>=1.13
safetensors>=0.4.0
pillow>=10.0.0
`;

/** Pixels with more than 8 bits as bytes; `PREDICT_PARTS.images` calls it. It needs `torch` and `PREPROCESSING`. */
export const FROM_DEEP_SOURCE = `def from_deep(image):
    """Maps pixels with more than 8 bits to bytes: by the ranges of the manifest, or 16 bits by their high byte."""
    ranges = PREPROCESSING.get("value_ranges", {})
    is_16_bit = image.mode.startswith("I;16")
    limits = ranges.get("uint16" if is_16_bit else "other_numbers")
    if limits is None and not is_16_bit:
        raise ValueError("its white level is unknown: the training images had no pixels of this type")
    values = torch.frombuffer(bytearray(image.convert("F").tobytes()), dtype=torch.float32).double()
    if limits is None:
        scaled = (values / 256).floor()
    else:
        low, high = limits
        scaled = ((values - low) * (255 / (high - low)) + 0.5).floor()
    return Image.frombytes("L", image.size, bytes(scaled.clamp(0, 255).byte().tolist()))


`;

/**
 * The text of `predict.py`. It prepares images as NormLab does: upright, sRGB, over black, Pillow's bilinear filter
 * after the scaled decoding of JPEG, grey after resizing. Settings come from the manifest.
 */
export const PREDICT_SOURCE = `"""Classifies images with the network of this folder.

    python predict.py IMAGE ...
    python predict.py --check

Preprocessing and class names are in normlab.json. Nothing is downloaded.
"""

import argparse
import io
import json
import math
import pathlib
import sys

sys.dont_write_bytecode = True

import torch
from PIL import Image, ImageChops, ImageCms, ImageOps
from safetensors.torch import load_file

from model import Network

${PREDICT_PARTS.settings}def load_network():
    """Returns the network in eval mode, with the weights of model.safetensors."""
    network = Network()
    network.load_state_dict(load_file(HERE / "model.safetensors"), strict=True)
    return network.eval()


${PREDICT_PARTS.sizes}${FROM_DEEP_SOURCE}${PREDICT_PARTS.images}    pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    return pixels.reshape(SIZE[1], SIZE[0], -1).permute(2, 0, 1)


def normalize(images):
    """Bytes [N, C, H, W], red first, to the input of the network."""
    if PREPROCESSING["colour"] == "BGR":
        images = images.flip(1)
    mean, deviation = (
        torch.tensor(PREPROCESSING[key], dtype=torch.float32).reshape(1, -1, 1, 1)
        for key in ("mean_bytes", "deviation_bytes")
    )
    return (images.float() - mean) / deviation


def probabilities_of(logits):
    """Logits [N, K] to one probability for each class [N, classes]."""
    readout = MANIFEST["output"]["probabilities"]
    if readout == "softmax":
        return torch.softmax(logits, 1)
    if readout == "clip":
        return logits.clamp(0, 1)
    shares = torch.sigmoid(logits)
    return torch.cat((1 - shares, shares), 1) if logits.shape[1] == 1 else shares


def check(network):
    """Compares the logits of the golden images with those of NormLab; returns False where they differ."""
    golden = load_file(HERE / MANIFEST["golden"]["file"])
    with torch.no_grad():
        logits = network(normalize(golden["images"].permute(0, 3, 1, 2)))
    difference = (logits - golden["logits"]).abs().max().item()
    allowed = MANIFEST["golden"]["tolerance"]
    print(f"largest difference of {len(logits)} golden outputs: {difference:.2e}, {allowed:.2e} allowed")
    return difference <= allowed


def shares_of(network, images):
    """Returns a list of probabilities for each image of load_image."""
    with torch.no_grad():
        return probabilities_of(network(normalize(torch.stack(images)))).tolist()


${PREDICT_PARTS.predict}${PREDICT_PARTS.main}`;
