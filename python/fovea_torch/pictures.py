"""Pictures in the shards of a prepared store (docs/store.md of Fovea): uint8, one picture after the other. Shards are
mapped into memory, so a process reads only the pictures of its own part, and the system keeps what is read again."""

from pathlib import Path

import numpy as np


class Pictures:
    """Labelled pictures of one part (train or val)."""

    def __init__(self, folder, job, part, store=None):
        """`store`: where the shards lie on this machine, if not where the job says."""
        where, self.shape = job["pictures"], tuple(job["input"])
        root = Path(store) if store else Path(folder, where["folder"])
        places = np.fromfile(Path(folder, where[part]), dtype="<i4").reshape(-1, 3)
        self.shard, self.place, self.labels = places[:, 0], places[:, 1], places[:, 2].astype(np.int64)
        self.files, self.maps = [root / name for name in where["shards"]], {}

    def __len__(self):
        return len(self.labels)

    def read(self, indices):
        """uint8 [n, height, width, channels]."""
        pixels = np.empty((len(indices), *self.shape), dtype=np.uint8)
        for at, index in enumerate(indices):
            pixels[at] = self.shard_of(int(self.shard[index]))[self.place[index]]
        return pixels

    def shard_of(self, number):
        if number not in self.maps:
            size = int(np.prod(self.shape))
            mapped = np.memmap(self.files[number], dtype=np.uint8, mode="r")
            self.maps[number] = mapped[: len(mapped) // size * size].reshape(-1, *self.shape)
        return self.maps[number]
