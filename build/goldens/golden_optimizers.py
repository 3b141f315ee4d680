"""The optimizers of a case: torch.optim where PyTorch has them."""

import torch


class Optimizer:
    """Steps like `OptimizerPlan`: L2 is torch's weight_decay on kernels; L1, which torch lacks, adds l1 * sign(w) to their gradients."""

    def __init__(self, net):
        self.plan = net.case["options"]["optimizer"]
        rate = net.case["learningRate"]
        self.decayed, plain = [], []
        for slot in net.parameters:
            tensor = net.tensors[slot["torch"]]
            (self.decayed if slot["decayed"] else plain).append(tensor)
        groups = [{"params": self.decayed, "weight_decay": self.plan["l2"]}, {"params": plain, "weight_decay": 0.0}]
        self.inner = make(self.plan, groups, rate)

    def step(self):
        for tensor in self.decayed:
            if tensor.grad is not None and self.plan["l1"]:
                tensor.grad += self.plan["l1"] * torch.sign(tensor.detach())
        self.inner.step()
        self.inner.zero_grad(set_to_none=True)


def make(plan, groups, rate):
    kind = plan["kind"]
    if kind == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=plan["momentum"], nesterov=plan["nesterov"])
    betas = plan["beta1"], plan["beta2"]
    make_adam = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind]
    return make_adam(groups, lr=rate, betas=betas, eps=plan["epsilon"])
