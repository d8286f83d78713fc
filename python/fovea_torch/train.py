"""Trains a Fovea run with PyTorch Distributed. Started by torchrun, once for each process:

    torchrun --nproc-per-node 2 --max-restarts 3 RUN/distributed/train.py

The run is the folder above this one. Training goes on from its last.state.safetensors, whoever wrote that: Fovea's
engine, or this program before it was killed. Needs torch and numpy, nothing else.
"""

import argparse
import json
import math
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from augment import augment
from evaluate import evaluate, normalise
from model import Model
from norms import share_batch_norm
from optimizers import create_optimizer, load_states, saved_states, set_rate
from order import epoch_visits, part_of, steps_per_epoch, train_sample
from pictures import Pictures
from run_folder import best_epoch, describe, ending_of, read_state, write_checkpoint
from schedules import learning_rate, observe


class Training:
    """One process of a training. All processes hold the same weights; process 0 writes and tells."""

    def __init__(self, job, run, store, device):
        self.job, self.run, self.device = job, run, device
        self.rank, self.world = dist.get_rank(), dist.get_world_size()
        self.train = Pictures(HERE, job, "train", store)
        self.val = Pictures(HERE, job, "val", store)
        self.sample = train_sample(len(self.train), job["seed"])
        self.batch = min(job["batch"], len(self.train))
        self.steps = steps_per_epoch(len(self.train), self.batch)
        self.stopping = False
        # Where Fovea started this node's processes, one of them tells it; else process 0 tells whoever reads the log.
        self.starter = os.environ.get("FOVEA_PID")
        self.tells = self.rank == 0 if self.starter is None else os.environ.get("LOCAL_RANK") == "0"
        state, tensors = read_state(run)
        # Read by all before anybody writes it.
        dist.barrier()
        self.state = state
        model = Model()
        weights = {name[8:]: torch.from_numpy(array) for name, array in tensors.items() if name.startswith("weights.")}
        missing, unexpected = model.load_state_dict(weights, strict=False)
        lost = [name for name in missing if not name.endswith("num_batches_tracked")]
        if lost or unexpected:
            raise ValueError(f"Expected weights of this model in the state: {lost} are missing, {unexpected} are none")
        self.model = share_batch_norm(model.to(device), device.type == "cuda") if self.world > 1 else model.to(device)
        self.shared = DistributedDataParallel(self.model, broadcast_buffers=False)
        self.optimizer = create_optimizer(job, self.model)
        load_states(self.optimizer, job, self.model, tensors, self.global_step)
        class_weights = job["loss"].get("classWeights")
        self.class_weights = None if class_weights is None else torch.tensor(class_weights, device=device)
        self.saved = time.monotonic()

    @property
    def global_step(self):
        return (self.state["epoch"] - 1) * self.steps + self.state["step"]

    def tell(self, kind, **facts):
        """A line of JSON for whoever started this."""
        if self.tells:
            print(json.dumps({"fovea": kind, **facts}), flush=True)

    def go(self):
        gpu = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "cpu"
        at = {"epoch": self.state["epoch"], "step": self.state["step"]}
        about = {"torch": torch.__version__, "processes": self.world, "device": gpu}
        self.tell("begin", **about, stepsPerEpoch=self.steps, resumed=at if self.global_step > 0 else None)
        with ThreadPoolExecutor(1) as reader:
            while ending_of(self.job, self.state["history"]) is None:
                if not self.train_epoch(reader):
                    return
                self.end_epoch()

    def read_batch(self, order, visits, epoch, step):
        """This process's part of a batch, and by what the sum of losses of the whole is divided."""
        whole = slice(step * self.batch, (step + 1) * self.batch)
        indices, again = order[whole], visits[whole]
        part = part_of(len(indices), self.rank, self.world)
        pixels, labels = self.train.read(indices[part]), self.train.labels[indices]
        draws = indices[part] + len(self.train) * again[part]
        pixels = np.ascontiguousarray(augment(self.job["augmentation"], pixels, self.job["seed"], epoch, draws))
        weights = self.job["loss"].get("classWeights")
        divisor = float(np.array(weights)[labels].sum()) if weights else float(len(indices))
        return pixels, torch.from_numpy(labels[part]), len(indices), divisor

    def train_epoch(self, reader):
        """The remaining steps of the epoch. False when it was stopped: everything is saved then."""
        state, begin = self.state, time.monotonic()
        epoch, before = state["epoch"], state["seconds"]
        order, visits = epoch_visits(self.job, self.train.labels, epoch)
        total = self.job["epochs"] * self.steps
        self.model.train()
        coming = reader.submit(self.read_batch, order, visits, epoch, state["step"])
        while state["step"] < self.steps:
            step, started = state["step"], time.monotonic()
            batch = coming.result()
            if step + 1 < self.steps:
                coming = reader.submit(self.read_batch, order, visits, epoch, step + 1)
            rate = learning_rate(self.job, self.global_step, total, state["schedule"])
            loss, correct, stop, save = self.train_step(*batch, rate)
            if not math.isfinite(loss):
                self.fail(epoch, step + 1, loss)
            totals, trained = state["totals"], state["trained"]
            totals["images"] += batch[2]
            totals["loss"] += loss
            totals["correct"] += int(correct)
            trained["images"] += batch[2]
            trained["seconds"] += time.monotonic() - started
            state["step"], state["seconds"] = step + 1, before + time.monotonic() - begin
            self.tell(
                "step",
                epoch=epoch,
                step=step + 1,
                loss=totals["loss"] / totals["images"],
                accuracy=totals["correct"] / totals["images"],
                learningRate=rate,
                imagesPerSecond=trained["images"] / max(1e-9, trained["seconds"]),
            )
            if stop or (save and state["step"] < self.steps):
                self.save(False)
            if stop:
                if self.rank == 0:
                    describe(self.run, state["history"], status="interrupted")
                return False
        return True

    def train_step(self, pixels, labels, count, divisor, rate):
        """One update. Returns the batch's sum of losses, how many were right, and what any process asks for."""
        job, device = self.job, self.device
        # Dropout alone draws from here: the same for a step however often a training was interrupted.
        torch.manual_seed((job["seed"] * 2**31 + self.global_step) * self.world + self.rank & 0x7FFFFFFFFFFFFFFF)
        set_rate(self.optimizer, rate)
        labels = labels.to(device)
        logits = self.shared(normalise(pixels, job, device))
        smoothing = job["loss"]["labelSmoothing"]
        loss = F.cross_entropy(logits, labels, self.class_weights, label_smoothing=smoothing, reduction="sum")
        self.optimizer.zero_grad()
        # DDP takes the mean over processes; what is wanted is the sum.
        (loss * (self.world / divisor)).backward()
        self.clip()
        self.optimizer.step()
        with torch.no_grad():
            plain = F.cross_entropy(logits, labels, reduction="sum")
            correct = (logits.argmax(1) == labels).sum()
        asked = [self.stopping or self.orphaned(), self.rank == 0 and self.is_time_to_save()]
        sums = torch.stack([plain.double(), correct.double(), *torch.tensor(asked, dtype=torch.float64, device=device)])
        dist.all_reduce(sums)
        return sums.tolist()

    def clip(self):
        given, parameters = self.job.get("clip") or {}, list(self.model.parameters())
        if "value" in given:
            torch.nn.utils.clip_grad_value_(parameters, given["value"])
        if "norm" in given:
            torch.nn.utils.clip_grad_norm_(parameters, given["norm"])

    def end_epoch(self):
        state, begin = self.state, time.monotonic()
        epoch, totals = state["epoch"], state["totals"]
        common = (self.device, self.rank, self.world)
        val_loss, val_accuracy, val = evaluate(self.model, self.job, self.val, np.arange(len(self.val)), *common)
        if not math.isfinite(val_loss):
            self.fail(epoch, self.steps, val_loss)
        loss, accuracy, train = evaluate(self.model, self.job, self.train, self.sample, *common)
        rate = learning_rate(self.job, self.global_step - 1, self.job["epochs"] * self.steps, state["schedule"])
        record = {
            "epoch": epoch,
            "loss": totals["loss"] / totals["images"],
            "valLoss": val_loss,
            "accuracy": totals["correct"] / totals["images"],
            "valAccuracy": val_accuracy,
            **({"trainLoss": loss, "trainAccuracy": accuracy} if math.isfinite(loss) else {}),
            "learningRate": rate,
            "seconds": state["seconds"] + time.monotonic() - begin,
        }
        self.tell("telemetry", record={"epoch": epoch, "step": self.steps, "val": val, "train": train})
        state["schedule"] = observe(self.job, val_loss, state["schedule"])
        state["history"].append(record)
        state.update(epoch=epoch + 1, step=0, totals={"images": 0, "loss": 0.0, "correct": 0}, seconds=0.0)
        best = best_epoch(state["history"]) is record
        self.save(best)
        self.tell("epoch", record=record, best=best)

    def save(self, best):
        if self.rank == 0:
            weights = {}
            for info in self.job["parameters"]:
                weights[info["name"]] = self.model.state_dict()[info["name"]].detach().cpu().numpy()
            optimizer = saved_states(self.optimizer, self.job, self.model)
            # What the last step may have spoilt must not replace a good checkpoint: the next loss tells of it.
            if all(np.isfinite(array).all() for array in weights.values()):
                write_checkpoint(self.run, self.job, self.state, weights, optimizer, best)
        self.saved = time.monotonic()
        dist.barrier()

    def is_time_to_save(self):
        return time.monotonic() - self.saved >= self.job["saveEvery"]

    def orphaned(self):
        """Whether the Fovea that started this is gone: then nobody holds the run's lock any more."""
        known = self.tells and self.starter is not None and Path("/proc/self").exists()
        return known and not Path(f"/proc/{self.starter}").exists()

    def fail(self, epoch, step, loss):
        """The loss is not finite: trying again would come to the same, so this ends without an error for torchrun."""
        if self.rank == 0:
            message = f"The loss of epoch {epoch}, step {step} is not finite ({loss})"
            failure = {"epoch": epoch, "step": step}
            describe(self.run, self.state["history"], status="failed", error=message, failure=failure)
        self.tell("failure", epoch=epoch, step=step, loss=str(loss))
        sys.stdout.flush()
        dist.barrier()
        dist.destroy_process_group()
        sys.exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", default=HERE.parent, type=Path, help="the run's folder (default: above this program)")
    parser.add_argument("--store", type=Path, help="where the shards of pictures lie here, if not where the job says")
    given = parser.parse_args()
    job = json.loads((HERE / "job.json").read_text("utf-8"))
    if job.get("format") != "fovea-torch-job" or job.get("version") != 1:
        sys.exit(f"Expected a job of version 1 for '{HERE / 'job.json'}' but received another file")
    on_gpu = torch.cuda.is_available() and os.environ.get("FOVEA_DEVICE") != "cpu"
    if on_gpu:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", 0)) % torch.cuda.device_count())
        torch.backends.cudnn.benchmark = True
    device = torch.device("cuda", torch.cuda.current_device()) if on_gpu else torch.device("cpu")
    dist.init_process_group("nccl" if on_gpu else "gloo")
    training = Training(job, given.run, given.store, device)

    def stop(*_):
        training.stopping = True

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    training.go()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
