"""Writes models of Caffe: the description as a .prototxt, the weights as a .caffemodel, by the numbers of caffe.proto."""

import numpy as np

# LayerParameter and V1LayerParameter: name, bottom, top, blobs.
NEW = {"name": 1, "bottom": 3, "top": 4, "blobs": 7}
OLD = {"name": 4, "bottom": 2, "top": 3, "blobs": 6}
# V1LayerParameter.LayerType.
OLD_TYPES = {
    "Convolution": ("CONVOLUTION", 4),
    "Pooling": ("POOLING", 17),
    "InnerProduct": ("INNER_PRODUCT", 14),
    "ReLU": ("RELU", 18),
    "Dropout": ("DROPOUT", 6),
    "Softmax": ("SOFTMAX", 20),
    "Concat": ("CONCAT", 3),
}


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """A text, a whole number or the bytes of a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def blob(values, is_old):
    """Dims as num, channels, height and width in old files, else as a BlobShape."""
    data = field(5, np.ascontiguousarray(values, "<f4").tobytes())
    if not is_old:
        return field(7, field(1, b"".join(varint(dim) for dim in values.shape))) + data
    dims = (1,) * (4 - values.ndim) + values.shape
    return b"".join(field(1 + index, dim) for index, dim in enumerate(dims)) + data


def settings_text(settings):
    lines = []
    for name, value in settings.items():
        if isinstance(value, dict):
            lines.append(f"{name} {{ {settings_text(value)} }}")
        elif isinstance(value, bool):
            lines.append(f"{name}: {str(value).lower()}")
        else:
            lines.extend(f"{name}: {each}" for each in (value if isinstance(value, list) else [value]))
    return " ".join(lines)


class CaffeNet:
    """A network that grows layer by layer; `last` is the value that the last layer wrote."""

    def __init__(self, shape, seed=7):
        self.shape = shape
        self.rng = np.random.default_rng(seed)
        self.layers = []
        self.last = "data"

    def add(self, name, kind, bottoms=None, in_place=False, blobs=(), **settings):
        bottoms = [self.last] if bottoms is None else bottoms
        self.last = bottoms[0] if in_place else name
        self.layers.append((name, kind, bottoms, self.last, [np.asarray(each, "float32") for each in blobs], settings))
        return self.last

    def conv(self, name, channels, filters, kernel, bottom=None, bias=False, group=1, **settings):
        shape = (filters, channels // group, kernel, kernel)
        weights = self.rng.normal(0, (2 / np.prod(shape[1:])) ** 0.5, shape)
        blobs = [weights] + ([self.rng.normal(0, 0.2, filters)] if bias else [])
        param = {"num_output": filters, "kernel_size": kernel, "bias_term": bias, "group": group, **settings}
        return self.add(name, "Convolution", None if bottom is None else [bottom], blobs=blobs, convolution_param=param)

    def norm(self, name, channels, scale=True, eps=1e-5):
        """BatchNorm with sums of statistics, and Scale; both work in place."""
        weight = 999.98
        mean, variance = self.rng.normal(0, 0.3, channels), self.rng.uniform(0.5, 1.5, channels)
        blobs = [mean * weight, variance * weight, [weight]]
        self.add(f"bn_{name}", "BatchNorm", in_place=True, blobs=blobs, batch_norm_param={"use_global_stats": True, "eps": eps})
        if scale:
            blobs = [self.rng.uniform(0.5, 1.5, channels), self.rng.normal(0, 0.3, channels)]
            self.add(f"scale_{name}", "Scale", in_place=True, blobs=blobs, scale_param={"bias_term": True})
        return self.last

    def relu(self, name, **settings):
        return self.add(name, "ReLU", in_place=True, relu_param=settings)

    def pool(self, name, bottom=None, **settings):
        return self.add(name, "Pooling", None if bottom is None else [bottom], pooling_param=settings)

    def dense(self, name, features, units):
        blobs = [self.rng.normal(0, features**-0.5, (units, features)), self.rng.normal(0, 0.2, units)]
        return self.add(name, "InnerProduct", blobs=blobs, inner_product_param={"num_output": units})

    def text(self, is_old=False):
        dims = " ".join(f"dim: {dim}" for dim in (1, *self.shape))
        lines = ['name: "net" # written for a check', f'input: "data" input_shape {{ {dims} }}']
        for name, kind, bottoms, top, _, settings in self.layers:
            said = OLD_TYPES[kind][0] if is_old else f'"{kind}"'
            ends = " ".join([*(f'bottom: "{each}"' for each in bottoms), f'top: "{top}"'])
            more = settings_text({key: value for key, value in settings.items() if value})
            lines.append(f'{"layers" if is_old else "layer"} {{ name: "{name}" type: {said} {ends} {more} }}')
        return "\n".join(lines) + "\n"

    def weights(self, is_old=False):
        numbers = OLD if is_old else NEW
        out = field(1, "net")
        for name, kind, bottoms, top, blobs, _ in self.layers:
            layer = field(numbers["name"], name)
            layer += field(5, OLD_TYPES[kind][1]) if is_old else field(2, kind)
            layer += b"".join(field(numbers["bottom"], each) for each in bottoms) + field(numbers["top"], top)
            layer += b"".join(field(numbers["blobs"], blob(each, is_old)) for each in blobs)
            out += field(2 if is_old else 100, layer)
        return out
