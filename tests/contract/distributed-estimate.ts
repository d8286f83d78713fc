/** The page docs/distributed-estimate.md: every figure follows from what is stated here and what was measured. */
import { readFileSync } from 'node:fs';

interface Measured {
  readonly picturesPerSecond: { readonly read: number; readonly readCropFlip: number };
  readonly epochOrderSeconds: number;
}
/** By `bench/input_rate.py`. */
const source = 'bench/runs/2026-11-27-2core/torch-input.json';
const measured: Measured = JSON.parse(readFileSync(new URL(`../../${source}`, import.meta.url), 'utf8'));

/** What no machine here could tell; each is a row of the page. */
export const assumed = {
  nodes: 4,
  perNode: 8,
  pictures: 1_281_167,
  pictureBytes: 224 * 224 * 3,
  shardBytes: 64 * 2 ** 20,
  parameters: 25_557_032,
  /** Pictures a second that a GPU trains ResNet-50 with. */
  gpuRate: 2500,
  batchPerGpu: 256,
  /** Bytes a second: 25 Gbit/s of each machine's network. */
  network: 25e9 / 8,
  /** Of a local NVMe disk. */
  disk: 5e9,
  memory: 256e9,
};

/** Pictures a second of all machines together that each part bears, were it alone. */
export function limits(given: typeof assumed, { picturesPerSecond }: Measured) {
  const { nodes, perNode, pictureBytes, parameters, gpuRate, batchPerGpu, network, disk } = given;
  const gpus = nodes * perNode;
  const batch = gpus * batchPerGpu;
  /** What a ring of all processes sends through each machine's network in a step, float32. */
  const gradientBytes = (2 * (gpus - 1) * 4 * parameters) / gpus;
  const storeBytes = perNode * batchPerGpu * pictureBytes;
  const rateAt = (bytesOfStep: number, bytesPerSecond: number): number => (batch * bytesPerSecond) / bytesOfStep;
  return {
    gpus: gpus * gpuRate,
    input: gpus * picturesPerSecond.readCropFlip,
    readOnly: gpus * picturesPerSecond.read,
    sharedStorage: rateAt(storeBytes, network),
    gradients: rateAt(gradientBytes, network),
    storageAndGradients: rateAt(storeBytes + gradientBytes, network),
    disk: rateAt(storeBytes, disk),
    gradientBytes,
    stepSeconds: batchPerGpu / gpuRate,
  };
}

const group = (value: number): string => Math.round(value).toLocaleString('en-US');
/** To two figures: an estimate is no better. */
const about = (value: number): string => group(Number(value.toPrecision(2)));
const giga = (bytes: number): string => {
  const value = bytes / 1e9;
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
};

export function estimatePage(): string {
  const {
    nodes,
    perNode,
    pictures,
    pictureBytes,
    shardBytes,
    parameters,
    gpuRate,
    batchPerGpu,
    network,
    disk,
    memory,
  } = assumed;
  const found = limits(assumed, measured);
  const gpus = nodes * perNode;
  const storeBytes = pictures * pictureBytes;
  const perShard = Math.floor(shardBytes / pictureBytes);
  const wanted = found.gpus;
  const share = (rate: number): string => `${((100 * rate) / wanted).toFixed(0)} %`;
  const row = (what: string, rate: number, when: string): string =>
    `| ${what} | ${about(rate)} | ${share(rate)} | ${when} |`;
  return `# Estimate on paper: ${perNode} GPUs on each of ${nodes} machines, pictures as in ImageNet

\`npx vitest run tests/contract/distributed-estimate.test.ts -u\` writes this page from the rates stated here: change them in \`tests/contract/distributed-estimate.ts\`, or measure with \`python3 bench/input_rate.py\` on your own machine. No GPU was at hand, so nothing here was tried on a cluster.

## What it reckons with

| | figure | from |
|---|---|---|
| training pictures, ${Math.sqrt(pictureBytes / 3)}x${Math.sqrt(pictureBytes / 3)} in colour | ${group(pictures)} | ImageNet-1k |
| a GPU trains ResNet-50 (${group(parameters)} parameters, ${batchPerGpu} pictures a GPU) | ${group(gpuRate)} pictures/s | assumed; more than most reach in float32, so that the input is asked for too much rather than too little |
| a machine's network; its local disk; its memory | ${giga(network)} GB/s (25 Gbit/s); ${giga(disk)} GB/s; ${giga(memory)} GB | assumed |
| a process reads (pages cached, one thread) | ${group(measured.picturesPerSecond.read)} pictures/s | measured |
| the same with \`crop\` and \`flip\` | ${group(measured.picturesPerSecond.readCropFlip)} pictures/s | measured |
| the order of an epoch, in each process | ${measured.epochOrderSeconds} s | measured |

Measured: \`${source}\`, one core of a virtual machine (AMD EPYC).

## Layout of the store, and what it must deliver

| | figure |
|---|---|
| store (docs/store.md) | ${giga(storeBytes)} GB: ${group(Math.ceil(pictures / perShard))} shards of 64 MiB with ${perShard} pictures each; a picture is ${group(pictureBytes)} bytes in one piece |
| beside the run | places of the pictures: ${((12 * pictures) / 1e6).toFixed(0)} MB, 12 bytes each |
| wanted | ${gpus} x ${group(gpuRate)} = ${group(wanted)} pictures/s: ${giga((wanted / gpus) * pictureBytes)} GB/s a GPU, ${giga((wanted / nodes) * pictureBytes)} GB/s a machine, ${giga(wanted * pictureBytes)} GB/s in all |
| an epoch | ${(pictures / wanted).toFixed(0)} s; a step of ${group(gpus * batchPerGpu)} pictures ${found.stepSeconds.toFixed(2)} s |
| a machine reads | ${giga(storeBytes / nodes)} GB an epoch, other pictures each time: it has met them all after some epochs, and ${giga(storeBytes)} of ${giga(memory)} GB of memory can hold them |
| gradients | ${giga(found.gradientBytes)} GB a step through each machine's network (a ring of all processes), ${giga(found.gradientBytes / found.stepSeconds)} GB/s |

## Where it saturates

Pictures a second of all machines, were each part the only one, and what that is of the ${group(wanted)} wanted:

| part | pictures/s | of what is wanted | when |
|---|---|---|---|
${row('store on shared storage, by the network that also carries gradients', found.storageAndGradients, 'first epochs, store not copied')}
${row('store on shared storage, network of its own', found.sharedStorage, 'first epochs')}
${row('gradients alone', found.gradients, 'store on local disks or in memory')}
${row('store on local disks', found.disk, 'first epochs')}
${row('input of the processes, with crop and flip', found.input, 'always')}
${row('input of the processes, without', found.readOnly, 'always')}

So the network saturates first${found.storageAndGradients < wanted ? ', below what the GPUs want' : ''}: copy the store to local disks (\`train.py --store FOLDER\`), or wait for the epochs in which memory holds it. Gradients, sent while the backward pass computes, leave room. The input thread would be next, for networks that a GPU trains at more than ${about(measured.picturesPerSecond.readCropFlip)} pictures/s, ${(measured.picturesPerSecond.readCropFlip / gpuRate).toFixed(1)} times ResNet-50's rate. Each step also adds up four numbers among all processes, which makes the CPU wait for the GPU: of no account in a step of ${found.stepSeconds.toFixed(1)} s, of some below 5 ms.
`;
}
