/** The text of `record.py`. */
export const RECORD_SOURCE = `"""The files of the output folder that NormLab reads while the run trains; only the first process writes them."""

import datetime
import json
import math
import os
import pathlib
import threading
import time
import uuid

from weights import write_atomically, write_json

HEARTBEAT_SECONDS = 5


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def finite(value):
    return value if value is not None and math.isfinite(value) else None


class Metrics:
    """metrics.jsonl: one event a line, appended and flushed."""

    def __init__(self, path, keep_bytes):
        """Keeps the first keep_bytes of the file: those of the checkpoint from which the run continues."""
        self.path = pathlib.Path(path)
        held = self.path.read_bytes() if self.path.exists() else b""
        if len(held) != keep_bytes or not self.path.exists():
            kept = held[:keep_bytes]
            write_atomically(self.path, lambda temporary: pathlib.Path(temporary).write_bytes(kept))
        self.file = open(self.path, "ab")

    def write(self, events):
        lines = [json.dumps(event, allow_nan=False) + "\\n" for event in events]
        self.file.write("".join(lines).encode())
        self.file.flush()

    def size(self):
        """The bytes written so far, synced to the disk."""
        os.fsync(self.file.fileno())
        return self.file.tell()

    def close(self):
        self.file.close()


class Status:
    """status.json, rewritten at least every 10 seconds by a thread of its own."""

    def __init__(self, path):
        self.path, self.lock, self.ended = path, threading.Lock(), threading.Event()
        self.values = {"state": "training", "step": 0, "epoch": 0, "error": None}
        self.write()
        self.thread = threading.Thread(target=self._beat, daemon=True)
        self.thread.start()

    def write(self):
        with self.lock:
            write_json(self.path, {"state": self.values["state"], "updatedAt": now(), **self.values})

    def progress(self, step, epoch):
        self.values = {**self.values, "step": step, "epoch": epoch}

    def end(self, state, error=None):
        self.ended.set()
        self.thread.join()
        self.values = {**self.values, "state": state, "error": error}
        self.write()

    def _beat(self):
        while not self.ended.wait(HEARTBEAT_SECONDS):
            try:
                self.write()
            except OSError:
                pass  # The next beat tries again; a full disk is reported where a checkpoint is written.


def write_facts(path, config, facts):
    """normlab-remote.json: what the run is. A resumed run keeps its id and the time of its first start."""
    path = pathlib.Path(path)
    held = {}
    if path.exists():
        held = json.loads(path.read_text("utf-8"))
    written = {
        "format": "normlab-remote",
        "version": 1,
        "id": held.get("id", str(uuid.uuid4())),
        "name": config["name"],
        "createdAt": held.get("createdAt", now()),
        "normlabVersion": config["metadata"]["normlab.version"],
        "document": config["metadata"]["normlab.project"],
        **facts,
    }
    if written != held:
        write_json(path, written)


class Clock:
    """Elapsed time over all starts of the run, and the speed as a moving average."""

    DECAY = 0.9

    def __init__(self, elapsed):
        self.before, self.begun = elapsed, time.monotonic()
        self.step_begun, self.mean, self.weight = self.begun, 0.0, 0.0

    def elapsed(self):
        return self.before + (time.monotonic() - self.begun) * 1000

    def begin_step(self):
        self.step_begun = time.monotonic()

    def speed(self, samples):
        """Ends a step of samples images; returns images per second."""
        milliseconds = (time.monotonic() - self.step_begun) * 1000 / samples
        self.mean = self.DECAY * self.mean + (1 - self.DECAY) * milliseconds
        self.weight = self.DECAY * self.weight + 1 - self.DECAY
        return 1000 / max(self.mean / self.weight, 1e-6)
`;
