"""Checks that what stdio.js times is the network that PyTorch trains: the same weights and batch give the same loss.

  .peer/bin/python bench/check_loss.py [--ours 'node dist/bench/stdio.js'] [--nets mnist-cnn,resnet20,mobile] [--batch 128]

For each network: PyTorch's weights (those of batch norm made uneven) and a batch go into one .safetensors file, stdio.js
answers `loss:NAME FILE`, and the losses of a training step are compared with PyTorch's in float32 and float64. Then
PyTorch makes 5 steps and all is compared again. Exit code 1 when a difference is 1e-4 or more.
"""
import argparse, os, shlex, subprocess, sys, tempfile
import torch
from safetensors.torch import save_file
from torch import nn
import torch.nn.functional as F
from networks import makers

parser = argparse.ArgumentParser()
parser.add_argument("--ours", default="node dist/bench/stdio.js")
parser.add_argument("--nets", default="mnist-cnn,resnet20,mobile")
parser.add_argument("--batch", type=int, default=128)
args = parser.parse_args()
LIMIT = 1e-4


def tensors_of(model, ids):
    """PyTorch's tensors under the preset's names; the reader on the other side checks that names and shapes are all."""
    modules = [m for m in model.modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d, nn.Linear))]
    assert len(modules) == len(ids), (len(modules), len(ids))
    named = {f"{name}.{key}": value for name, m in zip(ids, modules) for key, value in m.state_dict().items()}
    return {name: value.contiguous() for name, value in named.items() if not name.endswith("num_batches_tracked")}


def loss_of(model, x, y):
    """Of a training step; running statistics are put back."""
    before = {k: v.clone() for k, v in model.state_dict().items()}
    model.train()
    loss = F.cross_entropy(model(x), y)
    value = loss.item()
    model.load_state_dict(before)
    return value


class Ours:
    def __init__(self, command):
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def loss(self, net, file):
        self.process.stdin.write(f"loss:{net} {file}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline().strip()
        try:
            return float(line)
        except ValueError:
            sys.exit(f"Expected a loss for {net} but received {line!r}")


ours = Ours(args.ours)
failed = False
with tempfile.TemporaryDirectory() as folder:
    for net in args.nets.split(","):
        torch.manual_seed(0)
        model, shape, ids = makers[net]()
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)
        x, y = torch.randn(args.batch, *shape), torch.randint(0, 10, (args.batch,))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
        for moment, steps in (("at the start", 0), ("after 5 steps", 5)):
            model.train()
            for _ in range(steps):
                optimizer.zero_grad()
                F.cross_entropy(model(x), y).backward()
                optimizer.step()
            file = os.path.join(folder, f"{net}.safetensors")
            save_file({"input": x, "labels": y.int(), **tensors_of(model, ids)}, file)
            theirs = loss_of(model, x, y)
            exact = loss_of(model.double(), x.double(), y)
            model.float()
            loss = ours.loss(net, file)
            difference = max(abs(loss - theirs), abs(loss - exact))
            failed |= not difference < LIMIT
            print(f"{net:10s} {moment:14s} ours {loss:.9g}  PyTorch {theirs:.9g}  in float64 {exact:.12g}  "
                  f"difference {difference:.1e}{'' if difference < LIMIT else '  TOO LARGE'}", flush=True)
ours.process.stdin.close()
ours.process.wait(timeout=20)
sys.exit(1 if failed else 0)
