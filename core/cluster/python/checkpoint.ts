/** The text of `checkpoint.py`. */
export const CHECKPOINT_SOURCE = `"""checkpoint.pt: everything that a run needs to continue with the same numbers."""

import pathlib

import torch

from weights import write_atomically


class OtherProject(Exception):
    """The output folder belongs to another project."""


def save_checkpoint(path, project, network, optimizer, scaler, average, position):
    """Writes the state atomically. position is plain data: counters, totals, the best epoch, the size of the metrics.

    There are no states of random generators: all draws are functions of the seed and the counters.
    """
    state = {
        "project": project,
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scaler": scaler.state_dict(),
        "average": None if average is None else average.values,
        "position": position,
    }
    write_atomically(path, lambda temporary: torch.save(state, temporary))


def load_checkpoint(path, project, network, optimizer, scaler, average, device):
    """Restores the state and returns the position; None without a checkpoint. Raises OtherProject."""
    if not pathlib.Path(path).exists():
        return None
    # PyTorch 1 refuses the numbers of this file with weights_only.
    safe = {} if torch.__version__.startswith("1.") else {"weights_only": True}
    state = torch.load(path, map_location=device, **safe)
    if state["project"] != project:
        raise OtherProject(
            f"{path} is the checkpoint of another project, or of other settings: choose another --output folder"
        )
    network.load_state_dict(state["network"], strict=True)
    optimizer.load_state_dict(state["optimizer"])
    scaler.load_state_dict(state["scaler"])
    if average is not None:
        average.values = state["average"]
    return state["position"]
`;
