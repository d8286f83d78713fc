/**
 * How fast `fovea serve` is beside onnxruntime-node behind the same routes, what ten minutes of three times its capacity
 * do to it, and 10,000 damaged requests. FOVEA_OVERLOAD_MINUTES shortens the second; FOVEA_ONNXRUNTIME names the folder
 * with onnxruntime-node (default tests/export).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeClassifier } from '../../src/core/classifier/file.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { RandomStream } from '../../src/core/random.ts';
import { sampleClassifier } from '../export/sample-classifier.ts';
import { type Answered, damage, rightStatuses, sampleRequests, send } from '../serving/hostile-requests.ts';
import { asPng, digitPictures } from '../serving/setup.ts';
import { temporaryFolder } from '../test-data.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const runtime = process.env.FOVEA_ONNXRUNTIME ?? join(root, 'tests/export');
const folder = temporaryFolder();
const picture = join(folder, 'picture.png');
const models = ['mnist-cnn', 'resnet20'] as const;
const running: ChildProcess[] = [];

beforeAll(async () => {
  const [png] = await asPng(digitPictures(1));
  writeFileSync(picture, png);
  for (const name of models) {
    const input: [number, number, number] = name === 'mnist-cnn' ? [28, 28, 1] : [32, 32, 3];
    const classifier = await sampleClassifier(buildPreset(name, { input, classes: 10 }));
    writeFileSync(join(folder, `${name}.safetensors`), writeClassifier(classifier));
  }
});
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

interface Served {
  readonly port: number;
  readonly pid: number;
  end(): Promise<number | null>;
}

async function serve(args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [main, 'serve', ...args, '--port', '0'], {
    cwd: folder,
    env: { ...process.env, FOVEA_ONNXRUNTIME: runtime, NO_COLOR: '1' },
  });
  running.push(child);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    const read = (data: Buffer): void => {
      text += data;
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
      if (found) resolve(Number(found[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('close', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });
  return {
    port,
    pid: child.pid!,
    end() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

interface Load {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly lost: number;
}

/** Asks for so many seconds, from a process of its own. */
async function load(port: number, model: string, connections: number, seconds: number): Promise<Load> {
  const child = spawn(process.execPath, [
    join(root, 'tests/serving/load.mjs'),
    ...[picture, `http://127.0.0.1:${port}/v1/models/${model}:classify`, String(connections), String(seconds)],
  ]);
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const told = JSON.parse(text);
  const statuses = Object.fromEntries(
    Object.entries(told.statusCodeStats as Record<string, { count: number }>).map(([status, { count }]) => [
      status,
      count,
    ]),
  );
  return {
    rate: (statuses[200] ?? 0) / told.duration,
    p50: told.latency.p50,
    p99: told.latency.p99,
    statuses,
    lost: told.errors + told.timeouts,
  };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

it.skipIf(!existsSync(join(runtime, 'node_modules/onnxruntime-node')))(
  'answers at least 0.6 times as many requests as onnxruntime-node behind the same routes',
  async () => {
    const lines: string[] = [];
    const short: string[] = [];
    for (const model of models) {
      const ours = await serve([`${model}.safetensors`]);
      const theirs = await serve([`${model}.safetensors`, '--engine', 'onnx']);
      for (const connections of [1, 8, 64]) {
        const rounds: { ours: Load; theirs: Load }[] = [];
        for (let round = 0; round < 3; round++) {
          rounds.push({
            ours: await load(ours.port, model, connections, 4),
            theirs: await load(theirs.port, model, connections, 4),
          });
        }
        const ratio = median(rounds.map((round) => round.ours.rate / round.theirs.rate));
        const show = (side: 'ours' | 'theirs'): string => {
          const of = (field: 'rate' | 'p50' | 'p99'): number => median(rounds.map((round) => round[side][field]));
          return `${of('rate').toFixed(0)}/s, p50 ${of('p50')} ms, p99 ${of('p99')} ms`;
        };
        lines.push(
          `${model}, ${connections} connections: Fovea ${show('ours')}; onnxruntime ${show('theirs')}; ratio ${ratio.toFixed(2)}`,
        );
        if (ratio < 0.6) short.push(lines.at(-1)!);
      }
      await ours.end();
      await theirs.end();
    }
    console.log(lines.join('\n'));
    expect(short).toEqual([]);
  },
  600_000,
);

it('stands three times its capacity, loses nothing that it took, and its memory stays flat', async () => {
  const minutes = Number(process.env.FOVEA_OVERLOAD_MINUTES ?? 10);
  const server = await serve(['resnet20.safetensors', '--queue', '32']);
  const resident = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  // The queue takes 32; 96 clients ask for three times that all the time.
  const warm = await load(server.port, 'resnet20', 96, 10);
  const memory = [resident()];
  const told: Load[] = [];
  for (let part = 0; part < minutes * 2; part++) {
    told.push(await load(server.port, 'resnet20', 96, 30));
    memory.push(resident());
  }
  const sum = (status: number): number => told.reduce((total, { statuses }) => total + (statuses[status] ?? 0), 0);
  const others = new Set(told.flatMap(({ statuses }) => Object.keys(statuses)));
  console.log(
    `Overload for ${minutes} minutes: ${sum(200)} answered, ${sum(429)} told to come again, ${told.reduce((total, { lost }) => total + lost, 0)} lost; ${warm.rate.toFixed(0)}/s at first, ${told.at(-1)?.rate.toFixed(0)}/s at the end; resident MiB ${memory.map((one) => one.toFixed(0)).join(' ')}`,
  );
  expect([...others].sort()).toEqual(['200', '429']);
  expect(told.every(({ lost }) => lost === 0)).toBe(true);
  expect(Math.max(...memory.slice(memory.length >> 1))).toBeLessThan(1.2 * Math.max(...memory.slice(0, 3)));
  expect(await server.end()).toBe(0);
}, 1_200_000);

it('answers 10,000 damaged requests, each with a status that fits', async () => {
  const server = await serve(['mnist-cnn.safetensors', '--timeout', '2']);
  const random = new RandomStream(21, 'sample');
  const requests = sampleRequests('/v1/models/mnist-cnn:classify', readFileSync(picture));
  const counts = new Map<Answered, number>();
  for (let done = 0; done < 10_000; done += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(server.port, damage(requests, random))));
    for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  console.log(`Damaged requests: ${[...counts].map(([answer, count]) => `${answer}: ${count}`).join(', ')}`);
  expect([...counts.keys()].filter((answer) => !rightStatuses.includes(answer))).toEqual([]);
  expect(await server.end()).toBe(0);
}, 600_000);
