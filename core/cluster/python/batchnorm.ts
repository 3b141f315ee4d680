/** The text of `batchnorm.py`. */
export const BATCHNORM_SOURCE = `"""BatchNorm over the whole global batch, as NormLab computes it.

nn.SyncBatchNorm runs on CUDA only. BatchNorm here runs on any device and backend, also in a single process, and has
the switches that nn.SyncBatchNorm lacks: a biased running variance, normalization by the running statistics while
they are updated, and the plain average of all batches.
"""

import torch
from torch import distributed, nn
from torch.nn import functional as F


class Context:
    """What the modules need to know about the batch that is being computed; train.py sets it before each forward."""

    batch_number = 1  # of the whole run, from 1
    random_key = 0
    first_sample = 0  # number of this process's first sample in the global batch
    measuring = False  # True: BatchNorm records statistics and changes nothing


def world_size():
    return distributed.get_world_size() if distributed.is_initialized() else 1


def global_moments(x):
    """Mean and biased variance per channel [C] over all processes, float32, and the number of values per channel.

    Each process computes its own mean and sum of squared deviations; they are merged in float64 (Chan, Golub and
    LeVeque 1979), so nothing cancels.
    """
    axes = [axis for axis in range(x.dim()) if axis != 1]
    count = x.numel() // x.shape[1]
    if count == 0:
        mean, variance = (torch.zeros(x.shape[1], dtype=torch.float64, device=x.device) for _ in range(2))
    else:
        variance, mean = (each.double() for each in torch.var_mean(x, axes, correction=0))
    if world_size() == 1:
        return mean.float(), variance.float(), count
    own = torch.cat((mean, variance, torch.tensor([count], dtype=torch.float64, device=x.device)))
    gathered = [torch.empty_like(own) for _ in range(world_size())]
    distributed.all_gather(gathered, own)
    gathered = torch.stack(gathered)
    counts = gathered[:, -1:]
    means, variances = gathered[:, :-1].chunk(2, 1)
    total = counts.sum()
    mean = (counts * means).sum(0) / total
    variance = (counts * (variances + (means - mean) ** 2)).sum(0) / total
    return mean.float(), variance.float(), int(total.item())


class Normalize(torch.autograd.Function):
    """gamma * (x - mean) / sqrt(variance + eps) + beta, where mean and variance are those of the global batch."""

    @staticmethod
    def forward(ctx, x, gamma, beta, mean, variance, count, eps):
        inverse = torch.rsqrt(variance + eps)
        ctx.save_for_backward(x, gamma, mean, inverse)
        ctx.count = count
        scale = gamma * inverse
        return ((x.float() - spread(mean, x)) * spread(scale, x) + spread(beta, x)).to(x.dtype)

    @staticmethod
    def backward(ctx, dy):
        x, gamma, mean, inverse = ctx.saved_tensors
        axes = [axis for axis in range(x.dim()) if axis != 1]
        dy = dy.float()
        normalized = (x.float() - spread(mean, x)) * spread(inverse, x)
        own = torch.stack((dy.sum(axes), (dy * normalized).sum(axes)))
        dx = None
        if ctx.needs_input_grad[0]:
            whole = own.clone()
            if world_size() > 1:
                distributed.all_reduce(whole)
            whole = whole / ctx.count
            dx = spread(gamma * inverse, x) * (dy - spread(whole[0], x) - normalized * spread(whole[1], x))
            dx = dx.to(x.dtype)
        return dx, own[1], own[0], None, None, None, None


def spread(values, x):
    """[C] in the shape in which it is added to x."""
    return values.reshape([1, -1] + [1] * (x.dim() - 2))


class BatchNorm(nn.modules.batchnorm._BatchNorm):
    """BatchNorm with the switches of a NormLab block; tensors and names are those of nn.BatchNorm2d."""

    normalize_by = "batch"
    update_statistics = True

    def __init__(self, source, facts):
        super().__init__(source.num_features, eps=facts["epsilon"], momentum=None)
        self.weight, self.bias = source.weight, source.bias
        for name in ("running_mean", "running_var", "num_batches_tracked"):
            setattr(self, name, getattr(source, name))
        self.decay, self.averaging, self.estimator = facts["decay"], facts["averaging"], facts["estimator"]
        self.batch_statistics = None

    def _check_input_dim(self, x):
        if x.dim() < 2:
            raise ValueError(f"BatchNorm takes [N, C, ...], not {list(x.shape)}")

    def reads_batch(self):
        return self.normalize_by == "batch" or self.update_statistics

    def forward(self, x):
        self._check_input_dim(x)
        trains = self.training or Context.measuring
        if not trains or not self.reads_batch():
            self.batch_statistics = None
            return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, False, 0.0, self.eps)
        with torch.no_grad():
            mean, variance, count = global_moments(x.detach().float())
        if self.normalize_by == "batch":
            result = Normalize.apply(x, self.weight, self.bias, mean, variance, count, self.eps)
        else:
            stored = self.running_mean.clone(), self.running_var.clone()
            result = F.batch_norm(x, *stored, self.weight, self.bias, False, 0.0, self.eps)
        self.batch_statistics = mean, variance, count
        if self.training and self.update_statistics and not Context.measuring:
            self._update(mean, variance, count)
        return result

    @torch.no_grad()
    def _update(self, mean, variance, count):
        decay = 1 - 1 / Context.batch_number if self.averaging == "cumulative" else self.decay
        correction = count / (count - 1) if self.estimator == "unbiased" else 1.0
        self.running_mean.mul_(decay).add_(mean, alpha=1 - decay)
        self.running_var.mul_(decay).add_(variance, alpha=(1 - decay) * correction)
        self.num_batches_tracked += 1


def fits_torch(facts, phases):
    """True where nn.SyncBatchNorm computes the same in all phases of the run in which the block reads its batch."""
    switches = [phase["norms"][facts["block"]] for phase in phases]
    plain = facts["averaging"] == "decay" and facts["decay"] < 1 and facts["estimator"] == "unbiased"
    return plain and all(each == {"normalizeBy": "batch", "updateStatistics": True} for each in switches)


def convert(network, norms, phases, use_torch):
    """Replaces the BatchNorm modules: by nn.SyncBatchNorm where use_torch is true and it fits, else by ours."""
    for facts in norms:
        source = network.get_submodule(facts["module"])
        if use_torch and fits_torch(facts, phases):
            module = nn.SyncBatchNorm.convert_sync_batchnorm(source)
        else:
            module = BatchNorm(source, facts)
        setattr(network, facts["module"], module)


def set_switches(network, norms, phase):
    """Sets what each block normalizes by in a phase of the run, and whether it updates its running statistics."""
    for facts in norms:
        module = network.get_submodule(facts["module"])
        if isinstance(module, BatchNorm):
            switches = phase["norms"][facts["block"]]
            module.normalize_by, module.update_statistics = switches["normalizeBy"], switches["updateStatistics"]
`;
