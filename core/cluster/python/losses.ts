/** The text of `losses.py`. */
export const LOSSES_SOURCE = `"""The loss of each sample, with the formulas of NormLab.

Logits are [N, K]; a class is a number from 0. terms holds the kind of the loss, its numbers, the class weights (a
tensor [classes] or None) and the label smoothing.
"""

import torch
from torch.nn import functional as F


def sample_losses(logits, labels, others, shares, terms):
    """The losses [N] of samples of class labels; a mixed sample has its shares of it and the rest of the other."""
    logits = logits.float()
    losses = _rows(logits, labels, terms)
    if others is None:
        return losses
    return shares * losses + (1 - shares) * _rows(logits, others, terms)


def sample_weights(labels, others, shares, terms):
    """The weights [N] of samples in the mean over a batch, float64."""
    weights = terms["class_weights"]
    if weights is None:
        return torch.ones(len(labels), dtype=torch.float64, device=labels.device)
    own = weights[labels].double()
    return own if others is None else shares.double() * own + (1 - shares.double()) * weights[others].double()


def correct(logits, labels):
    """How many samples have their largest logit at their class; a single logit above 0 is class 1."""
    chosen = (logits[:, 0] > 0).long() if logits.shape[1] == 1 else logits.argmax(1)
    return (chosen == labels).sum()


def _rows(logits, labels, terms):
    kind = terms["kind"]
    if kind == "crossEntropy":
        targets = _class_weights(terms, logits) * _soft_targets(logits, labels, terms)
        return -(targets * F.log_softmax(logits, 1)).sum(1)
    own = _own_weights(terms, labels, logits)
    if kind == "binaryCrossEntropy":
        targets = _hard_targets(logits, labels, terms)
        return own * (F.softplus(logits) - targets * logits).mean(1)
    if kind == "mse":
        return own * ((logits - _soft_targets(logits, labels, terms)) ** 2).mean(1)
    if kind != "focal":
        raise ValueError(f"unknown loss {kind}")
    if logits.shape[1] == 1:
        return own * _binary_focal(logits[:, 0], _hard_targets(logits, labels, terms)[:, 0], terms)
    targets = _class_weights(terms, logits) * _soft_targets(logits, labels, terms)
    logs = F.log_softmax(logits, 1)
    return -terms["alpha"] * (targets * _power(-torch.expm1(logs), terms["exponent"]) * logs).sum(1)


def _binary_focal(z, t, terms):
    p, rest, alpha = torch.sigmoid(z), torch.sigmoid(-z), terms["alpha"]
    missed = t * rest + (1 - t) * p
    return (alpha * t + (1 - alpha) * (1 - t)) * _power(missed, terms["exponent"]) * (F.softplus(z) - t * z)


def _power(x, exponent):
    """x ** exponent, whose slope at 0 is 0."""
    return torch.ones_like(x) if exponent == 0 else torch.where(x > 0, x.clamp(min=1e-37) ** exponent, 0.0)


def _soft_targets(logits, labels, terms):
    smoothing, count = terms["smoothing"], logits.shape[1]
    return F.one_hot(labels, count).to(logits.dtype) * (1 - smoothing) + smoothing / count


def _hard_targets(logits, labels, terms):
    count = logits.shape[1]
    ones = labels[:, None] == 1 if count == 1 else F.one_hot(labels, count)
    return ones.to(logits.dtype) * (1 - terms["smoothing"]) + terms["smoothing"] / 2


def _class_weights(terms, logits):
    weights = terms["class_weights"]
    return logits.new_ones(logits.shape[1]) if weights is None else weights.to(logits.dtype)


def _own_weights(terms, labels, logits):
    weights = terms["class_weights"]
    return logits.new_ones(len(labels)) if weights is None else weights.to(logits.dtype)[labels]
`;
