import type { SweepOutcome, SweepRequest, SweptSetting, Trial } from '../../core/workbench/sweep.ts';
import { parseDimensions, type SweepMetric, sweepMetrics } from '../../core/workbench/sweep-plan.ts';
import { nodeAdapters } from '../../node/adapters.ts';
import { type CommandContext, type CommandDefinition, number, parseSize, UsageError, wholeNumber } from '../command.ts';
import { fittingTable } from '../terminal/fitting-table.ts';
import { loss, percent, plural } from '../terminal/numbers.ts';
import { createProgressLine } from '../terminal/progress.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { augmentOption } from './augment-option.ts';
import { optimizerOption, recipeOption, recipeOptions, recipeRequestOf } from './recipe-options.ts';
import {
  dataOf,
  limitOptions,
  modelNames,
  nameFrom,
  projectOf,
  projectOption,
  seedOption,
  shellWord,
} from './shared.ts';

export const sweep: CommandDefinition = {
  name: 'sweep',
  group: 'training',
  doc: 'Trains many settings of a recipe, several at a time, and says which did best.',
  arguments: [{ name: '[data]', doc: 'as for fovea train; within a project its own' }],
  options: [
    { flags: '--grid <fields>', doc: "every combination, such as 'lr=0.01,0.001;model=lenet5,mnist-cnn'" },
    {
      flags: '--random <fields>',
      doc: "drawn settings, such as 'lr=0.0001..0.1;batch=16..128;optimizer.weightDecay=linear:0..0.1'",
    },
    { flags: '--trials <n>', doc: 'settings to draw', parse: wholeNumber(1, 10_000) },
    { flags: '--plan <file>', doc: 'a JSON file with method, dimensions and the rest, as sweep.json holds it' },
    {
      flags: '--seeds <n>',
      doc: 'runs of each setting, each with another seed (default 1)',
      parse: wholeNumber(1, 100),
    },
    {
      flags: '--halving <n>',
      doc: 'successive halving: train all for a few epochs, one of n for n times as many, and so on; needs --epochs',
      parse: wholeNumber(2, 100),
    },
    {
      flags: '--metric <name>',
      doc: `what decides: ${sweepMetrics.join(' (default), ')}`,
      parse: nameFrom(sweepMetrics),
    },
    {
      flags: '--jobs <n>',
      doc: 'runs at a time; never changes a result (default: the cores)',
      parse: wholeNumber(1, 64),
    },
    { flags: '--model <name>', doc: `for all runs: one of ${modelNames.join(', ')}`, parse: nameFrom(modelNames) },
    { flags: '--epochs <n>', doc: 'for all runs', parse: wholeNumber(1) },
    { flags: '--batch <n>', doc: 'for all runs: pictures a step', parse: wholeNumber(1) },
    { flags: '--lr <rate>', doc: 'for all runs', parse: number({ above: 0 }, '0.001') },
    recipeOption,
    optimizerOption,
    ...recipeOptions,
    { flags: '--val <share>', doc: 'as for fovea train', parse: number({ above: 0, below: 1 }, '0.1') },
    { flags: '--split <file>', doc: 'as for fovea train; with it all seeds validate on the same pictures' },
    { flags: '--size <size>', doc: 'as for fovea train', parse: parseSize },
    augmentOption,
    { flags: '--out <folder>', doc: "the sweep's folder (default sweeps/<data>-<n>, within a project in its folder)" },
    { flags: '--resume <sweep>', doc: 'go on with this sweep instead' },
    { flags: '--html <file>', doc: 'write one page with the settings as parallel coordinates' },
    projectOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ["fovea sweep digits --grid 'lr=0.01,0.001;model=lenet5,mnist-cnn' --epochs 2", 'four runs'],
    ["fovea sweep photos --random 'lr=0.0001..0.1' --trials 27 --halving 3 --epochs 27", 'mostly short runs'],
    ['fovea sweep --resume sweeps/photos-1', 'goes on where it stopped'],
  ],
  stopping: 'Ending the steps and saving',

  async run(context, [data], given) {
    const { workbench, terminal, signal } = context;
    const { jobs, resume, html } = given as { jobs?: number; resume?: string; html?: string };
    const project = await projectOf(context, given.project);
    const request = resume === undefined ? await newSweep(dataOf(data, project, 'sweep'), given) : { resume };
    if (resume !== undefined && data !== undefined)
      throw new UsageError(
        `A sweep goes on with its own data, so '${data}' cannot be given with --resume`,
        'Leave it out',
      );
    const line = createProgressLine(terminal, () => performance.now());
    const outcome = await workbench
      .sweep(
        { ...request, project, jobs },
        {
          signal,
          onEvent(event) {
            if (event.kind === 'note') terminal.out(harmless(event.text));
          },
          onTrial(trial, setting, { done, total }) {
            line.clear();
            terminal.out(harmless(trialLine(trial, setting.values)));
            line.show('Sweep', done / total, undefined, `${done} of ${plural(total, 'run')}`);
          },
        },
      )
      .finally(line.clear);
    print(context, outcome);
    if (html !== undefined) {
      const { sweepPage } = await import('../report/sweep-page.ts');
      await nodeAdapters.storage.write(html, await sweepPage(outcome));
      terminal.out(`The page: ${harmless(html)}`);
    }
    const interrupted = outcome.status === 'interrupted';
    return { json: outcome, exitCode: interrupted ? 1 : 0 };
  },
};

