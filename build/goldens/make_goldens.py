"""Makes the golden files from PyTorch.

npx node build/goldens/writeCases.ts FOLDER
python3 build/goldens/make_goldens.py FOLDER [OUT]

The cases are read from FOLDER; operations.safetensors and training.safetensors are written to OUT (default: this folder), all float64, with the
cases, the version of PyTorch and the error of its own float32 in their metadata. Only PyTorch is needed.
"""

import json
import pathlib
import struct
import sys

import torch

from golden_net import GoldenNet
from golden_optimizers import Optimizer


def flat(tensor):
    return tensor.detach().double().contiguous().reshape(-1)


def one_step(net):
    """Forward, loss, every gradient, batch and stored statistics, and the evaluation after the step."""
    net.module.train()
    images, targets = net.batch(1)
    images.requires_grad_()
    output, logits = net.run(images)
    loss = net.loss(logits, targets)
    loss.backward()
    found = {"forward": output, "logits": logits, "loss": loss, "gradient of images": images.grad}
    for slot in net.parameters:
        gradient = net.tensors[slot["torch"]].grad
        if gradient is not None and not slot["name"].startswith("logits."):
            found[f"gradient of {slot['name']}"] = gradient
    for name, value in net.batch_statistics().items():
        found[f"batch {name}"] = value
    for slot in net.statistics:
        found[f"stored {slot['name']}"] = net.tensors[slot["torch"]]
    net.module.eval()
    with torch.no_grad():
        found["evaluated"] = net.run(images)[0]
    return found


def course(net):
    """The loss of every step; then, for an optimizer, all parameters, and for a built-in network its stored statistics."""
    net.module.train()
    optimizer = Optimizer(net)
    losses = []
    for step in range(1, net.case["steps"] + 1):
        images, targets = net.batch(step)
        loss = net.loss(net.run(images)[1], targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    kept = net.parameters + net.statistics if net.case["family"] == "optimizer" else net.statistics
    found = {f"final {slot['name']}": net.tensors[slot["torch"]] for slot in kept}
    return {"losses": torch.tensor(losses, dtype=torch.float64), **found}


def own_float32_error(described, losses):
    """The error of PyTorch's float32 against its float64 in the same training: the largest relative difference of a loss."""
    single = course(GoldenNet(described, torch.float32))["losses"]
    return ((single - losses) / losses).abs().max().item()


def write(path, tensors, metadata):
    header, at = {"__metadata__": metadata}, 0
    for name, values in tensors.items():
        end = at + 8 * len(values)
        header[name] = {"dtype": "F64", "shape": [len(values)], "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = b"".join(values.numpy().astype("<f8").tobytes() for values in tensors.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def make(source, target):
    cases = json.loads(source.read_text("utf8"))
    tensors, float32 = {}, {}
    for index, described in enumerate(cases):
        net = GoldenNet(described)
        found = one_step(net) if net.case["steps"] == 1 else course(net)
        for name, value in found.items():
            tensors[f"{index}/{name}"] = flat(value)
        if net.case["family"] == "template":
            float32[net.case["name"]] = own_float32_error(described, found["losses"])
    kept = json.dumps([described["case"] for described in cases], separators=(",", ":"))
    write(target, tensors, {"torch": torch.__version__, "cases": kept, "float32": json.dumps(float32)})
    print(f"{target.name}: {len(cases)} cases, {target.stat().st_size} bytes, PyTorch {torch.__version__}")


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    folder = pathlib.Path(sys.argv[1])
    out = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).parent)
    for name in ("operations", "training"):
        make(folder / f"{name}.json", out / f"{name}.safetensors")


if __name__ == "__main__":
    main()
