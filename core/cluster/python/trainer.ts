/** The text of `trainer.py`. */
export const TRAINER_SOURCE = `"""The loop of a run: updates, epochs, checkpoints, results."""

import hashlib
import json
import math
import time

import torch

from batchnorm import BatchNorm, Context
from checkpoint import load_checkpoint, save_checkpoint
from data import Order, make_loader
from evaluate import measure_statistics, validate
from losses import correct, sample_losses, sample_weights
from optim import add_l1, clip, learning_rate, set_rate
from randomness import step_key
from record import Clock, Metrics, Status, finite, write_facts
from run import HERE
from weights import write_json, write_weights

STATISTICS_SECONDS = 0.25


class Diverged(Exception):
    """The loss or the gradient is not finite."""


class Trainer:
    """The loop: updates, epochs, checkpoints."""

    def __init__(self, run):
        self.run = run
        self.project = hashlib.sha256((HERE / "normlab.json").read_bytes()).hexdigest()
        self.checkpoint = run.output / "checkpoint.pt"
        run.output.mkdir(parents=True, exist_ok=True)
        position = load_checkpoint(
            self.checkpoint, self.project, run.network, run.optimizer, run.scaler, run.average, run.device
        )
        self.position = position or {
            **{"epoch": 0, "batch": 0, "step": 0, "elapsed": 0.0, "metrics": 0},
            **{"totals": [0, 0.0, 0], "last": None, "best": None},
        }
        self.clock = Clock(self.position["elapsed"])
        self.pending, self.notes, self.saved_at, self.looked_at = [], [], time.monotonic(), -math.inf
        self.metrics = self.status = None
        if run.processes.is_first:
            write_facts(run.output / "normlab-remote.json", run.config, run.facts())
            write_json(run.output / "split.json", json.loads((HERE / "split.json").read_text("utf-8")))
            self.metrics = Metrics(run.output / "metrics.jsonl", self.position["metrics"])
            self.status = Status(run.output / "status.json")
            self.status.progress(self.position["step"], self.position["epoch"])
        run.processes.wait()

    def train(self):
        """Trains to the end; returns False where a signal stopped it."""
        run, position = self.run, self.position
        epochs = run.settings["epochs"]
        order = Order(run.plan, run.sampler, run.processes, position["epoch"], position["batch"], epochs)
        loader = iter(make_loader(run.images, order, run.workers, run.device))
        while position["epoch"] < epochs:
            run.enter_phase(position["epoch"])
            while position["batch"] < run.plan.batches:
                end = min(run.plan.batches, position["batch"] + run.plan.accumulate)
                batches = [next(loader) for _ in range(end - position["batch"])]
                if self.update(batches, end):
                    return False
            self.close_epoch()
        return True

    def update(self, batches, end):
        """One update from the parts of its batches; returns True where the run is to stop after it."""
        run, position = self.run, self.position
        self.clock.begin_step()
        run.network.train()
        step = position["step"] + 1
        rate = learning_rate(run.settings, position["step"], run.plan.updates, run.total_steps)
        is_due = run.processes.is_first and time.monotonic() - self.looked_at >= STATISTICS_SECONDS
        before = self.running_means() if is_due else None
        # The gradient of the sum of losses over this constant, which is the number of samples, is gathered first.
        nominal = sum(batch.whole for batch in batches)
        # A row for each batch (losses, weights, hits), and a last one whose first value counts noted signals.
        totals = torch.zeros(len(batches) + 1, 3, dtype=torch.float64, device=run.device)
        for at, batch in enumerate(batches):
            totals[at] = self.backward(batch.to(run.device), nominal, at == len(batches) - 1)
        totals[-1, 0] = float(run.stop.is_set)
        run.processes.sum(totals)
        norm = self.apply(totals[:-1, 1].sum() / nominal, rate)
        if run.average is not None:
            run.average.update(step)
        counts = [batch.whole for batch in batches]
        self.pending.append((step, position["epoch"] + end / run.plan.batches, rate, counts, totals, norm))
        position["step"], position["batch"] = step, end
        speed = self.clock.speed(nominal)
        is_last = end == run.plan.batches
        stops = False
        if is_due:
            self.note_statistics(step, before)
        if is_last or step % run.read_every == 0 or step == run.options.stop_after:
            stops = self.read_pending(speed)
        if stops or step == run.options.stop_after:
            self.save()
            return True
        if run.processes.is_first and not is_last and not self.pending and self.save_is_due():
            self.save()
        return False

    def backward(self, batch, nominal, is_last):
        """Adds the gradient of a batch; returns sums over this process's samples: losses, weights and hits.

        DistributedDataParallel averages over the processes, so the loss is multiplied by their number. The processes
        exchange gradients at the last batch of an update only.
        """
        run = self.run
        number = batch.epoch * run.plan.batches + batch.number
        Context.batch_number, Context.first_sample = number + 1, batch.first
        Context.random_key = step_key(run.settings["seed"], number)
        run.ddp.require_backward_grad_sync = is_last
        with run.autocast():
            logits = run.ddp(run.normalize(batch.images))
        losses = sample_losses(logits, batch.labels, batch.others, batch.shares, run.terms)
        weights = sample_weights(batch.labels, batch.others, batch.shares, run.terms)
        loss = losses.sum() * (run.processes.world / nominal)
        run.scaler.scale(loss).backward()
        return torch.stack((losses.detach().double().sum(), weights.sum(), correct(logits, batch.labels).double()))

    def apply(self, share, rate):
        """Updates the weights; share is the mean weight of a sample. Returns the gradient's norm before clipping."""
        run = self.run
        run.scaler.unscale_(run.optimizer)
        if run.terms["class_weights"] is not None:
            for group in run.optimizer.param_groups:
                for weight in group["params"]:
                    if weight.grad is not None:
                        weight.grad.div_(share.to(weight.grad.dtype))
        norm = clip(run.optimizer, run.settings["clipping"])
        add_l1(run.optimizer)
        set_rate(run.optimizer, rate)
        run.scaler.step(run.optimizer)
        run.scaler.update()
        run.optimizer.zero_grad(set_to_none=True)
        return norm

    def read_pending(self, speed):
        """Reports the steps since the last call; returns True where a process has noted a signal. Raises Diverged."""
        stops, events, failed = False, [], None
        position = self.position
        for step, epoch, rate, counts, totals, norm in self.pending:
            *rows, (noted, _, _) = totals.tolist()
            samples = sum(counts)
            loss = sum(total / weight * count for (total, weight, _), count in zip(rows, counts)) / samples
            hits = sum(row[2] for row in rows)
            stops = stops or noted > 0
            norm = None if norm is None else norm.item()
            context = {"epoch": epoch, "loss": finite(loss), "accuracy": hits / samples, "lr": rate}
            length = {} if finite(norm) is None else {"gradientNorm": norm}
            events.append(
                {"kind": "step", "step": step, **context, "imagesPerSecond": speed, **length}
                | {"elapsedMs": self.clock.elapsed()}
            )
            seen = position["totals"]
            position["totals"] = [seen[0] + samples, seen[1] + loss * samples, seen[2] + hits]
            skipped = self.run.precision == "f16"
            if not math.isfinite(loss) or (norm is not None and not math.isfinite(norm) and not skipped):
                failed = f"{'the loss' if not math.isfinite(loss) else 'the gradient'} of step {step} is not finite"
                break
        self.pending = []
        if self.metrics is not None:
            self.metrics.write(sorted(events + self.notes, key=lambda event: event["step"]))
            self.notes = []
            self.status.progress(position["step"], position["epoch"])
        if failed is not None:
            raise Diverged(f"{failed}: take a lower learning rate; the last checkpoint is kept")
        return stops

    def running_means(self):
        """Copies of the running means before a step, by block."""
        return {
            facts["block"]: self.run.network.get_submodule(facts["module"]).running_mean.clone()
            for facts in self.run.config["norms"]
        }

    def note_statistics(self, step, before):
        """Notes the distance of the running statistics from those of the batch, in running deviations."""
        self.looked_at = time.monotonic()
        layers = []
        for facts in self.run.config["norms"]:
            switches = self.run.phase["norms"][facts["block"]]
            if switches["normalizeBy"] != "batch" and not switches["updateStatistics"]:
                continue
            module = self.run.network.get_submodule(facts["module"])
            deviation = torch.sqrt(module.running_var + facts["epsilon"])
            if isinstance(module, BatchNorm):
                shift = module.batch_statistics[0] - module.running_mean
            else:
                # nn.SyncBatchNorm does not show the batch's mean; it follows from the step of the running one.
                moved = module.running_mean - before[facts["block"]]
                shift = moved * (facts["decay"] / (1 - facts["decay"]))
            drift = torch.sqrt(((shift / deviation) ** 2).mean()).item()
            warmup = 1.0
            if switches["updateStatistics"]:
                warmup = 0.0 if facts["averaging"] == "cumulative" else facts["decay"] ** step
            layers.append({"node": facts["block"], "drift": finite(drift), "warmup": warmup})
        if layers:
            self.notes.append({"kind": "statistics", "step": step, "layers": layers})

    def close_epoch(self):
        """Validates the epoch, reports it and saves the state."""
        run, position = self.run, self.position
        averaging = run.settings["averaging"]
        kind = averaging["validate"] if averaging["kind"] == "ema" else "raw"
        validation = raw = None
        if run.validation is not None:
            if kind != "average":
                raw = validate(run.network, run.validation, run)
            if kind != "raw":
                run.average.swap()
                validation = validate(run.network, run.validation, run)
                run.average.swap()
            else:
                validation, raw = raw, None
        samples, loss, hits = position["totals"]
        train = {"loss": finite(loss / samples), "accuracy": hits / samples}
        epoch = position["epoch"] + 1
        rate = learning_rate(run.settings, position["step"] - 1, run.plan.updates, run.total_steps)
        if self.metrics is not None:
            event = {"kind": "epoch", "step": position["step"], "epoch": epoch, **train}
            event["valLoss"] = None if validation is None else finite(validation["loss"])
            event["valAccuracy"] = None if validation is None else validation["accuracy"]
            if raw is not None:
                event["rawValLoss"], event["rawValAccuracy"] = finite(raw["loss"]), raw["accuracy"]
            self.metrics.write([{**event, "lr": rate, "elapsedMs": self.clock.elapsed()}])
        position["epoch"], position["batch"], position["totals"] = epoch, 0, [0, 0.0, 0]
        position["last"] = {"train": train, "val": validation}
        best = position["best"]
        is_best = validation is not None and validation["accuracy"] > (-1 if best is None else best["accuracy"])
        if is_best:
            position["best"] = {"epoch": epoch, **validation, "loss": finite(validation["loss"])}
        if run.processes.is_first:
            if is_best:
                self.write_model("best.safetensors", "best")
            self.save()

    def save_is_due(self):
        return time.monotonic() - self.saved_at >= self.run.options.checkpoint_seconds

    def save(self):
        """Writes the checkpoint, in the first process."""
        run = self.run
        if not run.processes.is_first:
            return
        self.position["elapsed"], self.position["metrics"] = self.clock.elapsed(), self.metrics.size()
        save_checkpoint(
            self.checkpoint, self.project, run.network, run.optimizer, run.scaler, run.average, self.position
        )
        self.saved_at = time.monotonic()

    def write_model(self, name, checkpoint, batches_read=None):
        """Writes the weights, averaged where the run averages them; the network already has them where measured."""
        run = self.run
        position = self.position
        progress = {
            "batches": position["epoch"] * run.plan.batches + position["batch"],
            "step": position["step"],
            **{"epochs": position["epoch"], "checkpoint": checkpoint, "batchesRead": batches_read},
            "weights": "raw" if run.average is None else "ema",
        }
        swaps = run.average is not None and batches_read is None
        if swaps:
            run.average.swap()
        write_weights(run.output / name, run.network, run.config, progress)
        if swaps:
            run.average.swap()

    def finish(self):
        """Measures the statistics of averaged weights, and writes the model and the result."""
        run, position = self.run, self.position
        batches_read = None
        if run.average is not None and run.config["measuredNorms"]:
            run.enter_phase(run.settings["epochs"] - 1)
            run.average.swap()
            batches_read = measure_statistics(run.network, run.images, run)
        if run.processes.is_first:
            self.write_model("model.safetensors", "last", batches_read)
            val, best = position["last"]["val"], position["best"]
            result = {
                **{"format": "normlab-remote-result", "version": 1},
                **{"epochs": position["epoch"], "steps": position["step"], "seconds": self.clock.elapsed() / 1000},
                "train": position["last"]["train"],
                "val": None if val is None else {"loss": finite(val["loss"]), "accuracy": val["accuracy"]},
                "best": best,
                "batchesSeen": position["epoch"] * run.plan.batches,
            }
            write_json(run.output / "result.json", result)
`;
