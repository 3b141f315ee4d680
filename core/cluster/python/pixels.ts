/** The text of `pixels.py`. */
export const PIXELS_SOURCE = `"""Changes of colors and pixels of one image, uint8 [H, W, C], with the arithmetic of NormLab: float64, rounded once."""

import math

import numpy as np


def to_byte(values):
    """Rounds to the nearest byte, halves up, clamped to 0 ... 255."""
    return np.clip(np.floor(np.asarray(values, np.float64) + 0.5), 0, 255).astype(np.uint8)


def luma(image):
    """The grey of an RGB image [H, W] (ITU-R BT.601, the fixed-point form of Pillow), as int64."""
    red, green, blue = (image[..., channel].astype(np.int64) for channel in range(3))
    return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16


LEVELS = np.arange(256, dtype=np.float64)


def change_brightness(image, factor):
    return to_byte(LEVELS * factor)[image]


def change_contrast(image, factor):
    grey = luma(image) if image.shape[2] == 3 else image[..., 0].astype(np.int64)
    mean = math.floor(int(grey.sum()) / grey.size + 0.5)
    return to_byte(mean + (LEVELS - mean) * factor)[image]


def change_saturation(image, factor):
    if image.shape[2] != 3:
        return image
    grey = luma(image)[..., None].astype(np.float64)
    return to_byte(grey + (image - grey) * factor)


def change_hue(image, turns):
    if image.shape[2] != 3:
        return image
    red, green, blue = (image[..., channel].astype(np.float64) for channel in range(3))
    value = image.max(2).astype(np.float64)
    chroma = value - image.min(2)
    divisor = np.where(chroma == 0, 1, chroma)
    hue = np.where(
        value == red,
        np.fmod(6 + (green - blue) / divisor, 6),
        np.where(value == green, 2 + (blue - red) / divisor, 4 + (red - green) / divisor),
    )
    moved = np.fmod(hue + 6 * (turns + 1), 6)
    channels = []
    for offset in (5, 3, 1):
        k = np.fmod(offset + moved, 6)
        channels.append(value - chroma * np.maximum(0, np.minimum(np.minimum(k, 4 - k), 1)))
    return np.where((chroma == 0)[..., None], image, to_byte(np.stack(channels, 2)))


def make_grey(image):
    if image.shape[2] != 3:
        return image
    return np.repeat(luma(image).astype(np.uint8)[..., None], 3, 2)


def posterize(image, bits):
    return image & np.uint8(256 - 2 ** (8 - bits))


def solarize(image, threshold):
    return np.where(LEVELS < threshold, LEVELS, 255 - LEVELS).astype(np.uint8)[image]


def auto_contrast(image):
    return _by_histogram(image, _stretched)


def equalize(image):
    return _by_histogram(image, _equalized)


def _by_histogram(image, levels_of):
    channels = []
    for channel in range(image.shape[2]):
        plane = image[..., channel]
        channels.append(levels_of(np.bincount(plane.ravel(), minlength=256))[plane])
    return np.stack(channels, 2)


def _stretched(counts):
    there = np.flatnonzero(counts)
    low, high = int(there[0]), int(there[-1])
    scale, offset = (255 / (high - low), low) if high > low else (1.0, 0)
    return np.clip(np.trunc((LEVELS - offset) * scale + 1e-9), 0, 255).astype(np.uint8)


def _equalized(counts):
    there = np.flatnonzero(counts)
    step = (int(counts.sum()) - int(counts[there[-1]])) // 255
    if step == 0:
        return LEVELS.astype(np.uint8)
    before = step // 2 + np.cumsum(counts) - counts
    return np.minimum(255, before // step).astype(np.uint8)


def change_sharpness(image, factor):
    if image.shape[0] < 3 or image.shape[1] < 3:
        return image
    values = image.astype(np.float64)
    height, width = image.shape[:2]
    around = sum(
        values[row : row + height - 2, column : column + width - 2] for row in range(3) for column in range(3)
    )
    inner = values[1:-1, 1:-1]
    smooth = np.floor((around + 4 * inner) / 13 + 0.5)
    result = image.copy()
    result[1:-1, 1:-1] = to_byte(smooth + (inner - smooth) * factor)
    return result


def reflected(places, length):
    """Mirrors coordinates at the first and the last pixel without repeating them."""
    if length == 1:
        return np.zeros_like(places)
    period = 2 * (length - 1)
    place = np.mod(places, period)
    return np.where(place < length, place, period - place)


def blur(image, sigma):
    """A Gaussian of sigma pixels, cut off at three deviations, along the rows and then along the columns."""
    radius = math.ceil(3 * sigma)
    if radius == 0:
        return image
    weights = [math.exp(-(k * k) / (2 * sigma * sigma)) for k in range(radius + 1)]
    total = 0.0
    for k, weight in enumerate(weights):
        total += weight if k == 0 else 2 * weight
    weights = [weight / total for weight in weights]
    rows = _smoothed(image.astype(np.float64), weights, 1).astype(np.float32)
    return to_byte(_smoothed(rows.astype(np.float64), weights, 0))


def _smoothed(values, weights, axis):
    radius, length = len(weights) - 1, values.shape[axis]
    places = np.arange(length)
    total = np.zeros_like(values)
    for k in range(-radius, radius + 1):
        total += weights[abs(k)] * np.take(values, reflected(places + k, length), axis)
    return total


def _normal_quantiles():
    """Quantiles of the normal distribution at 4096 midpoints (Abramowitz and Stegun, 26.2.23)."""
    quantiles = []
    for index in range(4096):
        share = (index + 0.5) / 4096
        t = math.sqrt(-2 * math.log(min(share, 1 - share)))
        top = 2.515517 + t * (0.802853 + t * 0.010328)
        bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
        quantiles.append(math.copysign(1, share - 0.5) * (t - top / bottom))
    return np.array(quantiles)


QUANTILES = _normal_quantiles()


def add_noise(image, sigma, draws):
    if sigma == 0:
        return image
    bits = draws.uint32_array((image.size + 1) // 2)
    pairs = np.stack((bits >> np.uint64(20), (bits >> np.uint64(4)) & np.uint64(4095)), 1).ravel()[: image.size]
    return to_byte(image.ravel() + (255 * sigma) * QUANTILES[pairs]).reshape(image.shape)
`;
