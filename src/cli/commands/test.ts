import { FoveaError } from '../../core/errors.ts';
import { largestConfusions } from '../../core/evaluate/confusion.ts';
import type { TestOutcome } from '../../core/workbench/test.ts';
import { nodeAdapters } from '../../node/adapters.ts';
import { toldMeasures } from '../../report/measure-words.ts';
import { type CommandContext, type CommandDefinition, wholeNumber } from '../command.ts';
import { printFurther } from '../terminal/further-words.ts';
import { bytes, count, percent, plural } from '../terminal/numbers.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { writeReport } from './report.ts';
import {
  countProgress,
  limitOptions,
  projectOf,
  projectOption,
  seedOption,
  skippedLines,
  threadsOption,
  turboOption,
} from './shared.ts';

export const test: CommandDefinition = {
  name: 'test',
  group: 'testing',
  doc: 'Tests a run on the test pictures of its data, which training never saw, counts the look and writes a report.',
  arguments: [
    {
      name: '<runs...>',
      doc: "a run's folder, or a model's .safetensors or .onnx file; others are compared with the first",
    },
  ],
  options: [
    { flags: '--data <data>', doc: 'test on the test part of other data' },
    {
      flags: '--robustness',
      doc: 'also on shifted, turned, scaled, blurred, noisy, dark, compressed and covered pictures',
    },
    { flags: '--foreign <data>', doc: 'also tell how well pictures of another kind are noticed' },
    { flags: '--slices <file>', doc: 'a table (CSV) with a row a picture: accuracy by each of its columns' },
    {
      flags: '--resamples <n>',
      doc: 'how often pictures are drawn again for the intervals (default 1000; 0: none)',
      parse: wholeNumber(0),
    },
    { flags: '--html <file>', doc: "where the report is written (default: report.html in the run's folder)" },
    threadsOption,
    turboOption,
    projectOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea test runs/photos-vgg6-bn-1', 'accuracy with its interval, how each class does, and a report'],
    ['fovea test runs/a runs/b --robustness', 'two models on the same pictures, and on disturbed ones'],
    ['fovea test best.safetensors --data photos', 'tests a model file'],
  ],

  async run(context, [runs], { data, threads, resamples, robustness, foreign, slices, html, project: named }) {
    const project = await projectOf(context, named);
    const [run, ...others] = runs as string[];
    const reading = countProgress(context, 'Reading pictures');
    const testing = countProgress(context, 'Testing');
    const disturbing = countProgress(context, 'Testing disturbed pictures');
    const skipped: { origin: string; reason: string }[] = [];
    const notes: string[] = [];
    const outcome = await context.workbench
      .test(
        {
          run,
          others,
          data: data as string | undefined,
          threads: threads as number | undefined,
          resamples: resamples as number | undefined,
          robustness: robustness === true,
          foreign: foreign as string | undefined,
          slices: slices as string | undefined,
          project,
        },
        {
          signal: context.signal,
          onEvent(event) {
            if (event.kind === 'reading') reading.show(event.done, event.total);
            else if (event.kind === 'validate') testing.show(event.done, event.images);
            else if (event.kind === 'progress') disturbing.show(event.done, event.total);
            else if (event.kind === 'skipped') skipped.push(event);
            else if (event.kind === 'note') notes.push(event.text);
          },
        },
      )
      .finally(() => {
        for (const line of [reading, testing, disturbing]) line.clear();
      });
    for (const line of skippedLines(skipped)) context.terminal.out(line);
    printTest(context, outcome);
    printFurther(context, outcome);
    const { number, at } = outcome.look;
    context.terminal.out('');
    const sentence = `Look number ${number} at these test pictures (${at.slice(0, 10)}).${number > 1 ? ' The more looks a choice is made by, the less a test says: choose by val, test once.' : ''}`;
    for (const line of wrap(sentence, context.terminal.columns - 2)) context.terminal.out(line);
    for (const note of notes) context.terminal.out(harmless(note));
    const report = await reportOf(context, outcome, project, html as string | undefined);
    return {
      json: {
        ...outcome.measures,
        ...outcome,
        ...(skipped.length > 0 ? { skipped } : {}),
        ...(report ? { report } : {}),
      },
    };
  },
};

