import type { BenchReport } from '../../core/workbench/bench/bench.ts';
import { benchPasses, type KernelFigure } from '../../core/workbench/bench/kernels.ts';
import { type CommandDefinition, number } from '../command.ts';
import { count, percent } from '../terminal/numbers.ts';
import { createProgressLine } from '../terminal/progress.ts';
import { type Column, table, wrap } from '../terminal/table.ts';
import { painter, type Terminal } from '../terminal/terminal.ts';
import { modelNames, nameFrom, seedOption, threadsOption, turboOption } from './shared.ts';

export const bench: CommandDefinition = {
  name: 'bench',
  group: 'measuring',
  doc: 'Measures what this machine does: its SIMD peak, each kernel, pictures a second of each model, threads.',
  arguments: [],
  options: [
    { flags: '--seconds <s>', doc: 'how long to measure, about (default 25)', parse: number({ above: 0 }, '25') },
    { flags: '--preset <name>', doc: `one model only, of ${modelNames.join(', ')}`, parse: nameFrom(modelNames) },
    threadsOption,
    turboOption,
    seedOption,
  ],
  examples: [
    ['fovea bench', 'everything, in under a minute'],
    ['fovea bench --preset resnet20 --seconds 10 --json', 'one model, as JSON'],
  ],

  async run({ workbench, terminal, signal }, _args, { threads, seconds, preset }) {
    const line = createProgressLine(terminal, () => performance.now());
    const request = {
      threads: threads as number | undefined,
      seconds: seconds as number | undefined,
      preset: preset as string | undefined,
    };
    const onProgress = (what: string, share: number): void => line.show('Measuring', share, undefined, what);
    const report = await workbench.bench(request, { signal, onProgress }).finally(line.clear);
    print(terminal, report);
    return { json: report };
  },
};

const right = (title: string): Column => ({ title, align: 'right' });
const rate = (value: number): string => (value >= 99.5 ? count(value) : value.toPrecision(3));

function print(terminal: Terminal, report: BenchReport): void {
  const paint = painter(terminal);
  const { environment, threads, peak, presets, scaling } = report;
  const show = (title: string, columns: readonly Column[], rows: readonly (readonly string[])[]): void => {
    terminal.out('');
    terminal.out(paint('strong', title));
    for (const line of table(columns, rows)) terminal.out(line);
  };
  const say = (text: string): void => {
    for (const line of wrap(text, terminal.columns - 2)) terminal.out(line);
  };
  terminal.out(
    Object.values(environment)
      .filter((value) => typeof value === 'string')
      .join(' · '),
  );
  say(
    `Peak of multiplying and adding in 128 bits: ${rate(peak.oneThread)} GFLOP/s with one thread, ${rate(peak.allThreads)} with ${threads} (${rate(peak.allThreads / threads)} each).`,
  );

  show(
    'Kernels: GFLOP/s, and share of the peak',
    [{ title: 'layer' }, { title: 'sums' }, right('forward'), right('input gradient'), right('weight gradient')],
    kernelRows(report.kernels),
  );
  say(
    'Operations are counted as plain sums need them; Winograd computes fewer for the same result, so that it can pass the peak.',
  );

  show(
    'Models: pictures a second',
    [
      { title: 'model' },
      right('pictures of'),
      right('batch'),
      right('training'),
      right('inference'),
      right('one picture'),
    ],
    presets.map((figure) => [
      figure.preset,
      figure.input.join('x'),
      String(figure.batch),
      count(figure.trainingImagesPerSecond),
      count(figure.inferenceImagesPerSecond),
      `${figure.onePictureMilliseconds.toPrecision(2)} ms`,
    ]),
  );

  show(
    `Threads: ${scaling.preset}`,
    [right('threads'), right('peak GFLOP/s'), right('training'), right('of one thread')],
    scaling.figures.map((figure) => [
      String(figure.threads),
      rate(figure.peak),
      count(figure.trainingImagesPerSecond),
      `${figure.speedup.toFixed(2)}x`,
    ]),
  );
  terminal.out('');
  say(
    'Medians of runs that alternate. On a machine that others use too, all figures vary from minute to minute: compare shares and ratios of one report, not figures of two.',
  );
}

/** One row for each layer and way of summing, one column for each pass. */
function kernelRows(kernels: readonly KernelFigure[]): string[][] {
  const rows = new Map<string, string[]>();
  for (const { layer, method, pass, gflops, share } of kernels) {
    const key = `${layer} ${method}`;
    const row = rows.get(key) ?? [layer, method, ...benchPasses.map(() => '')];
    row[2 + benchPasses.indexOf(pass)] = `${rate(gflops).padStart(5)} ${percent(share, 0).padStart(6)}`;
    rows.set(key, row);
  }
  return [...rows.values()];
}