async function newSweep(data: string | undefined, given: Readonly<Record<string, unknown>>): Promise<SweepRequest> {
  const {
    grid,
    random,
    plan: file,
    trials,
    seeds,
    seed,
    halving,
    metric,
    out,
    ...rest
  } = given as Record<string, string | undefined>;
  const ways = [grid, random, file].filter((one) => one !== undefined);
  if (ways.length !== 1)
    throw new UsageError(
      `Expected one of --grid, --random and --plan but received ${ways.length === 0 ? 'none' : 'several'}`,
      "Such as --grid 'lr=0.01,0.001'",
    );
  const {
    lr,
    augment,
    json: _,
    jobs: __,
    html: ___,
    resume: ____,
    project: _____,
    ...same
  } = recipeRequestOf(rest) as Record<string, never>;
  const base = { ...same, learningRate: lr, augmentation: augment };
  const named = { trials, seeds, seed, halving, metric: metric as SweepMetric | undefined } as unknown as Partial<
    NonNullable<SweepRequest['plan']>
  >;
  const defined = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  if (file !== undefined) {
    const text = new TextDecoder().decode(await nodeAdapters.storage.read(file));
    return { data, out, base, plan: { ...parsePlan(text, file), ...defined } };
  }
  const method = grid === undefined ? 'random' : 'grid';
  return { data, out, base, plan: { method, dimensions: parseDimensions((grid ?? random) as string), ...defined } };
}

function parsePlan(text: string, file: string): NonNullable<SweepRequest['plan']> {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`Expected JSON for --plan but received '${file}', which is none`);
  }
}

const values = (of: Readonly<Record<string, unknown>>): string =>
  Object.entries(of)
    .map(([field, value]) => `${field}=${cell(value)}`)
    .join('  ');

const cell = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function trialLine({ run, best, epochs, status, error }: Trial, of: Readonly<Record<string, unknown>>): string {
  const what = `${run}  ${values(of)}`;
  if (status === 'failed') return `${what}  failed: ${error ?? 'see its run.json'}`;
  if (!best) return `${what}  no epoch yet`;
  return `${what}  val loss ${loss(best.valLoss)}, val acc. ${percent(best.valAccuracy)} after ${plural(epochs, 'epoch')}`;
}

function print({ terminal }: CommandContext, { settings, plan, sweep: folder, status, rungs }: SweepOutcome): void {
  const paint = painter(terminal);
  const right = 'right' as const;
  const fields = plan.dimensions.map(({ field }) => field);
  const several = plan.seeds > 1;
  const titles = [
    { title: 'setting' },
    ...fields.map((title, i) => ({ title, limit: 24, ...(i > 2 ? { spare: i } : {}) })),
    { title: 'epochs', align: right },
    { title: several ? `${plan.metric}, mean` : plan.metric, align: right },
    ...(several ? [{ title: '± sd', align: right, spare: 1 }] : []),
  ];
  const number = (value: number): string => (plan.metric === 'valLoss' ? loss(value) : percent(value, 2));
  const rows = settings.map(({ id, values: of, trials, mean, deviation }) => [
    id,
    ...fields.map((field) => harmless(cell(of[field]))),
    String(Math.max(...trials.map(({ epochs }) => epochs))),
    mean === undefined
      ? trials.some((trial) => trial.status === 'failed')
        ? paint('bad', 'failed')
        : '–'
      : number(mean),
    ...(several ? [number(deviation)] : []),
  ]);
  terminal.out('');
  for (const line of fittingTable(titles, rows, terminal.columns)) terminal.out(line);
  terminal.out('');
  if (rungs.length > 1) terminal.out(`Rungs of successive halving: ${rungs.join(', ')} epochs.`);
  if (status === 'interrupted') {
    terminal.out('Interrupted; what is done is saved. Go on with:');
    terminal.out(`  ${paint('strong', harmless(`npx fovea sweep --resume ${shellWord(folder)}`))}`);
    return;
  }
  printBest(terminal, settings, folder, paint);
}

function printBest(
  terminal: CommandContext['terminal'],
  settings: readonly SweptSetting[],
  folder: string,
  paint: ReturnType<typeof painter>,
): void {
  const [best, second] = settings;
  if (best.mean === undefined) return;
  terminal.out(
    `Best: ${paint('strong', best.id)}, ${harmless(values(best.values))}. Everything lies in ${harmless(folder)}.`,
  );
  const words =
    settings.length > 1
      ? `It is the best of ${settings.length} by its val pictures, so its numbers flatter; whether it is better than the next one:`
      : '';
  for (const line of wrap(words, terminal.columns - 2)) if (line !== '') terminal.out(line);
  if (second?.mean !== undefined) {
    const runs = [best, second].flatMap(({ trials }) => trials.map(({ run }) => shellWord(run)));
    terminal.out(`  ${paint('strong', harmless(`npx fovea runs compare ${runs.join(' ')}`))}`);
  }
}
