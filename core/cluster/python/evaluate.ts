/** The text of `evaluate.py`. */
export const EVALUATE_SOURCE = `"""Passes over images without training: validation, and exact BatchNorm statistics."""

import torch

from batchnorm import BatchNorm, Context
from data import InOrder, Plan, make_loader
from losses import correct, sample_losses, sample_weights
from randomness import epoch_order


def validate(network, images, run):
    """Mean loss and share of correct images of the validation part, with the running statistics.

    Label smoothing and class weights belong to training only.
    """
    plan = Plan(len(images), min(run.settings["batchSize"], len(images)), "keep", 1)
    loader = make_loader(images, InOrder(plan, list(range(len(images))), run.processes), run.workers, run.device)
    terms = {**run.terms, "class_weights": None, "smoothing": 0.0}
    totals = torch.zeros(3, dtype=torch.float64, device=run.device)
    network.eval()
    with torch.no_grad():
        for batch in loader:
            batch = batch.to(run.device)
            if len(batch.labels) == 0:
                continue
            with run.autocast():
                logits = network(run.normalize(batch.images))
            totals[0] += sample_losses(logits, batch.labels, None, None, terms).double().sum()
            totals[1] += sample_weights(batch.labels, None, None, terms).sum()
            totals[2] += correct(logits, batch.labels)
    loss, weight, hits = run.processes.sum(totals).tolist()
    return {"loss": loss / weight, "accuracy": hits / weight}


def measure_statistics(network, images, run):
    """Replaces the running statistics by exact ones over all training images; returns the number of batches read.

    Blocks that normalize by their batch are measured in one pass. A block that normalizes by its running statistics
    changes the input of those after it, so it has a pass of its own before.
    """
    modules = [module for module in network.modules() if isinstance(module, BatchNorm) and module.reads_batch()]
    leaning = [module for module in modules if module.normalize_by != "batch"]
    others = [module for module in modules if module.normalize_by == "batch"]
    rounds = [[module] for module in leaning] + ([others] if others else [])
    batches = 0
    for measured in rounds:
        batches = _measure(network, images, run, measured)
    return batches


def _measure(network, images, run, measured):
    settings = run.settings
    plan = Plan(len(images), settings["batchSize"], "merge", 1)
    order = epoch_order(len(images), settings["seed"], 0, True)
    loader = make_loader(images, InOrder(plan, order, run.processes), run.workers, run.device)
    pooled = [None] * len(measured)
    network.eval()
    Context.measuring = True
    try:
        with torch.no_grad():
            for batch in loader:
                network(run.normalize(batch.to(run.device).images))
                for at, module in enumerate(measured):
                    mean, variance, count = module.batch_statistics
                    pooled[at] = pool(pooled[at], (mean.double(), variance.double(), count))
    finally:
        Context.measuring = False
    for module, (mean, variance, count) in zip(measured, pooled):
        correction = count / (count - 1) if module.estimator == "unbiased" and count > 1 else 1.0
        module.running_mean.copy_(mean)
        module.running_var.copy_(variance * correction)
    return plan.batches


def pool(one, other):
    """Statistics (mean, biased variance, count) of the union of two sets of values (Chan, Golub and LeVeque 1979)."""
    if one is None:
        return other
    count = one[2] + other[2]
    share = other[2] / count
    shift = other[0] - one[0]
    variance = one[1] * (1 - share) + other[1] * share + shift * shift * share * (1 - share)
    return one[0] + shift * share, variance, count
`;
