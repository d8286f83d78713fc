"""The learning rate of a step (from 0): the same formulas as Fovea's. Options are complete: nothing has a default here."""

from math import cos, inf, isnan, pi


def cosine_between(start, end, share):
    return end + (start - end) * (1 + cos(pi * share)) / 2


def constant(step, total, rate, options, state):
    return rate


def drops(step, total, rate, options, state):
    return rate * options["factor"] ** (step // options["size"])


def multi_step(step, total, rate, options, state):
    return rate * options["factor"] ** sum(milestone <= step for milestone in options["milestones"])


def exponential(step, total, rate, options, state):
    return rate * options["factor"] ** step


def exponential_ramp(step, total, rate, options, state):
    start = min(rate, options["start"])
    share = 1 if total < 2 else min(1, step / (total - 1))
    return rate if share == 1 else min(rate, start * (rate / start) ** share)


def polynomial(step, total, rate, options, state):
    return rate * max(0.0, 1 - step / options.get("steps", total)) ** options["power"]


def cosine(step, total, rate, options, state):
    return cosine_between(rate, options["minimum"], min(1, step / options.get("steps", total)))


def cosine_restarts(step, total, rate, options, state):
    period, position = options["period"], step
    if options["multiplier"] == 1:
        position %= period
    else:
        while position >= period:
            position, period = position - period, period * options["multiplier"]
    return cosine_between(rate, options["minimum"], position / period)


def one_cycle(step, total, rate, options, state):
    def between(a, b, share):
        return cosine_between(a, b, share) if options["shape"] == "cosine" else a + (b - a) * share

    start = rate / options["startDivisor"]
    end = start / options["endDivisor"]
    last = max(1, total - 1)
    peak = max(0, options["rise"] * total - 1)
    at = min(step, last)
    if at <= peak and peak > 0:
        return between(start, rate, at / peak)
    return between(rate, end, (at - peak) / max(1, last - peak))


def reduce_on_plateau(step, total, rate, options, state):
    return state.get("rate", rate)


RATES = {
    "constant": constant,
    "step": drops,
    "multiStep": multi_step,
    "exponential": exponential,
    "exponentialRamp": exponential_ramp,
    "polynomial": polynomial,
    "cosine": cosine,
    "cosineRestarts": cosine_restarts,
    "oneCycle": one_cycle,
    "reduceOnPlateau": reduce_on_plateau,
}


def learning_rate(job, step, total, state):
    """A linear warm-up goes before any schedule (Goyal et al. 2017)."""
    schedule, rate, warmup = job["schedule"], job["learningRate"], job["schedule"]["warmupSteps"]
    rule, options = RATES[schedule["type"]], schedule["options"]
    if warmup <= 0:
        return rule(step, total, rate, options, state)
    rest = max(1, total - warmup)
    if step >= warmup:
        return rule(step - warmup, rest, rate, options, state)
    return rule(0, rest, rate, options, state) * (step + 1) / warmup


def observe(job, metric, state):
    """What the schedule remembers after a validation loss; only reduceOnPlateau remembers anything."""
    schedule, options = job["schedule"], job["schedule"]["options"]
    if schedule["type"] != "reduceOnPlateau":
        return state
    best = state.get("best")
    sign = -1 if options["mode"] == "min" else 1
    bar = -sign * inf
    if best is not None:
        relative = options["thresholdMode"] == "relative"
        threshold = options["threshold"]
        bar = best * (1 + sign * threshold) if relative else best + sign * threshold
    is_better = not isnan(metric) and sign * (metric - bar) > 0
    rate, cooldown = state.get("rate", job["learningRate"]), state.get("cooldown", 0)
    bad = 0 if is_better else state.get("bad", 0) + 1
    if cooldown > 0:
        cooldown, bad = cooldown - 1, 0
    if bad > options["patience"]:
        lower = max(rate * options["factor"], options["minimum"])
        rate = lower if rate - lower > 1e-8 else rate
        cooldown, bad = options["cooldown"], 0
    best = metric if is_better else best
    return {"rate": rate, "bad": bad, "cooldown": cooldown, **({} if best is None else {"best": best})}
