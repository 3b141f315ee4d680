/** `load.py`: how the arrays of the folder are read and used. It needs NumPy alone. */
export const LOAD_SOURCE = `"""Reads the weights of this folder with NumPy. Arrays have the names of PyTorch: conv1.weight, bn1.running_mean.

    weights, metadata = load()
    x = prepare(images, metadata)                                      # uint8 [N, H, W, C] to float32 [N, C, H, W]
    gamma, beta = weights["bn1.weight"], weights["bn1.bias"]           # [C]
    mean, variance = weights["bn1.running_mean"], weights["bn1.running_var"]
    y = batch_norm(x, "bn1", weights, metadata)                        # with frozen statistics

metadata["normlab.project"] has every block with its parameters; docs/formats.md of NormLab describes the other keys.
"""

import json
import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parent


def load():
    """The arrays by name, and the metadata."""
    with np.load(FOLDER / "weights.npz", allow_pickle=False) as file:
        weights = {name: file[name] for name in file.files}
    return weights, json.loads((FOLDER / "metadata.json").read_text("utf-8"))


def prepare(images, metadata):
    """Bytes [N, H, W, C], RGB or grey and of the size of the network, to its input [N, C, H, W]."""
    facts = metadata["normlab.preprocessing"]
    planes = np.asarray(images, "float32").transpose(0, 3, 1, 2)
    if facts["colour"] == "BGR":
        planes = planes[:, ::-1]
    mean, deviation = (np.reshape(facts[key], (1, -1, 1, 1)) for key in ("mean_bytes", "deviation_bytes"))
    return ((planes - mean) / deviation).astype("float32")


def batch_norm(x, block, weights, metadata):
    """A BatchNorm block with its frozen statistics; x is [N, C, H, W] or [N, C]."""
    shape = (1, -1) + (1,) * (x.ndim - 2)
    gamma, beta, mean, variance = (
        weights[f"{block}.{field}"].reshape(shape) for field in ("weight", "bias", "running_mean", "running_var")
    )
    return (x - mean) / np.sqrt(variance + metadata["normlab.batch_norm"][block]["epsilon"]) * gamma + beta


if __name__ == "__main__":
    for name, array in load()[0].items():
        print(name, array.dtype, list(array.shape))
`;
