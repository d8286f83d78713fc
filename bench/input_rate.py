#!/usr/bin/env python3
"""How fast one process of a training on PyTorch reads its pictures, on this machine: what docs/distributed-estimate.md
reckons with. Prints JSON. Needs NumPy alone.

    python3 bench/input_rate.py > bench/runs/DATE-MACHINE/torch-input.json

Pictures of 224x224x3 lie in shards of 64 MiB (docs/store.md) in a folder of their own, 1,780 of them; the system keeps
them in memory, so this is the rate of the program and not of a disk. The median of seven rounds is told.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python" / "fovea_torch"))

from augment import augment
from order import epoch_visits
from pictures import Pictures

SHAPE, SHARD_BYTES, SHARDS, BATCH, ROUNDS = (224, 224, 3), 64 * 2**20, 4, 256, 7
IMAGENET = 1_281_167
STEPS = [
    {"type": "crop", "values": {"padding": 28}, "stream": 0},
    {"type": "flip", "values": {"probability": 0.5}, "stream": 0},
]


def write_shards(folder):
    """The store's shards and the places of its pictures, as Fovea writes them for this program."""
    count = SHARD_BYTES // int(np.prod(SHAPE))
    random = np.random.default_rng(1)
    names, places = [], []
    for shard in range(SHARDS):
        names.append(f"shard-{shard}.bin")
        random.integers(0, 256, (count, *SHAPE), dtype=np.uint8).tofile(folder / names[-1])
        places += [(shard, place, place % 1000) for place in range(count)]
    np.array(places, dtype="<i4").tofile(folder / "train.places")
    return {"input": SHAPE, "pictures": {"folder": ".", "shards": names, "train": "train.places"}}


def rate(work, batches):
    """Pictures a second, the median of the rounds; the first warms up."""
    found = []
    for _ in range(ROUNDS + 1):
        begin = time.perf_counter()
        for indices in batches:
            work(indices)
        found.append(sum(map(len, batches)) / (time.perf_counter() - begin))
    return round(statistics.median(found[1:]))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures = Pictures(folder, write_shards(folder), "train")
        order = np.random.default_rng(2).permutation(len(pictures))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        plain = rate(pictures.read, batches)
        changed = rate(lambda indices: augment(STEPS, pictures.read(indices), 1, 1, indices), batches)
    labels = np.arange(IMAGENET, dtype=np.int64) % 1000
    begin = time.perf_counter()
    epoch_visits({"seed": 1, "sampling": "none"}, labels, 1)
    told = {
        "what": "bench/input_rate.py: one process, one thread, pages cached, pictures of 224x224x3",
        "numpy": np.__version__,
        "picturesPerSecond": {"read": plain, "readCropFlip": changed},
        "epochOrderSeconds": round(time.perf_counter() - begin, 2),
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
