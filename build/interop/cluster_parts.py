"""Checks parts of a project for a cluster in a process of its own: BatchNorm over processes, and random draws.

    torchrun --nproc-per-node 2 cluster_parts.py PROJECT norm RESULT
    python cluster_parts.py PROJECT draws VALUES
"""

import json
import pathlib
import sys

import numpy as np
import torch
from torch import distributed, nn

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import batchnorm
from augment import Augmenter, draw_beta
from randomness import Draws, Sampler


def norm_case(sizes, shape, offset, estimator, rank):
    """Largest differences of the module over two processes from nn.BatchNorm in float64 over the whole batch."""
    generator = torch.Generator().manual_seed(len(shape) + sum(sizes))
    whole = torch.randn(sum(sizes), *shape, generator=generator) * 2 + offset
    slopes = torch.randn(whole.shape, generator=generator)
    kind = nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d
    source, exact = kind(shape[0]), kind(shape[0]).double()
    with torch.no_grad():
        for module in (source, exact):
            module.weight.copy_(torch.linspace(0.5, 2, shape[0]))
            module.bias.copy_(torch.linspace(-1, 1, shape[0]))
    facts = {"epsilon": 1e-5, "decay": 0.9, "averaging": "decay", "estimator": estimator}
    module = batchnorm.BatchNorm(source, facts).train()
    reference = whole.double().requires_grad_()
    wanted = exact.train()(reference)
    (wanted * slopes.double()).sum().backward()
    first = sum(sizes[:rank])
    own = slice(first, first + sizes[rank])
    part = whole[own].clone().requires_grad_()
    found = module(part)
    (found * slopes[own]).sum().backward()
    for gradient in (module.weight.grad, module.bias.grad):
        distributed.all_reduce(gradient)
    variance = exact.running_var
    if estimator == "biased":
        count = whole.numel() // shape[0]
        variance = 0.9 + (variance - 0.9) * (count - 1) / count
    pairs = {
        "output": (found, wanted[own]),
        "input gradient": (part.grad, reference.grad[own]),
        "gamma gradient": (module.weight.grad, exact.weight.grad),
        "beta gradient": (module.bias.grad, exact.bias.grad),
        "running mean": (module.running_mean, exact.running_mean),
        "running variance": (module.running_var, variance),
    }
    return {name: relative(*pair) for name, pair in pairs.items()}


def relative(found, wanted):
    if found.numel() == 0:
        return 0.0
    return float((found.double() - wanted).abs().max() / max(1.0, float(wanted.abs().max())))


def check_norm(result):
    distributed.init_process_group("gloo")
    rank = distributed.get_rank()
    cases = [
        norm_case(sizes, shape, offset, estimator, rank)
        for sizes in ((8, 8), (7, 2), (5, 0))
        for shape in ((3, 6, 5), (4,))
        for offset in (0.0, 100.0)
        for estimator in ("unbiased", "biased")
    ]
    gathered = [None, None]
    distributed.all_gather_object(gathered, cases)
    if rank == 0:
        pathlib.Path(result).write_text(json.dumps(gathered[0] + gathered[1]))
    distributed.destroy_process_group()


def check_draws(values):
    """Prints what differs from NormLab's own values."""
    facts = json.loads(pathlib.Path(values).read_text("utf-8"))
    labels, wrong = facts["labels"], []
    for each in facts["orders"]:
        quotas = None
        if each["kind"] == "balanced":
            quotas = np.bincount([labels[at] for at in each["order"]], minlength=3).tolist()
        order = Sampler(labels, each["seed"], True, quotas).order(each["epoch"])
        if order != each["order"]:
            wrong.append(f"order of {each['kind']}, seed {each['seed']}, epoch {each['epoch']}")
    for each in facts["betas"]:
        draws = Draws(12345, 15)
        found = [draw_beta(draws, each["alpha"]) for _ in each["values"]]
        if not np.allclose(found, each["values"], rtol=1e-12, atol=1e-300):
            wrong.append(f"beta of {each['alpha']}")
    image = np.array(facts["image"], np.uint8).reshape(12, 10, 3)
    for each in facts["augmented"]:
        augmenter = Augmenter(each["settings"], 7, each["mean"])
        for sample, wanted in enumerate(each["images"]):
            found = augmenter.augment(image, 2, sample)
            if found.dtype != np.uint8 or found.ravel().tolist() != wanted:
                wrong.append(f"{each['name']} with border {each['settings']['border']}, sample {sample}")
    print(json.dumps({"wrong": wrong, "images": sum(len(each["images"]) for each in facts["augmented"])}))


if __name__ == "__main__":
    {"norm": check_norm, "draws": check_draws}[sys.argv[2]](sys.argv[3])
