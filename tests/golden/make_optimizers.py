"""
Goldens of the optimizers that PyTorch lacks or has otherwise: `python make_optimizers.py` writes
data/optimizers_published.{json,safetensors} (PyTorch 2.13, safetensors). The authors' published code runs in float64 where
theirs casts to bfloat16, so that formulas are compared and not roundings:
- Lion: google/automl, lion/lion_pytorch.py (Chen et al. 2023)
- Muon: KellerJordan/Muon, muon.py (Jordan et al. 2024), and the form of KellerJordan/cifar10-airbench, airbench94_muon.py
`torch.optim.Muon` (bfloat16 inside) runs beside them; the manifest records how far it is away.
"""
import json
import pathlib

import torch
from safetensors.torch import save_file

STEPS = 10
DATA = pathlib.Path(__file__).parent / 'data'


def zeropower_via_newtonschulz5(G, steps):
    assert G.ndim >= 2
    a, b, c = (3.4445, -4.7750, 2.0315)
    X = G  # published: G.bfloat16()
    if G.size(-2) > G.size(-1):
        X = X.mT
    X = X / (X.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        A = X @ X.mT
        B = b * A + c * A @ A
        X = a * X + B @ X
    if G.size(-2) > G.size(-1):
        X = X.mT
    return X


def muon_update(grad, momentum, beta, ns_steps, nesterov):
    momentum.lerp_(grad, 1 - beta)
    update = grad.lerp(momentum, beta) if nesterov else momentum.clone()
    if update.ndim == 4:
        update = update.view(len(update), -1)
    rows, columns = update.shape
    update = zeropower_via_newtonschulz5(update, steps=ns_steps)
    # Published: of the gradient's last two axes, which for a convolution are the kernel's; torch.optim.Muon takes the matrix's.
    return update * max(1, rows / columns) ** 0.5


def run_muon(p, grads, lrs, momentum, nesterov, steps, weight_decay):
    buffer = torch.zeros_like(p)
    for grad, lr in zip(grads, lrs):
        update = muon_update(grad, buffer, momentum, steps, nesterov)
        p.mul_(1 - lr * weight_decay)
        p.add_(update.reshape(p.shape), alpha=-lr)
        yield p.clone()


def run_airbench(p, grads, lrs, momentum, nesterov, steps):
    buffer = torch.zeros_like(p)
    for grad, lr in zip(grads, lrs):
        buffer.mul_(momentum).add_(grad)
        g = grad.add(buffer, alpha=momentum) if nesterov else buffer
        p.mul_(len(p) ** 0.5 / p.norm())
        update = zeropower_via_newtonschulz5(g.reshape(len(g), -1), steps).view(g.shape)
        p.add_(update, alpha=-lr)
        yield p.clone()


def run_lion(p, grads, lrs, betas, weight_decay):
    exp_avg = torch.zeros_like(p)
    beta1, beta2 = betas
    for grad, lr in zip(grads, lrs):
        p.mul_(1 - lr * weight_decay)
        update = exp_avg.clone().mul_(beta1).add(grad, alpha=1 - beta1).sign_()
        p.add_(update, alpha=-lr)
        exp_avg.mul_(beta2).add_(grad, alpha=1 - beta2)
        yield p.clone()


def torch_muon(p, grads, lrs, momentum, nesterov, steps, weight_decay):
    parameter = torch.nn.Parameter(p.clone().float())
    optimizer = torch.optim.Muon(
        [parameter], lr=1, momentum=momentum, nesterov=nesterov, ns_steps=steps, weight_decay=weight_decay
    )
    for grad, lr in zip(grads, lrs):
        optimizer.param_groups[0]['lr'] = lr
        parameter.grad = grad.float()
        optimizer.step()
    return parameter.detach().double()


CASES = [
    ('lion', 'lion', [3, 4], {'betas': [0.9, 0.99], 'weight_decay': 0.0}),
    ('lion_decay', 'lion', [5, 7], {'betas': [0.95, 0.98], 'weight_decay': 0.1}),
    ('muon_wide', 'muon', [6, 20], {'momentum': 0.95, 'nesterov': True, 'steps': 5, 'weight_decay': 0.0}),
    ('muon_tall', 'muon', [20, 6], {'momentum': 0.9, 'nesterov': False, 'steps': 5, 'weight_decay': 0.1}),
    ('muon_convolution', 'muon', [8, 5, 3, 3], {'momentum': 0.95, 'nesterov': True, 'steps': 3, 'weight_decay': 0.01}),
    ('muon_many_outputs', 'muon', [40, 4, 3, 2], {'momentum': 0.6, 'nesterov': True, 'steps': 4, 'weight_decay': 0.0}),
    ('airbench', 'airbench', [12, 6, 3, 3], {'momentum': 0.6, 'nesterov': True, 'steps': 3}),
    ('airbench_many_outputs', 'airbench', [32, 3, 3, 3], {'momentum': 0.6, 'nesterov': True, 'steps': 3}),
]
RUNS = {'lion': run_lion, 'muon': run_muon, 'airbench': run_airbench}


def main():
    tensors, cases = {}, []
    lrs = [0.02, 0.02, 0.02, 0.015, 0.015, 0.01, 0.01, 0.005, 0.002, 0.001]
    for seed, (name, kind, shape, settings) in enumerate(CASES):
        generator = torch.Generator().manual_seed(20261127 + seed)
        initial = torch.randn(shape, generator=generator)
        grads = torch.randn([STEPS, *shape], generator=generator)
        # A step without a gradient, and a row that never has one in another.
        grads[4] = 0
        grads[6, 0] = 0
        p, g = initial.double(), grads.double()
        after = torch.stack(list(RUNS[kind](p.clone(), g, lrs, **settings)))
        case = {'name': name, 'optimizer': kind, 'settings': settings, 'learning_rates': lrs, 'shape': shape}
        if kind == 'muon' and len(shape) == 2:
            theirs = torch_muon(p, g, lrs, **settings)
            case['torch_optim_muon_max_abs'] = float((theirs - after[-1]).abs().max())
        cases.append(case)
        tensors[f'{name}.initial'] = initial
        tensors[f'{name}.grads'] = grads
        tensors[f'{name}.after'] = after.float()
    save_file(tensors, DATA / 'optimizers_published.safetensors')
    manifest = {'generator': f'PyTorch {torch.__version__}, float64 rounded to float32', 'cases': cases}
    (DATA / 'optimizers_published.json').write_text(json.dumps(manifest, indent=1) + '\n')
    for case in cases:
        print(case['name'], case.get('torch_optim_muon_max_abs', ''))


main()
