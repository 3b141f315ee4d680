/** The text of `augment.py`. */
export const AUGMENT_SOURCE = `"""Augmentation of training images: the transforms of NormLab, with the same draws for the same seed, epoch and sample.

All geometric transforms of an image are one affine map, which is sampled once, bilinearly. Transforms of colors follow.
"""

import math

import numpy as np

import pixels as paint
from randomness import Draws, sample_key


def js_round(value):
    return math.floor(value + 0.5)


class Affine:
    """Where each pixel of the result is read, in pixels from the centre: x' = a x + b y + c, y' = d x + e y + f."""

    def __init__(self, size):
        self.size = size
        self.values = 1.0, 0.0, 0.0, 0.0, 1.0, 0.0

    def follow(self, a, b, c, d, e, f):
        a0, b0, c0, d0, e0, f0 = self.values
        self.values = (
            a0 * a + b0 * d,
            a0 * b + b0 * e,
            a0 * c + b0 * f + c0,
            d0 * a + e0 * d,
            d0 * b + e0 * e,
            d0 * c + e0 * f + f0,
        )

    def move(self, x, y):
        self.follow(1, 0, -x, 0, 1, -y)

    def turn(self, degrees):
        radians = (degrees * math.pi) / 180
        cos, sin = math.cos(radians), math.sin(radians)
        self.follow(cos, sin, 0, -sin, cos, 0)

    def zoom(self, factor):
        self.follow(1 / factor, 0, 0, 0, 1 / factor, 0)

    def slant(self, x, y):
        self.follow(1, -x, 0, 0, 1, 0)
        self.follow(1, 0, 0, -y, 1, 0)

    def crop(self, left, top, width, height):
        full_height, full_width = self.size
        c = left + (width - full_width) / 2
        f = top + (height - full_height) / 2
        self.follow(width / full_width, 0, c, 0, height / full_height, f)


def warp(image, map, border, fill):
    """Samples an image through an affine map. border says what is beyond the edge; fill is the color of mean."""
    a, b, c, d, e, f = map.values
    if (a, b, c, d, e, f) == (1, 0, 0, 0, 1, 0):
        return image
    height, width = image.shape[:2]
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    v = (np.arange(height) - centre_y)[:, None]
    u = (np.arange(width) - centre_x)[None, :]
    x = a * u + b * v + c + centre_x
    y = d * u + e * v + f + centre_y
    left, top = np.floor(x), np.floor(y)
    right, down = (x - left)[..., None], (y - top)[..., None]
    beyond = fill.astype(np.float64) if border == "mean" else np.zeros(image.shape[2])

    def read(rows, columns):
        at_row, row_inside = _inside(rows.astype(np.int64), height, border)
        at_column, column_inside = _inside(columns.astype(np.int64), width, border)
        values = image[at_row, at_column].astype(np.float64)
        return np.where((row_inside & column_inside)[..., None], values, beyond)

    upper_left, upper_right = read(top, left), read(top, left + 1)
    lower_left, lower_right = read(top + 1, left), read(top + 1, left + 1)
    upper = upper_left + (upper_right - upper_left) * right
    lower = lower_left + (lower_right - lower_left) * right
    return np.trunc(upper + (lower - upper) * down + 0.5).astype(np.uint8)


def _inside(places, length, border):
    """The coordinates to read, and where they are inside the image; elsewhere the fill color counts."""
    clipped = np.clip(places, 0, length - 1)
    if border == "reflect":
        return paint.reflected(places, length), np.ones(places.shape, bool)
    if border == "edge":
        return clipped, np.ones(places.shape, bool)
    return clipped, clipped == places


def random_resized_crop(values, draws, map):
    height, width = map.size
    for _ in range(10):
        area = width * height * draws.between(values["minArea"], values["maxArea"])
        ratio = math.exp(draws.between(math.log(values["minRatio"]), math.log(values["maxRatio"])))
        wide, high = js_round(math.sqrt(area * ratio)), js_round(math.sqrt(area / ratio))
        place_x, place_y = draws.uniform(), draws.uniform()
        if 1 <= wide <= width and 1 <= high <= height:
            left = math.floor(place_x * (width - wide + 1))
            return map.crop(left, math.floor(place_y * (height - high + 1)), wide, high)
    whole = width / height
    least, most = sorted((values["minRatio"], values["maxRatio"]))
    ratio = min(max(whole, least), most)
    wide = max(1, js_round(height * ratio)) if ratio < whole else width
    high = max(1, js_round(width / ratio)) if ratio > whole else height
    return map.crop((width - wide) // 2, (height - high) // 2, wide, high)


def shear(values, draws, map):
    across = math.tan((draws.around(values["x"]) * math.pi) / 180)
    map.slant(across, math.tan((draws.around(values["y"]) * math.pi) / 180))


def shift(values, draws, map):
    height, width = map.size
    x, y = values["x"], values["y"]
    reach_x, reach_y = (x, y) if values["unit"] == "px" else (x * width, y * height)
    right = draws.around(math.floor(reach_x) + 0.5)
    map.move(js_round(right), js_round(draws.around(math.floor(reach_y) + 0.5)))


def color_jitter(values, draws, image, mean):
    amounts = [max(0, 1 + draws.around(values[name])) for name in ("brightness", "contrast", "saturation")]
    turns = draws.around(values["hue"])
    if values["brightness"] > 0:
        image = paint.change_brightness(image, amounts[0])
    if values["contrast"] > 0:
        image = paint.change_contrast(image, amounts[1])
    if values["saturation"] > 0:
        image = paint.change_saturation(image, amounts[2])
    return paint.change_hue(image, turns) if values["hue"] > 0 else image


def cutout(values, draws, image, mean):
    height, width = image.shape[:2]
    side = max(1, js_round(values["size"] * min(height, width)))
    image = image.copy()
    for _ in range(values["holes"]):
        top, left = draws.below(height) - (side >> 1), draws.below(width) - (side >> 1)
        box = slice(max(0, top), max(0, top + side)), slice(max(0, left), max(0, left + side))
        image[box] = mean if values["fill"] == "mean" else 0
    return image


# RandAugment: geometric operations by their number, then those of colors. Number 0 does nothing.
RAND_PLACES = {
    1: lambda map, strength, sign: map.slant(sign * 0.3 * strength, 0),
    2: lambda map, strength, sign: map.slant(0, sign * 0.3 * strength),
    3: lambda map, strength, sign: map.move(sign * math.trunc((150 / 331) * map.size[1] * strength), 0),
    4: lambda map, strength, sign: map.move(0, sign * math.trunc((150 / 331) * map.size[0] * strength)),
    5: lambda map, strength, sign: map.turn(sign * 30 * strength),
}
RAND_PAINTS = {
    6: lambda image, strength, sign: paint.change_brightness(image, 1 + sign * 0.9 * strength),
    7: lambda image, strength, sign: paint.change_saturation(image, 1 + sign * 0.9 * strength),
    8: lambda image, strength, sign: paint.change_contrast(image, 1 + sign * 0.9 * strength),
    9: lambda image, strength, sign: paint.change_sharpness(image, 1 + sign * 0.9 * strength),
    10: lambda image, strength, sign: paint.posterize(image, 8 - js_round(4 * strength)),
    11: lambda image, strength, sign: paint.solarize(image, 255 * (1 - strength)),
    12: lambda image, strength, sign: paint.auto_contrast(image),
    13: lambda image, strength, sign: paint.equalize(image),
}


def rand_operations(values, draws):
    """The operations that RandAugment draws: (number, strength, sign)."""
    for _ in range(values["ops"]):
        number = draws.below(14)
        # An operation that only places draws no sign when it paints, and the other way round.
        yield number, values["magnitude"] / 30


def rand_place(values, draws, map):
    for number, strength in rand_operations(values, draws):
        if number in RAND_PLACES:
            RAND_PLACES[number](map, strength, sign_of(draws))


def rand_paint(values, draws, image, mean):
    for number, strength in rand_operations(values, draws):
        if number in RAND_PAINTS:
            image = RAND_PAINTS[number](image, strength, sign_of(draws))
    return image


def sign_of(draws):
    return 1 if draws.chance(0.5) else -1


# In the order in which they are applied: name, salt of the random stream, geometry, colors.
TRANSFORMS = (
    ("randomResizedCrop", 7, random_resized_crop, None),
    ("horizontalFlip", 1, lambda values, draws, map: map.follow(-1, 0, 0, 0, 1, 0), None),
    ("verticalFlip", 2, lambda values, draws, map: map.follow(1, 0, 0, 0, -1, 0), None),
    ("shear", 6, shear, None),
    ("scale", 5, lambda values, draws, map: map.zoom(draws.between(values["min"], values["max"])), None),
    ("rotate", 4, lambda values, draws, map: map.turn(draws.around(values["degrees"])), None),
    ("shift", 3, shift, None),
    ("randAugment", 13, rand_place, rand_paint),
    ("colorJitter", 8, None, color_jitter),
    ("grayscale", 9, None, lambda values, draws, image, mean: paint.make_grey(image)),
    (
        "blur",
        10,
        None,
        lambda values, draws, image, mean: paint.blur(image, draws.between(values["minSigma"], values["maxSigma"])),
    ),
    ("noise", 11, None, lambda values, draws, image, mean: paint.add_noise(image, values["sigma"], draws)),
    ("cutout", 12, None, cutout),
)
MIX_SALT, MIX_PIXEL_SALT = 14, 15


class Augmenter:
    """Creates the training images of a run; settings are null or those of the project, mean is per channel."""

    def __init__(self, settings, seed, mean):
        self.settings, self.seed = settings or {}, seed
        self.mean = paint.to_byte(np.array(mean))
        self.steps = [step for step in TRANSFORMS if step[0] in self.settings]
        self.mixes = [name for name in ("mixup", "cutmix") if name in self.settings]

    def augment(self, image, epoch, sample):
        """The image uint8 [H, W, C] of a sample as it is in an epoch, both from 0."""
        key = sample_key(self.seed, epoch, sample)
        map = Affine(image.shape[:2])
        for name, salt, place, _ in self.steps:
            draws = self._drawn(name, key, salt) if place else None
            if draws:
                place(self.settings[name], draws, map)
        image = warp(image, map, self.settings.get("border", "black"), self.mean)
        for name, salt, _, change in self.steps:
            draws = self._drawn(name, key, salt) if change else None
            if draws:
                image = change(self.settings[name], draws, image, self.mean)
        return image

    def _drawn(self, name, key, salt):
        draws = Draws(key, salt)
        return draws if draws.chance(self.settings[name].get("probability", 1)) else None

    def partner(self, epoch, sample, samples):
        """The sample that this one is mixed with; None where it stays as it is."""
        if not self.mixes:
            return None
        way, draws = self._way(sample_key(self.seed, epoch, sample))
        return None if way is None else draws.below(samples)

    def mix(self, image, other, epoch, sample):
        """The mixed image and the share of the first one, from 0 to 1."""
        key = sample_key(self.seed, epoch, sample)
        way, _ = self._way(key)
        draws = Draws(key, MIX_PIXEL_SALT)
        share = draw_beta(draws, self.settings[way]["alpha"])
        if way == "mixup":
            second = other.astype(np.float64)
            return paint.to_byte(second + (image - second) * share), share
        height, width = image.shape[:2]
        side = math.sqrt(1 - share)
        box_height, box_width = math.floor(height * side), math.floor(width * side)
        top = draws.below(height) - (box_height >> 1)
        left = draws.below(width) - (box_width >> 1)
        rows = slice(max(0, top), max(0, min(height, top + box_height)))
        columns = slice(max(0, left), max(0, min(width, left + box_width)))
        image = image.copy()
        image[rows, columns] = other[rows, columns]
        pasted = max(0, rows.stop - rows.start) * max(0, columns.stop - columns.start)
        return image, 1 - pasted / (height * width)

    def _way(self, key):
        draws = Draws(key, MIX_SALT)
        first = draws.chance(0.5)
        by_mixup, by_cutmix = (
            draws.chance(self.settings.get(name, {}).get("probability", 0)) for name in ("mixup", "cutmix")
        )
        if by_mixup and by_cutmix:
            return ("mixup" if first else "cutmix"), draws
        return ("mixup" if by_mixup else "cutmix" if by_cutmix else None), draws


def draw_beta(draws, alpha):
    """Beta(alpha, alpha) as the ratio of two gamma variates, in logarithms."""
    a = draw_log_gamma(draws, alpha)
    difference = draw_log_gamma(draws, alpha) - a
    return 0.0 if difference > 709 else 1 / (1 + math.exp(difference))


def draw_log_gamma(draws, alpha):
    """Marsaglia and Tsang 2000; below 1 by their boost."""
    boost = math.log(1 - draws.uniform()) / alpha if alpha < 1 else 0
    d = (alpha + 1 if alpha < 1 else alpha) - 1 / 3
    c = 1 / math.sqrt(9 * d)
    while True:
        radius = math.sqrt(-2 * math.log(1 - draws.uniform()))
        x = radius * math.cos(2 * math.pi * draws.uniform())
        v = (1 + c * x) ** 3
        u = 1 - draws.uniform()
        if v > 0 and math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
            return boost + math.log(d * v)
`;
