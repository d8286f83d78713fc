"""Changes of training pictures that are ported so far; Fovea refuses recipes with others before it starts this program.
Each has the stream of random numbers that the engine gives it, so the same picture is changed in the same way."""

import numpy as np

from philox import first_words, uniform


def flip(pixels, words, values):
    mirrored = uniform(words[:, 0]) >= 1 - values["probability"]
    pixels[mirrored] = pixels[mirrored][:, :, ::-1]
    return pixels


def flip_vertical(pixels, words, values):
    mirrored = uniform(words[:, 0]) >= 1 - values["probability"]
    pixels[mirrored] = pixels[mirrored][:, ::-1]
    return pixels


def crop(pixels, words, values):
    """A window at a random place of the picture with black pixels around. The first word is flip's."""
    padding = values["padding"]
    _, height, width, _ = pixels.shape
    offsets = (uniform(words[:, 1:3]) * (2 * padding + 1)).astype(np.int64) - padding
    windows = np.zeros_like(pixels)
    # Whole rows of what lies within the picture: no padded copy, no indexed copy of single pixels.
    for picture, (x, y), window in zip(pixels, offsets, windows):
        seen = picture[max(0, y) : max(0, height + y), max(0, x) : max(0, width + x)]
        top, left = max(0, -y), max(0, -x)
        window[top : top + seen.shape[0], left : left + seen.shape[1]] = seen
    return windows


CHANGES = {"flip": flip, "flipVertical": flip_vertical, "crop": crop}


def augment(steps, pixels, seed, epoch, draws):
    """uint8 [n, height, width, channels], changed. `draws`: what tells pictures (and their visits) apart."""
    for step in steps:
        words = first_words(seed, "augment", epoch, step["stream"], draws)
        pixels = CHANGES[step["type"]](pixels, words, step["values"])
    return pixels
