"""Seconds of training until mnist-cnn has a test accuracy on MNIST: Fovea against PyTorch on the same machine.

  .peer/bin/python bench/time_to_accuracy.py FOLDER_OF_MNIST [--seeds 5] [--target 0.985] [--threads 2] [--ours 'node dist/bench/time-to-accuracy.js']

Both sides: the same network, batch 128, SGD with momentum 0.9, learning rate 0.05 after 50 steps of linear warm-up, the test
pictures looked at each 25 steps on a stopped clock. PyTorch comes in two forms, channels_last both: `loader` reads each
picture through a DataLoader with the usual transforms (to float, normalise; --workers processes, default 2), `preloaded` has
all pictures normalised in one tensor and takes rows of it. Each training is a process of its own; the three take turns,
seed by seed. Printed: each training, then medians of seconds and steps, and PyTorch's seconds over ours.
"""
import argparse, gzip, json, os, shlex, statistics, subprocess, sys, time

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--seeds", type=int, default=5)
parser.add_argument("--target", type=float, default=0.985)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--ours", default="node dist/bench/time-to-accuracy.js")
parser.add_argument("--child", choices=["loader", "preloaded"], help=argparse.SUPPRESS)
parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
args = parser.parse_args()
BATCH, RATE, WARMUP, LOOK, MOST = 128, 0.05, 50, 25, 4000


def read(name, header):
    path = os.path.join(args.data, name)
    with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as file:
        return bytearray(file.read()[header:])


def train():
    import torch
    import torch.nn.functional as F
    from torch.utils.data import DataLoader, Dataset

    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from networks import makers

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    layout = torch.channels_last

    def part(stem):
        pixels = torch.frombuffer(read(f"{stem}-images-idx3-ubyte", 16), dtype=torch.uint8).view(-1, 1, 28, 28)
        return pixels, torch.frombuffer(read(f"{stem}-labels-idx1-ubyte", 8), dtype=torch.uint8).long()

    (pixels, labels), (test_pixels, test_labels) = part("train"), part("t10k")
    scaled = pixels.float() / 255
    mean, std = scaled.mean(), scaled.std()
    prepare = lambda x: ((x.float() / 255 - mean) / std).contiguous(memory_format=layout)

    class Pictures(Dataset):
        def __len__(self):
            return len(pixels)

        def __getitem__(self, i):
            return (pixels[i].float() / 255 - mean) / std, labels[i]

    def batches():
        if args.child == "loader":
            loader = DataLoader(Pictures(), BATCH, shuffle=True, num_workers=args.workers, persistent_workers=args.workers > 0)
            while True:
                yield from loader
        everything = prepare(pixels)
        while True:
            for rows in torch.randperm(len(pixels)).split(BATCH):
                yield everything[rows], labels[rows]

    test = prepare(test_pixels)
    model = makers["mnist-cnn"]()[0].to(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=0.9)
    source = batches()
    seconds, steps, accuracy = 0.0, 0, 0.0
    # Workers start, and the tensor is made, before the clock does.
    waiting = next(source)
    while accuracy < args.target and steps < MOST:
        model.train()
        start = time.perf_counter()
        for _ in range(LOOK):
            x, y = waiting if waiting is not None else next(source)
            waiting = None
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, (steps + 1) / WARMUP)
            optimizer.zero_grad()
            F.cross_entropy(model(x.contiguous(memory_format=layout)), y).backward()
            optimizer.step()
            steps += 1
        seconds += time.perf_counter() - start
        model.eval()
        with torch.inference_mode():
            right = sum((model(x).argmax(1) == y).sum().item() for x, y in zip(test.split(1000), test_labels.split(1000)))
        accuracy = right / len(test)
    result = {"reached": accuracy >= args.target, "seconds": seconds, "steps": steps, "accuracy": accuracy, "seed": args.seed}
    print(json.dumps(result), flush=True)
    os._exit(0)


def main():
    same = ["--target", str(args.target), "--threads", str(args.threads)]
    own = [sys.executable, os.path.abspath(__file__), args.data, *same, "--workers", str(args.workers)]
    sides = {
        "fovea": [*shlex.split(args.ours), args.data, *same],
        "loader": [*own, "--child", "loader"],
        "preloaded": [*own, "--child", "preloaded"],
    }
    results = {name: [] for name in sides}
    for seed in range(1, args.seeds + 1):
        for name, command in sides.items():
            output = subprocess.run([*command, "--seed", str(seed)], stdout=subprocess.PIPE, text=True, check=True).stdout
            result = json.loads(output.strip().splitlines()[-1])
            results[name].append(result)
            print(f"seed {seed}  {name:9}  {result['seconds']:6.2f} s  {result['steps']:4} steps  {100 * result['accuracy']:.2f} %", flush=True)
    middle = lambda name, key: statistics.median(result[key] for result in results[name])
    print()
    for name in sides:
        print(f"{name:9}  median {middle(name, 'seconds'):6.2f} s, {middle(name, 'steps'):.0f} steps")
    for rival in ("loader", "preloaded"):
        print(f"PyTorch {rival} / Fovea: {middle(rival, 'seconds') / middle('fovea', 'seconds'):.2f}")
    print(json.dumps(results))
    return 0 if all(result["reached"] for side in results.values() for result in side) else 1


if __name__ == "__main__":
    if args.child:
        train()
    sys.exit(main())
