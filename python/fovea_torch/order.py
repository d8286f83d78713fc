"""Which pictures an epoch visits, in which order, and which process computes them."""

import numpy as np

from philox import Stream


def epoch_visits(job, labels, epoch):
    """Indices of pictures in the order of an epoch (from 1), and how often each was visited before in it."""
    count, seed = len(labels), job["seed"]
    if job["sampling"] == "balanced":
        return balanced(labels, seed, epoch)
    order = Stream(seed, "shuffle", epoch).shuffle(list(range(count)))
    return np.array(order), np.zeros(count, dtype=np.int64)


def balanced(labels, seed, epoch):
    """As many visits as there are pictures, every class equally often; small classes come again and again."""
    members = {int(label): np.flatnonzero(labels == label).tolist() for label in np.unique(labels)}
    classes = Stream(seed, "sample", epoch).shuffle(sorted(members))
    drawn = []
    for place, label in enumerate(classes):
        random, visit = Stream(seed, "sample", epoch, label + 1), 0
        left = (len(labels) + place) // len(classes)
        while left > 0:
            drawn += [(picture, visit) for picture in random.shuffle(list(members[label]))[:left]]
            left, visit = left - len(members[label]), visit + 1
    sequence = Stream(seed, "shuffle", epoch).shuffle(list(range(len(drawn))))
    both = np.array(drawn)[sequence]
    return both[:, 0], both[:, 1]


def steps_per_epoch(count, batch):
    """A last batch of a single picture is left out: batch norm has no variance to learn from one."""
    steps = -(-count // batch)
    return steps - 1 if batch > 1 and steps > 1 and count % batch == 1 else steps


def part_of(count, rank, world):
    """The slice of `count` things that a process works on: as equal as can be, in order."""
    return slice(rank * count // world, (rank + 1) * count // world)


def train_sample(count, seed):
    """The fixed training pictures that are evaluated at each epoch's end."""
    size = min(count, max(200, min(1500, -(-count // 10))))
    return np.array(Stream(seed, "sample", 0).shuffle(list(range(count)))[:size])
