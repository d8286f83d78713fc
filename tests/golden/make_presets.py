"""
Expected values of the presets, computed by PyTorch and torchvision in float64: `python make_presets.py > data/presets.json`
(PyTorch 2.13, torchvision 0.28). Weights and pictures are not stored: both sides compute them from names (`filled`,
tests/golden/presetWeights.ts). Of each gradient and each running statistic the file holds the L2 norm and the product with a
direction that is computed from its name too, which no permutation of a tensor survives.
"""
import hashlib
import json
import sys

import numpy as np
import torch
import torchvision
from torch import nn
from torchvision import models
from torchvision.models import densenet, resnet
from torchvision.models.convnext import CNBlockConfig, ConvNeXt

# How much each layer amplifies; where gates and activations weaken much, more.
GAIN = 1.6


def noise(name, count):
    """Numbers in [-1, 1) with 24 bits, from a name and their place."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = (np.arange(count, dtype=np.uint64) * 0x9E3779B1 + seed).astype(np.uint32)
    x ^= x >> 16
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> 13
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> 16
    return (x >> 8).astype(np.float64) / 8388608 - 1


def filled(name, shape, gain):
    """The values of a tensor of the state_dict."""
    count = int(np.prod(shape))
    v = noise(name, count)
    last = name.split('.')[-1]
    if last == 'weight' and len(shape) > 1:
        values = v * np.sqrt(3 * gain / np.prod(shape[1:]))
    elif last == 'layer_scale':
        values = 0.5 + 0.25 * v
    elif last == 'weight':
        values = 0.9 + 0.2 * v
    elif last == 'running_var':
        values = 1 + 0.3 * v
    else:
        values = 0.1 * v
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def pictures(n, channels, size):
    x = noise('pictures', n * channels * size * size).reshape(n, channels, size, size)
    return torch.from_numpy((x + noise('shades', n * channels).reshape(n, channels, 1, 1)).astype(np.float32))


def rounded(values):
    return [float(f'{v:.8g}') for v in values]


def measure(name, tensor):
    flat = tensor.detach().double().numpy().reshape(-1)
    return rounded([np.linalg.norm(flat), flat @ noise('direction ' + name, flat.size)])


def golden(model, size, gain=GAIN, channels=3, n=4):
    state = {k: filled(k, v.shape, gain) for k, v in model.state_dict().items() if not k.endswith('num_batches_tracked')}
    model.load_state_dict(state, strict=False)
    model.double()
    x = pictures(n, channels, size).double()
    with torch.no_grad():
        evaluated = model.eval()(x)
    logits = model.train()(x)
    labels = torch.arange(n) * 3 % 10
    loss = nn.functional.cross_entropy(logits, labels)
    loss.backward()
    trained = {k: p for k, p in model.named_parameters() if p.requires_grad}
    buffers = {k: b for k, b in model.named_buffers() if not k.endswith('num_batches_tracked')}
    return {
        'input': [n, channels, size, size],
        'gain': gain,
        'parameters': sum(p.numel() for p in trained.values()),
        'evalLogits': rounded(evaluated.flatten().tolist()),
        'trainLogits': rounded(logits.detach().flatten().tolist()),
        'loss': loss.item(),
        'gradients': {k: measure(k, p.grad) for k, p in trained.items()},
        'statistics': {k: measure(k, b) for k, b in buffers.items()},
    }


def shapes(model):
    """Names and shapes of a whole state_dict as one hash, and how many numbers are trained."""
    state = {k: v for k, v in model.state_dict().items() if not k.endswith('num_batches_tracked')}
    lines = sorted(f"{k} {'x'.join(map(str, v.shape))}" for k, v in state.items())
    return {
        'parameters': sum(p.numel() for p in model.parameters() if p.requires_grad),
        'stateDict': hashlib.sha256('\n'.join(lines).encode()).hexdigest(),
    }


class SmallResnet(resnet.ResNet):
    def __init__(self, blocks):
        super().__init__(resnet.BasicBlock, [1, 1, 1, 1], num_classes=10)
        self.inplanes = 16
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.maxpool = nn.Identity()
        self.layer1 = self._make_layer(resnet.BasicBlock, 16, blocks)
        self.layer2 = self._make_layer(resnet.BasicBlock, 32, blocks, stride=2)
        self.layer3 = self._make_layer(resnet.BasicBlock, 64, blocks, stride=2)
        self.layer4 = nn.Identity()
        self.fc = nn.Linear(64, 10)


class WideBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.convShortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if inputs != outputs else None

    def forward(self, x):
        ready = torch.relu(self.bn1(x))
        body = self.conv2(torch.relu(self.bn2(self.conv1(ready))))
        return body + (x if self.convShortcut is None else self.convShortcut(ready))


class WideResnet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        for i, (inputs, outputs) in enumerate([(16, 64), (64, 128), (128, 256)]):
            block = nn.Module()
            block.layer = nn.Sequential(WideBlock(inputs, outputs, 1 + (i > 0)), WideBlock(outputs, outputs, 1))
            setattr(self, f'block{i + 1}', block)
        self.bn1 = nn.BatchNorm2d(256)
        self.fc = nn.Linear(256, 10)

    def forward(self, x):
        x = self.conv1(x)
        for i in (1, 2, 3):
            x = getattr(self, f'block{i}').layer(x)
        return self.fc(torch.relu(self.bn1(x)).mean((2, 3)))


def dense():
    model = densenet.DenseNet(12, (16, 16, 16), 24, num_classes=10)
    model.features.conv0 = nn.Conv2d(3, 24, 3, padding=1, bias=False)
    for stem in ('norm0', 'relu0', 'pool0'):
        delattr(model.features, stem)
    return model


class FastNorm(nn.BatchNorm2d):
    def __init__(self, channels):
        super().__init__(channels, eps=1e-12, momentum=0.4)
        self.weight.requires_grad = False


class FastGroup(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding='same', bias=False)
        self.norm1 = FastNorm(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding='same', bias=False)
        self.norm2 = FastNorm(outputs)

    def forward(self, x):
        x = nn.functional.gelu(self.norm1(nn.functional.max_pool2d(self.conv1(x), 2)))
        return nn.functional.gelu(self.norm2(self.conv2(x)))


class Times(nn.Module):
    def forward(self, x):
        return x * (1 / 9)


def airbench():
    groups = [FastGroup(24, 64), FastGroup(64, 256), FastGroup(256, 256)]
    head = [nn.MaxPool2d(3), nn.Flatten(), nn.Linear(256, 10, bias=False), Times()]
    model = nn.Sequential(nn.Conv2d(3, 24, 2), nn.GELU(), *groups, *head)
    model[0].weight.requires_grad = False
    return model


class SmallVgg(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = models.vgg11_bn(num_classes=10).features
        self.classifier = nn.Linear(512, 10)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


def tiny_vgg():
    """As a Sequential with the names that the preset's layers have."""
    return nn.Sequential(dict_of([
        ('conv1', nn.Conv2d(3, 10, 3)), ('relu1', nn.ReLU()), ('conv2', nn.Conv2d(10, 10, 3)), ('relu2', nn.ReLU()),
        ('pool1', nn.MaxPool2d(2)),
        ('conv3', nn.Conv2d(10, 10, 3)), ('relu3', nn.ReLU()), ('conv4', nn.Conv2d(10, 10, 3)), ('relu4', nn.ReLU()),
        ('pool2', nn.MaxPool2d(2)), ('flatten', nn.Flatten()), ('fc1', nn.Linear(1690, 10)),
    ]))


