/** The text of `optim.py`. */
export const OPTIM_SOURCE = `"""Optimizers, learning rates, clipping and the moving average of the weights."""

import math

import torch


def learning_rate(settings, step, steps_per_epoch, total_steps):
    """The learning rate of update step (from 0): a linear warm-up, then the schedule over the remaining updates."""
    base, warmup = settings["learningRate"], settings["warmupSteps"]
    span = max(1, total_steps - warmup)
    if step < warmup:
        return base * schedule_factor(settings["schedule"], 0, span, 0) * ((step + 1) / warmup)
    return base * schedule_factor(settings["schedule"], step - warmup, span, step // max(1, steps_per_epoch))


def schedule_factor(schedule, t, span, epochs_done):
    kind = schedule["kind"]
    if kind == "constant":
        return 1.0
    if kind == "step":
        return schedule["factor"] ** (epochs_done // schedule["everyEpochs"])
    if kind == "cosine":
        return half_cosine(1, schedule["finalFraction"], min(1, t / span))
    if kind != "oneCycle":
        raise ValueError(f"unknown schedule {kind}")
    start = 1 / schedule["startDivisor"]
    end = start / schedule["finalDivisor"]
    top = max(0, schedule["riseFraction"] * span - 1)
    if t < top:
        return half_cosine(start, 1, t / top)
    return half_cosine(1, end, min(1, (t - top) / ((span - 1 - top) or 1)))


def half_cosine(first, last, share):
    return last + (first - last) * (1 + math.cos(math.pi * share)) / 2


class Lion(torch.optim.Optimizer):
    """Lion (Chen et al. 2023, algorithm 2): w -= lr * (sign(b1 m + (1 - b1) g) + decay w); m = b2 m + (1 - b2) g."""

    def __init__(self, groups, betas):
        super().__init__(groups, {"lr": 0.0, "weight_decay": 0.0, "betas": betas})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                moment = state.setdefault("momentum", torch.zeros_like(weight))
                direction = (moment * beta1).add_(weight.grad, alpha=1 - beta1).sign_()
                weight.sub_(direction.add_(weight, alpha=group["weight_decay"]), alpha=group["lr"])
                moment.mul_(beta2).add_(weight.grad, alpha=1 - beta2)


def make_optimizer(network, parameters, settings):
    """The optimizer of the settings, with a group for each factor of the learning rate and each kind of decay.

    parameters lists what trains in any phase: module and field, whether it decays, and its factor.
    """
    groups = {}
    for each in parameters:
        decay = settings["l2"] if each["decayed"] else 0.0
        key = each["rateFactor"], each["decayed"]
        group = groups.setdefault(key, {"params": [], "weight_decay": decay, "factor": each["rateFactor"], "l1": 0.0})
        group["l1"] = settings["l1"] if each["decayed"] else 0.0
        group["params"].append(network.get_parameter(each["name"]))
    groups = list(groups.values())
    optimizer = settings["optimizer"]
    kind = optimizer["kind"]
    if kind == "sgd":
        nesterov = optimizer["nesterov"] and optimizer["momentum"] != 0
        return torch.optim.SGD(groups, lr=0.0, momentum=optimizer["momentum"], nesterov=nesterov)
    if kind == "rmsprop":
        names = {"alpha": "alpha", "eps": "epsilon", "momentum": "momentum", "centered": "centered"}
        return torch.optim.RMSprop(groups, lr=0.0, **{name: optimizer[own] for name, own in names.items()})
    betas = optimizer["beta1"], optimizer["beta2"]
    if kind == "lion":
        return Lion(groups, betas)
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    return kinds[kind](groups, lr=0.0, betas=betas, eps=optimizer["epsilon"])


def set_rate(optimizer, rate):
    for group in optimizer.param_groups:
        group["lr"] = rate * group["factor"]


@torch.no_grad()
def clip(optimizer, clipping):
    """Limits the gradient; returns its norm before that, or None without clipping."""
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    gradients = [weight.grad for weight in weights if weight.grad is not None]
    if clipping["kind"] == "none":
        return None
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(each.double()) for each in gradients]))
    limit = clipping["limit"]
    for each in gradients:
        if clipping["kind"] == "value":
            each.clamp_(-limit, limit)
        else:
            each.mul_(torch.clamp(limit / (norm + 1e-6), max=1).to(each.dtype))
    return norm


@torch.no_grad()
def add_l1(optimizer):
    """Adds the gradient of the sum of absolute weights, after clipping, as weight decay is added by the optimizer."""
    for group in optimizer.param_groups:
        for weight in group["params"]:
            if group["l1"] and weight.grad is not None:
                weight.grad.add_(weight.sign(), alpha=group["l1"])


class WeightAverage:
    """A moving average of all weights and running statistics, whose decay is warmed up: min(d, (1 + t) / (10 + t))."""

    def __init__(self, network, decay):
        self.network, self.decay = network, decay
        self.values = {name: value.detach().clone() for name, value in self._sources()}

    def _sources(self):
        state = self.network.state_dict(keep_vars=True)
        return [(name, value) for name, value in state.items() if value.is_floating_point()]

    @torch.no_grad()
    def update(self, step):
        """Moves the average towards the weights after update step, from 1."""
        share = min(self.decay, (1 + step) / (10 + step))
        for name, value in self._sources():
            self.values[name].add_(value.detach() - self.values[name], alpha=1 - share)

    @torch.no_grad()
    def swap(self):
        """Exchanges the weights of the network and their averages; calling it twice restores both."""
        for name, value in self._sources():
            held = value.detach().clone()
            value.copy_(self.values[name])
            self.values[name].copy_(held)
`;
