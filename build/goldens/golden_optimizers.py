"""The optimizers of a case: torch.optim where PyTorch has them, Lion written out from its paper."""

import torch


class Optimizer:
    """Steps like `OptimizerPlan`: L2 is torch's weight_decay on kernels; L1, which torch lacks, adds l1 * sign(w) to their gradients.

    A parameter group for each pair of decay and learning rate; frozen tensors require no gradient and are in none.
    """

    def __init__(self, net):
        self.plan = net.case["options"]["optimizer"]
        rate = net.case["learningRate"]
        self.decayed, self.plain, groups = [], [], {}
        for slot in net.parameters:
            tensor = net.tensors[slot["torch"]]
            tensor.requires_grad_(slot["trainable"])
            if not slot["trainable"]:
                continue
            (self.decayed if slot["decayed"] else self.plain).append(tensor)
            decay = self.plan["l2"] if slot["decayed"] else 0.0
            group = dict(params=[], weight_decay=decay, lr=rate * slot["rateFactor"])
            groups.setdefault((decay, slot["rateFactor"]), group)["params"].append(tensor)
        self.inner = make(self.plan, list(groups.values()), rate)

    def step(self):
        clipping = self.plan.get("clipping")
        if clipping:
            given = [tensor for tensor in self.decayed + self.plain if tensor.grad is not None]
            clip = {"norm": torch.nn.utils.clip_grad_norm_, "value": torch.nn.utils.clip_grad_value_}
            clip[clipping["by"]](given, clipping["limit"])
        for tensor in self.decayed:
            if tensor.grad is not None and self.plan["l1"]:
                tensor.grad += self.plan["l1"] * torch.sign(tensor.detach())
        self.inner.step()
        self.inner.zero_grad(set_to_none=True)


def make(plan, groups, rate):
    kind = plan["kind"]
    if kind == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=plan["momentum"], nesterov=plan["nesterov"])
    if kind == "rmsprop":
        more = dict(momentum=plan["momentum"], centered=plan["centered"])
        return torch.optim.RMSprop(groups, lr=rate, alpha=plan["alpha"], eps=plan["epsilon"], **more)
    betas = plan["beta1"], plan["beta2"]
    if kind == "lion":
        return Lion(groups, {"lr": rate, "betas": betas})
    make_adam = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind]
    return make_adam(groups, lr=rate, betas=betas, eps=plan["epsilon"])


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023 (arXiv 2302.06675), algorithm 2."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                if w.grad is None:
                    continue
                m = self.state[w].setdefault("m", torch.zeros_like(w))
                update = torch.sign(beta1 * m + (1 - beta1) * w.grad)
                w.sub_(group["lr"] * (update + group["weight_decay"] * w))
                m.mul_(beta2).add_(w.grad, alpha=1 - beta2)
