"""Counter-based random numbers, the same as Fovea's engine draws: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw:
"Parallel random numbers: as easy as 1, 2, 3", SC 2011). A number follows from (seed, purpose, a, b) alone, so every
process of a training can draw those of its own pictures and agree with all others."""

import numpy as np

PURPOSES = {"shuffle": 2, "augment": 5, "sample": 7}
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


def philox(counters, seed, purpose):
    """uint32 [n, 4] random words of uint32 [n, 4] counters; key: (seed, number of the purpose)."""
    c0, c1, c2, c3 = (counters[:, i].astype(np.uint64) for i in range(4))
    k0, k1 = np.uint64(seed), np.uint64(PURPOSES[purpose])
    for _ in range(10):
        first, second = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        c0, c1, c2, c3 = (second >> HALF) ^ c1 ^ k0, second & LOW, (first >> HALF) ^ c3 ^ k1, first & LOW
        k0 = (k0 + np.uint64(0x9E3779B9)) & LOW
        k1 = (k1 + np.uint64(0xBB67AE85)) & LOW
    return np.stack([c0, c1, c2, c3], axis=1).astype(np.uint32)


def first_words(seed, purpose, low, high, b):
    """uint32 [n, 4]: the first four words of the streams (a = low + high * 2^32, b) for an array of b."""
    b = np.asarray(b, dtype=np.int64)
    counters = np.zeros((len(b), 4), dtype=np.uint32)
    counters[:, 1], counters[:, 2], counters[:, 3] = low, high, b & 0xFFFFFFFF
    return philox(counters, seed, purpose)


def uniform(words):
    """Numbers in [0, 1) with 24 bits, of words."""
    return (words >> np.uint32(8)) / 16777216.0


class Stream:
    """One stream of words, read in order; computed a few thousand at a time."""

    def __init__(self, seed, purpose, a=0, b=0):
        self.seed, self.purpose, self.a, self.b = seed, purpose, a, b
        self.block, self.words, self.at = 0, [], 0

    def word(self):
        if self.at == len(self.words):
            count = 16 if self.block == 0 else 4096
            counters = np.zeros((count, 4), dtype=np.uint32)
            counters[:, 0] = np.arange(self.block, self.block + count)
            counters[:, 1], counters[:, 2], counters[:, 3] = self.a & 0xFFFFFFFF, self.a >> 32, self.b
            self.words = philox(counters, self.seed, self.purpose).ravel().tolist()
            self.block, self.at = self.block + count, 0
        self.at += 1
        return self.words[self.at - 1]

    def below(self, limit):
        """A whole number from 0 to limit - 1, without bias."""
        reject = 4294967296 - 4294967296 % limit
        while True:
            value = self.word()
            if value < reject:
                return value % limit

    def shuffle(self, items):
        """Fisher-Yates from the end, in place."""
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items
