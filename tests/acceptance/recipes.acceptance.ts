import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithData, temporaryFolder, unpack } from '../test-data.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporaryFolder();

interface Row {
  readonly name: string;
  readonly seed: number;
  /** On the test pictures. */
  readonly accuracy: number;
  /** Of the whole command, reading included; and of its steps. */
  readonly minutes: number;
  readonly imagesPerSecond: number;
  readonly parameters: number;
  /** Of the last minute, when it ended: above the number of cores others were at work, and minutes say nothing. */
  readonly load: number;
}
const rows: Row[] = [];

function fovea(...args: string[]): Record<string, unknown> {
  const output = execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output.trimEnd().split('\n').at(-1) as string);
}

/** Trains by a recipe as a person would, tests, and remembers. */
function trainAndTest(name: string, seed: number, ...args: string[]): Row {
  const out = join(folder, `${name}-${seed}`.replaceAll(/\W+/g, '-'));
  const start = performance.now();
  const trained = fovea('train', ...args, '--seed', String(seed), '--out', out);
  const minutes = (performance.now() - start) / 60_000;
  const { accuracy } = fovea('test', out) as { accuracy: number };
  const { parameters } = fovea('model', 'show', out) as { parameters: number };
  const row = {
    ...{ name, seed, accuracy, minutes },
    imagesPerSecond: trained.imagesPerSecond as number,
    parameters,
    load: loadavg()[0],
  };
  rows.push(row);
  return row;
}

/** Wall time counts only where this machine had nothing else to do. */
const quiet = ({ load }: Row): boolean => load < availableParallelism() + 1;

interface Aim {
  readonly accuracy: number;
  readonly minutes?: number;
  readonly parameters?: number;
  readonly seeds: readonly number[];
}

function reaches(name: string, args: readonly string[], { accuracy, minutes, parameters, seeds }: Aim): void {
  for (const seed of seeds) {
    it(`${name}, seed ${seed}: at least ${(100 * accuracy).toFixed(1)} %`, () => {
      const row = trainAndTest(name, seed, ...args);
      expect(row.accuracy).toBeGreaterThanOrEqual(accuracy);
      if (parameters !== undefined) expect(row.parameters).toBeLessThan(parameters);
      if (minutes !== undefined && quiet(row)) expect(row.minutes).toBeLessThanOrEqual(minutes);
    });
  }
}

/** Three for what takes under ten minutes, one for the rest. */
const [three, one] = [[1, 2, 3], [1]];
/** IDX files have no class names, so that nobody but the person knows that clothes may be mirrored. */
const clothes = ['--augment', 'flip,crop:2'];

describeWithData('cifar10/cifar10-full-jpg.tar.gz', 'CIFAR-10, the full set of JPEG files', (archive) => {
  const place = join(folder, 'cifar');
  beforeAll(() => {
    mkdirSync(place);
    unpack(archive, place);
  });
  reaches('CIFAR-10 quick', [place, '--recipe', 'quick'], { accuracy: 0.8, minutes: 6, seeds: three });
  reaches('CIFAR-10 standard', [place, '--recipe', 'standard'], { accuracy: 0.9, minutes: 60, seeds: one });
});

describeWithData('fashion-mnist', 'Fashion-MNIST', (data) => {
  const small = { accuracy: 0.925, parameters: 100_000, seeds: three };
  reaches('Fashion-MNIST standard', [data, '--recipe', 'standard', ...clothes], small);
  const best = [data, '--recipe', 'best', '--augment', 'flip,crop:2,erase:0.25'];
  reaches('Fashion-MNIST best', best, { accuracy: 0.94, seeds: one });
});

describeWithData('mnist', 'MNIST', (data) => {
  reaches('MNIST best', [data, '--recipe', 'best'], { accuracy: 0.995, seeds: one });
});

afterAll(() => {
  if (rows.length === 0) return;
  const machine = `${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node ${process.version}`;
  const date = new Date().toISOString().slice(0, 10);
  const out = join(root, 'bench', 'runs', `${date}-recipes`);
  mkdirSync(out, { recursive: true });
  const file = join(out, 'recipes.json');
  // A part that is run again (`-t MNIST`) replaces what it has measured.
  const before: Row[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : [];
  const kept = before.filter(({ name, seed }) => !rows.some((row) => row.name === name && row.seed === seed));
  writeFileSync(file, `${JSON.stringify({ date, machine, rows: [...kept, ...rows] }, null, 2)}\n`);
  console.log(machine);
  for (const name of new Set(rows.map((row) => row.name))) {
    const of = rows.filter((row) => row.name === name);
    const mean = of.reduce((sum, { accuracy }) => sum + accuracy, 0) / of.length;
    const spread = Math.sqrt(
      of.reduce((sum, { accuracy }) => sum + (accuracy - mean) ** 2, 0) / Math.max(1, of.length - 1),
    );
    const times = of.map(({ minutes, load }) => `${minutes.toFixed(1)} min (load ${load.toFixed(1)})`).join(', ');
    const rate = Math.round(Math.max(...of.map(({ imagesPerSecond }) => imagesPerSecond)));
    console.log(
      `${name}: ${(100 * mean).toFixed(2)} % ± ${(100 * spread).toFixed(2)} over ${of.length}; ${of[0].parameters} parameters; ${times}; up to ${rate} pictures/s`,
    );
  }
});
