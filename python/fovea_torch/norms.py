"""Batch norm over the whole batch, wherever its parts lie, so that several processes learn what one would."""

import torch
import torch.distributed as dist
from torch import nn


class AddedUp(torch.autograd.Function):
    """The sum of all processes' values; so is its gradient, since each value reached every process."""

    @staticmethod
    def forward(ctx, values):
        total = values.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx, gradient):
        total = gradient.contiguous().clone()
        dist.all_reduce(total)
        return total


class SharedBatchNorm(nn.BatchNorm2d):
    """For CPUs, where PyTorch's own SyncBatchNorm does not compute. Mean first, then variance: no digits are lost."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        count = x.new_tensor([x.numel() // self.num_features])
        sums = AddedUp.apply(torch.cat([x.sum((0, 2, 3)), count]))
        count = sums[-1].detach()
        centred = x - (sums[:-1] / count).view(1, -1, 1, 1)
        variance = AddedUp.apply(centred.square().sum((0, 2, 3))) / count
        with torch.no_grad():
            self.running_mean.lerp_(sums[:-1] / count, self.momentum)
            self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        scaled = centred * torch.rsqrt(variance + self.eps).view(1, -1, 1, 1)
        if not self.affine:
            return scaled
        return scaled * self.weight.view(1, -1, 1, 1) + self.bias.view(1, -1, 1, 1)


def share_batch_norm(model, on_gpu):
    """The model with every batch norm over the batches of all processes. Names of parameters stay."""
    if on_gpu:
        return nn.SyncBatchNorm.convert_sync_batchnorm(model)
    # In the one group of all: a further one would meet under keys of the store that processes before a restart left.
    for module in model.modules():
        if type(module) is nn.BatchNorm2d:
            module.__class__ = SharedBatchNorm
    return model