/** A run gets its report; a model's file only where one is asked for, since it has no folder of its own. */
async function reportOf(
  context: CommandContext,
  outcome: TestOutcome,
  project: string | undefined,
  html: string | undefined,
): Promise<string | undefined> {
  const { storage } = nodeAdapters;
  if (html === undefined && (await storage.kind(outcome.run)) !== 'folder') return undefined;
  try {
    const { file, bytes: size } = await writeReport(context, { run: outcome.run, test: outcome, project }, html);
    context.terminal.out(`The report: ${harmless(file)} (${bytes(size)})`);
    return file;
  } catch (error) {
    // A test that was made is told, whatever becomes of the page about it; a page that was asked for must be written.
    if (!(error instanceof FoveaError) || html !== undefined) throw error;
    context.terminal.out(harmless(`The report could not be written. ${error.message}`));
    return undefined;
  }
}

/** Accuracy first; then what else is one number; then the classes; then what is taken for what. */
export function printTest({ terminal }: Pick<CommandContext, 'terminal'>, outcome: TestOutcome): void {
  const { accuracy, interval, images, classes, confusion, measures } = outcome;
  const paint = painter(terminal);
  const [low, high] = interval.map((share) => percent(share));
  terminal.out(
    `Test accuracy ${paint('strong', percent(accuracy, 2))} on ${plural(images, 'picture')} (95 % interval ${low} to ${high}).`,
  );
  terminal.out('');
  for (const line of table(
    [{ title: 'figure' }, { title: 'value', align }, { title: '95 % interval', align }, { title: 'what it says' }],
    measureRows(outcome),
    terminal.columns,
  ))
    terminal.out(line);
  const { ece } = measures;
  if (ece !== undefined) {
    terminal.out('');
    for (const line of wrap(confidenceSentence(outcome, ece), terminal.columns - 2)) terminal.out(line);
  }
  terminal.out('');
  const rows = classes.map((one) => [
    harmless(one.class),
    count(one.support),
    percent(one.precision),
    percent(one.recall),
    one.support > 0 ? one.recallInterval.map((share) => percent(share)).join(' to ') : '',
    percent(one.f1),
  ]);
  const columns = [
    { title: 'class', limit: 40 },
    { title: 'pictures', align },
    { title: 'precision', align },
    { title: 'recall', align },
    { title: 'its interval', align },
    { title: 'F1', align },
  ];
  for (const line of table(columns, rows)) terminal.out(line);
  const confusions = largestConfusions(confusion, 5);
  if (confusions.length === 0) return;
  terminal.out('');
  terminal.out('Most often confused:');
  for (const { label, predicted, count: times } of confusions) {
    const [truth, guess] = [harmless(classes[label].class), harmless(classes[predicted].class)];
    terminal.out(`  ${truth} taken for ${guess}: ${times} of ${count(classes[label].support)}`);
  }
}

const align = 'right' as const;

/** The figures that a person reads first. */
const measureRows = (outcome: TestOutcome): string[][] =>
  toldMeasures(outcome).flatMap(({ title, value, interval, brief }) =>
    brief === undefined ? [] : [[title, value, interval, brief]],
  );

/** Whether it knows how sure it may be. */
function confidenceSentence({ reliability, accuracy }: TestOutcome, ece: number): string {
  const filled = reliability.filter(({ count: answers }) => answers > 0);
  const all = filled.reduce((sum, { count: answers }) => sum + answers, 0);
  const sureness = filled.reduce((sum, bin) => sum + (bin.count / all) * (bin.confidence ?? 0), 0);
  const said = `On average it gives its answers ${percent(sureness)}, and ${percent(accuracy)} of them are right`;
  if (ece < 0.02 || Math.abs(sureness - accuracy) < 0.01) return `${said}.`;
  return `${said}: ${sureness > accuracy ? 'surer than it should be' : 'less sure than it could be'}.`;
}
