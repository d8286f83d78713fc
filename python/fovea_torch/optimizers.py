"""PyTorch's optimizers with the memory that Fovea's engine keeps: a run goes on from either."""

import torch

# What Fovea calls a state, and what PyTorch does.
STATES = {
    "sgd": {"momentum": "momentum_buffer"},
    "adam": {"mean": "exp_avg", "square": "exp_avg_sq", "largestSquare": "max_exp_avg_sq"},
}
STATES["adamw"] = STATES["adam"]


def create_optimizer(job, model):
    """One group for every decay and factor of the learning rate that parameters have."""
    kind, options = job["optimizer"]["type"], job["optimizer"]["options"]
    named, groups = dict(model.named_parameters()), {}
    for info in job["parameters"]:
        if info["trainable"]:
            groups.setdefault((info["decay"], info["factor"]), []).append(named[info["name"]])
    settings = [
        {"params": params, "factor": factor, "weight_decay": options["weightDecay"] if decays else 0.0}
        for (decays, factor), params in groups.items()
    ]
    rate = job["learningRate"]
    if kind == "sgd":
        keys = ("momentum", "dampening", "nesterov")
        return torch.optim.SGD(settings, lr=rate, **{key: options[key] for key in keys})
    create = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind]
    betas = (options["beta1"], options["beta2"])
    return create(settings, lr=rate, betas=betas, eps=options["eps"], amsgrad=options["amsgrad"])


def set_rate(optimizer, rate):
    for group in optimizer.param_groups:
        group["lr"] = rate * group["factor"]


def load_states(optimizer, job, model, tensors, steps):
    """`steps` of the whole training that are done; before the first one there is nothing to remember."""
    names, named = STATES[job["optimizer"]["type"]], dict(model.named_parameters())
    for info in job["parameters"] if steps > 0 else ():
        parameter = named.get(info["name"])
        found = {own: tensors.get(f"optimizer.{info['name']}.{name}") for name, own in names.items()}
        for own, array in found.items():
            if array is not None:
                tensor = from_engine(torch.from_numpy(array), info).to(parameter.device)
                optimizer.state[parameter][own] = tensor.contiguous()
        if job["optimizer"]["type"] != "sgd" and parameter is not None and parameter.requires_grad:
            optimizer.state[parameter]["step"] = torch.tensor(float(steps))


def saved_states(optimizer, job, model):
    """Arrays by the names and in the layout of the engine."""
    names, named, saved = STATES[job["optimizer"]["type"]], dict(model.named_parameters()), {}
    for info in job["parameters"]:
        if not info["trainable"]:
            continue
        parameter = named[info["name"]]
        for state in job["optimizer"]["states"]:
            tensor = optimizer.state[parameter].get(names[state])
            tensor = torch.zeros_like(parameter) if tensor is None else tensor
            saved[f"optimizer.{info['name']}.{state}"] = to_engine(tensor.detach().cpu(), info).numpy()
    return saved


def to_engine(tensor, info):
    """The engine has other axes than PyTorch: axis i there is axis permutation[i] here; -1 is one that is not here."""
    return tensor.permute([axis for axis in info["permutation"] if axis >= 0]).reshape(-1)


def from_engine(values, info):
    axes = [axis for axis in info["permutation"] if axis >= 0]
    there = values.reshape([info["shape"][axis] for axis in axes])
    return there.permute([axes.index(axis) for axis in range(len(axes))])
