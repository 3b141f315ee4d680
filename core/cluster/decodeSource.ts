import { PREDICT_PARTS } from '../export/bundle/predictParts.ts';
import { FROM_DEEP_SOURCE } from '../export/torch/predictSource.ts';

/** The text of `decode.py`: an image file as NormLab decodes and resizes it, as `predict.py` of an exported folder. */
export const DECODE_SOURCE =
  `"""Reads an image as NormLab does: upright, sRGB, over black, resized by Pillow's bilinear filter."""

import io
import json
import math
import pathlib

import numpy as np
import torch
from PIL import Image, ImageChops, ImageCms, ImageOps

HERE = pathlib.Path(__file__).resolve().parent
PREPROCESSING = json.loads((HERE / "config.json").read_text("utf-8"))["preprocessing"]
SIZE = PREPROCESSING["width"], PREPROCESSING["height"]


${PREDICT_PARTS.sizes}${FROM_DEEP_SOURCE}${PREDICT_PARTS.images}    return np.asarray(image, np.uint8).reshape(SIZE[1], SIZE[0], -1)
`.replace('as bytes [C, H, W] in the size', 'as bytes [H, W, C] in the size');
