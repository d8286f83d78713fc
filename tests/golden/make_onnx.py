"""Writes small classifiers as PyTorch exports them (tests/golden/data/onnx), with the logits that PyTorch computes:
  python tests/golden/make_onnx.py
Needs torch, onnx and numpy. Each model holds what other programs write and our own export does not: folded batch norms,
shapes computed in the graph, channels moved to the end, activations spelled out by several operators.
"""
import json, os, warnings
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "onnx")


class Small(nn.Module):
    """Flattened by view with the batch size asked for, as in many tutorials."""
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        self.bn = nn.BatchNorm2d(6)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(6 * 8 * 8, 4)

    def forward(self, x):
        x = self.pool(F.relu(self.bn(self.conv(x))))
        return F.log_softmax(self.fc(self.drop(x.view(x.size(0), -1))), dim=1)


class Squeeze(nn.Module):
    """MobileNetV3's block: depthwise, squeeze and excite, hard swish, residual."""
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.Hardswish())
        self.depthwise = nn.Sequential(nn.Conv2d(8, 8, 5, padding=2, groups=8, bias=False), nn.BatchNorm2d(8), nn.SiLU())
        self.fc1, self.fc2 = nn.Conv2d(8, 4, 1), nn.Conv2d(4, 8, 1)
        self.project = nn.Sequential(nn.Conv2d(8, 8, 1, bias=False), nn.BatchNorm2d(8))
        self.classifier = nn.Linear(8, 4)

    def forward(self, x):
        x = self.stem(x)
        y = self.depthwise(x)
        gate = F.hardsigmoid(self.fc2(F.relu(self.fc1(F.adaptive_avg_pool2d(y, 1)))))
        x = x + self.project(y * gate)
        return self.classifier(F.adaptive_avg_pool2d(F.relu6(x), 1).flatten(1))


class Next(nn.Module):
    """ConvNeXt's block: norm and linear layers with channels last, GELU, a learned scale."""
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 2, stride=2)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.norm, self.up, self.down = nn.LayerNorm(8, eps=1e-6), nn.Linear(8, 16), nn.Linear(16, 8)
        self.scale = nn.Parameter(torch.rand(8, 1, 1) + 0.5)
        self.last, self.head = nn.LayerNorm(8), nn.Linear(8, 4)

    def forward(self, x):
        x = self.stem(x)
        y = self.depthwise(x).permute(0, 2, 3, 1)
        y = self.down(F.gelu(self.up(self.norm(y)))).permute(0, 3, 1, 2)
        x = x + self.scale * y
        return self.head(self.last(x.mean([2, 3])))


class Dense(nn.Module):
    """DenseNet's: norm before convolution, concatenation, average pooling; normalisation inside of the graph."""
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.conv0 = nn.Conv2d(3, 6, 3, padding=1, bias=False)
        self.norm1, self.conv1 = nn.BatchNorm2d(6), nn.Conv2d(6, 4, 3, padding=1, bias=False)
        self.group = nn.GroupNorm(2, 10)
        self.features = nn.Conv2d(10, 4, 1)

    def forward(self, x):
        x = self.conv0((x - self.mean) / self.std)
        x = torch.cat([x, self.conv1(F.leaky_relu(self.norm1(x), 0.1))], 1)
        x = F.avg_pool2d(F.elu(self.group(x)), 3, stride=2, padding=1)
        x = F.relu(self.features(F.pad(x, (0, 1, 0, 1))))
        return F.adaptive_avg_pool2d(x, (1, 1)).squeeze(-1).squeeze(-1).softmax(1)


def prepare(model):
    """Running statistics and scales that are not the initial ones, so that leaving one out is seen."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 1.5)
        if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    return model.eval()


os.makedirs(folder, exist_ok=True)
size = {"Small": (14, 14), "Squeeze": (16, 16), "Next": (12, 12), "Dense": (12, 12)}
for maker in (Small, Squeeze, Next, Dense):
    for opset in (11, 17):
        torch.manual_seed(opset)
        model = prepare(maker())
        height, width = size[maker.__name__]
        pixels = np.random.RandomState(opset).randint(0, 256, (3, height, width, 3)).astype(np.uint8)
        x = torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous().float() / 255
        name = f"{maker.__name__.lower()}-{opset}"
        keep = torch.onnx.TrainingMode.PRESERVE if opset == 17 else torch.onnx.TrainingMode.EVAL
        torch.onnx.export(model, x, os.path.join(folder, f"{name}.onnx"), dynamo=False, opset_version=opset, input_names=["pictures"],
                          output_names=["output"], training=keep, do_constant_folding=opset == 11,
                          dynamic_axes={"pictures": {0: "n"}, "output": {0: "n"}} if opset == 11 else None)
        with torch.no_grad():
            output = model(x)
        with open(os.path.join(folder, f"{name}.json"), "w") as file:
            json.dump({"torch": torch.__version__, "pixels": pixels.flatten().tolist(), "output": output.flatten().tolist()}, file)
        print(name, os.path.getsize(os.path.join(folder, f"{name}.onnx")))
