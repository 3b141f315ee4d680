/** The text of `data.py`. */
export const DATA_SOURCE = `"""Batches of the run: every global batch holds the images of NormLab's own, and each process reads its part of it."""

import math
import signal

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, Sampler as TorchSampler

from augment import Augmenter
from decode import load_image


class Plan:
    """How an epoch is divided into batches, and batches into updates."""

    def __init__(self, size, batch_size, remainder, accumulate):
        full, rest = divmod(size, batch_size)
        if full == 0 and (size == 0 or remainder == "drop"):
            raise ValueError(f"{size} images do not fill a batch of {batch_size}")
        sizes = [batch_size] * full
        if full == 0:
            sizes = [size]
        elif rest and remainder == "keep":
            sizes.append(rest)
        elif rest and remainder == "merge":
            sizes[-1] += rest
        self.sizes, self.batch_size, self.accumulate = sizes, batch_size, accumulate
        self.batches = len(sizes)
        self.updates = math.ceil(self.batches / accumulate)

    def samples_of(self, order, batch):
        start = batch * self.batch_size
        return order[start : start + self.sizes[batch]]


class Batch:
    """The part of a global batch that this process computes."""

    def __init__(self, images, labels, others, shares, epoch, number, first, whole):
        self.images, self.labels, self.others, self.shares = images, labels, others, shares
        self.epoch, self.number, self.first, self.whole = epoch, number, first, whole

    def to(self, device):
        """The tensors on a device; images uint8 [N, H, W, C]."""
        moved = [
            None if each is None else each.to(device, non_blocking=True)
            for each in (self.images, self.labels, self.others, self.shares)
        ]
        return Batch(*moved, self.epoch, self.number, self.first, self.whole)

    def pin_memory(self):
        pinned = [
            None if each is None else each.pin_memory()
            for each in (self.images, self.labels, self.others, self.shares)
        ]
        return Batch(*pinned, self.epoch, self.number, self.first, self.whole)


class Images(Dataset):
    """Reads whole parts of batches: an index is (epoch or None, number of the batch, first sample, size, samples)."""

    def __init__(self, paths, labels, size, augmenter):
        self.paths, self.labels, self.size, self.augmenter = paths, labels, size, augmenter

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        epoch, number, first, whole, samples = index
        images = np.zeros([len(samples), *self.size], np.uint8)
        labels, others = np.zeros((2, len(samples)), np.int64)
        shares = np.ones(len(samples), np.float32)
        for at, sample in enumerate(samples):
            images[at], labels[at], others[at], shares[at] = self._sample(sample, epoch)
        mixed = epoch is not None and self.augmenter is not None and self.augmenter.mixes
        tensors = torch.from_numpy(images), torch.from_numpy(labels)
        mix = (torch.from_numpy(others), torch.from_numpy(shares)) if mixed else (None, None)
        return Batch(*tensors, *mix, epoch, number, first, whole)

    def _sample(self, sample, epoch):
        """Image, class, the class it is mixed with, and the share of the first; the first has the larger share."""
        own = self.labels[sample]
        if epoch is None or self.augmenter is None:
            return self._read(sample), own, own, 1.0
        image = self.augmenter.augment(self._read(sample), epoch, sample)
        partner = self.augmenter.partner(epoch, sample, len(self.paths))
        if partner is None:
            return image, own, own, 1.0
        other = self.augmenter.augment(self._read(partner), epoch, partner)
        image, share = self.augmenter.mix(image, other, epoch, sample)
        if share >= 0.5:
            return image, own, self.labels[partner], share
        return image, self.labels[partner], own, 1 - share

    def _read(self, sample):
        path = self.paths[sample]
        try:
            return load_image(path)
        except (OSError, ValueError, SyntaxError) as error:
            raise RuntimeError(f"{path} cannot be read: {error}") from error


class Order(TorchSampler):
    """The parts of all batches from a position to the end of the run, in order."""

    def __init__(self, plan, sampler, processes, epoch, batch, end):
        self.plan, self.sampler, self.processes = plan, sampler, processes
        self.epoch, self.batch, self.end = epoch, batch, end

    def __iter__(self):
        batch = self.batch
        for epoch in range(self.epoch, self.end):
            order = self.sampler.order(epoch)
            for number in range(batch, self.plan.batches):
                samples = self.plan.samples_of(order, number)
                first, end = self.processes.slice_of(len(samples))
                yield epoch, number, first, len(samples), samples[first:end]
            batch = 0


class InOrder(TorchSampler):
    """The parts of the batches of one pass without augmentation."""

    def __init__(self, plan, order, processes):
        self.plan, self.samples, self.processes = plan, order, processes

    def __len__(self):
        return self.plan.batches

    def __iter__(self):
        for number in range(self.plan.batches):
            samples = self.plan.samples_of(self.samples, number)
            first, end = self.processes.slice_of(len(samples))
            yield None, number, first, len(samples), samples[first:end]


def ignore_signals(_):
    """The process that trains decides when to end; a signal to the whole group must not end its readers before."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def make_loader(images, order, workers, device):
    """A loader of whole batches."""
    return DataLoader(
        images,
        batch_size=None,
        sampler=order,
        num_workers=workers,
        pin_memory=device.type == "cuda",
        worker_init_fn=ignore_signals,
    )


def make_augmenter(config):
    settings = config["augmentation"]
    return None if settings is None else Augmenter(settings, config["training"]["seed"], config["meanRgb"])


class Normalizer:
    """Bytes [N, H, W, C] to the input of the network [N, C, H, W], float32."""

    def __init__(self, preprocessing, device):
        self.reverses = preprocessing["colour"] == "BGR"
        self.mean, self.deviation = (
            torch.tensor(preprocessing[key], dtype=torch.float32, device=device).reshape(1, -1, 1, 1)
            for key in ("mean_bytes", "deviation_bytes")
        )

    def __call__(self, images):
        planes = images.permute(0, 3, 1, 2)
        if self.reverses:
            planes = planes.flip(1)
        return ((planes.float() - self.mean) / self.deviation).contiguous()
`;
