"""The numbers of goldenValues.ts, bit for bit."""

import math

import numpy as np


def mix32(value):
    x = value.astype("uint32")
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def fnv1a(text):
    value = 0x811C9DC5
    for char in text:
        value = ((value ^ ord(char)) * 0x01000193) & 0xFFFFFFFF
    return value


def numbers(name, count, spread, centre=0.0):
    """`count` numbers `centre + spread * unit`, unit uniform over [-1, 1), rounded to float32, as float64."""
    steps = np.arange(count, dtype="uint64") * np.uint64(0x9E3779B9) + np.uint64(fnv1a(name))
    words = mix32(steps & np.uint64(0xFFFFFFFF))
    unit = (words >> np.uint32(8)).astype("float64") / 2.0**23 - 1.0
    return (centre + spread * unit).astype("float32").astype("float64")


def start(slot, scheme):
    size = math.prod(slot["dims"])
    centre = 1.0 if slot["field"] in ("gamma", "variance") else 0.0
    unit = math.sqrt(slot["dims"][0] / size)
    kernel = slot["field"] == "weights"
    if scheme == "fresh":
        spread = unit if kernel else 0.0
    else:
        spread = math.sqrt(3) * unit if kernel else 0.5
    return numbers(slot["name"], size, spread, centre).reshape(slot["dims"])


def labels(batch, classes, step, some_labels=False):
    return np.array([-1 if some_labels and n % 3 == 1 else (7 * n + step) % classes for n in range(batch)])


def images(targets, shape, step, scale, patterned):
    size = math.prod(shape)
    values = numbers(f"images {step}", len(targets) * size, scale).reshape(len(targets), size)
    if patterned:
        patterns = np.stack([numbers(f"class {label}", size, scale) for label in targets])
        values = (values + patterns).astype("float32").astype("float64")
    return values.reshape(len(targets), *shape)
