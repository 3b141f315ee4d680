/** The text of `layers.py`. */
export const LAYERS_SOURCE = `"""Modules that draw random numbers, replaced by those whose masks do not depend on the number of processes."""

from torch import nn

from batchnorm import Context
from randomness import kept_mask


class CountedDropout(nn.Module):
    """Inverted dropout of elements, channels or samples, whose mask is a hash of the step and the element's number."""

    def __init__(self, kind):
        super().__init__()
        self.kind, self.rate, self.salt = kind, 0.0, None

    def forward(self, x):
        if not self.training or self.salt is None or self.rate == 0 or x.numel() == 0:
            return x
        axes = {"dropout": x.dim(), "channelDropout": 2, "sampleDropout": 1}[self.kind]
        shape = list(x.shape[:axes]) + [1] * (x.dim() - axes)
        count = 1
        for length in shape:
            count *= length
        first = Context.first_sample * (count // len(x))
        kept = kept_mask(Context.random_key, self.salt, first, count, self.rate, x.device)
        return x * kept.reshape(shape).to(x.dtype) * (1 / (1 - self.rate))


def replace_dropouts(network, dropouts):
    """Replaces the modules of dropouts, a map from the name of a module to the kind of its dropout."""
    for name, kind in dropouts.items():
        setattr(network, name, CountedDropout(kind))


def set_dropouts(network, dropouts, phase):
    """Sets rate and salt of each dropout in a phase of the run; one that the phase does not name does nothing."""
    for name in dropouts:
        module = network.get_submodule(name)
        drawn = phase["dropouts"].get(name)
        module.rate, module.salt = (0.0, None) if drawn is None else (drawn["rate"], drawn["salt"])
`;
