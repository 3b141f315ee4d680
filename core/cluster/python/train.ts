/** The text of `train.py`. */
export const TRAIN_SOURCE = `"""Trains the network of this folder on one machine or on many, started by torchrun.

    torchrun --nproc-per-node 4 train.py --data IMAGES

The run continues from the checkpoint in the output folder where there is one. README.md has the rest.
"""

import argparse
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from checkpoint import OtherProject
from images import ImagesError
from run import HERE, Run
from trainer import Diverged, Trainer

STOPPED = 75  # The exit status of a run that a signal stopped after its state was saved (EX_TEMPFAIL).


def parse_options():
    parser = argparse.ArgumentParser(description="Trains the network of this folder.")
    data = os.environ.get("NORMLAB_DATA")
    parser.add_argument("--data", default=data, required=data is None, help="training images (or NORMLAB_DATA)")
    parser.add_argument(
        "--validation-data",
        default=os.environ.get("NORMLAB_VALIDATION_DATA"),
        help="validation images, where they are in a folder of their own (or NORMLAB_VALIDATION_DATA)",
    )
    parser.add_argument("--output", default=str(HERE / "output"), help="folder for results (default: output)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--precision", choices=("f32", "bf16", "f16"), help="default: that of the project")
    parser.add_argument("--workers", type=int, default=4, help="processes that read images, per process (default 4)")
    parser.add_argument("--checkpoint-seconds", type=float, default=60, help="default 60; 0: after each step")
    parser.add_argument("--timeout-minutes", type=float, default=10, help="for a process that does not answer")
    parser.add_argument("--stop-after", type=int, help="end after this many steps, as a signal would")
    parser.add_argument("--verify", action="store_true", help="compare the content of every image first")
    return parser.parse_args()


def main():
    options = parse_options()
    config = json.loads((HERE / "config.json").read_text("utf-8"))
    run = trainer = None
    try:
        run = Run(options, config)
        trainer = Trainer(run)
        is_finished = trainer.train()
        if is_finished:
            trainer.finish()
        if trainer.status is not None:
            trainer.status.end("finished" if is_finished else "stopped")
        if run.processes.is_first:
            print(f"{'finished' if is_finished else 'stopped'} at step {trainer.position['step']}; see {run.output}")
        run.processes.wait()
        return 0 if is_finished else STOPPED
    except BaseException as error:
        if trainer is not None and trainer.status is not None:
            trainer.status.end("failed", str(error) or type(error).__name__)
        if isinstance(error, (ImagesError, OtherProject, Diverged, ValueError)):
            print(f"train.py: {error}", file=sys.stderr)
            return 1
        raise
    finally:
        if run is not None:
            run.processes.close()


if __name__ == "__main__":
    sys.exit(main())
`;
