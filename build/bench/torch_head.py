"""Trains a new head on a frozen EfficientNet-Lite0 in PyTorch: features once, then 100 epochs with Adam at 1e-2.

build/bench/runFineTune.ts passes this file on standard input: python3 - MODEL TRAIN TEST EPOCHS THREADS < torch_head.py
MODEL is a state dict with the names of efficientnet_lite_pytorch. Prints one JSON object: accuracies, and the peak memory
of the process.
"""
import json
import pathlib
import resource
import sys

import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image, ImageOps
from torch import nn

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
RESIZED, SIZE = 256, 224
# TensorFlow's for these weights, in bytes.
MEAN, DEVIATION = 127, 128
# Images in a batch of features.
BATCH = 32


def files_of(folder):
    """Files and the numbers of their classes: one folder for each class."""
    classes = sorted(each for each in pathlib.Path(folder).iterdir() if each.is_dir())
    pairs = [
        (file, number)
        for number, each in enumerate(classes)
        for file in sorted(each.iterdir())
        if file.suffix.lower() in ENDINGS
    ]
    return [file for file, _ in pairs], torch.tensor([number for _, number in pairs]), len(classes)


def image_of(file):
    """The bytes [3, 224, 224] of an image: the shorter side resized to 256, the centre cropped."""
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    scale = RESIZED / min(image.size)
    width, height = (max(RESIZED, int(side * scale)) for side in image.size)
    left, top = round((width - SIZE) / 2), round((height - SIZE) / 2)
    image = image.resize((width, height), Image.Resampling.BILINEAR).crop((left, top, left + SIZE, top + SIZE))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def features_of(net, files):
    """The input [N, 1280] of the head."""
    rows = []
    with torch.inference_mode():
        for first in range(0, len(files), BATCH):
            images = torch.stack([image_of(file) for file in files[first : first + BATCH]]).float()
            rows.append(net.extract_features((images - MEAN) / DEVIATION).mean((2, 3)))
    return torch.cat(rows).clone()


def train_head(train, test, classes, epochs):
    """Returns the accuracies on `train` and `test`, which are pairs of features and classes."""
    torch.manual_seed(0)
    features, labels = train
    head = nn.Linear(features.shape[1], classes)
    dropout = nn.Dropout(0.2)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-2)
    shares = []
    for _ in range(epochs):
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(head(dropout(features)), labels).backward()
        optimizer.step()
        with torch.no_grad():
            shares = [float((head(inputs).argmax(1) == wanted).float().mean()) for inputs, wanted in (train, test)]
    return shares


def main():
    model, train_folder, test_folder, epochs, threads = sys.argv[1:6]
    torch.set_num_threads(int(threads))
    net = EfficientNet.from_name("efficientnet-lite0")
    net.load_state_dict(torch.load(model, map_location="cpu"))
    net.eval()
    (files, labels, classes), (test_files, test_labels, _) = files_of(train_folder), files_of(test_folder)
    train = features_of(net, files), labels
    test = features_of(net, test_files), test_labels
    train_share, test_share = train_head(train, test, classes, int(epochs))
    # Kilobytes, on macOS bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
    print(json.dumps({"train": train_share, "test": test_share, "peakRssMb": peak, "version": torch.__version__}))


main()
