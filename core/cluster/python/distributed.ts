/** The text of `distributed.py`. */
export const DISTRIBUTED_SOURCE = `"""Processes of the run: their number and device, sums over them, and signals."""

import datetime
import os
import signal
import threading

import torch
from torch import distributed


def open_group(backend, timeout):
    """Connects the processes. After a restart they must not find the addresses of the processes before them.

    Without a rendezvous of its own, torchrun keeps one store for all restarts, and PyTorch writes the same keys to it.
    """
    store, rank, world = next(distributed.rendezvous("env://", timeout=timeout))
    if os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True":
        store = distributed.PrefixStore(f"start-{os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", store)
    distributed.init_process_group(backend, store=store, rank=rank, world_size=world, timeout=timeout)


class Processes:
    """This process among those that torchrun started; a single one without torchrun."""

    def __init__(self, device, timeout_minutes):
        self.rank = int(os.environ.get("RANK", "0"))
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        local_world = int(os.environ.get("LOCAL_WORLD_SIZE", str(self.world)))
        self.nodes = max(1, self.world // max(1, local_world))
        on_cuda = device == "cuda" or (device == "auto" and torch.cuda.is_available())
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if on_cuda else torch.device("cpu")
        self.backend = "nccl" if on_cuda else "gloo"
        if on_cuda:
            torch.cuda.set_device(self.device)
        if self.world > 1:
            open_group(self.backend, datetime.timedelta(minutes=timeout_minutes))

    @property
    def is_first(self):
        return self.rank == 0

    def sum(self, values):
        """The sum over all processes of a tensor, in place."""
        if self.world > 1:
            distributed.all_reduce(values)
        return values

    def wait(self):
        if self.world > 1:
            distributed.barrier()

    def slice_of(self, count):
        """The first and the end of this process's part of count samples; parts differ by one at most."""
        return count * self.rank // self.world, count * (self.rank + 1) // self.world

    def close(self):
        if distributed.is_initialized():
            distributed.destroy_process_group()


class StopSignal:
    """Notes SIGTERM (SLURM's preemption, kubectl delete) and SIGINT; the run then saves its state and ends."""

    def __init__(self):
        self.event = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.event.set())

    @property
    def is_set(self):
        return self.event.is_set()
`;
