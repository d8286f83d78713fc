"""The files of a run as Fovea reads and writes them (docs/run-folder.md there). Every file is whole at any moment; the
state comes first, so that a kill between two files loses nothing."""

import json
from datetime import datetime, timezone
from pathlib import Path

from tensors import read_tensors, tensor_bytes, write_whole

STATE = "last.state.safetensors"


def read_state(run):
    """Where training stands, and its tensors: `weights.<name>` and `optimizer.<name>.<state>`."""
    tensors, metadata = read_tensors(Path(run, STATE))
    if metadata.get("fovea.format") != "fovea-training-state-1":
        raise ValueError(f"Expected a training state for '{Path(run, STATE)}' but received another file")
    return json.loads(metadata["fovea.state"]), tensors


def best_epoch(history):
    return min(history, key=lambda record: (record["valLoss"], record["epoch"]), default=None)


def ending_of(job, history):
    """'finished', 'stopped-early', or None while it goes on."""
    if len(history) >= job["epochs"]:
        return "finished"
    best, patience = best_epoch(history), job.get("patience")
    if best and patience is not None and len(history) - best["epoch"] >= patience:
        return "stopped-early"
    return None


def write_checkpoint(run, job, state, weights, optimizer, best):
    """`best`: the epoch that ended is the best so far."""
    history = state["history"]
    tensors = {f"weights.{name}": array for name, array in weights.items()}
    metadata = {"fovea.format": "fovea-training-state-1", "fovea.state": json.dumps(state)}
    write_whole(Path(run, STATE), tensor_bytes({**tensors, **optimizer}, metadata))
    classifier = dict(job["classifier"])
    if history:
        classifier["fovea.metrics"] = json.dumps(history[-1])
    content = tensor_bytes(weights, classifier)
    if best:
        write_whole(Path(run, "best.safetensors"), content)
    write_whole(Path(run, "last.safetensors"), content)
    write_whole(Path(run, "metrics.jsonl"), "".join(json.dumps(line) + "\n" for line in history).encode())
    describe(run, history, status=ending_of(job, history) or "running")


def describe(run, history, **changes):
    """Brings run.json up to date. A change to None takes the field away."""
    path = Path(run, "run.json")
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    best = best_epoch(history)
    description = {**json.loads(path.read_text("utf-8")), "updated": now, "epochsDone": len(history), **changes}
    if best:
        description["best"] = best
    kept = {name: value for name, value in description.items() if value is not None}
    write_whole(path, (json.dumps(kept, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))
