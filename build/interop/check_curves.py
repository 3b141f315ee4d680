"""Figures of a run: Python's csv and TensorBoard's own reader find the values of the events."""

import csv
import json
import math
import os
import pathlib
import unittest

import numpy as np

from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator

FOLDER = pathlib.Path(os.environ["NORMLAB_INTEROP_CURVES"])
RUN = json.loads((FOLDER / "events.json").read_text("utf-8"))
# Tag and field, by the kind of the event.
TAGS = {
    "step": {
        "loss/train": "loss",
        "accuracy/train": "accuracy",
        "learning_rate": "lr",
        "gradient_norm": "gradientNorm",
        "images_per_second": "imagesPerSecond",
        "epoch": "epoch",
    },
    "epoch": {
        "loss/train_epoch": "loss",
        "accuracy/train_epoch": "accuracy",
        "loss/val": "valLoss",
        "accuracy/val": "valAccuracy",
    },
}
COLUMNS = {"loss": "loss", "accuracy": "accuracy", "learning_rate": "lr", "elapsed_ms": "elapsedMs", "epoch": "epoch"}


def number(value):
    return math.nan if value is None else value


class Curves(unittest.TestCase):
    def scalars(self):
        """The events of each tag: step, value, and milliseconds since the start."""
        wanted = {}
        time = 0
        for event in RUN["events"]:
            time = event.get("elapsedMs", time)
            if event["kind"] == "statistics":
                found = {
                    f"batchnorm/{layer['node']}/{tag}": layer[field]
                    for layer in event["layers"]
                    for tag, field in (("drift", "drift"), ("initial_weight", "warmup"))
                }
            else:
                found = {tag: event[field] for tag, field in TAGS[event["kind"]].items() if field in event}
            for tag, value in found.items():
                wanted.setdefault(tag, []).append((event["step"], number(value), time))
        return wanted

    def test_tensorboard(self):
        board = EventAccumulator(str(FOLDER / "board"), size_guidance={SCALARS: 0})
        board.Reload()
        wanted = self.scalars()
        self.assertEqual(set(board.Tags()["scalars"]), set(wanted))
        for tag, points in wanted.items():
            events = board.Scalars(tag)
            self.assertEqual([event.step for event in events], [step for step, _, _ in points], tag)
            np.testing.assert_array_equal(
                np.array([event.value for event in events], "float32"),
                np.array([value for _, value, _ in points], "float32"),
            )
            times = [event.wall_time - RUN["startedAt"] / 1000 for event in events]
            np.testing.assert_allclose(times, [time / 1000 for _, _, time in points], atol=1e-6)

    def test_csv(self):
        with open(FOLDER / "curves.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
        events = [event for event in RUN["events"] if event["kind"] != "statistics"]
        measured = {event["step"]: event["layers"][0] for event in RUN["events"] if event["kind"] == "statistics"}
        self.assertEqual(len(rows), len(events))
        for row, event in zip(rows, events, strict=True):
            self.assertEqual((row["run"], row["kind"], row["step"]), ('a "run", quoted', event["kind"], str(event["step"])))
            for column, field in COLUMNS.items():
                np.testing.assert_array_equal(float(row[column]), number(event[field]), column)
            layer = measured.get(event["step"]) if event["kind"] == "step" else None
            self.assertEqual(row["drift.bn-1"] == "", layer is None)
            if layer is not None:
                np.testing.assert_array_equal(float(row["drift.bn-1"]), number(layer["drift"]))
                self.assertEqual(float(row["initial_weight.bn-1"]), layer["warmup"])
