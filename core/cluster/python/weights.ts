/** The text of `weights.py`. */
export const WEIGHTS_SOURCE = `"""Weights as safetensors under the names of NormLab's blocks, with the metadata by which NormLab reads them back."""

import json
import os
import pathlib

import torch
from safetensors.torch import load_file, save_file


class Names:
    """The names of tensors in the files, whose blocks may have another name in model.py."""

    def __init__(self, modules):
        self.to_file = {module: block for block, module in modules.items()}
        self.to_model = modules

    def in_file(self, name):
        module, field = name.split(".")
        return f"{self.to_file[module]}.{field}"

    def in_model(self, name):
        block, field = name.split(".")
        return f"{self.to_model[block]}.{field}"


def load_initial(network, folder, names):
    """Loads the state before the first step, which is that of NormLab's own runs."""
    stored = load_file(pathlib.Path(folder) / "initial.safetensors")
    network.load_state_dict({names.in_model(name): tensor for name, tensor in stored.items()}, strict=True)


def write_atomically(path, write):
    """Calls write with a temporary name, syncs the file to the disk and gives it its name."""
    path = pathlib.Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(str(temporary))
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path, value):
    text = json.dumps(value, allow_nan=False, ensure_ascii=False) + "\\n"
    write_atomically(path, lambda temporary: pathlib.Path(temporary).write_text(text, "utf-8"))


def write_weights(path, network, config, progress):
    """Writes the network's state with its metadata.

    progress: batches that updated the statistics, updates of the weights (step), epochs, the checkpoint (last or
    best), the weights (raw or ema), and for measured statistics the batches read.
    """
    names = Names(config["modules"])
    tensors = {}
    for name, value in network.state_dict().items():
        value = value.detach().cpu()
        if name.endswith("num_batches_tracked"):
            block = names.in_file(name).split(".")[0]
            value = torch.tensor(seen_by(block, config, progress), dtype=torch.int64)
        tensors[names.in_file(name)] = value.contiguous()
    metadata = {"format": "pt", **metadata_of(config, progress)}
    write_atomically(path, lambda temporary: save_file(tensors, temporary, metadata))


def seen_by(block, config, progress):
    return progress["batches"] if block in config["updatingNorms"] else 0


def metadata_of(config, progress):
    """The metadata of docs/formats.md, with what the training has changed."""
    metadata = dict(config["metadata"])
    measured = progress.get("batchesRead")
    norms = json.loads(metadata["normlab.batch_norm"])
    for block, facts in norms.items():
        facts["batches_seen"] = seen_by(block, config, progress)
        if measured and block in config["measuredNorms"]:
            facts["statistics"] = "exact"
        elif facts["batches_seen"] > 0:
            facts["statistics"] = "moving-average"
    statistics = json.loads(metadata["normlab.statistics"])
    statistics["batches_seen"], statistics["epochs"] = progress["batches"], progress["epochs"]
    statistics["step"] = progress["step"]
    statistics["checkpoint"], statistics["weights"] = progress["checkpoint"], progress["weights"]
    if measured:
        statistics["source"] = "exact"
        statistics["batches_read"], statistics["batches_in_set"], statistics["images"] = measured, measured, "training"
    metadata["normlab.batch_norm"] = json.dumps(norms, ensure_ascii=False)
    metadata["normlab.statistics"] = json.dumps(statistics, ensure_ascii=False)
    return metadata
`;
