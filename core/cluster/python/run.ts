/** The text of `run.py`. */
export const RUN_SOURCE = `"""The images, the network and the optimizer of a run in this process."""

import inspect
import pathlib

import torch
from torch.nn.parallel import DistributedDataParallel

from batchnorm import convert, set_switches
from data import Images, Normalizer, Plan, make_augmenter
from distributed import Processes, StopSignal
from images import ImagesError, load_listing, load_part
from layers import replace_dropouts, set_dropouts
from model import Network
from optim import WeightAverage, make_optimizer
from randomness import Sampler
from weights import Names, load_initial

# The running statistics are the same in all processes without an exchange. PyTorch 2.15 has renamed the option.
BUFFERS = "forward_sync_buffers"
if BUFFERS not in inspect.signature(DistributedDataParallel).parameters:
    BUFFERS = "broadcast_buffers"
HERE = pathlib.Path(__file__).resolve().parent


def make_scaler(device, enabled):
    """Scaling of the loss for f16. PyTorch before 2.3 has it for CUDA alone, which f16 needs anyway."""
    if hasattr(torch.amp, "GradScaler"):
        return torch.amp.GradScaler(device, enabled=enabled)
    return torch.cuda.amp.GradScaler(enabled=enabled)


class Run:
    """The state of a run in this process."""

    def __init__(self, options, config):
        self.options, self.config, self.settings = options, config, config["training"]
        self.output = pathlib.Path(options.output)
        self.processes = Processes(options.device, options.timeout_minutes)
        self.device, self.workers = self.processes.device, options.workers
        self.precision = options.precision or config["precision"]
        if self.precision == "f16" and self.device.type != "cuda":
            raise ValueError("f16 needs CUDA: take --precision bf16 or f32")
        if self.device.type == "cuda":
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
        # On CUDA the numbers of a step are read every ten steps, so that the device does not wait for this process.
        self.read_every = 10 if self.device.type == "cuda" else 1
        self.normalize = Normalizer(config["preprocessing"], self.device)
        weights = config["loss"]["classWeights"]
        if weights is not None:
            weights = torch.tensor(weights, dtype=torch.float32, device=self.device)
        self.terms = {
            "kind": config["loss"]["kind"],
            "exponent": config["loss"]["exponent"],
            "alpha": config["loss"]["alpha"],
            "smoothing": self.settings["labelSmoothing"],
            "class_weights": weights,
        }
        self.open_images()
        self.open_network()
        self.stop = StopSignal()

    def open_images(self):
        listing = load_listing(HERE)
        paths, labels = load_part(listing, "train", self.options.data, self.options.verify)
        size = [self.config["preprocessing"][key] for key in ("height", "width", "channels")]
        self.images = Images(paths, labels, size, make_augmenter(self.config))
        self.validation = None
        if listing["validation"]["images"]:
            folder = self.options.validation_data if listing["validation"]["ownFolder"] else self.options.data
            if folder is None:
                raise ImagesError("the validation images are in a folder of their own: name it by --validation-data")
            self.validation = Images(*load_part(listing, "validation", folder, self.options.verify), size, None)
        settings = self.settings
        self.plan = Plan(len(paths), settings["batchSize"], settings["remainder"], settings["accumulate"])
        self.total_steps = self.plan.updates * settings["epochs"]
        self.sampler = Sampler(labels, settings["seed"], settings["shuffle"], self.config["quotas"])

    def open_network(self):
        config = self.config
        network = Network()
        load_initial(network, HERE, Names(config["modules"]))
        replace_dropouts(network, config["dropouts"])
        network.to(self.device)
        use_torch = self.device.type == "cuda" and self.settings["averaging"]["kind"] == "none"
        convert(network, config["norms"], config["phases"], use_torch)
        self.network, self.ddp, self.phase = network, None, None
        self.optimizer = make_optimizer(network, config["parameters"], self.settings)
        averaging = self.settings["averaging"]
        self.average = WeightAverage(network, averaging["decay"]) if averaging["kind"] == "ema" else None
        self.scaler = make_scaler(self.device.type, enabled=self.precision == "f16")

    def autocast(self):
        types = {"bf16": torch.bfloat16, "f16": torch.float16}
        return torch.autocast(self.device.type, types.get(self.precision), enabled=self.precision in types)

    def enter_phase(self, epoch):
        """Sets what trains in this epoch. A change of phase changes which gradients the processes exchange."""
        phase = next(each for each in self.config["phases"] if epoch < each["untilEpoch"])
        if phase is self.phase:
            return
        self.phase = phase
        trained = set(phase["trained"])
        for name, weight in self.network.named_parameters():
            weight.requires_grad_(name in trained)
            weight.grad = None
        set_switches(self.network, self.config["norms"], phase)
        set_dropouts(self.network, self.config["dropouts"], phase)
        if self.processes.world > 1:
            devices = [self.device] if self.device.type == "cuda" else None
            self.ddp = DistributedDataParallel(self.network, device_ids=devices, **{BUFFERS: False})
        else:
            self.ddp = self.network

    def facts(self):
        """The part of normlab-remote.json that depends on this start."""
        return {
            "epochs": self.settings["epochs"],
            "steps": self.total_steps,
            "imagesTraining": len(self.images),
            "imagesValidation": 0 if self.validation is None else len(self.validation),
            "globalBatch": self.settings["batchSize"],
            "worldSize": self.processes.world,
            "nodes": self.processes.nodes,
            "precision": self.precision,
            "device": self.device.type,
            "backend": self.processes.backend,
        }
`;
