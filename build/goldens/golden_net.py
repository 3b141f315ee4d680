"""The network of a case as a PyTorch module: ProjectNet of ../interop, with BatchNorm in the mode of its parameters."""

import pathlib
import sys

import torch
from torch.nn import functional as F

import golden_values as values

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
from torch_net import ProjectNet  # noqa: E402


class SwitchedBatchNorm(torch.nn.modules.batchnorm._BatchNorm):
    """torch's own batch_norm, called as the block's parameters require."""

    def __init__(self, params, channels):
        super().__init__(channels, eps=params["epsilon"], momentum=1 - params["decay"])
        self.params = params
        self.weight.requires_grad_(params["trainGamma"])
        self.bias.requires_grad_(params["trainBeta"])
        self.batch_mean = self.batch_variance = None
        self.step = 0

    def _check_input_dim(self, x):
        pass

    def forward(self, x):
        # Copies: the stored values change before the gradient is computed.
        stored = self.running_mean.clone(), self.running_var.clone()
        if not self.training:
            return F.batch_norm(x, *stored, self.weight, self.bias, False, 0.0, self.eps)
        self.step += 1
        by_batch, updates = self.params["normalizeBy"] == "batch", self.params["updateStatistics"]
        if by_batch or updates:
            dims = [dim for dim in range(x.dim()) if dim != 1]
            self.batch_variance, self.batch_mean = torch.var_mean(x.detach(), dims, correction=0)
        if updates:
            self.store(x.detach())
        if not by_batch:
            return F.batch_norm(x, *stored, self.weight, self.bias, False, 0.0, self.eps)
        normalize = self.renormalized if self.params["renorm"] else self.normalized
        return torch.cat([normalize(group, *stored) for group in self.groups(x)])

    def groups(self, x):
        """Ghost BatchNorm: samples in order; samples that do not fill a group are added to the last one."""
        size = self.params["ghostSize"] or len(x)
        count = max(1, len(x) // size)
        return x.tensor_split([size * cut for cut in range(1, count)])

    def normalized(self, x, *_stored):
        return F.batch_norm(x, None, None, self.weight, self.bias, True, 0.0, self.eps)

    def renormalized(self, x, mean, variance):
        """Ioffe 2017, algorithm 1: r and d are constants of the gradient."""
        shape = [1, -1] + [1] * (x.dim() - 2)
        dims = [dim for dim in range(x.dim()) if dim != 1]
        own_variance, own_mean = torch.var_mean(x.detach(), dims, correction=0)
        r_max, d_max = self.limits()
        sigma = torch.sqrt(variance + self.eps)
        r = torch.clamp(torch.sqrt(own_variance + self.eps) / sigma, 1 / r_max, r_max)
        d = torch.clamp((own_mean - mean) / sigma, -d_max, d_max)
        xhat = F.batch_norm(x, None, None, None, None, True, 0.0, self.eps) * r.view(shape) + d.view(shape)
        return xhat * self.weight.view(shape) + self.bias.view(shape)

    def limits(self):
        """rmax and dmax of this step: linear ramps from 1 and 0."""
        p = self.params

        def share(end):
            if self.step <= p["renormStart"]:
                return 0.0
            return 1.0 if self.step >= end else (self.step - p["renormStart"]) / (end - p["renormStart"])

        return 1 + (p["renormMaxR"] - 1) * share(p["renormEndR"]), p["renormMaxD"] * share(p["renormEndD"])

    def store(self, x):
        """As torch stores it (`momentum=None`: 1 / step); the biased variance is torch's unbiased one times (m - 1) / m."""
        momentum = 1 / self.step if self.params["averaging"] == "cumulative" else self.momentum
        if self.params["variance"] == "unbiased":
            F.batch_norm(x, self.running_mean, self.running_var, training=True, momentum=momentum)
            return
        m = x.numel() // x.shape[1]
        mean, variance = torch.zeros_like(self.running_mean), torch.zeros_like(self.running_var)
        F.batch_norm(x, mean, variance, training=True, momentum=1.0)
        self.running_mean.lerp_(mean, momentum)
        self.running_var.lerp_(variance * (m - 1) / m, momentum)


class GoldenNet:
    """A case's network in its initial state; tensors have the lab's names (`conv1.weights`)."""

    def __init__(self, described, dtype=torch.float64):
        self.case, self.dtype = described["case"], dtype
        self.parameters, self.statistics = described["parameters"], described["statistics"]
        self.shape, self.classes = described["inputShape"], described["classes"]
        state = {
            slot["torch"]: torch.from_numpy(values.start(slot, self.case["scheme"]))
            for slot in self.parameters + self.statistics
        }
        graph = self.case["graph"]
        self.module = ProjectNet({"graph": graph}, state)
        for block, record in graph["nodes"].items():
            if record["kind"] == "batchNorm":
                channels = len(state[f"{block}.running_mean"])
                setattr(self.module, block, SwitchedBatchNorm(record["params"], channels))
                state[f"{block}.num_batches_tracked"] = torch.tensor(0)
        self.module.to(dtype)
        self.module.load_state_dict(state, strict=True)
        self.tensors = {**dict(self.module.named_parameters()), **dict(self.module.named_buffers())}

    def batch(self, step):
        case = self.case
        targets = values.labels(case["batch"], self.classes, step, case["someLabels"])
        images = values.images(targets, self.shape, step, case["scale"], case["patterned"])
        return torch.from_numpy(images).to(self.dtype), torch.from_numpy(targets)

    def run(self, images):
        """The flattened output of the case's operation, and the logits."""
        records = self.module.records
        [block] = [block for block, record in records.items() if record["kind"] == "input"]
        known = {block: images}
        [output] = [block for block, record in records.items() if record["kind"] == "output"]
        logits = self.module.value(output, known)
        return known.get("flat"), logits

    def loss(self, logits, targets):
        smoothing = self.case["options"]["labelSmoothing"]
        return F.cross_entropy(logits, targets, ignore_index=-1, label_smoothing=smoothing)

    def batch_statistics(self):
        """By the names of the stored tensors."""
        found = {}
        for name, module in self.module.named_modules():
            if isinstance(module, SwitchedBatchNorm) and module.batch_mean is not None:
                found[f"{name}.mean"], found[f"{name}.variance"] = module.batch_mean, module.batch_variance
        return found
