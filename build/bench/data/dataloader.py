"""Times a PyTorch DataLoader with Pillow over a folder of images: images per second to ready uint8 batches.

usage: dataloader.py FOLDER SIDE BATCH REPEATS
Prints a JSON object: for each number of workers and for JPEG draft mode off and on, the best epoch (starting the workers
included) and the best later epoch (workers kept)."""
import json
import os
import sys
import time

import numpy
import PIL
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

BILINEAR = getattr(Image, "Resampling", Image).BILINEAR


class Pictures(Dataset):
    def __init__(self, folder, side, draft):
        self.files = sorted(
            os.path.join(place, name) for place, _, names in os.walk(folder) for name in names
        )
        classes = sorted({os.path.dirname(file) for file in self.files})
        self.labels = [classes.index(os.path.dirname(file)) for file in self.files]
        self.side = side
        self.draft = draft

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with Image.open(self.files[index]) as picture:
            if self.draft:
                picture.draft("RGB", (self.side, self.side))
            pixels = picture.convert("RGB")
        if pixels.size != (self.side, self.side):
            pixels = pixels.resize((self.side, self.side), BILINEAR)
        return torch.from_numpy(numpy.array(pixels)), self.labels[index]


def epoch(loader, count):
    began = time.perf_counter()
    seen = sum(len(labels) for _, labels in loader)
    if seen != count:
        raise SystemExit(f"{seen} pictures instead of {count}")
    return count / (time.perf_counter() - began)


def measure(folder, side, batch, repeats):
    results = []
    for draft in (False, True):
        for workers in (0, 1, 2):
            data = Pictures(folder, side, draft)
            kept = {"persistent_workers": True} if workers else {}
            first, later = 0.0, 0.0
            for _ in range(repeats):
                loader = DataLoader(data, batch_size=batch, shuffle=True, num_workers=workers, **kept)
                first = max(first, epoch(loader, len(data)))
                later = max(later, epoch(loader, len(data)))
            results.append({"draft": draft, "workers": workers, "first": first, "later": later})
    return results


if __name__ == "__main__":
    torch.set_num_threads(1)
    folder, side, batch, repeats = sys.argv[1], *map(int, sys.argv[2:5])
    versions = f"torch {torch.__version__}, Pillow {PIL.__version__}"
    print(json.dumps({"versions": versions, "results": measure(folder, side, batch, repeats)}))