def dict_of(pairs):
    from collections import OrderedDict
    return OrderedDict(pairs)


def small_convnext():
    blocks = [CNBlockConfig(12, 24, 1), CNBlockConfig(24, 36, 1), CNBlockConfig(36, 48, 2), CNBlockConfig(48, None, 1)]
    return ConvNeXt(blocks, num_classes=10)


def starts(model):
    """Standard deviation with which each parameter starts, and the mean of those that start all equal."""
    parameters = {k: p.detach().double() for k, p in model.named_parameters()}
    return {k: [float(f'{p.std().item():.4g}') if p.numel() > 1 else 0, float(f'{p.mean().item():.4g}')]
            for k, p in parameters.items()}


def main():
    still = {'num_classes': 10}
    no_depth = {**still, 'stochastic_depth_prob': 0.0}
    small = {
        'tiny-vgg': (tiny_vgg(), 64),
        'resnet32': (SmallResnet(5), 16),
        'resnet56': (SmallResnet(9), 16),
        'wide-resnet-16-4': (WideResnet(), 16),
        'densenet-bc-100-12': (dense(), 16),
        'airbench94': (airbench(), 32),
        'vgg11-bn': (SmallVgg(), 64),
        'resnet34': (models.resnet34(**still), 64),
        'resnet50': (models.resnet50(**still), 64),
        'squeezenet1_1': (models.squeezenet1_1(**still, dropout=0.0), 64),
        'mobilenet_v3_small': (models.mobilenet_v3_small(**still, dropout=0.0), 64, 2.4),
        'mobilenet_v3_large': (models.mobilenet_v3_large(**still, dropout=0.0), 64, 2.15),
        'efficientnet_b0': (models.efficientnet_b0(**no_depth, dropout=0.0), 64, 2.6),
        'convnext_tiny': (models.convnext_tiny(**no_depth), 64),
        'convnext_small_w': (small_convnext(), 64),
    }
    for model, *_ in small.values():
        for part in model.modules():
            if isinstance(part, torchvision.ops.StochasticDepth):
                part.p = 0.0
    named = ['vgg11_bn', 'squeezenet1_1', 'mobilenet_v2', 'mobilenet_v3_small', 'mobilenet_v3_large', 'efficientnet_b0',
             'resnet18', 'resnet34', 'resnet50', 'convnext_tiny']
    torch.manual_seed(1)
    zero_last = {'zero_init_residual': True}
    started = {n: getattr(models, n)(**(zero_last if n in ('resnet34', 'resnet50') else {})) for n in named}
    started['densenet-bc-100-12'] = densenet.DenseNet(12, (16, 16, 16), 24, num_classes=10)
    result = {
        'generator': f'PyTorch {torch.__version__}, torchvision {torchvision.__version__}, CPU, float64',
        'shapes': {f'{n} {c}': shapes(getattr(models, n)(num_classes=c)) for n in named for c in (10, 1000)},
        'starts': {n: starts(made) for n, made in started.items()},
        'models': {name: golden(*made) for name, made in small.items()},
    }
    json.dump(result, sys.stdout, separators=(',', ':'))


main()
