"""The networks of the comparison in PyTorch, as ../shared/bench/peer_pytorch.py spells them out. Each function gives the
model, the shape of a picture, and the ids of the preset's layers that have weights, in the order of PyTorch's modules.
"""
from torch import nn
import torch.nn.functional as F


def conv(i, o, k, s=1, p=0, g=1):
    return nn.Conv2d(i, o, k, s, p, groups=g, bias=False)


class Residual(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.body = nn.Sequential(conv(i, o, 3, s, 1), nn.BatchNorm2d(o), nn.ReLU(), conv(o, o, 3, 1, 1), nn.BatchNorm2d(o))
        self.shortcut = nn.Identity() if s == 1 and i == o else nn.Sequential(conv(i, o, 1, s), nn.BatchNorm2d(o))

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


def mnist_cnn():
    model = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                          nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10))
    return model, (1, 28, 28), ["conv1", "conv2", "fc1", "fc2"]


def resnet20():
    layers, ids, i = [conv(3, 16, 3, 1, 1), nn.BatchNorm2d(16), nn.ReLU()], ["conv1", "bn1"], 16
    for k, (o, s) in enumerate([(16, 1)] * 3 + [(32, 2)] + [(32, 1)] * 2 + [(64, 2)] + [(64, 1)] * 2):
        block = f"layer{k // 3 + 1}.{k % 3}"
        ids += [f"{block}.{name}" for name in ("conv1", "bn1", "conv2", "bn2")]
        if s != 1 or i != o:
            ids += [f"{block}.downsample.0", f"{block}.downsample.1"]
        layers.append(Residual(i, o, s))
        i = o
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)), (3, 32, 32), ids + ["fc"]


def mobile():
    layers, ids, i = [conv(3, 32, 3, 1, 1), nn.BatchNorm2d(32), nn.ReLU()], ["conv1", "bn1"], 32
    for k, (o, s) in enumerate([(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (256, 1)]):
        layers += [conv(i, i, 3, s, 1, i), nn.BatchNorm2d(i), nn.ReLU(), conv(i, o, 1), nn.BatchNorm2d(o), nn.ReLU()]
        ids += [f"blocks.{k}.{name}" for name in ("depthwise", "bn1", "pointwise", "bn2")]
        i = o
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10)), (3, 32, 32), ids + ["fc"]


makers = {"mnist-cnn": mnist_cnn, "resnet20": resnet20, "mobile": mobile}
