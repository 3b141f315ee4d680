"""Losses, optimizers, clipping and schedules of PyTorch as numbers: python3 build/goldens/torch_training.py > build/goldens/torchTraining.json

The file is read by build/goldens/torchTraining.test.ts. Float64 throughout.
"""

import json
import math

import torch
import torch.nn.functional as F

LOGITS = [[0.3, -1.2, 2.0], [1.5, 0.2, -0.7], [-0.4, 0.9, 0.1], [2.2, -0.3, 0.8]]
LABELS = [2, 0, 1, 1]
SINGLE = [[0.7], [-1.3], [2.1], [0.2]]
SIGNS = [1, 0, 0, 1]
WEIGHTS = [0.5, 3.0, 1.25]


def tensor(values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def loss_case(name, kind, logits, labels, fn, **settings):
    z = tensor(logits)
    loss = fn(z, torch.tensor(labels))
    loss.backward()
    return dict(name=name, kind=kind, logits=logits, labels=labels, loss=loss.item(), gradient=z.grad.tolist(), **settings)


def focal(z, y, gamma, alpha):
    """torchvision.ops.sigmoid_focal_loss, written out, reduction 'mean'."""
    t = y.double()[:, None]
    p = torch.sigmoid(z)
    ce = F.binary_cross_entropy_with_logits(z, t, reduction="none")
    p_t = p * t + (1 - p) * (1 - t)
    return ((alpha * t + (1 - alpha) * (1 - t)) * ce * (1 - p_t) ** gamma).mean()


def losses():
    weights = torch.tensor(WEIGHTS, dtype=torch.float64)
    onehot = lambda y: F.one_hot(y, 3).double()
    three, one = (LOGITS, LABELS), (SINGLE, SIGNS)
    return [
        loss_case("cross-entropy", "crossEntropy", *three, F.cross_entropy),
        loss_case("smoothing", "crossEntropy", *three, lambda z, y: F.cross_entropy(z, y, label_smoothing=0.1), smoothing=0.1),
        loss_case("weights", "crossEntropy", *three, lambda z, y: F.cross_entropy(z, y, weight=weights), weights=WEIGHTS),
        loss_case("weights and smoothing", "crossEntropy", *three,
                  lambda z, y: F.cross_entropy(z, y, weight=weights, label_smoothing=0.2), weights=WEIGHTS, smoothing=0.2),
        loss_case("one against the rest", "binaryCrossEntropy", *three,
                  lambda z, y: F.binary_cross_entropy_with_logits(z, onehot(y))),
        loss_case("one logit", "binaryCrossEntropy", *one,
                  lambda z, y: F.binary_cross_entropy_with_logits(z, y.double()[:, None])),
        loss_case("focal of one logit", "focal", *one, lambda z, y: focal(z, y, 2.0, 0.25), gamma=2.0, alpha=0.25),
        loss_case("mean square", "mse", *three, lambda z, y: F.mse_loss(z, onehot(y))),
    ]


START = [0.8, -0.6, 0.3]


def gradient(w, step):
    return torch.sin(3 * w + step) + 0.4 * w


def optimizer_case(plan, make, clip=None, **settings):
    w = tensor(START)
    optimizer = make([w])
    path = []
    for step in range(1, 11):
        w.grad = gradient(w.detach(), step)
        if clip:
            clip([w])
        optimizer.step()
        path.append(w.detach().tolist())
    return dict(plan=plan, path=path, **settings)


def groups_case(plan, make, factors, **settings):
    """Three weights, each in a parameter group of its own: `lr` times its factor. A factor of None is a frozen weight."""
    weights = [tensor([value]) for value in START]
    groups = [dict(params=[w], lr=0.05 * f) for w, f in zip(weights, factors) if f is not None]
    optimizer = make(groups)
    path = []
    for step in range(1, 11):
        for w, f in zip(weights, factors):
            w.grad = None if f is None else gradient(w.detach(), step)
        if "clipping" in plan:
            torch.nn.utils.clip_grad_norm_(weights, plan["clipping"]["limit"])
        optimizer.step()
        path.append([w.item() for w in weights])
    return dict(plan=plan, factors=factors, path=path, **settings)


def groups():
    o, l2 = torch.optim, 0.02
    sgd = dict(kind="sgd", momentum=0.9, nesterov=False, l1=0, l2=l2)
    adamw = dict(kind="adamw", beta1=0.9, beta2=0.99, epsilon=1e-8, l1=0, l2=l2)
    make_sgd = lambda g: o.SGD(g, 0.05, momentum=0.9, weight_decay=l2)
    return [
        groups_case(sgd, make_sgd, [1, 0.1, 3]),
        groups_case(adamw, lambda g: o.AdamW(g, 0.05, betas=(0.9, 0.99), weight_decay=l2), [1, 0.1, 3]),
        groups_case(dict(sgd, clipping=dict(by="norm", limit=0.7)), make_sgd, [0.5, None, 2]),
    ]


def optimizers():
    lr, l2 = 0.05, 0.02
    o, clip = torch.optim, torch.nn.utils
    sgd = dict(kind="sgd", momentum=0.9, nesterov=False, l1=0, l2=l2)
    rms = dict(kind="rmsprop", alpha=0.9, epsilon=1e-8, momentum=0, centered=False, l1=0, l2=l2)
    adam = dict(kind="adam", beta1=0.9, beta2=0.99, epsilon=1e-8, l1=0, l2=l2)
    rmsprop = lambda **more: lambda p: o.RMSprop(p, lr, alpha=0.9, weight_decay=l2, **more)
    return [
        optimizer_case(sgd, lambda p: o.SGD(p, lr, momentum=0.9, weight_decay=l2)),
        optimizer_case(dict(sgd, nesterov=True), lambda p: o.SGD(p, lr, momentum=0.9, nesterov=True, weight_decay=l2)),
        optimizer_case(rms, rmsprop()),
        optimizer_case(dict(rms, momentum=0.8), rmsprop(momentum=0.8)),
        optimizer_case(dict(rms, centered=True), rmsprop(centered=True)),
        optimizer_case(dict(rms, centered=True, momentum=0.8), rmsprop(centered=True, momentum=0.8)),
        optimizer_case(adam, lambda p: o.Adam(p, lr, betas=(0.9, 0.99), weight_decay=l2)),
        optimizer_case(dict(adam, kind="adamw"), lambda p: o.AdamW(p, lr, betas=(0.9, 0.99), weight_decay=l2)),
        optimizer_case(dict(sgd, clipping=dict(by="norm", limit=0.7)), lambda p: o.SGD(p, lr, momentum=0.9, weight_decay=l2),
                       lambda p: clip.clip_grad_norm_(p, 0.7)),
        optimizer_case(dict(sgd, clipping=dict(by="value", limit=0.4)), lambda p: o.SGD(p, lr, momentum=0.9, weight_decay=l2),
                       lambda p: clip.clip_grad_value_(p, 0.4)),
    ]


def rates(make, steps, every=1):
    w = tensor([0.0])
    optimizer = torch.optim.SGD([w], lr=0.2)
    scheduler = make(optimizer)
    found = []
    for step in range(1, steps + 1):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step % every == 0:
            scheduler.step()
    return found


def schedules():
    s = torch.optim.lr_scheduler
    return [
        dict(schedule=dict(kind="step", everyEpochs=2, factor=0.3), epochs=6, steps=24, rates=rates(lambda o: s.StepLR(o, 2, 0.3), 24, 4)),
        dict(schedule=dict(kind="cosine", finalFraction=0.1), epochs=6, steps=24,
             rates=rates(lambda o: s.CosineAnnealingLR(o, 24, eta_min=0.02), 24)),
        dict(schedule=dict(kind="oneCycle", riseFraction=0.25, startDivisor=25, finalDivisor=1e4), epochs=6, steps=24,
             rates=rates(lambda o: s.OneCycleLR(o, 0.2, total_steps=24, pct_start=0.25, cycle_momentum=False), 24)),
        dict(schedule=dict(kind="constant"), warmup=5, epochs=6, steps=24,
             rates=rates(lambda o: s.LinearLR(o, 1 / 5, 1.0, total_iters=4), 24)),
    ]


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return {key: rounded(item) for key, item in value.items()} if isinstance(value, dict) else value


found = dict(torch=torch.__version__, losses=losses(), optimizers=optimizers(), groups=groups(), schedules=schedules())
print(json.dumps(rounded(found), indent=1))
