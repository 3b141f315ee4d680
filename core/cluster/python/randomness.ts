/** The text of `randomness.py`. */
export const RANDOMNESS_SOURCE = `"""Random numbers as functions of a seed and of counters, the same as those of NormLab.

No generator has state: the order of an epoch, the augmentation of an image and the mask of a dropout depend only on
the seed and on their place in the run, so they do not depend on the number of processes or on interruptions.
"""

import math

import numpy as np
import torch

MASK = 0xFFFFFFFF
GOLDEN = 0x9E3779B9


def mix32(value):
    """A hash of 32 bits (lowbias32, Chris Wellons 2018)."""
    x = value & MASK
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & MASK
    x = ((x ^ (x >> 15)) * 0x846CA68B) & MASK
    return x ^ (x >> 16)


def mix32_array(values):
    """mix32 of each element of a uint64 array or int64 tensor with values below 2^32."""
    x = values & MASK
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & MASK
    x = ((x ^ (x >> 15)) * 0x846CA68B) & MASK
    return x ^ (x >> 16)


class Stream:
    """xoshiro128** (Blackman and Vigna 2021), seeded by a seed and the name of its purpose."""

    def __init__(self, seed, purpose):
        root = mix32(mix32(seed) ^ mix32(fnv1a(purpose)))
        self.state = [mix32(root + word * GOLDEN) for word in (1, 2, 3, 4)]

    def uint32(self):
        a, b, c, d = self.state
        result = (rotated((b * 5) & MASK, 7) * 9) & MASK
        shifted = (b << 9) & MASK
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = rotated(d, 11)
        self.state = [a, b, c, d]
        return result

    def below(self, bound):
        """Uniform over 0 ... bound - 1, without bias."""
        limit = 2**32 - 2**32 % bound
        value = self.uint32()
        while value >= limit:
            value = self.uint32()
        return value % bound


def rotated(value, bits):
    return ((value << bits) | (value >> (32 - bits))) & MASK


def fnv1a(text):
    value = 0x811C9DC5
    for character in text:
        value = ((value ^ ord(character)) * 0x01000193) & MASK
    return value


def epoch_order(size, seed, epoch, shuffle):
    """The order in which an epoch (from 0) visits its samples: a Fisher-Yates shuffle, or 0, 1, 2, ..."""
    order = list(range(size))
    if not shuffle:
        return order
    stream = Stream(seed, f"shuffle:{epoch}")
    for last in range(size - 1, 0, -1):
        pick = stream.below(last + 1)
        order[pick], order[last] = order[last], order[pick]
    return order


class Sampler:
    """Which samples an epoch trains on, in order. With quotas, each class draws from shuffled decks of its samples."""

    def __init__(self, labels, seed, shuffle, quotas=None):
        self.labels, self.seed, self.shuffle, self.quotas = labels, seed, shuffle, quotas
        self.members = [] if quotas is None else [[] for _ in quotas]
        if quotas is not None:
            for sample, label in enumerate(labels):
                self.members[label].append(sample)
        self.decks = {}

    def order(self, epoch):
        if self.quotas is None:
            return epoch_order(len(self.labels), self.seed, epoch, self.shuffle)
        drawn = [
            self._card(index, epoch * quota + turn) for index, quota in enumerate(self.quotas) for turn in range(quota)
        ]
        if not self.shuffle:
            return sorted(drawn)
        return [drawn[position] for position in epoch_order(len(drawn), self.seed, epoch, True)]

    def _card(self, index, position):
        members = self.members[index]
        number, place = divmod(position, len(members))
        if self.decks.get(index, (None,))[0] != number:
            deck_seed = Stream(self.seed, f"deck:{index}").uint32()
            order = epoch_order(len(members), deck_seed, number, True)
            self.decks[index] = number, [members[at] for at in order]
        return self.decks[index][1][place]


def step_key(seed, batch):
    """The key of the random draws inside the network for a batch of the whole run, from 0."""
    return mix32(mix32(seed ^ 0x51ED270B) + mix32(batch))


def kept_mask(key, salt, first, count, rate, device):
    """Which of count elements from number first on a dropout keeps, as a bool tensor."""
    own = mix32(mix32(key) ^ mix32(salt ^ GOLDEN))
    numbers = (torch.arange(first, first + count, dtype=torch.int64, device=device) & MASK) + 0x85EBCA6B
    return mix32_array(mix32_array(numbers) ^ own) >= math.floor(rate * 2**32)


def sample_key(seed, epoch, sample):
    """The key of the augmentation of a sample in an epoch, both from 0."""
    return mix32(mix32(mix32(seed ^ 0x2C1B3C6D) + mix32(epoch ^ 0x297A2D39)) + mix32(sample ^ 0x165667B1))


class Draws:
    """The draws of one transform for one sample: draw n is a hash of (key of the sample, salt, n)."""

    def __init__(self, key, salt):
        self.key = mix32(key ^ mix32(((salt * GOLDEN) & MASK) ^ 0x85EBCA6B))
        self.count = 0

    def uint32(self):
        self.count += 1
        return mix32(self.key + self.count * GOLDEN)

    def uint32_array(self, count):
        """The next count draws as a uint64 array."""
        numbers = np.arange(self.count + 1, self.count + count + 1, dtype=np.uint64)
        self.count += count
        return mix32_array(np.uint64(self.key) + ((numbers * np.uint64(GOLDEN)) & np.uint64(MASK)))

    def uniform(self):
        return self.uint32() / 2**32

    def between(self, a, b):
        return a + (b - a) * self.uniform()

    def around(self, reach):
        return reach * (2 * self.uniform() - 1)

    def below(self, bound):
        return math.floor(self.uniform() * bound)

    def chance(self, probability):
        return self.uniform() < probability
`;
