"""Losses and predictions of pictures with the weights as they are, each process a part of them."""

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F

from order import part_of

BATCH = 128


def normalise(pixels, job, device):
    """uint8 [n, height, width, channels] to what the model takes."""
    x = torch.from_numpy(pixels).to(device, non_blocking=True).permute(0, 3, 1, 2).float() / 255
    mean, std = (x.new_tensor(job["preprocessing"][name]).view(1, -1, 1, 1) for name in ("mean", "std"))
    return ((x - mean) / std).contiguous()


@torch.no_grad()
def evaluate(model, job, pictures, indices, device, rank, world):
    """The mean loss, the accuracy, and how pictures were predicted, the same in every process."""
    classes = job["classes"]
    sums = torch.zeros(4 + classes, dtype=torch.float64, device=device)
    own = np.asarray(indices)[part_of(len(indices), rank, world)]
    model.eval()
    for start in range(0, len(own), BATCH):
        some = own[start : start + BATCH]
        labels = torch.from_numpy(pictures.labels[some]).to(device)
        logits = model(normalise(pictures.read(some), job, device))
        choice = logits.argmax(1)
        wrong = choice != labels
        of_label = logits.gather(1, labels[:, None])
        likelier = (logits > of_label).sum(1) - 1  # without the class that was chosen
        ranks = (likelier[wrong].double() / max(1, classes - 2)).sum()
        loss = F.cross_entropy(logits, labels, reduction="none").double().sum()
        sums[:4] += torch.stack([loss, (~wrong).sum().double(), wrong.sum().double(), ranks])
        sums[4:] += torch.bincount(choice, minlength=classes)
    model.train()
    dist.all_reduce(sums)
    loss, correct, mistakes, ranks, *predicted = sums.tolist()
    images = len(indices)
    told = {"predicted": [int(n) for n in predicted], "images": images, "mistakes": int(mistakes)}
    if mistakes > 0 and classes > 2:
        told["labelRank"] = min(1.0, max(0.0, ranks / mistakes))
    return loss / images, correct / images, told
